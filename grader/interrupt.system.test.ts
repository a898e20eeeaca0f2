import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { newCourse, newFolder, newOwnCourse, removeFolders, writeFiles } from './testing/folders';
import { runCommandIn, stopAfter } from './testing/run';
import { wholeCourse } from './testing/worksheet';

afterAll(removeFolders);

const course = newCourse(wholeCourse);
const own = newOwnCourse();

/** The commands that write, their arguments, and the milliseconds after which each is halfway. */
const commands = [
  ['release', () => course, (out: string) => ['--out', out], 2000],
  ['check', () => course, () => [], 1500],
  ['demo', () => own, (out: string) => ['--out', out], 1800],
] as const;

test.each([
  [...commands[0], 'SIGTERM'],
  [...commands[0], 'SIGHUP'],
  [...commands[1], 'SIGINT'],
  [...commands[2], 'SIGTERM'],
] as const)(
  'npm run %s leaves nothing half done and no temporary folder where it is interrupted',
  async (command, root, args, after, signal) => {
    const [tmp, around] = [newFolder('tmp'), newFolder()];
    const out = path.join(around, 'out');
    await stopAfter(root(), command, signal, after, args(out), tmp);
    const left = existsSync(out) ? readdirSync(out) : [];
    // The command may have finished by then.
    const isDone = left.includes('release.json') || left.includes('demo.json');
    expect(isDone ? [] : left).toEqual([]);
    expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
    expect(ofThisPackage(tmp)).toEqual([]);
  },
  180_000,
);

const ofThisPackage = (tmp: string) =>
  readdirSync(tmp).filter((name) => name.startsWith('worksheet-grader-'));

test.each([commands[0]] as const)(
  'what npm run %s leaves where it is killed is removed by the next run, once the folder that it names is deleted',
  async (command, root, args, after) => {
    const [tmp, around] = [newFolder('tmp'), newFolder()];
    const out = path.join(around, 'out');
    await stopAfter(root(), command, 'SIGKILL', after, args(out), tmp);
    const again = () => runCommandIn(root(), command, tmp, ...args(out));
    const [, lock] = /delete (.*) and run this again/.exec(again().stderr) ?? [];
    if (lock !== undefined) rmSync(lock, { recursive: true });
    expect(again()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  },
  180_000,
);

test('the demo leaves alone what it did not make, and can be made twice', () => {
  const [tmp, out] = [newFolder('tmp'), newFolder()];
  writeFiles(out, { 'essay.md': 'Mine.' });
  const { status, stderr } = runCommandIn(own, 'demo', tmp, '--out', out);
  expect({ status, says: stderr.includes('holds files that no demo put there') }).toEqual({
    status: 2,
    says: true,
  });
  expect(readdirSync(out)).toEqual(['essay.md']);

  const twice = newFolder();
  for (let run = 0; run < 2; run++)
    expect(runCommandIn(own, 'demo', tmp, '--out', twice)).toMatchObject({ status: 0, stderr: '' });
  expect(readdirSync(twice).sort()).toEqual(['demo.json', 'out', 'roster.csv', 'worksheet-submissions']);
});
