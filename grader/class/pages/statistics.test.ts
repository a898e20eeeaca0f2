import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { plainKey } from '../../key/key';
import type { Untrusted } from '../../message';
import { allCells } from '../../render/status';
import {
  againRubric,
  againSolution,
  rightAgain,
  rightFirst,
  twoTables,
  type WrittenRow,
} from '../../testing/again';
import { gradeTexts } from '../../testing/grade';
import { notesOf } from '../../testing/worksheet';
import type { StudentResult } from '../results/student-result.schema';
import { renderPage } from './report';
import { statisticsOf } from './statistics';

const key = plainKey(againRubric, againSolution);
const known = [
  { id: 'all-fruit', title: 'All fruit' },
  { id: 'peeled', title: 'Peeled' },
];

/** What a student writes in the two rows of the worksheet, and in those of the second table. */
type Written = readonly [basket: WrittenRow, crate: WrittenRow, again?: readonly [WrittenRow, WrittenRow]];

const blank: WrittenRow = ['null', 'null'];
const allFruit: WrittenRow = [7, 24];
const peeled: WrittenRow = [7, 99];
const odd: WrittenRow = [1000, 11];
const { basket, crate } = rightFirst;
const right = [basket, crate] as const;
const allFruitAgain = [[12, 40], rightAgain.crate] as const;

const textOf = ([first, second, again]: Written) =>
  twoTables({ basket: first, crate: second }, again && { basket: again[0], crate: again[1] });

const reports = new Map<string, Promise<Report>>();

/** Grades each distinct text once. */
function gradeOf(written: Written): Promise<Report> {
  const text = textOf(written);
  const report = reports.get(text) ?? gradeTexts(text, notesOf(), key, againRubric);
  reports.set(text, report);
  return report;
}

/** @param before what the student wrote at first, if the history has more than one version. */
async function row(name: string, now: Written, before?: Written): Promise<StudentResult> {
  const [report, earlier] = [await gradeOf(now), before && worksheetPart(await gradeOf(before))];
  return {
    ...{ key: name, login: name, enrolled: true, adjustments: [], responses: [], warnings: [] },
    status: report.started ? 'graded' : 'not started',
    points: report.points,
    report,
    first: earlier && {
      tables: earlier.tables,
      rows: earlier.rows.filter((one) => allCells({ rows: [one] }).every(({ value }) => value !== undefined)),
    },
  };
}

const rowsOf = (all: readonly (readonly [now: Written, before?: Written])[]) =>
  Promise.all(all.map(([now, before], index) => row(`s${index}`, now, before)));

const many = (count: number, now: Written, before?: Written) =>
  Array.from({ length: count }, () => [now, before] as const);

function pageOf(rows: readonly StudentResult[]): string {
  return renderPage(statisticsOf(againRubric, rows, known), {
    notes: [],
    vote: { reason: 'a test.' },
    explanations: { basket: 'A basket holds all apples.' },
  });
}

