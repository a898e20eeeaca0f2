/**
 * The answer key of this worksheet, as the grader asks for it. The grader loads this file by its
 * path and knows nothing else of this folder.
 *
 * - `derive(given)`: the expected table, derived on paper.
 * - `observe(given)`: the same table, read off a head that has really run.
 * - `misconceptions(given)`: known wrong answers, and what to say about each.
 * - `stated(given)`: what the handout has to say in bold besides the facts of `rubric.yaml`.
 */
export { derive } from './derive';
export { misconceptions } from './misconceptions';
export { observe } from './observe';
export { stated } from './stated';
