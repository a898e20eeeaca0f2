/**
 * The answer key of this worksheet, as the grader asks for it. The grader loads this file by its
 * path and knows nothing else of this folder.
 *
 * - `derive(given)`: the expected table, derived on paper.
 * - `measure(given)`: the same table, measured on a head that really runs.
 * - `misconceptions(given)`: known wrong answers, and what to say about each.
 * - `quantities(given)`: what the numbers of the worksheet are.
 * - `explanations(given)`: why each row is as it is, for whoever has it right.
 * - `handoutFacts(given)`: what `handout.md` refers to by name.
 */
export { derive } from './derive';
export { explanations } from './explanations';
export { misconceptions } from './misconceptions';
export { handoutFacts } from './model';
export { quantities } from './quantities';
export { measure } from './runHead';
