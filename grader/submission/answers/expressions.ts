import { parseList, parseRecord } from './brackets';
import { type Cursor, mutation, notRead } from './cursor';
import { Refusal } from './refusal';
import { noteAction, skipTo, skipValue } from './skip';
import { equalsSign, noOperand } from './slips/entries';
import { unexpected } from './slips/slip';
import type { Expression } from './syntax';
import { isAssignment } from './token';
import { skipType } from './types';

/** How tightly each operator binds; only the arithmetic ones can be worked out. */
const precedence = new Map([
  ['??', 1],
  ['||', 2],
  ['&&', 3],
  ['|', 4],
  ['^', 5],
  ['&', 6],
  ['==', 7],
  ['!=', 7],
  ['===', 7],
  ['!==', 7],
  ['<', 8],
  ['>', 8],
  ['<=', 8],
  ['>=', 8],
  ['in', 8],
  ['instanceof', 8],
  ['<<', 9],
  ['>>', 9],
  ['>>>', 9],
  ['+', 10],
  ['-', 10],
  ['*', 11],
  ['/', 11],
  ['%', 11],
  ['**', 12],
]);
const typeOperator = 8;
const power = 12;

/** Words that begin code, with how a student would call it. */
const code = new Map([
  ['function', 'A function'],
  ['async', 'A function'],
  ['class', 'A class'],
  ['new', 'Making an object with new'],
  ['this', 'The word this'],
  ['super', 'The word super'],
  ['import', 'An import'],
  ['yield', 'The word yield'],
  ['await', 'Waiting for a value'],
  ['typeof', 'The word typeof'],
  ['void', 'The word void'],
]);

/** One value, up to the `,`, bracket or statement end after it. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => {
    const value = parseBinary(cursor, 0);
    const { token } = cursor;
    if (cursor.is('?')) return parseChoice(cursor, value);
    if (cursor.is('=>')) return skipValue(cursor, value.start, notRead(value.start, 'A function'));
    if (isAssignment(token)) return parseAssignment(cursor, value);
    return value;
  });
}

/** An equals sign, or an operator that ends in one, after a value: a slip, a change, or a function's default. */
function parseAssignment(cursor: Cursor, value: Expression): Expression {
  const { token, brackets, source } = cursor;
  if (token.text !== '=' || value.is === 'member') throw mutation(value.start);
  if (value.is !== 'name') throw equalsSign(token.start, source.slice(value.start, value.end));
  if (brackets === 0)
    throw new Refusal('file', 'no-const', value.start, 'Write the word const before {0}.', value.name);
  return skipValue(cursor, value.start, notRead(value.start, 'An assignment'));
}

/** `condition ? value : value` is understood, and never decided. */
function parseChoice(cursor: Cursor, condition: Expression): Expression {
  const why = notRead(cursor.advance().start, 'A choice with ? and :');
  parseExpression(cursor);
  cursor.want(':');
  const { end } = parseExpression(cursor);
  return { is: 'unreadable', why, start: condition.start, end };
}

function parseBinary(cursor: Cursor, above: number): Expression {
  let left = parseUnary(cursor);
  for (;;) {
    if (cursor.isWord('as', 'satisfies') && !cursor.token.afterNewline && typeOperator > above) {
      const isAs = cursor.advance().text === 'as';
      if (!(isAs && cursor.eatWord('const'))) skipType(cursor);
      left = { ...left, end: cursor.previous.end };
      continue;
    }
    const operator = cursor.token.text;
    const binds =
      cursor.token.kind === 'mark' || cursor.isWord('in', 'instanceof') ? (precedence.get(operator) ?? 0) : 0;
    if (binds <= above) return left;
    cursor.advance();
    // ** groups from the right, all others from the left.
    const right = cursor.nested(() => parseBinary(cursor, operator === '**' ? power - 1 : binds));
    left = { is: 'binary', operator, left, right, start: left.start, end: right.end };
  }
}

function parseUnary(cursor: Cursor): Expression {
  const { token } = cursor;
  if (cursor.is('-', '+', '!', '~')) {
    cursor.advance();
    const of = cursor.nested(() => parseUnary(cursor));
    if (cursor.is('**')) {
      throw new Refusal(
        'file',
        'signed-power',
        token.start,
        'Put brackets round the signed number before **.',
      );
    }
    return { is: 'unary', operator: token.text, of, start: token.start, end: of.end };
  }
  if (cursor.is('++', '--') || cursor.isWord('delete')) throw mutation(token.start);
  return parsePostfix(cursor, parsePrimary(cursor));
}

