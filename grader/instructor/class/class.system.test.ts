import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { parse } from 'csv-parse/sync';
import { writeCircle } from '../../testing/circle';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { killClass, runClass, runMerge, runRelease } from '../../testing/run';
import {
  answersOf,
  blankAnswers,
  courseFiles,
  notesOf,
  rightAnswers,
  rubricYaml,
  wholeCourse,
} from '../../testing/worksheet';
import { makeRepository } from '../demo/repository';
import { at, filesBelow } from '../files';
import type { Graded } from './graded.schema';
import schema from './graded.schema.json';
import { readRows } from './rows';

afterAll(removeFolders);

const course = newCourse(courseFiles);

/** A folder with one folder a student. */
function classOf(students: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>>): string {
  const root = path.join(newFolder('class é'), 'fruit-submissions');
  mkdirSync(root);
  for (const [name, files] of Object.entries(students)) {
    mkdirSync(path.join(root, name));
    writeFiles(path.join(root, name), files);
  }
  return root;
}

const work = (answers: string, ...notes: string[]) => ({
  'work/boxes.ts': answers,
  'work/notes.md': notesOf(...notes),
});
const partly = answersOf('{ down: 7, across: 24 }', '{ down: 7, across: 13 }');

function graded(root: string, ...args: string[]) {
  const out = path.join(newFolder(), 'out');
  const { status, stdout, stderr } = runClass(course, root, '--out', out, ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return { out, stdout, ...read(out) };
}

function read(out: string) {
  const rows = [...readRows(out)];
  return {
    rows,
    row: (key: string) => rows.find((row) => row.key === key) as Graded,
    table: (file: string): string[][] =>
      parse(readFileSync(at(out, file), 'utf8'), { record_delimiter: '\r\n' }),
    page: readFileSync(path.join(out, 'report.html'), 'utf8'),
  };
}

function roster(...lines: string[]): string {
  const folder = newFolder();
  writeFiles(folder, { 'roster.csv': ['login,name,email', ...lines].join('\n') });
  return path.join(folder, 'roster.csv');
}

describe('a small class', () => {
  const outside = newFolder('outside');
  writeFiles(outside, work(rightAnswers, 'a', 'b'));
  const root = classOf({
    'fruit-ada': work(rightAnswers, 'Pears', 'Lemons'),
    'fruit-ben': work(partly, 'Pears'),
    'fruit-cyd': work(blankAnswers),
    'fruit-dan': { 'work/boxes.ts': 'export const boxes = {', 'work/notes.md': Buffer.from([0xff, 0xfe, 0]) },
    'fruit-eve': {},
    'fruit-zoe': work(rightAnswers),
    ben: work(rightAnswers, 'Pears', 'Lemons'),
    '.hidden': {},
  });
  symlinkSync(outside, path.join(root, 'fruit-fay'), 'junction');
  writeFiles(root, { 'notes.txt': '' });
  const list = roster(
    'Ada,"Ada, Countess",ada@example.org',
    'ben,=1+1,ben@example.org',
    'cyd,Cyd,',
    'dan,Dan,dan@example.org',
    'eve,Eve,eve@example.org',
    'fay,Fay,fay@example.org',
    'gil,Gil,gil@example.org',
  );
  let result: ReturnType<typeof graded>;
  beforeAll(() => {
    result = graded(root, '--roster', list);
  });

  test('has one row for each student of the roster and for each folder, whatever is in it', () => {
    expect(result.rows.map(({ key, status, points }) => [key, status, points])).toEqual([
      ['ada', 'graded', 10],
      ['ben', 'graded', 10],
      ['cyd', 'not started', 0],
      ['dan', 'graded', 0],
      ['eve', 'failed', null],
      ['fay', 'failed', null],
      ['gil', 'no submission', 0],
      ['zoe', 'graded', 4],
    ]);
  });

  test('says what is odd about a row', () => {
    const told = (key: string) => result.row(key).warnings.map(({ code }) => code);
    expect(told('ada')).toEqual([]);
    expect(told('ben')).toEqual(['class/twice']);
    expect(told('eve')).toEqual(['class/failed']);
    expect(told('fay')).toEqual(['class/failed']);
    expect(told('zoe')).toEqual(['class/unknown']);
    expect(result.stdout).toContain('1 files beside the folders in fruit-submissions are passed over.');
    expect(result.stdout).toContain('1 not on the roster');
  });

  test('has rows that fit the published schema', () => {
    const validate = new Ajv({ strict: true }).compile(schema);
    for (const row of result.rows) {
      validate(JSON.parse(JSON.stringify(row)));
      expect(validate.errors).toBeNull();
    }
  });

  test('is kept to its owner', () => {
    if (process.platform !== 'win32') {
      expect(statSync(result.out).mode & 0o777).toBe(0o700);
      expect(statSync(path.join(result.out, 'results.jsonl')).mode & 0o777).toBe(0o600);
    }
  });

  test('has the gradebooks of each host, with names as the roster has them', () => {
    expect(
      result
        .table('grades.csv')
        .slice(0, 3)
        .map((cells) => cells.slice(0, 8)),
    ).toEqual([
      ['login', 'name', 'email', 'status', 'points', 'possible', 'worksheet', 'reflection'],
      ['Ada', 'Ada, Countess', 'ada@example.org', 'graded', '10', '10', '4', '6'],
      ['ben', '=1+1', 'ben@example.org', 'graded', '10', '10', '4', '6'],
    ]);
    expect(result.table('gradebooks/canvas.csv').slice(0, 3)).toEqual([
      ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'Fruit in boxes'],
      ['    Points Possible', '', '', '', '', '10'],
      ['Ada, Countess', '', '', 'ada@example.org', '', '10'],
    ]);
    expect(result.table('gradebooks/github-classroom.csv')[0]?.slice(3)).toEqual([
      ...['github_username', 'roster_identifier', 'student_repository_name', 'student_repository_url'],
      ...['submission_timestamp', 'points_awarded', 'points_available'],
    ]);
    expect(result.table('gradebooks/classroom50.csv')[1]).toEqual([
      ...['Ada', '', '', 'ada@example.org', '', '10', '10', '', '', '', '', 'false', ''],
    ]);
  });

  test('leaves out of Moodle’s file whom it could not find, and says who', () => {
    const rows = result.table('gradebooks/moodle.csv');
    expect(rows.slice(0, 2)).toEqual([
      ['useremail', 'grade', 'feedback'],
      ['ada@example.org', '10', ''],
    ]);
    expect(rows.map(([user]) => user)).not.toContain('');
    expect(rows.find(([user]) => user === 'eve@example.org')?.[1]).toBe('-');
    expect(result.stdout).toContain('gradebooks/moodle.csv leaves out cyd:');
  });

  test('tells in run.json what the grades come from', () => {
    const run = JSON.parse(readFileSync(path.join(result.out, 'run.json'), 'utf8'));
    expect(run).toMatchObject({
      version: 1,
      node: process.version,
      rubric: expect.stringMatching(/^[0-9a-f]{64}$/),
      key: expect.stringMatching(/^plain:[0-9a-f]{64}$/),
      students: 8,
      statuses: { graded: 4, 'not started': 1, 'no submission': 1, failed: 2 },
    });
  });

  test('can be printed as JSON and nothing else, and is not written again by that', () => {
    const { status, stdout } = runClass(course, root, '--roster', list, '--out', result.out, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ written: false, moves: [], run: { students: 8 } });
  });

  test('is the same when it is graded in parts and joined', () => {
    const parts = [1, 2, 3].map((part) => {
      const out = path.join(newFolder(), `part-${part}`);
      expect(runClass(course, root, '--roster', list, '--out', out, '--shard', `${part}/3`).status).toBe(0);
      return out;
    });
    const joined = path.join(newFolder(), 'out');
    expect(runMerge(course, ...parts, '--roster', list, '--out', joined)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(filesBelow(joined)).toEqual(filesBelow(result.out));
    const timeless = (text: string) => text.replace(/"(?:started|ended)": "[^"]*"/g, '');
    for (const file of filesBelow(joined)) {
      const [one, other] = [joined, result.out].map((folder) =>
        timeless(readFileSync(at(folder, file), 'utf8')),
      );
      expect({ file, text: one }).toEqual({ file, text: other });
    }

    const lost = runMerge(course, parts[0] ?? '', parts[2] ?? '', '--out', path.join(newFolder(), 'out'));
    expect(lost).toMatchObject({ status: 2, stdout: '' });
    expect(lost.stderr).toContain(
      'Part 2 of 3 is missing. Grade it alone: npm run grade:class -- <folder> --shard 2/3',
    );
    const twice = runMerge(course, ...parts, parts[0] ?? '', '--out', path.join(newFolder(), 'out'));
    expect(twice.stderr).toContain('are both part 1 of 3');

    const merge = (part: string) =>
      runMerge(course, parts[0] ?? '', part, parts[2] ?? '', '--out', path.join(newFolder(), 'out'));
    const stranger = path.join(newFolder(), 'part-2');
    expect(runClass(course, root, '--out', stranger, '--shard', '2/3').status).toBe(0);
    expect(merge(stranger).stderr).toContain('is of another class than');
    const short = path.join(newFolder(), 'part-2');
    cpSync(parts[1] ?? '', short, { recursive: true });
    const lines = readFileSync(path.join(short, 'results.jsonl'), 'utf8').split('\n');
    writeFiles(short, { 'results.jsonl': `${lines.slice(0, -2).join('\n')}\n` });
    expect(merge(short).stderr).toContain('holds 2 of its 3 students');
    writeFiles(short, { 'results.jsonl': [...lines.slice(0, 2), ...lines.slice(1)].join('\n') });
    expect(merge(short).stderr).toContain('line 3 is out of order');

    writeFiles(joined, { 'overrides.csv': 'login,points,reason\nben,3,Seen\n' });
    const again = runMerge(course, ...parts, '--roster', list, '--out', joined);
    expect(again.stdout).toContain('ben: 10 to 3 (-7): an override changed');
    expect(runMerge(course, result.out).stderr).toContain('is a whole run and no part of one');
  });
});

