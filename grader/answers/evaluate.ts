import * as diagnose from './diagnostics';
import { Diagnostic, inCell, inFile, limits } from './diagnostics';
import {
  type ArrayItem,
  type Expression,
  type Module,
  type ObjectEntry,
  type Span,
  type Spread,
  type Statement,
  taken,
} from './parser';

/** A computed value, and its position in the file. */
export type Value = Span &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'bigint'; readonly value: bigint }
    | { readonly kind: 'boolean'; readonly value: boolean }
    /** `null` or `undefined` */
    | { readonly kind: 'empty' }
    | { readonly kind: 'array'; readonly items: readonly Value[] }
    | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, ObjectField> }
    /** It has no value, for a reason that costs only the cells that use it. */
    | { readonly kind: 'unreadable'; readonly reason: Diagnostic }
  );

export interface ObjectField {
  readonly keyStart: number;
  readonly value: Value;
}

/** The functions of `Math` that take numbers and return one number. */
const mathFunctions = new Map<string, (...numbers: number[]) => number>([
  ['abs', Math.abs],
  ['cbrt', Math.cbrt],
  ['ceil', Math.ceil],
  ['exp', Math.exp],
  ['floor', Math.floor],
  ['hypot', Math.hypot],
  ['log', Math.log],
  ['log10', Math.log10],
  ['log2', Math.log2],
  ['max', Math.max],
  ['min', Math.min],
  ['pow', Math.pow],
  ['round', Math.round],
  ['sign', Math.sign],
  ['sqrt', Math.sqrt],
  ['trunc', Math.trunc],
]);

/** The result of evaluating a file. */
export interface Evaluated {
  /** The value exported under a name, or undefined if there is none. */
  exported(name: string): Value | undefined;
  /** Why parts of the file have no value, whether or not an exported value uses them. */
  readonly unreadable: readonly Diagnostic[];
}

/**
 * Evaluates the exports of a file. Nothing is run: objects become Maps, and arithmetic is done here.
 *
 * @throws {Diagnostic} that costs the file, even for a part that no exported value uses.
 */
export function evaluate(module: Module): Evaluated {
  return new Evaluator(module);
}

/** Evaluates a file that has a fault, as far as the statement before it. */
export function evaluateBeforeFault(module: Module): Evaluated {
  return new Evaluator(module, true);
}

class Evaluator implements Evaluated {
  readonly unreadable: Diagnostic[] = [];
  private readonly module: Module;
  /** Constants evaluated so far, from top to bottom, as if the file were run. */
  private readonly known = new Map<string, Value>();
  private exportDefault: Value | undefined;
  private steps = 0;
  private depth = 0;

