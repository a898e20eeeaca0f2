import { closest, distance } from 'fastest-levenshtein';

/** A replacement for a part of the file; offsets count UTF-16 units. */
export interface Fix {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with a part of it replaced; it begins at an offset of the file. */
export function withFix(text: string, { start, end, text: instead }: Fix, offset = 0): string {
  return text.slice(0, start - offset) + instead + text.slice(end - offset);
}

/**
 * A part of the file that is not read, and why. Text and quotes are for the student, as in a `Message`; the offset
 * counts UTF-16 units from the start of the file; without one, there is no line to show. One that is thrown costs the file; one in a value costs its cells.
 */
export class Diagnostic extends Error {
  override readonly name = 'Diagnostic';
  readonly code: string;
  readonly offset: number | undefined;
  readonly text: string;
  readonly quotes: Readonly<Record<string, string>>;
  /** The intended text, if that is certain. */
  readonly fix: Fix | undefined;
  /** The text for a student who fills in a field and sees no file. */
  readonly forField: string | undefined;

  constructor(
    code: string,
    offset: number | undefined,
    text: string,
    quotes: Readonly<Record<string, string>> = {},
    fix?: Fix,
    forField?: string,
  ) {
    super(code);
    this.code = code;
    this.offset = offset;
    this.text = text;
    this.quotes = quotes;
    this.fix = fix;
    this.forField = forField;
  }
}

const program = 'is program code, but this file is only read, not run.';

/** The texts of messages by their codes; the part after a dot tells texts with one code apart. */
const texts = {
  'angle-brackets': 'Delete the type in < and > before this value.',
  'another-file': 'Only this file is read. Delete this line, and write the number or the table here.',
  'another-file.import':
    'Only this file is read, and only types are imported. Delete this line and write each number here; if it imports types, write import type.',
  assignment: `Changing a value later ${program} Write the number where the value is first given.`,
  'bad-escape': 'A backslash in this text does not form a valid escape. Delete it.',
  'bad-number': '{found} cannot be read as a number. Write the number alone.',
  'beside-null': 'The word null is still beside the number. Delete the word null and keep the number.',
  'brackets-after-number':
    'Delete the parentheses after the number and everything in them. (To multiply, write *; a note goes after //.)',
  'colon-after-number': 'Found a colon after a number. To divide, write /; after a cell, write a comma.',
  'comma-at-end': 'This is the end: write a semicolon instead of this comma.',
  'computed-key': 'A name stands without square brackets: delete them.',
  'curly-quote':
    "This is a curly quotation mark. Around a number, delete it; elsewhere, replace it with a plain '.",
  'decimal-comma':
    '{found} has a comma in it. Write a decimal with a point; if you mean two numbers, give each its own cell.',
  destructuring: 'Several names in brackets are not supported here: write one const for each name.',
  'duplicate-export': '{found} is exported twice. Keep one of the two.',
  'duplicate-key': '{found} is written twice here. Keep one of the two.',
  'duplicate-name': '{found} is declared twice. Keep one of the two.',
  'early-end': 'The file ends where {found} should be.',
  empty: 'The file is empty. Copy the original file back; it contains the table {found}.',
  'equals-after-default': 'Delete the equals sign after default.',
  'equals-for-colon': 'Inside braces a value follows a colon. Write a colon instead of {found}.',
  'equals-sign': 'There is an equals sign inside a value. Keep only one side of it.',
  'extra-brace': 'There is an extra } here, so everything after it is outside the table. Delete this }.',
  'extra-comma': 'There is an extra comma here. Delete it.',
  'foreign-digit': '{found} has a digit that is not one of 0 to 9. Type it again.',
  'hidden-by-comment':
    'Everything after // on this line is a comment. Move the closing bracket before it. (To divide, write one /.)',
  'invisible-character':
    'There is an invisible character here, {found}. Delete it together with the characters next to it, and retype those.',
  'leading-zero': '{found} starts with a zero. Write it without the zero.',
  'line-in-table':
    'A line that begins with {found} cannot be inside a table. Move it above the table; if the table above it ends there, close that with };',
  'merge-conflict':
    'Git left the marks of a merge conflict here. Keep the lines you want, and delete the lines that start with <<<<<<<, ======= or >>>>>>>.',
  'missing-brace': 'A { is missing here, after the equals sign.',
  'missing-colon': 'A colon is missing after {found}.',
  'missing-comma': 'A comma is missing after {found}.',
  'missing-const':
    'A table begins with the words export const, its name and an equals sign. These are missing here.',
  'missing-const.word': 'Write the word const before {found}.',
  'missing-name': '{found} has no name. Write the name of its cell and a colon before it.',
  'missing-value': '{found} has no value: write a number after its colon, or null.',
  'missing-value.before': 'A value is missing before {found}: write a number, or { where an object begins.',
  'no-comment': 'Found {found} where a name should be. A comment starts with two slashes.',
  'no-export': 'There is no export const {found} in this file. Give the table that name.',
  'not-a-table': '{found} has to be an object in braces that holds an object for each row.',
  'not-data.call': `A call of a function ${program} Write the number, or arithmetic such as 12 / 3.`,
  'not-data.function': `A function ${program} Write a number.`,
  'not-data.line': `This line ${program} Delete the line.`,
  'not-data.print': `This line ${program} Delete the line, or leave only names between its parentheses.`,
  'not-data.statement':
    'What begins with {found} is not read here: this file holds only consts and tables. Delete it, and write each number where it belongs.',
  'not-data.word': `The word {found} ${program} Write a number.`,
  'not-exported': 'The word export is missing before const {found}.',
  operator:
    'The sign {found} is not supported here. Write a number, or arithmetic with + - * / % and **. (For a power, write **.)',
  placeholder: '{found} is not a value: write a number, or null.',
  proto: 'The name {found} is not allowed here.',
  'rich-text':
    'This file is rich text, as a word processor saves it. Open it there, save it as plain text, and hand that in.',
  'round-brackets':
    'Parentheses hold one value. A row has braces: write { instead of ( and } instead of ), with a name and a colon before each number.',
  'semicolon-for-comma': 'Write a comma instead of this semicolon.',
  'shape-in-a-cell':
    '{found} looks like a whole shape. Each cell takes one number, so a shape takes two cells. (To multiply, write *.)',
  'signed-power': 'Put parentheses around the signed number before **.',
  spread: 'Three dots are not read here. Write each cell with its name, a colon and its number.',
  'stray-word': '{found} does not belong here. Delete this line, or put // before it.',
  'taken-name': '{found} has a special meaning in the language. Choose another name.',
  template:
    'Text in backticks is not read here. Write a number alone, and text between plain quotation marks.',
  'thousands-separator':
    '{found} is split inside the number. Write its digits together; if you mean two numbers, give each its own cell.',
  'too-deep': 'Too many brackets or signs are nested here. Write plain numbers.',
  'too-large': 'The file has too many parts to be a table of numbers.',
  'two-numbers': 'There are two numbers side by side here, {found}. Each cell takes one number.',
  'unclosed-bracket.before':
    'The { here is not closed before {found}: add } and a comma after the values it holds.',
  'unclosed-bracket.table':
    'The table above is not closed before {found}: write }; in a line of its own above this one.',
  'unclosed-comment': 'A comment starts here and never ends: add */ after it.',
  'unclosed-string':
    'There is only one quotation mark on this line. Delete it if this is a number; if it is text, close it with the same mark.',
  'unexpected-character': '{found} does not belong here. Delete it.',
  'unexpected.value':
    'Found {found} where a value should be. Write a number, or null. (A comment starts with //)',
  unit: '{found} is more than a number. Leave out the unit, and write the number alone.',
  'unknown-export': 'There is no const called {found} to export.',
  'use-const':
    '{found} allows a value to change later, but this file is only read, not run. Write const instead.',
  words: 'There are words here, {found}. Write one number, in digits. (A text goes in quotes.)',
  'wrong-bracket': '{found} closes nothing here. Write } instead.',
} as const;

type Text = keyof typeof texts;

/** A diagnostic with one of the texts above, in which `{found}` is a part of the file. */
export function diagnose(text: Text, offset: number | undefined, found?: string, fix?: Fix): Diagnostic {
  const [code = ''] = text.split('.');
  return new Diagnostic(code, offset, texts[text], found === undefined ? {} : { found }, fix);
}

/** Where reading stopped: at a character, a value, the name of an entry, after one, after a value, at a statement. */
export type Place = 'character' | 'value' | 'name' | 'colon' | 'after' | 'statement';

/**
 * A slip that people make: its text; how the line looks, with ‸ where reading stopped; and, if that is certain, what to
 * write in place of all that matched. What is quoted is the match, or its group called `found`.
 */
type Slip = readonly [text: Text, line: RegExp, fix?: string];

/** Slips in numbers, wherever they are. */
const ofNumbers: readonly Slip[] = [
  ['thousands-separator', /\d{1,3}‸?[,' \u00a0\u2009\u202f]‸?\d{3}(?:[,' ]\d{3})*(?!\d)/g],
  ['decimal-comma', /\d+,‸\d+/g],
  ['shape-in-a-cell', /(?:\d+ ?)?‸\d* ?[xX×✕] ?\d+/g],
  ['beside-null', /null ?‸=? ?(\d[\d._]*)/g, '$1'],
  ['beside-null', /‸(\d[\d._]*)null|(\d[\d._]*) ‸null/g, '$1$2'],
];

