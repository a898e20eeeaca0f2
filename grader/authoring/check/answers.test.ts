import { loadCourse } from '../../course';
import { newCourse, removeFolders, writeFiles } from '../../testing/folders';
import { findingsOf } from './check';
import { kindsOfAnswersCheck } from './key';
import { lawsCheck } from './laws';
import { memoryDigest } from './memory';

afterAll(removeFolders);

/** A course with one column, and the values that `derive` returns for rows a, b and c. */
function courseOf(
  column: string,
  rights: readonly unknown[],
  more: Readonly<Record<string, string>> = {},
): string {
  const ids = ['a', 'b', 'c'].slice(0, rights.length);
  const table = Object.fromEntries(ids.map((id, index) => [id, { it: rights[index] }]));
  return newCourse({
    'rubric.yaml': `title: One column
file: work/a.ts
tables:
- export: t
  points: 1
  rows: [${ids.map((id) => `{ id: ${id}, label: Row ${id} }`).join(', ')}]
  columns: [{ id: it, label: It, ${column} }]
`,
    'solution/index.ts': `
      const table = ${JSON.stringify(table)};
      export const derive = () => table;
      export const measure = () => table;
      export const misconceptions = () => ${more.misconceptions ?? '[]'};
    `,
    ...(more.shared !== undefined && { 'shared/it.ts': more.shared }),
  });
}

const found = async (root: string) =>
  (await findingsOf(kindsOfAnswersCheck, loadCourse(root), '')).map(({ kind, text }) => `${kind}: ${text}`);

test('a choice is noted where the students’ copy has a key, with what to do', async () => {
  expect(await found(courseOf('kind: choice, options: [yes!, no!]', ['yes!', 'no!']))).toEqual([
    'note: Row a · it: it has 2 options, and a student who tries them all finds the right one (and 1 more cell like it). No sealed key can protect that. If it matters, write self_check: form in rubric.yaml: then only you mark answers.',
  ]);
});

test('an option that none of many cells wants is noted, and one of few cells is not', async () => {
  const options = 'kind: choice, options: [up, down, round]';
  expect((await found(courseOf(options, ['up', 'down', 'up'])))[1]).toBe(
    'note: The option round is right in none of the 3 cells that have them. Take out what is not meant.',
  );
  expect(await found(courseOf(options, ['up', 'down']))).toHaveLength(1);
});

test('a text that is right must not stand where students read it, in whatever letters', async () => {
  const column = (ask: string) => `kind: text, ask: "${ask}"`;
  expect(await found(courseOf(column('Which star, do you think?'), ['fruit', 'star-fruit']))).toEqual([]);
  expect(await found(courseOf(column('Is it no FRUIT?'), ['star', ['apple', 'fruit']]))).toEqual([
    'failed: Row b · it: “fruit” is the right answer, but students can read it in a label, a question or a hint. Reword that.',
  ]);
  const hint = "[{ id: 'x', row: 'a', values: { it: 'pear' }, text: 'Think of an apple.' }]";
  expect(await found(courseOf('kind: text', ['apple'], { misconceptions: hint }))).toHaveLength(1);
});

test('a tolerance that takes what is right in another row is noted', async () => {
  expect(await found(courseOf('kind: decimal, tolerance: 3', [10, 12, 90]))).toEqual([
    'note: The tolerance of Row a · it also takes what is right for Row b · it. Write a smaller one if that is not meant.',
    'note: The tolerance of Row b · it also takes what is right for Row a · it. Write a smaller one if that is not meant.',
  ]);
  expect(await found(courseOf('kind: decimal, tolerance: 1', [10, 12, 90]))).toEqual([]);
});

test('a tolerance in percent where zero is right is refused, and so is one that takes nearly everything', () => {
  expect(() => loadCourse(courseOf('kind: decimal, tolerance: 2%', [0, 1]))).toThrow(
    'derive gives 0 for row a, column it: nothing but 0 is within a part of 0; write the tolerance as a number.',
  );
  expect(() => loadCourse(courseOf('kind: decimal, tolerance: 60%', [1]))).toThrow(
    'tolerance is 60%; write at most 50%.',
  );
});

test('what passed is forgotten when any file of the course changes', () => {
  const root = courseOf('kind: count', [3], { shared: 'export const it = 3;\n' });
  const before = memoryDigest(root);
  expect(before).toBeDefined();
  writeFiles(root, { 'shared/it.ts': 'export const it = 4;\n' });
  expect(memoryDigest(root)).not.toBe(before);
  writeFiles(root, { 'shared/it.ts': 'export const it = 3;\n', 'dist/x.txt': 'made anew' });
  expect(memoryDigest(root)).toBe(before);
});

describe('laws', () => {
  const course = (law: string) =>
    newCourse({
      'rubric.yaml': `title: Laws
given: { size: 5 }
file: work/a.ts
tables:
- { export: t, points: 1, rows: [{ id: a, label: A }, { id: b, label: B }, { id: c, label: C }], columns: [{ id: it, label: It }] }
laws:
  - { law: ${law}, because: So it is. }
`,
      'solution/index.ts': `
        export const derive = ({ size }: { size: number }) => ({ a: { it: size }, b: { it: 2 * size }, c: { it: size === 5 ? 10 : size } });
        export const measure = derive;
        export const misconceptions = () => [];
      `,
    });
  const said = async (law: string) =>
    (await findingsOf(lawsCheck, loadCourse(course(law)), '')).map(({ kind, text }) => `${kind}: ${text}`);

  test('one that holds at every size is told with what copying across it would earn', async () => {
    expect(await said('b.it = 2 * a.it')).toEqual([
      'note: A student with only A right who copies across the laws gets 1 of 3 cells.',
    ]);
  });

  test('one that holds by chance at these sizes is refused, with the sizes where it does not', async () => {
    expect(await said('b.it = c.it')).toEqual([
      'failed: rubric.yaml: the law b.it = c.it does not hold where size is 6: its sides are 12 and 6. Correct it, or remove it.',
    ]);
  });
});
