import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { ReleasedFile } from '../authoring/release/manifest';
import { listFiles, readText } from '../files';
import { writeCircle } from '../testing/circle';
import { classOf, graded, outputsIn, partly, runClass, work } from '../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../testing/folders';
import { released } from '../testing/released';
import { startCommand, stopAfter } from '../testing/run';
import { courseFiles, rightAnswers } from '../testing/worksheet';
import { readResults } from './results/results-file';

afterAll(removeFolders);

const course = newCourse(courseFiles);

test('what was changed beside the files to edit is told, and so is another score in the repository', async () => {
  const { course: whole, out: release } = released();
  const root = classOf({});
  const [honest, windows, sly, bare] = ['honest', 'windows', 'sly', 'bare'].map((name) =>
    path.join(root, name),
  ) as [string, string, string, string];
  const copy = path.join(release, 'student');
  for (const folder of [honest, windows, sly]) cpSync(copy, folder, { recursive: true });
  for (const folder of [honest, windows, sly, bare])
    writeFiles(folder, work(rightAnswers, 'Pears', 'Lemons'));
  const isText = (file: string) => file !== 'grader/sealed-key.json';
  for (const file of listFiles(windows).filter(isText))
    writeFiles(windows, { [file]: readText(windows, file).replaceAll('\n', '\r\n') });
  writeFiles(sly, {
    '.github/workflows/classroom.yml': 'name: mine\n',
    '.github/workflows/other.yml': 'name: mine\n',
    'work/boxes.ts': partly,
    'result.json': JSON.stringify({ schema: 'classroom50/result/v1', score: 10 }),
  });
  appendFileSync(path.join(sly, 'grader', 'grade.js'), '// mine');
  rmSync(path.join(sly, 'grader', 'start.js'));
  const told = async () => {
    const out = path.join(newFolder(), 'out');
    expect((await runClass(whole, root, '--out', out, '--release', release)).status).toBe(0);
    const { row } = outputsIn(out);
    return (key: string) => row(key).warnings.map(({ code, quotes: { file } }) => [code, file]);
  };
  const now = await told();
  for (const key of ['honest', 'windows', 'bare']) expect([key, now(key)]).toEqual([key, []]);
  expect(now('sly')).toEqual([
    ['trust/changed', '.github/workflows/classroom.yml'],
    ['trust/missing', 'grader/start.js'],
    ['trust/added', '.github/workflows/other.yml'],
    ['trust/score', undefined],
  ]);
});

test('a copy of an earlier release, which gave no sizes, is compared as it was then', async () => {
  const { course: whole, out: release } = released();
  const root = classOf({});
  const [honest, sly] = ['honest', 'sly'].map((name) => path.join(root, name)) as [string, string];
  for (const folder of [honest, sly]) {
    cpSync(path.join(release, 'student'), folder, { recursive: true });
    writeFiles(folder, work(rightAnswers));
  }
  writeFiles(sly, { 'tsconfig.json': '{}' });
  const file = path.join(release, 'release.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const small = Object.entries<ReleasedFile>(manifest.files).filter(([, { size = 0 }]) => size < 1024 * 1024);
  const files = Object.fromEntries(small.map(([name, { sha256 }]) => [name, sha256]));
  writeFileSync(file, JSON.stringify({ ...manifest, version: 2, files }));
  const out = path.join(newFolder(), 'out');
  expect((await runClass(whole, root, '--out', out, '--release', release, '--key-changed')).status).toBe(0);
  const { row } = outputsIn(out);
  expect(row('honest').warnings).toEqual([]);
  expect(row('sly').warnings.map(({ code }) => code)).toEqual(['trust/changed']);
});

test('a history that would take all memory costs its own student the history, and nobody else anything', async () => {
  const root = classOf({ ada: work(rightAnswers), eve: work(partly, 'Pears'), zoe: work(rightAnswers) });
  writeCircle(path.join(root, 'eve'));
  const { rows } = await graded(course, root);
  expect(rows.map(({ key, points, warnings }) => [key, points, ...warnings.map(({ code }) => code)])).toEqual(
    [
      ['ada', 4],
      ['eve', 6, 'history/too-much'],
      ['zoe', 4],
    ],
  );
});

test('a run that is killed at any moment loses and doubles nothing, and the next one tidies up', async () => {
  const students = Object.fromEntries(
    Array.from({ length: 700 }, (_, index) => [`s${String(index).padStart(3, '0')}`, work(partly, 'Pears')]),
  );
  const root = classOf(students);
  const place = newFolder();
  const out = path.join(place, 'out');
  const whole = () => [...readResults(out)].map(({ key }) => key);
  expect((await runClass(course, root, '--out', out)).status).toBe(0);
  expect(whole()).toEqual(Object.keys(students));
  for (const after of [600, 900, 1200, 1500, 1800, 2100]) {
    await stopAfter(course, 'grade:class', 'SIGKILL', after, [root, '--out', out, '--apply']);
    if (existsSync(out)) expect(whole()).toEqual(Object.keys(students));
  }
  expect((await runClass(course, root, '--out', out, '--apply')).status).toBe(0);
  expect(whole()).toEqual(Object.keys(students));
  expect(readdirSync(place).filter((name) => name.includes('draft'))).toEqual([]);
}, 120_000);

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
      stderr: expect.stringMatching(/^Another run writes to .*: process \d+ on .*, since \d{4}-/),
    });
  expect([...readResults(out)]).toHaveLength(40);
  expect(readdirSync(path.dirname(out))).toEqual(['out']);
});
