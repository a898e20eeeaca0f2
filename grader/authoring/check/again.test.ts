import { loadCourse } from '../../course';
import { withAgain } from '../../testing/again';
import { newCourse, removeFolders } from '../../testing/folders';
import { courseFiles } from '../../testing/worksheet';
import { againCheck } from './again';
import { findingsOf } from './check';

afterAll(removeFolders);

const ideas = {
  allFruit: "{ id: 'all-fruit', row: 'basket', values: { down: apples, across: 3 * apples }, text: 'One?' }",
  fixed: "{ id: 'fixed', row: 'basket', values: { down: apples, across: 36 }, text: 'Two?' }",
  asWide: "{ id: 'as-wide', row: 'basket', values: { across: 16 }, text: 'Three?' }",
};

/** The finding codes for a course with a basket of `apples` by `apples + 4`, and a crate always three across. */
async function found(
  again: readonly [given: string, rows?: string],
  ...misconceptions: (keyof typeof ideas)[]
) {
  const root = newCourse({
    ...courseFiles,
    'rubric.yaml': `${withAgain(...again)}vote: { apples: 20 }\n`,
    'solution/index.ts': `
export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: 3 } });
export const measure = derive;
export const misconceptions = ({ apples }) => [${misconceptions.map((name) => ideas[name]).join(', ')}];
export const quantities = () => [];
`,
  });
  return (await findingsOf(againCheck, loadCourse(root), '')).map(({ code }) => code);
}

test('sizes that share no right answer with the others, and tell every idea apart, are let through', async () => {
  expect(await found(['{ apples: 12 }', '[basket]'], 'allFruit')).toEqual([]);
});

test.each<[string, [given: string, rows: string]]>([
  ['the worksheet', ['{ apples: 7 }', '[basket]']],
  ['another cell of the worksheet', ['{ apples: 11 }', '[basket]']],
  ['the vote', ['{ apples: 20 }', '[basket]']],
])('a right answer that is right in %s too fails', async (_name, again) => {
  expect(await found(again, 'allFruit')).toContain('again-answer-elsewhere');
});

test('a cell whose answer is the same at any sizes may be asked again', async () => {
  expect(await found(['{ apples: 12 }', '[basket, crate]'], 'allFruit')).toEqual([]);
});

test('a table of nothing but such cells fails', async () => {
  expect(await found(['{ brand: Other }', '[crate]'])).toContain('again-answer-elsewhere');
});

test('an idea that gives what is right there fails', async () => {
  expect(await found(['{ apples: 12 }', '[basket]'], 'asWide')).toContain('again-idea-right');
});

test('ideas that give one answer there, and differ in the worksheet, fail', async () => {
  expect(await found(['{ apples: 12 }', '[basket]'], 'allFruit', 'fixed')).toContain('again-ideas-merged');
});

test('sizes that change no answer fail, also where there are no others to compare with', async () => {
  const root = newCourse({
    ...courseFiles,
    'rubric.yaml': withAgain('{ brand: Other }'),
  });
  const codes = (await findingsOf(againCheck, loadCourse(root), '')).map(({ code }) => code);
  expect(codes).toContain('again-answer-elsewhere');
});
