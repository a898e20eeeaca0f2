import path from 'node:path';
import type { Report } from '../grading/report.schema';
import { interpolate, type Message } from '../message';
import { readText } from '../system/files';
import { casesIn } from '../testing/cases';
import { gradeClass, releasedCourse } from '../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  classroom50Zips,
  type Enrolled,
  type Files,
  gradescopeFiles,
  gradescopeRoster,
  loginRoster,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../testing/downloads';
import { fileOf } from '../testing/folders';
import { gradeTexts } from '../testing/grade';
import { cases, classOfCases, expectedOutcome, forms, outcomesOf, unpacked } from '../testing/layouts';
import { linesOf } from '../testing/outcomes';
import { textOfPage } from '../testing/page-text';
import { notesOf, withCell } from '../testing/worksheet';

// One file records what becomes of everybody's work: points, status, codes of remarks, which feedback goes where, and
// what is said of slips.
// Say why when you change a line of it on purpose; `npm run test:all -- outcomes -u` writes it anew.

const course = releasedCourse();

// The other forms in which a class arrives are in outcomes.system.test.ts.
test('odd layouts, as folders and archives side by side', async () => {
  const students = classOfCases();
  const form = forms['folders and archives side by side'] as (typeof forms)[string];
  const [download, roster] = form(students);
  const run = await gradeClass(course, download, { roster: fileOf('roster.csv', roster) });
  expect(outcomesOf(students, run.students)).toEqual(cases.map(expectedOutcome));
  expect(textOfPage(readText(run.out, 'follow-up.html'))).toMatchSnapshot();
});

describe('a class with all kinds of names, as each host’s download', () => {
  /** All names, and some of students who share one. */
  const enrolled = class30.slice(0, 16);
  const single = enrolled.filter(({ handedIn }) => handedIn).map((student) => [student]);
  const pairs = Array.from({ length: 8 }, (_, index) => enrolled.slice(2 * index, 2 * index + 2));
  const groupOf = ({ login }: Enrolled) => `Team ${Math.floor(Number(login.slice(2)) / 2)}`;
  const teams = pairs.flatMap(([first]) =>
    first ? [{ ...first, first: 'Team', last: groupOf(first).slice(5), participant: '107' }] : [],
  );
  const members = pairs.flatMap((pair) => pair.map((one) => ({ ...one, handedIn: pair[0]?.handedIn })));
  const renamed = (files: Files, from: RegExp, to: string) =>
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name.replace(from, to), content]));
  const canvas = (mark: string) =>
    fileOf('c.zip', zip(renamed(canvasFiles(enrolled), /_(?=\d+_\d+_\w+\.)/, `_${mark}`)));
  const moodle = (students: readonly Enrolled[], between = '/', isBlind = false) =>
    fileOf('c-1.zip', zip(renamed(moodleFiles(students, { isBlind }), /\//, between)));
  const gradescope = (groups: readonly Enrolled[][]) => fileOf('e.zip', zip(gradescopeFiles(groups)));
  const zips = classroom50Zips(enrolled);
  const blind = moodleWorksheet(enrolled, { isBlind: true, isGerman: true });
  const downloads: [string, () => string, string][] = [
    ['Canvas', () => canvas(''), canvasGradebook(enrolled)],
    ['Canvas, all late', () => canvas('LATE_'), canvasGradebook(enrolled)],
    ['Moodle', () => moodle(enrolled), moodleWorksheet(enrolled)],
    ['Moodle, older', () => moodle(enrolled, '_/'), moodleWorksheet(enrolled)],
    ['Moodle, flat', () => moodle(enrolled, '_'), moodleWorksheet(enrolled)],
    ['Moodle, blind and German', () => moodle(enrolled, '/', true), blind],
    ['Moodle, teams', () => moodle(teams), moodleWorksheet(members, { groupOf })],
    ['Gradescope', () => gradescope(single), gradescopeRoster(enrolled)],
    ['Gradescope, pairs', () => gradescope(pairs), gradescopeRoster(enrolled)],
    ['Classroom 50', () => fileOf('all.zip', zip(zips)), loginRoster(enrolled)],
    ['Classroom 50, unpacked', () => unpacked(zips), loginRoster(enrolled)],
  ];
  test.each(downloads)('%s', async (_name, make, roster) => {
    const run = await gradeClass(course, make(), { roster: fileOf('roster.csv', roster), feedback: true });
    const printed = run.stdout.replaceAll(run.out, 'out').replaceAll(path.sep, '/');
    expect(`${linesOf(run)}${printed}\n`).toMatchSnapshot();
  });
});

describe('honest slips', () => {
  const wholeFile = (input: string) => gradeTexts(input, notesOf('Pears', 'Lemons'));
  const oneCell = (input: string) => wholeFile(withCell(input));
  /** A line for the outcomes and codes, and one for each thing that is said of them. */
  const linesOfCase = (name: string, { points, rows, remarks, ...report }: Report) => {
    const cells = rows.flatMap((row) => row.cells);
    const filledIn = (_name: string, value: unknown) =>
      isMessage(value) ? { ...value, text: interpolate(value) } : value;
    const parts = JSON.stringify([cells, remarks, report], filledIn);
    const codes = [...new Set(parts.match(/(?<="code":")[^"]+/g))].sort();
    const said = new Set(parts.match(/(?<="(?:text|corrected)":)"(?:[^"\\]|\\.)*"/g));
    const outcomes = cells
      .map(
        ({ outcome, value = '-', location }) => `${location?.line}:${location?.column} ${outcome} ${value}`,
      )
      .join(', ');
    return [[JSON.stringify(name), points, outcomes, ...codes].join(' | '), ...said].join('\n    ');
  };
  const isMessage = (value: unknown): value is Message =>
    typeof value === 'object' && value !== null && 'text' in value && 'quotes' in value;

  test.each([
    ['files.txt', wholeFile],
    ['cells.txt', oneCell],
  ])('%s', async (file, grade) => {
    const lines: string[] = [];
    for (const { name, input } of casesIn(file)) lines.push(linesOfCase(name, await grade(input)));
    expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
  });
});
