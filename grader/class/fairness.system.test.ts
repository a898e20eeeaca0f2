import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import {
  classOf,
  courseWith,
  graded,
  gradedWith,
  outputsIn,
  partly,
  runClass,
  runMerge,
  tableFile,
  work,
} from '../testing/classes';
import { canvasFiles, class30, gradescopeFiles, zip } from '../testing/downloads';
import { fileOf, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { clonesOf, git } from '../testing/histories';
import { at, committed, deadline, full, half } from '../testing/history-cases';
import { asText, cases, classOfCases, forms } from '../testing/layouts';
import { runCommand } from '../testing/run';
import { rightAnswers } from '../testing/worksheet';

afterAll(removeFolders);

const course = courseWith();
const withDeadline = courseWith({ deadline });
const [answers, notes] = [full['work/boxes.ts'], full['work/notes.md']];

test('what came late over a stub that was on time is no zero, and another --due counts in place of the rubric’s', async () => {
  const late = {
    whole: full,
    pdf: { 'answers.pdf': '%PDF' },
    versions: { ...full, 'boxes (1).ts': partly },
    elsewhere: { 'boxes (1).ts': answers, 'notes (1).md': notes },
  };
  const root = clonesOf<Record<string, string>>(late, (files) => committed(24, files));
  const pointsIn = ({ row }: Awaited<ReturnType<typeof graded>>) =>
    Object.keys(late).map((login) => [login, row(login).points]);
  const run = await graded(withDeadline, root);
  expect(pointsIn(run)).toEqual(Object.entries({ whole: 9, pdf: null, versions: null, elsewhere: 9 }));
  expect([run.row('pdf').status, run.row('versions').status]).toEqual(['failed', 'undecided']);
  expect(run.row('whole').adjustments.map(({ before, after }) => [before, after])).toEqual([[10, 9]]);
  const extended = await graded(withDeadline, root, '--due', '2026-10-03T12:00Z');
  expect(pointsIn(extended)).toContainEqual(['whole', 10]);
  for (const [due, says] of [
    ['2026-11-01T12:00Z', 'after late.until of rubric.yaml'],
    ['2026-09-31T12:00Z', '2026-09-31T12:00Z'],
  ] as const)
    expect(await runClass(withDeadline, root, '--due', due)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(says),
    });
});

test('a shallow clone in which nothing is on time has no points, and says to fetch the whole history', async () => {
  const root = clonesOf({ ada: at(-1, full) }, (a) => ({ commits: { a, late: at(72, half) } }));
  const from = `file://${path.join(root, 'fruit-ada')}`;
  git(root, ['clone', '--quiet', '--depth', '1', from, path.join(root, 'fruit-bob')]);
  const { row, codes } = await graded(withDeadline, root);
  expect([row('ada').points, row('bob').status, row('bob').points]).toEqual([10, 'failed', null]);
  expect(codes('bob')).toContain('history/cut');
});

test('what a download names and lacks, or dates with a time that cannot be read, is for a person to look at', async () => {
  const students = asText(classOfCases(cases.slice(0, 3))).map((student) => [student]);
  const files = Object.entries(gradescopeFiles(students)).map(([name, content]) => [
    name,
    String(content).replace('2026-10-01 12:00:00.123456000 Z', 'first of October'),
  ]);
  const kept = files.filter(([name]) => !name?.includes('submission_501/'));
  const download = fileOf('e.zip', zip(Object.fromEntries(kept)));
  const { rows } = await graded(course, download, '--due', '2026-10-05T12:00Z');
  expect(rows.map(({ points, status, warnings: [warning] }) => [points, status, warning?.code])).toEqual([
    [10, 'graded', 'class/no-time'],
    [null, 'failed', expect.any(String)],
    [10, 'graded', undefined],
  ]);
});

