import { noKey } from '../key/key';
import { plainKey } from '../key/plain';
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

const key = plainKey(againRubric, againSolution);

type Written = Parameters<typeof twoTables>[0];

function graded(first: Written, again?: Written) {
  return gradeTexts(twoTables(first, again), notesOf('a', 'b'), key, againRubric);
}

/** The outcomes of the table that repeats some rows at other sizes, row by row. */
async function outcomes(first: Written, again: Written): Promise<string[]> {
  const report = await graded(first, again);
  return report.again?.rows.flatMap((row) => row.cells.map(({ outcome }) => outcome)) ?? [];
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
  const said = report.again?.rows.flatMap(({ cells }) => cells.flatMap(({ reason }) => reason?.code ?? []));
  expect(report.again?.complete).toBe(false);
  expect(said).toEqual(['answers/unknown-name']);
});

test('once it is complete, a known idea is told at its own sizes', async () => {
  const report = await graded(rightFirst, { basket: [12, 40], crate: [12, 18] });
  const [basket] = report.again?.rows ?? [];
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
  expect([rows.map((row) => row.id), tables.length, reflection?.points]).toEqual([['basket', 'crate'], 1, 6]);
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
])('where %s, what stands before it keeps its points', async (_name, spoil) => {
  const text = spoil(twoTables(rightFirst, rightAgain));
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ points: 10, state: 'read', problems: [], again: { complete: false } });
  expect(report.again?.problems).toHaveLength(1);
  expect(renderTerminal(report, { hasColors: false })).toContain('10 of 10 points');
});

test('a slip before it is one of the whole file', async () => {
  const text = twoTables(rightFirst, rightAgain).replace('};\nexport const again', '\nexport const again');
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ unreadable: true, points: 6 });
});

test('who has filled in that alone has not started', async () => {
  const report = await gradeTexts(twoTables({}, rightAgain), notesOf(), key, againRubric);
  expect(report.started).toBe(false);
});

test('a file of before, without that table, is graded as before', async () => {
  const report = await gradeTexts(rightAnswers, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ points: 10, problems: [], again: { complete: false, problems: [] } });
});

test('a slip in its name is told, and costs nothing', async () => {
  const text = twoTables(rightFirst, rightAgain).replace('const again', 'const agains');
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report).toMatchObject({ points: 10, problems: [] });
  expect(report.again?.problems.map(({ reason }) => reason.code)).toEqual(['answers/misspelled-export']);
});

test('a const of the student’s own that is called nearly so is none of it', async () => {
  const text = `export const gain = 3;\n${rightAnswers}`;
  const report = await gradeTexts(text, notesOf('a', 'b'), key, againRubric);
  expect(report.again?.problems).toEqual([]);
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

  test('its sizes, and no points, as soon as something is filled in', async () => {
    const text = await shown({ basket: [7, 1] }, { basket: [12, 40] });
    expect(text).toContain('Again, at other sizes: apples 12, brand Sunny');
    expect(text).toContain('40 filled in');
    expect(text).not.toContain('40 wrong');
    const [, below = ''] = text.split('Again, at other sizes');
    expect(below.split('Next:')[0]).not.toMatch(/\d of \d/);
  });
});

test('a copy that only looks at form never marks it', async () => {
  const report = await gradeTexts(twoTables(rightFirst, rightAgain), notesOf(), noKey, againRubric);
  expect(report.again?.rows.flatMap(({ cells }) => cells.map(({ outcome }) => outcome))).toEqual(
    Array.from({ length: 4 }, () => 'ungraded'),
  );
});
