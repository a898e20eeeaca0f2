import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { fairness, findingsOf } from '../grader/authoring/check/check';
import { type Course, loadCourse } from '../grader/course';
import { newOwnCourse, removeFolders } from '../grader/testing/folders';

afterAll(removeFolders);

/** What the check finds for this worksheet, with other sizes for the second table if given. */
async function found(sizes?: (course: Course) => Readonly<Record<string, unknown>>): Promise<string> {
  const root = newOwnCourse();
  if (sizes) {
    const file = path.join(root, 'rubric.yaml');
    const rubric = parseDocument(readFileSync(file, 'utf8'));
    rubric.setIn(['tables', 1, 'given'], sizes(loadCourse(root, false)));
    writeFileSync(file, String(rubric));
  }
  const course = loadCourse(root, false);
  return (await findingsOf(() => fairness(course))).map(({ text }) => text).join('\n');
}

test('this worksheet asks its rows again at sizes that share no answer with it, and tell every idea apart', async () => {
  expect(await found()).toBe('');
});

const heads = 10;
const widthOfHead = ({ solution }: Course) => Number(solution.handoutFacts.dHead);

test.each<[string, (course: Course) => Readonly<Record<string, unknown>>, string]>([
  [
    'the same number of tokens',
    ({ rubric }) => ({ ...rubric.tables[1]?.given, tokens: rubric.given.tokens }),
    'which is right in the worksheet too',
  ],
  [
    'heads of the same width',
    (course) => ({ ...course.rubric.tables[1]?.given, model: { width: heads * widthOfHead(course), heads } }),
    'which is right in the worksheet too',
  ],
  ['two ideas with one value', () => ({ model: { width: 60, heads: 4 }, tokens: 60 }), 'has one answer in'],
])('%s would be unfair, and other sizes are proposed', async (_name, sizes, says) => {
  const text = await found(sizes);
  expect(text).toContain(says);
  const [, proposal = ''] = /which are fair: (.*)$/m.exec(text) ?? [];
  expect(await found(() => JSON.parse(proposal))).toBe('');
});
