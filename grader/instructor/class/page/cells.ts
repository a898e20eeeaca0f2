import { labelsOf } from '../../../report/labels';
import type { Rubric } from '../../../rubric/rubric';
import { cellId } from '../../../submission/submission';

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
