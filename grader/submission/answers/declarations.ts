import { type Cursor, notRead } from './cursor';
import { parseExpression } from './expressions';
import { Refusal } from './refusal';
import { noteAction, skipBracket } from './skip';
import { commaAtEnd, extraBrace, noBrace } from './slips/brackets';
import { unexpected } from './slips/slip';
import type { Constant, Expression, Module, Span } from './syntax';
import { skipType, skipTypeArguments } from './types';

/** What a file has declared so far; nothing may be declared or exported twice. */
export class Declarations implements Omit<Module, 'names' | 'actions'> {
  readonly constants = new Map<string, Constant>();
  readonly foreign = new Map<string, Refusal>();
  readonly exports = new Map<string, Span & { value: string | Expression }>();
  /** The value of the last constant. */
  last: Expression | undefined;

  addConstant(constant: Constant): void {
    this.refuseTwice(constant.name, constant.start);
    this.constants.set(constant.name, constant);
    this.last = constant.value;
  }

  addForeign(name: string, start: number, why: Refusal): void {
    this.refuseTwice(name, start);
    this.foreign.set(name, why);
  }

  addExport(name: string, what: Span & { value: string | Expression }): void {
    if (this.exports.has(name)) {
      throw new Refusal(
        'file',
        'duplicate-export',
        what.start,
        '{0} is exported twice. Keep one of the two.',
        name,
      );
    }
    this.exports.set(name, what);
  }

  private refuseTwice(name: string, start: number): void {
    if (taken.has(name)) {
      throw new Refusal(
        'file',
        'taken-name',
        start,
        '{0} means something already. Choose another name.',
        name,
      );
    }
    if (this.constants.has(name) || this.foreign.has(name)) {
      throw new Refusal('file', 'duplicate-name', start, '{0} is declared twice. Keep one of the two.', name);
    }
  }
}

/** Names whose meaning the reader relies on. */
const taken = new Set(['Math', 'NaN', 'Infinity', 'console', 'undefined']);

/** `const name: Type = value, other = value;` */
export function parseConstants(cursor: Cursor, declarations: Declarations, exported: boolean): void {
  if (cursor.isWord('let', 'var')) {
    throw new Refusal(
      'file',
      'use-const',
      cursor.token.start,
      'The word {0} allows a value to change later, which would have to run: write const in its place.',
      cursor.token.text,
    );
  }
  cursor.wantWord('const');
  let before: Expression | undefined;
  do {
    const { start } = cursor.token;
    if (cursor.is('{', '[')) {
      throw new Refusal(
        'file',
        'destructuring',
        start,
        'Several names in brackets are not read here: write one const for each name.',
      );
    }
    if (before?.is === 'record' && cursor.token.kind === 'end') throw commaAtEnd(cursor.previous.start);
    if (before?.is === 'record' && cursor.token.kind !== 'name') throw extraBrace(before.end - 1);
    const { text: name } = cursor.wantName();
    if (cursor.eat(':')) skipType(cursor);
    if (!cursor.eat('=')) {
      throw before?.is === 'record'
        ? extraBrace(before.end - 1)
        : unexpected(cursor.source, cursor.token, 'an equals sign');
    }
    const { end: equals } = cursor.previous;
    const value = parseExpression(cursor);
    if (value.is === 'name' && cursor.is(':')) throw noBrace(equals);
    declarations.addConstant({ name, value, start, end: value.end });
    before = value;
    if (exported) declarations.addExport(name, { value: name, start, end: value.end });
  } while (cursor.eat(','));
  cursor.wantEnd();
}

/** `function name(...) { ... }`: passed over; only what uses its name is lost. */
export function parseFunction(cursor: Cursor, declarations: Declarations): void {
  const { start } = cursor.token;
  cursor.eatWord('async');
  cursor.wantWord('function');
  cursor.eat('*');
  const { text: name } = cursor.wantName();
  if (cursor.is('<')) skipTypeArguments(cursor);
  if (!cursor.is('(')) throw unexpected(cursor.source, cursor.token, '(');
  noteAction(cursor, start, () => {
    skipBracket(cursor);
    if (cursor.eat(':')) skipType(cursor);
    if (!cursor.is('{')) throw unexpected(cursor.source, cursor.token, '{');
    skipBracket(cursor);
  });
  declarations.addForeign(name, start, notRead(start, 'A function'));
}

/** `type Name = ...`, `interface Name { ... }` and `type { Name }` after `export`: passed over. */
export function parseTypeDeclaration(cursor: Cursor): void {
  const isInterface = cursor.advance().text === 'interface';
  if (cursor.is('{')) {
    skipBracket(cursor);
    cursor.wantEnd();
    return;
  }
  cursor.wantName();
  if (cursor.is('<')) skipTypeArguments(cursor);
  if (!isInterface) {
    cursor.want('=');
    skipType(cursor);
    cursor.wantEnd();
    return;
  }
  if (cursor.eatWord('extends')) {
    do {
      skipType(cursor);
    } while (cursor.eat(','));
  }
  if (!cursor.is('{')) throw unexpected(cursor.source, cursor.token, '{');
  skipBracket(cursor);
}
