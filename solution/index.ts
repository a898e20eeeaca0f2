/**
 * The answer key of this worksheet. The grader loads only this file of the folder, by its path.
 *
 * - `derive(given)`: the expected table, derived on paper.
 * - `measure(given)`: the same table, measured on a head that really runs.
 * - `misconceptions(given)`: known wrong answers, and what to say about each.
 * - `quantities(given)`: the meanings of the numbers in the worksheet.
 * - `explanations(given)`: why each row is right, for students who have it right.
 * - `handoutFacts(given)`: the facts that `handout.md` refers to by name.
 */
export { derive, explanations } from './derive';
export { misconceptions } from './misconceptions';
export { handoutFacts } from './model';
export { quantities } from './quantities';
export { measure } from './runHead';
