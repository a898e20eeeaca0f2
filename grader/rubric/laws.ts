import { Diagnostic } from '../answers/diagnostics';
import { type Expression, parseModule } from '../answers/parser';
import { withRoom } from '../kinds/numeric';
import { type CellKind, kindOf } from '../kinds/registry';

/** One cell of the worksheet, by row and column. */
export interface CellName {
  readonly row: string;
  readonly column: string;
}

/** One side of an equation: plain data, so that a rubric can be hashed and passed to a thread. */
export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | ({ readonly kind: 'cell' } & CellName)
  | {
      readonly kind: 'arithmetic';
      readonly operator: string;
      readonly left: Term;
      readonly right: Term;
    };

export interface Equation {
  readonly left: Term;
  readonly right: Term;
  /** Every cell in it, each once. */
  readonly cells: readonly CellName[];
}

/** A relation between cells that holds at any size. */
export interface Law {
  /** The text of the law, exactly as its author wrote it. */
  readonly law: string;
  readonly because: string;
  /** A single equation, or one for each column if the law is about whole rows. */
  readonly equations: readonly Equation[];
}

/** The parts of a table that laws refer to. */
interface LawTable {
  readonly rows: readonly {
    readonly id: string;
    readonly cells: readonly ({ readonly id: string } & CellKind)[];
  }[];
}

/** Tells an author what is wrong with a law. */
export class LawError extends Error {}

const operators = ['+', '-', '*', '/'];

/**
 * The equations that a law stands for: `total.count = part.count`, or `total = part` for every
 * column that both rows have.
 *
 * @throws {LawError}
 */
export function equationsOf(law: string, tables: readonly LawTable[]): Equation[] {
  const sides = law.split('=');
  const [left, right] = sides.map((side) => expressionOf(side, law));
  if (sides.length !== 2 || !left || !right)
    throw new LawError('it needs two sides with one = between them, as in: total.count = part.count');
  const rows = tables.flatMap((table) => table.rows);
  const cellsOf = (name: string) => {
    const row = rows.find(({ id }) => id === name);
    if (!row)
      throw new LawError(`there is no row ${name}; the rows are ${rows.map(({ id }) => id).join(', ')}`);
    return row.cells;
  };
  const term = (expression: Expression): Term => {
    switch (expression.kind) {
      case 'number':
        return { kind: 'number', value: expression.value };
      case 'arithmetic':
        if (!operators.includes(expression.operator)) break;
        return {
          kind: 'arithmetic',
          operator: expression.operator,
          left: term(expression.left),
          right: term(expression.right),
        };
      case 'member': {
        const { of, key } = expression;
        if (of.kind !== 'identifier' || typeof key !== 'string') break;
        const cell = cellsOf(of.name).find(({ id }) => id === key);
        if (!cell) throw new LawError(`the row ${of.name} has no column ${key}`);
        if (kindOf(cell).valueKind !== 'number') throw new LawError(`${of.name}.${key} takes no number`);
        return { kind: 'cell', row: of.name, column: key };
      }
      case 'identifier':
        cellsOf(expression.name);
        throw new LawError(`a whole row stands alone on its side; write ${expression.name}.column`);
    }
    throw new LawError('it takes rows, cells such as total.count, numbers and + - * /');
  };
  const pairs: [Term, Term][] =
    left.kind === 'identifier' && right.kind === 'identifier'
      ? sharedColumns(cellsOf(left.name), cellsOf(right.name)).map((column) => [
          { kind: 'cell', row: left.name, column },
          { kind: 'cell', row: right.name, column },
        ])
      : [[term(left), term(right)]];
  const equations = pairs.map(([one, other]) => ({
    left: one,
    right: other,
    cells: distinct([...cellsIn(one), ...cellsIn(other)]),
  }));
  const isEmpty = equations.some(
    (equation) => cellsIn(equation.left).length === 0 || cellsIn(equation.right).length === 0,
  );
  if (isEmpty || equations.length === 0 || equations.some(({ cells }) => cells.length < 2))
    throw new LawError(
      'it needs a cell on either side, and two different ones: otherwise it would tell what is right',
    );
  return equations;
}

