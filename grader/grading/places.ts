import type { AnswerKey, FilledCell } from '../key/key';
import { kindOf } from '../kinds/registry';
import { message } from '../message';
import type { RubricTable } from '../rubric/rubric';
import { withReasons } from './judge';
import type { GradedCell, GradedRow } from './report.schema';

/** Why cells are wrong, for those that are explained by the place where their answer is right. */
type Places = Map<GradedCell, Pick<GradedCell, 'reason' | 'cause'>>;

/** The rows of a table, with what is known of the places of their answers. */
interface Placed {
  readonly table: RubricTable;
  readonly rows: readonly GradedRow[];
  isOpen(cell: GradedCell): boolean;
  explain(cell: GradedCell, name: string, text: string): void;
  /** Whether answers would be right in a row. */
  isRight(id: string, cells: readonly FilledCell[]): Promise<boolean>;
}

/**
 * Explains wrong cells without a known reason whose answer is in the wrong place: exchanged with its neighbor
 * or with the next row, or copied from a cell where it is right. Says nothing about a single cell that the
 * student has not got right, because that would reveal what is right there.
 */
export async function withPlaces(
  table: RubricTable,
  rows: readonly GradedRow[],
  key: AnswerKey,
): Promise<readonly GradedRow[]> {
  const reasons: Places = new Map();
  const isOpen = (cell: GradedCell) =>
    cell.outcome === 'wrong' && cell.cause === undefined && !reasons.has(cell);
  const placed: Placed = {
    table,
    rows,
    isOpen,
    explain: (cell, name, text) => {
      if (!isOpen(cell)) return;
      const reason = message('cell/place', text, { typed: typedIn(cell) });
      reasons.set(cell, { reason, cause: { kind: 'place', name } });
    },
    isRight: async (id, cells) =>
      (await key.judge({ id, cells })).cells.every(({ verdict }) => verdict === 'right'),
  };
  for (const row of rows) await explainSwappedCells(row, placed);
  for (const [index, row] of rows.entries()) await explainSwappedRows(row, rows[index + 1], placed);
  for (const row of rows) explainCopies(row, placed);
  return withReasons(rows, reasons);
}

async function explainSwappedCells({ id, cells }: GradedRow, { table, ...placed }: Placed): Promise<void> {
  const [first, second, more] = cells;
  if (!first || !second || more || !cells.every(placed.isOpen)) return;
  const swapped = [
    { ...first, value: second.value },
    { ...second, value: first.value },
  ];
  if (!(await placed.isRight(id, swapped))) return;
  const [name, otherName] = [first, second].map((cell) => cellNameOf(cell, table));
  const text = `${name} and ${otherName} look swapped in this row.`;
  placed.explain(first, second.label, text);
  placed.explain(second, first.label, text);
}

async function explainSwappedRows(
  row: GradedRow,
  next: GradedRow | undefined,
  { isOpen, isRight, explain }: Placed,
): Promise<void> {
  const mayBeSwapped = ({ cells }: GradedRow) =>
    cells.some(isOpen) && cells.every((cell) => cell.outcome === 'correct' || isOpen(cell));
  if (!next || ![row, next].every(mayBeSwapped) || columnsOf(row) !== columnsOf(next)) return;
  if (!(await isRight(row.id, next.cells)) || !(await isRight(next.id, row.cells))) return;
  const text = `${row.label} and ${next.label} look swapped.`;
  for (const cell of row.cells) explain(cell, next.label, text);
  for (const cell of next.cells) explain(cell, row.label, text);
}

function explainCopies(row: GradedRow, { table, rows, isOpen, explain }: Placed): void {
  const known = table.rows.find(({ id }) => id === row.id)?.cells ?? [];
  for (const cell of row.cells.filter(isOpen)) {
    const rubric = known.find(({ id }) => id === cell.id);
    // With a few options, each is right somewhere.
    if (!rubric || kindOf(rubric).options) continue;
    const isSame = ({ outcome, value }: GradedCell) =>
      outcome === 'correct' &&
      value !== undefined &&
      cell.value !== undefined &&
      kindOf(rubric).matches(value, cell.value);
    const home =
      row.cells.find(isSame) ??
      rows.find(({ cells }) => cells.some((other) => other.id === cell.id && isSame(other)));
    const text = `{typed} is right in ${home?.label}, but not here. ${rubric.guidingQuestion ?? ''}`;
    if (home) explain(cell, home.label, text.trimEnd());
  }
}

/** The answer that a student typed; a text answer without its quotes. */
export function typedIn({
  value,
  sourceText,
  shown,
}: Pick<GradedCell, 'value' | 'sourceText' | 'shown'>): string {
  return typeof value === 'string' ? (shown ?? value) : (sourceText ?? '');
}

function columnsOf({ cells }: GradedRow): string {
  return cells.map(({ id }) => id).join();
}

/** The name of a cell within its row. */
export function cellNameOf(
  { id, name }: Pick<GradedCell, 'id' | 'name'>,
  { columns }: Pick<RubricTable, 'columns'>,
): string {
  return name ?? columns.find((column) => column.id === id)?.label ?? id;
}
