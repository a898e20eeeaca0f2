import { Diagnostic } from '../answers/diagnostics';
import { type Expression, parseModule } from '../answers/parser';
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
    readonly repeats?: string;
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
  const rows = tables.flatMap((table) => table.rows.filter(({ repeats }) => repeats === undefined));
  const cellsOf = (name: string) => {
    const row = rows.find(({ id }) => id === name);
    if (!row)
      throw new LawError(`there is no row ${name}; the rows are ${rows.map(({ id }) => id).join(', ')}`);
    return row.cells;
  };
  const term = (expression: Expression): Term => {
    switch (expression.kind) {
      case 'number':
        if (!Number.isSafeInteger(expression.value))
          throw new LawError(`${expression.value} is not a whole number`);
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
        if (!kindOf(cell).isWhole) throw new LawError(`${of.name}.${key} takes no whole number`);
        return { kind: 'cell', row: of.name, column: key };
      }
      case 'identifier':
        cellsOf(expression.name);
        throw new LawError(`a whole row stands alone on its side; write ${expression.name}.column`);
    }
    throw new LawError('it takes rows, cells such as total.count, whole numbers and + - * /');
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
  const isNumber = (cell: (typeof one)[number]) => kindOf(cell).isWhole === true;
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

/** A fraction of whole numbers, so that a division stays exact. */
interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** Returns the number in a cell; undefined if it has none. */
type NumberIn = (cell: CellName) => number | undefined;

/** Evaluates a side; undefined if a cell in it has no whole number. */
function fractionOf(term: Term, numberIn: NumberIn): Fraction | undefined {
  switch (term.kind) {
    case 'number':
      return { top: BigInt(term.value), bottom: 1n };
    case 'cell': {
      const value = numberIn(term);
      return Number.isInteger(value) ? { top: BigInt(value ?? 0), bottom: 1n } : undefined;
    }
    case 'arithmetic': {
      const [a, b] = [fractionOf(term.left, numberIn), fractionOf(term.right, numberIn)];
      return a && b && calculate(term.operator, a, b);
    }
  }
}

function calculate(operator: string, a: Fraction, b: Fraction): Fraction | undefined {
  switch (operator) {
    case '+':
      return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom };
    case '-':
      return { top: a.top * b.bottom - b.top * a.bottom, bottom: a.bottom * b.bottom };
    case '*':
      return { top: a.top * b.top, bottom: a.bottom * b.bottom };
    default:
      return b.top === 0n ? undefined : { top: a.top * b.bottom, bottom: a.bottom * b.top };
  }
}

/** The value of a side; undefined if a cell in it has no whole number, or it divides by 0. */
export function sideOf(term: Term, numberIn: NumberIn): number | undefined {
  const found = fractionOf(term, numberIn);
  return found && Number(found.top) / Number(found.bottom);
}

/** Whether an equation holds; undefined if one of its sides has no value. */
export function holds({ left, right }: Equation, numberIn: NumberIn): boolean | undefined {
  const [one, other] = [fractionOf(left, numberIn), fractionOf(right, numberIn)];
  return one && other && one.top * other.bottom === other.top * one.bottom;
}
