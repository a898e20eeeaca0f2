import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { packageRoot } from './testing/folders';

/** Runs a command in its own process, with its action given as code. */
function runAction(action: string) {
  const grader = JSON.stringify(path.join(packageRoot, 'grader', 'grade.js'));
  const code = `require(${grader}).runProcess({ x: { description: 'A test.', load: () => (command, { print }) => command.action(${action}) } }, process.argv.slice(2));`;
  return spawnSync(process.execPath, ['-e', code, 'main', 'x'], { cwd: packageRoot, encoding: 'utf8' });
}

test('a command that has nothing left to wait for, and no result, ends with 2 and a message', () => {
  expect(runAction('() => new Promise(() => {})')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: 'The command ended before it had a result, and nothing was changed. Run it again.\n',
  });
});

test('a command that did its work ends with 0, and one that throws with 2 and no promise of a result', () => {
  expect(runAction("async () => print('done')")).toMatchObject({ status: 0, stdout: 'done\n', stderr: '' });
  const failed = runAction("async () => { throw new Error('\\u001b[2Jodd'); }");
  expect(failed.status).toBe(2);
  expect(failed.stderr).toContain('The grader itself failed');
  expect(failed.stderr).not.toContain('\u001b');
  expect(failed.stderr).not.toMatch(/^ +at /m);
  const system = runAction("async () => require('node:fs').mkdirSync(__filename + '/x/y')");
  expect(system.status).toBe(2);
  expect(system.stderr).toMatch(/^\S.*: the system refused mkdir \(E[A-Z]+\)\. Look at .*\n$/);
});
