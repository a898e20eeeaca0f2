import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { listFiles, readText } from '../system/files';
import { classOf, courseWith, graded, rosterOf, runClass, toldOf, work } from '../testing/classes';
import { newFolder, writeFiles } from '../testing/folders';
import { clonesOf, type MadeHistory } from '../testing/histories';
import { at, committed, deadline, full, half, start, stub } from '../testing/history-cases';
import { startCommand, stopAfter } from '../testing/run';
import { partly } from '../testing/worksheet';
import { readRun } from './outputs';

test('clones, a mirror and folders without a history are one class, in which each has the points that are fair', async () => {
  const histories: Record<string, MadeHistory> = {
    late: { commits: { start, a: at(-5, half), b: at(20, full) } },
    forged: { commits: { start, a: at(-5, half), b: { time: 1e18, files: full } } },
    // A login that ends like another login, and a mirror.
    'y-x': committed(-1),
    'x.git': { commits: { start, a: at(-1, stub) }, isBare: true },
  };
  const root = clonesOf(histories, (history) => history);
  writeFiles(path.join(root, 'fruit-disk'), full);
  writeFiles(path.join(root, 'fruit-broken'), { ...full, '.git/HEAD': 'ref: refs/heads/main\n' });
  const roster = rosterOf('login', 'late', 'forged', 'y-x', 'x', 'disk', 'broken');
  const { rows, stdout } = await graded(courseWith({ deadline }), root, '--roster', roster);
  expect(toldOf(rows)).toEqual({
    broken: 'not readable class/failed',
    disk: '10 class/no-time',
    forged: '10 history/future',
    late: '9',
    x: '0',
    'y-x': '10',
  });
  expect(stdout).toContain('The release was not found');
});

const students = Array.from({ length: 80 }, (_, index) => [`s${index}`, work(partly, 'Pears')]);
const large = classOf(Object.fromEntries(students));

test('a run that is killed at any moment is as if it had not been, once the folder that is named is deleted', async () => {
  const course = courseWith();
  const place = newFolder();
  const out = path.join(place, 'out');
  writeFiles(out, { 'overrides.csv': 'login,total,adjust,reason\ns7,3,,Seen\n' });
  const args = [large, '--out', out, '--apply'];
  await startCommand(course, 'grade:class', ...args);
  const started = Date.now();
  expect(await startCommand(course, 'grade:class', ...args)).toMatchObject({ status: 0, stderr: '' });
  const whole = Date.now() - started;
  const texts = () =>
    listFiles(out)
      .filter((file) => file !== 'run.json')
      .map((file) => [file, readText(out, file)]);
  const undisturbed = texts();
  // Grading begins after about a third of the run's time.
  for (const part of [0.6, 0.85, 1]) {
    await stopAfter(course, 'grade:class', 'SIGKILL', part * whole, args);
    const rerun = () => runClass(course, ...args);
    const next = await rerun();
    const [, lock] = /delete (.*) and run this again/.exec(next.stderr) ?? [];
    if (lock !== undefined) {
      rmSync(lock, { recursive: true });
      expect((await rerun()).stderr).toBe('');
    } else expect(next).toMatchObject({ status: 0, stderr: '' });
    expect(texts()).toEqual(undisturbed);
  }
  expect(readdirSync(place).filter((name) => !/^out(?:\.before-.*)?$/.test(name))).toEqual([]);
}, 240_000);

test('of two runs into one folder at once, the one ends with its results and the other says who is at work', async () => {
  const course = courseWith();
  const out = path.join(newFolder(), 'out');
  const runs = await Promise.all([1, 2].map(() => startCommand(course, 'grade:class', large, '--out', out)));
  const [won, lost] = runs.sort((a, b) => (a.status ?? 0) - (b.status ?? 0));
  expect(won).toMatchObject({ status: 0, stderr: '' });
  // If the first run finished before the second needed the folder, the second only compares.
  const said = lost?.status === 0 ? runs.map(({ stdout }) => stdout).join('') : lost?.stderr;
  expect(said).toMatch(
    /Nothing is replaced|^Another run writes to .*, for a minute or less\..* delete .*out\.lock/,
  );
  expect(readRun(out).students).toHaveLength(students.length);
  expect(readdirSync(path.dirname(out))).toEqual(['out']);
}, 60_000);
