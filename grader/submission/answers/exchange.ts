import type { Cursor } from './cursor';
import { type Declarations, parseConstants, parseFunction, parseTypeDeclaration } from './declarations';
import { parseExpression } from './expressions';
import { Refusal } from './refusal';
import { unexpected } from './slips/slip';
import type { Token } from './token';

/** Every form of `import`. No other file is opened: a type costs nothing, and a value is known to be foreign. */
export function parseImport(cursor: Cursor, declarations: Declarations): void {
  const { start } = cursor.advance();
  const names: string[] = [];
  if (cursor.token.kind !== 'text') {
    const typesOnly = cursor.eatWord('type');
    if (cursor.token.kind === 'name') {
      names.push(cursor.wantName().text);
      if (cursor.eat(',') && !cursor.is('*', '{')) throw unexpected(cursor.source, cursor.token, '{');
      else if (cursor.is('*', '{') && cursor.previous.text !== ',')
        throw unexpected(cursor.source, cursor.token, 'the word from');
    }
    if (cursor.eat('*')) {
      cursor.wantWord('as');
      names.push(cursor.wantName().text);
    } else if (cursor.is('{')) parseSpecifiers(cursor, (_outer, inner) => names.push(inner.text));
    cursor.wantWord('from');
    if (typesOnly) names.length = 0;
  }
  if (cursor.token.kind !== 'text') throw unexpected(cursor.source, cursor.token, 'a file name in quotes');
  cursor.advance();
  cursor.wantEnd();
  for (const name of names) {
    const why = new Refusal(
      'value',
      'imported',
      start,
      'The value of {0} stands in another file, and no other file is read. Write the number here.',
      name,
    );
    declarations.addForeign(name, start, why);
  }
}

/** Every form of `export`. */
export function parseExport(cursor: Cursor, declarations: Declarations): void {
  const { start } = cursor.advance();
  if (cursor.isWord('const', 'let', 'var')) parseConstants(cursor, declarations, true);
  else if (cursor.isWord('type', 'interface')) parseTypeDeclaration(cursor);
  else if (cursor.isWord('function', 'async')) parseFunction(cursor, declarations);
  else if (cursor.eatWord('default')) {
    const value = parseExpression(cursor);
    declarations.addExport('default', { value, start, end: value.end });
    cursor.wantEnd();
  } else if (cursor.is('{')) {
    const names: { inner: Token; outer: Token }[] = [];
    parseSpecifiers(cursor, (inner, outer) => names.push({ inner, outer }));
    if (cursor.isWord('from')) throw elsewhere(start);
    for (const { inner, outer } of names) {
      declarations.addExport(outer.text, { value: inner.text, start: inner.start, end: outer.end });
    }
    cursor.wantEnd();
  } else if (cursor.is('*')) throw elsewhere(start);
  else throw unexpected(cursor.source, cursor.token, 'the word const');
}

/** `{ a, b as c, type D }`; a type is passed over. */
function parseSpecifiers(cursor: Cursor, use: (first: Token, second: Token) => void): void {
  cursor.want('{');
  while (!cursor.eat('}')) {
    const isType = cursor.eatWord('type');
    const first = wantWord(cursor);
    const second = cursor.eatWord('as') ? wantWord(cursor) : first;
    if (!isType) use(first, second);
    if (!cursor.is('}')) cursor.want(',');
  }
}

function wantWord(cursor: Cursor): Token {
  if (cursor.token.kind !== 'name') throw unexpected(cursor.source, cursor.token, 'a name');
  return cursor.advance();
}

function elsewhere(start: number): Refusal {
  return new Refusal(
    'file',
    'elsewhere',
    start,
    'This points to another file, and no other file is read. Write the table in this one.',
  );
}
