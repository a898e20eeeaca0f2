import { noKey } from '../key/judge';
import { gradeTexts } from '../testing/grade';
import { answersOf, notesOf, rubric, rubricYaml } from '../testing/worksheet';
import { equationsOf, holds } from './laws';
import { parseRubric } from './load';
import { momentOf } from './moment';
import { cellsOf, rowsOf } from './rubric';

test('a rubric gives its rows, cells and questions in order, and a row may have points of its own', () => {
  const changed = parseRubric(rubricYaml.replace('{ id: crate,', '{ id: crate, points: 5,'));
  const rows = rowsOf(changed);
  expect(cellsOf({ rows }).map(({ label, points }) => [label, points])).toEqual([
    ['Basket of fruit · down', 1],
    ['Basket of fruit · across', 1],
    ['Crate · down', 5],
    ['Crate · across', 5],
  ]);
  expect(rows[0]?.cells[0]).toMatchObject({
    kind: 'count',
    guidingQuestion: 'How many lie below each other?',
  });
  expect(changed).toMatchObject({ given: { apples: 7, brand: 'Sunny' }, possible: 18 });
  expect(changed.reflection?.questions.map(({ id }) => id)).toEqual(['sweetest', 'sourest', 'wish']);
});

const everything = `title: Every setting
given: { apples: 7 }
file: work/boxes.ts
tables:
- export: boxes
  points: 1
  rows:
    - { id: basket, label: Basket, points: 2 }
    - { id: crate, label: Crate, cells: { down: { kind: integer }, share: { void: true } } }
  columns:
    - { id: down, label: Down }
    - { id: share, label: Share, kind: decimal, tolerance: 2%, unit: kg }
    - { id: taste, label: Taste, kind: choice, options: [sweet, sour] }
- export: bags
  points: 1
  rows: [{ id: sack, label: Sack }]
  columns: [{ id: heavy, label: Heavy }]
laws:
  - { law: basket.down = crate.down, because: Both stand on one floor. }
reflection:
  file: work/notes.md
  choose: 1
  points: 3
  intro: Notes
  dispute: Is one marked wrong?
  questions:
    - { id: sweetest, label: Which was the sweetest? }
    - { id: wish, label: What do you wish for? }
`;

/** A part of that rubric, and what replaces it in another. */
const grading = `
work/boxes.ts | work/pots.ts
: boxes | : cases
points: 1 | points: 2
Basket, points: 2 | Basket, points: 3
crate | chest
id: taste | id: flavour
kind: integer | kind: count
, share: { void: true } |
tolerance: 2% | tolerance: 3%
unit: kg | unit: g
sour] | sour, salty]
id: sack | id: pouch
label: Heavy | label: Weight
basket.down = crate.down | crate.down = basket.down
choose: 1 | choose: 2
points: 3 | points: 4
work/notes.md | work/words.md
intro: Notes | intro: Words
Is one | Is any
What do you wish for? | What would you like?
`;

test('whatever decides a mark, or what students read of it, changes the digest, and nothing else does', () => {
  const { digest } = parseRubric(everything);
  for (const [from = '', to = ''] of grading
    .trim()
    .split('\n')
    .map((line) => line.split(' |'))) {
    expect(everything).toContain(from);
    const other = parseRubric(everything.replaceAll(from, to.trim()));
    expect({ to, isSame: other.digest === digest }).toEqual({ to, isSame: false });
  }
  const without = parseRubric(rubricYaml.replace(/^given:\n(?: {2}.*\n)+/m, ''));
  expect(without).toEqual({ ...rubric, given: {} });
  expect(parseRubric(`# a comment\n\nself_check: form\n${rubricYaml}`)).toEqual({
    ...rubric,
    selfCheck: 'form',
  });
});

/** A deadline, and the two sentences that students read: when work is due, and what lateness costs. */
const deadlines = `
due: 2026-12-01T23:59, timezone: America/New_York, late: { per_day: 10%, at_most: 30%, until: 2026-12-08T23:59 }
Due Tuesday 1 December 2026, 23:59 (America/New_York).
Late work loses 10% of the possible points for each day begun, 30% at most; nothing counts after Tuesday 8 December 2026, 23:59.

due: 2026-12-01T23:59, timezone: Asia/Kolkata, late: { per_day: 1, at_most: 4 }
Due Tuesday 1 December 2026, 23:59 (Asia/Kolkata).
Late work loses 1 point for each day begun, 4 points at most.

due: 2026-12-01T23:59-05:00, timezone: Europe/Paris, late: { per_day: 0%, until: 2026-12-02T12:00 }
Due Wednesday 2 December 2026, 05:59 (Europe/Paris).
Late work counts in full; nothing counts after Wednesday 2 December 2026, 12:00.

due: 2026-12-01T23:59Z, timezone: UTC, late: { per_day: 2, until: 2026-12-01T23:59Z }
Due Tuesday 1 December 2026, 23:59 (UTC).
Late work does not count.
`;

