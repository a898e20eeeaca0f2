import type { Location } from '../message';
import * as diagnose from './diagnostics';
import { inFile } from './diagnostics';
import type { Token, TokenKind } from './token';

// Longest first, so that the first match is the right one. A > always stands alone: in a type, two of them
// close two brackets, and in a value, no operator that begins with it is supported.
const punctuator = new RegExp(
  (
    '... === !== **= <<= &&= ||= ??= => == != <= && || ?? ?. ++ -- += -= *= /= %= &= |= ^= << ** ' +
    '{ } ( ) [ ] ; , < > + - * / % & | ^ ! ~ ? : = . @ #'
  )
    .split(' ')
    .map((spelling) => spelling.replace(/./g, '\\$&'))
    .join('|'),
  'y',
);

const identifierStart = /[\p{ID_Start}$_]/u;
const identifierPart = /[\p{ID_Continue}$]/u;
const lineTerminator = /[\n\r\u2028\u2029]/;
const digits = '\\d+(?:_\\d+)*';
const decimalPattern = '(?:0|[1-9]\\d*(?:_\\d+)*)';
const number = new RegExp(
  `0[xX][\\da-fA-F]+(?:_[\\da-fA-F]+)*n?|0[oO][0-7]+(?:_[0-7]+)*n?|0[bB][01]+(?:_[01]+)*n?|${decimalPattern}n` +
    `|(?:${decimalPattern}(?:\\.(?:${digits})?)?|\\.${digits})(?:[eE][+-]?${digits})?`,
  'y',
);
const maxNumber = 400;
/** A unit, such as MiB, right before the end of a cell. */
const unit = /(?<!n)(?![eE]\b|[xX]|null\b)\p{L}+(?=[ \t]*[,}])/uy;
const simpleEscapes = new Map(Object.entries({ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' }));

/** Splits TypeScript into tokens, one at a time and only forwards. */
export class Lexer {
  private readonly source: string;
  private position: number;

  /** @param position where to begin, in UTF-16 units. */
  constructor(source: string, position = 0) {
    this.source = source;
    this.position = position;
  }

  /** @throws {Diagnostic} at anything that is not a token, and at a template with values in it. */
  next(): Token {
    const precededByNewline = this.skipTrivia();
    const start = this.position;
    const make = (kind: TokenKind, text: string, value = Number.NaN): Token => ({
      kind,
      text,
      value,
      start,
      end: this.position,
      precededByNewline,
    });
    const character = this.character();
    if (character === '') return make('end', '');
    if (/\d/.test(character) || (character === '.' && /\d/.test(this.source[start + 1] ?? ''))) {
      const text = this.number();
      return text.endsWith('n')
        ? make('bigint', text)
        : make('number', text, Number(text.replaceAll('_', '')));
    }
    if (character === '"' || character === "'") return make('string', this.string(character));
    if (character === '`') return make('template', this.template());
    if (identifierStart.test(character)) return make('identifier', this.identifier());
    punctuator.lastIndex = start;
    const spelling = punctuator.exec(this.source)?.[0];
    if (spelling === undefined) throw diagnose.badCharacter(this.source, start, character);
    this.position += spelling === '?.' && /\d/.test(this.source[start + 2] ?? '') ? 1 : spelling.length;
    return make('punctuator', this.source.slice(start, this.position));
  }

  /** Returns the next token without moving. */
  peek(): Token {
    const { position } = this;
    const token = this.next();
    this.position = position;
    return token;
  }

  /** The character at the position, one or two units long; '' at the end. */
  private character(): string {
    const code = this.source.codePointAt(this.position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  /** Skips white space and comments. Returns true if a line ended on the way. */
  private skipTrivia(): boolean {
    let newline = false;
    for (;;) {
      const character = this.source[this.position];
      if (character === undefined) return newline;
      if (lineTerminator.test(character)) newline = true;
      else if (this.source.startsWith('//', this.position)) {
        while (this.position < this.source.length && !lineTerminator.test(this.source[this.position] ?? ''))
          this.position++;
        continue;
      } else if (this.source.startsWith('/*', this.position)) {
        const end = this.source.indexOf('*/', this.position + 2);
        if (end < 0)
          throw inFile(
            'unclosed-comment',
            this.position,
            'A comment starts here and never ends: add */ after it.',
          );
        newline ||= lineTerminator.test(this.source.slice(this.position, end));
        this.position = end + 2;
        continue;
      } else if (!/[\t\v\f \u00a0\ufeff\p{Zs}]/u.test(character)) return newline;
      this.position++;
    }
  }

  private number(): string {
    const start = this.position;
    number.lastIndex = start;
    const text = number.exec(this.source)?.[0];
    if (text === undefined || text.length > maxNumber) throw diagnose.badNumber(this.source, start);
    this.position += text.length;
    unit.lastIndex = this.position;
    if (identifierPart.test(this.character()) && !unit.test(this.source))
      throw diagnose.badNumber(this.source, start);
    return text;
  }

  private identifier(): string {
    const start = this.position;
    for (;;) {
      const character = this.character();
      if (character === '' || !identifierPart.test(character)) break;
      this.position += character.length;
    }
    return this.source.slice(start, this.position);
  }

  private string(quote: string): string {
    const start = this.position++;
    let text = '';
    for (;;) {
      const character = this.source[this.position];
      if (character === undefined || lineTerminator.test(character))
        throw diagnose.unclosedString(this.source, start);
      this.position++;
      if (character === quote) return text;
      text += character === '\\' ? this.escape() : character;
    }
  }

  private template(): string {
    const start = this.position++;
    let text = '';
    for (;;) {
      const character = this.source[this.position];
      if (character === undefined)
        throw inFile('unclosed-template', start, 'There is a single backtick (`) here. Delete it.');
      this.position++;
      if (character === '`') return text;
      if (character === '$' && this.source[this.position] === '{')
        throw inFile(
          'template',
          start,
          'Backtick text with values in it is program code, but this file is only read, not run. Write the number alone; to print a value, write it after a quoted text and a comma.',
        );
      if (character === '\\') text += this.escape();
      else if (character === '\r') {
        text += '\n';
        if (this.source[this.position] === '\n') this.position++;
      } else text += character;
    }
  }

  /** Returns the text that an escape stands for; the position is just after its backslash. */
  private escape(): string {
    const start = this.position - 1;
    const character = this.character();
    this.position += character.length;
    switch (character) {
      case '':
        throw diagnose.badEscape(start);
      case '\r':
        if (this.source[this.position] === '\n') this.position++;
        return '';
      case '\n':
      case '\u2028':
      case '\u2029':
        return '';
      case 'x':
      case 'u': {
        const form = character === 'x' ? /([\da-fA-F]{2})/y : /(?:([\da-fA-F]{4})|\{([\da-fA-F]{1,6})\})/y;
        form.lastIndex = this.position;
        const match = form.exec(this.source);
        const code = Number.parseInt(match?.[1] ?? match?.[2] ?? '', 16);
        if (!match || code > 0x10ffff) throw diagnose.badEscape(start);
        this.position += match[0].length;
        return match[1] ? String.fromCharCode(code) : String.fromCodePoint(code);
      }
      case '0':
        if (/\d/.test(this.source[this.position] ?? '')) throw diagnose.badEscape(start);
        return '\0';
      default: {
        if (/\d/.test(character)) throw diagnose.badEscape(start);
        return simpleEscapes.get(character) ?? character;
      }
    }
  }
}

/** Converts offsets in a text to lines and columns. */
export class Lines {
  private readonly file: string;
  private readonly starts = [0];

  constructor(file: string, text: string) {
    this.file = file;
    for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
      this.starts.push(index + end.length);
  }

  /** The location of an offset in UTF-16 units. */
  at(offset: number): Location {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { file: this.file, line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}
