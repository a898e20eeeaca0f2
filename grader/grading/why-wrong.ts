import { type FilledCell, type Hint, type JudgedCells, type Judgement, transposed } from '../key/judge';
import { kindOf } from '../kinds/registry';
import { type Message, message } from '../message';
import { type CellName, cellsIn, holds } from '../rubric/laws';
import { cellsOf, type Rubric, type RubricCell, type RubricTable } from '../rubric/rubric';
import type { ReadCell } from '../submission/cells';
import type { GradedCell, GradedRow, Report } from './report.schema';

// Explains wrong cells by the most certain cause: a misconception, then a number with a meaning, then a broken law,
// then an answer that is right elsewhere.

/** A row of a table with the key's judgments. */
interface JudgedRow extends JudgedCells<ReadCell> {
  readonly id: string;
}

/** A table with the key's judgments. */
export interface JudgedTable {
  readonly rows: readonly JudgedRow[];
  /** The one hint for a table that is transposed throughout. */
  readonly hint?: Hint | undefined;
}

/** Says why an answer is wrong, as far as we know: a misconception if there is one, otherwise the meaning of the number. */
export function whyWrong(
  { value, sourceText, hint, isOfRow, quantity }: Extract<ReadCell, { kind: 'value' }> & Judgement,
  printed: string,
  guidingQuestion = '',
  tableHint?: Hint,
): Pick<GradedCell, 'reason' | 'cause'> {
  if (hint) {
    const cause = { kind: 'misconception', name: hint.misconception, ofRow: isOfRow } as const;
    return { reason: message('cell/misconception', hint.text), cause };
  }
  // A text needs no “comes to”, however it was written.
  const isItself = typeof value === 'string' || String(value) === sourceText;
  const subject = isItself ? '{typed}' : `{typed} comes to ${printed}, which`;
  const typed = typedIn({ value, sourceText, shown: printed });
  if (tableHint || !quantity) {
    const next = tableHint ? 'The hint for the whole table says why.' : guidingQuestion;
    const text = `${subject} is not right here. ${next}`.trimEnd();
    return { reason: message('cell/wrong', text, { typed }) };
  }
  // A number that is printed as typed needs no quotes.
  const number = isItself && typeof value === 'number' ? printed : subject;
  const cause = { kind: 'quantity', name: quantity.join(', or: ') } as const;
  const text = quantityText(number, quantity, guidingQuestion);
  return { reason: message('cell/quantity', text, { typed }), cause };
}

/** `70 could be the number of seeds, or the number of leaves. Which did you mean?` */
export function quantityText(
  subject: string,
  quantity: NonNullable<Judgement['quantity']>,
  guidingQuestion = '',
): string {
  return quantity.length === 1
    ? `${subject} is ${quantity[0]}. ${guidingQuestion}`.trimEnd()
    : `${subject} could be ${quantity.join(', or ')}. Which did you mean?`;
}

/** Gives a table that is transposed throughout one hint in place of one in each row, because it is one mistake. */
export function withTableHint(rows: readonly JudgedRow[]): JudgedTable {
  const hint = wholeTableTransposed(rows);
  return { rows: hint ? rows.map(withoutTransposed) : rows, hint };
}

/** Whether a row can show that it is transposed: it is filled in, and not with the same number throughout. */
export function isTellable({ cells }: { readonly cells: readonly FilledCell[] }): boolean {
  const values = cells.flatMap(({ value }) => value ?? []);
  return values.length === cells.length && new Set(values).size > 1;
}

/**
 * The one hint for a table in which every row that can show its orientation is transposed. Rows with the same number
 * throughout cannot show it, and at least two rows must.
 */