/** The slips at each place; the first that fits counts. */
const slips: Readonly<Record<Place, readonly Slip[]>> = {
  character: [
    ...ofNumbers,
    ['leading-zero', /‸0+(\d+)(?![\w.])/g, '$1'],
    ['foreign-digit', /‸\d*(?!\d)\p{Nd}/gu],
    ['bad-number', /‸\.?\d[\p{L}\p{N}_.]*/gu],
    // In 5’10” these marks are not quotation marks.
    ['curly-quote', /(?<![\p{L}\p{N}] ?)‸[“”„‘’‚«»] ?(\d+(?:\.\d+)?) ?[“”‘’«»]/gu, '$1'],
    ['curly-quote', /‸[“”„‘’‚«»]/g],
    ['invisible-character', /‸[\p{Cf}\p{Cc}]+/gu, ''],
    ['placeholder', /‸…/g],
    ['template', /(?<![\w)\]])‸`(\d+)`/g, '$1'],
    ['template', /(?<![\w)\]])‸`([^`'\\$]*)`/g, "'$1'"],
    ['template', /‸`/g],
    ['bad-escape', /‸(?:"[^"]*\\.*"|'[^']*\\.*')/g],
    ['unclosed-string', /‸['"]/g],
  ],
  value: [
    ['equals-after-default', /(?<=default ?)‸=/g, ''],
    ['missing-value', /(?<found>[\w$]+)['"]? ?: ?‸[,};]/g],
    ['spread', /‸\.{3}(?= ?[\w[{(])/g],
    ['placeholder', /‸(?:\?+|\.{3})/g],
    ['assignment', /‸(?:\+\+|--)/g],
    ['operator', /‸[!~]/g],
    ['angle-brackets', /‸</g],
    ['not-data.function', /‸async\b/g],
    ['not-data.word', /‸[a-z]+/g],
    ['unexpected.value', /‸[^\s\w]/gu],
  ],
  name: [
    ...ofNumbers,
    ['missing-name', /‸\d[\d.]*/g],
    ['extra-comma', /‸,/g, ''],
    ['wrong-bracket', /‸[)\]]/g, '}'],
    ['computed-key', /‸\[ ?(['"]?)([\w$]+)\1 ?\]/g, '$2'],
    ['spread', /‸\.{3}/g],
    ['no-comment', /‸#/g, '//'],
    ['no-comment', /‸[^\s\w]/gu],
  ],
  colon: [
    ['line-in-table', /(?<found>const|let|var|console|import|export|type) ?‸/g],
    ['not-data.function', /\w+ ?‸(?:\w+ ?)?[(<]/g],
    ['equals-for-colon', /‸=>?/g, ':'],
  ],
  after: [
    ...ofNumbers,
    ['semicolon-for-comma', /‸;/g, ','],
    ['colon-after-number', /(?<=\d ?)‸:/g],
    ['missing-value.before', /(?<found>[\p{ID_Start}$_][\w$]*) ?‸:/gu],
    ['wrong-bracket', /‸[)\]]/g, '}'],
    ['placeholder', /‸\?+(?= *(?:[,;})\]]|$))/g],
    ['not-data.function', /‸=>/g],
    ['brackets-after-number', /(?<=\d ?)‸\(/g],
    ['not-data.call', /[\p{L}\p{N}$_.)\]]*‸\(/gu],
    ['assignment', /‸(?:\+\+|--|[-+*/%]+=)/g],
    ['equals-sign', /‸=(?!=)/g],
    ['operator', /‸(?:[<>=&|!^?~]+\.?|in\b|instanceof\b)/g],
    ['another-file', /‸from\b/g],
    ['two-numbers', /\d[\d._]* ‸\d[\d._]*/g],
    ['words', /[\p{L}\d]+ ‸\p{L}[\p{L}\d]*(?: \p{L}[\p{L}\d]*)*(?![\p{L}\d ]*:)/gu],
  ],
  statement: [
    ['use-const', /‸(?<found>let|var)\b/g, 'const'],
    ['missing-const', /‸(?:\{|(?:module\.)?exports\b|[\p{ID_Start}$_][\p{ID_Continue}$]* ?:|default$)/gu],
    ['missing-const.word', /‸(?<found>[\p{ID_Start}$_][\p{ID_Continue}$]*)(?= ?=[^=])/gu, 'const $1'],
    ['assignment', /‸(?:(?:\+\+|--)?[\w$][\w$.[\]'"]* ?(?:[-+*/%]*=[^=]|\+\+|--)|\+\+|--)/g],
    ['another-file', /(?<=export ?)‸\*/g],
    ['not-data.statement', /‸(?:async|function|class|abstract|enum|namespace|declare|interface|type)\b/g],
    ['not-data.statement', /‸(?:if|for|while|do|try|throw|switch|return|new|delete|await|typeof|using)\b/g],
    ['not-data.line', /‸[\w$][\w$.]*(?:[(?]|;?$)(?<=[.(?].*)/g],
  ],
};

/** How much of a line is looked at on each side of the place where reading stopped. */
const view = 80;

/** The slip at a place where reading stopped, or undefined if it is none that we know. */
export function slipAt(source: string, offset: number, place: Place): Diagnostic | undefined {
  const [before = ''] = /[^\n\r‸]*$/.exec(source.slice(Math.max(0, offset - view), offset)) ?? [];
  const [after = ''] = /^[^\n\r‸]*/.exec(source.slice(offset, offset + view)) ?? [];
  for (const [text, line, fix] of slips[place]) {
    for (const match of `${before}‸${after}`.matchAll(line)) {
      const [all, ...groups] = match.map((group) => group?.replace('‸', ''));
      if (all === undefined || all === match[0]) continue;
      const start = offset - before.length + match.index;
      const found = (match.groups?.found ?? all).trim();
      const written = fix?.replace(/\$(\d)/g, (_, index: string) => groups[Number(index) - 1] ?? '');
      const end = start + all.length;
      return diagnose(text, start, found, written === undefined ? undefined : { start, end, text: written });
    }
  }
  return undefined;
}

const lookAlikes = new Map(
  Array.from('÷−–—，：、；（）｛｝［］／＊＋＝', (typed, index) => [
    typed,
    '/---,:,;(){}[]/*+='.charAt(index),
  ]),
);

/** A character that cannot begin a token. */
export function badCharacter(source: string, offset: number): Diagnostic {
  const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  const plain = lookAlikes.get(character);
  const slip = slipAt(source, offset, 'character');
  if (slip) return slip;
  if (plain === undefined) return diagnose('unexpected-character', offset, character);
  // A person who types one of these usually types more of them on the line.
  const [rest = ''] = /^[^'"`\n\r]*/.exec(source.slice(offset, offset + 200)) ?? [];
  const text = [...rest].map((one) => lookAlikes.get(one) ?? one).join('');
  return new Diagnostic(
    'look-alike',
    offset,
    `Write the plain ${plain} in place of {found}.`,
    { found: character },
    { start: offset, end: offset + rest.length, text },
  );
}

