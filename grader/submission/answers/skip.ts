import { type Cursor, mutation } from './cursor';
import { limits, Refusal, tooDeep } from './refusal';
import { unclosed } from './slips/brackets';
import { unexpected } from './slips/slip';
import type { Expression } from './syntax';
import type { Token } from './token';

const closing = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const assignments = new Set('= += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??= ++ --'.split(' '));
const wordsThatContinue = new Set(
  'as async await delete extends in instanceof is keyof new of return satisfies typeof void yield'.split(' '),
);

/**
 * Passes over a value that is not data, to where it certainly ends: the `,` or closing bracket after
 * it or, outside all brackets, the end of its statement.
 *
 * @throws {Refusal} of the whole file where the end cannot be told, or where the skipped part
 *   changes another value.
 */
export function skipValue(cursor: Cursor, start: number, why: Refusal): Expression {
  const from = cursor.token;
  while (!endsValue(cursor, from)) skipOne(cursor);
  return { is: 'unreadable', why, start, end: cursor.previous.end };
}

/** Passes over a bracket and all that it holds; `token` is the bracket. */
export function skipBracket(cursor: Cursor): void {
  const open = cursor.token;
  const expected: string[] = [];
  do {
    const { token } = cursor;
    if (token.kind === 'end') throw unclosed(cursor.source, open, cursor.previous);
    const close = token.kind === 'mark' ? closing.get(token.text) : undefined;
    if (close !== undefined) {
      expected.push(close);
      if (expected.length > limits.depth) throw tooDeep(token.start);
      cursor.advance();
    } else if (cursor.is(')', ']', '}')) {
      if (expected.pop() !== token.text) throw unexpected(cursor.source, token, expected.at(-1) ?? 'a value');
      cursor.advance();
    } else {
      skipOne(cursor);
    }
  } while (expected.length > 0);
}

/** Passes over everything up to a closing bracket whose opening one is already passed. */
export function skipTo(cursor: Cursor, close: ')' | '}'): void {
  while (!cursor.is(close)) {
    if (cursor.token.kind === 'end' || cursor.is(')', ']', '}'))
      throw unexpected(cursor.source, cursor.token, close);
    skipOne(cursor);
  }
}

function skipOne(cursor: Cursor): void {
  const { token, previous } = cursor;
  if (cursor.is('(', '[', '{')) {
    skipBracket(cursor);
    return;
  }
  if (token.kind === 'backtick') {
    skipTemplate(cursor);
    return;
  }
  if (cursor.is('/', '/=') && !endsOperand(previous)) {
    throw new Refusal(
      'file',
      'regular-expression',
      token.start,
      'A regular expression is not read here. Write a number.',
    );
  }
  if (token.kind === 'mark' && assignments.has(token.text) && endsMember(cursor)) throw mutation(token.start);
  cursor.advance();
}

/** Whether `.name` or `[key]` stands just before; `[]` alone is a type. */
function endsMember({ previous, beforePrevious }: Cursor): boolean {
  if (previous.kind === 'name') return beforePrevious.text === '.';
  return previous.text === ']' && beforePrevious.text !== '[';
}

function skipTemplate(cursor: Cursor): void {
  while (!cursor.chunk().last) {
    cursor.advance();
    cursor.nested(() => skipTo(cursor, '}'));
  }
  cursor.advance();
}

function endsValue(cursor: Cursor, from: Token): boolean {
  const { token, previous } = cursor;
  if (token.kind === 'end' || cursor.is(',', ';', ')', ']', '}')) return true;
  const newStatement = cursor.brackets === 0 && token !== from && token.afterNewline;
  return newStatement && endsOperand(previous) && token.kind !== 'mark' && token.kind !== 'backtick';
}

/** Whether a token can be the last of a value: what comes after it is an operator, not a value. */
function endsOperand(token: Token): boolean {
  if (token.kind === 'name') return !wordsThatContinue.has(token.text);
  if (token.kind === 'mark') return token.text === ']' || token.text === ')' || token.text === '}';
  return true;
}
