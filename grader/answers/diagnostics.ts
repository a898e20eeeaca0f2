import { closest, distance } from 'fastest-levenshtein';
import { is, type Token } from './token';

/** Limits that keep reading any file linear and small. */
export const limits = {
  /** Levels of nested brackets, operators and types. */
  depth: 64,
  /** Values computed in one file; a spread counts each of its entries. */
  steps: 20_000,
  /** A filled-in table has about 150 tokens. */
  tokens: 20_000,
} as const;

/** The cost of a diagnostic: the cells that use the value, or the whole file. */
export type Scope = 'cell' | 'file';

/** The kind of fault: a slip in typing, code that would have to run, or code that would change a value. */
export type Nature = 'slip' | 'code' | 'change';

/** A replacement for a part of the file; offsets count UTF-16 units. */
export interface Fix {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A part of the file that is not read. Text and quotes are for the student, as in a `Message`; the offset
 * counts UTF-16 units from the start of the file.
 */
export class Diagnostic extends Error {
  override readonly name = 'Diagnostic';
  readonly scope: Scope;
  readonly code: string;
  readonly offset: number;
  readonly text: string;
  readonly quotes: Readonly<Record<string, string>>;
  readonly nature: Nature;
  /** The intended text, if that is certain. */
  fix?: Fix;
  /** Whether this may be text without its quotes. */
  mayBeText = false;
  /** Whether it has no position in the file, so that there is no line to show. */
  isOfFile = false;
  /** The text for a student who fills in a field and sees no file. */
  forField?: string;

  constructor(
    scope: Scope,
    code: string,
    offset: number,
    text: string,
    quotes: Readonly<Record<string, string>> = {},
    nature: Nature = 'slip',
  ) {
    super(code);
    this.nature = nature;
    this.scope = scope;
    this.code = code;
    this.offset = offset;
    this.text = text;
    this.quotes = quotes;
  }

  /** Marks it as having no position in the file. */
  ofFile(): this {
    this.isOfFile = true;
    return this;
  }

  /** Marks it as possible text without its quotes. */
  orText(): this {
    this.mayBeText = true;
    return this;
  }