/** A comment that hides a part of its line: `4096 // 32`, or the brace that closes a row. */
export function hiddenByComment(source: string, start: number): Diagnostic | undefined {
  const [comment = ''] = /^[^\n\r]*/.exec(source.slice(start, start + 200)) ?? [];
  const isDivision =
    /^\/\/\s*\d/.test(comment) && /\d[ \t]*$/.test(source.slice(Math.max(0, start - 9), start));
  if (!isDivision && !/^[^{]*\}/.test(comment)) return undefined;
  const fix = isDivision ? { start, end: start + 2, text: '/' } : undefined;
  return diagnose('hidden-by-comment', start, undefined, fix);
}

/** A file or table that ends before a { is closed. @param line where that one is. */
export function unclosedFrom(line: number, offset: number): Diagnostic {
  const text = `A } is missing here: the { of line ${line} is never closed.`;
  return new Diagnostic('unclosed-bracket', offset, text);
}

/** A line that begins no statement, where no slip explains it. */
export function strayWord(source: string, offset: number): Diagnostic {
  const [name = ''] = /^[\p{ID_Continue}$]+|^[^\n\r]{0,40}/u.exec(source.slice(offset, offset + 60)) ?? [];
  const meant = nearest(name, ['export', 'import', 'const']);
  if (meant === undefined || meant === name) return diagnose('stray-word', offset, name);
  const fix = { start: offset, end: offset + name.length, text: meant };
  return new Diagnostic('stray-word', offset, `Write ${meant} instead of {found}.`, { found: name }, fix);
}

/** A name that no const above has. */
export function unknownName(offset: number, name: string, known: readonly string[]): Diagnostic {
  if (/^_+$/.test(name)) return diagnose('placeholder', offset, name);
  const meant = nearest(name, known);
  const advice =
    meant === undefined
      ? 'Write the number, or declare that name with const in a line above.'
      : 'Did you mean {meant}?';
  return new Diagnostic(
    'unknown-name',
    offset,
    `There is no const called {unknown} above this line. ${advice}`,
    meant === undefined ? { unknown: name } : { unknown: name, meant },
    undefined,
    'There is no name {unknown} here. Write the number.',
  );
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
