import { isTellable } from '../../../grading/judge';
import type { GradedRow } from '../../../grading/report.schema';
import type { GradedTables } from '../../../grading/score';
import type { Hint } from '../../../key/key';
import { misconceptionIn } from '../../../render/status';

/** What is said of the whole table that a row is in. */
export function hintFor({ table }: GradedRow, { tables }: Pick<GradedTables, 'tables'>): Hint | undefined {
  return tables.find(({ export: name }) => name === table)?.hint;
}

/** Found by row: several counts ask for the same. */
const found = new WeakMap<GradedRow, ReadonlyMap<string, string>>();

/** The misconception that each wrong cell of a row shows, by column: its own, or that of the whole table. */
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
  // A row that holds one number throughout, or too few, does not show which way the table runs.
  const whole = isTellable(row) ? hintFor(row, graded)?.misconception : undefined;
  return new Map(
    row.cells.flatMap((cell) => {
      const id = misconceptionIn(cell) ?? (cell.outcome === 'wrong' ? whole : undefined);
      return id === undefined ? [] : [[cell.id, id] as const];
    }),
  );
}

/** Every misconception in graded answers. */
export function misconceptionsIn(graded: GradedTables): Set<string> {
  return new Set(graded.rows.flatMap((row) => [...misconceptionsOf(row, graded).values()]));
}
