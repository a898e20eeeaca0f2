import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { loadCourse } from '../../course/course';
import { sizesOf, statedAt, voteSizesOf } from '../../course/fair-sizes';
import { hidesTheRight, questionAbout } from '../../course/vote';
import type { Report } from '../../grading/report.schema';
import { plainKey } from '../../key/judge';
import type { KeyContent } from '../../key/known-answers';
import type { Untrusted } from '../../message';
import { rowsOf } from '../../rubric/rubric';
import { readText } from '../../system/files';
import {
  againRubric,
  againSolution,
  againYaml,
  rightFirst,
  rightInSecond,
  twoTables,
  type WrittenRow,
} from '../../testing/again';
import {
  classOf,
  courseWith,
  gradeClass,
  linesIn,
  releasedCourse,
  resultOf,
  rosterOf,
  work,
} from '../../testing/classes';
import { gradeTexts } from '../../testing/grade';
import { gradeHistories } from '../../testing/grade-histories';
import { at, started } from '../../testing/history-cases';
import { textOfPage } from '../../testing/page-text';
import { histories, logins, course as readCourse, roster } from '../../testing/read-class';
import {
  answersOf,
  blankAnswers,
  disputableYaml,
  disputing,
  notesOf,
  partly,
  rightAnswers,
} from '../../testing/worksheet';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import { renderPage } from './class-page';
import { shadeOf } from './layout';
import { countsIn, gradesLine, statisticsOf, withoutWork } from './statistics';
import { renderVote, voteOf } from './vote-page';

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

describe('the pages of a class', () => {
  let graded: Awaited<ReturnType<typeof gradeHistories>>;
  const text = (file: string) => graded.text(file);
  beforeAll(async () => {
    graded = await gradeHistories(loadCourse(readCourse, false), histories, {
      ...{ roster, feedback: true, started },
      tables: { 'overrides.csv': 'login,total,reason,was\ns36,6,Looked at,6\n' },
    });
  });

  // A hash may have the letters of a name.
  const pageOf = (name: string) => text(name).replace(/<style>.*?<\/style>|'sha256-[^']*'/gs, '');
  const textOf = (name: string) => textOfPage(text(name));

  // Written anew by: npm run test:all -- class/pages -u
  test.each(['report.html', 'follow-up.html', 'poll.html', 'feedback/s00.html'])(
    'what people read in %s',
    (name) => {
      expect(textOf(name)).toMatchSnapshot();
    },
  );

  test.each(['grades.csv', 'responses.csv'])('the lines of %s', (name) => {
    expect(`\n${text(name).replaceAll('\r', '')}`).toMatchSnapshot();
  });

  test('the printed count, grades.csv and run.json are of the same students', () => {
    const [heads = [], ...lines] = parseCsv(text('grades.csv'), { bom: true }) as string[][];
    const reasons = lines.map((cells) => cells[heads.indexOf('needs_review')]);
    const { needsReview } = JSON.parse(text('run.json')) as { needsReview: Record<string, string[]> };
    const counts = [reasons.filter(Boolean).length, new Set(Object.values(needsReview).flat()).size];
    expect(graded.summary.join(' ')).toContain(`${counts[0]} to review;`);
    expect(counts[1]).toBe(counts[0]);
    expect(text('follow-up.html')).toContain('Decided');
  });

  test('feedback shows the line of a slip, and the line as it should be', () => {
    const page = pageOf('feedback/s32.html');
    const [shown, corrected] = [...page.matchAll(/<pre>(.*?)<\/pre>/gs)].map(([, text]) => text);
    expect(shown).toMatch(/across 11 .*\n *\^/);
    expect(corrected).toContain('across: 11 ');
  });

  test('names are on the page with names alone', () => {
    expect(textOf('follow-up.html')).toContain('Not for the projector.');
    expect(pageOf('follow-up.html')).toContain('href="https://github.com/org/fruit-s26"');
    for (const name of ['report.html', 'poll.html'])
      for (const word of ['Student s', ...logins]) expect(pageOf(name)).not.toContain(word);
  });
});

