import { readFileSync } from 'node:fs';
import path from 'node:path';
import { currentFolder, runName } from './artifacts';
import type { Run } from './grade';

/** One test per cell and per response; `setup.js` has graded them all already. */
describe('Worksheet', () => {
  const { tests } = JSON.parse(readFileSync(path.join(currentFolder(), runName), 'utf8')) as Run;
  for (const { title, failure } of tests) {
    test(title, () => {
      if (failure !== undefined) throw reason(failure);
    });
  }
});

/** An error without a stack: where the grader stands is of no use to a student. */
function reason(text: string): Error {
  const error = new Error(text);
  error.stack = text;
  return error;
}
