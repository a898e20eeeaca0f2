import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { askAgainOf } from '../../course/ask-again';
import { type Course, loadCourse } from '../../course/course';
import type { Report } from '../../grading/report.schema';
import { plainKey } from '../../key/judge';
import type { KeyContent } from '../../key/known-answers';
import type { Untrusted } from '../../message';
import { textHtml } from '../../render/escape/html';
import { readText } from '../../system/files';
import { askingCourse } from '../../testing/asking-course';
import {
  classOf,
  courseWith,
  gradeClass,
  linesIn,
  releasedCourse,
  resultOf,
  rosterOf,
  withoutCodes,
  work,
} from '../../testing/classes';
import { gradeTexts } from '../../testing/grade';
import { gradeHistories } from '../../testing/grade-histories';
import { at, started } from '../../testing/history-cases';
import { textOfPage } from '../../testing/page-text';
import { evil, histories, logins, course as readCourse, roster } from '../../testing/read-class';
import {
  answersOf,
  blankAnswers,
  disputableYaml,
  disputing,
  solution as fruitSolution,
  notesOf,
  partly,
  rightAnswers,
  rubric,
} from '../../testing/worksheet';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';
import { renderPage } from './class-page';
import { shadeOf } from './layout';
import { countsIn, gradesLine, statisticsOf, withoutWork } from './statistics';

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
      // From another source, without times.
      archives: {
        'folders.zip': {
          's98/mine/boxes.ts': rightAnswers,
          's98/mine/notes.md': notesOf('Pears', 'Lemons'),
          'stranger/work/boxes.ts': rightAnswers,
          'stranger/work/notes.md': notesOf(),
        },
      },
      tables: {
        'overrides.csv': 'login,total,reason,was\ns08,9,A typo,6\ns36,6,Looked at,6 r46z2h\n',
        'comments.csv': 'login,text\ns21,Well done!\n',
      },
    });
  });

  const recordsIn = (name: string) =>
    parseCsv(text(name), { bom: true, columns: true }) as Record<string, string>[];
  // A hash may contain the letters of a name.
  const pageOf = (name: string) => text(name).replace(/<style>.*?<\/style>|'sha256-[^']*'/gs, '');
  const textOf = (name: string) => textOfPage(text(name).replace(/<svg.*?<\/svg>/gs, ''));

  // To update: npm run test:all -- class/pages -u
  test.each(['report.html', 'follow-up.html', 'feedback/s21.html'])('what people read in %s', (name) => {
    const lines = textOf(name)
      .replaceAll(` ${textHtml(evil)}`, '')
      .split('\n');
    expect(lines.map(withoutCodes).join('\n')).toMatchSnapshot();
  });

  test.each(['grades.csv', 'responses.csv'])('the lines of %s, one of each kind', (name) => {
    const lines = recordsIn(name).map((cells) =>
      Object.entries(cells)
        .flatMap(([column, cell]) => (cell === '' ? [] : `${column}: ${cell}`))
        .join(', '),
    );
    const kindOf = (line: string) => line.replace(/\bs\d\d\b/g, '');
    const kinds = lines.filter(
      (line, index) => lines.findIndex((one) => kindOf(one) === kindOf(line)) === index,
    );
    expect(`\n${kinds.join('\n').replaceAll(` ${evil}`, '')}\n`).toMatchSnapshot();
  });

  test('everybody has a line, of whom as many as are printed wait, and a bar is as high as its points are frequent', () => {
    const rows = recordsIn('grades.csv').filter(({ status }) => status !== 'unmatched');
    expect(rows.map(({ login }) => login)).toEqual(logins);
    const { needsReview, toDecide } = JSON.parse(text('run.json'));
    const waiting = rows.filter((row) => row.needs_review).length;
    for (const said of [graded.summary.join(' '), text('follow-up.html')])
      expect(said).toContain(`${waiting} people to decide, and 1 submission not matched to a student`);
    expect(toDecide).toMatchObject({ people: waiting, submissions: 1 });
    expect(new Set(Object.values(needsReview).flat()).size).toBe(waiting + 1);
    const [histogram = ''] = /<svg class="histogram".*?<\/svg>/s.exec(text('report.html')) ?? [];
    const heights = [...histogram.matchAll(/<rect [^>]*height="([^"]*)"/g)].map(([, height]) =>
      Number(height),
    );
    const counts = heights.map((_, points) => rows.filter((row) => row.points === `${points}`).length);
    expect(heights).toEqual(counts.map((count) => Math.round((120 * count) / Math.max(...counts))));
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
    for (const word of ['Student s', 'stranger', ...logins])
      expect(pageOf('report.html')).not.toContain(word);
    for (const page of ['report.html', 'follow-up.html']) expect(pageOf(page)).not.toContain(evil);
  });
});

