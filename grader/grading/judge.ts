import { type AnswerKey, type FilledCell, type Hint, type Judgement, transposed } from '../key/key';
import type { ReadCell, ReadRow } from '../submission/cells';

export interface JudgedRow {
  readonly id: string;
  readonly cells: readonly (ReadCell & Judgement)[];
  /** Why the row is as it is, if all of it is right. */
  readonly explanation?: string;
}

/** The verdict of a key on a whole table. */
export interface JudgedTable {
  readonly rows: readonly JudgedRow[];
  /** The one hint for a table that is transposed throughout. */
  readonly hint?: Hint;
  /** Rows that would be right if their two answers were exchanged. */
  readonly exchanged: ReadonlySet<string>;
  /** Adjacent rows that would both be right in each other's place: the second row, by the first. */
  readonly swapped: ReadonlyMap<string, string>;
}

/** For a table that is one mistake, or none, no answer is looked for in another place. */
const inPlace = { exchanged: new Set<string>(), swapped: new Map<string, string>() };

/**
 * Judges a table row by row and then as a whole: a table that is transposed throughout is one mistake.
 */
export async function judgeTable(rows: readonly ReadRow[], key: AnswerKey): Promise<JudgedTable> {
  const asWritten = await judgeRows(rows, key);
  const hint = wholeTableTransposed(asWritten);
  return hint
    ? { ...inPlace, rows: asWritten.map(withoutTransposed), hint }
    : { rows: asWritten, ...(await placesOf(asWritten, key)) };
}

/** Whether a cell is wrong for no known reason. */
function isUnknown({ verdict, hint, quantity }: Judgement): boolean {
  return verdict === 'wrong' && hint === undefined && quantity === undefined;
}

/** Finds wrong answers that would be right in another place. */
async function placesOf(
  rows: readonly JudgedRow[],
  key: AnswerKey,
): Promise<Pick<JudgedTable, 'exchanged' | 'swapped'>> {
  const isRight = async (row: Pick<JudgedRow, 'id' | 'cells'>) =>
    (await key.judge(row)).every(({ verdict }) => verdict === 'right');
  const exchanged = new Set<string>();
  const swapped = new Map<string, string>();
  const mayBeSwapped = ({ cells }: JudgedRow) =>
    cells.some(isUnknown) && cells.every((cell) => cell.verdict === 'right' || isUnknown(cell));
  for (const [index, row] of rows.entries()) {
    const { id, cells } = row;
    if (cells.length === 2 && cells.every(isUnknown) && (await isRight(transpose(row)))) exchanged.add(id);
    const next = rows[index + 1];
    if (!next || ![row, next].every(mayBeSwapped) || columnsOf(row) !== columnsOf(next)) continue;
    if ((await isRight({ ...next, id })) && (await isRight({ ...row, id: next.id })))
      swapped.set(id, next.id);
  }
  return { exchanged, swapped };
}

function columnsOf({ cells }: Pick<JudgedRow, 'cells'>): string {
  return cells.map(({ id }) => id).join();
}

function judgeRows(rows: readonly ReadRow[], key: AnswerKey): Promise<JudgedRow[]> {
  return Promise.all(
    rows.map(async (row) => {
      const cells = await key.judge(row);
      const isRight = cells.every(({ verdict }) => verdict === 'right');
      const explanation = isRight
        ? await key.explain?.({ id: row.id, cells: cells.filter(hasValue) })
        : undefined;
      return { id: row.id, cells, explanation };
    }),
  );
}

function hasValue<Cell extends ReadCell>(cell: Cell): cell is Cell & { kind: 'value' } {
  return cell.kind === 'value';
}

/** Whether a row shows its orientation: all of it is filled in, and not with one number throughout. */
export function isTellable({ cells }: { readonly cells: readonly FilledCell[] }): boolean {
  const values = cells.flatMap(({ value }) => value ?? []);
  return values.length === cells.length && new Set(values).size > 1;
}

/** A row of two cells with their contents swapped. */
export function transpose<Cell extends { readonly id: string }>({
  id,
  cells: [first, second],
}: {
  readonly id: string;
  readonly cells: readonly Cell[];
}): { id: string; cells: Cell[] } {
  if (!first || !second) return { id, cells: [] };
  return {
    id,
    cells: [
      { ...second, id: first.id },
      { ...first, id: second.id },
    ],
  };
}

/**
 * The one hint for a table in which every row that shows its orientation is transposed. A row with the same
 * number twice shows none, and at least two rows must.
 */
function wholeTableTransposed(rows: readonly JudgedRow[]): Hint | undefined {
  const hints: Hint[] = [];
  for (const row of rows.filter(isTellable)) {
    const hint = row.cells.flatMap((cell) => cell.hint ?? []).find(isTransposed);
    if (!hint) return undefined;
    hints.push(hint);
  }
  // Another cause may fit one row by chance; only being transposed is common to all rows.
  return hints.length > 1 ? hints.find(({ misconception }) => misconception === transposed) : undefined;
}

function isTransposed({ misconception }: Hint): boolean {
  return misconception.split('+').includes(transposed);
}

function withoutTransposed({ cells, ...row }: JudgedRow): JudgedRow {
  return {
    ...row,
    cells: cells.map(({ hint, ...cell }) => (hint && !isTransposed(hint) ? { ...cell, hint } : cell)),
  };
}
