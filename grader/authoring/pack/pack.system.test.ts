import { cpSync, existsSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileDigest, listFiles, readText } from '../../system/files';
import { newFolder, packageRoot } from '../../testing/folders';
import { runCommand, runNpm } from '../../testing/run';

const course = path.join(realpathSync(newFolder()), 'my-course');
const grader = path.join(course, 'node_modules', 'worksheet-grader');
const file = `worksheet-grader-${JSON.parse(readText(packageRoot, 'package.json')).version}.tgz`;

const ending = (text: string) => ({ status: 0, stderr: '', stdout: expect.stringContaining(text) });
const npm = (...args: string[]) => runNpm(course, ['--silent', ...args]);

test('a course that brings its grader along is checked, released, shown and graded, and its students test themselves', () => {
  expect(runCommand(packageRoot, 'new', course, '--pack')).toMatchObject({ status: 0, stderr: '' });
  const { dependencies, devDependencies } = JSON.parse(readText(course, 'package.json'));
  expect([dependencies, devDependencies]).toEqual([undefined, { 'worksheet-grader': `file:${file}` }]);
  expect(realpathSync(grader)).toBe(grader);

  expect(npm('run', 'release')).toEqual(ending('All 6 checks passed.\n\nReleased to dist:'));
  expect(existsSync(path.join(course, 'dist-instructor', 'grading.html'))).toBe(true);
  expect(npm('run', 'demo')).toEqual(ending('31 students: 28 graded'));
  for (const [student, submission] of [
    ['ada', 'reference'],
    ['bob', 'fixtures/typical'],
    ['eve', 'fixtures/blank'],
  ] as const)
    cpSync(path.join(course, 'solution', submission), path.join(course, 'submissions', student), {
      recursive: true,
    });
  expect(npm('run', 'grade:class', '--', 'submissions')).toEqual(ending('2 graded, 1 not started'));

  const student = path.join(course, 'dist', 'student');
  expect(listFiles(student)).toEqual(expect.arrayContaining(['.gitignore', '.npmrc', 'package-lock.json']));
  symlinkSync(path.join(course, 'node_modules'), path.join(student, 'node_modules'), 'junction');
  cpSync(path.join(course, 'solution', 'reference'), student, { recursive: true });
  expect(runNpm(student, ['--silent', 'test'])).toEqual(ending('4 of 4 points'));
}, 120_000);

test('a grader that came as a file is passed on as that file', () => {
  const digest = fileDigest(course, file);
  rmSync(path.join(course, file));
  expect(npm('exec', '--', 'worksheet-grader', 'pack:grader')).toEqual(ending(file));
  expect(fileDigest(course, file)).toBe(digest);
});

test('a packed grader is small, and holds no file of a course, no address of a registry, and whose code it is', () => {
  expect(statSync(path.join(course, file)).size).toBeLessThan(2e6);
  const foreign = ['assignment', 'examples', 'solution']
    .flatMap((part) => listFiles(packageRoot, part))
    .filter((name) => /(?:^|\/)(?:assignment|solution)\//.test(name));
  const digests = foreign.map((name) => fileDigest(packageRoot, name));
  const packed = listFiles(grader).filter((name) => !name.startsWith('node_modules/'));
  expect(packed.filter((name) => digests.includes(fileDigest(grader, name)))).toEqual([]);
  for (const lock of [readText(grader, 'npm-shrinkwrap.json'), readText(course, 'package-lock.json')])
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  for (const name of ['ajv', 'preact', 'yaml'])
    expect(readText(grader, 'NOTICES.txt')).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+`, 'm'));
});
