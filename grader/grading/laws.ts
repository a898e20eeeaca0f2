import { type Message, message } from '../message';
import { type CellName, cellsIn, type Equation, holds, type Law } from '../rubric/laws';
import type { Rubric } from '../rubric/rubric';
import type { GradedCell, GradedRow, GradedTable } from './report.schema';

/**
 * Explains cells that have no other explanation by the first law that they break: the wrong cells or, where
 * there is no key, the last of the cells that do not fit together.
 */
export function withLaws(
  { laws }: Pick<Rubric, 'laws'>,
  tables: readonly GradedTable[],
  rows: readonly GradedRow[],
): GradedRow[] {
  const reasons = new Map<GradedCell, Required<Pick<GradedCell, 'reason' | 'cause'>>>();
  for (const { law, cells } of brokenLaws({ laws }, { tables, rows }))
    for (const cell of explained(cells))
      if (!reasons.has(cell))
        reasons.set(cell, {
          reason: reasonFor(cell, cells, law.because),
          cause: { kind: 'law', name: law.law },
        });
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({ ...cell, ...reasons.get(cell) })),
  }));
}

/** A law that a graded worksheet breaks, with the broken equation and its cells. */
export interface BrokenLaw {
  readonly law: Law;
  readonly equation: Equation;
  readonly cells: readonly GradedCell[];
  readonly cellAt: (name: CellName) => GradedCell | undefined;
}

/** Every broken law, in order. Skips cells of a table that has a hint, as it explains the one mistake. */
export function brokenLaws(
  { laws }: Pick<Rubric, 'laws'>,
  { tables, rows }: { readonly tables: readonly GradedTable[]; readonly rows: readonly GradedRow[] },
): BrokenLaw[] {
  const cellAt = ({ row, column }: CellName) =>
    rows.find(({ id }) => id === row)?.cells.find(({ id }) => id === column);
  const numberIn = (name: CellName) => {
    const value = cellAt(name)?.value;
    return typeof value === 'number' ? value : undefined;
  };
  const hintedTables = tables.flatMap((table) => (table.hint ? table.export : []));
  const hinted = new Set(rows.flatMap((row) => (hintedTables.includes(row.table) ? row.cells : [])));
  return laws.flatMap((law) =>
    law.equations.flatMap((equation) => {
      if (holds(equation, numberIn) !== false) return [];
      const cells = cellsIn(equation).flatMap((name) => cellAt(name) ?? []);
      return cells.some((cell) => hinted.has(cell)) ? [] : [{ law, equation, cells, cellAt }];
    }),
  );
}

/** The cells at which a broken law is reported. */
function explained(cells: readonly GradedCell[]): readonly GradedCell[] {
  const wrong = cells.filter(({ outcome }) => outcome === 'wrong');
  if (wrong.length > 0) return wrong.filter(({ cause }) => cause === undefined);
  const last = cells.at(-1);
  return last && cells.every(({ outcome }) => outcome === 'ungraded') ? [last] : [];
}

/** Whether the cells of a law may be shown with their numbers. A right cell's number would give an answer away. */
export function showsNumbers(cells: readonly GradedCell[]): boolean {
  return cells.every(({ outcome }) => outcome === 'wrong' || outcome === 'ungraded');
}

function reasonFor(cell: GradedCell, cells: readonly GradedCell[], because: string): Message {
  const isOpen = showsNumbers(cells);
  const others = cells
    .filter((other) => other !== cell)
    .map(({ label, value }) => (isOpen ? `${label} (${value})` : label));
  const wrong = cell.outcome === 'wrong' ? ' is not right here, and' : '';
  const either = others.length === 1 ? ', which is not right either' : ', which are not right either';
  const alike = isOpen && cell.outcome === 'wrong' ? either : '';
  const text = `{typed}${wrong} does not fit ${others.join(' and ')}${alike}. ${because}`;
  return message('cell/law', text, { typed: cell.sourceText ?? '' });
}
