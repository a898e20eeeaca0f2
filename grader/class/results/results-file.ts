import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { GraderError } from '../../error';
import { isValid } from '../../validate';
import type { StudentResult } from './student-result.schema';
import schema from './student-result.schema.json';

/** The file with the rows of a run, one JSON text per line, sorted by key. */
export const resultsFile = 'results.jsonl';

/** The file that a run writes last. If it is there, the run is complete. */
export const runFile = 'run.json';

/** The version of the format; no other is read. */
export const runVersion = 11;

const closed = { additionalProperties: false };

const RunSchema = Type.Object(
  {
    version: Type.Literal(runVersion),
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
    openUntil: Type.Optional(
      Type.String({ description: "The last moment at which anybody's work may still count." }),
    ),
    shard: Type.Optional(Type.Object({ index: Type.Integer(), of: Type.Integer() }, closed)),
    students: Type.Integer(),
    statuses: Type.Record(Type.String(), Type.Integer()),
    notes: Type.Array(Type.String(), { description: 'Notes on the run as a whole.' }),
    needsReview: Type.Record(Type.String(), Type.Array(Type.String()), {
      description: 'Keys of students, by the code of what is to be looked at.',
    }),
    started: Type.String(),
    ended: Type.String(),
  },
  closed,
);

/** Everything needed to reproduce a grade, apart from the submissions. */
export type ClassRun = Static<typeof RunSchema>;

/**
 * Reads a complete run.
 *
 * @throws {GraderError} where the folder holds none of this version.
 */
export function readRun(folder: string): ClassRun & { readonly rows: readonly StudentResult[] } {
  const run = parsed(path.join(folder, runFile));
  const other = (run as Partial<ClassRun> | undefined)?.version;
  if (run !== undefined && other !== runVersion)
    throw unreadable(
      'run-of-other-version',
      `${folder} was made by another version of the grader: grade again, into another folder.`,
    );
  const rows = parsed(path.join(folder, resultsFile), (text) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
  const isRow = (row: unknown): row is StudentResult => isValid<StudentResult>(schema, row);
  if (
    !isValid<ClassRun>(RunSchema, run) ||
    !Array.isArray(rows) ||
    !rows.every(isRow) ||
    rows.length !== run.students
  )
    throw unreadable(
      'run-unreadable',
      `${folder} holds an incomplete run: its ${runFile} or ${resultsFile} is missing or damaged. Grade that part again.`,
    );
  return { ...run, rows };
}

function parsed(file: string, parse: (text: string) => unknown = JSON.parse): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function unreadable(code: string, text: string): GraderError {
  return new GraderError('folder', code, text);
}
