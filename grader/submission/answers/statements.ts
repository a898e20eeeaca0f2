import { nearest } from '../names';
import { Cursor } from './cursor';
import { Declarations, parseConstants, parseFunction, parseTypeDeclaration } from './declarations';
import { parseExport, parseImport } from './exchange';
import { parseExpression } from './expressions';
import { Refusal } from './refusal';
import { extraBrace } from './slips/brackets';
import type { Expression, Module } from './syntax';

/**
 * Reads a whole file: constants, exports and types, and nothing that would have to run.
 *
 * @throws {Refusal} at the first thing that is not read; it costs the whole file.
 */
export function parseModule(source: string): Module {
  const cursor = new Cursor(source);
  const declarations = new Declarations();
  while (cursor.token.kind !== 'end') {
    if (!cursor.eat(';')) parseStatement(cursor, declarations);
  }
  const { constants, foreign, exports } = declarations;
  return { constants, foreign, exports, names: cursor.names, actions: cursor.actions };
}

function parseStatement(cursor: Cursor, declarations: Declarations): void {
  const { token } = cursor;
  if (token.kind === 'text') {
    cursor.advance(); // 'use strict', or a text on its own: it says nothing
    cursor.wantEnd();
  } else if (cursor.isWord('import')) parseImport(cursor, declarations);
  else if (cursor.isWord('export')) parseExport(cursor, declarations);
  else if (cursor.isWord('const', 'let', 'var')) parseConstants(cursor, declarations, false);
  else if (cursor.isWord('type', 'interface')) parseTypeDeclaration(cursor);
  else if (cursor.isWord('function', 'async')) parseFunction(cursor, declarations);
  else if (
    cursor.isWord(
      'class',
      'enum',
      'namespace',
      'declare',
      'abstract',
      'if',
      'for',
      'while',
      'do',
      'try',
      'throw',
    )
  ) {
    throw new Refusal(
      'file',
      'not-data',
      token.start,
      'The word {0} begins something that would have to run. The file is data and is never run: keep to const.',
      token.text,
    );
  } else parseBareValue(cursor, declarations);
}

/** A statement that is only a value: what prints is passed over, and everything else is refused. */
function parseBareValue(cursor: Cursor, { last }: Declarations): void {
  const { start } = cursor.token;
  if (cursor.is('}') && last?.is === 'record') throw extraBrace(start);
  const value = parseExpression(cursor);
  if (isPrinting(value)) {
    cursor.wantEnd();
    return;
  }
  if (cursor.is(':')) {
    throw last?.is === 'record'
      ? extraBrace(last.end - 1)
      : new Refusal(
          'file',
          'no-const',
          start,
          'A table begins with the words export const, its name and an equals sign. These are missing here.',
        );
  }
  if (value.is === 'name') throw strayWord(value.name, start);
  throw new Refusal(
    'file',
    'not-data',
    start,
    'This line would have to run, and the file is never run. Delete the line.',
  );
}

function strayWord(name: string, start: number): Refusal {
  const meant = nearest(name, ['export', 'import', 'const', 'type']);
  return meant
    ? new Refusal('file', 'stray-word', start, `Write ${meant} in place of {0}.`, name)
    : new Refusal(
        'file',
        'stray-word',
        start,
        '{0} does not belong here. Delete this line, or put // before it.',
        name,
      );
}

/** `console.log(...)` and its kin. */
function isPrinting(value: Expression): boolean {
  if (value.is !== 'call' || value.callee.is !== 'member') return false;
  return value.callee.of.is === 'name' && value.callee.of.name === 'console';
}
