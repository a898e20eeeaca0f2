import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../authoring/demo/demo';
import { listFiles, readText } from '../system/files';
import { classOf, outputsIn, partly, runClass, work } from '../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { startCommand, stopAfter } from '../testing/run';
import { blankAnswers, courseFiles, rightAnswers, rubricYaml } from '../testing/worksheet';
import { readRun } from './results/run';

afterAll(removeFolders);

const course = newCourse(courseFiles);

describe('with a deadline', () => {
  const hour = 60 * 60 * 1000;
  const due = Date.parse('2026-10-01T12:00Z');
  const late = newCourse({
    ...courseFiles,
    'rubric.yaml': `${rubricYaml}deadline: { due: 2026-10-01T12:00Z, grace_minutes: 30, late: { per_day: 2, until: 2026-10-05T12:00Z }, timezone: UTC }\n`,
  });
  const root = classOf({});
  const commit = (hours: number, files: Record<string, string>) => ({
    time: due + hours * hour,
    message: 'x',
    files,
  });
  const [half, full] = [work(partly, 'Pears'), work(rightAnswers, 'Pears', 'Lemons')];
  let result: ReturnType<typeof outputsIn>;

  beforeAll(async () => {
    makeRepository(path.join(root, 'early'), 'x', [commit(-5, half), commit(-1, full)]);
    makeRepository(path.join(root, 'grace'), 'x', [commit(-5, half), commit(0.4, full)]);
    makeRepository(path.join(root, 'fixes'), 'x', [commit(-5, full), commit(30, half)]);
    makeRepository(path.join(root, 'gains'), 'x', [commit(-5, work(blankAnswers)), commit(30, full)]);
    makeRepository(path.join(root, 'extended'), 'x', [commit(-5, work(blankAnswers)), commit(30, full)]);
    makeRepository(path.join(root, 'never'), 'x', [commit(-5, work(blankAnswers)), commit(200, full)]);
    makeRepository(path.join(root, 'forged'), 'x', [commit(-5, half), { ...commit(0, full), time: 1e18 }]);
    makeRepository(path.join(root, 'unsaved'), 'x', [commit(-5, half)]);
    writeFiles(path.join(root, 'unsaved'), full);
    writeFiles(path.join(root, 'without'), full);
    const out = path.join(newFolder(), 'out');
    writeFiles(out, { 'extensions.csv': 'who,due\nextended,2026-10-03T12:00Z\n' });
    const done = await runClass(late, root, '--out', out);
    expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
    result = outputsIn(out);
  });

  test.each([
    ['what is on time counts whole', 'early', 10, []],
    ['so does what comes within the grace', 'grace', 10, []],
    ['fixing a file later never costs', 'fixes', 10, []],
    ['what is late costs points a day, where it is still the better', 'gains', 6, [[10, 6]]],
    ['an extension moves the deadline', 'extended', 10, []],
    ['what comes after the cutoff alone has no points, not even zero', 'never', null, []],
    ['a time in the future costs nothing, and is for a person to look at', 'forged', 10, []],
    ['what was not committed does not count', 'unsaved', 6, []],
    ['where there is no history nothing is late', 'without', 10, []],
  ])('%s', (_name, key, points, adjustments) => {
    expect(result.row(key).points).toBe(points);
    expect(result.row(key).adjustments.map(({ before, after }) => [before, after])).toEqual(adjustments);
  });

  test('what is not known, or not counted, is said', async () => {
    const told = (key: string) => result.row(key).warnings.map(({ code }) => code);
    expect(told('without')).toEqual(['class/no-time']);
    expect(told('unsaved')).toEqual(['reflection/too-few', 'class/uncommitted']);
    expect(told('gains')).toEqual([]);
    expect(told('forged')).toEqual(['history/future']);
    expect(result.row('never').status).toBe('after cutoff');
    expect(result.row('forged').adjustments).toEqual([]);
  });

  test('the first complete answer of a row is what was committed first, with its mistake', async () => {
    expect(
      result
        .row('early')
        .first?.rows.flatMap(({ id: row, cells }) =>
          cells.map(({ id, outcome, cause }) => [row, id, outcome, cause?.name]),
        ),
    ).toEqual([
      ['basket', 'down', 'correct', undefined],
      ['basket', 'across', 'wrong', 'all-fruit'],
      ['crate', 'down', 'correct', undefined],
      ['crate', 'across', 'correct', undefined],
    ]);
    // Of fewer than five students with two versions nothing is compared.
    expect(result.page).not.toContain('at first');
  });

  test('--due is in place of the rubric’s', async () => {
    const out = path.join(newFolder(), 'out');
    expect((await runClass(late, root, '--out', out, '--due', '2026-10-04T12:00Z')).status).toBe(0);
    expect(outputsIn(out).row('gains')).toMatchObject({ points: 10, adjustments: [] });
    expect(await runClass(late, root, '--due', '2026-11-01T12:00Z')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('after late.until of rubric.yaml'),
    });
    expect(await runClass(late, root, '--due', '2026-09-31T12:00Z')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('2026-09-31T12:00Z'),
    });
  });
});

test('a run that is killed at any moment is as if it had not been, once the folder that is named is deleted', async () => {
  const students = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`s${String(index).padStart(3, '0')}`, work(partly, 'Pears')]),
  );
  const root = classOf(students);
  const place = newFolder();
  const out = path.join(place, 'out');
  writeFiles(out, { 'overrides.csv': 'login,total,adjust,reason\ns007,3,,Seen\n' });
  expect((await runClass(course, root, '--out', out)).status).toBe(0);
  const files = () => listFiles(out).filter((file) => file !== 'run.json');
  const texts = () => files().map((file) => [file, readText(out, file)]);
  const undisturbed = texts();
  for (let moment = 0; moment < 20; moment++) {
    await stopAfter(course, 'grade:class', 'SIGKILL', 300 + 90 * moment, [root, '--out', out, '--apply']);
    const again = () => runClass(course, root, '--out', out, '--apply');
    const next = await again();
    const [, lock] = /delete (.*) and run this again/.exec(next.stderr) ?? [];
    if (lock !== undefined) {
      rmSync(lock, { recursive: true });
      expect((await again()).stderr).toBe('');
    } else expect(next).toMatchObject({ status: 0, stderr: '' });
    expect(texts()).toEqual(undisturbed);
  }
  expect(readdirSync(place).filter((name) => !/^out(?:\.before-.*)?$/.test(name))).toEqual([]);
}, 240_000);

test('of two runs into one folder at once, the one ends with its results and the other says who is at work', async () => {
  const root = classOf(
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`s${index}`, work(partly, 'Pears')])),
  );
  const own = newCourse(courseFiles);
  const out = path.join(newFolder(), 'out');
  const runs = await Promise.all([1, 2].map(() => startCommand(own, 'grade:class', root, '--out', out)));
  const [won, lost] = runs.sort((a, b) => (a.status ?? 0) - (b.status ?? 0));
  expect(won).toMatchObject({ status: 0, stderr: '' });
  // If the first run finished before the second needed the folder, the second only compares.
  if (lost?.status === 0)
    expect(runs.filter(({ stdout }) => stdout.includes('Nothing is replaced'))).toHaveLength(1);
  else
    expect(lost).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^Another run writes to .*, since \d{4}-.* delete .*out\.lock/),
    });
  expect(readRun(out).rows).toHaveLength(40);
  expect(readdirSync(path.dirname(out))).toEqual(['out']);
});
