import { kindOf } from '../kinds/registry';
import { type Message, message } from '../message';
import { type CellName, type Equation, holds, type Law } from '../rubric/laws';
import { type Rubric, rowsOf } from '../rubric/rubric';
import type { GradedCell, GradedRow, GradedTable } from './report.schema';

/**
 * Gives cells of which nothing more is known the first law that they break: wrong ones, and where
 * there is no key the last cell of what does not fit together.
 */
export function withLaws(
  rubric: Pick<Rubric, 'laws' | 'tables'>,
  tables: readonly GradedTable[],
  rows: readonly GradedRow[],
): GradedRow[] {
  const reasons = new Map<GradedCell, Required<Pick<GradedCell, 'reason' | 'cause'>>>();
  for (const { law, cells } of brokenLaws(rubric, { tables, rows }))
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

/** A law that a graded worksheet breaks: its equation, and the cells in that. */
export interface BrokenLaw {
  readonly law: Law;
  readonly equation: Equation;
  readonly cells: readonly GradedCell[];
  readonly cellAt: (name: CellName) => GradedCell | undefined;
}

/** Every law that is broken, in order; what a whole table shows is one mistake, and is told once. */
export function brokenLaws(
  rubric: Pick<Rubric, 'laws' | 'tables'>,
  { tables, rows }: { readonly tables: readonly GradedTable[]; readonly rows: readonly GradedRow[] },
): BrokenLaw[] {
  const cellAt = cellsByName(tables, rows);
  const kinds = new Map(
    rowsOf(rubric).flatMap((row) =>
      row.cells.map((cell) => [JSON.stringify([row.id, cell.id]), kindOf(cell)] as const),
    ),
  );
  const numbersIn = (name: CellName) => {
    const value = cellAt(name)?.value;
    return value === undefined
      ? undefined
      : kinds.get(JSON.stringify([name.row, name.column]))?.numbers(value);
  };
  const hintedTables = tables.flatMap((table) => (table.hint ? table.export : []));
  const hinted = new Set(rows.flatMap((row) => (hintedTables.includes(row.table) ? row.cells : [])));
  return rubric.laws.flatMap((law) =>
    law.equations.flatMap((equation) => {
      if (holds(equation, numbersIn) !== false) return [];
      const cells = equation.cells.flatMap((name) => cellAt(name) ?? []);
      return cells.some((cell) => hinted.has(cell)) ? [] : [{ law, equation, cells, cellAt }];
    }),
  );
}

/** A cell by the name that the law has for it: in a transposed table the other one of its row. */
function cellsByName(tables: readonly GradedTable[], rows: readonly GradedRow[]) {
  return ({ row: id, column }: CellName): GradedCell | undefined => {
    const row = rows.find((candidate) => candidate.id === id);
    const isTransposed = tables.some((table) => table.transposed && table.export === row?.table);
    return row?.cells.find((cell) => (cell.id === column) !== Boolean(isTransposed));
  };
}

/** The cells at which a broken law is told. */
function explained(cells: readonly GradedCell[]): readonly GradedCell[] {
  const wrong = cells.filter(({ outcome }) => outcome === 'wrong');
  if (wrong.length > 0) return wrong.filter(({ cause }) => cause === undefined);
  const last = cells.at(-1);
  return last && cells.every(({ outcome }) => outcome === 'ungraded') ? [last] : [];
}

/** Whether cells of a law may be shown with their numbers: beside a right one they would tell what is right. */
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
