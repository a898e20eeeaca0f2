import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadCourse } from '../../course/course';
import { sizesOf } from '../../course/fair-sizes';
import { questionAbout, statedAt } from '../../course/vote';
import type { Report } from '../../grading/report.schema';
import { worksheetPart } from '../../grading/score';
import { plainKey } from '../../key/key';
import type { Untrusted } from '../../message';
import {
  againRubric,
  againSolution,
  againYaml,
  rightAgain,
  rightFirst,
  twoTables,
  type WrittenRow,
} from '../../testing/again';
import {
  cellsIn,
  classOf,
  courseWith,
  gradeClass,
  linesIn,
  partly,
  releasedCourse,
  resultOf,
  roster,
  work,
} from '../../testing/classes';
import { removeFolders } from '../../testing/folders';
import { gradeTexts } from '../../testing/grade';
import { answersOf, blankAnswers, notesOf, rightAnswers, rubricYaml } from '../../testing/worksheet';
import type { StudentResult } from '../results/student-result.schema';
import { carriedForward } from './follow-up';
import { renderPage } from './report';
import { gradesLine, statisticsOf } from './statistics';
import { renderVote, voteOf } from './vote-page';

afterAll(removeFolders);

/** A solution that works out the answers from the number of apples. */
const solution = {
  'solution/index.ts': `
export const derive = ({ apples }) => ({ basket: { down: apples, across: apples + 4 }, crate: { down: apples, across: apples + 6 } });
export const measure = derive;
export const misconceptions = ({ apples }) => [
  { id: 'all-fruit', title: 'All fruit', row: 'basket', values: { down: apples, across: 3 * apples + 3 }, text: 'Only one kind lies in a basket.' },
  { id: 'transposed', title: 'Turned', row: 'basket', values: { down: apples + 4, across: apples }, text: 'Turn it round.' },
  { id: 'square', title: 'Square', row: 'basket', values: { down: apples, across: apples }, text: 'Not a square.' },
  { id: 'seven', title: 'Seven', row: 'crate', values: { down: apples, across: 7 }, text: 'Wider.' },
];
export const quantities = ({ apples }) => [{ value: apples + 4, phrase: 'how wide a basket is' }];
export const explanations = () => ({ basket: 'A basket holds all apples.' });
`,
};

