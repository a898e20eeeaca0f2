import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { makeRepository } from '../authoring/demo/demo';
import { loadCourse } from '../course';
import { writeCircle } from '../testing/circle';
import { classOf, outputsIn, runClass, runMerge, tableFile, work } from '../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { makeHistory } from '../testing/histories';
import { at, deadline, full, historyCases, start, stub } from '../testing/history-cases';
import { Sampler } from '../testing/sampler';
import { courseFiles, notesOf, rightAnswers, rubricYaml } from '../testing/worksheet';
import schema from './results/student-result.schema.json';

afterAll(removeFolders);

const course = newCourse({
  ...courseFiles,
  'rubric.yaml': `${rubricYaml}deadline: ${JSON.stringify(deadline)}\n`,
});

/** The grade that a student should fairly get. */
interface Expected {
  readonly login: string;
  readonly status: string;
  readonly points: number | null;
  readonly told: readonly string[];
}

const noTime = 'class/no-time';

/** Histories that this deadline fits. Tags that submit work need a different one. */
const histories = historyCases.filter((each) => !('deadline' in each));

/** Refused and unusual files, on disk and without a history. */
const onDisk: readonly (readonly [
  login: string,
  make: (folder: string) => void,
  points: number | null,
  told: readonly string[],
])[] = [
  ['disk', (folder) => writeFiles(folder, full), 10, [noTime]],
  ['empty', () => {}, null, ['class/failed']],
  [
    'large',
    (folder) => writeFiles(folder, { ...stub, 'work/boxes.ts': 'x'.repeat(70_000) }),
    null,
    ['file/too-large', noTime],
  ],
  [
    'folder',
    (folder) => {
      writeFiles(folder, { 'work/notes.md': notesOf() });
      mkdirSync(path.join(folder, 'work', 'boxes.ts'));
    },
    0,
    ['file/missing', noTime],
  ],
  [
    'link',
    (folder) => {
      writeFiles(folder, { 'work/notes.md': notesOf() });
      symlinkSync('/etc/passwd', path.join(folder, 'work', 'boxes.ts'), 'file');
    },
    null,
    ['file/link', noTime],
  ],
  [
    'bytes',
    (folder) =>
      writeFiles(folder, { 'work/notes.md': notesOf(), 'work/boxes.ts': Buffer.from([0xff, 0xfe, 0, 1]) }),
    null,
    ['file/utf-16', noTime],
  ],
  [
    'circle',
    (folder) => {
      writeFiles(folder, full);
      writeCircle(folder);
    },
    null,
    ['class/failed'],
  ],
  [
    'broken',
    (folder) => writeFiles(folder, { ...full, '.git/HEAD': 'ref: refs/heads/main\n' }),
    null,
    ['class/failed'],
  ],
  [
    'moved',
    (folder) => writeFiles(folder, { 'boxes.ts': rightAnswers, 'work/notes.md': notesOf() }),
    4,
    ['found/elsewhere', noTime],
  ],
  // Unusual reflections, each with right answers.
  ['ruled', (folder) => writeFiles(folder, work(rightAnswers, 'Pears.\n---', 'Lemons.\n---')), 10, [noTime]],
  ['headed', (folder) => writeFiles(folder, work(rightAnswers, '### Pears', '### 1.\nLemons')), 10, [noTime]],
  [
    'loose',
    (folder) =>
      writeFiles(folder, {
        'work/boxes.ts': rightAnswers,
        'work/notes.md': 'Pears are sweet.\n\nLemons are not.\n',
      }),
    10,
    [noTime],
  ],
  ['filled', (folder) => writeFiles(folder, work(rightAnswers, '\u3164', '<br>')), 4, [noTime]],
  [
    'evil',
    (folder) => writeFiles(folder, work(rightAnswers, '=HYPERLINK("x")', '<script>alert(1)</script>')),
    10,
    [noTime],
  ],
];

const place = newFolder('classes');
const root = path.join(place, 'fruit-submissions');
const expected: Expected[] = [];

