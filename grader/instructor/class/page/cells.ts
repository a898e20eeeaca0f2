import { cellId } from '../../../answers/answers';
import { labelsOf } from '../../../report/labels';
import type { Rubric } from '../../../rubric/rubric';

/** Cells as a person reads them, row by row: `Basket: down, across; Crate: across`. */
export function cellList(cells: readonly string[], { table }: Rubric): string {
  const missed = new Set(cells);
  const rows = table.rows.flatMap(({ id, label }) => {
    const columns = table.columns.filter((column) => missed.has(cellId(id, column.id)));
    return columns.length === 0
      ? []
      : `${shortLabel(label)}: ${columns.map((column) => column.label.toLowerCase()).join(', ')}`;
  });
  return rows.join('; ');
}

/** A label without what it says in brackets at its end. */
export function shortLabel(label: string): string {
  return label.replace(/ \(.*\)$/, '');
}

const known = new WeakMap<Rubric, ReadonlyMap<string, string>>();

/** `Row · column` of a cell that is named as `cellId` names it. */
export function cellLabel(cell: string, rubric: Rubric): string {
  const labels = known.get(rubric) ?? labelled(rubric);
  known.set(rubric, labels);
  return labels.get(cell) ?? cell;
}

function labelled(rubric: Rubric): ReadonlyMap<string, string> {
  const labels = labelsOf(rubric);
  return new Map(rubric.table.cells.map((cell) => [cellId(cell.row, cell.column), labels.cell(cell)]));
}
