import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { sha256 } from '../platform';
import { type Rubric, rowsOf } from '../rubric/rubric';
import { isValid } from '../validate';
import {
  type ExpectedCell,
  type ExpectedRow,
  type KnownCell,
  knownRow,
  type Misconception,
  type Quantity,
  recognize,
  rowId,
} from './hints';
import type { AnswerKey, FilledCell, Hint, Judgement } from './key';
import type { PlainKeyFile } from './plain-file.schema';
import schema from './plain-file.schema.json';

/** What is right, and what is known of wrong answers. */
export interface KeyContent {
  readonly expected: readonly ExpectedRow[];
  readonly misconceptions: readonly Misconception[];
  readonly quantities: readonly Quantity[];
  /** Why rows are as they are, by row. */
  readonly explanations: Readonly<Record<string, string>>;
}

/** What is right in one cell. */
export function expectedIn(
  { expected }: Pick<KeyContent, 'expected'>,
  row: string,
  column: string,
): ExpectedCell | undefined {
  return expected.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
}

/** The instructor's key: it holds what is right, and tells no more of it than any other key. */
export function plainKey(rubric: Pick<Rubric, 'tables'>, content: KeyContent): AnswerKey {
  const { expected, misconceptions, quantities, explanations } = content;
  const rows = new Map(
    rowsOf(rubric).flatMap(({ id, cells }) => {
      const right = expected.find((row) => row.id === id);
      if (!right) return [];
      const { cells: known, rowHints } = knownRow(right, cells, misconceptions, quantities);
      const hints = new Map(rowHints.map(({ values, hint }) => [rowId(values), hint]));
      return [[id, { cells: new Map(known.map((cell) => [cell.id, cell])), hints }] as const];
    }),
  );
  return {
    digest: digestOf(content),
    judge: ({ id, cells }) => Promise.resolve(judge(rows.get(id), cells)),
    explain: ({ id, cells }) => {
      const isRight = judge(rows.get(id), cells).every(({ verdict }) => verdict === 'right');
      return Promise.resolve(isRight && Object.hasOwn(explanations, id) ? explanations[id] : undefined);
    },
  };
}

interface Known {
  /** By column. */
  readonly cells: ReadonlyMap<string, KnownCell>;
  /** By `rowId`. */
  readonly hints: ReadonlyMap<string, Hint>;
}

function judge<Cell extends FilledCell>(
  row: Known | undefined,
  cells: readonly Cell[],
): (Cell & Judgement)[] {
  const recognized = cells.map(({ id, value }) => {
    const known = row?.cells.get(id);
    return known && value !== undefined ? { known, value: recognize(value, known) } : undefined;
  });
  const rowHint = row?.hints.get(rowId(recognized.map((found) => found?.value)));
  return cells.map((cell, index) => {
    if (cell.value === undefined) return { ...cell, verdict: 'unknown' };
    const found = recognized[index];
    if (!found) return { ...cell, verdict: 'wrong' };
    if (found.known.right.includes(found.value)) return { ...cell, verdict: 'right' };
    const hint = rowHint ?? found.known.hints.get(found.value);
    const quantity = hint ? undefined : found.known.quantities.get(found.value);
    return {
      ...{ ...cell, verdict: 'wrong' },
      ...(hint && { hint }),
      ...(rowHint && { isOfRow: true }),
      ...(quantity !== undefined && { quantity }),
    };
  });
}

/**
 * Names the key, so that a grade can be told to come from it. The words of all hints are hashed with
 * the table: whoever lacks them cannot try tables against the digest. Without any hint the table stands
 * alone, and could be guessed; the digest is in the instructor's own Reports, and in no students' copy.
 */
function digestOf({ expected, misconceptions, quantities, explanations }: KeyContent): string {
  const content = JSON.stringify([expected, misconceptions, quantities, explanations]);
  return `plain:${sha256(content)}`;
}

/** Where a bundle for a private host holds its key, with forward slashes. */
export const plainKeyFile = 'grader/plain-key.json';

const about = 'The answer key of this assignment, as it can be read. Keep it where no student can get it.';

/** What a key is made of, as a file. */
export function plainKeyFileOf(
  rubric: Rubric,
  { expected, misconceptions, quantities, explanations }: KeyContent,
): PlainKeyFile {
  const content = {
    version: 5,
    rubric: rubric.digest,
    expected: expected.map(({ id, cells }) => ({
      id,
      cells: cells.map(({ alternatives, ...cell }) => ({
        ...cell,
        ...(alternatives && { alternatives: [...alternatives] }),
      })),
    })),
    misconceptions: misconceptions.map(({ id, row, values, text }) => ({ id, row, values, text })),
    quantities: quantities.map(({ value, phrase }) => ({ value, phrase })),
    explanations: { ...explanations },
  } as const;
  return { about, digest: fileDigest(content), ...content };
}

/** SHA-256 of what a plain key holds, whatever the spacing and line ends of its file. */
function fileDigest({
  version,
  rubric,
  expected,
  misconceptions,
  quantities,
  explanations,
}: Omit<PlainKeyFile, 'about' | 'digest'>): string {
  const content = JSON.stringify([version, rubric, expected, misconceptions, quantities, explanations]);
  return sha256(content);
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
  return plainKey(rubric, file);
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
