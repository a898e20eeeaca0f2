import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { ReportSchema } from '../../grading/report.schema';
import { noKey } from '../../key/key';
import { packageRoot } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { answersOf, blankAnswers, notesOf, rightAnswers } from '../../testing/worksheet';
import { schemaFiles } from './generate';

test.each(Object.entries(schemaFiles))(
  '%s is what its TypeScript source says (else: npm run generate)',
  (file, text) => {
    const written = readFileSync(path.join(packageRoot, ...file.split('/')), 'utf8');
    expect(written).toBe(text);
  },
);

describe('every Report fits the published schema', () => {
  const validate = new Ajv({ strict: true }).compile(JSON.parse(JSON.stringify(ReportSchema)));

  test.each([
    ['full', rightAnswers, notesOf('a', 'b')],
    ['untouched', blankAnswers, notesOf()],
    [
      'partly wrong',
      answersOf('{ down: 7, across: 24 }', '{ down: "\u001b[2J", across: f() }'),
      notesOf('pear pear pear'),
    ],
    ['transposed', answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }'), notesOf()],
    ['unreadable', '<<<<<<< HEAD', ''],
    [
      'misspelt',
      'export const boxes = { baskets: { down: 1 }, Crate: { downs: 2 }, other: 3 };',
      '# nothing',
    ],
  ])('%s', async (_name, answers, notes) => {
    for (const key of [undefined, noKey]) {
      const graded = JSON.parse(JSON.stringify(await gradeTexts(answers, notes, key)));
      validate(graded);
      expect(validate.errors).toBeNull();
    }
  });

  test('and what is no Report does not', async () => {
    const graded = await gradeTexts(rightAnswers);
    expect(validate({ ...graded, points: 1.5 })).toBe(false);
    expect(validate({ ...graded, expected: {} })).toBe(false);
  });
});
