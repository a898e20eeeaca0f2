import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { newClone, packageRoot, writeFiles } from './testing/folders';
import { runGrade, startCommand } from './testing/run';

const root = newClone();
const scoreFile = 'grader/grading/score.ts';
const score = readFileSync(path.join(root, scoreFile), 'utf8');

test('commands that are started at once in a new clone all work, and leave whole programs', async () => {
  const names = ['hints', 'hints', 'generate'];
  for (const ended of await Promise.all(names.map((name) => startCommand(root, name))))
    expect(ended).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/\S/) });
  expect(readdirSync(path.join(root, '.graded', 'build'))).toEqual(['instructor.js']);
});

test('an edit is seen by the next command, and one that does not compile is told with its place', () => {
  writeFiles(root, { [scoreFile]: `export const = 1;\n${score}` });
  expect(runGrade(root)).toEqual({
    status: 2,
    stdout: '',
    stderr: `${scoreFile}:1:14: Expected identifier but found "="\n`,
  });
  writeFiles(root, { [scoreFile]: score });
  expect(runGrade(root, 'solution/reference')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('16 of 16 points'),
  });
});

test.each<[what: string, action: string, status: number, stdout: string, stderr: RegExp]>([
  ['that did its work', "async () => print('done')", 0, 'done\n', /^$/],
  [
    'that has nothing left to wait for',
    '() => new Promise(() => {})',
    2,
    '',
    /^The command ended before it had a result, and nothing was changed\. Run it again\.\n$/,
  ],
  [
    'that throws',
    "async () => { throw new Error('\\u001b[2Jodd'); }",
    2,
    '',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    /^The grader itself failed(?:(?!\u001b|^ +at )[\s\S])*odd(?:(?!\u001b|^ +at )[\s\S])*$/m,
  ],
  [
    'that the system refuses something',
    "async () => require('node:fs').mkdirSync(__filename + '/x/y')",
    2,
    '',
    /^\S.*: the system refused mkdir \(E[A-Z]+\)\. Look at .*\n$/,
  ],
])('a command %s ends with its status and one message', (_what, action, status, stdout, stderr) => {
  const grader = JSON.stringify(path.join(packageRoot, 'grader', 'grade.js'));
  const code = `require(${grader}).runProcess({ x: { description: 'A test.', load: () => (command, { print }) => command.action(${action}) } }, process.argv.slice(2));`;
  const ended = spawnSync(process.execPath, ['-e', code, 'main', 'x'], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  expect(ended).toMatchObject({ status, stdout, stderr: expect.stringMatching(stderr) });
});

test('a command whose output has no room on the disk ends with 2, and one whose reader stopped with 0', () => {
  const command = `"${process.execPath}" grader/run.js grade:class --help`;
  const statusOf = (shell: string) => spawnSync('bash', ['-c', shell], { cwd: packageRoot }).status;
  expect(statusOf(`${command} > /dev/full`)).toBe(2);
  expect(statusOf(`set -o pipefail; ${command} | true`)).toBe(0);
});
