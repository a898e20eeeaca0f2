import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { npmCli } from '../grader/system/packages';
import { watchBegins, watchEnds } from '../grader/hosts/vscode/host';
import { zip } from '../grader/testing/downloads';
import { newFolder, newOwnCourse, packageRoot, removeFolders, writeFiles } from '../grader/testing/folders';
import { runCommand } from '../grader/testing/run';
import { misconceptions } from './misconceptions';

/** The students' copy of this worksheet, installed and used as students do, without the rest of the package. */
const copy = path.join(newFolder('a student (3) [ö]'), 'my repository');

const npm = (...args: string[]) => npmWith({}, ...args);

function npmWith(variables: NodeJS.ProcessEnv, ...args: string[]) {
  const { FORCE_COLOR: _, ...env } = process.env;
  const command = [npmCli(), '--prefer-offline', '--no-audit', '--no-fund', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1', ...variables },
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  const out = newFolder();
  expect(runCommand(newOwnCourse(), 'release', '--out', out)).toMatchObject({ status: 0, stderr: '' });
  cpSync(path.join(out, 'student'), copy, { recursive: true });
  expect(npm('ci')).toMatchObject({ status: 0 });
}, 300_000);
afterAll(removeFolders);

test('the stub earns nothing yet, says how to begin, and is no failure', () => {
  const { status, stdout } = npm('test');
  expect(status).toBe(0);
  expect(stdout).toContain('Not started yet: 0 of 16 points');
  expect(stdout).toContain('Next: Fill in each cell in assignment/answers.ts');
});

test('the reference files earn every point', () => {
  cpSync(path.join(packageRoot, 'solution', 'reference'), copy, { recursive: true });
  for (const script of ['test', 'autograde', 'grade']) {
    const { status, stdout } = npm('run', script);
    expect({ script, status }).toEqual({ script, status: 0 });
    expect(stdout).toContain('16 of 16 points');
  }
});

test('work in an archive is found by every command', () => {
  const reference = path.join(packageRoot, 'solution', 'reference', 'assignment');
  const files = Object.fromEntries(
    ['answers.ts', 'reflection.md'].map((name) => [
      `assignment/${name}`,
      readFileSync(path.join(reference, name)),
    ]),
  );
  writeFiles(copy, { 'assignment/answers.ts': '', 'assignment/reflection.md': '', 'mine.zip': zip(files) });
  for (const script of ['test', 'grade']) expect(npm('run', script).stdout).toContain('16 of 16 points');
  rmSync(path.join(copy, 'mine.zip'));
});

test('a transposed row gives its hint, and fails', () => {
  writeFiles(copy, {
    'assignment/answers.ts': 'export const shapes = { queries: { rows: 128, columns: 100 } };\n',
  });
  const { status, stdout } = npm('test');
  expect(status).toBe(1);
  const { text = '' } =
    misconceptions({ model: 'LLaMA-7B', tokens: 100 }).find(
      ({ id, row }) => id === 'transposed' && row === 'queries',
    ) ?? {};
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Queries: ${text}`);
});

test('a task of the editor underlines each wrong cell, and nothing else', () => {
  const { tasks } = JSON.parse(readFileSync(path.join(copy, '.vscode', 'tasks.json'), 'utf8'));
  const source =
    'export const shapes = { queries: { rows: 100, columns: 77 }, keys: { rows: 5 + 5, columns: 128 } };\n';
  writeFiles(copy, { 'assignment/answers.ts': source });
  const [once, atEachSave] = tasks;
  const { beginsPattern, endsPattern } = atEachSave.problemMatcher.background;
  expect(watchBegins).toMatch(new RegExp(beginsPattern));
  expect(watchEnds).toMatch(new RegExp(endsPattern));
  for (const { command, options, problemMatcher } of [once]) {
    const [program, ...args] = command.split(' ');
    expect(program).toBe('npm');
    const { regexp, file, line, column, severity, message } = problemMatcher.pattern;
    const found = npmWith(options.env, ...args)
      .stdout.split('\n')
      .flatMap((text) => [new RegExp(regexp).exec(text)].filter((match) => match !== null));
    const underlined = found.map((match) => [
      match[file],
      source.slice(Number(match[column]) - 1).split(/ ?[,}]/)[0],
    ]);
    expect(underlined).toEqual([
      ['assignment/answers.ts', '77'],
      ['assignment/answers.ts', '5 + 5'],
    ]);
    expect(found.map((match) => [match[line], match[severity]])).toEqual(Array(2).fill(['1', 'warning']));
    expect(found[0]?.[message]).toMatch(/^Queries · columns: .*not right/);
  }
});

test('it compiles there', () => {
  expect(npm('run', 'types')).toMatchObject({ status: 0 });
});
