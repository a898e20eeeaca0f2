import { noKey, plainKey } from '../key/key';
import { remarksOnTables, startedAgain } from '../render/status';
import { renderTerminal } from '../render/terminal';
import { testsOf } from '../render/tests';
import {
  againRubric,
  againSolution,
  rightAgain,
  rightFirst,
  twoTables,
  type WrittenRow,
} from '../testing/again';
import { gradeTexts } from '../testing/grade';
import { notesOf, rightAnswers } from '../testing/worksheet';
import { againPart } from './score';

const key = plainKey(againRubric, againSolution);

type Written = Parameters<typeof twoTables>[0];

function graded(first: Written, again?: Written) {
  return gradeTexts(twoTables(first, again), notesOf('a', 'b'), key, againRubric);
}

/** The outcomes of the table that repeats some rows at other sizes, row by row. */
async function outcomes(first: Written, again: Written): Promise<string[]> {
  const report = await graded(first, again);
  return againPart(report).rows.flatMap((row) => row.cells.map(({ outcome }) => outcome));
}

test('no cell of what is asked again has a mark before all of it is filled in, and then all have', async () => {
  expect(await outcomes(rightFirst, { basket: [12, 99] })).toEqual([
    'ungraded',
    'ungraded',
    'blank',
    'blank',
  ]);
  expect(await outcomes(rightFirst, { basket: [12, 99], crate: [12, 'twelve'] })).toEqual([
    'ungraded',
    'ungraded',
    'ungraded',
    'invalid',
  ]);
  expect(await outcomes(rightFirst, { basket: [12, 99], crate: [12, 18] })).toEqual([
    'correct',
    'wrong',
    'correct',
    'correct',
  ]);
});

test('before that nothing is said of it but what cannot be read: no idea, no quantity, no law', async () => {
  const report = await graded(rightFirst, { basket: [12, 40], crate: [11, 'twelve'] });
  const said = againPart(report).rows.flatMap(({ cells }) =>
    cells.flatMap(({ reason }) => reason?.code ?? []),
  );
  expect(report.tables[1]?.complete).toBe(false);
  expect(said).toEqual(['answers/unknown-name']);
});

test('once it is complete, a known idea is told at its own sizes', async () => {
  const report = await graded(rightFirst, { basket: [12, 40], crate: [12, 18] });
  const [basket] = againPart(report).rows;
  expect(basket?.cells.map(({ cause }) => cause?.name)).toEqual([undefined, 'all-fruit']);
});

test.each<[string, Written]>([
  ['blank', {}],
  ['begun', { basket: [12, 1] }],
  ['all wrong', { basket: [1, 2], crate: [3, 4] }],
  ['all right', rightAgain],
])('it gives and takes no point, whether it is %s', async (_name, again) => {
  const without = await gradeTexts(rightAnswers, notesOf('a', 'b'), key, againRubric);
  const report = await graded(rightFirst, again);
  const { points, possible, started, rows, tables, reflection, problems } = report;
  expect({ points, possible, started, problems }).toEqual({
    points: 10,
    possible: 10,
    started: true,
    problems: [],
  });
  expect([rows.map((row) => row.id), tables.length, reflection?.points]).toEqual([
    ['basket', 'crate', 'again.basket', 'again.crate'],
    2,
    6,
  ]);
  expect(testsOf(report).filter(({ failure }) => failure)).toEqual([]);
  expect(testsOf(report)).toHaveLength(testsOf(without).length);
});

test.each([
  ['its last brace is missing', (text: string) => text.replace(/\};\n$/, '')],
  ['a cell calls a function', (text: string) => text.replace('18', 'f(18)')],
  [
    'a row is there twice',
    (text: string) =>
      text.replace('  crate: { down: 12', '  basket: {},\n  basket: {},\n  crate: { down: 12'),
  ],
  ['it is no const', (text: string) => text.replace('export const again', 'export let again')],
  [
    'a name is declared again above it',
    (text: string) => `const n = 7;\n${text.replace('export const again', 'const n = 12;\n$&')}`,
  ],
  [
    'a line above it is no statement',
    (text: string) => text.replace('export const again', 'now the second\n$&'),
  ],
  ['a statement below it is not closed', (text: string) => `${text}const more = {\n`],
  ['a comment above it does not end', (text: string) => text.replace('export const again', '/* mine\n$&')],
  [
    'a text above it does not end, and nothing closes the first',
    (text: string) => text.replace(/;\nexport const again/, '\n"abc\nexport const again'),
  ],
  [
    'git left the marks of a conflict above it',
    (text: string) => text.replace(/;\nexport const again/, '\n<<<<<<< HEAD\nexport const again'),
  ],
  ['it exports a name that there is not', (text: string) => `${text}export { none };\n`],
])('where %s, what stands before it keeps its points', async (_name, spoil) => {
  const text = spoil(twoTables(rightFirst, rightAgain));
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ points: 10, state: 'read', problems: [{ table: 'again' }] });
  expect(renderTerminal(report, { hasColors: false })).toContain('10 of 10 points');
});

