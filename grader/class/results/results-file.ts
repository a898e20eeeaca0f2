import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { type Static, Type } from '@sinclair/typebox';
import { GraderError } from '../../error';
import { jsonLine } from '../../render/escape/json';
import { isValid } from '../../validate';
import type { StudentResult } from './student-result.schema';
import schema from './student-result.schema.json';

/** The file with the rows of a run, one JSON text per line, sorted by key. */
export const resultsFile = 'results.jsonl';

/** The texts that rows were parsed from, so that these rows need not be serialized again. */
const texts = new WeakMap<StudentResult, string>();

/** Parses a row from a text that this program wrote. */
export function parseResult(text: string): StudentResult {
  const row = JSON.parse(text) as StudentResult;
  texts.set(row, text);
  return row;
}

export function resultText(row: StudentResult): string {
  return texts.get(row) ?? jsonLine(row);
}

/**
 * Reads the rows of a run, one at a time.
 *
 * @throws {GraderError} where the file cannot be read or holds something else.
 */
export function* readResults(folder: string): Generator<StudentResult> {
  const file = path.join(folder, resultsFile);
  let number = 0;
  let last: string | undefined;
  for (const line of linesOf(file)) {
    number++;
    const row = parsed(line);
    if (!isValid<StudentResult>(schema, row))
      throw unreadable('result-row-foreign', file, `line ${number} is not a row of this version`);
    if (last !== undefined && row.key <= last)
      throw unreadable('result-rows-out-of-order', file, `line ${number} is out of order`);
    last = row.key;
    yield row;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function* linesOf(file: string): Generator<string> {
  const buffer = Buffer.alloc(1024 * 1024);
  const decoder = new StringDecoder('utf8');
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw unreadable(
      'results-unreadable',
      file,
      `it cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  try {
    let rest = '';
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(code: string, file: string, reason: string): GraderError {
  return new GraderError('folder', code, `${file}: ${reason}. Grade that part again.`);
}

/** Merges the rows of several runs, sorted by key. */
export function* mergeResults(sources: readonly Iterable<StudentResult>[]): Generator<StudentResult> {
  const open = sources.map((source) => source[Symbol.iterator]());
  const heads = open.map((rows) => rows.next());
  for (;;) {
    let least: number | undefined;
    for (const [index, head] of heads.entries()) {
      const known = least === undefined ? undefined : heads[least];
      if (!head.done && (!known || known.done || head.value.key < known.value.key)) least = index;
    }
    const head = least === undefined ? undefined : heads[least];
    const rows = least === undefined ? undefined : open[least];
    if (least === undefined || !rows || !head || head.done) return;
    yield head.value;
    heads[least] = rows.next();
  }
}

/** The file that a run writes last. If it is there, the run is complete. */
export const runFile = 'run.json';

/** The version of the format; no other is read. */
export const runVersion = 10;

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

/** @throws {GraderError} where the folder holds no complete run of this version. */
export function readRun(folder: string): ClassRun {
  const file = path.join(folder, runFile);
  try {
    const run: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isValid<ClassRun>(RunSchema, run)) return run;
    if ((run as Partial<ClassRun> | null)?.version !== runVersion)
      throw new GraderError(
        'folder',
        'run-of-other-version',
        `${folder} was made by another version of the grader: grade again, into another folder.`,
      );
  } catch (error) {
    if (error instanceof GraderError) throw error;
    // Reported below.
  }
  throw new GraderError(
    'folder',
    'run-unreadable',
    `${folder} holds an incomplete run: its ${runFile} is missing or damaged. Grade that part again.`,
  );
}