test('of a file that Canvas has twice the one that was handed in later counts', async () => {
  const files = {
    'leeann_1_11_boxes-1.ts': answers,
    'leeann_1_12_notes.md': notes,
    'rossbob_2_21_boxes.ts': partly,
    'rossbob_2_22_boxes-2.ts': answers,
    'rossbob_2_23_notes.md': notes,
  };
  const roster = tableFile('roster.csv', ['name,id', 'Ann Lee,1', 'Bob Ross,2']);
  const { rows, codes } = await graded(course, fileOf('s.zip', zip(files)), '--roster', roster);
  expect(rows.map(({ key, points }) => [key, points, codes(key)])).toEqual([
    ['(1)', 10, []],
    ['(2)', 10, ['found/newer']],
  ]);
});

test('nothing of one student is in what another can read', async () => {
  const secrets = ['Quinces', 'Medlars', 'Sorbs'];
  const students = classOfCases(
    secrets.map((name) => ({ name, files: work(rightAnswers, name, 'Lemons'), points: 10 })),
  );
  const [download, table] = await (forms['Canvas’s zip'] as (typeof forms)[string])(students);
  const { out } = await graded(course, download, '--roster', fileOf('roster.csv', table), '--feedback');
  const folder = path.join(out, 'feedback');
  const pages = readdirSync(folder).filter((name) => /\.(?:txt|html)$/.test(name));
  const texts = [
    ...pages.map((name) => [name, readFileSync(path.join(folder, name))] as const),
    ...Object.entries(unzipSync(readFileSync(path.join(folder, 'canvas-feedback.zip')))),
  ];
  expect(texts).toHaveLength(3 * secrets.length);
  for (const [file, bytes] of texts) {
    const others = students.filter(({ userId }) => !file.includes(userId));
    expect(others).toHaveLength(2);
    for (const { userId, login, email, name } of others)
      for (const known of [userId, login, email, name])
        expect(Buffer.from(bytes).toString()).not.toContain(known);
  }
});

test('what is one member’s alone is nobody else’s in the group, also where parts are joined', async () => {
  const strict = courseWith({ deadline: { ...deadline, late: { ...deadline.late, per_day: 2 } } });
  const root = clonesOf({ team: 23, solo: 23, cyd: 23 }, (hours, name) => ({
    ...committed(hours),
    origin: `https://github.com/org/fruit-${name}.git`,
  }));
  const list = ['login,name,email,group', 'ada,Ada,,team', 'bob,Bob,,team', 'cyd,Cyd,,', 'eve,Eve,,solo'];
  const args = [root, '--roster', tableFile('roster.csv', list)];
  const extensions = { 'extensions.csv': 'who,due\nada,2026-10-03T12:00Z\n' };
  const tables = {
    ...extensions,
    'overrides.csv': 'login,total,adjust,reason\nada,,-1,Only Ada\ncyd,,-1,Only Cyd\neve,,-1,Only Eve\n',
    'comments.csv': 'login,text\nada,For Ada alone\neve,For Eve alone\n',
  };
  const whole = await gradedWith(tables, strict, ...args, '--feedback');
  const parts: string[] = [];
  for (const shard of ['1/2', '2/2'])
    parts.push((await gradedWith(extensions, strict, ...args, '--shard', shard)).out);
  const joined = path.join(newFolder(), 'joined');
  writeFiles(joined, tables);
  const merged = await runMerge(strict, ...parts, ...args.slice(1), '--feedback', '--out', joined);
  expect(merged).toMatchObject({ status: 0, stderr: '' });
  for (const out of [whole.out, joined]) {
    // Without the extension the day costs two points, and each point set by hand is one's own.
    expect(outputsIn(out).rows.map(({ key, points, shared }) => [key, points, shared])).toEqual([
      ['ada', 9, true],
      ['bob', 8, true],
      ['cyd', 7, undefined],
      ['eve', 7, true],
    ]);
    const read = (file: string) => readFileSync(path.join(out, 'feedback', file), 'utf8');
    const { posts } = JSON.parse(read('github.json')) as { posts: { repository: string }[] };
    const postOf = (name: string) =>
      JSON.stringify(posts.find(({ repository }) => repository.endsWith(`-${name}`)));
    for (const name of ['team', 'solo']) {
      expect(postOf(name)).toContain('see your own');
      expect(postOf(name)).not.toMatch(/Only (?:Ada|Eve)|For (?:Ada|Eve)|by hand/);
    }
    expect(read('ada.txt')).toMatch(/9 of 10.*Only Ada.*For Ada alone/s);
    expect(read('bob.txt')).not.toContain('Ada');
    expect(postOf('cyd')).toContain('Only Cyd');
  }
});

