import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeCircle } from '../../testing/circle';
import { classOf, graded, outputsIn, partly, runClass, work } from '../../testing/classes';
import { newCourse, newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { runCommand, startCommand, stopAfter } from '../../testing/run';
import { courseFiles, rightAnswers, wholeCourse } from '../../testing/worksheet';
import { readResults } from './results-file';

afterAll(removeFolders);

const course = newCourse(courseFiles);

test('what was changed beside the files to edit is told, and so is another score in the repository', async () => {
  const released = newFolder();
  const whole = newCourse(wholeCourse);
  expect(runCommand(whole, 'release', '--out', released).status).toBe(0);
  const root = classOf({});
  const [honest, sly, bare] = ['honest', 'sly', 'bare'].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [honest, sly]) cpSync(path.join(released, 'student'), folder, { recursive: true });
  for (const folder of [honest, sly, bare]) writeFiles(folder, work(rightAnswers, 'Pears', 'Lemons'));
  const crlf = readFileSync(path.join(honest, 'rubric.yaml'), 'utf8').replaceAll('\n', '\r\n');
  writeFiles(honest, { 'rubric.yaml': crlf });
  writeFiles(sly, {
    '.github/workflows/classroom.yml': 'name: mine\n',
    '.github/workflows/other.yml': 'name: mine\n',
    'work/boxes.ts': partly,
    'result.json': JSON.stringify({ schema: 'classroom50/result/v1', score: 10 }),
  });
  rmSync(path.join(sly, 'grader', 'grading', 'score.ts'));
  const out = path.join(newFolder(), 'out');
  expect((await runClass(whole, root, '--out', out, '--release', released)).status).toBe(0);
  const told = (key: string) =>
    outputsIn(out)
      .row(key)
      .warnings.map(({ code, quotes: { file } }) => [code, file]);
  expect(told('honest')).toEqual([]);
  expect(told('bare')).toEqual([]);
  expect(told('sly')).toEqual([
    ['trust/changed', '.github/workflows/classroom.yml'],
    ['trust/missing', 'grader/grading/score.ts'],
    ['trust/added', '.github/workflows/other.yml'],
    ['trust/score', undefined],
  ]);
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
  // Where the one was done before the other needed the folder, that one only compares.
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