test('students read of a deadline when work is due', () => {
  for (const given of deadlines.trim().split('\n\n')) {
    const [deadline, ...lines] = given.split('\n');
    expect(parseRubric(`deadline: { ${deadline} }\n${rubricYaml}`).due).toEqual(lines);
  }
});

const most = Number.MAX_SAFE_INTEGER;

test.each<[law: string, values: readonly number[], truth: readonly (boolean | undefined)[]]>([
  ['basket.down = crate.down', [7, 11, 7, 13], [true]],
  ['basket.down = crate.down', [7, 11, 8, 13], [false]],
  ['crate.across = basket.down + basket.across', [7, 11, 0, 18], [true]],
  ['crate.across = basket.down + basket.across', [7, Number.NaN, 7, 18], [undefined]],
  ['basket = crate', [7, 11, 7, 13], [true, false]],
  // JavaScript numbers would round both sums to the same value.
  ['basket.down + basket.across = crate.down + crate.across', [most, 2, most, 3], [false]],
])('the law %s holds, or does not, in %j', (law, values, truth) => {
  const names = ['basket.down', 'basket.across', 'crate.down', 'crate.across'];
  const equations = equationsOf(law, rowsOf(parseRubric(rubricYaml))) as Exclude<
    ReturnType<typeof equationsOf>,
    string
  >;
  const numberIn = (cell: { row: string; column: string }) =>
    values[names.indexOf(`${cell.row}.${cell.column}`)];
  expect(equations.map((equation) => holds(equation, numberIn))).toEqual(truth);
});

test('whole rows without a column of whole numbers in common make no law', () => {
  const yaml = rubricYaml
    .replace('label: Basket of fruit', 'label: Basket of fruit, cells: { across: { void: true } }')
    .replace('label: Crate', 'label: Crate, cells: { down: { void: true } }');
  const law = equationsOf('basket = crate', rowsOf(parseRubric(yaml)));
  expect(law).toBe('its rows share no column with whole numbers');
});

const withLaws = parseRubric(
  `${rubricYaml}laws:\n  - { law: basket.down = crate.down, because: Both stand on one floor. }\n`,
);
const floor = 'Both stand on one floor.';

test('of a broken law a student reads the reason, and no number but their own, and none where it says less', async () => {
  const read = async (basket: number, crate: number, key?: typeof noKey) => {
    const answers = answersOf(`{ down: ${basket}, across: 11 }`, `{ down: ${crate}, across: 13 }`);
    const cells = cellsOf(await gradeTexts(answers, notesOf(), key, withLaws));
    return [cells[0], cells[2]].map((cell) => cell?.reason?.text.replace('{typed} is not right here', '…'));
  };
  const beside = (cell: string) => `…, and does not fit ${cell}. ${floor}`;
  expect(await read(7, 9)).toEqual([undefined, beside('Basket of fruit · down')]);
  expect(await read(8, 9)).toEqual([
    beside('Crate · down (9), which is not right either'),
    beside('Basket of fruit · down (8), which is not right either'),
  ]);
  expect(await read(8, 8)).toEqual(Array(2).fill('…. How many lie below each other?'));
  expect((await read(70, 9))[0]).toContain('how many seeds an apple has');
  const told = `{typed} does not fit Basket of fruit · down (8). ${floor}`;
  expect(await read(8, 9, noKey)).toEqual([undefined, told]);
});

test.each([
  ['2026-10-01T12:00Z', 'UTC', Date.UTC(2026, 9, 1, 12, 0, 59, 999)],
  ['2026-10-01T12:00:30', 'UTC', Date.UTC(2026, 9, 1, 12, 0, 30, 999)],
  ['2026-10-01T12:00', 'America/New_York', Date.UTC(2026, 9, 1, 16, 0, 59, 999)],
  ['2026-10-01T12:00+02:00', 'America/New_York', Date.UTC(2026, 9, 1, 10, 0, 59, 999)],
  ['2026-11-31T12:00', 'UTC', undefined],
  // Clocks in Berlin went from 2 to 3 that night.
  ['2026-03-29T02:30', 'Europe/Berlin', undefined],
  ['tomorrow', 'UTC', undefined],
])('the moment %s in %s is read as it is meant, or not at all', (text, timezone, expected) => {
  expect(momentOf(text, timezone)).toBe(expected);
});