test('a class that hands in at two places is one class, and who is in both has the work with more points', async () => {
  const clones = clonesOf({ ada: -1, ben: -1 }, (hours) => committed(hours));
  /** The two files as somebody uploads them, without their folder. */
  const beside = (files: ReturnType<typeof work>) => ({
    'boxes.ts': files['work/boxes.ts'],
    'notes.md': files['work/notes.md'],
  });
  const [ben, cyd] = class30;
  const uploads = [
    { ...ben, login: 'ben', handedIn: beside(half) },
    { ...cyd, login: 'cyd', handedIn: beside(work(rightAnswers)) },
  ] as typeof class30;
  const download = fileOf('canvas.zip', zip(canvasFiles(uploads)));
  const lines = ['login,id', 'ada,1', ...uploads.map(({ login, userId }) => `${login},${userId}`)];
  const roster = tableFile('roster.csv', lines);
  const { rows, row, table, stdout } = await graded(withDeadline, clones, download, '--roster', roster);
  expect(rows.map(({ login, points, source }) => [login, points, source])).toEqual([
    ['ada', 10, 'fruit-submissions'],
    ['ben', 10, 'fruit-submissions'],
    ['cyd', 4, 'canvas'],
  ]);
  expect(row('ben').warnings.map(({ code }) => code)).toEqual(['class/twice']);
  expect(JSON.stringify(row('ben').warnings)).toContain('canvas/');
  const [heads = [], ...grades] = table('grades.csv');
  expect(grades.map((line) => line[heads.indexOf('source')])).toEqual(rows.map(({ source }) => source));
  // One note for the whole download, not a review entry for each.
  expect(stdout.match(/canvas does not say when work was handed in/g)).toHaveLength(1);
});

test('where most of a class is from the future, the clock of the machine is named and nobody is graded', async () => {
  const root = clonesOf({ ada: -1, ben: 1e5, cyd: 1e5 }, (hours) => committed(hours));
  const run = await runClass(withDeadline, root, '--out', path.join(newFolder(), 'out'));
  expect(run).toMatchObject({ status: 2, code: 'clock-behind' });
  expect(run.stderr).toContain('2 of 3 students is from the future');
});

test('without git files are graded and that is said once, but clones with a deadline stop the run', () => {
  const clones = classOf({ 'fruit-ada': { ...full, '.git/HEAD': 'ref: refs/heads/main\n' } });
  const before = process.env.PATH;
  process.env.PATH = newFolder();
  const grade = (root: string, folder: string) => {
    const out = path.join(newFolder(), 'out');
    return { ...runCommand(root, 'grade:class', folder, '--out', out), out };
  };
  const [files, stopped, plain] = [
    grade(course, clones),
    grade(withDeadline, clones),
    grade(withDeadline, classOf({ ada: full })),
  ];
  process.env.PATH = before;
  expect(outputsIn(files.out).row('ada')).toMatchObject({ status: 'graded', points: 10 });
  expect(files.stdout.match(/git is not installed/g)).toHaveLength(1);
  expect(stopped).toMatchObject({ status: 2, stderr: expect.stringContaining('Install git from') });
  expect(outputsIn(plain.out).row('ada').points).toBe(10);
});