test('what staff read of a class of which nothing is to decide', async () => {
  const handedIn = { commits: { only: at(-5, work(rightAnswers, 'Pears', 'Lemons')) } };
  const { text } = await gradeHistories(
    loadCourse(courseWith(), false),
    { ada: handedIn, bob: handedIn },
    { started },
  );
  const pages = ['report.html', 'follow-up.html'].map((name) => textOfPage(text(name)));
  expect(`\n${pages.join('\n\n== \n')}\n`).toMatchSnapshot();
});

test('a cell is the darker the more of its answers are wrong, and has no shade where none is', () => {
  const shades = [0, 2, 8, 15, 25, 35, 50, 100].map((wrong) => shadeOf(wrong, 100));
  expect(shades).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(shadeOf(0, 0)).toBe(0);
});

describe('the page of a class', () => {
  const content: KeyContent = {
    ...againSolution,
    misconceptions: [
      ...againSolution.misconceptions,
      { id: 'peeled', row: 'basket', values: { down: 5, across: 5 }, text: 'Nothing was peeled.' },
    ],
    quantities: [...againSolution.quantities, { value: 1500, phrase: 'how heavy it is' }],
    explanations: { basket: 'A basket holds all apples.' },
  };
  const key = plainKey(againRubric, content);
  const titles: Record<string, string> = { 'all-fruit': 'All fruit', peeled: 'Peeled' };
  const titled = content.misconceptions.map((idea) => ({ ...idea, title: titles[idea.id] }));

  /** A worksheet in which all but one row is right. */
  const basket = (...cells: WrittenRow) => twoTables({ ...rightFirst, basket: cells });
  const crate = (...cells: WrittenRow) => twoTables({ ...rightFirst, crate: cells });
  const right = twoTables(rightFirst);
  const blank = twoTables({});
  const fruit = basket(7, 24);
  const peeled = crate(7, 99);
  const odd = basket(1000, 11);
  const square = basket(7, 7);
  const turned = basket(11, 7);
  const turnedTable = twoTables({ basket: [11, 7], crate: [13, 7] });
  const rightAtOtherSizes = twoTables(rightFirst, rightInSecond);
  const fruitAtOtherSizes = twoTables(rightFirst, { ...rightInSecond, basket: [12, 40] });

  /** Some students who wrote the same. */
  const students = (count: number, answers: string): string[] => Array(count).fill(answers);

  const reports = new Map<string, Promise<Report>>();
  function reportOf(answers: string): Promise<Report> {
    const report = reports.get(answers) ?? gradeTexts(answers, notesOf(), key, againRubric);
    reports.set(answers, report);
    return report;
  }

  const classOfStudents = (...groups: string[][]): Promise<StudentResult[]> =>
    Promise.all(groups.flat().map(async (answers, index) => resultOf(await reportOf(answers), index)));

  function pageOf(rows: readonly StudentResult[]): string {
    const solution = { ...content, handoutFacts: {} };
    const context = {
      notes: [],
      vote: { reason: 'a test.' },
      solution,
      beside: ['follow-up.html', 'poll.html'],
    };
    return textIn(
      renderPage(statisticsOf(againRubric, rows, { ...content, misconceptions: titled }), context),
    );
  }
  const pageAbout = async (...groups: Parameters<typeof classOfStudents>) =>
    pageOf(await classOfStudents(...groups));

  test('says of an idea that cannot be seen at other sizes that it is not asked there', async () => {
    const rows = await classOfStudents(
      students(2, twoTables({ ...rightFirst, basket: [7, 24] }, rightInSecond)),
    );
    const againOf = (others: KeyContent['others']) =>
      statisticsOf(againRubric, rows, { ...content, others }).ideas.map(({ id, inSecond }) => [id, inSecond]);
    expect(againOf(content.others)).toEqual([['all-fruit', 0]]);
    expect(againOf([])).toEqual([['all-fruit', undefined]]);
  });

  test('counts those whose answers were read, and says why it does not count the others', async () => {
    expect(await pageAbout()).toContain('There are no students. Nobody’s answers are known yet.');
    const notStarted = await pageAbout(students(3, blank));
    expect(notStarted).toContain('No answers count yet: 3 not started.');
    expect(notStarted).toContain('Nobody’s answers are known yet.');
    const unread = twoTables({ basket: ['"x"', 11] });
    const some = await pageAbout(students(2, unread), students(3, fruit), students(1, blank));
    expect(some).toContain('Counted: 5 of 6 students, whose answers were read. Not counted: 1 not started.');
    expect(some).toContain('Basket of fruit 3 of 3 2 of 5 Crate 3 of 3 3 of 3');
    expect(some).not.toContain('Basket of fruit · down');
    expect(some).toContain('Basket of fruit · across 2 of 5 0 24: All fruit (3 students)');
    expect(await pageAbout(students(4, basket('null', 'null')), students(6, right))).toContain(
      'Every answer in the worksheet is right.',
    );
  });

  test('names the answer that three or more share, a tenth of the class and a third of those who are wrong there', async () => {
    expect(await pageAbout(students(3, fruit), students(27, right))).toContain(
      '3 of 30 wrote 7 and 24 for Basket of fruit: all fruit. These are 3 of the 3 who have this row wrong.',
    );
    expect(await pageAbout(students(3, fruit), students(28, right))).toContain(
      'Nearly every answer is right. Missed most: Basket of fruit · across: 3 of 31 have it wrong. 24: All fruit (3 students)',
    );
    expect(await pageAbout(students(2, fruit), students(2, right))).toContain(
      'No wrong answer is shared by many. Missed most: Basket of fruit · across: 2 of 4 have it wrong. 24: All fruit (2 students)',
    );
    const few = [students(2, odd), students(2, square), students(2, turned)];
    expect(await pageAbout(students(3, fruit), ...few, students(1, basket(7, 30)))).toContain(
      'No wrong answer is shared by many.',
    );
    expect(await pageAbout(students(3, fruit), ...few)).toContain(
      'These are 3 of the 9 who have this row wrong.',
    );
    // A quarter of them is enough where four wrote it, and no other answer comes near.
    const many = [...few, students(2, basket(7, 30)), students(2, basket(7, 31))];
    expect(await pageAbout(students(4, fruit), ...many, students(2, basket(7, 32)))).toContain(
      '4 of 16 wrote 7 and 24 for Basket of fruit: all fruit. These are 4 of the 16 who have this row wrong.',
    );
    expect(await pageAbout(students(4, fruit), ...many, students(3, basket(7, 32)))).toContain(
      'No wrong answer is shared by many.',
    );
  });

  test('names the most frequent answer, of equals that of the higher row, and says what it means', async () => {
    expect(await pageAbout(students(3, peeled), students(3, fruit))).toContain(
      '3 of 6 wrote 7 and 24 for Basket of fruit: all fruit.',
    );
    expect(await pageAbout(students(4, peeled), students(3, fruit))).toContain(
      '4 of 7 wrote 7 and 99 for Crate: peeled. These are 4 of the 4 who have this row wrong. No vote: a test. What is right 7 and 13',
    );
    expect(await pageAbout(students(2, fruit), students(2, peeled), students(2, right))).toContain(
      'Missed most: Basket of fruit · across: 2 of 6 have it wrong. 24: All fruit (2 students) Crate · across: 2 of 6 have it wrong. 99: Peeled (2 students)',
    );
    expect(await pageAbout(students(3, peeled), students(1, basket(5, 5)), students(4, right))).toContain(
      '3 of 8 wrote 7 and 99 for Crate: peeled. These are 3 of the 3 who have this row wrong.',
    );
    expect(await pageAbout(students(4, basket(1500, 11)), students(6, right))).toContain(
      '4 of 10 wrote 1,500 and 11 for Basket of fruit: 1,500 is how heavy it is.',
    );
    expect(await pageAbout(students(4, odd), students(6, right))).toContain(
      '4 of 10 wrote 1,000 and 11 for Basket of fruit. These are 4 of the 4 who have this row wrong.',
    );
  });

  test('shows a table that is turned throughout by the row that most turned', async () => {
    expect(await pageAbout(students(3, turnedTable), students(4, turned), students(6, right))).toContain(
      '7 of 13 wrote 11 and 7 for Basket of fruit: transposed. These are 7 of the 7 who have this row wrong. No vote: a test. What is right, and why 7 and 11 A basket holds all apples.',
    );
    const { ideas } = statisticsOf(againRubric, await classOfStudents(students(1, turnedTable)));
    expect(ideas).toMatchObject([{ id: 'transposed', inWorksheet: 1 }]);
  });

  test('says of the second table how many of those who filled it in have it right', async () => {
    const some = await pageAbout(students(4, fruitAtOtherSizes), students(3, right));
    expect(some).toContain(
      '4 of the 4 who filled in the second table wrote 12 and 40 for Basket of fruit at other sizes: all fruit. These are 4 of the 4 who have this row wrong. No vote: a test. What is right 12 and 16 Grades',
    );
    expect(some).toContain('Basket of fruit 0 of 4 Crate 4 of 4');
    expect(await pageAbout(students(6, rightAtOtherSizes), students(5, right))).toContain(
      'Basket of fruit 6 of 6 Crate 6 of 6',
    );
  });

  test('counts the points of those who have any, and each text of a person or a group once', async () => {
    const pointsIn = async (...points: (number | null)[]) => {
      const rows = await classOfStudents(students(points.length, right));
      return pageOf(rows.map((row, index) => ({ ...row, points: points[index] ?? null })));
    };
    expect(await pointsIn(1, 2, 8, 10)).toContain('median 5, mean 5.3, of the 4 who have points');
    expect(await pointsIn(2, 8, 10)).toContain('median 8, mean 6.7, of the 3 who have points');
    expect(await pointsIn(3, null)).toContain('median 3, mean 3.0, of the 1 who have points');
    // A column for each number of points.
    expect(await pointsIn(1, 2, 8, 10)).toContain('Points 0 1 1 1 2 3 4 5 6 7 1 8 9 1 10 ');
    const [ada, ben, cyd, dan, eve] = await classOfStudents(students(5, right));
    const wrote = (student: StudentResult | undefined, text: string, group?: string) => ({
      ...(student as StudentResult),
      group,
      folder: group ?? student?.key,
      responses: [{ question: 'sweetest', text: text as Untrusted }],
    });
    const page = pageOf([
      wrote(ada, 'Sour.'),
      wrote(ben, 'The sweet one.'),
      wrote(cyd, ' the sweet  ONE.\n'),
      wrote(dan, 'Ours.', 'team'),
      wrote(eve, 'Ours.', 'team'),
    ]);
    expect(page).toMatch(/\(4 responses\) The sweet one\. 2 students wrote this\. Ours\. Sour\. $/);
  });
});

