// The exports that the grader needs: it loads this file, calls each function with `given` of rubric.yaml, and knows
// nothing else here.
export { derive } from './derive';
export { explanations } from './explanations';
export { handoutFacts } from './handout-facts';
export { measure } from './measure';
export { misconceptions } from './misconceptions';
export { quantities } from './quantities';
