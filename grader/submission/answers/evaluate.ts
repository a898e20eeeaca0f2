import { firstChange } from './actions';
import { callMath, combine, sign } from './arithmetic';
import { builtIn } from './built-in';
import { type Datum, describe, type Field, readable } from './data';
import { limits, Refusal, tooDeep, tooLarge } from './refusal';
import type { Entry, Expression, ListItem, Module, Span } from './syntax';

/**
 * Works out the constants of a file as data. Nothing is run: a record becomes a Map, arithmetic is
 * done here, and whatever else stands as a value is `unreadable` with its reason.
 */
export class Evaluator {
  private readonly module: Module;
  /** Constants worked out so far, in the order of the file, as running it would. */
  private readonly known = new Map<string, Datum>();
  private steps = 0;
  private depth = 0;

  /** @throws {Refusal} of scope `file`, also for a constant that nothing uses. */
  constructor(module: Module) {
    this.module = module;
    for (const { name, value } of module.constants.values()) this.known.set(name, this.evaluate(value));
    const changed = firstChange(module, (name) => this.isChangeable(name));
    if (changed) throw changed;
  }

  /**
   * The value exported under a name, or undefined where nothing is.
   *
   * @throws {Refusal} of scope `file`.
   */
  exported(name: string): Datum | undefined {
    const found = this.module.exports.get(name);
    if (!found) return undefined;
    const { value, start, end } = found;
    if (typeof value !== 'string') return this.evaluate(value);
    return this.known.get(value) ?? this.evaluate({ is: 'name', name: value, start, end });
  }

  /** The datum of an expression; what is not data becomes unreadable. */
  private evaluate(expression: Expression): Datum {
    this.count(expression.start);
    if (++this.depth > limits.depth) throw tooDeep(expression.start);
    try {
      return this.work(expression);
    } catch (error) {
      if (!(error instanceof Refusal) || error.scope === 'file') throw error;
      return { is: 'unreadable', why: error, start: expression.start, end: expression.end };
    } finally {
      this.depth--;
    }
  }

  /** As `evaluate`, for a value that is needed to work out another: unreadable is refused. */
  private needed(expression: Expression): Datum {
    return readable(this.evaluate(expression));
  }

  private work(expression: Expression): Datum {
    const { start, end } = expression;
    const at: Span = { start, end };
    switch (expression.is) {
      case 'number':
      case 'text':
      case 'bigint':
      case 'boolean':
        return expression;
      case 'null':
        return { is: 'nothing', ...at };
      case 'unreadable':
        throw expression.why;
      case 'name':
        return this.constant(expression.name, at);
      case 'unary':
        return { is: 'number', value: sign(expression.operator, this.needed(expression.of), start), ...at };
      case 'binary': {
        const left = this.needed(expression.left);
        const right = this.needed(expression.right);
        if (expression.operator === '+' && left.is === 'text' && right.is === 'text') {
          return { is: 'text', value: bounded(left.value + right.value, start), ...at };
        }
        return { is: 'number', value: combine(expression.operator, left, right, start), ...at };
      }
      case 'template':
        return { is: 'text', value: this.template(expression.texts, expression.values, start), ...at };
      case 'list':
        return { is: 'list', items: this.items(expression.items), ...at };
      case 'record':
        return { is: 'record', fields: this.fields(expression.entries), ...at };
      case 'member':
        return { ...this.member(this.needed(expression.of), expression.key, start), ...at };
      case 'call': {
        const { callee } = expression;
        const isMath = callee.is === 'member' && callee.of.is === 'name' && callee.of.name === 'Math';
        if (!isMath || typeof callee.key !== 'string') {
          throw new Refusal(
            'value',
            'call',
            start,
            'A function is called here, and nothing is ever run. Write the number, or arithmetic.',
          );
        }
        return {
          is: 'number',
          value: callMath(callee.key, this.items(expression.values).map(readable), start),
          ...at,
        };
      }
    }
    return expression satisfies never;
  }