/** The text of a page in reading order. */
function textIn(page: string): string {
  return page
    .slice(page.indexOf('<body>'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

const textFor = async (...all: (readonly [now: Written, before?: Written])[][]) =>
  textIn(pageOf(await rowsOf(all.flat())));

/** Chooses the same numbers in each run. */
function chooser(seed: number) {
  let state = seed;
  return <Item>(items: readonly Item[]): Item => {
    state = (state * 48_271) % 2_147_483_647;
    return items[state % items.length] as Item;
  };
}

describe('no page says anything about a change that is not there', () => {
  const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
  const answers = [basket, allFruit, odd, [7, 11], [11, 7]] as const;
  const classFrom = (seed: number) => {
    const choose = chooser(seed);
    return Array.from(
      { length: 8 + (seed % 20) },
      (): Written => [
        choose(answers),
        choose([crate, peeled, odd]),
        choose([undefined, allFruitAgain, [rightAgain.basket, rightAgain.crate] as const]),
      ],
    );
  };
  /** Numbers of a change: how many at first, and of the same students now. */
  const changesIn = (text: string) =>
    [...text.matchAll(/(\d+) (?:had it right )?at first, (?:and )?(\d+) (?:have it )?now/g)].map(
      ([, first, now]) => [Number(first), Number(now)],
    );
  const causes = /correct|resolv|help|got over|learn|improv|still|chang|no longer|any more|because of/i;

  test.each(seeds)('where everyone ends right (%i)', async (seed) => {
    const before = classFrom(seed);
    const text = await textFor(before.map(([one, two]) => [right, [one, two]] as const));
    expect(text).toContain('Every answer is right.');
    expect(text).not.toMatch(causes);
    const fruit = before.filter(([one]) => one === allFruit).length;
    expect(/All fruit 0 0 (\d+) at first, 0 now/.exec(text)?.[1]).toBe(
      fruit === 0 ? undefined : String(fruit),
    );
    for (const [, now] of changesIn(text)) expect([0, before.length]).toContain(now);
  });

  test.each(seeds)('where nobody changes (%i)', async (seed) => {
    const all = classFrom(seed);
    const text = await textFor(all.map((one) => [one, one] as const));
    const changes = changesIn(text);
    expect(changes.length).toBeGreaterThan(3);
    for (const [first, now] of changes) expect(now).toBe(first);
    expect(text).not.toMatch(causes);
  });

  test.each(seeds)('where all commit once (%i)', async (seed) => {
    const text = await textFor(classFrom(seed).map((one) => [one] as const));
    expect(text).not.toMatch(/first|version|earlier|began/i);
    expect(text).not.toMatch(causes);
  });
});

test.each<[string, (readonly [now: Written, before?: Written])[][], string | RegExp]>([
  ['no one', [], /Nobody’s answers are known yet\./],
  ['blank worksheets', [many(3, [blank, blank])], /Nobody’s answers are known yet\./],
  ['three of 30', [many(3, [allFruit, crate]), many(27, right)], / 3 of 30 show this idea: All fruit /],
  ['three of 31', [many(3, [allFruit, crate]), many(28, right)], /Nearly every answer is right/],
  [
    'two of four',
    [many(2, [allFruit, crate]), many(2, right)],
    /No idea is shared by many\. Missed most: Basket of fruit · across \(2 of 4\)\./,
  ],
  [
    'the higher of two',
    [many(3, [basket, peeled]), many(3, [allFruit, crate])],
    / 3 of 6 show this idea: All fruit /,
  ],
  [
    'the larger of two',
    [many(4, [basket, peeled]), many(3, [allFruit, crate])],
    / 4 of 7 show this idea: Peeled /,
  ],
  [
    'one shown at other sizes alone',
    [many(4, [...right, allFruitAgain]), many(3, right)],
    / 4 of 7 show this idea: All fruit Basket of fruit at other sizes: down 12, across 40 , written by 4 A basket holds all apples\. 0 of 7 show it in the worksheet, and 4 of the 4 who filled in the second table show it there\. It is in Basket of fruit\./,
  ],
  [
    'what has no known reason',
    [many(4, [odd, crate]), many(6, right)],
    /Missed most: Basket of fruit · down \(4 of 10\)\./,
  ],
  ['blank cells', [many(4, [blank, crate]), many(6, right)], /Every answer is right\./],
])(
  'the first screen says the idea that most show now, or else what is known: %s',
  async (_name, all, said) => {
    expect(await textFor(...all)).toMatch(said);
  },
);

test('where nearly all is right, it says what was hardest at first and how the second table went', async () => {
  const again = [rightAgain.basket, rightAgain.crate] as const;
  const text = await textFor(many(6, [basket, crate, again], [allFruit, crate]), many(5, right));
  expect(text).toContain(
    'Every answer is right. Hardest at first: Basket of fruit · across. Of the 6 with two versions or more and no blank cell, 0 had it right at first, and 6 have it now. At other sizes, of the 6 who filled in the second table: 6 have Basket of fruit right, 6 have Crate right.',
  );
});

test('ten of 14 had an idea at first, and eight show it again at other sizes: that is the idea of the day', async () => {
  const before: Written = [allFruit, crate];
  const text = await textFor(
    many(8, [...right, allFruitAgain] as const, before),
    many(2, right, before),
    many(4, right, right),
  );
  expect(text).toContain('8 of 14 show this idea: All fruit');
  expect(text).toMatch(
    /All fruit Basket of fruit at other sizes: down 12, across 40 \(8\) 0 8 10 at first, 0 now/,
  );
});

test('a first answer is compared only where every cell is answered, then and now, and with five students or more', async () => {
  const before: Written = [allFruit, crate];
  const four = many(4, right, before);
  expect(await textFor(four, many(3, [blank, crate], before), many(9, right))).not.toMatch(/at first/);
  expect(await textFor(four, many(1, right, before))).toContain('5 at first, 0 now');
});

test('what is blank or cannot be read is not wrong', async () => {
  const text = await textFor(
    many(2, [['"x"', 11], blank]),
    many(3, [allFruit, crate]),
    many(1, [blank, blank]),
  );
  expect(text).toContain(
    'Counted are 5 of 6 students: their answers were read and count. Not counted: 1 not started.',
  );
  expect(text).toMatch(/Basket of fruit 3 of 3 2 of 5 Crate 3 of 3 3 of 3 /);
  expect(text).toMatch(
    /Basket of fruit · down 3 of 3 2 Basket of fruit · across 2 of 5 0 3 × 24: All fruit Crate · down 3 of 3 2 /,
  );
});

test('a row of one number throughout does not show that the table is transposed', async () => {
  const rows = await rowsOf(
    many(1, [
      [11, 7],
      [13, 7],
    ]),
  );
  expect(statisticsOf(againRubric, rows).ideas.map(({ id, now }) => [id, now])).toEqual([['transposed', 1]]);
});

test.each([
  [[1, 2, 8, 10], 'median 5, mean 5.3, of the 4 who have points'],
  [[2, 8, 10], 'median 8, mean 6.7, of the 3 who have points'],
  [[3, null], 'median 3, mean 3.0, of the 1 who have points'],
])('points %j', async (points, said) => {
  const rows = await Promise.all(
    points.map(async (one, index) => ({ ...(await row(`s${index}`, right)), points: one })),
  );
  expect(pageOf(rows)).toContain(said);
});

test('equal responses are one, with their number', async () => {
  const texts = ['The apples were sour.', 'The apples were sweet.', ' the apples  were SWEET.\n'];
  const rows = await Promise.all(
    texts.map(async (text, index) => ({
      ...(await row(`s${index}`, right)),
      responses: [{ question: 'sweetest', text: text as Untrusted }],
    })),
  );
  const text = textIn(pageOf(rows));
  expect(text).toMatch(
    /\(3 responses\) The apples were sweet\. 2 students wrote this\. The apples were sour\. $/,
  );
});
