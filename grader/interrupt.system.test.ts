import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { newCourse, newFolder, newOwnCourse } from './testing/folders';
import { runCommand, startCommand, stopAfter } from './testing/run';
import { wholeCourse } from './testing/worksheet';

// Temporary folders of its own, to find what a command leaves there. The `os.tmpdir()` of this process stays the same:
// Jest gives tests a copy of the environment, and only the commands that they start see changes to it.
const temporary = newFolder('tmp');
process.env.TMPDIR = temporary;
const course = newCourse(wholeCourse);
const own = newOwnCourse();

test('release, check and demo leave nothing half done and no temporary folder where they are interrupted', async () => {
  const [released, shown] = [newFolder(), newFolder()];
  await Promise.all([
    stopAfter(course, 'release', 'SIGTERM', 2000, ['--out', path.join(released, 'out')]),
    stopAfter(course, 'check', 'SIGINT', 1500, []),
    stopAfter(own, 'demo', 'SIGHUP', 1800, ['--out', path.join(shown, 'out')]),
  ]);
  expect(readdirSync(temporary)).toEqual([]);
  for (const folder of [released, shown]) {
    // The command may already have finished.
    const left = readdirSync(folder, { recursive: true }).map(String);
    expect(left.some((name) => /release\.json$|demo\.json$/.test(name)) ? [] : left).toEqual([]);
    expect(left.filter((name) => /^out\.|^out[/\\]\./.test(name))).toEqual([]);
  }
}, 180_000);

test('what a release leaves where it is killed is removed by the next, once the folder that it names is deleted', async () => {
  const folder = newFolder();
  const command = ['release', '--out', path.join(folder, 'out')];
  await stopAfter(course, 'release', 'SIGKILL', 1200, command.slice(1));
  const [, lock] = /delete (.*) and run this again/.exec(runCommand(course, ...command).stderr) ?? [];
  if (lock !== undefined) {
    rmSync(lock, { recursive: true });
    expect(runCommand(course, ...command)).toMatchObject({ status: 0, stderr: '' });
  }
  expect(readdirSync(folder)).toEqual(['out', 'out-instructor']);
}, 180_000);

/** The course, in which a function of the solution does something before it returns its result. */
const courseThat = (does: string) =>
  newCourse({
    ...wholeCourse,
    'solution/index.ts': `${wholeCourse['solution/index.ts']}`.replace(
      'derive = () => table',
      `derive = () => {\n${does}\nreturn table;\n}`,
    ),
  });

test('a solution that does not end is told with its function, and Ctrl-C ends it at once', async () => {
  const endless = courseThat('while (true) {}');
  const begun = performance.now();
  const checked = startCommand(endless, 'check');
  await stopAfter(endless, 'check', 'SIGINT', 2000, []);
  expect(performance.now() - begun).toBeLessThan(5000);
  const { status, stdout } = await checked;
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(stdout).toContain('solution/index.ts:3: derive: it still ran after 10 seconds.');
  expect(status).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
}, 180_000);

test('a solution that ends the program later on is no success, and its prints do not reach a result', () => {
  const ends = runCommand(courseThat('Promise.resolve().then(() => process.exit(0));'), 'check');
  expect(ends).toMatchObject({ status: 2, stdout: '' });
  expect(ends.stderr).toContain('The command ended before it had a result');
  expect(readdirSync(temporary)).toEqual([]);
  const prints = runCommand(courseThat("console.log('boxes');"), 'grade', '--json');
  expect(JSON.parse(prints.stdout)).toMatchObject({ started: false });
  expect(prints.stderr).toContain('solution/index.ts:4:9: prints boxes');
}, 180_000);