function wholeTableTransposed(rows: readonly JudgedRow[]): Hint | undefined {
  const hints: Hint[] = [];
  for (const row of rows) {
    if (!isTellable(row)) continue;
    const hint = row.cells.flatMap((cell) => cell.hint ?? []).find(isTransposed);
    if (!hint) return undefined;
    hints.push(hint);
  }
  // Another cause may fit a row by chance, but only a transposed table makes all rows transposed.
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

/**
 * Explains cells that have no other explanation by the first law that they break. Marks the wrong cells or, if there is
 * no key, the last of the cells that do not fit together. Leaves out a table that has a hint, which explains its one
 * mistake already.
 */
export function withLaws(
  { laws }: Pick<Rubric, 'laws'>,
  { tables, rows }: Pick<Report, 'tables' | 'rows'>,
): GradedRow[] {
  const hinted = tables.flatMap((table) => (table.hint ? table.export : []));
  const open = rows.filter(({ table }) => !hinted.includes(table));
  const cellAt = ({ row, column }: CellName) =>
    open.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
  const numberIn = (name: CellName) => {
    const value = cellAt(name)?.value;
    return typeof value === 'number' ? value : undefined;
  };
  const reasons = new Map<GradedCell, Required<Pick<GradedCell, 'reason' | 'cause'>>>();
  for (const { law, because, equations } of laws)
    for (const equation of equations.filter((one) => holds(one, numberIn) === false)) {
      const cells = cellsIn(equation).flatMap((name) => cellAt(name) ?? []);
      for (const cell of explained(cells).filter((one) => !reasons.has(one)))
        reasons.set(cell, { reason: reasonFor(cell, cells, because), cause: { kind: 'law', name: law } });
    }
  if (reasons.size === 0) return rows;
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({ ...cell, ...reasons.get(cell) })),
  }));
}

/** The cells at which a broken law is reported. */
function explained(cells: readonly GradedCell[]): readonly GradedCell[] {
  const wrong = cells.filter(({ outcome }) => outcome === 'wrong');
  if (wrong.length > 0) return wrong.filter(({ cause }) => cause === undefined);
  return cells.every(({ outcome }) => outcome === 'ungraded') ? cells.slice(-1) : [];
}

function reasonFor(cell: GradedCell, cells: readonly GradedCell[], because: string): Message {
  // Show numbers only if none of the cells is right: the number of a right one would give an answer away.
  const isOpen = cells.every(({ outcome }) => outcome === 'wrong' || outcome === 'ungraded');
  const otherLabels = cells
    .filter((other) => other !== cell)
    .map(({ label, value }) => (isOpen ? `${label} (${value})` : label));
  const isWrong = cell.outcome === 'wrong';
  const either = `, which ${otherLabels.length === 1 ? 'is' : 'are'} not right either`;
  const text = `{typed}${isWrong ? ' is not right here, and' : ''} does not fit ${otherLabels.join(' and ')}${isOpen && isWrong ? either : ''}. ${because}`;
  return message('cell/law', text, { typed: cell.sourceText ?? '' });
}

/**
 * Explains wrong cells that have no other reason, but whose answer is right elsewhere in their row or column. Never
 * names a cell that the student has not got right, because that would reveal its right answer.
 */
export function withPlaces(table: RubricTable, rows: readonly GradedRow[]): GradedRow[] {
  return rows.map((row) => {
    const rubricCells = cellsOf({ rows: table.rows.filter(({ id }) => id === row.id) });
    const cells = row.cells.map((cell) => {
      const rubric = rubricCells.find(({ id }) => id === cell.id);
      const isOpen = cell.outcome === 'wrong' && cell.cause === undefined;
      const home = isOpen && rubric && homeOf(cell, rubric, row, rows);
      if (!home) return cell;
      const text = `{typed} is right in ${home.label}, but not here. ${rubric.guidingQuestion ?? ''}`;
      const reason = message('cell/place', text.trimEnd(), { typed: typedIn(cell) });
      return { ...cell, reason, cause: { kind: 'place' as const, name: home.label } };
    });
    return { ...row, cells };
  });
}

/** The cell of the same row, or else the row, where the answer of a cell would be right. */
function homeOf(
  { id, value }: GradedCell,
  rubric: RubricCell,
  row: GradedRow,
  rows: readonly GradedRow[],
): GradedCell | GradedRow | undefined {
  const { options, matches } = kindOf(rubric);
  // Among a few options, each is right somewhere.
  if (options || value === undefined) return undefined;
  const isSame = (other: GradedCell) =>
    other.outcome === 'correct' && other.value !== undefined && matches(other.value, value);
  return (
    row.cells.find(isSame) ??
    rows.find(({ cells }) => cells.some((other) => other.id === id && isSame(other)))
  );
}

/** The answer that a student typed; a text answer without its quotes. */
function typedIn({ value, sourceText, shown }: Pick<GradedCell, 'value' | 'sourceText' | 'shown'>): string {
  return typeof value === 'string' ? (shown ?? value) : (sourceText ?? '');
}
