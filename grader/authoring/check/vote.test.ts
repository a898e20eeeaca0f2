import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { courseFiles, rubricYaml } from '../../testing/worksheet';
import { findingsOf } from './check';
import { voteCheck } from './vote';

afterAll(removeFolders);

const allFruit =
  "{ id: 'all-fruit', row: 'basket', values: { down: apples, across: 3 * apples }, text: 'One?' }";
const turned = "{ id: 'turned', row: 'basket', values: { down: apples + 4, across: apples }, text: 'Two?' }";
const fixed = "{ id: 'fixed', row: 'basket', values: { down: apples, across: 60 }, text: 'Three?' }";

/** The finding codes for a course with a basket of `apples` by `apples + 4`. */
async function found(settings: string, ...misconceptions: string[]) {
  const root = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}${settings}`,
    'solution/index.ts': `
export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
export const measure = derive;
export const misconceptions = ({ apples }) => [${misconceptions.join(', ')}];
export const quantities = () => [];
`,
  });
  return (await findingsOf(voteCheck, loadCourse(root), '')).map(({ code }) => code);
}

test('a vote of sizes of its own, with wrong answers that hold each part of the right one, is let through', async () => {
  expect(await found('vote: { apples: 20 }\n', allFruit, turned)).toEqual([]);
});

test('names without other sizes are told', async () => {
  expect(await found('', allFruit, turned)).toEqual(['vote-without-sizes']);
});

test('sizes of the worksheet are told', async () => {
  expect(await found('vote: { apples: 7 }\n', allFruit, turned)).toContain('vote-sizes-used');
});

test('a row whose right answer has a part of its own is told', async () => {
  expect(await found('vote: { apples: 20 }\n', allFruit)).toEqual(['vote-row-not-asked']);
});

test('ideas that give one answer at those sizes, and not in the worksheet, are told', async () => {
  expect(await found('vote: { apples: 20 }\n', allFruit, turned, fixed)).toContain('vote-ideas-merged');
});
