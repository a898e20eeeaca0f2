import type { Rubric } from '../rubric/rubric';
import type { AnswerKey, Hint, Judgement, Verdict } from './key';
import { lockOf, openBox, rowSecret, valueSecret } from './lock';
import { readSealedFile, refuseUnfit, unusable } from './sealed-file';
import type { SealedBox, SealedFile } from './sealed-file.schema';

/** What a box of a cell says: that its value is right, or what the value shows. A row's says a hint. */
export type Note = 'right' | Hint;

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
  refuseUnfit(file, rubric);
  return { digest: `sealed:${file.digest}`, judge: (row, values) => judge(file, row, values) };
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
  for (const [index, cell] of ofRow.entries()) {
    const secret = secrets[index];
    if (!secret) continue;
    const note = open(secret, boundToCell(cell), cell.boxes);
    verdicts.set(cell.column, note === 'right' ? 'right' : 'wrong');
    if (note !== undefined && note !== 'right') lone.push({ ...note, column: cell.column });
  }
  const all = secrets.filter((secret) => secret !== undefined);
  const boxes = rows.find((candidate) => candidate.row === row)?.boxes ?? [];
  const whole = all.length === ofRow.length ? open(rowSecret(all), boundToRow(row, ofRow), boxes) : undefined;
  return { cells: verdicts, hints: whole !== undefined && whole !== 'right' ? [whole] : lone };
}

function open(secret: Buffer, bound: string, boxes: readonly SealedBox[]): Note | undefined {
  let note: unknown;
  try {
    const text = openBox(lockOf(secret), bound, boxes);
    if (text === undefined) return undefined;
    note = JSON.parse(text);
  } catch {
    throw unusable('holds a box that does not open');
  }
  if (!isNote(note)) throw unusable('holds a box that says nothing known');
  return note;
}

function isNote(note: unknown): note is Note {
  if (note === 'right') return true;
  const { misconception, text } = (note ?? {}) as Partial<Hint>;
  return typeof misconception === 'string' && typeof text === 'string';
}
