import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { courseFiles, rubricYaml } from '../../testing/worksheet';
import { findingsOf } from './check';
import { exampleCheck } from './example';

afterAll(removeFolders);

/** The findings for an example with a crate of this width, where 7, 11 and 13 are right. */
function found(across: number) {
  const root = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}example: { apples: 3 }\n`,
    'solution/index.ts': (courseFiles['solution/index.ts'] ?? '').replace(
      'derive = () => table',
      `derive = ({ apples }) => apples === 7 ? table : { basket: { down: 3, across: 5 }, crate: { down: 3, across: ${across} } }`,
    ),
  });
  return findingsOf(exampleCheck, loadCourse(root), '');
}

test('an example without a right number is let through', async () => {
  expect(await found(6)).toEqual([]);
});

test.each([13, 11])('an example that shows %d, which is right in some cell, is refused', async (across) => {
  expect((await found(across)).map(({ text }) => text)).toEqual([
    'rubric.yaml: the example has right answers of this worksheet at Crate · across. Choose other values, or remove the example.',
  ]);
});

test('a course without an example promises nothing', async () => {
  expect(await findingsOf(exampleCheck, loadCourse(newCourse(courseFiles)), '')).toEqual([]);
});
