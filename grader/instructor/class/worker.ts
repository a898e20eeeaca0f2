import { parentPort, workerData } from 'node:worker_threads';
import { message } from '../../message';
import { studentGrader, type Terms } from './grade';
import type { Graded } from './graded.schema';
import type { Chunk, GradedChunk } from './pool';

// A thread that grades what it is sent.

const terms = workerData as Terms;
const grade = studentGrader(terms);
const gradeFiles = studentGrader({ ...terms, readsHistory: false });

parentPort?.on('message', async ({ at, students, isWithoutHistory }: Chunk) => {
  const rows: string[] = [];
  for (const student of students) {
    const row = isWithoutHistory ? noted(await gradeFiles(student)) : await grade(student);
    rows.push(JSON.stringify(row));
  }
  parentPort?.postMessage({ at, rows } satisfies GradedChunk);
});

function noted(row: Graded): Graded {
  const why = message(
    'history/too-much',
    'The history takes more memory than any should, and was left aside; look at it.',
  );
  return { ...row, warnings: [why, ...row.warnings] };
}
