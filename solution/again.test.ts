import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { againCheck } from '../grader/authoring/check/again';
import { findingsOf } from '../grader/authoring/check/check';
import { type Course, loadCourse } from '../grader/course';
import { newOwnCourse, removeFolders } from '../grader/testing/folders';

afterAll(removeFolders);

/** The codes that the check finds for this worksheet, with other sizes for the `again` table if given. */
async function found(sizes?: (course: Course) => Readonly<Record<string, unknown>>) {
  const root = newOwnCourse();
  if (sizes) {
    const file = path.join(root, 'rubric.yaml');
    const rubric = parseDocument(readFileSync(file, 'utf8'));
    rubric.setIn(['tables', 1, 'given'], sizes(loadCourse(root, false)));
    writeFileSync(file, String(rubric));
  }
  return (await findingsOf(againCheck, loadCourse(root, false), '')).map(({ code }) => code);
}

test('this worksheet asks its rows again at sizes that share no answer with it, and tell every idea apart', async () => {
  expect(await found()).toEqual([]);
});

const heads = 10;
const widthOfHead = ({ solution }: Course) => Number(solution.handoutFacts.dHead);

test.each<[string, (course: Course) => Readonly<Record<string, unknown>>, string]>([
  [
    'the same number of tokens',
    ({ rubric }) => ({ ...rubric.tables[1]?.given, tokens: rubric.given.tokens }),
    'again-answer-elsewhere',
  ],
  [
    'heads of the same width',
    (course) => ({ ...course.rubric.tables[1]?.given, model: { width: heads * widthOfHead(course), heads } }),
    'again-answer-elsewhere',
  ],
  ['two ideas with one value', () => ({ model: { width: 60, heads: 4 }, tokens: 60 }), 'again-ideas-merged'],
])('%s would be unfair, and fails', async (_name, sizes, code) => {
  expect(await found(sizes)).toContain(code);
});
