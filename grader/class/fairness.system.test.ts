import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { classOf, courseWith, graded, outputsIn } from '../testing/classes';
import {
  canvasFiles,
  canvasGradebook,
  class30,
  type Enrolled,
  gradescopeFiles,
  zip,
} from '../testing/downloads';
import { fileOf, newFolder, writeFiles } from '../testing/folders';
import { clonesOf, git } from '../testing/histories';
import { at, committed, deadline, full, half } from '../testing/history-cases';
import { runCommand } from '../testing/run';
import { notesOf } from '../testing/worksheet';

const course = courseWith();
const withDeadline = courseWith({ deadline });
const answers = full['work/boxes.ts'];

test('a clone that is cut off is not graded, whatever is in it, and says to fetch the whole history', async () => {
  const root = clonesOf({ ada: at(-1, full) }, (a) => ({ commits: { a, late: at(72, half) } }));
  const from = `file://${path.join(root, 'fruit-ada')}`;
  git(root, ['clone', '--quiet', '--depth', '1', from, path.join(root, 'fruit-bob')]);
  git(root, ['clone', '--quiet', '--bare', '--depth', '1', from, path.join(root, 'fruit-cyd')]);
  const { row, codes } = await graded(withDeadline, root);
  expect(row('ada').points).toBe(10);
  for (const login of ['bob', 'cyd']) {
    expect([row(login).status, row(login).points]).toEqual(['not fetched', null]);
    expect(codes(login)).toContain('history/cut');
  }
  git(path.join(root, 'fruit-bob'), ['fetch', '--quiet', '--unshallow']);
  expect((await graded(withDeadline, root)).row('bob').points).toBe(10);
  // A host's download has its own times, so a repository inside it decides nothing.
  const [student] = class30.filter(({ handedIn }) => handedIn);
  const files = gradescopeFiles(student ? [[student]] : []);
  const [submission = ''] = Object.keys(files).filter((name) => !name.endsWith('.yml'));
  const folder = newFolder();
  writeFiles(folder, { ...files, [`${path.posix.dirname(submission)}/.git/shallow`]: 'mine' });
  const { rows } = await graded(course, folder);
  expect(rows.map(({ status }) => status)).toEqual(['graded']);
});

test('what a download names and lacks, or dates with a time that cannot be read, is for a person to look at', async () => {
  const students = class30.slice(0, 5).flatMap((student) => (student.handedIn ? [[student]] : []));
  const files = Object.entries(gradescopeFiles(students)).map(([name, content]) => [
    name,
    String(content).replace('2026-10-01 12:00:00.123456000 Z', 'first of October'),
  ]);
  const kept = files.filter(([name]) => !name?.includes('submission_501/'));
  const download = fileOf('e.zip', zip(Object.fromEntries(kept)));
  const { rows, codes } = await graded(course, download, '--due', '2026-10-05T12:00Z');
  expect(rows.map(({ key, points }) => [points, codes(key)[0]])).toEqual([
    [10, 'class/no-time'],
    [null, expect.any(String)],
    ...[
      [9, undefined],
      [0, undefined],
    ],
  ]);
});

test('nothing of one student is in what another can read', async () => {
  const students = ['Quinces', 'Medlars'].map((secret, index) => ({
    ...(class30[index] as Enrolled),
    handedIn: { 'boxes.ts': answers, 'notes.md': notesOf(secret, secret) },
  }));
  const table = fileOf('roster.csv', canvasGradebook(students));
  const download = fileOf('all.zip', zip(canvasFiles(students)));
  const { out } = await graded(course, download, '--roster', table, '--feedback');
  const folder = path.join(out, 'feedback');
  const pages = readdirSync(folder).filter((name) => /\.(?:txt|html)$/.test(name));
  const texts = [
    ...pages.map((name) => [name, readFileSync(path.join(folder, name))] as const),
    ...Object.entries(unzipSync(readFileSync(path.join(folder, 'canvas-feedback.zip')))),
  ];
  expect(texts).toHaveLength(6);
  for (const [file, bytes] of texts) {
    const others = students.filter(({ userId }) => !file.includes(userId));
    expect(others).toHaveLength(1);
    for (const { userId, login, email, last, handedIn } of others)
      for (const known of [userId, login, email, last, handedIn['notes.md'].slice(-8).trim()])
        expect(Buffer.from(bytes).toString()).not.toContain(known);
  }
});

test.each([
  ['without git', []],
  ['with a git that is too old', ['#!/bin/sh', 'echo git version 2.35.8']],
])('%s files are graded and that is said once, but clones with a deadline stop the run', (_, program) => {
  const clones = classOf({ 'fruit-ada': { ...full, '.git/HEAD': 'ref: refs/heads/main\n' } });
  const programs = newFolder();
  if (program.length > 0) writeFileSync(path.join(programs, 'git'), program.join('\n'), { mode: 0o755 });
  const before = process.env.PATH;
  process.env.PATH = programs;
  const out = path.join(newFolder(), 'out');
  const run = runCommand(course, 'grade:class', clones, '--out', out);
  const stopped = runCommand(withDeadline, 'grade:class', clones);
  process.env.PATH = before;
  expect(outputsIn(out).row('ada')).toMatchObject({ status: 'graded', points: 10 });
  expect(run.stdout.match(/git 2\.36 or later is not installed/g)).toHaveLength(1);
  expect(stopped).toMatchObject({ status: 2, stderr: expect.stringContaining('Without git 2.36 or later') });
});

test('a repository inside of the work is not read, and is remarked where it is committed and where it is on the disk', async () => {
  const root = clonesOf({ ada: full, ben: full, cyd: full }, (files) => committed(-1, files));
  const [ada, ben] = ['ada', 'ben'].map((login) => path.join(root, `fruit-${login}`)) as [string, string];
  const inner = git(ada, ['rev-parse', 'HEAD']).trim();
  git(ada, ['config', 'diff.ignoreSubmodules', 'all']);
  git(ada, ['reset', '--quiet']);
  git(ada, ['update-index', '--add', '--cacheinfo', `160000,${inner},mine`]);
  git(ada, ['commit', '--quiet', '-m', 'inner']);
  // This student handed in the folder around the repository.
  renameSync(ben, path.join(root, 'ben'));
  mkdirSync(ben);
  renameSync(path.join(root, 'ben'), path.join(ben, 'mine'));
  const { row, codes } = await graded(course, root);
  expect(['ada', 'ben', 'cyd'].map((login) => [row(login).points, ...(codes(login) ?? [])])).toEqual([
    [10, 'found/nested-repository'],
    [10, 'found/nested-repository'],
    [10],
  ]);
  expect(JSON.stringify(row('ada').notes)).toContain('"place":"mine"');
});
