import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { GraderError } from '../../error';
import { fitter } from '../../fits';
import { jsonLine } from '../../report/escape/json';
import type { Graded } from './graded.schema';
import schema from './graded.schema.json';

/** Where a run leaves its rows, one JSON text a line, sorted by key. */
export const rowsFile = 'results.jsonl';

/** Rows that came as text, and these texts: they need not be put into words again. */
const texts = new WeakMap<Graded, string>();

/** A row from the text that this program made of it. */
export function rowOf(text: string): Graded {
  const row = JSON.parse(text) as Graded;
  texts.set(row, text);
  return row;
}

export function textOf(row: Graded): string {
  return texts.get(row) ?? jsonLine(row);
}

const isGraded = fitter<Graded>(schema);

/**
 * The rows of a run, one at a time.
 *
 * @throws {GraderError} where the file cannot be read or holds something else.
 */
export function* readRows(folder: string): Generator<Graded> {
  const file = path.join(folder, rowsFile);
  let number = 0;
  let last: string | undefined;
  for (const line of linesOf(file)) {
    number++;
    const row = parse(line);
    if (!isGraded(row)) throw unreadable(file, `line ${number} is no row of this version`);
    if (last !== undefined && row.key <= last) throw unreadable(file, `line ${number} is out of order`);
    last = row.key;
    yield row;
  }
}

function parse(line: string): unknown {
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
    throw unreadable(file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
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

function unreadable(file: string, reason: string): GraderError {
  return new GraderError('folder', `${file}: ${reason}. Grade that part again.`);
}

/** The rows of several runs as one, sorted by key. */
export function* mergeRows(sources: readonly Iterable<Graded>[]): Generator<Graded> {
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