  /** Adds the intended text, which replaces the text from `start` to `end`. */
  withFix(start: number, end: number, text: string): this {
    this.fix = { start, end, text };
    return this;
  }
}

/** A diagnostic that costs the whole file. */
export function inFile(
  code: string,
  offset: number,
  text: string,
  quotes?: Record<string, string>,
  nature?: Nature,
): Diagnostic {
  return new Diagnostic('file', code, offset, text, quotes, nature);
}

/** A diagnostic that costs the cells that use the value it is in. */
export function inCell(
  code: string,
  offset: number,
  text: string,
  quotes?: Record<string, string>,
): Diagnostic {
  return new Diagnostic('cell', code, offset, text, quotes);
}

// Limits

export function tooDeep(offset: number): Diagnostic {
  const text = `This is nested more than ${limits.depth} levels deep. Write plain numbers.`;
  return inFile('too-deep', offset, text);
}

export function tooLarge(offset: number): Diagnostic {
  return inFile('too-large', offset, 'The file has too many parts to be a table of numbers.');
}

// Characters

/** Characters that people type for another: the advice, and the plain character if it is certain. */
const lookAlikes: ReadonlyMap<string, readonly [advice: string, plain?: string]> = new Map([
  ['÷', ['To divide, write /', '/']],
  ['−', ['Write the plain minus sign -', '-']],
  ['–', ['Write the plain minus sign -', '-']],
  ['—', ['Write the plain minus sign -', '-']],
  ['；', ['Write the plain comma , or, where the table ends, the plain semicolon ;']],
  ['，', ['Write the plain comma ,', ',']],
  ['：', ['Write the plain colon :', ':']],
  ['、', ['Write the plain comma ,', ',']],
  ['（', ['Write the plain (', '(']],
  ['）', ['Write the plain )', ')']],
  ['｛', ['Write the plain {', '{']],
  ['｝', ['Write the plain }', '}']],
  ['／', ['Write the plain /', '/']],
  ['＊', ['Write the plain *', '*']],
  ['＋', ['Write the plain +', '+']],
  ['＝', ['Write the plain =', '=']],
  ['…', ['Write a number, or null']],
  ['\\', ['To divide, write /']],
]);

/** Makes the rest of a line plain: a person who types one look-alike usually types more of them. */
function inPlain(text: string): string {
  return [...text].map((character) => lookAlikes.get(character)?.[1] ?? character).join('');
}

/** A character that cannot begin a token. */
export function badCharacter(source: string, offset: number, character: string): Diagnostic {
  if ('“”„‘’‚«»'.includes(character)) {
    const found = inFile(
      'curly-quote',
      offset,
      "This is a curly quotation mark. Around a number, delete it; elsewhere, replace it with a plain '.",
    ).orText();
    const [quoted, number] = /^.\s*(\d+(?:\.\d+)?)\s*[“”‘’«»]/u.exec(source.slice(offset, offset + 40)) ?? [];
    // In 5’10” these marks are not quotation marks.
    const isFirst = !/[\p{L}\p{N}]\s*$/u.test(source.slice(Math.max(0, offset - 10), offset));
    return quoted && number && isFirst ? found.withFix(offset, offset + quoted.length, number) : found;
  }
  if (character === '×' || character === '✕') return shapeInACell(source, offset);
  if (/\p{Nd}/u.test(character)) return foreignDigit(offset, character);
  if (/[\p{Cc}\p{Cf}]/u.test(character)) {
    const text =
      'There is an invisible character here, {found}. Delete it together with the characters next to it, and retype those.';
    const found = inFile('invisible-character', offset, text, { found: character });
    const [marks = ''] = /^\p{Cf}+/u.exec(source.slice(offset, offset + 40)) ?? [];
    return marks === '' ? found : found.withFix(offset, offset + marks.length, '');
  }
  const [instead, plain] = lookAlikes.get(character) ?? [];
  if (instead !== undefined) {
    const text = `{found} is not supported here. ${instead} in its place.`;
    const found = inFile('look-alike', offset, text, { found: character });
    const [rest = ''] = /^[^'"`\n\r]*/.exec(source.slice(offset, offset + 200)) ?? [];
    return plain === undefined ? found : found.withFix(offset, offset + rest.length, inPlain(rest));
  }
  return inFile('unexpected-character', offset, '{found} does not belong here.', { found: character });
}

function foreignDigit(offset: number, found: string): Diagnostic {
  const text = 'The digit {found} is not one of 0 to 9. Type it again with one of these.';
  return inFile('foreign-digit', offset, text, { found });
}

/** A string that is not closed on its line. */
export function unclosedString(source: string, start: number): Diagnostic {
  return /^\d.\d/.test(source.slice(start - 1, start + 2))
    ? thousands(source, start + 1)
    : inFile(
        'unclosed-string',
        start,
        'There is only one quotation mark on this line. Delete it if this is a number; if it is text, close it with the same mark.',
      );
}

export function badEscape(start: number): Diagnostic {
  return inFile(
    'bad-escape',
    start,
    'This backslash and the characters after it do not form a valid escape.',
  );
}

// Numbers

/** Text that begins like a number but is not one. */
export function badNumber(source: string, start: number): Diagnostic {
  const found = /^[\p{L}\p{N}_.×·]*/u.exec(source.slice(start, start + 80))?.[0] ?? '';
  const foreign = found.search(/(?!\d)\p{Nd}/u);
  if (foreign > 0) return foreignDigit(start + foreign, found[foreign] ?? '');
  if (/^\d+[xX×]\d+/.test(found)) return shapeInACell(source, start);
  if (/^\d[\d._]*null$/.test(found)) return besideNull(start, start + found.length, found.slice(0, -4));
  if (followsThousands(source, start)) return thousands(source, start);
  return /^0\d+$/.test(found)
    ? inFile('leading-zero', start, '{found} starts with a zero. Write it without the zero.', {
        found,
      }).withFix(start, start + found.length, found.replace(/^0+(?=\d)/, ''))
    : inFile('bad-number', start, '{found} cannot be read as a number. Write the number alone.', { found });
}

/** `null 100`, `100null` or `null = 100` */
function besideNull(offset: number, end: number, number: string): Diagnostic {
  const text = 'The word null is still beside {number}. Delete the word null and keep the number.';
  return inFile('beside-null', offset, text, { number }).withFix(offset, end, number);
}

/** Matches `4,096`, `4 096` or `4'096`: a digit, a separator, and exactly three digits. */
function followsThousands(source: string, start: number): boolean {
  return (
    /\d(?:[,'] ?|\s)$/u.test(source.slice(Math.max(0, start - 3), start)) &&
    /^\d{3}(?!\d)/.test(source.slice(start, start + 4))
  );
}

/** A separator inside a number; `start` is where the digits after it begin. */
function thousands(source: string, start: number): Diagnostic {
  const before = /[\d,' \u00a0\u2009\u202f]*$/.exec(source.slice(Math.max(0, start - 20), start))?.[0] ?? '';
  const after = /^[\d,']*\d/.exec(source.slice(start, start + 20))?.[0] ?? '';
  return inFile(
    'thousands-separator',
    start - before.trimStart().length,
    '{found} is split inside the number. Write its digits together; if you mean two numbers, give each its own cell.',
    { found: before + after },
  );
}

/** `7x13`, `7 x 13` or `7×13`; `offset` is anywhere in it. */
function shapeInACell(source: string, offset: number): Diagnostic {
  const lineStart = source.lastIndexOf('\n', offset) + 1;
  const before = /[\d ]*$/.exec(source.slice(Math.max(lineStart, offset - 20), offset))?.[0] ?? '';
  const start = offset - before.trimStart().length;
  const found = /^[\d ]*[xX×✕]?[\d ]*/.exec(source.slice(start, start + 40))?.[0].trim() ?? '';
  return inFile(
    'shape-in-a-cell',
    start,
    '{found} looks like a whole shape. Each cell takes one number, so a shape takes two cells. (To multiply, write *.)',
    { found },
  );
}

// Brackets

const closing = new Map([
  ['{', '}'],
  ['[', ']'],
  ['(', ')'],
  ['<', '>'],
]);

/**
 * A bracket that is never closed.
 *
 * @param last the last token inside the bracket.
 * @param next the first entry that looks as if it were outside the bracket, if there is one.
 */
export function unclosed(source: string, open: Token, last: Token, next?: Token): Diagnostic {
  const close = closing.get(open.text) ?? open.text;
  if (next) {
    const text = `The ${open.text} here is not closed before {next}: add ${close} and a comma after the values it holds.`;
    return inFile('unclosed-bracket', open.start, text, { next: source.slice(next.start, next.end) });
  }
  const line = source.slice(0, open.start).split('\n').length;
  const text = `A ${close} is missing here: the ${open.text} of line ${line} is never closed.`;
  return inFile('unclosed-bracket', last.end, text);
}

/** A closing brace that ends the table before its last row. */
export function extraBrace(offset: number): Diagnostic {
  const text = 'There is an extra } here, so everything after it is outside the table. Delete this }.';
  return inFile('extra-brace', offset, text).withFix(offset, offset + 1, '');
}

/** `( a: 1, b: 2 )` or `( 1, 2 )` */
export function roundBrackets(offset: number): Diagnostic {
  const text =
    'Parentheses hold one value. A row has braces: write { instead of ( and } instead of ), with a name and a colon before each number.';
  return inFile('round-brackets', offset, text);
}

/**
 * Finds a comment right before an offset that hides a closing bracket from the reader: other text precedes it
 * on its line, and it closes more than it opens. Also finds `4096//32`.
 */
function hiddenByComment(source: string, offset: number): Diagnostic | undefined {
  const from = Math.max(0, offset - 300);
  const found = /(?<=^|[\n\r])([^\n\r]*?\S[^\n\r]*?)(\/\/[^\n\r]*)\s*$/.exec(source.slice(from, offset));
  if (!found) return undefined;
  const [, before = '', comment = ''] = found;
  const count = (signs: RegExp) => comment.match(signs)?.length ?? 0;
  const isDivision = /\d\s*$/.test(before) && /^\/\/\s*\d/.test(comment);
  if (!isDivision && count(/[\])}]/g) <= count(/[[({]/g)) return undefined;
  const start = from + found.index + before.length;
  return isDivision ? dividesByComment(start) : restIsComment(start);
}

/** Finds `4096 // 32`, even if the next token is on a later line. */
function dividedByComment(source: string, { kind, end }: Token): Diagnostic | undefined {
  const [space] = /^[ \t]*(?=\/\/[ \t]*\d)/.exec(source.slice(end, end + 40)) ?? [];
  return kind === 'number' && space !== undefined ? dividesByComment(end + space.length) : undefined;
}

function dividesByComment(start: number): Diagnostic {
  return restIsComment(start).withFix(start, start + 2, '/');
}

function restIsComment(start: number): Diagnostic {
  return inFile(
    'hidden-by-comment',
    start,
    'Everything after // on this line is a comment. Move the closing bracket before it. (To divide, write one /.)',
  );
}

// Entries of an object or an array

/** The value of an entry ends at `before`, but neither a comma nor the closing bracket follows. */
export function missingComma(source: string, before: Token, found: Token): Diagnostic {
  const text = source.slice(found.start, found.end);
  const isWord = found.kind === 'identifier' || found.kind === 'string';
  const hidden =
    hiddenByComment(source, is(found, ':') ? before.start : found.start) ?? dividedByComment(source, before);
  if (hidden) return hidden;
  if (is(found, ';')) {
    const advice = 'Write a comma instead of this semicolon.';
    return inFile('semicolon-for-comma', found.start, advice).withFix(found.start, found.end, ',');
  }
  if (is(found, ':') && before.kind === 'identifier') {
    return inFile(
      'missing-value',
      before.start,
      'A value is missing before {name}: write a number, or { where an object begins.',
      { name: before.text },
    );
  }
  if (is(found, ')', ']')) return wrongBracket(found);
  if (is(found, ':') && before.kind === 'number') {
    const advice = 'Found a colon after {number}. To divide, write /; after a cell, write a comma.';
    return inFile('colon-after-number', found.start, advice, { number: before.text });
  }
  if (before.text === 'null' && found.kind === 'number') return besideNull(before.start, found.end, text);
  if (before.kind === 'number' && found.kind === 'identifier' && /^[xX]\d*$/.test(found.text)) {
    return shapeInACell(source, before.start);
  }
  if (before.kind === 'number' && found.kind === 'number') {
    return followsThousands(source, found.start)
      ? thousands(source, found.start)
      : inFile(
          'two-numbers',
          before.start,
          'There are two numbers side by side here, {found}. Each cell takes one number.',
          { found: source.slice(before.start, found.end) },
        );
  }
  const isNamed = /^\s*:/.test(source.slice(found.end, found.end + 20));
  const isWordBefore = before.kind === 'identifier' && before.text !== 'null';
  if (isWordBefore && isWord && !found.precededByNewline && !isNamed)
    return inFile('words', before.start, 'There are words here, {found}. Write one number, in digits.', {
      found: source.slice(before.start, found.end),
    }).orText();
  if (isWord && !found.precededByNewline && !isNamed) {
    return inFile('word-after-value', found.start, 'Only a number belongs here. Delete {found}.', {
      found: text,
    }).orText();
  }
  if (isWord || found.kind === 'number') {
    return inFile('missing-comma', before.end, 'A comma is missing after {before}.', {
      before: source.slice(before.start, before.end),
    }).withFix(before.end, before.end, ',');
  }
  return unexpected(source, found, 'a comma');
}

function wrongBracket({ start, end, text }: Token): Diagnostic {
  const advice = '{found} closes nothing here. Write } instead.';
  return inFile('wrong-bracket', start, advice, { found: text }).withFix(start, end, '}');
}

/** A token where the name of an entry should be. */
export function missingName(source: string, found: Token): Diagnostic {
  const hidden = hiddenByComment(source, found.start);
  if (hidden) return hidden;
  if (is(found, ')', ']')) return wrongBracket(found);
  if (is(found, ','))
    return inFile('extra-comma', found.start, 'There is an extra comma here.').withFix(
      found.start,
      found.end,
      '',
    );
  if (is(found, '#', '/', '<', '-', '--', '*')) {
    const advice = 'Found {found} where a name should be. A comment starts with two slashes.';
    const stray = inFile('no-comment', found.start, advice, { found: found.text });
    return is(found, '#') ? stray.withFix(found.start, found.end, '//') : stray;
  }
  return unexpected(source, found, 'a name');
}

/** A name without a colon after it. */
export function missingColon(source: string, key: Token, found: Token, comma: Token): Diagnostic {
  const text = source.slice(key.start, key.end);
  if (['const', 'let', 'var', 'console', 'import', 'export', 'type'].includes(text)) {
    const advice =
      text === 'export'
        ? 'A line that begins with {word} cannot be inside the table. If the table above it ends there, close it with }; else move the line above the table.'
        : 'A line that begins with {word} cannot be inside the table. Move it above the table.';
    return inFile('line-in-table', key.start, advice, { word: text });
  }
  if (key.kind === 'number') {
    if (comma.text === ',' && followsThousands(source, key.start)) return thousands(source, key.start);
    const before = /\d+,$/.exec(source.slice(Math.max(0, key.start - 20), key.start))?.[0];
    if (before !== undefined)
      return inFile(
        'decimal-comma',
        key.start - before.length,
        '{found} has a comma in it. Write a decimal with a point; if you mean two numbers, give each its own cell.',
        { found: before + text },
      );
    return inFile(
      'missing-name',
      key.start,
      'The number {found} has no name. Write the name of its cell and a colon before it.',
      { found: text },
    );
  }
  if (is(found, '=', '=>')) {
    return inFile(
      'equals-for-colon',
      found.start,
      'Inside braces a value follows a colon. Write a colon instead of {found}.',
      { found: found.text },
    ).withFix(found.start, found.end, ':');
  }
  if (is(found, ';')) return missingValue(text, key.start);
  const missing = 'A colon is missing after {name}.';
  return inFile('missing-colon', key.end, missing, { name: text }).withFix(key.end, key.end, ':');
}

/** A name and its colon, with nothing after them. */
export function missingValue(name: string, offset: number): Diagnostic {
  const text = '{name} has no value: write a number after its colon, or null.';
  return inFile('missing-value', offset, text, { name });
}

/** A token where a value should be. */
export function missingOperand(source: string, found: Token): Diagnostic {
  const hidden = hiddenByComment(source, found.start);
  if (hidden) return hidden;
  if (is(found, '?', '??', '?.')) return questionMark(found.start);
  if (is(found, '<'))
    return inFile('angle-brackets', found.start, 'Delete the type in < and > before this value.');
  if (found.kind === 'end') return unexpected(source, found, 'a value');
  return inFile(
    'unexpected',
    found.start,
    'Found {found} where a value should be. Write a number, or null. (A comment starts with //)',
    { found: source.slice(found.start, found.end) },
  );
}

export function questionMark(offset: number): Diagnostic {
  return inFile('question-mark', offset, 'A question mark is not a value: write a number, or null.');
}

// Statements

/** A token other than the required one. */
export function unexpected(source: string, found: Token, wanted: string): Diagnostic {
  return found.kind === 'end'
    ? inFile('early-end', found.start, `The file ends where ${wanted} should be.`)
    : inFile('unexpected', found.start, `Found {found} where ${wanted} should be.`, {
        found: source.slice(found.start, found.end),
      });
}

/** `name = value` at the top of the file. */
export function missingConst(offset: number, name: string): Diagnostic {
  const text = 'Write the word const before {name}.';
  return inFile('missing-const', offset, text, { name }).withFix(offset, offset, 'const ');
}

/** `name: value` at the top of the file. */
export function missingExportConst(offset: number): Diagnostic {
  return inFile(
    'missing-const',
    offset,
    'A table begins with the words export const, its name and an equals sign. These are missing here.',
  );
}

export function strayWord(name: string, offset: number): Diagnostic {
  const meant = nearest(name, ['export', 'import', 'const', 'type']);
  const text = meant
    ? `Write ${meant} instead of {name}.`
    : '{name} does not belong here. Delete this line, or put // before it.';
  const stray = inFile('stray-word', offset, text, { name });
  return meant ? stray.withFix(offset, offset + name.length, meant) : stray;
}

export function takenName(name: string, offset: number): Diagnostic {
  const text = '{name} has a special meaning in the language. Choose another name.';
  return inFile('taken-name', offset, text, { name });
}

export function inAnotherFile(offset: number): Diagnostic {
  const text = 'This refers to another file, but only this file is read. Write the table here.';
  return inFile('another-file', offset, text);
}

const conflictMarker = /^(?:<{7}|>{7}|={7})(?=[ \r\n]|$)/m;

/** Git's conflict markers, in a file that could not be read. */
export function mergeConflict(source: string): Diagnostic | undefined {
  const found = conflictMarker.exec(source);
  return found
    ? inFile(
        'merge-conflict',
        found.index,
        'Git left the marks of a merge conflict here. Keep the lines you want, and delete the lines that start with <<<<<<<, ======= or >>>>>>>.',
      )
    : undefined;
}

// Code that would have to run

/** Code that would have to run; `what` names it as a student would. */
export function wouldRun(offset: number, what: string, fix = 'Write a number.'): Diagnostic {
  const text = `${what} is program code, but this file is only read, not run. ${fix}`;
  return inFile('not-data', offset, text, {}, 'code');
}

/** Code that would have to run and is not part of a value. */
export function codeStatement(offset: number, what: string): Diagnostic {
  return wouldRun(offset, what, 'Delete it, and write each number where it belongs.');
}

export function call(offset: number): Diagnostic {
  const fix = 'Write the number, or arithmetic such as 12 / 3; or delete the line.';
  return wouldRun(offset, 'A call of a function', fix);
}

export function assignment(offset: number): Diagnostic {
  const text =
    'Changing a value later is program code, but this file is only read, not run. Write the number where the value is first given.';
  return inFile('assignment', offset, text, {}, 'change');
}

export function notArithmetic(offset: number, operator: string): Diagnostic {
  const power = operator === '^' ? ' For a power, write **.' : '';
  const text = `The sign {operator} is not supported here. Write a number, or arithmetic with + - * / % and **.${power}`;
  return inFile('operator', offset, text, { operator }, 'code');
}

// Values

/**
 * A name that has no value when the file is read from top to bottom.
 *
 * @param known the names that have a value.
 */
export function unknownName(offset: number, name: string, known: readonly string[]): Diagnostic {
  if (/^_+$/.test(name)) {
    const text = '{name} is a gap to fill in: write a number, or null.';
    return inCell('placeholder', offset, text, { name });
  }
  const meant = nearest(name, known);
  const found =
    meant === undefined
      ? inCell(
          'unknown-name',
          offset,
          'There is no const called {unknown}. Write the number, or declare that name with const in a line above the table.',
          { unknown: name },
        )
      : inCell('unknown-name', offset, 'There is no const called {unknown}. Did you mean {meant}?', {
          unknown: name,
          meant,
        });
  found.forField = 'There is no name {unknown} here. Write the number.';
  return found.orText();
}

const maxName = 40;
const telling = 3;

/**
 * The name that was probably meant, if one is close: a few letters off, different only in case, or with the
 * same first letters.
 */
export function nearest(found: string, names: readonly string[]): string | undefined {
  if (found.length > maxName || names.length === 0) return undefined;
  const lower = found.toLowerCase();
  const known = names.map((name) => ({ name, lower: name.toLowerCase() }));
  const closestName = closest(
    lower,
    known.map((candidate) => candidate.lower),
  );
  const allowed = Math.max(1, Math.floor(closestName.length / 3));
  if (distance(lower, closestName) <= allowed)
    return known.find((candidate) => candidate.lower === closestName)?.name;
  const alike = known.filter(
    (candidate) => lower.length >= telling && candidate.lower.startsWith(lower.slice(0, telling)),
  );
  return alike.length === 1 ? alike[0]?.name : undefined;
}
