import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import { isValid } from '../validate';
import { boxKeys, decrypt, rowSecret, valueSecret } from './encryption';
import type { AnswerKey, CellValue, Hint, Judgement } from './key';
import type { SealedBox, SealedCell, SealedFile } from './sealed-file.schema';
import schema from './sealed-file.schema.json';
/** What a box of a cell says: that its value is right, or what the value shows. A row's says a hint. */
export type Payload = 'right' | Hint;

/**
 * The key of a student's copy. It judges a value by what opens: it holds no value, and neither does
 * anything that it says.
 *
 * @throws {GraderError} as `readSealedFile` does.
 */
export function loadSealedKey(courseRoot: string, rubric: Rubric): AnswerKey {
  return sealedKey(readSealedFile(courseRoot, rubric), rubric);
}

/** As `loadSealedKey`, for a file already read. */
export function sealedKey(file: SealedFile, rubric: Rubric): AnswerKey {
  assertUsable(file, rubric);
  const rows = new Map(file.rows.map((row) => [row.id, row]));
  const known = new Map<string, Promise<Buffer>>();
  const secretOf: SecretOf = (row, cell, value) => {
    const name = JSON.stringify([row, cell.id, value]);
    const secret = known.get(name) ?? valueSecret(file.scrypt, row, cell, value);
    known.set(name, secret);
    return secret;
  };
  return {
    digest: `sealed:${file.digest}`,
    judge: ({ id, cells }) => {
      const row = rows.get(id);
      return row
        ? judge(secretOf, row, cells)
        : Promise.resolve(cells.map((cell) => ({ ...cell, verdict: 'unknown' })));
    },
  };
}

/** What the boxes of one cell are bound to. */
export function cellAad(row: string, { id, salt }: Pick<SealedCell, 'id' | 'salt'>): string {
  return JSON.stringify(['cell', row, id, salt]);
}

/** What the boxes of one row are bound to, given its cells in order. */
export function rowAad(row: string, cells: readonly Pick<SealedCell, 'salt'>[]): string {
  return JSON.stringify(['row', row, ...cells.map(({ salt }) => salt)]);
}

/** The secret of a value in a cell: slow the first time. */
type SecretOf = (row: string, cell: SealedCell, value: number) => Promise<Buffer>;

async function judge<Cell extends CellValue>(
  secretOf: SecretOf,
  row: SealedFile['rows'][number],
  cells: readonly Cell[],
): Promise<(Cell & Judgement)[]> {
  const secrets = new Map<string, Buffer>();
  await Promise.all(
    row.cells.map(async (cell) => {
      const value = cells.find(({ id }) => id === cell.id)?.value;
      if (value !== undefined) secrets.set(cell.id, await secretOf(row.id, cell, value));
    }),
  );
  const all = row.cells.flatMap(({ id }) => secrets.get(id) ?? []);
  const whole =
    all.length === row.cells.length ? open(rowSecret(all), rowAad(row.id, row.cells), row.boxes) : undefined;
  return cells.map((cell) => {
    const secret = secrets.get(cell.id);
    const sealed = row.cells.find(({ id }) => id === cell.id);
    if (!secret || !sealed) return { ...cell, verdict: 'unknown' };
    const payload = open(secret, cellAad(row.id, sealed), sealed.boxes);
    if (payload === 'right') return { ...cell, verdict: 'right' };
    const hint = whole !== undefined && whole !== 'right' ? whole : payload;
    return { ...cell, verdict: 'wrong', ...(hint && { hint }) };
  });
}

function open(secret: Buffer, aad: string, boxes: readonly SealedBox[]): Payload | undefined {
  let payload: unknown;
  try {
    const text = decrypt(boxKeys(secret), aad, boxes);
    if (text === undefined) return undefined;
    payload = JSON.parse(text);
  } catch {
    throw unusable('holds a box that does not open');
  }
  if (!isPayload(payload)) throw unusable('holds a box that says nothing known');
  return payload;
}

function isPayload(payload: unknown): payload is Payload {
  if (payload === 'right') return true;
  const { misconception, text } = (payload ?? {}) as Partial<Hint>;
  return typeof misconception === 'string' && typeof text === 'string';
}

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
  assertUsable(file, rubric);
  return file;
}

/** As `readSealedFile`, for a file already read. */
function assertUsable(file: SealedFile, rubric: Rubric): void {
  if (file.digest !== sealedDigest(file)) throw unusable('has been changed since it was made');
  if (file.rubric !== rubric.digest) {
    const both = `${sealedKeyFile} and rubric.yaml as they came`;
    throw unusable('was made for another version of rubric.yaml', both);
  }
  const cells = ({ rows }: { rows: readonly { id: string; cells: readonly { id: string }[] }[] }) =>
    JSON.stringify(rows.map((row) => [row.id, row.cells.map(({ id }) => id)]));
  if (cells(file) !== cells(rubric.table)) throw unusable('does not have the cells of rubric.yaml');
}

/** SHA-256 of what a sealed key holds, whatever the spacing and line ends of its file. */
export function sealedDigest({ version, rubric, scrypt, rows }: SealedContent): string {
  const content = JSON.stringify([version, rubric, scrypt, rows]);
  return createHash('sha256').update(content).digest('hex');
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
  if (!isValid<SealedFile>(schema, file)) throw unusable('is no sealed key of this version');
  return file;
}
