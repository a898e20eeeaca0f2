import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { makeRepository } from '../authoring/demo/demo';
import { graded, outputsIn, partly, runClass, runMerge, tableFile, work } from '../testing/classes';
import { type Files, gradescopeFiles, loginRoster, zip } from '../testing/downloads';
import { fileOf, newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { git } from '../testing/histories';
import {
  asText,
  type Case,
  cases,
  classOfCases,
  eachIn,
  expectedOutcome,
  forms,
  full,
  gitTime,
  outcomesOf,
  type Student,
  stub,
  unpacked,
} from '../testing/layouts';
import { courseFiles, rightAnswers } from '../testing/worksheet';

afterAll(removeFolders);

const course = newCourse(courseFiles);
const [answers, notes] = [full['work/boxes.ts'], full['work/notes.md']];

/** Grades the cases in one form, with a deadline. */
async function gradedIn(form: string, list: readonly Case[] = cases) {
  const students = classOfCases(list);
  const [download, roster] = await (forms[form] as (typeof forms)[string])(students);
  const args = ['--roster', fileOf('roster.csv', roster), '--due', '2026-10-01T12:00Z'];
  const { rows, run } = await graded(course, download, ...args);
  return { outcomes: outcomesOf(students, rows), run };
}

describe('a deadline', () => {
  test('finds the same in the commit that counts', async () => {
    expect((await gradedIn('repositories')).outcomes).toEqual(cases.map(expectedOutcome));
  });

  test('is one note for a class without histories, and no review entry for each', async () => {
    const list = cases.slice(0, 3);
    const { outcomes, run } = await gradedIn('plain folders', list);
    expect(outcomes).toEqual(list.map(expectedOutcome));
    expect(run.notes.filter((note: string) => note.includes('nobody in it counts as late'))).toHaveLength(1);
  });
});

describe('what came late, over a stub that was on time, is no zero', () => {
  const late = Date.parse('2026-10-02T12:00Z');
  const deadline = { due: '2026-10-01T12:00Z', late: { per_day: 1, until: '2026-10-03T12:00Z' } };
  const strict = newCourse({
    ...courseFiles,
    'rubric.yaml': `${courseFiles['rubric.yaml']}deadline: ${JSON.stringify(deadline)}\n`,
  });
  test.each<[string, Files, string, number | null, string]>([
    ['a damaged archive', { 'w.zip': zip(full).subarray(0, 100) }, 'failed', null, 'file/archive'],
    ['a PDF', { 'answers.pdf': '%PDF' }, 'failed', null, 'class/instead'],
    ['two versions that differ', { ...full, 'boxes (1).ts': partly }, 'undecided', null, 'class/versions'],
    [
      'work in another place',
      { 'boxes (1).ts': answers, 'notes (1).md': notes },
      'graded',
      9,
      'found/elsewhere',
    ],
  ])('%s', async (_name, files, status, points, said) => {
    const root = path.join(newFolder(), 'fruit-submissions');
    makeRepository(path.join(root, 'fruit-ada'), 'ada', [
      { time: gitTime, message: 'stub', files: stub },
      { time: late, message: 'late', files },
    ]);
    const { row, codes } = await graded(strict, root);
    expect([row('ada').status, row('ada').points]).toEqual([status, points]);
    expect(codes('ada')).toContain(said);
  });
});

test('two versions are shown with their points, and the line that takes the better one takes it', async () => {
  const list = cases.filter(({ name }) => name === 'two versions that differ');
  const students = classOfCases(list);
  const [root, roster] = await (forms['plain folders'] as (typeof forms)[string])(students);
  const args = [root, '--roster', fileOf('roster.csv', roster)];
  const { out, row } = await graded(course, ...(args as [string]));
  expect(row('s-00').choices).toEqual([
    { files: ['work/boxes.ts'], points: 10 },
    { files: ['boxes (1).ts'], points: 9 },
  ]);
  const page = readFileSync(path.join(out, 'follow-up.html'), 'utf8');
  const [, line = ''] = /(s-00,10,,[^\n]*)/.exec(page) ?? [];
  const overrides = readFileSync(path.join(out, 'overrides.csv'), 'utf8');
  writeFiles(out, { 'overrides.csv': `${overrides.trimEnd()}\n${line}\n` });
  const again = await runClass(course, ...args, '--out', out, '--apply');
  expect(again.stderr).toBe('');
  expect(outputsIn(out).row('s-00').points).toBe(10);
});

test('Canvas’s own name for a file that is handed in again is no review entry, and the later one counts', async () => {
  const files = {
    'leeann_1_11_boxes-1.ts': answers,
    'leeann_1_12_notes.md': notes,
    'rossbob_2_21_boxes.ts': partly,
    'rossbob_2_22_boxes-2.ts': answers,
    'rossbob_2_23_notes.md': notes,
  };
  const roster = tableFile('roster.csv', ['name,id', 'Ann Lee,1', 'Bob Ross,2']);
  const { row, codes } = await graded(course, fileOf('s.zip', zip(files)), '--roster', roster);
  expect([row('(1)').points, codes('(1)')]).toEqual([10, []]);
  expect([row('(2)').points, codes('(2)')]).toEqual([10, ['found/newer']]);
});

test('what the metadata names and the export lacks is failed, and no missing submission', async () => {
  const students = classOfCases(cases.slice(0, 2));
  const files = gradescopeFiles(asText(students).map((student) => [student]));
  const kept = Object.fromEntries(Object.entries(files).filter(([name]) => !name.includes('submission_501')));
  const { rows } = await graded(course, fileOf('e.zip', zip(kept)));
  expect(rows.map(({ status, points }) => [status, points])).toEqual([
    ['graded', 10],
    ['failed', null],
  ]);
});

test('a moment that cannot be read is not known, and never on time in silence', async () => {
  const students = classOfCases(cases.slice(0, 2));
  const files = gradescopeFiles(asText(students).map((student) => [student]));
  const metadata = String(files['assignment_12_export/submission_metadata.yml']);
  const odd = metadata.replace('2026-10-01 12:00:00.123456000 Z', 'first of October');
  const { codes } = await graded(
    course,
    fileOf('e.zip', zip({ ...files, 'assignment_12_export/submission_metadata.yml': odd })),
    ...['--due', '2026-10-05T12:00Z'],
  );
  expect([codes('(a00)'), codes('(a01)')]).toEqual([['class/no-time'], []]);
});

test('a shallow clone in which nothing is on time has no points, and says to fetch the whole history', async () => {
  const root = path.join(newFolder(), 'fruit-submissions');
  const place = path.join(root, 'fruit-ada');
  const late = Date.parse('2026-10-02T12:00Z');
  makeRepository(place, 'ada', [
    { time: gitTime, message: 'on time', files: full },
    { time: late, message: 'late', files: { 'work/boxes.ts': partly } },
  ]);
  const shallow = path.join(root, 'fruit-bob');
  git(root, ['clone', '--quiet', '--depth', '1', `file://${place}`, shallow]);
  const { row } = await graded(course, root, '--due', '2026-10-01T12:00Z');
  expect([row('bob').status, row('bob').points]).toEqual(['failed', null]);
  expect(row('bob').warnings).toContainEqual(expect.objectContaining({ code: 'history/cut' }));
});

describe('nobody’s points change', () => {
  const wanted = async (students: readonly Student[], root: string, ...args: string[]) => {
    const { rows } = await graded(course, root, ...args);
    return students.map(({ login }) => rows.find(({ key }) => key === login)?.points);
  };
  const roster = (students: readonly Student[]) => fileOf('roster.csv', loginRoster(asText(students)));
  const points = cases.map((one) => one.points);

  test.each([
    ['folders have another name before the login', (login: string) => `week-1-hw-${login}`],
    ['folders are called by the e-mail address', (login: string) => `${login.replace('-', '')}@x.org`],
    ['folders are called by a number', (login: string) => `A${login.slice(2)}`],
  ])('where %s', async (_name, nameOf) => {
    const students = classOfCases();
    const root = unpacked(
      eachIn(students, ({ login }) => nameOf(login)),
      'class',
    );
    const table = tableFile('roster.csv', [
      'login,name,email,student_id',
      ...students.map(
        ({ login, first, last, email, studentId }) => `${login},${first} ${last},${email},${studentId}`,
      ),
    ]);
    expect(await wanted(students, root, '--roster', table)).toEqual(points);
  });

  test('where a roster has another order, or one more student', async () => {
    const students = classOfCases();
    const root = unpacked(eachIn(students, ({ login }) => `fruit-${login}`));
    const other = {
      ...(students[0] as Student),
      login: 'zoe',
      first: 'Zoe',
      studentId: 'Z1',
      email: 'z@x.org',
    };
    expect(await wanted(students, root, '--roster', roster([...students].reverse()))).toEqual(points);
    expect(await wanted(students, root, '--roster', roster([other, ...students]))).toEqual(points);
  });

  test('where a class is graded in parts', async () => {
    const students = classOfCases();
    const root = unpacked(eachIn(students, ({ login }) => `fruit-${login}`));
    const table = roster(students);
    const parts: string[] = [];
    for (const shard of ['1/2', '2/2']) {
      const { out } = await graded(course, root, '--roster', table, '--shard', shard);
      parts.push(out);
    }
    const out = path.join(newFolder(), 'out');
    const merged = await runMerge(course, ...parts, '--roster', table, '--out', out);
    expect(merged.stderr).toBe('');
    expect(students.map(({ login }) => outputsIn(out).row(login).points)).toEqual(points);
  });
});

test('nothing of one student is in what another can read', async () => {
  const secrets = ['Quinces', 'Medlars', 'Sorbs'];
  const list = secrets.map((secret) => ({
    name: secret,
    files: work(rightAnswers, secret, 'Lemons'),
    points: 10,
  }));
  const students = classOfCases(list);
  const [download, table] = await (forms['Canvas’s zip'] as (typeof forms)[string])(students);
  const { out } = await graded(course, download, '--roster', fileOf('roster.csv', table), '--feedback');
  const folder = path.join(out, 'feedback');
  const pages = readdirSync(folder).filter((name) => /\.(?:txt|html)$/.test(name));
  const returned = unzipSync(readFileSync(path.join(folder, 'canvas-feedback.zip')));
  const texts = [
    ...pages.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const),
    ...Object.entries(returned).map(([name, bytes]) => [name, Buffer.from(bytes).toString()] as const),
  ];
  expect(texts).toHaveLength(3 * secrets.length);
  for (const [name, text] of texts) {
    const owner = students.findIndex(({ userId }) => name.includes(userId));
    const others = students.filter((_, index) => index !== owner);
    expect(owner).toBeGreaterThanOrEqual(0);
    for (const { userId, login, email } of others)
      for (const known of [userId, login, email, ...secrets.filter((_, index) => index !== owner)])
        expect(text).not.toContain(known);
  }
});