test('nothing that students write is a formula, a tag or a command anywhere', () => {
  const evil = '=HYPERLINK("https://example.org")\n\n<script>alert(1)</script> ::error::x \u001b[2J\u202e';
  const name = '=cmd()-<b>';
  const root = classOf({
    [name]: work(answersOf(`{ down: "${'<img src=x>'}", across: "=1" }`, '{ down: 7 }'), evil, '@x'),
  });
  const { table, page, stdout, row } = graded(root);
  expect(row(name).points).toBe(7);
  expect(page).not.toMatch(/<script|<img|<b>|style="|onerror=/);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  for (const file of ['grades.csv', 'responses.csv', 'gradebooks/github-classroom.csv']) {
    for (const cells of table(file)) for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  }
  expect(stdout).not.toContain('\u001b');
  expect(stdout).not.toMatch(/\u202e|::error::/);
});

test('a page without names holds no name, login or link', () => {
  const secret = 'ada-lovelace';
  const root = classOf({
    [`x-${secret}`]: work(rightAnswers, 'Pears'),
    [`fruit-${secret}`]: work(partly, 'Lemons'),
  });
  writeFiles(path.join(root, `fruit-${secret}`), {
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/config': `[remote "origin"]\n\turl = https://github.com/org/${secret}\n`,
  });
  const { page, row } = graded(root, '--roster', roster(`${secret},Countess,c@example.org`), '--anonymous');
  expect(row(secret).warnings.length).toBeGreaterThan(0);
  expect(page).toContain('Names, logins and links are left out.');
  expect(page).not.toMatch(/lovelace|Countess|example\.org|https:/);
});

