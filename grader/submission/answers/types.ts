import type { Cursor } from './cursor';
import { skipBracket } from './skip';
import { unclosed } from './slips/brackets';
import { unexpected } from './slips/slip';

/** Types that take no arguments: a < after them compares. */
const keywords = new Set(
  'any bigint boolean false never null number object string symbol true undefined unknown void'.split(' '),
);

/**
 * Passes over a type. Types change no value, so they are not checked: the TypeScript compiler does
 * that, and this only finds where they end.
 */
export function skipType(cursor: Cursor): void {
  cursor.nested(() => {
    if (cursor.is('|', '&')) cursor.advance();
    do {
      skipOperand(cursor);
    } while (cursor.eat('|') || cursor.eat('&'));
  });
}

function skipOperand(cursor: Cursor): void {
  while (cursor.isWord('keyof', 'typeof', 'readonly', 'unique')) cursor.advance();
  if (cursor.is('{', '[')) skipBracket(cursor);
  else if (cursor.is('(')) {
    skipBracket(cursor);
    if (cursor.eat('=>')) skipType(cursor);
  } else if (cursor.token.kind === 'number' || cursor.token.kind === 'text') cursor.advance();
  else if (cursor.token.kind === 'name') {
    const { text: name } = cursor.advance();
    while (cursor.eat('.')) {
      if (cursor.token.kind !== 'name') throw unexpected(cursor.source, cursor.token, 'a name');
      cursor.advance();
    }
    if (!keywords.has(name) && cursor.is('<') && !cursor.token.afterNewline) skipTypeArguments(cursor);
  } else throw unexpected(cursor.source, cursor.token, 'a type');
  while (cursor.is('[') && !cursor.token.afterNewline) skipBracket(cursor);
}

/** `<A, B<C>>`; `>>` and `>>>` close two and three at once. */
export function skipTypeArguments(cursor: Cursor): void {
  const open = cursor.token;
  let depth = 0;
  do {
    if (cursor.token.kind === 'end') throw unclosed(cursor.source, open, cursor.previous);
    if (cursor.is('<')) depth++;
    else if (cursor.is('>', '>>', '>>>')) depth -= cursor.token.text.length;
    else if (cursor.is('(', '[', '{')) {
      skipBracket(cursor);
      continue;
    } else if (cursor.is(')', ']', '}', ';', ':')) throw unexpected(cursor.source, cursor.token, '>');
    cursor.advance();
  } while (depth > 0);
  if (depth < 0) throw unexpected(cursor.source, cursor.previous, 'a single >');
}