/** The text of a page in reading order. */
const textIn = (page: string) =>
  page
    .replace(/<script>.*?<\/script>/gs, '')
    .slice(page.indexOf('<body>'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the page of a class', () => {
  const more = {
    misconceptions: [
      ...againSolution.misconceptions,
      { id: 'peeled', row: 'basket', values: { down: 5, across: 5 }, text: 'Nothing was peeled.' },
    ],
    quantities: [...againSolution.quantities, { value: 1500, phrase: 'how heavy it is' }],
  };
  const key = plainKey(againRubric, { ...againSolution, ...more });
  const known = [
    { id: 'all-fruit', title: 'All fruit' },
    { id: 'peeled', title: 'Peeled' },
  ];

  /** A student's answers in the two rows of the worksheet, and in those of the second table. */
  type Written = readonly [basket: WrittenRow, crate: WrittenRow, again?: readonly [WrittenRow, WrittenRow]];
  /** The answers that count now, and those written at first, if the history has more than one version. */
  type Versions = readonly [now: Written, before?: Written];

  const blank: WrittenRow = ['null', 'null'];
  const allFruit: WrittenRow = [7, 24];
  const peeled: WrittenRow = [7, 99];
  const odd: WrittenRow = [1000, 11];
  const { basket, crate } = rightFirst;
  const right = [basket, crate] as const;
  const againRight = [rightAgain.basket, rightAgain.crate] as const;
  const allFruitAgain = [[12, 40], rightAgain.crate] as const;

  const reports = new Map<string, Promise<Report>>();
  function reportOf([first, second, again]: Written): Promise<Report> {
    const text = twoTables({ basket: first, crate: second }, again && { basket: again[0], crate: again[1] });
    const report = reports.get(text) ?? gradeTexts(text, notesOf(), key, againRubric);
    reports.set(text, report);
    return report;
  }

  const rowsOf = (all: readonly Versions[]): Promise<StudentResult[]> =>
    Promise.all(
      all.map(async ([now, before], index) => {
        const first = before && worksheetPart(await reportOf(before));
        const isWhole = (row: NonNullable<typeof first>['rows'][number]) =>
          row.cells.every(({ value }) => value !== undefined);
        return {
          ...resultOf(await reportOf(now), index),
          first: first && { tables: first.tables, rows: first.rows.filter(isWhole) },
        };
      }),
    );

  const many = (count: number, now: Written, before?: Written): Versions[] =>
    Array(count).fill([now, before]);

  const pageOf = (rows: readonly StudentResult[]) =>
    textIn(
      renderPage(statisticsOf(againRubric, rows, known), {
        ...{ notes: [], vote: { reason: 'a test.' } },
        solution: {
          ...againSolution,
          handoutFacts: {},
          explanations: { basket: 'A basket holds all apples.' },
        },
      }),
    );
  const textFor = async (...all: Versions[][]) => pageOf(await rowsOf(all.flat()));

  test('says nothing of a change that is not there', async () => {
    const causes = /correct|resolv|help|got over|learn|improv|still|chang|no longer|any more|because of/i;
    const changesIn = (text: string) =>
      [...text.matchAll(/(\d+) (?:had it right )?at first, (?:and )?(\d+) (?:have it )?now/g)].map(
        ([, first, now]) => [Number(first), Number(now)],
      );
    const choices = { b: [basket, allFruit, odd, [7, 11], [11, 7]], c: [crate, peeled, odd] } as const;
    const seconds = [undefined, allFruitAgain, againRight];
    const all = Array.from({ length: 12 }, (_, index): Written => {
      const place = index * 7 + 1;
      return [choices.b[place % 5] ?? basket, choices.c[place % 3] ?? crate, seconds[(place >> 1) % 3]];
    });
    const improved = await textFor(all.map(([one, two]) => [right, [one, two]]));
    expect(improved).toContain('Every answer in the worksheet is right.');
    for (const [, now] of changesIn(improved)) expect([0, all.length]).toContain(now);
    const fruit = all.filter(([one]) => one === allFruit).length;
    expect(improved).toContain(`All fruit 0 ${fruit} at first, 0 now`);
    const same = await textFor(all.map((one) => [one, one]));
    expect(changesIn(same).length).toBeGreaterThan(3);
    for (const [first, now] of changesIn(same)) expect(now).toBe(first);
    const once = await textFor(all.map((one) => [one]));
    expect(once).not.toMatch(/first|version|earlier|began/i);
    for (const text of [improved, same, once])
      expect(text.replaceAll('who changed an answer', '')).not.toMatch(causes);
  });

  const written: Record<string, Written> = {
    ...{ right, fruit: [allFruit, crate], peeled: [basket, peeled], odd: [odd, crate], half: [blank, crate] },
    ...{ blank: [blank, blank], unread: [['"x"', 11], blank], again: [...right, againRight] },
    'fruit again': [...right, allFruitAgain],
    square: [[7, 7], crate],
    turned: [[11, 7], crate],
    wide: [[7, 30], crate],
    wider: [[7, 31], crate],
    widest: [[7, 32], crate],
    weighed: [[1500, 11], crate],
    'turned table': [
      [11, 7],
      [13, 7],
    ],
    'peeled basket': [[5, 5], crate],
  };
  const headlines = `
    no one is there | | Nobody’s answers are known yet.
    all is blank | 3 blank | No answers count yet: 3 not started. ... Nobody’s answers are known yet.
    three of 30 have it | 3 fruit, 27 right | 3 of 30 wrote 7 and 24 for Basket of fruit: all fruit. These are 3 of the 3 who have this row wrong.
    three of 31 have it | 3 fruit, 28 right | Nearly every answer is right. Missed most: Basket of fruit · across: 3 of 31 have it wrong. 24: All fruit (3 students)
    two of four have it | 2 fruit, 2 right | No wrong answer is shared by many. Missed most: Basket of fruit · across: 2 of 4 have it wrong. 24: All fruit (2 students)
    two cells are missed by as many | 2 fruit, 2 peeled, 2 right | Missed most: Basket of fruit · across: 2 of 6 have it wrong. 24: All fruit (2 students) Crate · across: 2 of 6 have it wrong. 99: Peeled (2 students)
    two are as frequent | 3 peeled, 3 fruit | 3 of 6 wrote 7 and 24 for Basket of fruit: all fruit.
    one is more frequent | 4 peeled, 3 fruit | 4 of 7 wrote 7 and 99 for Crate: peeled. These are 4 of the 4 who have this row wrong. No vote: a test. What is right 7 and 13
    many write the row wrong in many ways | 3 fruit, 2 odd, 2 square, 2 turned, 1 wide | No wrong answer is shared by many.
    four write what nearly nobody else does | 4 fruit, 2 odd, 2 square, 2 turned, 2 wide, 2 wider, 2 widest | 4 of 16 wrote 7 and 24 for Basket of fruit: all fruit. These are 4 of the 16 who have this row wrong.
    four write it, and three another | 4 fruit, 3 odd, 2 square, 2 turned, 2 wide, 3 wider | No wrong answer is shared by many.
    a table is turned throughout | 3 turned table, 4 right | 3 of 7 wrote 11 and 7 for Basket of fruit, and the other rows in the same way: transposed. These are 3 of the 3 who have any cell of it wrong.
    more turn one row alone | 3 turned table, 4 turned, 6 right | 7 of 13 wrote 11 and 7 for Basket of fruit: transposed. These are 7 of the 7 who have this row wrong. No vote: a test. What is right, and why 7 and 11 A basket holds all apples.
    others show it in another row | 3 peeled, 1 peeled basket, 4 right | 3 of 8 wrote 7 and 99 for Crate: peeled. These are 3 of the 3 who have this row wrong. 1 other shows the same idea in another answer.
    it shows at other sizes alone | 4 fruit again, 3 right | 4 of the 4 who filled in the second table wrote 12 and 40 for Basket of fruit at other sizes: all fruit. These are 4 of the 4 who have this row wrong. No vote: a test. What is right 12 and 16 Grades
    it shows at first, and at other sizes | 8 fruit again < fruit, 2 right < fruit, 4 right < right | 8 of the 8 who filled in the second table wrote ... 12 and 40 (8 students) 0 8 10 at first, 0 now
    it has a meaning alone | 4 weighed, 6 right | 4 of 10 wrote 1,500 and 11 for Basket of fruit: 1,500 is how heavy it is.
    no reason is known | 4 odd, 6 right | 4 of 10 wrote 1,000 and 11 for Basket of fruit. These are 4 of the 4 who have this row wrong.
    cells are blank | 4 half, 6 right | Every answer in the worksheet is right.
    all is right now | 6 again < fruit, 5 right | Every answer in the worksheet is right. Hardest at first: Basket of fruit · across. Of the 6 who changed an answer and left none blank, 0 had it right at first, and 6 have it now. At other sizes, of the 6 who filled in the second table: 6 have Basket of fruit right, 6 have Crate right.
    five answered every cell, then and now | 5 right < fruit, 3 half < fruit | 5 at first, 0 now
    only four did | 4 right < fruit, 3 half < fruit, 9 right | not: at first
    some cannot be read | 2 unread, 3 fruit, 1 blank | Counted: 5 of 6 students, whose answers were read. Not counted: 1 not started. ... Basket of fruit 3 of 3 2 of 5 Crate 3 of 3 3 of 3 ... Basket of fruit · down 3 of 3 2 Basket of fruit · across 2 of 5 0 24: All fruit (3 students) Crate · down 3 of 3 2`;

  test.each(cellsIn(headlines))(
    'says what most show now, or else what is known, where %s',
    async (...row) => {
      const [, students = '', said = ''] = row;
      const versions = students.split(', ').flatMap((group) => {
        const [, count, now = '', before = ''] = /^(\d+) ([^<]*?)(?: < (.*))?$/.exec(group) ?? [];
        return many(Number(count ?? 0), written[now] ?? right, written[before]);
      });
      const text = await textFor(versions);
      if (said.startsWith('not: ')) expect(text).not.toContain(said.slice(5));
      else for (const part of said.split(' ... ')) expect(text).toContain(part);
    },
  );

  test('takes no row of one number throughout for a sign that the table is turned', async () => {
    const turned: Written = [
      [11, 7],
      [13, 7],
    ];
    const { ideas } = statisticsOf(againRubric, await rowsOf([[turned]]));
    expect(ideas.map(({ id, inWorksheet }) => [id, inWorksheet])).toEqual([['transposed', 1]]);
  });

  test('counts the points of those who have any, and each text of a person or a group once', async () => {
    const pointsIn = async (...points: (number | null)[]) => {
      const rows = await rowsOf(many(points.length, right));
      return pageOf(rows.map((row, index) => ({ ...row, points: points[index] ?? null })));
    };
    expect(await pointsIn(1, 2, 8, 10)).toContain('median 5, mean 5.3, of the 4 who have points');
    expect(await pointsIn(2, 8, 10)).toContain('median 8, mean 6.7, of the 3 who have points');
    expect(await pointsIn(3, null)).toContain('median 3, mean 3.0, of the 1 who have points');
    const texts = ['Sour.', 'The sweet one.', ' the sweet  ONE.\n', 'Ours.', 'Ours.'];
    const rows = (await rowsOf(many(texts.length, right))).map((row, index) => ({
      ...{ ...row, group: index > 2 ? 'g' : undefined, folder: index > 2 ? 'team' : `f${index}` },
      responses: [{ question: 'sweetest', text: texts[index] as Untrusted }],
    }));
    expect(pageOf(rows)).toMatch(
      /\(4 responses\) The sweet one\. 2 students wrote this\. (?:Sour\. Ours\.|Ours\. Sour\.) $/,
    );
  });
});

