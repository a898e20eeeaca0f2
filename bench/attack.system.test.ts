import { readFileSync } from 'node:fs';
import path from 'node:path';
import { seal } from '../grader/authoring/release/seal';
import { loadCourse } from '../grader/course';
import { packageRoot } from '../grader/testing/folders';
import { guess, hmacTarget, numbersIn, sealedTarget, sha1Target } from './attack';

const { rubric, solution } = loadCourse(packageRoot);
/** Excludes the table at other sizes: its sizes are stated beside it, so it needs no guessing. */
const { again: _, ...worksheet } = solution;
const expected = new Map(
  solution.expected.flatMap((row) =>
    row.cells.map(({ id, value }): [string, number] => [`${row.id} ${id}`, Number(value)]),
  ),
);
const handout = numbersIn(readFileSync(path.join(packageRoot, 'assignment', 'README.md'), 'utf8'));

test('a script that guesses the handout’s own numbers finds every cell of a sealed key, as README says', async () => {
  const { found, guesses } = guess(sealedTarget(await seal(rubric, worksheet)), handout);
  expect(found).toEqual(expected);
  expect(guesses).toBeLessThan(expected.size * handout.length);
});

test('and of keys that hold hashes', () => {
  expect(guess(hmacTarget(solution.expected), handout).found).toEqual(expected);
  expect(guess(sha1Target(solution.expected), handout).found).toEqual(expected);
});

test('without the right number among the guesses nothing is found', async () => {
  const wrong = handout.filter((value) => ![...expected.values()].includes(value)).slice(0, 5);
  expect(wrong).toHaveLength(5);
  expect(guess(sealedTarget(await seal(rubric, worksheet)), wrong).found.size).toBe(0);
});
