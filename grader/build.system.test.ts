import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { newClone, removeFolders, writeFiles } from './testing/folders';
import { runCommand, runGrade } from './testing/run';

afterAll(removeFolders);

const root = newClone();
const build = path.join(root, '.graded', 'build');
const scoreFile = 'grader/grading/score.ts';
const score = readFileSync(path.join(root, scoreFile), 'utf8');

/** Runs a command of the clone without blocking, so that several can run at once. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, ['grader/run.js', ...args], { cwd: root });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status, stdout, stderr };
}

test('commands that are started at once in a new clone all work, and leave whole programs', async () => {
  const grade = ['grade', 'solution/fixtures/typical'];
  const ended = await Promise.all([start(...grade), start(...grade), start('hints'), start('hints')]);
  for (const { status, stdout, stderr } of ended) {
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toBe('');
  }
  expect(readdirSync(build).sort()).toEqual(['grade.js', 'instructor.js']);
});

test('an edit is seen by the next command, and one that does not compile is told with its place', () => {
  const graded = runGrade(root, 'solution/reference');
  expect(graded).toMatchObject({ status: 0, stdout: expect.stringContaining('16 of 16 points') });
  writeFiles(root, { [scoreFile]: `export const = 1;\n${score}` });
  for (const { status, stdout, stderr } of [runGrade(root), runCommand(root, 'hints')]) {
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(`${scoreFile}:1:14: Expected identifier but found "="\n`);
  }
  writeFiles(root, { [scoreFile]: score });
  expect(runGrade(root, 'solution/reference')).toEqual(graded);
});

test('without its packages a command says what to run', () => {
  const packages = path.join(root, 'node_modules');
  rmSync(packages);
  for (const { status, stdout, stderr } of [runGrade(root), runCommand(root, 'check')]) {
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe('Some packages are not installed. Run npm ci, and then run this again.\n');
  }
  symlinkSync(path.join(__dirname, '..', 'node_modules'), packages, 'junction');
});

test('with DEBUG an error that nobody foresaw is told with its places in the sources', () => {
  writeFiles(root, {
    [scoreFile]: score.replace(/(export async function score\([^{]*\{\n)/, '$1  throw new Error("odd");\n'),
  });
  const { stderr } = runGrade(root);
  expect(stderr).toMatch(/The grader itself failed[\s\S]*odd\n.*DEBUG/);
  process.env.DEBUG = '1';
  const { stderr: whole } = runGrade(root);
  delete process.env.DEBUG;
  expect(whole).toMatch(/ {4}at .*score.*grader[/\\]grading[/\\]score\.ts:\d+:\d+/);
  writeFiles(root, { [scoreFile]: score });
});
