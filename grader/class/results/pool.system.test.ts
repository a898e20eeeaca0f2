import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { writeCircle } from '../../testing/circle';
import { work } from '../../testing/classes';
import { newFolder, removeFolders, writeFiles } from '../../testing/folders';
import { makeHistory } from '../../testing/histories';
import { rightAnswers, rubric, solution } from '../../testing/worksheet';
import type { Member } from '../members/matching';
import type { ClassContext } from './grade';
import { Pool, startGrading } from './pool';
import type { StudentResult } from './student-result.schema';

afterAll(removeFolders);

const students = Array.from(
  { length: 120 },
  (_, index): Member => ({ key: `s${String(index).padStart(3, '0')}`, login: '', work: [] }),
).map((student) => ({ ...student, login: student.key, work: [{ folder: student.key }] }));

const context = (root: string, more: Partial<ClassContext> = {}): ClassContext => ({
  rubric,
  solution,
  root,
  hasRoster: false,
  withoutSubmission: 'blank' as const,
  deadline: undefined,
  extensions: new Map(),
  hasTimes: true,
  ...more,
});

const due = Date.parse('2026-10-01T12:00Z');
const deadline = { due: '2026-10-01T12:00Z' };
const full = work(rightAnswers, 'Pears', 'Lemons');

async function gradeAll(grading: ReturnType<typeof startGrading>): Promise<StudentResult[]> {
  const rows: StudentResult[] = [];
  try {
    for await (const row of grading.rows()) rows.push(row);
  } finally {
    await grading.end();
  }
  return rows;
}

/** Creates a class in which each student has one submission on disk; `make` fills the folder of student `odd`. */
async function classWith(odd: number, make: (folder: string) => Promise<unknown> | unknown): Promise<string> {
  const root = newFolder('class');
  for (const [index, { key }] of students.entries()) {
    if (index !== odd) writeFiles(path.join(root, key), full);
  }
  await make(path.join(root, students[odd]?.key ?? ''));
  return root;
}

/** Grades a class with one student whose history cannot be read, and checks that nobody else is affected. */
async function assertOnlyOne(root: string, odd: number, policy: typeof deadline | undefined): Promise<void> {
  const rows = await gradeAll(startGrading(students, context(root, { deadline: policy })));
  expect(rows).toHaveLength(students.length);
  for (const [index, row] of rows.entries()) {
    // With a deadline, points depend on the history; without one, nothing does.
    const [status, points] = index === odd && policy ? ['failed', null] : ['graded', 10];
    expect([row.key, row.status, row.points]).toEqual([students[index]?.key, status, points]);
  }
  const [why] = rows[odd]?.warnings ?? [];
  expect(why?.code).toBe(policy ? 'class/failed' : 'history/too-much');
}

test.each([0, 60, 119])(
  'a history of endless messages costs its student the history and nobody else anything, from student %d',
  async (odd) => {
    const root = await classWith(odd, async (folder) => {
      const message = 'm'.repeat(4 * 1024 * 1024);
      const commits = Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [
          `c${index}`,
          { time: due - (70 - index) * 60_000, files: full, message },
        ]),
      );
      await makeHistory(folder, { commits });
    });
    await assertOnlyOne(root, odd, deadline);
  },
);

test.each([
  [0, deadline],
  [119, undefined],
])(
  'a history that brings down its thread costs its student the history and nobody else anything, from student %d',
  async (odd, policy) => {
    const root = await classWith(odd, (folder) => {
      writeFiles(folder, full);
      writeCircle(folder);
    });
    await assertOnlyOne(root, odd, policy);
  },
);

/** A worker that gives each student `losses` points, and the first time it reaches student s060 runs `end`. */
const worker = (end: string) => `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ at, students, losses = 0 }) => {
  const rows = students.map((student) => {
    if (student.key === 's060' && losses < 1) { ${end} }
    return JSON.stringify({ key: student.key, points: losses });
  });
  parentPort.postMessage({ at, rows });
});
`;

test.each([
  ['without a word', 'process.exit(0);'],
  ['with a status', 'process.exit(7);'],
  ['with an error', 'throw new Error("x");'],
  ['out of memory', 'const all = []; for (;;) all.push(new Array(1000).fill(all.length));'],
])('a thread that ends %s is replaced, and nobody is lost', async (_name, end) => {
  const rows = await gradeAll(new Pool(students, context(newFolder()), worker(end)));
  expect(rows.map(({ key }) => key)).toEqual(students.map(({ key }) => key));
  expect(rows.filter(({ points }) => points !== 0).map(({ key, points }) => [key, points])).toEqual([
    ['s060', 1],
  ]);
});

test('a student who brings down every thread is a row that says so', async () => {
  const root = newFolder();
  mkdirSync(path.join(root, 's060'));
  const always = worker('process.exit(0);').replace(' && losses < 1', '');
  const rows = await gradeAll(new Pool(students, context(root), always));
  expect(rows).toHaveLength(students.length);
  expect(rows[60]).toMatchObject({ key: 's060', status: 'failed', points: null });
});
