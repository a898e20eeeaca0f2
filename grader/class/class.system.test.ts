import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { listFiles, readText } from '../system/files';
import { classOf, codesOf, courseWith, graded, partly, rosterOf, runClass, work } from '../testing/classes';
import { newFolder, writeFiles } from '../testing/folders';
import { clonesOf, type MadeHistory } from '../testing/histories';
import { at, committed, deadline, full, half, start, stub } from '../testing/history-cases';
import { startCommand, stopAfter } from '../testing/run';
import { rightAnswers } from '../testing/worksheet';
import { readRun } from './outputs';
import schema from './results/student-result.schema.json';

const notes = { 'work/notes.md': full['work/notes.md'] };
const boxes = (content: string | Buffer) => ({ ...notes, 'work/boxes.ts': content });
const noTime = 'class/no-time';

/** Students without a history, whose files are unusual or cannot be read, with the points and codes that are fair. */
const odd: Readonly<Record<string, [Readonly<Record<string, string | Buffer>>, number | null, ...string[]]>> =
  {
    disk: [full, 10, noTime],
    empty: [{}, null, 'class/failed'],
    large: [boxes('x'.repeat(70_000)), 6, 'file/too-large', noTime],
    folder: [notes, 6, 'file/missing', noTime],
    link: [notes, 6, 'file/link', noTime],
    bytes: [boxes(Buffer.from([0xff, 0xfe, 0, 1])), 6, 'file/utf-16', noTime],
    broken: [{ ...full, '.git/HEAD': 'ref: refs/heads/main\n' }, null, 'class/failed'],
    moved: [{ ...notes, 'boxes.ts': rightAnswers }, 10, 'found/elsewhere', noTime],
    loose: [{ ...full, 'work/notes.md': 'Pears are sweet.\n\nLemons are not.\n' }, 10, noTime],
    filled: [work(rightAnswers, '\u3164', '<br>'), 4, noTime],
    evil: [work(rightAnswers, '=HYPERLINK("x")', '<script>alert(1)</script>'), 10, noTime],
  };

describe('a class of honest and odd students, with histories and without', () => {
  const course = courseWith({ deadline });
  const histories: Record<string, MadeHistory> = {
    late: { commits: { start, a: at(-5, half), b: at(20, full) } },
    forged: { commits: { start, a: at(-5, half), b: { time: 1e18, files: full } } },
    // A login that ends like another one, and a mirror.
    'y-x': committed(-1),
    'x.git': { commits: { start, a: at(-1, stub) }, isBare: true },
  };
  const root = clonesOf(histories, (history) => history);
  for (const [login, [files]] of Object.entries(odd)) writeFiles(path.join(root, `fruit-${login}`), files);
  mkdirSync(path.join(root, 'fruit-empty'));
  mkdirSync(path.join(root, 'fruit-folder', 'work', 'boxes.ts'));
  symlinkSync('/etc/passwd', path.join(root, 'fruit-link', 'work', 'boxes.ts'));
  writeFiles(path.join(root, 'stranger'), full);
  writeFiles(root, { 'notes.txt': 'mine' });

  const fair = new Map<string, readonly [points: number | null, ...codes: string[]]>([
    ...Object.entries(odd).map(([login, [, ...result]]) => [login, result] as const),
    ['late', [9]],
    ['forged', [10, 'history/future']],
    ['y-x', [10]],
    ['x', [0]],
    ['gone', [null]],
  ]);
  const names = ['"Lovelace, Ada"', '=1+1', 'José “Pepe” Ñ', "O'Brien", '“x”;y', '@a'];
  const enrolled = [...fair.keys()].map(
    (login, index) => `${login},${names[index % names.length]},${login}@example.org`,
  );
  const list = ['--roster', rosterOf('login,name,email', ...enrolled, ',No Login,no@example.org')];
  fair.set('stranger', [null, 'class/ambiguous', noTime]).set('', [null]);
  let whole: Awaited<ReturnType<typeof graded>>;

  beforeAll(async () => {
    whole = await graded(course, root, ...list);
  });

  test('each has the points that are fair, and is told of what was odd', () => {
    // A remark that the reflection is short is no oddity.
    const told = (row: Parameters<typeof codesOf>[0]) =>
      codesOf(row)
        .filter((code) => code !== 'reflection/too-few')
        .sort();
    const found = whole.rows.map((row) => [row.login, [row.points, ...told(row)]]);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries([...fair].map(([login, [points, ...codes]]) => [login, [points, ...codes.sort()]])),
    );
    for (const note of ['and not read:', 'their release was not found']) expect(whole.stdout).toContain(note);
  });

  test('nobody is missing from a file, but for who has no points to import, and all files say the same', () => {
    const { rows, students: here, table, page, run } = whole;
    const validate = new Ajv({ strict: true }).compile(schema);
    for (const line of readFileSync(path.join(whole.out, 'results.jsonl'), 'utf8').trimEnd().split('\n')) {
      validate(JSON.parse(line));
      expect(validate.errors).toBeNull();
    }
    const [, ...grades] = table('grades.csv');
    expect(grades.map((cells) => cells[5])).toEqual(rows.map(({ points }) => String(points ?? '')));
    const canvas = table('gradebooks/canvas.csv').slice(2);
    expect(canvas).toHaveLength(here.filter(({ points }) => points !== null).length);
    const moodle = table('gradebooks/moodle.csv');
    for (const row of here.filter(({ login }) => login)) {
      const isOf = (cells: readonly string[]) => cells.includes(`${row.login}@example.org`);
      const imported = [moodle.find(isOf)?.[1], canvas.find(isOf)?.[5]];
      expect([row.login, ...imported]).toEqual([row.login, ...Array(2).fill(row.points?.toString())]);
    }
    for (const row of rows) for (const code of codesOf(row)) expect(run.needsReview[code]).toContain(row.key);
    expect(page).not.toMatch(/undefined|NaN|<script/);
  });
});

