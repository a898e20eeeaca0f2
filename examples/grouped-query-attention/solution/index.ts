/** The answer key of this worksheet, as the grader asks for it. */
export { derive } from './derive';
export { explanations } from './explanations';
export { misconceptions } from './misconceptions';
export { handoutFacts } from './model';
export { quantities } from './quantities';
export { measure } from './run-layer';
