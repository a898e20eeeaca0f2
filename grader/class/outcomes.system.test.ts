import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
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
import {
  cases,
  classOfCases,
  expectedOutcome,
  forms,
  full,
  outcomesOf,
  stub,
  unpacked,
} from '../testing/layouts';
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
    const students = classOfCases();
    const [download, roster] = await (forms[form] as (typeof forms)[string])(students);
    const run = await graded(course, download, '--roster', fileOf('roster.csv', roster), '--feedback');
    expect(outcomesOf(students, run.rows)).toEqual(cases.map(expectedOutcome));
    const pages = feedbackIn(path.join(run.out, 'feedback')).filter((line) => /^[^:]*\.html -> /.test(line));
    const onPages = pages.map((line) => line.replace(/.* -> /, ''));
    expect(onPages.sort()).toEqual(cases.map(({ points }) => `${points ?? '-'}`).sort());
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

test('whose work is whose: facts that agree, prefixes, teams of sections, what was not fetched', async () => {
  const folder = path.join(newFolder(), 'fruit-submissions');
  const wrong = { ...full, 'work/boxes.ts': partly };
  const handedIn = {
    'fruit-ada': full,
    'fruit-Ben': full,
    cyd: full,
    'fruit-team-1': full,
    'fruit-team_2': full,
  };
  for (const [name, files] of Object.entries({ ...handedIn, 'fruit-zoe': full }))
    makeHistory(path.join(folder, name), { commits: { last: { time: 1, files } } });
  // A folder that fetching left without anything, a repository without a commit, and one that is only listed.
  mkdirSync(path.join(folder, 'fruit-ida'));
  makeHistory(path.join(folder, 'fruit-jim'), { commits: {}, refs: {} });
  writeFiles(folder, { 'not-fetched.json': '["fruit-hal"]' });
  const submitter = (name: string, sid: string, email: string) =>
    `  :submitters:\n  - {:name: "${name}", :sid: "${sid}", :email: ${email}}\n`;
  const download = zip({
    'submission_metadata.yml': [
      `submission_1:\n${submitter('LÉA  Müller-Ito', '7', 'lea@x.org')}`,
      `submission_2:\n${submitter('Kim', '9', 'max@x.org')}`,
      `submission_3:\n${submitter('Ada', '1', 'ada@x.org')}`,
    ].join(''),
    ...Object.fromEntries(
      [full, full, wrong].flatMap((files, index) =>
        Object.entries(files).map(([file, text]) => [`submission_${index + 1}/${file}`, text]),
      ),
    ),
  });
  const roster = [
    'login,name,email,sid,section,group',
    'ada,Ada,ada@x.org,1,A,',
    'ben,Ben,,,A,',
    'cyd,Cyd,,,A,',
    'dan,Dan,,,A,team-1',
    'eve,Eve,,,B,team-1',
    'fay,Fay,,,A,Team 2',
    'gus,Gus,,,A,Team 2',
    ...['hal', 'ida', 'jim'].map((login) => `${login},${login},,,B,`),
    'lea,"Müller Ito, Lea",lea@x.org,7,B,',
    'kim,Kim,kim@x.org,9,B,',
    'max,Max,max@x.org,8,B,',
  ];
  const run = await graded(
    course,
    ...([folder, fileOf('export.zip', download), '--feedback', '--roster'] as const),
    fileOf('roster.csv', `${roster.join('\n')}\n`),
  );
  const fair: Record<string, readonly [number | null, string]> = {
    ada: [10, 'graded'],
    ben: [10, 'graded'],
    cyd: [10, 'graded'],
    // Nobody can say which of the two teams it is.
    dan: [null, 'no submission'],
    eve: [null, 'no submission'],
    fay: [10, 'graded'],
    gus: [10, 'graded'],
    hal: [null, 'failed'],
    ida: [null, 'failed'],
    jim: [null, 'no submission'],
    lea: [10, 'graded'],
    // The number is one's and the address the other's.
    kim: [null, 'no submission'],
    max: [null, 'no submission'],
  };
  expect(
    Object.fromEntries(Object.keys(fair).map((key) => [key, [run.row(key).points, run.row(key).status]])),
  ).toEqual(fair);
  const open = readFileSync(path.join(run.out, 'matches.csv'), 'utf8');
  expect(linesOf(run) + open).toMatchSnapshot();
});

test('points set by hand for the points that were computed, and what the members of a team read', async () => {
  const folder = path.join(newFolder(), 'fruit-submissions');
  const handedIn = {
    ada: full,
    ben: full,
    cyd: full,
    team: full,
    two: full,
    pdf: { 'work/boxes.pdf': '%PDF-1.7' },
  };
  const versions = {
    'boxes (1).ts': rightAnswers,
    'boxes (2).ts': partly,
    'work/notes.md': full['work/notes.md'],
  };
  for (const [name, files] of Object.entries({ ...handedIn, vic: versions })) {
    makeHistory(path.join(folder, `fruit-${name}`), { commits: { last: { time: 1, files } } });
    writeFiles(path.join(folder, `fruit-${name}`), {
      '.git/config': `[remote "origin"]\n\turl = https://github.com/org/fruit-${name}.git\n`,
    });
  }
  const members = ['dan', 'eve'].map((login) => `${login},${login},${login}@x.org,team\n`).join('');
  const pair = ['fay', 'gus'].map((login) => `${login},${login},${login}@x.org,two\n`).join('');
  const singles = ['ada', 'ben', 'cyd', 'pdf', 'vic', 'hal'].map(
    (login) => `${login},${login},${login}@x.org,\n`,
  );
  const out = path.join(newFolder(), 'out');
  writeFiles(out, {
    'overrides.csv': [
      'login,total,adjust,reason,was',
      'ada,9,,Still holds,10',
      'ben,9,,Was for a typo that is corrected,6',
      'cyd,,-1,Always,',
      'eve,8,,Seen on paper,10',
      'hal,7,,Handed in on paper,none',
      'pdf,6,,Read by hand,6\n',
    ].join('\n'),
    'comments.csv': 'login,text\nada,Well done!\ngus,Come and see me.\nhal,Thank you.\n',
  });
  const run = await runClass(
    course,
    ...[folder, '--out', out, '--feedback', '--roster'],
    fileOf('roster.csv', `login,name,email,group\n${members}${pair}${singles.join('')}`),
  );
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  const made = outputsIn(out);
  const fair = { ada: 9, ben: 10, cyd: 9, dan: 10, eve: 8, fay: 10, gus: 10, hal: 7, pdf: null, vic: null };
  expect(Object.fromEntries(made.rows.map(({ key, points }) => [key, points]))).toEqual(fair);
  const { posts } = JSON.parse(readFileSync(path.join(out, 'feedback', 'github.json'), 'utf8')) as {
    posts: { logins: string[]; body: string }[];
  };
  const told = posts.map(
    ({ logins, body }) =>
      `${logins.join('+')} read ${/[^\n]*(?:of 10 points|Your grade|Not graded)[^\n]*/.exec(body)?.[0]}`,
  );
  const grades = made.table('gradebooks/moodle.csv').map((cells) => cells.slice(0, 2).join(' '));
  const notes = run.stdout
    .split('\n')
    .filter((line) => /does not count|No host gives/.test(line))
    .map((line) => line.replaceAll(out, 'out'));
  expect(`${linesOf({ ...made, out })}${[...told, ...grades, ...notes].join('\n')}\n`).toMatchSnapshot();
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
