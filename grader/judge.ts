import { cellId, type Read, type Reads } from './answers/answers';
import { type AnswerKey, type Hint, type Judgement, transposed } from './key/key';
import type { Column, Rubric } from './rubric/rubric';

/** What a key says of a whole table. */
export interface JudgedTable {
  readonly judgements: Judgements;
  /** The one hint for a table that is transposed throughout. */
  readonly hint?: Hint;
  /** Rows and columns were exchanged before judging, as the rubric allows. */
  readonly isTransposed?: boolean;
}

/** By row. */
export type Judgements = ReadonlyMap<string, Judgement>;

/**
 * Judges a table row by row and then as a whole: a table that is transposed throughout is one
 * mistake, or none where the rubric accepts either orientation.
 */
export async function judgeTable(table: Rubric['table'], reads: Reads, key: AnswerKey): Promise<JudgedTable> {
  const asTyped = await judgeRows(table, reads, key);
  if (table.eitherOrientation && countRight(asTyped) < table.cells.length) {
    const exchanged = await judgeRows(table, exchange(table, reads), key);
    if (countRight(exchanged) > countRight(asTyped) && !tellsOrientation(table, reads, asTyped)) {
      return { judgements: exchangeBack(table, exchanged), isTransposed: true };
    }
  }
  const hint = wholeTableTransposed(table, reads, asTyped);
  return hint ? { judgements: withoutTransposed(asTyped), hint } : { judgements: asTyped };
}

async function judgeRows(
  { rows, columns }: Rubric['table'],
  reads: Reads,
  key: AnswerKey,
): Promise<Judgements> {
  const judged = rows.map(async ({ id: row }) => {
    return [row, await key.judge(row, valuesIn(row, columns, reads))] as const;
  });
  return new Map(await Promise.all(judged));
}

/** The values that stand in one row, by column. */
function valuesIn(row: string, columns: readonly Column[], reads: Reads): Map<string, number> {
  const values = new Map<string, number>();
  for (const { id: column } of columns) {
    const read = reads.get(cellId(row, column));
    if (read?.is === 'value') values.set(column, read.value);
  }
  return values;
}

/** Whether a row shows which way it runs: it is filled in, and not with the same number throughout. */
function isTellable(row: string, columns: readonly Column[], reads: Reads): boolean {
  const values = valuesIn(row, columns, reads);
  return values.size === columns.length && new Set(values.values()).size > 1;
}

function countRight(judgements: Judgements): number {
  let count = 0;
  for (const { cells } of judgements.values()) {
    for (const verdict of cells.values()) if (verdict === 'right') count++;
  }
  return count;
}

/** Whether some row is right as it was typed and would not be if exchanged: then the table is not transposed throughout. */
function tellsOrientation({ rows, columns }: Rubric['table'], reads: Reads, judgements: Judgements): boolean {
  return rows.some(({ id: row }) => {
    const verdicts = judgements.get(row)?.cells;
    return isTellable(row, columns, reads) && columns.every(({ id }) => verdicts?.get(id) === 'right');
  });
}

/** The other column of a table of two. */
function other(columns: readonly Column[], column: string): string {
  return columns.find(({ id }) => id !== column)?.id ?? column;
}

function exchange({ cells, columns }: Rubric['table'], reads: Reads): Reads {
  const exchanged = new Map<string, Read>();
  for (const { row, column } of cells) {
    const read = reads.get(cellId(row, other(columns, column)));
    if (read) exchanged.set(cellId(row, column), read);
  }
  return exchanged;
}

function exchangeBack({ columns }: Rubric['table'], judgements: Judgements): Judgements {
  return new Map(
    [...judgements].map(([row, { cells, hints }]) => [
      row,
      {
        cells: new Map([...cells].map(([column, verdict]) => [other(columns, column), verdict])),
        hints: hints.map(({ column, ...hint }) => ({
          ...hint,
          ...(column && { column: other(columns, column) }),
        })),
      },
    ]),
  );
}

/**
 * The one hint for a table whose every row is transposed, as far as a row can tell: a row with the
 * same number twice cannot, and at least two must.
 */
function wholeTableTransposed(
  { rows, columns }: Rubric['table'],
  reads: Reads,
  judgements: Judgements,
): Hint | undefined {
  const found: Hint[] = [];
  for (const { id: row } of rows) {
    if (!isTellable(row, columns, reads)) continue;
    const hint = judgements.get(row)?.hints.find(isTransposed);
    if (!hint) return undefined;
    found.push({ misconception: hint.misconception, text: hint.text });
  }
  // Another cause may fit one row by chance; what all rows share is that they are transposed.
  const clear = found.find(({ misconception }) => misconception === transposed);
  return found.length > 1 ? clear : undefined;
}

function isTransposed({ misconception }: Hint): boolean {
  return misconception.split('+').includes(transposed);
}

function withoutTransposed(judgements: Judgements): Judgements {
  return new Map(
    [...judgements].map(([row, { cells, hints }]) => [
      row,
      { cells, hints: hints.filter((hint) => !isTransposed(hint)) },
    ]),
  );
}