const students = Array.from({ length: 80 }, (_, index) => [`s${index}`, work(partly, 'Pears')]);
const large = classOf(Object.fromEntries(students));

test('a run that is killed at any moment is as if it had not been, once the folder that is named is deleted', async () => {
  const course = courseWith();
  const place = newFolder();
  const out = path.join(place, 'out');
  writeFiles(out, { 'overrides.csv': 'login,total,adjust,reason\ns7,3,,Seen\n' });
  const args = [large, '--out', out, '--apply'];
  await startCommand(course, 'grade:class', ...args);
  const started = Date.now();
  expect(await startCommand(course, 'grade:class', ...args)).toMatchObject({ status: 0, stderr: '' });
  const whole = Date.now() - started;
  const texts = () =>
    listFiles(out)
      .filter((file) => file !== 'run.json')
      .map((file) => [file, readText(out, file)]);
  const undisturbed = texts();
  // It begins to grade after about a third of its time.
  for (const part of [0.6, 0.85, 1]) {
    await stopAfter(course, 'grade:class', 'SIGKILL', part * whole, args);
    const again = () => runClass(course, ...args);
    const next = await again();
    const [, lock] = /delete (.*) and run this again/.exec(next.stderr) ?? [];
    if (lock !== undefined) {
      rmSync(lock, { recursive: true });
      expect((await again()).stderr).toBe('');
    } else expect(next).toMatchObject({ status: 0, stderr: '' });
    expect(texts()).toEqual(undisturbed);
  }
  expect(readdirSync(place).filter((name) => !/^out(?:\.before-.*)?$/.test(name))).toEqual([]);
}, 240_000);

test('of two runs into one folder at once, the one ends with its results and the other says who is at work', async () => {
  const course = courseWith();
  const out = path.join(newFolder(), 'out');
  const runs = await Promise.all([1, 2].map(() => startCommand(course, 'grade:class', large, '--out', out)));
  const [won, lost] = runs.sort((a, b) => (a.status ?? 0) - (b.status ?? 0));
  expect(won).toMatchObject({ status: 0, stderr: '' });
  // If the first run finished before the second needed the folder, the second only compares.
  const said = lost?.status === 0 ? runs.map(({ stdout }) => stdout).join('') : lost?.stderr;
  expect(said).toMatch(
    /Nothing is replaced|^Another run writes to .*, for a minute or less\..* delete .*out\.lock/,
  );
  expect(readRun(out).students).toHaveLength(students.length);
  expect(readdirSync(path.dirname(out))).toEqual(['out']);
}, 60_000);
