import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { Report } from '../grading/report.schema';
import { casesIn } from '../testing/cases';
import { graded, outputsIn, partly, runClass } from '../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  classroom50Zips,
  type Enrolled,
  gradescopeFiles,
  gradescopeRoster,
  loginRoster,
  moodleFiles,
  moodleWorksheet,
  zip,
} from '../testing/downloads';
import { fileOf, newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { gradeTexts } from '../testing/grade';
import { makeHistory } from '../testing/histories';
import { deadline, historyCases } from '../testing/history-cases';
import { cases, classOfCases, forms, full, stub, unpacked } from '../testing/layouts';
import { answersOf, courseFiles, notesOf, rightAnswers, rubricYaml } from '../testing/worksheet';

// One file records what becomes of everybody's work: points, status, codes of remarks, and which feedback goes where.
// Say why when you change a line of it on purpose; `npm run test:all -- outcomes -u` writes it anew.

afterAll(removeFolders);

const course = newCourse(courseFiles);
const late = newCourse({
  ...courseFiles,
  'rubric.yaml': `${rubricYaml}deadline: ${JSON.stringify(deadline)}\n`,
});

interface Outcome {
  readonly key: string;
  readonly status: string;
  readonly points: number | null;
  readonly warnings: readonly { readonly code: string }[];
}

/** One line for each student of a run, and one for each page of feedback with the points on it. */
function linesOf(
  { rows, out }: { rows: readonly Outcome[]; out: string },
  nameOf: (key: string) => string = (key) => key,
): string {
  const students = rows.map(({ key, status, points, warnings }) =>
    [nameOf(key), points ?? '-', status, ...warnings.map(({ code }) => code).sort()].join(' | '),
  );
  return `\n${[...students, ...feedbackIn(path.join(out, 'feedback'))].join('\n')}\n`;
}

/** A page and a text say the same points, so one line is enough for both. */
function feedbackIn(folder: string): string[] {
  const pointsOn = (text: string) => /(\d+) of 10 points/.exec(text)?.[1] ?? '-';
  const read = (name: string) => readFileSync(path.join(folder, name));
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      if (name.endsWith('.html')) {
        const points = pointsOn(read(name).toString());
        expect(pointsOn(read(name.replace(/html$/, 'txt')).toString())).toBe(points);
        return [`${name} -> ${points}`];
      }
      if (!name.endsWith('.zip')) return [];
      return Object.entries(unzipSync(read(name)))
        .map(([entry, page]) => `${name}: ${entry} -> ${pointsOn(Buffer.from(page).toString())}`)
        .sort();
    });
}

describe('odd layouts, in each form in which a class arrives', () => {
  test.each(Object.keys(forms))('%s', async (form) => {
    const students = await classOfCases();
    const [download, roster] = await (forms[form] as (typeof forms)[string])(students);
    const run = await graded(course, download, '--roster', fileOf('roster.csv', roster), '--feedback');
    const nameOf = (key: string) => {
      const at = students.findIndex(({ login, userId, studentId }) =>
        [login, `(${userId})`, `(${studentId.toLowerCase()})`].includes(key),
      );
      return `${key} ${cases[at]?.name}`;
    };
    const rowOf = ({ login, userId, studentId }: (typeof students)[number]) =>
      run.rows.find(({ key }) => [login, `(${userId})`, `(${studentId.toLowerCase()})`].includes(key));
    expect(students.map((student) => [rowOf(student)?.points, rowOf(student)?.status])).toEqual(
      cases.map(({ points, status = 'graded' }) => [points, status]),
    );
    expect(linesOf(run, nameOf)).toMatchSnapshot();
  });
});

describe('a class with all kinds of names, as each host’s download', () => {
  const single = class30.filter(({ handedIn }) => handedIn).map((student) => [student]);
  const pairs = Array.from({ length: 15 }, (_, index) => class30.slice(2 * index, 2 * index + 2));
  const groupOf = ({ login }: Enrolled) => `Team ${Math.floor(Number(login.slice(2)) / 2)}`;
  const teams = pairs.flatMap(([first]) =>
    first ? [{ ...first, first: 'Team', last: groupOf(first).slice(5), participant: '107' }] : [],
  );
  const members = pairs.flatMap((pair) => pair.map((one) => ({ ...one, handedIn: pair[0]?.handedIn })));
  const downloads: [string, () => string, string][] = [
    ['Canvas', () => fileOf('subs.zip', zip(canvasFiles(class30))), canvasGradebook(class30)],
    [
      'Canvas, all late',
      () => fileOf('subs.zip', zip(canvasFiles(class30, { isLate: () => true }))),
      canvasGradebook(class30),
    ],
    ['Moodle', () => fileOf('c-1.zip', zip(moodleFiles(class30))), moodleWorksheet(class30)],
    [
      'Moodle, older',
      () => fileOf('c-1.zip', zip(moodleFiles(class30, { after: '_' }))),
      moodleWorksheet(class30),
    ],
    [
      'Moodle, flat',
      () => fileOf('c.zip', zip(moodleFiles(class30, { isFlat: true }))),
      moodleWorksheet(class30),
    ],
    [
      'Moodle, blind and German',
      () => fileOf('c.zip', zip(moodleFiles(class30, { isBlind: true }))),
      moodleWorksheet(class30, { isBlind: true, isGerman: true }),
    ],
    ['Moodle, teams', () => fileOf('c.zip', zip(moodleFiles(teams))), moodleWorksheet(members, { groupOf })],
    ['Gradescope', () => fileOf('e.zip', zip(gradescopeFiles(single))), gradescopeRoster(class30)],
    ['Gradescope, pairs', () => fileOf('e.zip', zip(gradescopeFiles(pairs))), gradescopeRoster(class30)],
    ['Classroom 50', () => fileOf('all.zip', zip(classroom50Zips(class30))), loginRoster(class30)],
    ['Classroom 50, unpacked', () => unpacked(classroom50Zips(class30)), loginRoster(class30)],
  ];
  test.each(downloads)('%s', async (_name, make, roster) => {
    const run = await graded(course, make(), '--roster', fileOf('roster.csv', roster), '--feedback');
    expect(linesOf(run)).toMatchSnapshot();
  });
});

