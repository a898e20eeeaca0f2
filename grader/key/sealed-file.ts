import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { fits } from '../fits';
import type { Rubric } from '../rubric/rubric';
import type { SealedBox, SealedFile } from './sealed-file.schema';
import schema from './sealed-file.schema.json';

/** Where a student's copy holds its key, from the root of the course, with forward slashes. */
export const sealedKeyFile = 'grader/sealed-key.json';

/** Far more than any key takes. */
const largestKey = 4 * 1024 * 1024;

/** What the digest of a sealed key covers. */
export type SealedContent = Omit<SealedFile, 'about' | 'digest'>;

/**
 * Reads the sealed key of a student's copy. Anybody may have put anything in its place.
 *
 * @throws {GraderError} where it is missing, damaged, no key at all, or made for another rubric.
 */
export function readSealedFile(courseRoot: string, rubric: Rubric): SealedFile {
  const file = parse(readText(path.join(courseRoot, ...sealedKeyFile.split('/'))));
  refuseUnfit(file, rubric);
  return file;
}

/** As `readSealedFile`, for a file already read. */
export function refuseUnfit(file: SealedFile, rubric: Rubric): void {
  if (file.digest !== sealedDigest(file)) throw unusable('has been changed since it was made');
  if (file.rubric !== rubric.digest) {
    const both = `${sealedKeyFile} and rubric.yaml as they came`;
    throw unusable('was made for another version of rubric.yaml', both);
  }
  const { cells, rows } = rubric.table;
  const names = (list: readonly { row: string; column: string }[]) =>
    list.map(({ row, column }) => `${row} ${column}`).join();
  const hasCells = names(file.cells) === names(cells);
  const hasRows = file.rows.map(({ row }) => row).join() === rows.map(({ id }) => id).join();
  if (!hasCells || !hasRows) throw unusable('does not have the cells of rubric.yaml');
}

/** SHA-256 of what a sealed key holds, whatever the spacing and line ends of its file. */
export function sealedDigest({ version, rubric, scrypt, cells, rows }: SealedContent): string {
  const boxes = (list: readonly SealedBox[]) => list.map(({ slot, box }) => [slot, box]);
  const content = [
    version,
    rubric,
    [scrypt.log2N, scrypt.r, scrypt.p],
    cells.map((cell) => [cell.row, cell.column, cell.salt, boxes(cell.boxes)]),
    rows.map((row) => [row.row, boxes(row.boxes)]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** A sealed key that cannot be graded by. What to do is for a student, who has it in a copy. */
export class UnusableKey extends GraderError {
  /** What is wrong with it, for others than students. */
  readonly problem: string;

  constructor(problem: string, original: string) {
    super('key', `${problem} Put back ${original} with the assignment; your answers are not the cause.`);
    this.problem = problem;
  }
}

export function unusable(reason: string, original = `${sealedKeyFile} as it came`): UnusableKey {
  return new UnusableKey(`${sealedKeyFile} ${reason}, so nothing can be judged by it.`, original);
}

function readText(file: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > largestKey) throw unusable('is no sealed key');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof GraderError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`);
  }
}

function parse(text: string): SealedFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw unusable('has been cut short or edited');
  }
  if (!fits<SealedFile>(schema, file)) throw unusable('is no sealed key of this version');
  return file;
}
