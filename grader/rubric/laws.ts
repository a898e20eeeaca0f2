import { type CellKind, kindOf } from '../kinds/registry';

/** One cell of the worksheet, by row and column. */
export interface CellName {
  readonly row: string;
  readonly column: string;
}

/** Two sums of cells that have to be equal. No cell occurs twice. */
export interface Equation {
  readonly left: readonly CellName[];
  readonly right: readonly CellName[];
}

/** A relation between cells that holds at all sizes. */
export interface Law {
  /** The text of the law, exactly as its author wrote it. */
  readonly law: string;
  readonly because: string;
  /** A single equation, or one for each column if the law is about whole rows. */
  readonly equations: readonly Equation[];
}

/** The part of a row that laws refer to. */
interface LawRow {
  readonly id: string;
  readonly cells: readonly ({ readonly id: string } & CellKind)[];
}

/**
 * The equations that a law stands for: `total.count = part.count + rest.count`, or `total = part + rest` for every
 * column in which all of these rows have a whole number. If there are none, returns what is wrong with the law.
 */
export function equationsOf(law: string, rows: readonly LawRow[]): Equation[] | string {
  const [left, right, ...more] = law.split('=').map((side) => side.split('+').map((term) => term.trim()));
  if (!left || !right || more.length > 0)
    return 'it needs two sides with one = between them, as in: total.count = part.count';
  const terms = [...left, ...right];
  if (new Set(terms).size < terms.length)
    return 'it names something twice, and would tell what is right; write different cells';
  const cells = new Map<string, CellName>();
  for (const { id, cells: own } of rows)
    for (const cell of own)
      if (kindOf(cell).isWholeNumber) cells.set(`${id}.${cell.id}`, { row: id, column: cell.id });
  // Whole rows stand for their cells, column by column.
  const columns = [...cells.values()].map(({ column }) => `.${column}`);
  const endings = law.includes('.') ? [''] : [...new Set(columns)];
  const equations = endings.flatMap((ending) => {
    const cellsOf = (side: readonly string[]) => side.flatMap((term) => cells.get(term + ending) ?? []);
    const equation = { left: cellsOf(left), right: cellsOf(right) };
    return cellsIn(equation).length < terms.length ? [] : equation;
  });
  if (equations.length > 0) return equations;
  const unknown = terms.find((term) => !endings.some((ending) => cells.has(term + ending)));
  if (unknown === undefined) return 'its rows share no column with whole numbers';
  const names = rows.map(({ id }) => id);
  return `there is no ${unknown} with whole numbers; it takes cells such as total.count, or rows alone, with = and + between them, and the rows are ${names.join(', ')}`;
}

/** Every cell of an equation, from left to right. */
export function cellsIn({ left, right }: Equation): CellName[] {
  return [...left, ...right];
}

/**
 * Whether an equation holds, exactly; undefined if one of its cells has no whole number.
 *
 * @param numberIn the number in a cell.
 */
export function holds(
  equation: Equation,
  numberIn: (cell: CellName) => number | undefined,
): boolean | undefined {
  if (!cellsIn(equation).map(numberIn).every(Number.isInteger)) return undefined;
  const sumOf = (side: readonly CellName[]) =>
    side.reduce((sum, cell) => sum + BigInt(numberIn(cell) ?? 0), 0n);
  return sumOf(equation.left) === sumOf(equation.right);
}
