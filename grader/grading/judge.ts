import { type AnswerKey, type FilledCell, type Hint, type Judgement, transposed } from '../key/key';
import type { ReadCell, ReadRow } from '../submission/cells';

export interface JudgedRow {
  readonly id: string;
  readonly cells: readonly (ReadCell & Judgement)[];
  /** Why the row is as it is, if all of it is right. */
  readonly explanation?: string | undefined;
}

/** The verdict of a key on a whole table. */
export interface JudgedTable {
  readonly rows: readonly JudgedRow[];
  /** The one hint for a table that is transposed throughout. */
  readonly hint?: Hint | undefined;
}

/**
 * Judges a table row by row and then as a whole: a table that is transposed throughout is one mistake.
 */
export async function judgeTable(rows: readonly ReadRow[], key: AnswerKey): Promise<JudgedTable> {
  const asWritten = await judgeRows(rows, key);
  const hint = wholeTableTransposed(asWritten);
  return { rows: hint ? asWritten.map(withoutTransposed) : asWritten, hint };
}

function judgeRows(rows: readonly ReadRow[], key: AnswerKey): Promise<JudgedRow[]> {
  return Promise.all(
    rows.map(async (row) => {
      const cells = await key.judge(row);
      const isRight = cells.every(({ verdict }) => verdict === 'right');
      return {
        id: row.id,
        cells,
        explanation: isRight ? await key.explain?.({ id: row.id, cells }) : undefined,
      };
    }),
  );
}

/** Whether a row shows its orientation: all of it is filled in, and not with one number throughout. */
export function isTellable({ cells }: { readonly cells: readonly FilledCell[] }): boolean {
  const values = cells.flatMap(({ value }) => value ?? []);
  return values.length === cells.length && new Set(values).size > 1;
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