describe('a vote', () => {
  const course = loadCourse(courseWith({ vote: { apples: 20, brand: 'Shiny' } }, solution), false);

  /** The basket that a student with an idea writes, and what that gives at the sizes of the vote. */
  const ideas = {
    f: ['{ down: 7, across: 24 }', '20 and 63', 'Only one kind lies in a basket.'],
    t: ['{ down: 11, across: 7 }', '24 and 20', 'Turn it round.'],
    s: ['{ down: 7, across: 7 }', '20 and 20', 'Not a square.'],
    r: ['{ down: 7, across: 11 }', '20 and 24', 'A basket holds all apples.'],
  } as const;
  type Held = keyof typeof ideas;

  /** @param held a letter for each student. */
  async function statsOf(held: string, crate = '{ down: 7, across: 13 }') {
    const rows = await Promise.all(
      [...held].map(async (idea, index) => {
        const text = answersOf(ideas[idea as Held][0], crate);
        return resultOf(await gradeTexts(text, notesOf(), course.key, course.rubric), index);
      }),
    );
    return statisticsOf(course.rubric, rows, course.solution.misconceptions);
  }

  const voteAbout = async (held: string, crate?: string) => {
    const vote = await voteOf(course, await statsOf(held, crate));
    if ('reason' in vote) throw new Error(vote.reason);
    return vote;
  };

  test('asks at other sizes, with the right answer, what most wrote, and two more of the class or of known ideas', async () => {
    for (const held of ['fffs', 'ffftr', 'sssft', 'tttsrr', 'fffst', 'rrrrrrfffst', 'ffffffff']) {
      const vote = await voteAbout(held);
      expect(vote).toMatchObject({
        asked: 'Basket of fruit: down, across?',
        stated: ['apples 20, brand Shiny'],
      });
      expect(vote.options).toHaveLength(4);
      for (const idea of ['r', held.replaceAll('r', '').charAt(0)]) {
        const [, text, why] = ideas[idea as Held];
        expect(vote.options).toContainEqual({ text, why, isRight: idea === 'r' });
      }
      const page = renderVote(vote, course.rubric.title).replace(/<style>.*<\/style>/gs, '');
      // It shows neither a name, nor a student's answer, nor the worksheet's own.
      expect(page).not.toMatch(/Secret|NaN|undefined|, 11\b|7, |<script/);
    }
  });

  test('asks about the cell that most miss where no answer is shared, and about the first row where all is right', async () => {
    expect((await voteAbout('rr', '{ down: 7, across: 50 }')).asked).toMatch(/^Crate/);
    expect((await voteAbout('rrr')).asked).toMatch(/^Basket/);
  });

  test('is about what the class wrote only where that has a meaning at its sizes', async () => {
    expect(await voteAbout('ffff')).toMatchObject({ isOnIdea: true });
    const unknown = await voteAbout('rrrr', '{ down: 7, across: 1234 }');
    expect(unknown).toMatchObject({ asked: 'Crate: down, across?', isOnIdea: false });
    expect(unknown.options.map(({ text }) => text).join()).not.toContain('1,234');
  });

  test('carries a variant of an idea to the same variant, and takes rows of many columns', async () => {
    const columns = ['a', 'b', 'c', 'd', 'e'].map((id) => `{ id: ${id}, label: ${id.toUpperCase()} }`);
    const wide = loadCourse(
      courseWith({}, { 'rubric.yaml': severalColumns(columns), 'solution/index.ts': variants }),
      false,
    );
    const [row] = wide.rubric.tables[0]?.rows ?? [];
    const [, sizes] = sizesOf(wide);
    if (!row || !sizes) throw new Error('no row');
    const values = { a: 2, b: 3, c: 4, d: 5, e: 42 };
    const vote = await questionAbout(wide, statedAt(wide, sizes), row, [{ row, values }]);
    expect(vote?.options.map(({ text }) => text)).toContain('11 and 12 and 13 and 14 and 60');
    expect(vote).toMatchObject({ hasFirst: true });
  });

  test('is not there without sizes, at sizes that check refuses, and where no row takes four answers', async () => {
    const stats = await statsOf('fffs');
    const at = (vote: object | undefined) => ({ ...course, file: { ...course.file, vote } }) as typeof course;
    expect(await voteOf(at(undefined), stats)).toEqual({
      reason: 'rubric.yaml states no other sizes under vote.',
    });
    expect(await voteOf(at({ apples: 7 }), stats)).toEqual({
      reason: 'npm run check refuses the sizes under vote in rubric.yaml, and says why.',
    });
    const choices = loadCourse(
      courseWith({}, { 'rubric.yaml': onlyChoices, 'solution/index.ts': yesOrNo }),
      false,
    );
    expect(await voteOf(choices, statisticsOf(choices.rubric, []))).toEqual({
      reason: 'no row has four answers there, with another right one than in the worksheet.',
    });
  });
});