test('histories with a deadline', async () => {
  const lines: string[] = [];
  const wanted = historyCases.map((each) => ('deadline' in each ? each.deadline : deadline));
  for (const chosen of new Set(wanted.map((each) => JSON.stringify(each)))) {
    const folder = path.join(newFolder(), 'fruit-submissions');
    const graders = newCourse({
      ...courseFiles,
      'rubric.yaml': `${rubricYaml}${chosen === undefined ? '' : `deadline: ${chosen}\n`}`,
    });
    const names = new Map<string, string>();
    for (const [index, { name, history, disk }] of historyCases.entries()) {
      if (JSON.stringify(wanted[index]) !== chosen) continue;
      const login = `h-${String(index).padStart(2, '0')}`;
      names.set(login, name);
      makeHistory(path.join(folder, `fruit-${login}`), history);
      if (disk) writeFiles(path.join(folder, `fruit-${login}`), disk);
    }
    const run = await graded(graders, folder, '--feedback');
    for (const [login, name] of names) {
      const {
        points,
        status = 'graded',
        told = [],
      } = historyCases[Number(login.slice(2))] ?? { points: null };
      const { warnings, ...row } = run.row(login);
      const codes = warnings.map(({ code }) => code).sort();
      expect({ name, points: row.points, status: row.status, codes }).toEqual({
        name,
        points,
        status,
        codes: [...told].sort(),
      });
    }
    lines.push(linesOf(run, (key) => `${key} ${names.get(key) ?? ''}`));
  }
  expect(lines.sort().join('')).toMatchSnapshot();
});

test('extensions, a section, overrides and comments', async () => {
  const folder = path.join(newFolder(), 'fruit-submissions');
  const start = { time: Date.parse('2026-09-28T12:00Z'), files: stub };
  const handedIn = { time: Date.parse('2026-10-02T12:00Z'), files: full };
  const typo = { ...full, 'work/boxes.ts': rightAnswers.replace('7, across', '7 across') };
  const wrong = { ...full, 'work/boxes.ts': partly };
  const logins = ['ada', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gus'];
  for (const login of logins)
    makeHistory(path.join(folder, `fruit-${login}`), {
      commits: {
        start,
        late: { ...handedIn, files: login === 'cyd' ? typo : login === 'dan' ? wrong : full },
      },
    });
  const roster = fileOf(
    'roster.csv',
    `login,name,email,section\n${[...logins, 'hal'].map((login) => `${login},${login},${login}@x.org,${login < 'f' ? 'A' : 'B'}\n`).join('')}`,
  );
  const extensions = 'who,due\nben,2026-10-02T12:00Z\nfay,2026-10-01T23:00Z\ngus,2026-10-05T12:00Z\n';
  const out = path.join(newFolder(), 'out');
  writeFiles(out, {
    'extensions.csv': extensions,
    'overrides.csv':
      'login,total,adjust,reason\nada,4,,Seen on paper\ndan,,+1,Right by the handout\ncyd,10,,A typo\neve,,-3,Copied\nhal,0,,Absent\n',
    'comments.csv': 'login,text\nada,Well done!\nhal,Come and see me.\n',
  });
  const run = await runClass(late, ...[folder, '--roster', roster, '--out', out, '--feedback']);
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  const section = await graded(late, folder, '--roster', roster, '--section', 'B', '--feedback');
  expect(linesOf({ ...outputsIn(out), out }) + linesOf(section)).toMatchSnapshot();
});

describe('honest slips', () => {
  const wholeFile = (input: string) => gradeTexts(input, notesOf('Pears', 'Lemons'));
  const oneCell = (input: string) =>
    wholeFile(answersOf(`{ down: ${input}, across: 11 }`, '{ down: 7, across: 13 }'));
  const lineOf = (name: string, { points, rows, remarks, ...report }: Report) =>
    [
      JSON.stringify(name),
      points,
      rows.flatMap(({ cells }) => cells.map(({ outcome, value }) => `${outcome} ${value}`)).join(', '),
      ...new Set(
        [
          ...rows.flatMap(({ cells }) => cells.flatMap(({ reason }) => (reason ? [reason.code] : []))),
          ...remarks.map(({ code }) => code),
          ...Object.values(report).flatMap(
            (part) => JSON.stringify(part)?.match(/(?<="code":")[^"]+/g) ?? [],
          ),
        ].sort(),
      ),
    ].join(' | ');

  test.each([
    ['files.txt', wholeFile],
    ['cells.txt', oneCell],
  ])('%s', async (file, grade) => {
    const lines: string[] = [];
    for (const { name, input } of casesIn(file)) lines.push(lineOf(name, await grade(input)));
    expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
  });
});
