import { isTellable } from '../../grading/judge';
import type { GradedRow } from '../../grading/report.schema';
import type { GradedTables } from '../../grading/score';
import type { Hint } from '../../key/key';
import { misconceptionIn } from '../../render/status';

/** Returns the hint for the whole table that a row belongs to. */
export function hintFor({ table }: GradedRow, { tables }: Pick<GradedTables, 'tables'>): Hint | undefined {
  return tables.find(({ export: name }) => name === table)?.hint;
}

/** Caches misconceptions by row, because several counts need them. */
const found = new WeakMap<GradedRow, ReadonlyMap<string, string>>();

/**
 * Returns the misconception that each wrong cell of a row shows, by column: the cell's own, or that of the whole
 * table.
 */
export function misconceptionsOf(
  row: GradedRow,
  graded: Pick<GradedTables, 'tables'>,
): ReadonlyMap<string, string> {
  const known = found.get(row) ?? findMisconceptions(row, graded);
  found.set(row, known);
  return known;
}

function findMisconceptions(
  row: GradedRow,
  graded: Pick<GradedTables, 'tables'>,
): ReadonlyMap<string, string> {
  // A row with blank cells, or the same number in every cell, does not show which way the table runs.
  const whole = isTellable(row) ? hintFor(row, graded)?.misconception : undefined;
  return new Map(
    row.cells.flatMap((cell) => {
      const id = misconceptionIn(cell) ?? (cell.outcome === 'wrong' ? whole : undefined);
      return id === undefined ? [] : [[cell.id, id] as const];
    }),
  );
}

/** Returns every misconception in graded answers. */
export function misconceptionsIn(graded: GradedTables): Set<string> {
  return new Set(graded.rows.flatMap((row) => [...misconceptionsOf(row, graded).values()]));
}
