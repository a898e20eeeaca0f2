import { Refusal } from './refusal';

/** A value that was worked out, and where it stands in the file. */
export type Datum = { readonly start: number; readonly end: number } & (
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'bigint'; readonly text: string }
  | { readonly is: 'boolean'; readonly value: boolean }
  | { readonly is: 'nothing' }
  | { readonly is: 'list'; readonly items: readonly Datum[] }
  | { readonly is: 'record'; readonly fields: ReadonlyMap<string, Field> }
  | { readonly is: 'unreadable'; readonly why: Refusal }
);

export interface Field {
  readonly keyStart: number;
  readonly value: Datum;
}

/** A datum in the words of a message. */
export function describe(datum: Datum): string {
  switch (datum.is) {
    case 'number':
      return 'a number';
    case 'text':
      return 'a text in quotes';
    case 'bigint':
      return 'a number with an n after it';
    case 'boolean':
      return 'true or false';
    case 'nothing':
      return 'an empty value';
    case 'list':
      return 'a list in square brackets';
    case 'record':
      return 'a group in braces';
    case 'unreadable':
      return 'something that is not read';
  }
  return datum satisfies never;
}

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