/** A worksheet of one row with such columns. */
const severalColumns = (columns: readonly string[]) => `
title: Pears
given: { days: 1 }
vote: { days: 10 }
file: work/boxes.ts
tables:
- export: boxes
  points: 1
  rows: [{ id: pear, label: Pear }]
  columns: [${columns.join(', ')}]
`;
/** An idea with several entries for one row, the last of which is six times more than another. */
const variants = `
export const derive = ({ days }) => ({ pear: { a: days + 1, b: days + 2, c: days + 3, d: days + 4, e: days + 5 } });
export const measure = derive;
export const misconceptions = ({ days }) => [2, 3, 42, 6].map((times, at) => (
  { id: 'more', row: 'pear', values: { e: at === 2 && days > 1 ? 60 : times * days }, text: 'Too many.' }
));
export const quantities = ({ days }) => Array.from({ length: 30 }, (_, at) => ({ value: days * 1000 + at, phrase: 'pears of kind ' + 'x'.repeat(at) }));
`;

/** A worksheet of one question, with two answers to choose from. */
const onlyChoices = `
title: Ripe or not
given: { days: 3 }
vote: { days: 9 }
file: work/boxes.ts
tables:
- export: boxes
  points: 1
  rows: [{ id: pear, label: Pear }]
  columns: [{ id: ripe, label: Ripe, kind: choice, options: [yes, no] }]
`;
const yesOrNo = `
export const derive = ({ days }) => ({ pear: { ripe: days > 5 ? 'yes' : 'no' } });
export const measure = derive;
export const misconceptions = () => [];
`;

