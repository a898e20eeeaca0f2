import { type Datum, describe } from './data';
import { Refusal } from './refusal';

/** The `Math` functions that can be worked out. */
const functions = new Map<string, (...numbers: number[]) => number>([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['log2', Math.log2],
  ['max', Math.max],
  ['min', Math.min],
  ['pow', Math.pow],
  ['round', Math.round],
  ['sqrt', Math.sqrt],
  ['trunc', Math.trunc],
]);

/** The value of `left operator right`, for the operators of arithmetic. */
export function combine(operator: string, left: Datum, right: Datum, start: number): number {
  const a = numberOf(left, operator);
  const b = numberOf(right, operator);
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    default:
      throw notArithmetic(operator, start);
  }
}

/** The value of `operator of`, for the two signs. */
export function sign(operator: string, of: Datum, start: number): number {
  if (operator === '-') return -numberOf(of, operator);
  if (operator === '+') return numberOf(of, operator);
  throw notArithmetic(operator, start);
}

/** The value of `Math.name(...values)`. */
export function callMath(name: string, values: readonly Datum[], start: number): number {
  const work = functions.get(name);
  if (!work) {
    throw new Refusal(
      'value',
      'math',
      start,
      `Math.{0} is not read here; Math.${[...functions.keys()].join(', Math.')} are.`,
      name,
    );
  }
  return work(...values.map((value) => numberOf(value, `Math.${name}`)));
}

function numberOf(datum: Datum, operator: string): number {
  if (datum.is === 'number') return datum.value;
  throw new Refusal(
    'value',
    'not-a-number',
    datum.start,
    `{0} needs numbers, and here is ${describe(datum)}.`,
    operator,
  );
}

function notArithmetic(operator: string, start: number): Refusal {
  return new Refusal(
    'value',
    'operator',
    start,
    'The sign {0} is not read here; + - * / % and ** are.',
    operator,
  );
}