  constructor(module: Module, stopsAtFault = false) {
    this.module = module;
    try {
      for (const statement of module.statements) this.statement(statement);
    } catch (error) {
      if (!stopsAtFault || !(error instanceof Diagnostic)) throw error;
    }
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'const':
        this.known.set(statement.name, this.value(statement.value));
        break;
      case 'export default':
        this.exportDefault = this.value(statement.value);
        break;
      case 'print':
        this.attempt(statement, () => ({ kind: 'array', items: this.items(statement.args) }));
    }
  }

  exported(name: string): Value | undefined {
    if (name === 'default' && this.exportDefault) return this.exportDefault;
    const found = this.module.exports.get(name);
    return found && this.value({ kind: 'identifier', ...found });
  }

  private value(expression: Expression): Value {
    return this.attempt(expression, () => this.work(expression));
  }

  /** Returns the result of `work`, or why it has no value, if that reason costs only the cells that use it. */
  private attempt({ start, end }: Span, work: () => WithoutSpan<Value>): Value {
    this.count(start);
    if (++this.depth > limits.depth) throw diagnose.tooDeep(start);
    try {
      return { ...work(), start, end };
    } catch (error) {
      if (!(error instanceof Diagnostic) || error.scope === 'file') throw error;
      this.unreadable.push(error);
      return { kind: 'unreadable', reason: error, start, end };
    } finally {
      this.depth--;
    }
  }

  /** Evaluates an expression that another value depends on, and throws if it has no value. */
  private needed(expression: Expression): Value {
    return readable(this.value(expression));
  }

  private work(expression: Expression): WithoutSpan<Value> {
    const { start } = expression;
    switch (expression.kind) {
      case 'number':
      case 'string':
      case 'bigint':
      case 'boolean':
        return expression;
      case 'null':
        return { kind: 'empty' };
      case 'identifier':
        return this.identifier(expression.name, start);
      case 'unit': {
        const text = '{found} is more than a number. Leave out the unit, and write the number alone.';
        throw inCell('unit', start, text, { found: expression.text })
          .orText()
          .withFix(start, expression.end, expression.number);
      }
      case 'sign': {
        const of = this.number(this.needed(expression.of), expression.operator);
        return { kind: 'number', value: expression.operator === '-' ? -of : of };
      }
      case 'arithmetic': {
        const { operator } = expression;
        const left = this.needed(expression.left);
        const right = this.needed(expression.right);
        const value = calculate(operator, this.number(left, operator), this.number(right, operator));
        return { kind: 'number', value };
      }
      case 'math': {
        const work = mathFunctions.get(expression.name);
        if (!work)
          throw inFile(
            'math',
            start,
            `Math.{name} is not supported here. Write the number, or use one of Math.${[...mathFunctions.keys()].join(', ')}.`,
            { name: expression.name },
          );
        const numbers = this.items(expression.args).map((item) =>
          this.number(readable(item), `Math.${expression.name}`),
        );
        return { kind: 'number', value: work(...numbers) };
      }
      case 'array':
        return { kind: 'array', items: this.items(expression.items) };
      case 'object':
        return { kind: 'object', fields: this.fields(expression.entries) };
      case 'member':
        return this.member(this.needed(expression.of), expression.key, start);
    }
  }

  private identifier(name: string, start: number): WithoutSpan<Value> {
    const known = this.known.get(name);
    if (known) return readable(known);
    if (this.module.imports.has(name))
      throw inCell(
        'imported',
        start,
        'The value of {name} is in another file, but only this file is read. Write the number here.',
        { name },
      );
    const declared = this.module.constants.get(name);
    if (declared) {
      const isInside = declared.start < start && start < declared.end;
      throw isInside
        ? inCell('circular', start, '{name} refers to itself. Write the number here.', { name })
        : inCell(
            'used-before',
            start,
            '{name} is used above the line that gives it a value. Move that line up.',
            { name },
          );
    }
    if (name === 'undefined') return { kind: 'empty' };
    if (name === 'NaN') return { kind: 'number', value: Number.NaN };
    if (name === 'Infinity') return { kind: 'number', value: Number.POSITIVE_INFINITY };
    if (taken.has(name))
      throw inCell('unknown-name', start, '{name} has no value here. Write the number.', { name }).orText();
    throw diagnose.unknownName(start, name, [...this.known.keys()]);
  }

  private items(items: readonly ArrayItem[]): Value[] {
    return items.flatMap((item) => {
      if (item.kind !== 'spread') return [this.value(item)];
      const array = this.needed(item.of);
      if (array.kind !== 'array') throw badSpread(item.start, 'a list', array);
      for (const _ of array.items) this.count(item.start);
      return array.items;
    });
  }

  private fields(entries: readonly (ObjectEntry | Spread)[]): Map<string, ObjectField> {
    const fields = new Map<string, ObjectField>();
    const written = new Set<string>();
    for (const entry of entries) {
      if (entry.kind === 'spread') {
        const object = this.needed(entry.of);
        if (object.kind !== 'object') throw badSpread(entry.start, 'an object', object);
        for (const [key, field] of object.fields) {
          this.count(entry.start);
          fields.set(key, field);
        }
        continue;
      }
      const key = this.key(entry.key, entry.start);
      if (key === '__proto__')
        throw inFile('proto', entry.start, 'The name {name} is not allowed here.', { name: key });
      if (written.has(key))
        throw inFile('duplicate-key', entry.start, '{name} is written twice here. Keep one of the two.', {
          name: key,
        });
      written.add(key);
      fields.set(key, { keyStart: entry.start, value: this.value(entry.value) });
    }
    return fields;
  }

  private key(key: string | Expression, start: number): string {
    if (typeof key === 'string') return key;
    const value = this.needed(key);
    if (value.kind === 'string' || value.kind === 'number') return String(value.value);
    throw inFile('computed-key', start, 'A name in square brackets has to be text or a number.');
  }

  private member(of: Value, key: string | Expression, start: number): WithoutSpan<Value> {
    const name = this.key(key, start);
    if (of.kind === 'object') {
      const field = of.fields.get(name);
      if (field) return readable(field.value);
    }
    if (of.kind === 'array') {
      if (name === 'length') return { kind: 'number', value: of.items.length };
      const item = /^(?:0|[1-9]\d*)$/.test(name) ? of.items[Number(name)] : undefined;
      if (item) return readable(item);
    }
    throw inCell(
      'no-member',
      start,
      '{name} is not part of this value. Write the number, or the name of a part.',
      { name },
    );
  }

  private number(value: Value, operator: string): number {
    switch (value.kind) {
      case 'number':
        return value.value;
      default: {
        const isWhole = value.kind === 'object' || value.kind === 'array';
        const fix = `Write the number${isWhole ? ', or add the name of the part after a dot' : ''}.`;
        // The language would convert some of these to a number.
        const text = `{operator} needs numbers, but this is ${describe(value)}. ${fix}`;
        throw inCell('not-a-number', value.start, text, { operator });
      }
    }
  }

  private count(start: number): void {
    if (++this.steps > limits.steps) throw diagnose.tooLarge(start);
  }
}

type WithoutSpan<Type> = Type extends unknown ? Omit<Type, keyof Span> : never;

/** Returns a value that another depends on, and throws if it has none. */
function readable(value: Value): Value {
  if (value.kind === 'unreadable') throw value.reason;
  return value;
}

function calculate(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    default:
      return left ** right;
  }
}

function badSpread(offset: number, wanted: string, found: Value): Diagnostic {
  return inCell(
    'spread',
    offset,
    `Three dots need ${wanted} here, and this is ${describe(found)}. Write the numbers.`,
  );
}

/** Describes a value in the words of a message. */
function describe({ kind }: Value): string {
  switch (kind) {
    case 'number':
      return 'a number';
    case 'string':
      return 'a text in quotes';
    case 'bigint':
      return 'a number with an n after it';
    case 'boolean':
      return 'true or false';
    case 'empty':
      return 'an empty value';
    case 'array':
      return 'a list in square brackets';
    case 'object':
      return 'an object in braces';
    case 'unreadable':
      return 'something that is not read';
  }
}
