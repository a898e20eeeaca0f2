import { isTellable } from '../../../grading/judge';
import type { Cause, Outcome, Report } from '../../../grading/report.schema';
import type { Hint } from '../../../key/key';
import type { Answer } from '../../../kinds/kind';
import { misconceptionIn } from '../../../render/status';

/** What of a graded row tells which misconceptions are in it; first attempts have it as well. */
export interface ShownRow {
  readonly id: string;
  readonly table: string;
  readonly cells: readonly {
    readonly id: string;
    readonly outcome: Outcome;
    readonly value?: Answer;
    readonly cause?: Cause;
  }[];
}

/** The hints for tables that are transposed throughout, by the name of the table. */
export type HintsByTable = Readonly<Record<string, Hint | undefined>>;

export function hintsByTable({ tables }: Report): HintsByTable {
  return Object.fromEntries(tables.map((table) => [table.export, table.hint]));
}

/** The misconception that each wrong cell of a row shows, by column: its own, or that of the whole table. */
export function misconceptionsOf(row: ShownRow, hints: HintsByTable): ReadonlyMap<string, string> {
  // A row that holds one number throughout, or too few, does not show which way the table runs.
  const whole = isTellable(row) ? hints[row.table]?.misconception : undefined;
  return new Map(
    row.cells.flatMap((cell) => {
      const id = misconceptionIn(cell) ?? (cell.outcome === 'wrong' ? whole : undefined);
      return id === undefined ? [] : [[cell.id, id] as const];
    }),
  );
}

/** Every misconception in a Report. */
export function misconceptionsIn(report: Report): Set<string> {
  const hints = hintsByTable(report);
  return new Set(report.rows.flatMap((row) => [...misconceptionsOf(row, hints).values()]));
}
