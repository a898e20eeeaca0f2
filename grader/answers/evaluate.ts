import { Diagnostic } from './diagnostics';

/** From the first character to just after the last, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A computed value, and its position in the file. */
export type Value = Span &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    /** `null` or `undefined` */
    | { readonly kind: 'empty' }
    | { readonly kind: 'array'; readonly items: readonly Value[] }
    | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, ObjectField> }
    /** No value; the reason makes only the cells that use it unreadable. */
    | { readonly kind: 'unreadable'; readonly reason: Diagnostic }
  );

export interface ObjectField {
  readonly keyStart: number;
  readonly value: Value;
}

/** The functions of `Math` that take numbers and return one number. */
const mathNames: ReadonlySet<string> = new Set(
  'abs cbrt ceil exp floor hypot log log10 log2 max min pow round sign sqrt trunc'.split(' '),
);

interface Operator {
  /** How tightly it binds. */
  readonly binds: number;
  work(left: number, right: number): number;
}

export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['+', { binds: 1, work: (left, right) => left + right }],
  ['-', { binds: 1, work: (left, right) => left - right }],
  ['*', { binds: 2, work: (left, right) => left * right }],
  ['/', { binds: 2, work: (left, right) => left / right }],
  ['%', { binds: 2, work: (left, right) => left % right }],
  ['**', { binds: 3, work: (left, right) => left ** right }],
]);

/**
 * Calculates with numbers, without running any of the file.
 *
 * @param sign an operator, for one or two numbers, or the name of a function of `Math`.
 * @param start where the calculation begins.
 * @throws {Diagnostic} if there is no such function.
 */
export function calculate(sign: string, operands: readonly Value[], { start, end }: Span): Value {
  const odd = operands.find(({ kind }) => kind !== 'number');
  if (odd?.kind === 'unreadable') return { ...odd, start, end };
  if (odd) {
    const hasParts = odd.kind === 'object' || odd.kind === 'array';
    // JavaScript would convert some of these to numbers.
    const text = `{operator} needs numbers, but this is ${descriptions[odd.kind]}. Write the number${hasParts ? ', or add the name of the part after a dot' : ''}.`;
    return unreadable(new Diagnostic('not-a-number', odd.start, text, { operator: sign }), { start, end });
  }
  const numbers = operands.map((operand) => (operand.kind === 'number' ? operand.value : Number.NaN));
  const [left = 0, right] = numbers;
  const operator = operators.get(sign);
  if (operator) {
    // Treat a sign before a number as an operation on -0, to keep the sign of a zero.
    const value = right === undefined ? operator.work(-0, left) : operator.work(left, right);
    return { kind: 'number', value, start, end };
  }
  if (mathNames.has(sign)) {
    const math: (...numbers: number[]) => number = Math[sign as 'max'];
    return { kind: 'number', value: math(...numbers), start, end };
  }
  const text = `Math.{name} is not supported here. Write the number, or use one of Math.${[...mathNames].join(', ')}.`;
  throw new Diagnostic('math', start, text, { name: sign });
}

/** The value of a member of an object or a list: `setting.tokens`, `setting['tokens']`, `list[1]`, `list.length`. */
export function memberOf(container: Value, key: Value, span: Span): Value {
  const unreadablePart = [container, key].find(({ kind }) => kind === 'unreadable');
  if (unreadablePart) return { ...unreadablePart, ...span };
  const name = key.kind === 'string' || key.kind === 'number' ? String(key.value) : undefined;
  let part: Value | undefined;
  if (container.kind === 'object' && name !== undefined) part = container.fields.get(name)?.value;
  if (container.kind === 'array') {
    if (name === 'length') return { kind: 'number', value: container.items.length, ...span };
    if (name !== undefined && /^(?:0|[1-9]\d*)$/.test(name)) part = container.items[Number(name)];
  }
  if (part) return { ...part, ...span };
  const text = '{name} is not part of this value. Write the number, or the name of a part.';
  return unreadable(new Diagnostic('no-member', span.start, text, { name: name ?? '' }), span);
}

export function unreadable(reason: Diagnostic, { start, end }: Span): Value {
  return { kind: 'unreadable', reason, start, end };
}

/** How messages describe values. */
const descriptions = {
  number: 'a number',
  string: 'a text in quotes',
  boolean: 'true or false',
  empty: 'an empty value',
  array: 'a list in square brackets',
  object: 'an object in braces',
  unreadable: 'something that is not read',
} as const satisfies Record<Value['kind'], string>;