test.each<readonly [string, (text: string) => string]>([
  [
    'belongs to the first table',
    (text: string) => text.replace(/;\nexport const again/, '};\nexport const again'),
  ],
  [
    'gives the first table another value',
    (text: string) => text.replace(/;\nexport const again/, '\nin again;\nexport const again'),
  ],
  [
    'stands before the table, below a default that is right',
    () =>
      `export default { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };\nconst y = ;\n${twoTables({ basket: [1, 1], crate: [1, 1] }, rightAgain)}`,
  ],
  ...['/* abc', '"abc', '0x;', "'\\u{zz}'", '\u202e'].map(
    (first) =>
      [`is the first of the file: ${JSON.stringify(first)}`, (text: string) => `${first}\n${text}`] as const,
  ),
])('a slip costs the whole file where it %s', async (_name, spoil) => {
  const text = spoil(twoTables(rightFirst, rightAgain));
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ unreadable: true, points: 6 });
});

test('a first table under no name is not asked to take that of the second', async () => {
  const text = `export default { basket: { down: 7, across: 11 }, crate: { down: 7, across: 13 } };\n`;
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ points: 10, problems: [] });
});

test('who has filled in that alone has started, without points', async () => {
  const report = await gradeTexts(twoTables({}, rightAgain), notesOf(), key, againRubric);
  expect(report).toMatchObject({ started: true, points: 0 });
});

test('a file of before, without that table, is graded as before', async () => {
  const report = await gradeTexts(rightAnswers, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ points: 10, problems: [] });
  expect(startedAgain(report)).toBeUndefined();
});

test('a slip in its name is told, and costs nothing', async () => {
  const text = twoTables(rightFirst, rightAgain).replace('const again', 'const agains');
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report.points).toBe(10);
  expect(report.problems).toMatchObject([{ table: 'again', reason: { code: 'answers/misspelled-export' } }]);
});

test('a const of the student’s own that is called nearly so is none of it', async () => {
  const text = `export const gain = 3;\n${rightAnswers}`;
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report.problems).toEqual([]);
});

test('it is not taken for the table of the worksheet', async () => {
  const text = twoTables(rightFirst, rightAgain).replace(/export const boxes[^;]*;\n/, '');
  const report = await gradeTexts(text, notesOf(), key, againRubric);
  expect(report.problems.map(({ reason }) => reason.code)).toEqual(['answers/no-export']);
});

describe('a student reads', () => {
  const shown = async (first: Written, again: Written) =>
    renderTerminal(await graded(first, again), { hasColors: false });

  test('of it as what is next, once the worksheet is right', async () => {
    expect(await shown(rightFirst, {})).toMatch(/This\s+one by yourself, please\./);
    expect(await shown({ ...rightFirst, crate: [7, 14] as WrittenRow }, {})).not.toContain('by yourself');
  });

  test('that something is left to do, as long as a cell of it is wrong', async () => {
    const text = await shown(rightFirst, { basket: [12, 40], crate: [12, 18] });
    expect(text).toContain('Next: Take another look at Basket of fruit in the last table');
    expect(await shown(rightFirst, rightAgain)).toContain('nothing left to do');
    expect(await shown(rightFirst, { basket: [12, 'x'], crate: [12, 18] })).toMatch(
      /Next: Fix Basket of fruit · across in\s+the last table/,
    );
  });

  test('its sizes, and no points, as soon as something is filled in', async () => {
    const text = await shown({ basket: [7, 1] }, { basket: [12, 40] });
    expect(text).toContain('Again, at other sizes: apples 12, brand Sunny');
    expect(text).toContain('40 filled in');
    expect(text).not.toContain('40 wrong');
    const [, below = ''] = text.split('Again, at other sizes');
    expect(below.split('Reflection')[0]).not.toMatch(/\d of \d/);
  });
});

test('a copy that only looks at form never marks it', async () => {
  const report = await gradeTexts(twoTables(rightFirst, rightAgain), notesOf(), noKey, againRubric);
  expect(againPart(report).rows.flatMap(({ cells }) => cells.map(({ outcome }) => outcome))).toEqual(
    Array.from({ length: 4 }, () => 'ungraded'),
  );
});

test('a hint for a whole table names the table that is asked again, and not the only other', async () => {
  const turned = (row: string, down: number) => ({
    id: 'transposed',
    row,
    values: { down, across: 12 },
    text: 'Turn it round.',
  });
  const others = againSolution.others?.map((content) => ({
    ...content,
    misconceptions: [turned('again.basket', 16), turned('again.crate', 18)],
  }));
  const answers = twoTables({ basket: [11, 7], crate: [13, 7] }, { basket: [16, 12], crate: [18, 12] });
  const ofBoth = plainKey(againRubric, { ...againSolution, others: others ?? [] });
  const report = await gradeTexts(answers, notesOf('a', 'b'), ofBoth, againRubric);
  expect(remarksOnTables(report)).toEqual([
    'Hint for the whole table: Turn it round.',
    expect.stringMatching(/^Hint for the whole table Again, at other sizes: .*: Turn it round\.$/),
  ]);
});
