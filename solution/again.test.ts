import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { againCheck } from '../grader/instructor/authoring/check/again';
import { findingsOf } from '../grader/instructor/authoring/check/check';
import { loadCourse } from '../grader/instructor/course';
import { newOwnCourse, removeFolders } from '../grader/testing/folders';

afterAll(removeFolders);

/** What the check says of this worksheet with other sizes for what is asked again. */
async function found(given: string) {
  const root = newOwnCourse();
  const file = path.join(root, 'rubric.yaml');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace('given: { model: Pythia-1B, tokens: 60 }', `given: ${given}`);
  expect(changed.includes(`given: ${given}`)).toBe(true);
  writeFileSync(file, changed);
  return (await findingsOf(againCheck, loadCourse(root, false), '')).map(({ code }) => code);
}

test('this worksheet asks its rows again at sizes that share no answer with it, and tell every idea apart', async () => {
  expect(await found('{ model: Pythia-1B, tokens: 60 }')).toEqual([]);
});

test.each([
  ['the same number of tokens', '{ model: Pythia-1B, tokens: 100 }', 'again-answer-elsewhere'],
  ['heads of the same width', '{ model: { width: 1280, heads: 10 }, tokens: 60 }', 'again-answer-elsewhere'],
  ['two ideas with one value', '{ model: { width: 60, heads: 4 }, tokens: 60 }', 'again-ideas-merged'],
])('%s would be unfair, and fails', async (_name, given, code) => {
  expect(await found(given)).toContain(code);
});
