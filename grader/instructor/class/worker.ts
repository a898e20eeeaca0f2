import { parentPort, workerData } from 'node:worker_threads';
import { studentGrader, type Terms } from './grade';
import type { Chunk, GradedChunk } from './pool';

// A thread that grades what it is sent.

const grade = studentGrader(workerData as Terms);

parentPort?.on('message', async ({ at, students }: Chunk) => {
  const rows: string[] = [];
  for (const student of students) rows.push(JSON.stringify(await grade(student)));
  parentPort?.postMessage({ at, rows } satisfies GradedChunk);
});