beforeAll(async () => {
  for (const [index, { history, disk, points, status = 'graded', told = [] }] of histories.entries()) {
    const login = `h${String(index).padStart(2, '0')}`;
    const folder = path.join(root, `fruit-${login}`);
    await makeHistory(folder, history);
    if (disk) writeFiles(folder, disk);
    expected.push({ login, status, points, told });
  }
  for (const [login, make, points, told] of onDisk) {
    const folder = path.join(root, `fruit-${login}`);
    mkdirSync(folder, { recursive: true });
    make(folder);
    expected.push({ login, status: points === null ? 'failed' : 'graded', points, told });
  }
  // Unusual folder names: a login that ends like another one, and a mirror.
  await makeHistory(path.join(root, 'fruit-y-x'), { commits: { start, a: at(-1, full) } });
  await makeHistory(path.join(root, 'fruit-x.git'), { commits: { start, a: at(-1, stub) }, isBare: true });
  writeFiles(path.join(root, 'stranger'), full);
  writeFiles(root, { 'notes.txt': 'mine' });
  expected.push(
    { login: 'y-x', status: 'graded', points: 10, told: [] },
    { login: 'x', status: 'not started', points: 0, told: [] },
    { login: 'gone', status: 'no submission', points: null, told: [] },
    { login: 'stranger', status: 'graded', points: 10, told: ['class/unknown', noTime] },
  );
});

/** A roster of every student but the stranger, with tricky names and one student without a login. */
function rosterOf(): string {
  const names = ['"Lovelace, Ada"', '=1+1', 'José “Pepe” Ñ', "O'Brien", '“x”;y', '@a'];
  const lines = expected
    .filter(({ login }) => login !== 'stranger')
    .map(({ login }, index) => `${login},${names[index % names.length]},${login}@example.org,${index}`);
  return tableFile('roster.csv', ['login,name,email,id', ...lines, ',No Login,no@example.org,999']);
}

const told = (codes: readonly string[]) => [...codes].sort();

/** Checks that each row has its fair grade, and that every output is readable and complete. */
function assertFair(out: string): void {
  const { rows, table, page } = outputsIn(out);
  const validate = new Ajv({ strict: true }).compile(schema);
  for (const line of readFileSync(path.join(out, 'results.jsonl'), 'utf8').trimEnd().split('\n')) {
    validate(JSON.parse(line));
    expect(validate.errors).toBeNull();
  }
  const found = rows.map(({ login, status, points, warnings }) => ({
    login,
    status,
    points,
    told: told(warnings.map(({ code }) => code)),
  }));
  const fair = [...expected, { login: '', status: 'no login', points: null, told: ['class/no-login'] }];
  const byLogin = (a: { login: string }, b: { login: string }) => (a.login < b.login ? -1 : 1);
  expect(found.sort(byLogin)).toEqual(fair.map((each) => ({ ...each, told: told(each.told) })).sort(byLogin));

  // No student is missing from any file, and each file agrees with the rows.
  const points = new Map(rows.map((row) => [row.login, row.points === null ? '' : String(row.points)]));
  const [, ...all] = table('grades.csv');
  // A student without a login is found by the number in the roster.
  expect(new Map(all.map((cells) => [cells[0] === '999' ? '' : cells[0], cells[5]]))).toEqual(points);
  const enrolled = rows.filter((row) => row.enrolled);
  const canvas = table('gradebooks/canvas.csv').slice(2);
  expect(canvas).toHaveLength(enrolled.length);
  const moodle = new Map(table('gradebooks/moodle.csv').map(([email, grade]) => [email, grade]));
  for (const { login, points: earned } of enrolled.filter((row) => row.login)) {
    expect([login, moodle.get(`${login}@example.org`)]).toEqual([
      login,
      earned === null ? '-' : String(earned),
    ]);
    expect(canvas.find((cells) => cells[3] === `${login}@example.org`)?.[5]).toBe(points.get(login));
  }
  for (const file of ['gradebooks/classroom50.csv', 'responses.csv'])
    for (const cells of table(file)) expect(cells).toHaveLength(table(file)[0]?.length ?? 0);
  const { run } = outputsIn(out);
  expect(run.students).toBe(rows.length);
  for (const row of rows)
    for (const { code } of row.warnings) expect(run.needsReview[code]).toContain(row.key);
  expect(page).not.toMatch(/undefined|NaN|<script/);
}