test('what staff read of a class of which nothing is to decide', async () => {
  const handedIn = { commits: { only: at(-5, work(rightAnswers, 'Pears', 'Lemons')) } };
  const { text } = await gradeHistories(
    loadCourse(courseWith(), false),
    { ada: handedIn, bob: handedIn },
    { started },
  );
  const [page = '', named] = ['report.html', 'follow-up.html'].map((name) => textIn(text(name)));
  expect(page).toContain('Fruit in boxes 2 of 2 counted.');
  expect(page).toContain('Every answer in the worksheet is right.');
  expect(page).not.toMatch(/Ideas|wrong answers|Ask it again/);
  expect(named).toMatch(/^ All 2 have a grade\. .* Grades to decide No grade needs a decision\. $/);
});

test('a cell is the darker the more of its answers are wrong, and has no shade where none is', () => {
  const shades = [0, 2, 8, 15, 25, 35, 50, 100].map((wrong) => shadeOf(wrong, 100));
  expect(shades).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(shadeOf(0, 0)).toBe(0);
});

describe('the page of a class', () => {
  const content: KeyContent = {
    ...fruitSolution,
    misconceptions: [
      ...fruitSolution.misconceptions,
      { id: 'peeled', row: 'basket', values: { down: 5, across: 5 }, text: 'Nothing was peeled.' },
    ],
    quantities: [...fruitSolution.quantities, { value: 1500, phrase: 'how heavy it is' }],
    explanations: { basket: 'A basket holds all apples.' },
  };
  const key = plainKey(rubric, content);
  const titles: Record<string, string> = { 'all-fruit': 'All fruit', peeled: 'Peeled' };
  const titled = content.misconceptions.map((idea) => ({ ...idea, title: titles[idea.id] }));

  /** A worksheet in which only this row may be wrong. */
  const basket = (down: number | string, across: number | string) =>
    answersOf(`{ down: ${down}, across: ${across} }`, '{ down: 7, across: 13 }');
  const crate = (down: number, across: number) =>
    answersOf('{ down: 7, across: 11 }', `{ down: ${down}, across: ${across} }`);
  const right = rightAnswers;
  const blank = blankAnswers;
  const fruit = basket(7, 24);
  const peeled = crate(7, 99);
  const odd = basket(1000, 11);
  const square = basket(7, 7);
  const turned = basket(11, 7);
  const turnedTable = answersOf('{ down: 11, across: 7 }', '{ down: 13, across: 7 }');

  /** Several students who wrote the same answers. */
  const students = (count: number, answers: string): string[] => Array(count).fill(answers);

  const reports = new Map<string, Promise<Report>>();
  function reportOf(answers: string): Promise<Report> {
    const report = reports.get(answers) ?? gradeTexts(answers, notesOf(), key, rubric);
    reports.set(answers, report);
    return report;
  }

  const classOfStudents = (...groups: string[][]): Promise<StudentResult[]> =>
    Promise.all(groups.flat().map(async (answers, index) => resultOf(await reportOf(answers), index)));

  function pageOf(rows: readonly StudentResult[]): string {
    const solution = { ...content, handoutFacts: {} };
    const context = {
      notes: [],
      askAgain: undefined,
      solution,
      hasFollowUp: true,
    };
    return textIn(renderPage(statisticsOf(rubric, rows, { ...content, misconceptions: titled }), context));
  }
  const pageAbout = async (...groups: Parameters<typeof classOfStudents>) =>
    pageOf(await classOfStudents(...groups));

  test('counts those whose answers were read, and says why it does not count the others', async () => {
    expect(await pageAbout()).toContain('There are no students. Nobody’s answers are known yet.');
    const notStarted = await pageAbout(students(3, blank));
    expect(notStarted).toContain('No answers count yet: 3 not started.');
    expect(notStarted).toContain('Nobody’s answers are known yet.');
    const unread = answersOf('{ down: "x", across: 11 }', '{ down: null, across: null }');
    const some = await pageAbout(students(2, unread), students(3, fruit), students(1, blank));
    expect(some).toContain('5 of 6 counted Their answers were read. Not counted: 1 not started.');
    expect(some).toContain('Basket of fruit 3 of 3 2 of 5 Crate 3 of 3 3 of 3');
    expect(some).not.toContain('Basket of fruit · down');
    expect(some).toContain('Basket of fruit · across 2 of 5 right 24: All fruit (3 students)');
    expect(await pageAbout(students(4, basket('null', 'null')), students(6, right))).toContain(
      'Every answer in the worksheet is right.',
    );
  });

  test('names the answer that most wrote, at least three students and 5 % of those counted', async () => {
    expect(await pageAbout(students(3, fruit), students(57, right))).toContain(
      '3 of 60 wrote 7 and 24 for Basket of fruit: all fruit. These are 3 of the 3 who got this row wrong.',
    );
    expect(await pageAbout(students(3, fruit), students(58, right))).toContain(
      'Nearly every answer is right. Missed most: Basket of fruit · across: 3 of 61 got it wrong. 24: All fruit (3 students)',
    );
    expect(await pageAbout(students(2, fruit), students(2, right))).toContain(
      'No wrong answer is shared by many. Missed most: Basket of fruit · across: 2 of 4 got it wrong. 24: All fruit (2 students)',
    );
    const few = [students(2, odd), students(2, square), students(2, turned)];
    expect(await pageAbout(students(3, fruit), ...few)).toContain(
      'These are 3 of the 9 who got this row wrong.',
    );
  });

  test('says that a number is a known quantity only where three wrote it', async () => {
    expect(await pageAbout(students(2, basket(7, 70)))).toContain('across 0 of 2 right 70 (2 students)');
    expect(await pageAbout(students(3, basket(7, 70)))).toContain(
      'across 0 of 3 right 70: how many seeds an apple has, or: how many leaves a twig has (3 students)',
    );
  });

  test('names the most frequent answer, of equals that of the higher row, and says what it means', async () => {
    expect(await pageAbout(students(3, peeled), students(3, fruit))).toContain(
      '3 of 6 wrote 7 and 24 for Basket of fruit: all fruit.',
    );
    expect(await pageAbout(students(4, peeled), students(3, fruit))).toContain(
      '4 of 7 wrote 7 and 99 for Crate: peeled. These are 4 of the 4 who got this row wrong. What is right 7 and 13',
    );
    expect(await pageAbout(students(2, fruit), students(2, peeled), students(2, right))).toContain(
      'Missed most: Basket of fruit · across: 2 of 6 got it wrong. 24: All fruit (2 students) Crate · across: 2 of 6 got it wrong. 99: Peeled (2 students)',
    );
    expect(await pageAbout(students(3, peeled), students(1, basket(5, 5)), students(4, right))).toContain(
      '3 of 8 wrote 7 and 99 for Crate: peeled. These are 3 of the 3 who got this row wrong.',
    );
    expect(await pageAbout(students(4, basket(1500, 11)), students(6, right))).toContain(
      '4 of 10 wrote 1,500 and 11 for Basket of fruit: 1,500 is how heavy it is.',
    );
    expect(await pageAbout(students(4, odd), students(6, right))).toContain(
      '4 of 10 wrote 1,000 and 11 for Basket of fruit. These are 4 of the 4 who got this row wrong.',
    );
  });

  test('shows a table that is turned throughout by the row that most turned', async () => {
    expect(await pageAbout(students(3, turnedTable), students(4, turned), students(6, right))).toContain(
      '7 of 13 wrote 11 and 7 for Basket of fruit: transposed. These are 7 of the 7 who got this row wrong. What is right, and why 7 and 11 A basket holds all apples.',
    );
    const { ideas } = statisticsOf(rubric, await classOfStudents(students(1, turnedTable)));
    expect(ideas).toMatchObject([{ id: 'transposed', students: { size: 1 } }]);
  });

  test('counts the points of those who have any, and each text of a person or a group once', async () => {
    const pointsIn = async (...points: (number | null)[]) => {
      const rows = await classOfStudents(students(points.length, right));
      return pageOf(rows.map((row, index) => ({ ...row, points: points[index] ?? null })));
    };
    expect(await pointsIn(1, 2, 8, 10)).toContain('median 5, mean 5.3, for the 4 with points');
    expect(await pointsIn(2, 8, 10)).toContain('median 8, mean 6.7, for the 3 with points');
    expect(await pointsIn(3, null)).toContain('median 3, mean 3.0, for the 1 with points');
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

test('a response under no question is among the responses of a class', async () => {
  const clone = {
    commits: { a: at(-1, { ...work(rightAnswers), 'work/notes.md': 'Plums, all of them.\n' }) },
  };
  const { text } = await gradeHistories(loadCourse(courseWith(), false), { ada: clone });
  expect(text('responses.csv')).toContain('Plums, all of them.');
});

describe('the question that the class page asks again', () => {
  const solution = { 'solution/index.ts': askingCourse['solution/index.ts'] ?? '' };
  const course = loadCourse(courseWith({ ask_again: { apples: 20, brand: 'Shiny' } }, solution), false);

  /** The question that the page asks again if a class wrote these rows for the basket and the crate. */
  async function askedAgain(of: Course, ...sheets: readonly string[]) {
    const reports = sheets.map((sheet) => gradeTexts(sheet, notesOf(), of.key, of.rubric));
    const stats = statisticsOf(of.rubric, (await Promise.all(reports)).map(resultOf), of.solution);
    const context = { notes: [], solution: of.solution, askAgain: askAgainOf(of), hasFollowUp: false };
    const [, , asked] =
      /(<h3>Ask it again, at other sizes<\/h3>(.*?))<\/div>/s.exec(renderPage(stats, context)) ?? [];
    return asked;
  }
  const fruit = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }');
  const odd = answersOf('{ down: 7, across: 11 }', '{ down: 7, across: 50 }');

  test('is about the row of the answer that many share, with what is right there folded, on paper, too', async () => {
    const asked = await askedAgain(course, fruit, fruit, fruit, odd);
    expect(textOfPage(asked ?? '').split('\n')).toEqual([
      '',
      'Basket of fruit: down, across?',
      'apples 20, brand Shiny',
      'What is right there, and why',
      '20 and 24 A basket holds all apples.',
      '',
    ]);
    expect(asked).toContain('<details class="not-on-paper"><summary>');
  });

  test('is about the row of the cell that most miss where no answer is shared', async () => {
    expect(await askedAgain(course, odd, rightAnswers)).toContain('Crate: down, across?');
  });

  test('is not there where nobody has anything wrong, nobody is known, or rubric.yaml states no other sizes', async () => {
    expect(await askedAgain(course, rightAnswers, rightAnswers)).toBe(undefined);
    expect(await askedAgain(course)).toBe(undefined);
    expect(await askedAgain(loadCourse(courseWith({}, solution), false), fruit, fruit, fruit)).toBe(
      undefined,
    );
  });

  test('has the options of a choice', async () => {
    const ripe = pears(
      '{ id: ripe, label: Ripe, kind: choice, options: [yes, no] }',
      "{ ripe: days > 5 ? 'yes' : 'no' }",
    );
    const wrong = "export const boxes = { pear: { ripe: 'yes' } };";
    const asked = textOfPage((await askedAgain(ripe, wrong)) ?? '');
    expect(asked.trim().split('\n')).toEqual([
      'Pear: ripe?',
      'days 10',
      'ripe: yes, no',
      'What is right there',
      'yes',
    ]);
  });
});

/** A course with one row, whose right answers depend on the number of days. */
function pears(columns: string, derived: string) {
  const files = {
    'rubric.yaml': `
title: Pears
given: { days: 1 }
ask_again: { days: 10 }
file: work/boxes.ts
tables:
- { export: boxes, points: 1, rows: [{ id: pear, label: Pear }], columns: [${columns}] }
`,
    'solution/index.ts': `
export const derive = ({ days }) => ({ pear: ${derived} });
export const measure = derive;
export const misconceptions = () => [];
`,
  };
  return loadCourse(courseWith({}, files), false);
}

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
    [...students].map(({ report }) => report.rows[0]?.cells[0]?.value),
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
      ian: work(answersOf('{ down: 1 1, across: 1 }', '{ down: 1, across: 1 }')),
      stranger: work(rightAnswers),
      '=odd,name': work(rightAnswers),
    });
    const logins = ['ada', 'ben', 'cyd-x', 'dan', 'eve', 'fay', 'gil', 'hal', 'ian'];
    const list = rosterOf('login,name', ...logins.map((login) => `${login},${login}`));
    const { out, stdout, row, run } = await gradeClass(course, root, { roster: list });
    expect(stdout).toContain('\n3 of 9 have no grade yet.\n');
    const text = textIn(pageIn(out));
    expect(text).toMatch(/^ 3 of 9 have no grade yet\. /);
    // A typo is shown with the points that the answers earn without it, if those are more than what counts.
    expect([row('ada').corrected, row('ian').corrected]).toEqual([{ lines: [3], points: 10 }, undefined]);
    expect(text).toContain('6 of 10 now, and 10 with line 3 of work/boxes.ts corrected.');
    expect(text).toContain('▲ 3 crate: { down: 7; across: 13 }, → crate: { down: 7, across: 13 },');
    // A dispute may be about any cell that is marked wrong.
    expect(row('ben').dispute).toBe('My basket has room.');
    expect(run.needsReview['class/dispute']).toEqual(['ben']);
    expect(text).toContain(
      'My basket has room. It may be about Basket of fruit · across (24); Crate · down (5); Crate · across (99).',
    );
    expect(text.indexOf('My basket has room.')).toBeLessThan(text.indexOf('with line 3 of'));
    expect(text).toContain('Fewest points');

    expect(text).toContain('Decide faster in grading.html');
    const blocks = linesIn(pageIn(out));
    expect(blocks.map(({ file, lines }) => `${file}: ${lines.map(withoutCodes).join('; ')}`)).toEqual([
      'overrides.csv: ada,10,,Typo in line 3 corrected,6 …; ben,7,,Disputed mark checked,7 …; cyd-x,10,,Counts: work/boxes.ts,none …; ian,0,,File looked at,0 …',
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
  const unmatched = [{ ...waiting, content: undefined, candidates: [], adjustments: [] }];
  expect(gradesLine({ students: nobody, unmatched })).toBe('All 2 have a grade.');
  expect(lineOf({ ...resultOf(blank), override: { line: 2 } })).toBe('The one student has a grade.');
  expect(lineOf(resultOf(started), resultOf(blank))).toBe('All 2 have a grade.');
  expect(lineOf(resultOf(started), ungraded)).toBe('1 of 2 has no grade yet.');
  expect(lineOf(ungraded, ungraded, resultOf(started))).toBe('2 of 3 have no grade yet.');
  // Points set by hand are never a zero for missing work.
  const zero = {
    ...resultOf(blank),
    adjustments: [{ kind: 'no submission', reason: '', before: null, after: 0 }],
  } as StudentResult;
  const byHand = { ...zero, override: { line: 2 } } as const;
  expect([zero, byHand, resultOf(started)].map((one) => withoutWork([one]).length)).toEqual([1, 0, 0]);
  const people = { nameOf: () => 'Ada' } as unknown as GradedClass['people'];
  expect(countsIn({ students: [zero], unmatched: [], people }).join()).toMatch(
    /A zero for missing work .*: Ada\.$/,
  );
});
