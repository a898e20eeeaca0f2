import path from 'node:path';
import { interpolate, type Message } from '../message';
import { cellsOf } from '../rubric/rubric';
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
import { pointsInZips, pointsOnPages } from '../testing/outcomes';
import { notesOf, withCell } from '../testing/worksheet';
import { notesIn } from './results/to-decide';

// To update the sentences that are recorded here: npx jest class/outcomes -u

const course = releasedCourse();

/** Returns a function that tells whether it gets a text for the first time. */
function newsOf() {
  const known = new Set<string>();
  return (text: string) => known.size < known.add(text).size;
}

/** Messages as sentences. Each sentence is recorded where it first appears. */
function sentencesOf(messages: readonly Message[]): string {
  const isNew = newsOf();
  const lines = messages.flatMap(({ code, text, quotes, next = '' }) => {
    // A sentence with another number or file name is not a new sentence.
    const sentences = `${text} ${next}`.trim().split(/(?<=[.?!]\)?) (?=[A-Z{(“])/);
    const first = sentences.filter((one) => isNew(one.replace(/\d+|\S*(?:boxes\.ts|notes\.md)/g, '')));
    return first.length > 0 ? `${code}: ${interpolate({ code, text: first.join(' '), quotes })}` : [];
  });
  return `\n${lines.join('\n')}\n`;
}

// The other forms in which a class arrives are in outcomes.system.test.ts.
test('odd layouts, as folders and archives side by side', async () => {
  const students = classOfCases();
  const form = forms['folders and archives side by side'] as (typeof forms)[string];
  const [download, roster] = form(students);
  const run = await gradeClass(course, download, { roster: fileOf('roster.csv', roster) });
  expect(outcomesOf(students, run.students)).toEqual(cases.map(expectedOutcome));
  const notes = run.students.flatMap(notesIn).map(({ note }) => note);
  expect(sentencesOf(notes)).toMatchSnapshot();
});

describe('a class with all kinds of names, as each host’s download', () => {
  /** All names, including some that students share. */
  const enrolled = class30.slice(0, 16);
  const single = enrolled.filter(({ handedIn }) => handedIn).map((student) => [student]);
  const pairs = Array.from({ length: 8 }, (_, index) => enrolled.slice(2 * index, 2 * index + 2));
  const groupOf = ({ login }: Enrolled) => `Team ${Math.floor(Number(login.slice(2)) / 2)}`;
  const teams = pairs.flatMap(([first]) =>
    first ? [{ ...first, first: 'Team', last: groupOf(first).slice(5), participant: '107' }] : [],
  );
  /** Both students of a pair have the work of the first. */
  const members = pairs.flatMap((pair) =>
    pair.map((one) => ({ ...one, handedIn: pair[0]?.handedIn, points: pair[0]?.points ?? null })),
  );
  const renamed = (files: Files, from: RegExp, to: string) =>
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name.replace(from, to), content]));
  const canvas = (mark: string) =>
    fileOf('c.zip', zip(renamed(canvasFiles(enrolled), /_(?=\d+_\d+_\w+\.)/, `_${mark}`)));
  const moodle = (students: readonly Enrolled[], between = '/', isBlind = false) =>
    fileOf('c-1.zip', zip(renamed(moodleFiles(students, { isBlind }), /\//, between)));
  const gradescope = (groups: readonly Enrolled[][]) => fileOf('e.zip', zip(gradescopeFiles(groups)));
  const zips = classroom50Zips(enrolled);
  const blind = moodleWorksheet(enrolled, { isBlind: true, isGerman: true });
  const downloads: [host: string, download: string, roster: string, students?: readonly Enrolled[]][] = [
    ['Canvas', canvas(''), canvasGradebook(enrolled)],
    ['Canvas, all late', canvas('LATE_'), canvasGradebook(enrolled)],
    ['Moodle', moodle(enrolled), moodleWorksheet(enrolled)],
    ['Moodle, older', moodle(enrolled, '_/'), moodleWorksheet(enrolled)],
    ['Moodle, flat', moodle(enrolled, '_'), moodleWorksheet(enrolled)],
    ['Moodle, blind and German', moodle(enrolled, '/', true), blind],
    ['Moodle, teams', moodle(teams), moodleWorksheet(members, { groupOf }), members],
    ['Gradescope', gradescope(single), gradescopeRoster(enrolled)],
    ['Gradescope, pairs', gradescope(pairs), gradescopeRoster(enrolled), members],
    ['Classroom 50', fileOf('all.zip', zip(zips)), loginRoster(enrolled)],
    ['Classroom 50, unpacked', unpacked(zips), loginRoster(enrolled)],
  ];

  test('everybody has the points of their own work, reads them, and staff read what is to be done', async () => {
    const printed: string[] = [];
    const isNew = newsOf();
    for (const [host, download, roster, students = enrolled] of downloads) {
      const given = { roster: fileOf('roster.csv', roster), feedback: true };
      const run = await gradeClass(course, download, given);
      const pages = Object.entries(pointsOnPages(run.out));
      const outcomes = students.map(({ login, userId, participant, studentId }) => {
        const ids = [login, userId, participant, studentId.toLowerCase()];
        const own = run.students.find(({ key }) => ids.includes(key.replace(/[()]/g, '')));
        const inName = own?.key.replace(/[()]/g, '_') ?? '?';
        const [, onPage] = pages.find(([name]) => name.includes(inName)) ?? [];
        return { host, login, points: own?.points, onPage };
      });
      const worth = students.map(({ login, points }) => ({ host, login, points, onPage: points }));
      expect(outcomes).toEqual(worth);
      // A page in a zip reaches the student who has its number at the host. Pages of teams have no such number.
      const numbered = students.flatMap(({ handedIn, points, userId, participant }) =>
        handedIn ? [[host.startsWith('Canvas') ? userId : participant, points]] : [],
      );
      const hasZip = /^(?:Canvas|Moodle)(?!, teams)/.test(host);
      expect([host, pointsInZips(run.out)]).toEqual([host, hasZip ? Object.fromEntries(numbered) : {}]);
      const lines = run.stdout.replaceAll(run.out, 'out').replaceAll(path.sep, '/').split('\n');
      printed.push(`== ${host}`, ...lines.filter(isNew));
    }
    expect(`\n${printed.join('\n')}\n`).toMatchSnapshot();
  });
});

describe('honest slips', () => {
  const right = [7, 11, 7, 13];
  const wholeFile = (result: string) => result.split(' ');
  const oneCell = (result: string) => [result, ...right.slice(1)];

  test.each([
    ['files.txt', (input: string) => input, wholeFile],
    ['cells.txt', withCell, oneCell],
  ] as const)('each slip of %s costs what cannot be read, and no more, and is told so', async (...row) => {
    const [file, inFile, valuesOf] = row;
    const messages: Message[] = [];
    for (const { name, input, outcome } of casesIn(file)) {
      const report = await gradeTexts(inFile(input), notesOf('Pears', 'Lemons'));
      const isLost = /^\d+:\d+ /.test(outcome.result);
      const values = isLost ? [] : valuesOf(outcome.result);
      const count = right.filter((value, index) => String(values[index]) === String(value)).length;
      expect([name, report.points]).toEqual([name, 6 + count]);
      const reasons = [...report.problems, ...cellsOf(report)].flatMap(({ reason }) => reason ?? []);
      if (count < right.length) expect([name, reasons.length > 0]).toEqual([name, true]);
      messages.push(...reasons);
    }
    expect(sentencesOf(messages)).toMatchSnapshot();
  });
});
