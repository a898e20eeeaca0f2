import { Refusal } from './refusal';
import { badCharacter, badNumber, unclosedText } from './slips/characters';
import type { Chunk, Token, TokenKind } from './token';

// Longest first, so that the first that fits is the right one.
const mark = new RegExp(
  (
    '>>>= ... === !== **= <<= >>= >>> &&= ||= ??= => == != <= >= && || ?? ?. ++ -- += -= *= /= %= &= |= ^= << >> ** ' +
    '{ } ( ) [ ] ; , < > + - * / % & | ^ ! ~ ? : = . @ #'
  )
    .split(' ')
    .map((spelling) => spelling.replace(/./g, '\\$&'))
    .join('|'),
  'y',
);

const nameStart = /[\p{ID_Start}$_]/u;
const namePart = /[\p{ID_Continue}$\u200c\u200d]/u;
const lineEnd = /[\n\r\u2028\u2029]/;
const digits = '\\d+(?:_\\d+)*';
const decimal = `(?:0|[1-9]\\d*(?:_\\d+)*)`;
const number = new RegExp(
  `0[xX][\\da-fA-F]+(?:_[\\da-fA-F]+)*n?|0[oO][0-7]+(?:_[0-7]+)*n?|0[bB][01]+(?:_[01]+)*n?|${decimal}n` +
    `|(?:${decimal}(?:\\.(?:${digits})?)?|\\.${digits})(?:[eE][+-]?${digits})?`,
  'y',
);
const longestNumber = 400;

/** Cuts TypeScript into tokens, one at a time and only forwards. */
export class Scanner {
  private readonly source: string;
  private position = 0;

  constructor(source: string) {
    this.source = source;
  }

  next(): Token {
    const afterNewline = this.passBlanks();
    const start = this.position;
    const make = (kind: TokenKind, text: string, value = Number.NaN): Token => ({
      kind,
      text,
      value,
      start,
      end: this.position,
      afterNewline,
    });
    const character = this.character();
    if (character === '') return make('end', '');
    if (/\d/.test(character) || (character === '.' && /\d/.test(this.source[start + 1] ?? ''))) {
      const text = this.number();
      return text.endsWith('n')
        ? make('bigint', text)
        : make('number', text, Number(text.replaceAll('_', '')));
    }
    if (character === '"' || character === "'") return make('text', this.text(character));
    if (character === '`') {
      this.position++;
      return make('backtick', '`');
    }
    if (nameStart.test(character)) return make('name', this.name());
    mark.lastIndex = start;
    const spelling = mark.exec(this.source)?.[0];
    if (spelling === undefined) throw badCharacter(this.source, start, character);
    this.position += spelling === '?.' && /\d/.test(this.source[start + 2] ?? '') ? 1 : spelling.length;
    return make('mark', this.source.slice(start, this.position));
  }

  /** The next piece of the template literal in which the position stands. */
  chunk(): Chunk {
    const start = this.position;
    let text = '';
    for (;;) {
      const character = this.character();
      if (character === '') {
        throw new Refusal(
          'file',
          'unclosed-template',
          start,
          'A text in backticks (`) starts here and never ends.',
        );
      }
      this.position += character.length;
      if (character === '`') return { text, last: true, end: this.position };
      if (character === '$' && this.source[this.position] === '{') {
        this.position++;
        return { text, last: false, end: this.position };
      }
      if (character === '\\') text += this.escape();
      else if (character === '\r') {
        text += '\n';
        if (this.source[this.position] === '\n') this.position++;
      } else text += character;
    }
  }

  private character(): string {
    const code = this.source.codePointAt(this.position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  /** Moves past white space and comments; true if a line ended on the way. */
  private passBlanks(): boolean {
    let newline = false;
    for (;;) {
      const character = this.source[this.position];
      if (character === undefined) return newline;
      if (lineEnd.test(character)) newline = true;
      else if (this.source.startsWith('//', this.position)) {
        while (this.position < this.source.length && !lineEnd.test(this.source[this.position] ?? ''))
          this.position++;
        continue;
      } else if (this.source.startsWith('/*', this.position)) {
        const end = this.source.indexOf('*/', this.position + 2);
        if (end < 0) {
          throw new Refusal(
            'file',
            'unclosed-comment',
            this.position,
            'A comment starts here and never ends: add */ after it.',
          );
        }
        newline ||= lineEnd.test(this.source.slice(this.position, end));
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
    if (text === undefined || text.length > longestNumber) throw badNumber(this.source, start);
    this.position += text.length;
    if (namePart.test(this.character())) throw badNumber(this.source, start);
    return text;
  }

  private name(): string {
    const start = this.position;
    for (;;) {
      const character = this.character();
      if (character === '' || !namePart.test(character)) break;
      this.position += character.length;
    }
    return this.source.slice(start, this.position);
  }

  private text(quote: string): string {
    const start = this.position++;
    let text = '';
    for (;;) {
      const character = this.source[this.position];
      if (character === undefined || character === '\n' || character === '\r') {
        throw unclosedText(this.source, start);
      }
      this.position++;
      if (character === quote) return text;
      text += character === '\\' ? this.escape() : character;
    }
  }

  /** What an escape stands for; the position is just after its backslash. */
  private escape(): string {
    const start = this.position - 1;
    const bad = () =>
      new Refusal('file', 'bad-escape', start, 'This backslash and what follows it stand for no character.');
    const character = this.character();
    this.position += character.length;
    switch (character) {
      case '':
        throw bad();
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
        if (!match || code > 0x10ffff) throw bad();
        this.position += match[0].length;
        return match[1] ? String.fromCharCode(code) : String.fromCodePoint(code);
      }
      default: {
        const simple = new Map([
          ['n', '\n'],
          ['t', '\t'],
          ['r', '\r'],
          ['b', '\b'],
          ['f', '\f'],
          ['v', '\v'],
        ]).get(character);
        if (simple !== undefined) return simple;
        if (!/\d/.test(character)) return character;
        if (character !== '0' || /\d/.test(this.source[this.position] ?? '')) throw bad();
        return '\0';
      }
    }
  }
}