  private constant(name: string, at: Span): Datum {
    const foreign = this.module.foreign.get(name);
    if (foreign) throw foreign;
    const constant = this.module.constants.get(name);
    if (!constant) return builtIn(name, at);
    const datum = this.known.get(name);
    if (datum && constant.end <= at.start) return { ...readable(datum), ...at };
    const inside = constant.start < at.start && at.start < constant.end;
    throw inside
      ? new Refusal('value', 'circular', at.start, '{0} is defined by itself.', name)
      : new Refusal(
          'value',
          'used-before',
          at.start,
          '{0} is used above the line that gives it a value.',
          name,
        );
  }

  /** Whether a name holds what code could change in place. */
  private isChangeable(name: string): boolean {
    const datum = this.known.get(name);
    return datum?.is === 'list' || datum?.is === 'record';
  }

  private template(texts: readonly string[], values: readonly Expression[], start: number): string {
    let text = texts[0] ?? '';
    values.forEach((value, index) => {
      const datum = this.needed(value);
      if (datum.is !== 'number' && datum.is !== 'text') {
        throw new Refusal('value', 'template', datum.start, `A text cannot hold ${describe(datum)} here.`);
      }
      text = bounded(text + datum.value + (texts[index + 1] ?? ''), start);
    });
    return bounded(text, start);
  }

  private items(items: readonly ListItem[]): Datum[] {
    return items.flatMap((item) => {
      if (item.is !== 'spread') return [this.evaluate(item)];
      const list = this.needed(item.of);
      if (list.is !== 'list') throw cannotSpread(list, item.start, 'list');
      for (const _ of list.items) this.count(item.start);
      return list.items;
    });
  }

  private fields(entries: readonly Entry[]): Map<string, Field> {
    const fields = new Map<string, Field>();
    const written = new Set<string>();
    for (const entry of entries) {
      if (entry.is === 'spread') {
        const record = this.needed(entry.of);
        if (record.is !== 'record') throw cannotSpread(record, entry.start, 'group');
        for (const [key, field] of record.fields) {
          this.count(entry.start);
          fields.set(key, field);
        }
        continue;
      }
      const key = typeof entry.key === 'string' ? entry.key : this.key(entry.key);
      if (key === '__proto__') {
        throw new Refusal('file', 'proto', entry.start, 'The name {0} is not allowed here.', key);
      }
      if (written.has(key)) {
        throw new Refusal(
          'file',
          'duplicate-key',
          entry.start,
          '{0} is written twice here. Keep one of the two.',
          key,
        );
      }
      written.add(key);
      fields.set(key, { keyStart: entry.start, value: this.evaluate(entry.value) });
    }
    return fields;
  }

  private key(expression: Expression): string {
    const key = this.evaluate(expression);
    if (key.is === 'text' || key.is === 'number') return String(key.value);
    throw new Refusal(
      'file',
      'computed-key',
      expression.start,
      'A name in square brackets has to be a text or a number.',
    );
  }

  private member(of: Datum, key: string | Expression, start: number): Datum {
    const name = typeof key === 'string' ? key : this.key(key);
    const found =
      of.is === 'record'
        ? of.fields.get(name)?.value
        : of.is === 'list' && /^(?:0|[1-9]\d*)$/.test(name)
          ? of.items[Number(name)]
          : undefined;
    if (!found) throw new Refusal('value', 'no-member', start, '{0} is not a part of this value.', name);
    return readable(found);
  }

  private count(start: number): void {
    if (++this.steps > limits.steps) throw tooLarge(start);
  }
}

function bounded(text: string, start: number): string {
  if (text.length > limits.text)
    throw new Refusal('value', 'long-text', start, 'This text grows too long to be read.');
  return text;
}

function cannotSpread(datum: Datum, start: number, wanted: string): Refusal {
  return new Refusal(
    'value',
    'spread',
    start,
    `Three dots spread a ${wanted} here, and this is ${describe(datum)}.`,
  );
}
