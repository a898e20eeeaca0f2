import type { Cursor } from './cursor';
import { limits, Refusal, tooDeep } from './refusal';
import { unclosed } from './slips/brackets';
import { unexpected } from './slips/slip';
import type { Expression } from './syntax';
import { isAssignment, type Token } from './token';

const closing = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const actingWords = new Set('await class delete for get import new set yield'.split(' '));
/** Words after which a value is still to come. */
const wordsBeforeValue = new Set(
  'as async await case delete do else extends in instanceof is keyof new of return satisfies throw typeof void yield'.split(
    ' ',
  ),
);
/** Words whose round brackets are followed by a statement. */
const heads = new Set(['for', 'if', 'while', 'with']);

/**
 * Passes over a value that is not data, to where it certainly ends: the `,` or closing bracket after
 * it or, outside all brackets, the end of its statement.
 *
 * @throws {Refusal} of the whole file where the end cannot be told.
 */
export function skipValue(cursor: Cursor, start: number, why: Refusal): Expression {
  const from = cursor.token;
  noteAction(cursor, start, () => {
    while (!endsValue(cursor, from)) skipOne(cursor);
  });
  return { is: 'unreadable', why, start, end: cursor.previous.end };
}

/** Runs `work`, which passes over code, and notes the part from `start` if it would do something when run. */
export function noteAction(cursor: Cursor, start: number, work: () => void): void {
  const before = cursor.acts;
  cursor.acts = false;
  work();
  if (cursor.acts) cursor.actions.push({ start, end: cursor.previous.end });
  cursor.acts ||= before;
}

/** Passes over a bracket and all that it holds; `token` is the bracket. */
export function skipBracket(cursor: Cursor): void {
  const open = cursor.token;
  const expected: { close: string; isHead: boolean }[] = [];
  do {
    const { token, previous } = cursor;
    if (token.kind === 'end') throw unclosed(cursor.source, open, previous);
    const close = token.kind === 'mark' ? closing.get(token.text) : undefined;
    if (close !== undefined) {
      if (close === ')') cursor.acts = true;
      expected.push({ close, isHead: heads.has(previous.text) });
      if (expected.length > limits.depth) throw tooDeep(token.start);
      cursor.advance();
    } else if (cursor.is(')', ']', '}')) {
      const last = expected.pop();
      if (last?.close !== token.text) throw unexpected(cursor.source, token, last?.close ?? 'a value');
      cursor.afterHead = last.isHead;
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
  const { token } = cursor;
  if (cursor.is('(', '[', '{')) {
    skipBracket(cursor);
    return;
  }
  if (token.kind === 'backtick') {
    cursor.acts = true;
    skipTemplate(cursor);
    return;
  }
  if (cursor.is('/', '/=') && !endsOperand(cursor)) {
    throw new Refusal('file', 'regular-expression', token.start, 'A slash is not read here. Write a number.');
  }
  if (isAssignment(token) || (token.kind === 'name' && actingWords.has(token.text))) cursor.acts = true;
  cursor.advance();
}

function skipTemplate(cursor: Cursor): void {
  while (!cursor.chunk().last) {
    cursor.advance();
    cursor.nested(() => skipTo(cursor, '}'));
  }
  cursor.advance();
}

function endsValue(cursor: Cursor, from: Token): boolean {
  const { token } = cursor;
  if (token.kind === 'end' || cursor.is(',', ';', ')', ']', '}')) return true;
  const newStatement = cursor.brackets === 0 && token !== from && token.afterNewline;
  const isOver = cursor.previous.text === '}' || endsOperand(cursor);
  return newStatement && isOver && token.kind !== 'mark' && token.kind !== 'backtick';
}

/** Whether the token before is certainly the last of a value: an operator follows, and no regular expression. */
function endsOperand({ previous, afterHead }: Cursor): boolean {
  if (previous.kind === 'name') return !wordsBeforeValue.has(previous.text);
  if (previous.kind === 'mark') return previous.text === ']' || (previous.text === ')' && !afterHead);
  return true;
}
