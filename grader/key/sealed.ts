import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../error';
import { fits } from '../fits';
import type { Rubric } from '../rubric/rubric';
import type { AnswerKey, Hint, Judgement, Verdict } from './key';
import { lockOf, openBox, rowSecret, valueSecret } from './lock';
import type { SealedFile } from './sealed-file.schema';
import schema from './sealed-file.schema.json';

/** What the digest of a sealed key covers. */
export type SealedContent = Omit<SealedFile, 'about' | 'digest'>;

/** Where a student's copy holds its key, from the root of the course, with forward slashes. */
export const sealedKeyFile = 'grader/sealed-key.json';

/** What a box of a cell says: that its value is right, or what the value shows. */
export type Note = 'right' | Hint;

function fileOf(courseRoot: string): string {
  return path.join(courseRoot, ...sealedKeyFile.split('/'));
}

export function hasSealedKey(courseRoot: string): boolean {
  return existsSync(fileOf(courseRoot));
}

/**
 * The key of a student's copy.
 *
 * @throws {GraderError} where the file cannot be read, is damaged, or belongs to another rubric.
 */
export function loadSealedKey(courseRoot: string, rubric: Rubric): AnswerKey {
  let text: string;
  try {
    text = readFileSync(fileOf(courseRoot), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(code === 'ENOENT' ? 'is missing' : `cannot be read: ${code}`);
  }
  return sealedKey(parse(text), rubric);
}

/**
 * As `loadSealedKey`, for a file already read. The key judges a value by what opens: it holds no
 * value, and neither does anything that it says.
 */
export function sealedKey(file: SealedFile, rubric: Rubric): AnswerKey {
  if (file.digest !== sealedDigest(file)) throw unusable('has been changed since it was made');
  if (file.rubric !== rubric.digest) {
    throw unusable(
      'was made for another version of rubric.yaml',
      `${sealedKeyFile} and rubric.yaml as they came`,
    );
  }
  return { digest: `sealed:${file.digest}`, judge: (row, values) => judge(file, row, values) };
}

/** SHA-256 of what a sealed key holds, whatever the spacing and line ends of its file. */
export function sealedDigest({ version, rubric, scrypt, cells, rows }: SealedContent): string {
  const boxes = (list: SealedFile['rows'][number]['boxes']) => list.map(({ slot, box }) => [slot, box]);
  const content = [
    version,
    rubric,
    [scrypt.log2N, scrypt.r, scrypt.p],
    cells.map((cell) => [cell.row, cell.column, cell.salt, boxes(cell.boxes)]),
    rows.map((row) => [row.row, boxes(row.boxes)]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** What the boxes of one cell are bound to. */
export function boundToCell({ row, column, salt }: Omit<SealedFile['cells'][number], 'boxes'>): string {
  return JSON.stringify(['cell', row, column, salt]);
}

/** What the boxes of one row are bound to, given its cells in the order of the columns. */
export function boundToRow(row: string, cells: readonly { readonly salt: string }[]): string {
  return JSON.stringify(['row', row, ...cells.map(({ salt }) => salt)]);
}

async function judge(
  { scrypt, cells, rows }: SealedFile,
  row: string,
  values: ReadonlyMap<string, number>,
): Promise<Judgement> {
  const ofRow = cells.filter((cell) => cell.row === row);
  const secrets = await Promise.all(
    ofRow.map((cell) => {
      const value = values.get(cell.column);
      return value === undefined ? undefined : valueSecret(scrypt, cell, value);
    }),
  );
  const verdicts = new Map<string, Verdict>();
  const lone: Judgement['hints'][number][] = [];
  for (const [index, { column, boxes, ...cell }] of ofRow.entries()) {
    const secret = secrets[index];
    if (!secret) continue;
    const note = open<Note>(secret, boundToCell({ ...cell, column }), boxes);
    verdicts.set(column, note === 'right' ? 'right' : 'wrong');
    if (note !== undefined && note !== 'right') lone.push({ ...note, column });
  }
  const all = secrets.filter((secret) => secret !== undefined);
  const boxes = rows.find((candidate) => candidate.row === row)?.boxes ?? [];
  const whole =
    all.length === ofRow.length ? open<Hint>(rowSecret(all), boundToRow(row, ofRow), boxes) : undefined;
  return { cells: verdicts, hints: whole ? [whole] : lone };
}

/** What the sealer wrote into a box; the box's own tag vouches for it. */
function open<Content>(
  secret: Buffer,
  bound: string,
  boxes: SealedFile['rows'][number]['boxes'],
): Content | undefined {
  try {
    const text = openBox(lockOf(secret), bound, boxes);
    return text === undefined ? undefined : (JSON.parse(text) as Content);
  } catch {
    throw unusable('holds a box that does not open');
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

function unusable(reason: string, original = `${sealedKeyFile} as it came`): GraderError {
  return new GraderError(
    'key',
    `${sealedKeyFile} ${reason}, so nothing can be judged by it. Put back ${original} with the assignment; your answers are not the cause.`,
  );
}