test('of many responses two hundred are shown, long ones in part, and the page says how many are left', async () => {
  const written = Array.from({ length: 203 }, (_, index) => `${'x'.repeat(1600)} ${index}`);
  const students = written.map(
    (text, index) => [`s${index}`, { commits: { a: at(-1, work(rightAnswers, text)) } }] as const,
  );
  const { text } = await gradeHistories(loadCourse(courseWith(), false), Object.fromEntries(students));
  const page = text('report.html');
  expect(page.match(/x{1500}…/g)).toHaveLength(200);
  expect(page).not.toContain('x'.repeat(1501));
  expect(page).toContain('responses.csv has 3 more.');
});

describe('a vote', () => {
  const course = loadCourse(courseWith({ vote: { apples: 20, brand: 'Shiny' } }, solution), false);

  /** Values that students may write in the row of the basket, and what comes of that idea at the sizes of the vote. */
  const ideas = {
    right: { written: '{ down: 7, across: 11 }', text: '20 and 24', why: 'A basket holds all apples.' },
    fruit: { written: '{ down: 7, across: 24 }', text: '20 and 63', why: 'Only one kind lies in a basket.' },
    turned: { written: '{ down: 11, across: 7 }', text: '24 and 20', why: 'Turn it round.' },
    square: { written: '{ down: 7, across: 7 }', text: '20 and 20', why: 'Not a square.' },
  };
  type Class = Readonly<Partial<Record<keyof typeof ideas, number>>>;

  /** The statistics of a class, by how many students have each idea of the basket. */
  async function statsOf(students: Class, crate = '{ down: 7, across: 13 }') {
    const sheets = Object.entries(students).flatMap(([idea, count]) =>
      Array<string>(count).fill(answersOf(ideas[idea as keyof Class].written, crate)),
    );
    const reports = sheets.map((sheet) => gradeTexts(sheet, notesOf(), course.key, course.rubric));
    const results = (await Promise.all(reports)).map(resultOf);
    return statisticsOf(course.rubric, results, course.solution);
  }

  const voteAbout = async (students: Class, crate?: string) => {
    const vote = await voteOf(course, voteSizesOf(course), await statsOf(students, crate));
    if ('reason' in vote) throw new Error(vote.reason);
    return vote;
  };

  test.each<[most: keyof Class, Class]>([
    ['fruit', { fruit: 3, square: 1 }],
    ['fruit', { fruit: 3, turned: 1, right: 1 }],
    ['square', { square: 3, fruit: 1, turned: 1 }],
    ['turned', { turned: 3, square: 1, right: 2 }],
    ['fruit', { fruit: 3, square: 1, turned: 1 }],
    ['fruit', { right: 6, fruit: 3, square: 1, turned: 1 }],
    ['fruit', { fruit: 8 }],
  ])(
    'asks at other sizes, with the right answer, what most wrote (%s of %j), and two more',
    async (most, students) => {
      const vote = await voteAbout(students);
      expect(vote).toMatchObject({
        asked: 'Basket of fruit: down, across?',
        stated: ['apples 20, brand Shiny'],
      });
      expect(vote.options).toHaveLength(4);
      const option = ({ text, why }: (typeof ideas)[keyof Class], isRight: boolean) => ({
        text,
        why,
        isRight,
      });
      expect(vote.options).toContainEqual(option(ideas.right, true));
      expect(vote.options).toContainEqual(option(ideas[most], false));
      const page = renderVote(vote, course.rubric.title).replace(/<style>.*<\/style>/gs, '');
      // It shows neither a name, nor a student's answer, nor the worksheet's own.
      expect(page).not.toMatch(/Secret|NaN|undefined|, 11\b|7, |<script/);
      // The only option with a mark, at the step of the answer, is the right one.
      const marked = [...page.matchAll(/<li class="[^"]* right"><b>[A-D]<\/b> ([^<]*) <span [^>]*>✓ right/g)];
      expect(marked.map(([, text]) => text)).toEqual([ideas.right.text]);
      expect(page.match(/✓ right/g)).toHaveLength(1);
    },
  );

  test('has the right option at another place from class to class, and each time at the same', async () => {
    const classes: Class[] = [
      { fruit: 3, square: 1 },
      { turned: 3, square: 1 },
      { fruit: 3, turned: 1 },
    ];
    const placeIn = async (students: Class, crate?: string) =>
      (await voteAbout(students, crate)).options.findIndex(({ isRight }) => isRight);
    const places = await Promise.all(classes.map((students) => placeIn(students)));
    places.push(await placeIn({ right: 2 }, '{ down: 7, across: 50 }'));
    expect(new Set(places).size).toBeGreaterThan(1);
    expect(await Promise.all(classes.map((students) => placeIn(students)))).toEqual(places.slice(0, 3));
  });

  test('asks about the cell that most miss where no answer is shared, and about the first row where all is right', async () => {
    expect((await voteAbout({ right: 2 }, '{ down: 7, across: 50 }')).asked).toMatch(/^Crate/);
    expect((await voteAbout({ right: 3 })).asked).toMatch(/^Basket/);
  });

  test('has no answer of the class that has no meaning at its sizes', async () => {
    const unknown = await voteAbout({ right: 4 }, '{ down: 7, across: 1234 }');
    expect(unknown).toMatchObject({ asked: 'Crate: down, across?' });
    expect(unknown.options.map(({ text }) => text).join()).not.toContain('1,234');
  });

  test.each<[isHidden: boolean, what: string, ...options: string[]]>([
    [false, 'it and one other alone have numbers of both columns', '7 11', '11 7', '7 7', '11 11'],
    [false, 'the right one alone has the most frequent of both columns', '7 11', '7 24', '24 11', '30 30'],
    [false, 'the right one shares nothing', '7 11', '24 30', '30 24', '24 24'],
    [true, 'one column is alike, and all differ in the other', '7 11', '7 24', '7 30', '7 40'],
    [true, 'each pair of numbers is there', '7 11', '7 24', '9 11', '9 24'],
  ])('does not show which option is right (%s): %s', (isHidden, _what, ...options) => {
    const [row] = rowsOf(course.rubric);
    const values = options.map((option) => {
      const [down = 0, across = 0] = option.split(' ').map(Number);
      return { down, across };
    });
    expect(row && hidesTheRight(row, values)).toBe(isHidden);
  });

  test('carries a variant of an idea to the same variant, and takes rows of many columns', async () => {
    const columns = ['a', 'b', 'c', 'd', 'e'].map((id) => `{ id: ${id}, label: ${id.toUpperCase()} }`);
    const derived = '{ a: days + 1, b: days + 2, c: days + 3, d: days + 4, e: days + 5 }';
    const wide = pears(columns.join(', '), derived, variants);
    const [row] = wide.rubric.tables[0]?.rows ?? [];
    const [, sizes] = sizesOf(wide);
    if (!row || !sizes) throw new Error('no row');
    const values = { a: 2, b: 3, c: 4, d: 5, e: 42 };
    const vote = await questionAbout(wide, statedAt(wide, sizes), row, [{ row, values }]);
    expect(vote?.options.map(({ text }) => text)).toContain('11 and 12 and 13 and 14 and 60');
  });

  test('is not there without sizes, at sizes that check refuses, and where no row takes four answers', async () => {
    const stats = await statsOf({ fruit: 3, square: 1 });
    const at = (vote: object | undefined) => ({ ...course, file: { ...course.file, vote } }) as typeof course;
    const voteAt = (of: typeof course) => voteOf(of, voteSizesOf(of), stats);
    expect(await voteAt(at(undefined))).toEqual({
      reason: 'rubric.yaml states no other sizes under vote.',
    });
    expect(await voteAt(at({ apples: 7 }))).toEqual({
      reason: 'npm run check refuses the sizes under vote in rubric.yaml, and says why.',
    });
    const choice = '{ id: ripe, label: Ripe, kind: choice, options: [yes, no] }';
    const choices = pears(choice, "{ ripe: days > 5 ? 'yes' : 'no' }");
    expect(await voteOf(choices, voteSizesOf(choices), statisticsOf(choices.rubric, []))).toEqual({
      reason: 'no row has four answers there, with another right one than in the worksheet.',
    });
  });
});

/** A course of one row, with what is right in it after some days. */
function pears(columns: string, derived: string, more = 'export const misconceptions = () => [];') {
  const files = {
    'rubric.yaml': `
title: Pears
given: { days: 1 }
vote: { days: 10 }
file: work/boxes.ts
tables:
- { export: boxes, points: 1, rows: [{ id: pear, label: Pear }], columns: [${columns}] }
`,
    'solution/index.ts': `
export const derive = ({ days }) => ({ pear: ${derived} });
export const measure = derive;
${more}
`,
  };
  return loadCourse(courseWith({}, files), false);
}

/** An idea with several entries for one row, the last of which is six times more than another. */
const variants = `
export const misconceptions = ({ days }) => [2, 3, 42, 6].map((times, at) => (
  { id: 'more', row: 'pear', values: { e: at === 2 && days > 1 ? 60 : times * days }, text: 'Too many.' }
));
export const quantities = ({ days }) =>
  Array.from({ length: 30 }, (_, at) => ({ value: days * 1000 + at, phrase: 'pears of kind ' + 'x'.repeat(at) }));
`;

test('decimals that differ by less than their tolerance are one wrong answer, and others are not', async () => {
  const { rubric, key, solution } = pears(
    '{ id: grams, label: Grams, kind: decimal, tolerance: 0.5 }',
    '{ grams: 9 * days }',
  );
  const written = ['4.0', '4.1', '4.2', '7.0', '7.1', '20'];
  const rows = await Promise.all(
    written.map(async (grams, index) => {
      const text = `export const boxes = { pear: { grams: ${grams} } };`;
      return resultOf(await gradeTexts(text, undefined, key, rubric), index);
    }),
  );
  const { wrongAnswers } = statisticsOf(rubric, rows, solution);
  const groups = wrongAnswers.map(({ students }) =>
    [...students].map(({ worksheet }) => worksheet.rows[0]?.cells[0]?.value),
  );
  expect(groups).toEqual([[4, 4.1, 4.2], [7, 7.1], [20]]);
});

describe('the page of names', () => {
  const course = releasedCourse({}, { 'rubric.yaml': disputableYaml });
  const turned = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');
  const disputed = answersOf('{ down: 7, across: 24 }', '{ down: 5, across: 99 }');
  const pageIn = (out: string) => readText(out, 'follow-up.html');

  test('proposes a line for each decision, which the next run accepts, and does not ask twice', async () => {
    const typo = rightAnswers.replace('7, across: 13', '7; across: 13');
    const root = classOf({
      ada: work(typo, 'a', 'b'),
      ben: { 'work/boxes.ts': disputed, 'work/notes.md': disputing('My basket has room.', 'a', 'b') },
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
    const list = rosterOf('login,name', ...logins.map((login) => `${login},${login}`));
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

    const blocks = linesIn(pageIn(out));
    expect(blocks.map(({ file, lines }) => `${file}: ${lines.join('; ')}`)).toEqual([
      'overrides.csv: ben,7,,Disputed mark checked,7',
      'overrides.csv: ada,10,,Typo in line 3 corrected,6; ian,0,,File looked at,0',
      'overrides.csv: cyd-x,10,,Counts: work/boxes.ts,none',
      'matches.csv: "\'=odd,name",,; stranger,,',
    ]);
    for (const { file, lines } of blocks) appendFileSync(path.join(out, file), `${lines.join('\n')}\n`);
    const done = await gradeClass(course, root, { out, apply: true, roster: list });
    expect(done.stdout).not.toContain('does not count: it');
    const points = logins.map((login) => done.row(login).points);
    expect(points).toEqual([10, 7, 10, 0, null, 0, null, 6, 0]);
    expect(linesIn(pageIn(out)).map(({ file }) => file)).toEqual(['matches.csv']);
    const [header = ''] = /Who has no graded work.*?<\/table>/s.exec(pageIn(out)) ?? [];
    const withoutGrade = logins.filter((login) => new RegExp(`\\b${login}\\b`).test(header));
    expect(withoutGrade).toEqual(['eve', 'fay', 'gil']);
  });

  test('says who shows the same idea in both tables', async () => {
    const again = releasedCourse({}, { 'rubric.yaml': againYaml, ...solution });
    const fruit = { basket: [7, 24], crate: [7, 13] } as const;
    const root = classOf({
      ada: work(twoTables(fruit, { basket: [12, 39], crate: [12, 18] }), 'a', 'b'),
      cyd: work(twoTables(fruit, { basket: [12, 16], crate: [1, 2] }), 'a', 'b'),
    });
    expect(textIn(pageIn((await gradeClass(again, root)).out))).toContain(
      'The same idea in both tables (1) ada : All fruit. Basket of fruit: 7 and 24; at other sizes Basket of fruit: 12 and 39',
    );
  });

  test('whoever has few points is listed with a column too much, too, and not with answers outside of the table', async () => {
    const row = '{ down: 1, across: 1, depth: 3 }';
    const root = classOf({
      ann: work(answersOf(row, row)),
      bob: work(`${blankAnswers}// basket 1 1\n// crate 1 1\n`),
    });
    const page = textIn(pageIn((await gradeClass(releasedCourse(), root)).out));
    expect(/Fewest points \((\d)\).*?(ann|bob)/.exec(page)?.slice(1)).toEqual(['1', 'ann']);
  });
});

test('the twenty with the fewest points are listed, the lowest first', async () => {
  const written = Array.from({ length: 24 }, (_, index) => index);
  const students = written.map((index) => {
    const answers = index % 2 === 0 ? answersOf('{ down: 1, across: 1 }', '{ down: 1, across: 1 }') : partly;
    return [`s${index}`, { commits: { a: at(-1, work(answers)) } }] as const;
  });
  const { text } = await gradeHistories(loadCourse(courseWith(), false), Object.fromEntries(students));
  const [, list = ''] = text('follow-up.html').split('Fewest points (20)');
  // Students with the same points are in one entry.
  expect([...list.matchAll(/<b>(\d+) students<\/b>: (\d) of 10/g)].map(([, ...found]) => found)).toEqual([
    ['12', '0'],
    ['8', '3'],
  ]);
});

test('the first line of a class says how many have no grade, whether anybody has begun, and nothing of nobody', async () => {
  const started = await gradeTexts(rightAnswers);
  const blank = await gradeTexts(blankAnswers);
  const ungraded = { ...resultOf(started), points: null };
  const lineOf = (...students: StudentResult[]) => gradesLine({ students, unmatched: [] });
  expect(lineOf()).toBe('There are no students.');
  const nobody = [resultOf(blank), { ...resultOf(blank), status: 'no submission' as const }];
  expect(lineOf(...nobody)).toBe('Nobody has begun.');
  const waiting = { ...resultOf(started), status: 'unmatched' as const, points: null, isOpen: true };
  const unmatched = [{ ...waiting, candidates: [], adjustments: [] }];
  expect(gradesLine({ students: nobody, unmatched })).toBe('All 2 have a grade.');
  expect(lineOf({ ...resultOf(blank), override: { line: 2, closes: 'less' } })).toBe(
    'The one student has a grade.',
  );
  expect(lineOf(resultOf(started), resultOf(blank))).toBe('All 2 have a grade.');
  expect(lineOf(resultOf(started), ungraded)).toBe('1 of 2 has no grade yet.');
  expect(lineOf(ungraded, ungraded, resultOf(started))).toBe('2 of 3 have no grade yet.');
  // Of points set by hand, none is a zero for missing work.
  const zero = {
    ...resultOf(blank),
    adjustments: [{ kind: 'no submission', reason: '', before: null, after: 0 }],
  } as StudentResult;
  const byHand = { ...zero, override: { line: 2, closes: 'less' } } as const;
  expect([zero, byHand, resultOf(started)].map((one) => withoutWork([one]).length)).toEqual([1, 0, 0]);
  const people = { nameOf: () => 'Ada' } as unknown as GradedClass['people'];
  expect(countsIn({ students: [zero], unmatched: [], people }).join()).toMatch(/A zero for work .*: Ada\.$/);
});
