import { parentPort, workerData } from 'node:worker_threads';
import { jsonLine } from '../../../render/escape/json';
import { type ClassContext, studentGrader } from './grade';
import type { Chunk, GradedChunk } from './pool';

// A thread that grades what it is sent, one student after the other: if it is brought down, then by
// whom it was at.

// What is missing in a repository is an error each time, and nobody reads where it came from.
Error.stackTraceLimit = 0;
// The library of git would have each small object hashed by another thread, and wait for it.
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
