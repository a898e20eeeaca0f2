import { loadCourse } from '../../course';
import { newCourse, removeFolders } from '../../testing/folders';
import { courseFiles, rubricYaml } from '../../testing/worksheet';
import { againCheck } from './again';
import { findingsOf } from './check';

afterAll(removeFolders);

const ideas = {
  allFruit: "{ id: 'all-fruit', row: 'basket', values: { down: apples, across: 3 * apples }, text: 'One?' }",
  fixed: "{ id: 'fixed', row: 'basket', values: { down: apples, across: 36 }, text: 'Two?' }",
  asWide: "{ id: 'as-wide', row: 'basket', values: { across: 16 }, text: 'Three?' }",
};

/** The finding codes for a course with a basket of `apples` by `apples + 4`, and a crate always three across. */
async function found(again: string, ...misconceptions: (keyof typeof ideas)[]) {
  const root = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}example: { apples: 9 }\nvote: [{ apples: 20 }]\nagain: ${again}\n`,
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
  expect(await found('{ given: { apples: 12 }, rows: [basket] }', 'allFruit')).toEqual([]);
});

test.each([
  ['the worksheet', '{ given: { apples: 7 }, rows: [basket] }'],
  ['another cell of the worksheet', '{ given: { apples: 11 }, rows: [basket] }'],
  ['the example', '{ given: { apples: 9 }, rows: [basket] }'],
  ['a vote', '{ given: { apples: 20 }, rows: [basket] }'],
])('a right answer that is right in %s too fails', async (_name, again) => {
  expect(await found(again, 'allFruit')).toContain('again-answer-elsewhere');
});

test('a cell whose answer is the same at whatever sizes is not counted, and named', async () => {
  expect(await found('{ given: { apples: 12 }, rows: [basket, crate] }', 'allFruit')).toEqual([
    'again-uncounted',
  ]);
});

test('an idea that gives what is right there fails', async () => {
  expect(await found('{ given: { apples: 12 }, rows: [basket] }', 'asWide')).toContain('again-idea-right');
});

test('ideas that give one answer there, and differ in the worksheet, fail', async () => {
  expect(await found('{ given: { apples: 12 }, rows: [basket] }', 'allFruit', 'fixed')).toContain(
    'again-ideas-merged',
  );
});

test('sizes that change no answer fail, also where there are no others to compare with', async () => {
  const root = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}again: { given: { brand: Other }, rows: [basket, crate] }\n`,
  });
  const codes = (await findingsOf(againCheck, loadCourse(root), '')).map(({ code }) => code);
  expect(codes).toContain('again-answer-elsewhere');
});

test('without rows it asks for the fewest in which every known idea shows', () => {
  const root = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}again: { given: { apples: 12 } }\n`,
  });
  const { rubric } = loadCourse(root);
  expect(rubric.again?.tables[0]?.rows.map(({ repeats }) => repeats)).toEqual(['basket', 'crate']);
});