const weighed = `
title: Pears
given: { days: 3 }
file: work/boxes.ts
tables:
- export: boxes
  points: 1
  rows: [{ id: pear, label: Pear }]
  columns: [{ id: grams, label: Grams, kind: decimal, tolerance: 0.5 }]
`;
const tripled = `
export const derive = ({ days }) => ({ pear: { grams: 3 * days } });
export const measure = derive;
export const misconceptions = () => [];
`;

test('decimals that differ by less than their tolerance are one wrong answer, and others are not', async () => {
  const { rubric, key, solution } = loadCourse(
    courseWith({}, { 'rubric.yaml': weighed, 'solution/index.ts': tripled }),
    false,
  );
  const written = ['4.0', '4.1', '4.2', '7.0', '7.1', '20'];
  const rows = await Promise.all(
    written.map(async (grams, index) => {
      const text = `export const boxes = { pear: { grams: ${grams} } };`;
      return resultOf(await gradeTexts(text, undefined, key, rubric), index);
    }),
  );
  const { wrongAnswers } = statisticsOf(rubric, rows, solution.misconceptions);
  const groups = wrongAnswers.map(({ students }) =>
    [...students].map(({ now }) => now.rows[0]?.cells[0]?.value),
  );
  expect(groups).toEqual([[4, 4.1, 4.2], [7, 7.1], [20]]);
});

