import { parentPort, workerData } from 'node:worker_threads';
import { jsonLine } from '../../render/escape/json';
import { type ClassContext, studentGrader } from './grade';
import type { Chunk, GradedChunk } from './pool';

// A thread that grades the students it is sent, one at a time. If it is brought down, the student being graded is the
// cause.

// Anything missing in a repository throws an error, and nobody reads the stack trace.
Error.stackTraceLimit = 0;
// The git library would have another thread hash each small object, and wait for it.
Object.defineProperty(globalThis, 'crypto', { value: undefined });

const grade = studentGrader(workerData as ClassContext);
let before: Promise<void> = Promise.resolve();

parentPort?.on('message', (chunk: Chunk) => {
  before = before.then(() => gradeChunk(chunk));
});

async function gradeChunk({ at, students, losses = 0 }: Chunk): Promise<void> {
  const rows: string[] = [];
  for (const student of students) rows.push(jsonLine(await grade(student, losses > 0)));
  parentPort?.postMessage({ at, rows } satisfies GradedChunk);
}
