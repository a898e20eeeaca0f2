import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import { isValid } from '../validate';
import { type CellHint, type ExpectedRow, hintsOf, type Misconception, shapeId } from './hints';
import type { AnswerKey, CellValue, Hint, Judgement } from './key';
import type { PlainKeyFile } from './plain-file.schema';
import schema from './plain-file.schema.json';

/** What is right, and what is known of wrong answers. */
export interface KeyContent {
  readonly expected: readonly ExpectedRow[];
  readonly misconceptions: readonly Misconception[];
}

/** The instructor's key: it holds what is right, and tells no more of it than any other key. */
export function plainKey(content: KeyContent): AnswerKey {
  const { expected, misconceptions } = content;
  const rows = new Map(
    expected.map((row) => {
      const { rowHints, cellHints } = hintsOf(row, misconceptions);
      const right = new Map(row.cells.map(({ id, value }) => [id, value]));
      return [
        row.id,
        { right, rowHints: new Map(rowHints.map(({ values, hint }) => [shapeId(values), hint])), cellHints },
      ];
    }),
  );
  return {
    digest: digestOf(content),
    judge: ({ id, cells }) => Promise.resolve(judge(rows.get(id) ?? unknownRow, cells)),
  };
}

const unknownRow: KnownRow = { right: new Map(), rowHints: new Map(), cellHints: [] };

interface KnownRow {
  /** By column. */
  readonly right: ReadonlyMap<string, number>;
  /** By `shapeId`. */
  readonly rowHints: ReadonlyMap<string, Hint>;
  readonly cellHints: readonly CellHint[];
}

function judge<Cell extends CellValue>(
  { right, rowHints, cellHints }: KnownRow,
  cells: readonly Cell[],
): (Cell & Judgement)[] {
  const rowHint = rowHints.get(shapeId(cells.map(({ value = 0 }) => value)));
  return cells.map((cell) => {
    const { id, value } = cell;
    if (value === undefined) return { ...cell, verdict: 'unknown' };
    if (value === right.get(id)) return { ...cell, verdict: 'right' };
    const hint = rowHint ?? cellHints.find((known) => known.column === id && known.value === value)?.hint;
    return { ...cell, verdict: 'wrong', ...(hint && { hint }) };
  });
}

/**
 * Names the key, so that a grade can be told to come from it. The words of all hints are hashed with
 * the table: whoever lacks them cannot try tables against the digest. Without any hint the table stands
 * alone, and could be guessed; the digest is in the instructor's own Reports, and in no students' copy.
 */
function digestOf({ expected, misconceptions }: KeyContent): string {
  const content = JSON.stringify([expected, misconceptions]);
  return `plain:${createHash('sha256').update(content).digest('hex')}`;
}

/** Where a bundle for a private host holds its key, with forward slashes. */
export const plainKeyFile = 'grader/plain-key.json';

const about = 'The answer key of this assignment, as it can be read. Keep it where no student can get it.';

/** What a key is made of, as a file. */
export function plainKeyFileOf(rubric: Rubric, { expected, misconceptions }: KeyContent): PlainKeyFile {
  const content = {
    version: 3,
    rubric: rubric.digest,
    expected: expected.map(({ id, cells }) => ({ id, cells: [...cells] })),
    misconceptions: misconceptions.map(({ id, row, shape, text }) => ({ id, row, shape, text })),
  } as const;
  return { about, digest: fileDigest(content), ...content };
}

/** SHA-256 of what a plain key holds, whatever the spacing and line ends of its file. */
function fileDigest({
  version,
  rubric,
  expected,
  misconceptions,
}: Omit<PlainKeyFile, 'about' | 'digest'>): string {
  const content = JSON.stringify([version, rubric, expected, misconceptions]);
  return createHash('sha256').update(content).digest('hex');
}

export function hasPlainKey(root: string): boolean {
  return existsSync(fileIn(root));
}

/**
 * The key of a bundle for a private host.
 *
 * @throws {GraderError} where it cannot be read, is no such key, or was made for another rubric.
 */
export function loadPlainKey(root: string, rubric: Rubric): AnswerKey {
  const file = read(fileIn(root));
  if (!isValid<PlainKeyFile>(schema, file)) throw unusable('is no answer key of this version');
  if (file.rubric !== rubric.digest) throw unusable('was made for another version of rubric.yaml');
  if (file.digest !== fileDigest(file)) throw unusable('has been changed since it was made');
  return plainKey(file);
}

function fileIn(root: string): string {
  return path.join(root, ...plainKeyFile.split('/'));
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw unusable('cannot be read');
  }
}

function unusable(reason: string): GraderError {
  return new GraderError('key', `${plainKeyFile} ${reason}.`);
}