function parsePostfix(cursor: Cursor, first: Expression): Expression {
  let value = first;
  for (;;) {
    const { start } = value;
    if (cursor.is('.')) {
      cursor.advance();
      if (cursor.token.kind !== 'name') throw unexpected(cursor.source, cursor.token, 'a name');
      const name = cursor.advance();
      value = { is: 'member', of: value, key: name.text, start, end: name.end };
    } else if (cursor.is('[')) {
      const key = cursor.bracketed(() => parseExpression(cursor));
      cursor.want(']');
      value = { is: 'member', of: value, key, start, end: cursor.previous.end };
    } else if (cursor.is('(')) {
      const values = parseList(cursor, ')', parseExpression);
      const { end } = cursor.previous;
      if (!isHarmless(value)) cursor.actions.push({ start, end });
      value = { is: 'call', callee: value, values, start, end };
    } else if (cursor.is('!') && !cursor.token.afterNewline) {
      value = { ...value, end: cursor.advance().end };
    } else if (cursor.is('?.')) {
      return skipValue(cursor, start, notRead(cursor.token.start, 'The sign ?.'));
    } else if (cursor.token.kind === 'backtick') {
      return skipValue(cursor, start, notRead(start, 'A call'));
    } else return value;
  }
}

/** Calls of `Math` are worked out, and those of `console` only print. */
function isHarmless(callee: Expression): boolean {
  return callee.is === 'member' && callee.of.is === 'name' && ['Math', 'console'].includes(callee.of.name);
}

function parsePrimary(cursor: Cursor): Expression {
  const { token } = cursor;
  const span = { start: token.start, end: token.end };
  switch (token.kind) {
    case 'number':
      cursor.advance();
      return { is: 'number', value: token.value, ...span };
    case 'bigint':
      cursor.advance();
      return { is: 'bigint', text: token.text, ...span };
    case 'text':
      cursor.advance();
      return { is: 'text', value: token.text, ...span };
    case 'backtick':
      return parseTemplate(cursor);
    case 'name': {
      const what = code.get(token.text);
      if (what !== undefined) return skipValue(cursor, token.start, notRead(token.start, what));
      if (cursor.eatWord('null')) return { is: 'null', ...span };
      if (cursor.isWord('true', 'false')) {
        return { is: 'boolean', value: cursor.advance().text === 'true', ...span };
      }
      cursor.wantName();
      return { is: 'name', name: token.text, ...span };
    }
    case 'mark':
      if (cursor.is('(')) return parseParenthesised(cursor);
      if (cursor.is('[')) {
        const items = parseList(cursor, ']', parseExpression);
        return { is: 'list', items, start: token.start, end: cursor.previous.end };
      }
      if (cursor.is('{')) return parseRecord(cursor, parseExpression);
      if (cursor.is('/', '/=', '<', '@', '#')) {
        throw new Refusal(
          'file',
          'not-data',
          token.start,
          '{0} begins something that is not read here. Write a number.',
          token.text,
        );
      }
      throw noOperand(cursor.source, token);
    case 'end':
      throw noOperand(cursor.source, token);
  }
}

/** `( value )`; anything else in the brackets can only be the start of a function. */
function parseParenthesised(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const inside = cursor.bracketed(() => {
    const value = cursor.is(')', '...') ? undefined : parseExpression(cursor);
    if (value && cursor.is(')')) return value;
    if (value && !cursor.is(',', ':')) throw unexpected(cursor.source, cursor.token, ')');
    noteAction(cursor, start, () => skipTo(cursor, ')'));
    return undefined;
  });
  cursor.want(')');
  if (inside && !cursor.is(':')) return { ...inside, start, end: cursor.previous.end };
  return skipValue(cursor, start, cursor.is('=>', ':') ? notRead(start, 'A function') : roundBrackets(start));
}

function roundBrackets(start: number): Refusal {
  return new Refusal(
    'value',
    'round-brackets',
    start,
    'A list in round brackets is not read here. Write a single number.',
  );
}

function parseTemplate(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const texts: string[] = [];
  const values: Expression[] = [];
  for (;;) {
    const chunk = cursor.chunk();
    texts.push(chunk.text);
    cursor.advance();
    if (chunk.last) return { is: 'template', texts, values, start, end: cursor.previous.end };
    values.push(cursor.enclosed(() => parseExpression(cursor)));
    if (!cursor.is('}')) throw unexpected(cursor.source, cursor.token, '}');
  }
}
