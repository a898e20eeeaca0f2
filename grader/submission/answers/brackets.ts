import { type Cursor, isReserved, notRead } from './cursor';
import { skipValue } from './skip';
import { noColon, noComma, noName, noValue } from './slips/entries';
import { unexpected } from './slips/slip';
import type { Entry, Expression, ListItem, Spread } from './syntax';
import type { Token } from './token';

/** Reads one value; given by the caller, whose grammar holds this one and is held by it. */
export type ParseValue = (cursor: Cursor) => Expression;

/** Values between brackets; `token` is the one that opens. */
export function parseList(cursor: Cursor, close: ')' | ']', parseValue: ParseValue): ListItem[] {
  const items: ListItem[] = [];
  cursor.bracketed((open) => {
    while (!cursor.is(close)) {
      items.push(cursor.is('...') ? parseSpread(cursor, parseValue) : parseValue(cursor));
      if (!cursor.is(close)) wantComma(cursor, open);
    }
  });
  cursor.want(close);
  return items;
}

function parseSpread(cursor: Cursor, parseValue: ParseValue): Spread {
  const { start } = cursor.advance();
  const of = parseValue(cursor);
  return { is: 'spread', of, start, end: of.end };
}

/** `{ name: value, ...spread }`; `token` is the brace that opens. */
export function parseRecord(cursor: Cursor, parseValue: ParseValue): Expression {
  const { start } = cursor.token;
  const entries: Entry[] = [];
  cursor.bracketed((open) => {
    while (!cursor.is('}')) {
      cursor.watch(open);
      entries.push(cursor.is('...') ? parseSpread(cursor, parseValue) : parseEntry(cursor, open, parseValue));
      if (!cursor.is('}')) wantComma(cursor, open);
    }
  });
  cursor.want('}');
  return { is: 'record', entries, start, end: cursor.previous.end };
}

function parseEntry(cursor: Cursor, open: Token, parseValue: ParseValue): Entry {
  const comma = cursor.previous;
  const first = cursor.token;
  const { start } = first;
  const entry = (key: string | Expression, value: Expression): Entry => ({
    is: 'entry',
    key,
    value,
    start,
    end: value.end,
  });

  if (cursor.is('[')) {
    const key = cursor.bracketed(() => parseValue(cursor));
    cursor.want(']');
    cursor.want(':');
    return entry(key, parseValue(cursor));
  }
  const isGenerator = cursor.eat('*');
  if (cursor.token.kind !== 'name' && cursor.token.kind !== 'text' && cursor.token.kind !== 'number') {
    throw cursor.leftOpen(open) ?? noName(cursor.source, cursor.token);
  }
  let key = cursor.advance();
  const isAccessor =
    /^(?:get|set|async)$/.test(key.text) && (cursor.token.kind === 'name' || cursor.token.kind === 'text');
  if (isAccessor) key = cursor.advance();
  const name = key.kind === 'number' ? String(key.value) : key.text;
  if (isGenerator && !cursor.is('(')) throw unexpected(cursor.source, cursor.token, '(');
  if (cursor.is('(', '<') || isAccessor) {
    return entry(
      name,
      skipValue(
        cursor,
        start,
        notRead(start, /^[gs]et$/.test(first.text) && isAccessor ? 'A getter or setter' : 'A function'),
      ),
    );
  }
  if (cursor.eat(':')) {
    if (cursor.is(',', '}', ';')) throw noValue(cursor.source.slice(key.start, key.end), key.start);
    return entry(name, parseValue(cursor));
  }
  if (key.kind === 'name' && !isReserved(key.text) && cursor.is(',', '}'))
    return entry(name, { is: 'name', name, start, end: key.end });
  throw noColon(cursor.source, key, cursor.token, comma);
}

function wantComma(cursor: Cursor, open: Token): void {
  if (cursor.eat(',')) return;
  throw cursor.leftOpen(open) ?? noComma(cursor.source, cursor.previous, cursor.token);
}