describe('with a deadline', () => {
  const hour = 60 * 60 * 1000;
  const due = Date.parse('2026-10-01T12:00Z');
  const late = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}deadline: { due: 2026-10-01T12:00Z, grace_minutes: 30, per_day_points: 2, cutoff: 2026-10-05T12:00Z }\n`,
  });
  const root = classOf({});
  const commit = (hours: number, files: Record<string, string>) => ({
    time: due + hours * hour,
    message: 'x',
    files,
  });
  const [half, full] = [work(partly, 'Pears'), work(rightAnswers, 'Pears', 'Lemons')];
  let result: ReturnType<typeof read>;

  beforeAll(async () => {
    await makeRepository(path.join(root, 'early'), 'x', [commit(-5, half), commit(-1, full)]);
    await makeRepository(path.join(root, 'grace'), 'x', [commit(-5, half), commit(0.4, full)]);
    await makeRepository(path.join(root, 'mends'), 'x', [commit(-5, full), commit(30, half)]);
    await makeRepository(path.join(root, 'gains'), 'x', [commit(-5, work(blankAnswers)), commit(30, full)]);
    await makeRepository(path.join(root, 'extended'), 'x', [
      commit(-5, work(blankAnswers)),
      commit(30, full),
    ]);
    await makeRepository(path.join(root, 'never'), 'x', [commit(-5, work(blankAnswers)), commit(200, full)]);
    await makeRepository(path.join(root, 'forged'), 'x', [
      commit(-5, half),
      { ...commit(0, full), time: 1e18 },
    ]);
    await makeRepository(path.join(root, 'unsaved'), 'x', [commit(-5, half)]);
    writeFiles(path.join(root, 'unsaved'), full);
    writeFiles(path.join(root, 'without'), full);
    const extensions = newFolder();
    writeFiles(extensions, {
      'e.csv': 'login,due\nextended,2026-10-03T12:00Z\nnobody,2026-10-03T12:00Z\nmends,soon\n',
    });
    const out = path.join(newFolder(), 'out');
    const done = runClass(late, root, '--out', out, '--extensions', path.join(extensions, 'e.csv'));
    expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
    expect(done.stdout).toContain('Nobody in this class is called nobody');
    expect(done.stdout).toContain('entry 3 is left out; write a login and a moment');
    result = read(out);
  });

  test.each([
    ['what is on time counts whole', 'early', 10, []],
    ['so does what comes within the grace', 'grace', 10, []],
    ['mending a file later never costs', 'mends', 10, []],
    ['what is late costs points a day, where it is still the better', 'gains', 6, [-4]],
    ['an extension moves the deadline', 'extended', 10, []],
    ['what comes after the cutoff does not count', 'never', 0, [0]],
    ['a time that cannot be is late', 'forged', 6, [0]],
    ['what was not committed does not count', 'unsaved', 6, []],
    ['where there is no history nothing is late', 'without', 10, []],
  ])('%s', (_name, key, points, adjustments) => {
    expect(result.row(key).points).toBe(points);
    expect(result.row(key).adjustments.map((adjustment) => adjustment.points)).toEqual(adjustments);
  });

  test('what is not known, or not counted, is said', () => {
    const told = (key: string) => result.row(key).warnings.map(({ code }) => code);
    expect(told('without')).toEqual(['class/no-time']);
    expect(told('unsaved')).toEqual(['class/uncommitted', 'class/uncommitted']);
    expect(told('gains')).toEqual([]);
    expect(told('forged')).toEqual(['history/time']);
  });

  test('the first complete answer of a row is what was committed first, with its mistake', () => {
    expect(
      result
        .row('early')
        .first.map(({ row, cells, hint }) => [row, cells.map(({ right }) => right), hint?.misconception]),
    ).toEqual([
      ['basket', [true, false], 'all-fruit'],
      ['crate', [true, true], undefined],
    ]);
    expect(result.page).toContain('At first: how many missed each cell');
  });

  test('--due is in place of the rubric’s', () => {
    const out = path.join(newFolder(), 'out');
    expect(runClass(late, root, '--out', out, '--due', '2026-11-01T12:00Z').status).toBe(0);
    expect(read(out).row('gains')).toMatchObject({ points: 10, adjustments: [] });
    expect(runClass(late, root, '--due', 'tomorrow')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Write a moment with its offset from UTC'),
    });
  });
});

describe('graded again', () => {
  const root = classOf({
    'fruit-ada': work(rightAnswers, 'Pears', 'Lemons'),
    'fruit-ben': work(partly, 'Pears'),
    'fruit-cyd': work(blankAnswers),
  });
  const place = newFolder();
  const out = path.join(place, 'out');
  const again = (...args: string[]) => runClass(course, root, '--out', out, ...args);

  test('it shows who moves and why, replaces nothing before it is told to, and keeps what it replaces', () => {
    expect(again().status).toBe(0);
    const before = readFileSync(path.join(out, 'results.jsonl'), 'utf8');
    expect(again().stdout).toContain('Every grade has the points that it has in the earlier run.');

    writeFiles(root, { 'fruit-ben/work/boxes.ts': rightAnswers });
    rmSync(path.join(root, 'fruit-cyd'), { recursive: true });
    writeFiles(out, { 'overrides.csv': 'login,points,reason\nada,8,Old\nada,9,Came by\nada2,99,x\n' });
    const { stdout } = again();
    expect(stdout).toContain('Nobody in this class is called ada2, who has an override.');
    expect(stdout).toContain('overrides.csv: entry 2 is ada again, and counts.');
    expect(stdout).toContain('overrides.csv: entry 3 gives ada2 99 of 10 points.');
    expect(stdout).toContain('3 grades are another than in the earlier run:');
    expect(stdout).toContain('ada: 10 to 9 (-1): an override changed');
    expect(stdout).toContain('ben: 6 to 7 (+1): the answers changed');
    expect(stdout).toContain('cyd: 0 to none: is no longer in the class');
    expect(stdout).toContain('Add --apply to replace it');
    expect(readFileSync(path.join(out, 'results.jsonl'), 'utf8')).toBe(before);

    const applied = again('--apply');
    const [, kept = ''] = /^The earlier run is kept in (.*)\.$/m.exec(applied.stdout) ?? [];
    expect(readFileSync(path.join(kept, 'results.jsonl'), 'utf8')).toBe(before);
    expect(read(out).row('ada')).toMatchObject({
      points: 9,
      overridden: true,
      adjustments: [{ is: 'override', why: 'Override: Came by', points: -1 }],
    });
    expect(readFileSync(path.join(out, 'overrides.csv'), 'utf8')).toContain('Came by');
    expect(readdirSync(place).filter((name) => name.includes('draft'))).toEqual([]);
  });

  test('a run that was killed between its two renames is taken up, with what was given by hand', () => {
    const around = newFolder();
    const killed = path.join(around, 'out');
    expect(runClass(course, root, '--out', killed).status).toBe(0);
    const stamp = '2026-01-01T00-00-00-4194304';
    cpSync(killed, `${killed}.before-${stamp}`, { recursive: true });
    renameSync(killed, `${killed}.draft-${stamp}`);
    writeFiles(`${killed}.draft-${stamp}`, { 'overrides.csv': 'login,points,reason\nada,3,Seen\n' });
    writeFiles(around, { 'out.draft-notes/mine.txt': 'Mine.' });
    expect(runClass(course, root, '--out', killed, '--apply').status).toBe(0);
    expect(read(killed).row('ada').points).toBe(3);
    expect(readFileSync(path.join(around, 'out.draft-notes', 'mine.txt'), 'utf8')).toBe('Mine.');
  });

  test('another rubric is a reason of its own', () => {
    const other = newCourse({
      ...courseFiles,
      'rubric.yaml': rubricYaml.replace('points: 3', 'points: 2').replace('possible: 10', 'possible: 8'),
    });
    expect(runClass(other, root, '--out', out).stdout).toContain('ben: 7 to 6 (-1): the rubric changed');
  });
});

test('what was changed beside the files to edit is told, and so is another score in the repository', () => {
  const released = newFolder();
  const whole = newCourse(wholeCourse);
  expect(runRelease(whole, '--out', released).status).toBe(0);
  const root = classOf({});
  const [honest, sly, bare] = ['honest', 'sly', 'bare'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [honest, sly]) cpSync(path.join(released, 'student'), folder, { recursive: true });
  for (const folder of [honest, sly, bare]) writeFiles(folder, work(rightAnswers, 'Pears', 'Lemons'));
  const crlf = readFileSync(path.join(honest, 'rubric.yaml'), 'utf8').replaceAll('\n', '\r\n');
  writeFiles(honest, { 'rubric.yaml': crlf });
  writeFiles(sly, {
    '.github/workflows/classroom.yml': 'name: mine\n',
    '.github/workflows/other.yml': 'name: mine\n',
    'work/boxes.ts': partly,
    'result.json': JSON.stringify({ schema: 'classroom50/result/v1', score: 10 }),
  });
  rmSync(path.join(sly, 'grader', 'score.ts'));
  const out = path.join(newFolder(), 'out');
  expect(runClass(whole, root, '--out', out, '--release', released).status).toBe(0);
  const told = (key: string) =>
    read(out)
      .row(key)
      .warnings.map(({ code, quotes: [file] }) => [code, file]);
  expect(told('honest')).toEqual([]);
  expect(told('bare')).toEqual([]);
  expect(told('sly')).toEqual([
    ['trust/changed', '.github/workflows/classroom.yml'],
    ['trust/missing', 'grader/score.ts'],
    ['trust/added', '.github/workflows/other.yml'],
    ['trust/score', undefined],
  ]);
});

test('a history that would take all memory costs its own student the history, and nobody else anything', () => {
  const root = classOf({ ada: work(rightAnswers), eve: work(partly, 'Pears'), zoe: work(rightAnswers) });
  writeCircle(path.join(root, 'eve'));
  const { rows } = graded(root);
  expect(rows.map(({ key, points, warnings }) => [key, points, ...warnings.map(({ code }) => code)])).toEqual(
    [
      ['ada', 4],
      ['eve', 6, 'history/too-much'],
      ['zoe', 4],
    ],
  );
});

describe('a run refuses, and leaves everything as it was', () => {
  const root = classOf({ ada: work(rightAnswers) });

  test.each([
    ['a folder that no grading made', { 'essay.md': 'Mine.' }, 'holds essay.md, which no grading put there'],
  ])('%s', (_name, files, says) => {
    const out = newFolder();
    writeFiles(out, files);
    const { status, stderr } = runClass(course, root, '--out', out);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
    expect(filesBelow(out)).toEqual(Object.keys(files));
  });

  test('an output folder that is a file, a missing roster, and a folder without students', () => {
    const place = newFolder();
    writeFiles(place, { file: '' });
    for (const [args, says] of [
      [[root, '--out', path.join(place, 'file')], 'is no folder'],
      [[root, '--roster', path.join(place, 'none.csv')], 'none.csv is missing'],
      [[place], 'holds no folder'],
      [[root, '--shard', '3/2'], 'Write which part of how many'],
      [[root, '--release', place], 'holds no release.json'],
      [[root, '--out', path.join(root, 'out')], 'lies among the submissions'],
    ] as const) {
      const { status, stderr } = runClass(course, ...args);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) });
    }
    expect(existsSync(path.join(course, 'out'))).toBe(false);
  });

  test('a key that contradicts itself', () => {
    const broken = newCourse({
      ...courseFiles,
      'solution/index.ts': (courseFiles['solution/index.ts'] ?? '').replace(
        'observe = () => table',
        'observe = () => ({ ...table, crate: { down: 7, across: 14 } })',
      ),
    });
    const out = path.join(newFolder(), 'out');
    expect(runClass(broken, root, '--out', out)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('The key contradicts itself'),
    });
    expect(existsSync(out)).toBe(false);
  });
});

test('a run that is killed at any moment loses and doubles nothing, and the next one tidies up', async () => {
  const students = Object.fromEntries(
    Array.from({ length: 700 }, (_, index) => [`s${String(index).padStart(3, '0')}`, work(partly, 'Pears')]),
  );
  const root = classOf(students);
  const place = newFolder();
  const out = path.join(place, 'out');
  const whole = () => [...readRows(out)].map(({ key }) => key);
  expect(runClass(course, root, '--out', out).status).toBe(0);
  expect(whole()).toEqual(Object.keys(students));
  for (const after of [600, 900, 1200, 1500, 1800, 2100]) {
    await killClass(course, after, root, '--out', out, '--apply');
    if (existsSync(out)) expect(whole()).toEqual(Object.keys(students));
  }
  expect(runClass(course, root, '--out', out, '--apply').status).toBe(0);
  expect(whole()).toEqual(Object.keys(students));
  expect(readdirSync(place).filter((name) => name.includes('draft'))).toEqual([]);
}, 120_000);
