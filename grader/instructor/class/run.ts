import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { GraderError } from '../../error';
import { fits } from '../../fits';

/** What a run leaves of itself, last of all: where it is, the run is whole. */
export const runFile = 'run.json';

const closed = { additionalProperties: false };

const RunSchema = Type.Object(
  {
    version: Type.Literal(3),
    grader: Type.String(),
    node: Type.String(),
    rubric: Type.String(),
    key: Type.String(),
    class: Type.String({
      description: 'SHA-256 of who is in the class, and of all else that grades depend on.',
    }),
    roster: Type.Union([Type.String(), Type.Null()], {
      description: 'SHA-256 of who is on the roster; null where there was none.',
    }),
    deadline: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    shard: Type.Optional(Type.Object({ index: Type.Integer(), of: Type.Integer() }, closed)),
    students: Type.Integer(),
    statuses: Type.Record(Type.String(), Type.Integer()),
    notes: Type.Array(Type.String(), { description: 'What to know about the run as a whole.' }),
    needsReview: Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Keys of students, by the code of what is to be looked at.',
    }),
    started: Type.String(),
    ended: Type.String(),
  },
  closed,
);

/** Everything that a grade can be made again from, beside the submissions. */
export type Run = Static<typeof RunSchema>;

/** @throws {GraderError} where there is no whole run in the folder. */
export function readRun(folder: string): Run {
  const file = path.join(folder, runFile);
  try {
    const run: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (fits<Run>(RunSchema, run)) return run;
  } catch {
    // told below
  }
  throw new GraderError(
    'folder',
    `${folder} holds an incomplete run: its ${runFile} is missing, or of another version. Grade that part again.`,
  );
}
