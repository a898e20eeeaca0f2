import { kindOf } from '../kinds/registry';
import { message } from '../message';
import type { RubricCell, RubricTable } from '../rubric/rubric';
import type { JudgedTable } from './judge';
import type { GradedCell, GradedRow } from './report.schema';

type Explained = Pick<GradedCell, 'reason' | 'cause'>;

/**
 * Explains wrong cells without a known reason whose answer is in the wrong place: exchanged with its neighbor
 * or with the next row, or copied from a cell where it is right. Says nothing about a single cell that the
 * student has not got right, because that would reveal what is right there. A mistake of a whole table is one
 * mistake, and is reported once.
 */
export function withPlaces(
  { rows: all, columns }: RubricTable,
  rows: readonly GradedRow[],
  { exchanged, swapped, hint }: JudgedTable,
): readonly GradedRow[] {
  if (hint) return rows;
  const found = new Map<GradedCell, Explained>();
  const isOpen = (cell: GradedCell) => isUnexplained(cell) && !found.has(cell);
  const explain = (cells: readonly GradedCell[], name: string, text: string) => {
    for (const cell of cells.filter(isOpen))
      found.set(cell, {
        reason: message('cell/place', text, { typed: typedIn(cell) }),
        cause: { kind: 'place', name },
      });
  };

  for (const row of rows) {
    if (!exchanged.has(row.id) || !row.cells.every(isOpen)) continue;
    const [one, other] = row.cells.map(({ id, name }) => name ?? labelOf(columns, id));
    const text = `${one} and ${other} look swapped in this row.`;
    explain(row.cells.slice(0, 1), row.cells[1]?.label ?? '', text);
    explain(row.cells.slice(1), row.cells[0]?.label ?? '', text);
  }
  for (const row of rows) {
    const next = rows.find(({ id }) => id === swapped.get(row.id));
    const areOpen = [row, next].every(
      (one) =>
        one?.cells.some(isOpen) && one.cells.every((cell) => cell.outcome === 'correct' || isOpen(cell)),
    );
    if (!next || !areOpen) continue;
    const text = `${row.label} and ${next.label} look swapped.`;
    explain(row.cells, next.label, text);
    explain(next.cells, row.label, text);
  }
  for (const row of rows) {
    const rubric = all.find(({ id }) => id === row.id);
    for (const cell of row.cells.filter(isOpen)) {
      const known = rubric?.cells.find(({ id }) => id === cell.id);
      // With a few options, each is right somewhere.
      const home = known && !kindOf(known).options && rightElsewhere(cell, known, row, rows);
      if (home) explain([cell], home.name, `${home.text} ${known.guidingQuestion ?? ''}`.trimEnd());
    }
  }
  return rows.map((row) => ({ ...row, cells: row.cells.map((cell) => ({ ...cell, ...found.get(cell) })) }));
}

/** The answer that a student typed; a text answer without its quotes. */
export function typedIn({
  value,
  sourceText,
  shown,
}: Pick<GradedCell, 'value' | 'sourceText' | 'shown'>): string {
  return typeof value === 'string' ? (shown ?? value) : (sourceText ?? '');
}

function isUnexplained({ outcome, cause }: GradedCell): boolean {
  return outcome === 'wrong' && cause === undefined;
}

/** The cell that has the same answer and is right: in the row first, then in the column. */
function rightElsewhere(
  cell: GradedCell,
  rubric: RubricCell,
  row: GradedRow,
  rows: readonly GradedRow[],
): { readonly name: string; readonly text: string } | undefined {
  const isSame = ({ outcome, value }: GradedCell) =>
    outcome === 'correct' &&
    value !== undefined &&
    cell.value !== undefined &&
    kindOf(rubric).matches(value, cell.value);
  const inRow = row.cells.find(isSame);
  if (inRow) return { name: inRow.label, text: `{typed} is right in ${inRow.label}, but not here.` };
  const inColumn = rows.find(({ cells }) => cells.some((other) => other.id === cell.id && isSame(other)));
  return (
    inColumn && {
      name: inColumn.label,
      text: `{typed} is right in ${inColumn.label}, but not here.`,
    }
  );
}

function labelOf(columns: RubricTable['columns'], id: string): string {
  return columns.find((column) => column.id === id)?.label ?? id;
}
