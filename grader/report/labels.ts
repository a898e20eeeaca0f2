import type { Rubric } from '../rubric/rubric';
import type { GradedCell } from './report.schema';

/** Names for people, by id. */
export interface Labels {
  /** `Row label · column label` */
  cell(cell: Pick<GradedCell, 'row' | 'column'>): string;
  row(id: string): string;
  column(id: string): string;
  question(id: string): string;
}

export function labelsOf({ table, reflection }: Rubric): Labels {
  const named = (items: readonly { id: string; label: string }[]) =>
    new Map(items.map(({ id, label }) => [id, label]));
  const rows = named(table.rows);
  const columns = named(table.columns);
  const questions = named(reflection?.questions ?? []);
  const row = (id: string) => rows.get(id) ?? id;
  const column = (id: string) => columns.get(id) ?? id;
  return {
    row,
    column,
    cell: (cell) => `${row(cell.row)} · ${column(cell.column).toLowerCase()}`,
    question: (id) => questions.get(id) ?? id,
  };
}
