/** The answer key of this worksheet, in the form that the grader expects. */
export { derive } from './derive';
export { explanations } from './explanations';
export { misconceptions } from './misconceptions';
export { handoutFacts } from './model';
export { quantities } from './quantities';
export { measure } from './run-layer';
