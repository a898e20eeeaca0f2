import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npmCli } from '../../system/packages';
import { newFolder, packageRoot, removeFolders } from '../../testing/folders';
import { runCommand } from '../../testing/run';

afterAll(removeFolders);

const course = path.join(newFolder(), "next week's (2)");

/** Runs npm in the course, as its author would. */
function npm(...args: string[]) {
  const { FORCE_COLOR: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [npmCli(), ...args], {
    cwd: course,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1', INIT_CWD: course },
  });
  return { status, stdout, stderr };
}

test('a new course passes npm test, check, release and demo before a word is changed', () => {
  expect(runCommand(packageRoot, 'new', course)).toMatchObject({ status: 0, stderr: '' });
  expect(npm('test')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Not started yet: 0 of 4 points'),
  });
  const { stdout } = npm('run', '--silent', 'grade');
  expect(stdout).toContain('Fill in each cell');
  expect(stdout.trim().split('\n').length).toBeLessThanOrEqual(8);
  expect(npm('run', 'check')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^All \d+ checks passed\.$/m),
  });
  expect(npm('run', 'release')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('student/: the repository for students.'),
  });
  expect(npm('run', 'demo')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^31 students: /m) });
  expect(npm('run', 'generate')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Everything is up to date.'),
  });
}, 120_000);

test.each([
  ['this repository', packageRoot],
  ['a new course', course],
])('git leaves out what holds grades or answers in %s', (_name, folder) => {
  const held = ['out/grades.csv', 'out.before-2026-10-01T10-00-00/grades.csv', 'out.new/grades.csv'];
  const made = [
    'dist/release.json',
    'dist.new/release/release.json',
    'submissions/ada/x',
    'demo/out/grades.csv',
  ];
  spawnSync('git', ['init', '--quiet'], { cwd: course });
  const { stdout } = spawnSync('git', ['check-ignore', ...held, ...made], { cwd: folder, encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual([...held, ...made]);
});

test('its students get the name of the course, and a package that works without this repository', () => {
  const copied = (file: string) => readFileSync(path.join(course, 'dist', 'student', file), 'utf8');
  const { name, dependencies, devDependencies } = JSON.parse(copied('package.json'));
  expect([name, devDependencies]).toEqual(['next-week-s-2', undefined]);
  expect(Object.keys(dependencies)).toEqual(['jest', 'typescript']);
  expect(JSON.parse(copied('package-lock.json'))).toMatchObject({ name: 'next-week-s-2' });
});

test('what somebody changes is graded: a submission, another number, a fault with its place', () => {
  writeFileSync(
    path.join(course, 'assignment', 'answers.ts'),
    'export const floor = { whole: { tiles: 6 * 4 }, edge: { tiles: 2 * 6 + 2 * 4, share: 0.67 } };\n',
  );
  const { status, stdout } = npm('test');
  expect(status).toBe(1);
  expect(stdout).toContain('2 of 4 points');
  expect(stdout).toContain('Which tiles do you step');
  const rubric = path.join(course, 'rubric.yaml');
  writeFileSync(rubric, readFileSync(rubric, 'utf8').replace('width: 6', 'width: 1'));
  expect(npm('run', 'generate').stderr).toMatch(
    /solution\/index\.ts:\d+:\d+: .*a side of the floor is 1; in given, write a whole number from 2/,
  );
});

test('a folder that holds something is left as it is', () => {
  const taken = newFolder();
  mkdirSync(path.join(taken, 'notes'));
  expect(runCommand(packageRoot, 'new', taken)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is in use (notes), and is left as it is'),
  });
  writeFileSync(path.join(taken, 'file'), 'Mine.');
  expect(runCommand(packageRoot, 'new', path.join(taken, 'file'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('it is a file'),
  });
  expect(existsSync(path.join(taken, 'package.json'))).toBe(false);
});