/** Renames the rows of an equation. */
export function withRows({ left, right, cells }: Equation, idOf: (row: string) => string): Equation {
  const renamed = (term: Term): Term => {
    switch (term.kind) {
      case 'number':
        return term;
      case 'cell':
        return { ...term, row: idOf(term.row) };
      case 'arithmetic':
        return { ...term, left: renamed(term.left), right: renamed(term.right) };
    }
  };
  return {
    left: renamed(left),
    right: renamed(right),
    cells: cells.map(({ row, column }) => ({ row: idOf(row), column })),
  };
}

function expressionOf(side: string, law: string): Expression {
  try {
    const [statement] = parseModule(`export const law = ${side};`).statements;
    if (statement?.kind === 'const') return statement.value;
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
  }
  throw new LawError(`“${side.trim() || law}” cannot be read`);
}

function sharedColumns(one: LawTable['rows'][number]['cells'], other: typeof one): string[] {
  const isNumber = (cell: (typeof one)[number]) => kindOf(cell).valueKind === 'number';
  return one
    .filter((cell) => isNumber(cell) && other.some((second) => second.id === cell.id && isNumber(second)))
    .map(({ id }) => id);
}

function cellsIn(term: Term): CellName[] {
  switch (term.kind) {
    case 'number':
      return [];
    case 'cell':
      return [{ row: term.row, column: term.column }];
    case 'arithmetic':
      return [...cellsIn(term.left), ...cellsIn(term.right)];
  }
}

function distinct(cells: readonly CellName[]): CellName[] {
  return [...new Map(cells.map((cell) => [JSON.stringify(cell), cell])).values()];
}

/** The value of a side, how far it may be off, and its exact value if it is a whole number. */
export interface Side {
  readonly value: number;
  readonly off: number;
  readonly whole: bigint | undefined;
}

/** The numbers that a cell may stand for: one, or the least and the greatest; undefined if it has none. */
type NumbersIn = (cell: CellName) => readonly number[] | undefined;

/** Evaluates a side; undefined if a cell in it has no number. */
export function sideOf(term: Term, numbersIn: NumbersIn): Side | undefined {
  switch (term.kind) {
    case 'number':
      return sideWithin(term.value, term.value);
    case 'cell': {
      const numbers = numbersIn(term);
      return numbers && sideWithin(Math.min(...numbers), Math.max(...numbers));
    }
    case 'arithmetic': {
      const left = sideOf(term.left, numbersIn);
      const right = sideOf(term.right, numbersIn);
      return left && right && calculate(term.operator, left, right);
    }
  }
}

function sideWithin(least: number, most: number): Side {
  const value = (least + most) / 2;
  const isWhole = least === most && Number.isSafeInteger(value);
  return sideNear(value, (most - least) / 2, isWhole ? BigInt(value) : undefined);
}

/** A side whose error bound is widened to allow for rounding. */
function sideNear(value: number, off: number, whole?: bigint): Side {
  return { value, off: withRoom(off, Math.abs(value)), whole };
}

/** Keeps whole numbers exact, except in a division, and works out how far the result may be off at most. */
function calculate(operator: string, left: Side, right: Side): Side {
  const [one, other] = [Math.abs(left.value), Math.abs(right.value)];
  const [a, b] = [left.whole, right.whole];
  const areWhole = a !== undefined && b !== undefined;
  switch (operator) {
    case '+':
      return sideNear(left.value + right.value, left.off + right.off, areWhole ? a + b : undefined);
    case '-':
      return sideNear(left.value - right.value, left.off + right.off, areWhole ? a - b : undefined);
    case '*': {
      const off = one * right.off + other * left.off + left.off * right.off;
      return sideNear(left.value * right.value, off, areWhole ? a * b : undefined);
    }
    default: {
      // If the divisor may be 0, the result may be anything.
      const least = Math.max(0, other - right.off);
      const off = least === 0 ? Number.POSITIVE_INFINITY : (left.off + (one / other) * right.off) / least;
      return sideNear(left.value / right.value, off);
    }
  }
}

/**
 * Whether an equation holds; undefined if a cell in it has no number. Whole numbers are compared exactly, others
 * within the range that they may be off.
 */
export function holds({ left, right }: Equation, numbersIn: NumbersIn): boolean | undefined {
  const [one, other] = [sideOf(left, numbersIn), sideOf(right, numbersIn)];
  if (!one || !other) return undefined;
  if (one.whole !== undefined && other.whole !== undefined) return one.whole === other.whole;
  // An equation with numbers too large to work out counts as holding.
  return !(Math.abs(one.value - other.value) > one.off + other.off);
}
