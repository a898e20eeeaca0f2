import type { Location } from '../message';
import { badCharacter, type Diagnostic, diagnose } from './diagnostics';

/** One token; `start` and `end` count UTF-16 units from the start of the file. */
export interface Token {
  /** The last token is the end of the file, or a fault: something that is not a token, where reading stops. */
  readonly kind: 'identifier' | 'number' | 'string' | 'template' | 'punctuator' | 'end' | 'fault';
  /** The exact text in the file. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isFirstOnLine: boolean;
  /** The start of a comment that follows the previous token on its line. */
  readonly comment: number | undefined;
  readonly fault?: Diagnostic | undefined;
}

const lineEnd = '\\n\\r\\u2028\\u2029';
const trivia = new RegExp(`(?:\\s+|//[^${lineEnd}]*|/\\*[^]*?\\*/)*`, 'y');
const hasLineEnd = new RegExp(`[${lineEnd}]`);

const grouped = (digit: string) => `${digit}+(?:_${digit}+)*`;
const decimal = '(?:0|[1-9]\\d*(?:_\\d+)*)';
/** A word or a dot right after a number belongs to it, unless it is a unit at the end of a cell, such as MiB. */
const numberEnd = '(?![\\p{ID_Continue}$.])';
const unit = '(?=(?![eE]\\b|[xX]|null\\b)\\p{L}+[ \\t]*[,}])';
const number =
  `0[xX]${grouped('[\\da-fA-F]')}${numberEnd}|(?:0[oO]${grouped('[0-7]')}|0[bB]${grouped('[01]')}|` +
  `(?:${decimal}(?:\\.(?:${grouped('\\d')})?)?|\\.${grouped('\\d')})(?:[eE][+-]?${grouped('\\d')})?)(?:${numberEnd}|${unit})`;
const stringIn = (quote: string) => {
  const plain = `[^${quote}\\\\${lineEnd}]*`;
  return `${quote}${plain}(?:\\\\(?:["'\\\\/bfnrtv]|u[\\da-fA-F]{4})${plain})*${quote}`;
};
/** Text in backticks in which nothing can run: its placeholders contain only names and their members. */
const template = '`(?:[^`$\\\\\\n\\r]|\\$(?!\\{)|\\$\\{ *[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)* *\\})*`';
// A > is always a token of its own: two of them in a type close two brackets, and no value contains any.
const punctuator =
  '\\.{3}|=>|[=!]==?|(?:\\*\\*|[-+*/%])=|\\*\\*|\\+\\+|--|(?!\\.\\d)[{}()[\\];,<>+\\-*/%&|^!~?:=.@#]';
/** The groups of `anyToken`, in order; nothing inside them captures. Named groups would be half as fast. */
const groups = ['identifier', 'number', 'string', 'template'] as const;
const anyToken = new RegExp(
  `([\\p{ID_Start}$_][\\p{ID_Continue}$]*)|(${number})|(${stringIn('"')}|${stringIn("'")})|(${template})|${punctuator}`,
  'uy',
);

/** A filled-in table has about 150 tokens. */
const maxTokens = 20_000;

/** Splits TypeScript into tokens, up to the end or to the first character that is not part of one. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  for (;;) {
    trivia.lastIndex = start;
    trivia.test(source);
    const gap = source.slice(start, trivia.lastIndex);
    const inGap = /^[ \t]*(?=\/\/)/.exec(gap)?.[0].length;
    const comment = inGap === undefined ? undefined : start + inGap;
    const isFirstOnLine = start === 0 || hasLineEnd.test(gap);
    start += gap.length;
    const position = { start, isFirstOnLine, comment };
    if (start === source.length) return [...tokens, { kind: 'end', text: '', end: start, ...position }];
    anyToken.lastIndex = start;
    const match = anyToken.exec(source);
    const fault =
      (tokens.length === maxTokens ? diagnose('too-large', start) : undefined) ??
      faultAt(source, start, isFirstOnLine) ??
      (match ? undefined : badCharacter(source, start));
    if (!match || fault) return [...tokens, { kind: 'fault', text: '', end: start, ...position, fault }];
    const [text, ...captures] = match;
    const kind = groups[captures.findIndex((one) => one !== undefined)] ?? 'punctuator';
    const end = start + text.length;
    tokens.push({ kind, text, end, ...position });
    start = end;
  }
}

/** The names in a file, plain or in quotes, each as often as it occurs. */
export function namesIn(source: string): string[] {
  return tokensOf(source).flatMap(({ kind, text }) => {
    if (kind === 'string') return unquoted(text);
    return kind === 'identifier' ? text : [];
  });
}

const conflictMark = /(?:<{7}|>{7}|={7})(?=[ \r\n]|$)/y;

/** The fault at an offset: a conflict marker that Git left, or a comment that never ends. */
function faultAt(source: string, start: number, isFirstOnLine: boolean): Diagnostic | undefined {
  conflictMark.lastIndex = start;
  if (isFirstOnLine && conflictMark.test(source)) return diagnose('merge-conflict', start);
  return source.startsWith('/*', start) ? diagnose('unclosed-comment', start) : undefined;
}

const escapes = new Map(Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }));

/** The value of a string. */
export function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:u(.{4})|(.))/g, (_, code: string | undefined, character: string) =>
      code === undefined
        ? (escapes.get(character) ?? character)
        : String.fromCharCode(Number.parseInt(code, 16)),
    );
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
    const index = this.starts.findLastIndex((start) => start <= offset);
    return { file: this.file, line: index + 1, column: offset - (this.starts[index] ?? 0) + 1 };
  }
}