test('a class with every oddity is graded fairly: whole, in parts, and again with overrides', async () => {
  const list = rosterOf();
  const out = path.join(place, 'out');
  const first = await runClass(course, root, '--roster', list, '--out', out);
  expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
  assertFair(out);
  for (const note of ['and not read:', 'there is no release.json']) expect(first.stdout).toContain(note);

  const parts: string[] = [];
  for (const part of [1, 2, 3]) {
    const folder = path.join(place, `part-${part}`);
    const done = await runClass(course, root, '--roster', list, '--out', folder, '--shard', `${part}/3`);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    parts.push(folder);
  }
  const joined = path.join(place, 'joined');
  expect(await runMerge(course, ...parts, '--roster', list, '--out', joined)).toMatchObject({
    status: 0,
    stderr: '',
  });
  assertFair(joined);
  const rows = (folder: string) => readFileSync(path.join(folder, 'results.jsonl'), 'utf8');
  expect(rows(joined)).toBe(rows(out));

  writeFiles(out, { 'overrides.csv': 'login,total,adjust,reason\ngone,5,,On paper\ny-x,,-1,Copied\n' });
  const again = await runClass(course, root, '--roster', list, '--out', out, '--apply');
  expect(again).toMatchObject({ status: 0, stderr: '' });
  expect(again.stdout).toContain('Grades that differ from the earlier run: 2.');
  const { row } = outputsIn(out);
  expect(row('gone')).toMatchObject({
    points: 5,
    adjustments: [{ before: null, after: 5, reason: 'On paper' }],
  });
  expect(row('y-x')).toMatchObject({ points: 9, adjustments: [{ before: 10, after: 9, reason: 'Copied' }] });
  const others = ({ login }: { login: string }) => login !== 'gone' && login !== 'y-x';
  expect(outputsIn(out).rows.filter(others)).toEqual(outputsIn(joined).rows.filter(others));
});

test('honest students get the same points alone, in the class, in parts and after a regrade', async () => {
  for (const seed of [1, 2, 3]) {
    const sampler = new Sampler(loadCourse(course, false), seed);
    const folder = classOf({}, 'fruit-submissions');
    const points = new Map<string, number>();
    for (let index = 0; index < 10; index++) {
      const login = `s${index}`;
      const sample = sampler.next();
      const files = { ...stub, ...sample.files };
      points.set(login, sample.points);
      const commit = (hours: number, some: Record<string, string>) => ({
        ...at(hours, some),
        message: 'x',
      });
      const student = path.join(folder, `fruit-${login}`);
      await makeRepository(student, login, [commit(-100, stub), commit(-1 - index, files)]);
    }
    const keys = [...points.keys()].sort();
    const graded = (out: string) =>
      new Map(outputsIn(out).rows.map(({ key, points: earned }) => [key, earned]));
    const whole = path.join(newFolder(), 'out');
    expect((await runClass(course, folder, '--out', whole)).status).toBe(0);
    expect(graded(whole)).toEqual(points);
    expect((await runClass(course, folder, '--out', whole, '--apply')).stdout).toContain(
      'Grades that differ from the earlier run: none.',
    );
    const parts: string[] = [];
    for (const part of [1, 2]) {
      const out = path.join(newFolder(), 'part');
      expect((await runClass(course, folder, '--out', out, '--shard', `${part}/2`)).status).toBe(0);
      parts.push(out);
    }
    const joined = path.join(newFolder(), 'out');
    expect((await runMerge(course, ...parts, '--out', joined)).status).toBe(0);
    expect(graded(joined)).toEqual(points);
    for (const login of keys.slice(0, 3)) {
      const alone = classOf({}, 'fruit-submissions');
      cpSync(path.join(folder, `fruit-${login}`), path.join(alone, `fruit-${login}`), { recursive: true });
      const out = path.join(newFolder(), 'out');
      expect((await runClass(course, alone, '--out', out)).status).toBe(0);
      expect(graded(out)).toEqual(new Map([[login, points.get(login)]]));
    }
  }
});