describe('the page of names', () => {
  const label = 'Is something marked wrong that you think is right?';
  const disputable = rubricYaml.replace('  choose: 2', `  dispute: ${label}\n  choose: 2`);
  const course = releasedCourse({}, { 'rubric.yaml': disputable });
  const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
  const disputed = answersOf('{ down: 7, across: 24 }', '{ down: 5, across: 99 }');
  const disputing = (answers: string, text: string) => ({
    'work/boxes.ts': answers,
    'work/notes.md': `${notesOf('a', 'b')}\n## ${label}\n\n${text}\n`,
  });
  const pageIn = (out: string) => readFileSync(path.join(out, 'follow-up.html'), 'utf8');

  test('proposes a line for each decision, which the next run accepts, and does not ask twice', async () => {
    const typo = rightAnswers.replace('7, across: 13', '7; across: 13');
    const root = classOf({
      ada: work(typo, 'a', 'b'),
      ben: disputing(disputed, 'My basket has room.'),
      'cyd-x': { ...work(rightAnswers, 'a', 'b'), 'work/boxes (1).ts': partly },
      dan: work(turned),
      eve: { 'sheet.pdf': '%PDF-1.4\n' },
      fay: work(blankAnswers),
      hal: work(turned, 'a', 'b'),
      ian: work(answersOf('{ down: 1; across: 1 }', '{ down: 1, across: 1 }')),
      stranger: work(rightAnswers),
      '=odd,name': work(rightAnswers),
    });
    const logins = ['ada', 'ben', 'cyd-x', 'dan', 'eve', 'fay', 'gil', 'hal', 'ian'];
    const list = roster(...logins.map((login) => `${login},${login},`));
    const { out, stdout, row, run } = await gradeClass(course, root, { roster: list });
    expect(stdout).toContain('\n3 of 9 have no grade yet.\n');
    const text = textIn(pageIn(out));
    expect(text).toMatch(/^ 3 of 9 have no grade yet\. /);
    // A typo is shown with what the answers earn without it, if that is more than what counts.
    expect([row('ada').corrected, row('ian').corrected]).toEqual([{ line: 3, points: 10 }, undefined]);
    expect(text).toContain('6 of 10 now, and 10 with line 3 corrected.');
    expect(text).toContain('crate: { down: 7; across: 13 }, crate: { down: 7, across: 13 },');
    // A dispute may be about any cell that is marked wrong.
    expect(row('ben').dispute).toBe('My basket has room.');
    expect(run.needsReview['class/dispute']).toEqual(['ben']);
    expect(text).toContain(
      'My basket has room. It may be about Basket of fruit · across (24); Crate · down (5); Crate · across (99).',
    );
    expect(text.indexOf('My basket has room.')).toBeLessThan(text.indexOf('with line 3 corrected'));
    expect(text).toContain('Fewest points');
    expect(text).toContain(
      'hal (hal) : 6 of 10, or 9: transposed. Basket of fruit · across; Crate · down; Crate · across',
    );

    const blocks = linesIn(pageIn(out));
    expect(blocks.map(({ file, lines }) => `${file}: ${lines.join('; ')}`)).toEqual([
      'overrides.csv: ben,7,,Disputed mark checked,7',
      'overrides.csv: ada,10,,Typo in line 3 corrected,6; ian,0,,File looked at,0',
      'overrides.csv: cyd-x,10,,Counts: work/boxes.ts,none',
      'matches.csv: "\'=odd,name",,; stranger,,',
      'overrides.csv: dan,3,,Error carried forward: transposed,0; hal,9,,Error carried forward: transposed,6',
    ]);
    for (const { file, lines } of blocks) appendFileSync(path.join(out, file), `${lines.join('\n')}\n`);
    const done = await gradeClass(course, root, { out, apply: true, roster: list });
    expect(done.stdout).not.toContain('does not count: it');
    const points = logins.map((login) => done.row(login).points);
    expect(points).toEqual([10, 7, 10, 3, null, 0, null, 9, 0]);
    expect(linesIn(pageIn(out)).map(({ file }) => file)).toEqual(['matches.csv']);
    const [header = ''] = /<header>.*?<\/header>/s.exec(pageIn(out)) ?? [];
    const withoutGrade = logins.filter((login) => new RegExp(`\\b${login}\\b`).test(header));
    expect(withoutGrade).toEqual(logins.filter((login) => done.row(login).points === null));
  });

  test('gives back in points what follows from one error, but for what lateness had cost and was not there', async () => {
    const report = await gradeTexts(turned);
    for (const [cost, before, more] of [
      [2, 5, 3],
      [5, 5, 3],
      [7, 5, 1],
      [3, 0, undefined],
    ] as const) {
      const after = Math.max(0, before - cost);
      const adjustments = [{ kind: 'late' as const, reason: '', before, after, cost }];
      const carried = carriedForward({ ...resultOf(report), points: after, adjustments });
      expect(carried?.points).toBe(more === undefined ? undefined : after + more);
    }
  });

  test('says who has not started, who has fewest points, and who shows the same idea in both tables', async () => {
    const again = releasedCourse({}, { 'rubric.yaml': againYaml, ...solution });
    const fruit = { basket: [7, 24], crate: [7, 13] } as const;
    const root = classOf({
      ada: work(twoTables(fruit, { basket: [12, 39], crate: [12, 18] }), 'a', 'b'),
      ben: work(twoTables({ basket: [1, 2], crate: [3, 4] })),
      cyd: work(twoTables(fruit, { basket: [12, 16], crate: [1, 2] }), 'a', 'b'),
      dan: work(twoTables({})),
      eve: { 'sheet.pdf': '%PDF-1.4\n' },
    });
    const page = textIn(pageIn((await gradeClass(again, root)).out));
    for (const said of [
      /Fewest points \(1\) .* ben : 0 of 10; 4 wrong cells/,
      'The same idea in both tables (1) ada : All fruit. Basket of fruit: 7 and 24; at other sizes Basket of fruit: 12 and 39',
      // Whose work lies elsewhere, or was handed in as something else, is not asked for a start.
      'Not started (1) dan : not started',
      /Not fetched or not read \(1\) .* eve : Handed in instead of work\/boxes\.ts and work\/notes\.md: “sheet\.pdf”\./,
    ])
      expect(page).toMatch(said);
  });
});

test('the first line of a class says how many have no grade, whether anybody has begun, and nothing of nobody', async () => {
  const started = await gradeTexts(rightAnswers);
  const blank = await gradeTexts(blankAnswers);
  const ungraded = { ...resultOf(started), points: null };
  expect(gradesLine([])).toBe('There are no students.');
  expect(gradesLine([resultOf(blank), { ...resultOf(blank), status: 'no submission' }])).toBe(
    'Nobody has begun.',
  );
  expect(gradesLine([{ ...resultOf(blank), overridden: true }])).toBe('The one student has a grade.');
  expect(gradesLine([resultOf(started), resultOf(blank)])).toBe('All 2 have a grade.');
  expect(gradesLine([resultOf(started), ungraded])).toBe('1 of 2 has no grade yet.');
  expect(gradesLine([ungraded, ungraded, resultOf(started)])).toBe('2 of 3 have no grade yet.');
});
