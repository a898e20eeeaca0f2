import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { newCourse, newFolder, newOwnCourse, removeFolders, writeFiles } from './testing/folders';
import { runCommandIn, stopAfter } from './testing/run';
import { wholeCourse } from './testing/worksheet';

afterAll(removeFolders);

const course = newCourse(wholeCourse);
const own = newOwnCourse();

/** Starts a command, stops it, and returns what it left: in its output folder, and in that of temporary files. */
async function stopped(root: string, command: string, signal: NodeJS.Signals, after: number) {
  const [tmp, out] = [newFolder('tmp'), path.join(newFolder(), 'out')];
  await stopAfter(root, command, signal, after, command === 'check' ? [] : ['--out', out], tmp);
  const left = readdirSync(tmp).filter((name) => name.startsWith('worksheet-grader-'));
  return { tmp, out, left: existsSync(out) ? [...left, ...readdirSync(out)] : left };
}

test('release, check and demo leave nothing half done and no temporary folder where they are interrupted', async () => {
  const all = await Promise.all([
    stopped(course, 'release', 'SIGTERM', 2000),
    stopped(course, 'check', 'SIGINT', 1500),
    stopped(own, 'demo', 'SIGHUP', 1800),
  ]);
  // A command may have finished by then.
  const halfDone = all
    .map(({ left }) => left)
    .filter((left) => !/release\.json|demo\.json/.test(left.join()));
  expect(halfDone.flat()).toEqual([]);
  expect(all.flatMap(({ left }) => left).filter((name) => /^\.|^worksheet-grader-/.test(name))).toEqual([]);
}, 180_000);

test('what a release leaves where it is killed is removed by the next, once the folder that it names is deleted', async () => {
  const { tmp, out } = await stopped(course, 'release', 'SIGKILL', 1200);
  const again = () => runCommandIn(course, 'release', tmp, '--out', out);
  const [, lock] = /delete (.*) and run this again/.exec(again().stderr) ?? [];
  if (lock !== undefined) {
    rmSync(lock, { recursive: true });
    expect(again()).toMatchObject({ status: 0, stderr: '' });
  }
  expect(readdirSync(path.dirname(out))).toEqual(['out']);
}, 180_000);

test('the demo leaves alone what it did not make', () => {
  const [tmp, out] = [newFolder('tmp'), newFolder()];
  writeFiles(out, { 'essay.md': 'Mine.' });
  expect(runCommandIn(own, 'demo', tmp, '--out', out)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('holds files that no demo put there'),
  });
  expect(readdirSync(out)).toEqual(['essay.md']);
});
