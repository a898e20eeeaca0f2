import { closest, distance } from 'fastest-levenshtein';

/** A change for a student to make: new text for a part of the file. Offsets are in UTF-16 units. */
export interface Fix {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A part of the file that cannot be read, and why. Text and quotes are for the student, as in a `Message`. The offset
 * is in UTF-16 units from the start of the file; without one, there is no line to show. A thrown diagnostic makes the
 * whole file unreadable; one in a value, only the cells that use that value.
 */
export class Diagnostic extends Error {
  override readonly name = 'Diagnostic';
  readonly code: string;
  readonly offset: number | undefined;
  readonly text: string;
  readonly quotes: Readonly<Record<string, string>>;
  /** Possible fixes, likeliest first. One is shown only if more of the file can be read with it. */
  readonly fixes: readonly Fix[];
  /** The text for students who fill in a field of the page and see no file. */
  readonly forField: string | undefined;

  constructor(
    code: string,
    offset: number | undefined,
    text: string,
    quotes: Readonly<Record<string, string>> = {},
    fixes: readonly Fix[] = [],
    forField?: string,
  ) {
    super(code);
    this.code = code;
    this.offset = offset;
    this.text = text;
    this.quotes = quotes;
    this.fixes = fixes;
    this.forField = forField;
  }
}

/** Advice on groups of three digits that may be one number or two, depending on what the student meant. */
export const oneOrTwo = 'One number has nothing between its digits; two numbers belong in two cells.';

const program = 'is program code, but this file is only read, not run.';

/**
 * The text of each message by its code: what is there, and what is expected. Codes that differ only after the dot are
 * one code with several texts. The texts do not say what to write or delete: a fix says that, if one is certain.
 */
const texts = {
  'angle-brackets': 'A type in < and > is not allowed before a value.',
  'another-file': 'Only this file is read, so the numbers or the table have to be here.',
  'another-file.import': 'Only this file is read, so it can import only types.',
  'another-file.names': 'An import of a type has the name in braces, after the words import type.',
  assignment: `Changing a value later ${program} The number belongs where the value is first given.`,
  'bad-escape': 'A backslash in this text does not form a valid escape.',
  'bad-number': '{found} cannot be read as a number.',
  'beside-null': 'The word null is still beside the number.',
  'brackets-after-number':
    'A number cannot have parentheses after it. (A note goes after //, and a product takes a *.)',
  'code-fence': 'Three backticks belong to Markdown, and not to this file.',
  'colon-after-number':
    'A number cannot have a colon after it. (A division takes a /, and cells are separated by a comma.)',
  'comma-at-end': 'This is the end, so a semicolon belongs here, not a comma.',
  'computed-key': 'A name takes no square brackets.',
  'curly-quote':
    'This is a curly quotation mark. A number takes no quotation marks, and a text takes straight ones.',
  destructuring: 'Several names in brackets are not supported here: each name needs a const of its own.',
  duplicate: '{found} appears twice, here and above, and only one can be right.',
  'early-end': 'The file ends where {found} should be.',
  'equals-for-colon': 'Inside braces a value follows a colon, not {found}.',
  'equals-sign': 'There is an equals sign inside a value. A cell takes only one side of it.',
  'extra-brace': 'There is one } too many: the table ends here.',
  'hidden-by-comment': 'Everything after // on this line is a comment.',
  'invisible-character': 'There is an invisible character here, {found}.',
  'leading-zero': '{found} starts with a zero.',
  'line-in-table': 'A line that begins with {found} belongs above the table, or below the }; that ends it.',
  'look-alike': '{found} looks like an ordinary character, but it is a different one.',
  'look-alike.power': 'A power is written with two stars, not with small digits.',
  'lost-operator':
    'Something is missing between the two names here, {found}: one of + - * / and **, or a comma.',
  'lost-comment': 'This line is not part of a table. A note starts with two slashes.',
  'merge-conflict':
    'Git left the marks of a merge conflict here. One of the two versions has to stay, and the marks have to go.',
  'missing-brace': 'There is no { after the equals sign.',
  'missing-colon': 'There is no colon after {found}.',
  'missing-comma': 'There is no comma after {found}.',
  'missing-const': 'A table begins with export const, its name and an equals sign. This line does not.',
  'missing-const.word': 'There is no const before {found}.',
  'missing-name': '{found} has no name. A cell has its name and a colon before its number, as in name: 12.',
  'missing-value': '{found} has no value after its colon: a number, null, or { where a row begins.',
  'missing-value.before': 'There is no value before {found}: a number, or { where an object begins.',
  'no-digit':
    'A number is written in digits, with signs such as - and * between numbers. {found} is neither.',
  'no-comment': 'A comment starts with two slashes, not with {found}.',
  'no-export': 'There is no export const {found} in this file, but the table needs that name.',
  'no-table.rows':
    'The table has no rows. Take the original {found} from its history, and type your answers into its table.',
  'no-table':
    'There is no table here. Take the original {found} from its history, and type your answers into its table.',
  'not-a-table': '{found} has to be an object in braces that holds an object for each row.',
  'not-data': `{found} ${program}`,
  'not-data.print': `This line ${program} Only names, numbers and texts can be printed.`,
  'not-exported': 'The word export is missing before const {found}.',
  operator: '{found} cannot be used here. Numbers can, with + - * / % and **.',
  placeholder: '{found} is not a value. A cell takes a number, or null.',
  proto: 'The name {found} is not allowed here.',
  'round-brackets':
    'Parentheses hold one value. A row has braces, with a name and a colon before each number.',
  'semicolon-for-comma': 'In a table, entries are separated by a comma, not by a semicolon.',
  'shape-in-a-cell': '{found} looks like a whole shape, which takes two cells. (A product takes a *.)',
  'signed-power': 'A signed number before ** needs parentheses around it, as in (-2) ** 2.',
  'split-name': 'A name is one word, but there are two here, {found}.',
  spread: 'Three dots cannot be used here. Each cell has its name, a colon and its number.',
  'stray-word': '{found} does not belong here.',
  'taken-name': '{found} has a special meaning in the language, so it cannot be a name.',
  template:
    'Backticks cannot be used here. A number takes no quotation marks, and a text takes straight ones.',
  'one-or-two-numbers': `{found} may be one number or two. ${oneOrTwo}`,
  'thousands-separator': '{found} is one number, so its digits belong together.',
  'too-deep': 'Too many brackets or signs are nested here. A cell takes a plain number.',
  'too-large': 'The file has too many parts to be a table of numbers.',
  'two-numbers': '{found} is not one number. Two numbers belong in two cells.',
  'two-numbers.comma': '{found} is not one number. Two numbers belong in two cells. (A decimal has a point.)',
  'type-for-value': 'A colon is followed by a type; the value comes after an equals sign.',
  'unclosed-comment': 'A comment starts here with /* and never ends. It ends with */.',
  'unclosed-string.backtick': 'A text starts here with a backtick and never ends.',
  'unclosed-string': 'There is only one quotation mark on this line. A text has two, and a number has none.',
  'unexpected.value': 'Found {found} where a value should be: a number, null, or { where a row begins.',
  unit: '{found} is more than a number. A cell takes only the number.',
  'unknown-export': 'There is no const called {found} to export.',
  'use-const': '{found} allows a value to change later, but this file is only read, not run.',
  words: 'There are words here, {found}. A cell takes one number, in digits.',
} as const;

/** By code, texts that replace the ones above in a worksheet that also has text cells. */
const besideTexts: Readonly<Record<string, string>> = {
  placeholder: '{found} is not a value. A cell takes a number, a text in quotes, or null.',
  words:
    'There are words without quotes here, {found}. A text has quotes around it, and a number is in digits.',
};

/** Returns the text of a diagnostic for a worksheet that also has text cells. */
export function textBesideTexts({ code, text }: Diagnostic): string {
  return besideTexts[code] ?? text;
}

type Text = keyof typeof texts;

/** A diagnostic with one of the texts above, in which `{found}` is a part of the file. */
export function diagnose(
  text: Text,
  offset: number | undefined,
  quote?: string,
  ...fixes: readonly Fix[]
): Diagnostic {
  const [code = ''] = text.split('.');
  return new Diagnostic(code, offset, texts[text], quote === undefined ? {} : { found: quote }, fixes);
}

/**
 * Where reading stopped: at a character, at a value, at the name of an entry, after a name, after a value, at a
 * statement, or where a certain word or sign is required.
 */
export type Slot = 'character' | 'value' | 'name' | 'colon' | 'after' | 'statement' | 'sign';

/**
 * A common slip: its text; a pattern of the line, in which ‸ marks where reading stopped; and what may be meant instead
 * of the whole match. The quote is the match, or its group called `found`.
 */
type Slip = readonly [text: Text, line: RegExp, ...fixes: readonly string[]];

/** Slips in numbers, wherever they are. */
const ofNumbers: readonly Slip[] = [
  // Judge by form alone: 4,096 is one number, since nobody writes a shape of this size like that; 100,128 and 4 096 may
  // be two.
  [
    'thousands-separator',
    /(?<![\d.,'])([1-9]\d?)‸?,‸?(\d{3})(?:‸?,‸?(\d{3}))?(?:‸?,‸?(\d{3}))?(?![\d.]|,\d)/g,
    '$1$2$3$4',
  ],
  [
    'one-or-two-numbers',
    /(?<![\d.,'])\d{1,3}(?:‸?[,' \u00a0\u2009\u202f]‸?\d{3})+(?![\d.]|[,' \u00a0\u2009\u202f]\d)/g,
  ],
  ['two-numbers.comma', /(?<![\d.,])\d+(?:,\d+)*,‸\d[\d.,]*(?<!,)/g],
  ['two-numbers', /(?<![\d.,])\d[\d._]*'?[ \u00a0\u2009\u202f]*‸[ \u00a0\u2009\u202f']*\d[\d._]*/g],
  ['shape-in-a-cell', /(?:‸\d+|\d+ ?‸) ?[xX×✕] ?\d+/g],
  ['beside-null', /null ?‸=? ?(\d[\d._]*)/g, '$1'],
  ['beside-null', /(\d[\d._]*) ‸null/g, '$1'],
];

/** The slips in each slot; the first that fits counts. */
const slips: Readonly<Record<Slot, readonly Slip[]>> = {
  character: [
    ...ofNumbers,
    ['leading-zero', /‸0+(\d+)(?![\w.])/g, '$1'],
    ['no-digit', /‸\.?\d[\d._]*(?<found>[\p{L}$·]+)[\p{L}\p{N}$·_.]*/gu],
    ['bad-number', /‸\.?\d[\d_.]*/g],
    // In 5’10” these marks are not quotation marks.
    ['curly-quote', /(?<![\p{L}\p{N}] ?)‸[“”„‘’‚«»] ?(\d+(?:\.\d+)?) ?[“”‘’«»]/gu, '$1'],
    ['curly-quote', /(?<![\p{L}\p{N}])‸[“”„‘’‚«»]([^“”„‘’‚«»'"\\]*)[“”‘’«»]/gu, "'$1'"],
    ['curly-quote', /‸[“”„‘’‚«»]/g],
    ['placeholder', /‸…/g],
    ['template', /(?<![\w)\]])‸`(-?\d+(?:\.\d+)?)`/g, '$1'],
    ['template', /(?<![\w)\]])‸`([^`'\\$]*)`/g, "'$1'"],
    ['unclosed-string.backtick', /‸`(?!.*`)/g, ''],
    ['template', /‸`/g],
    ['bad-escape', /‸(?:"[^"]*\\.*"|'[^']*\\.*')/g],
    ['unclosed-string', /‸(['"])(?![^,}]*[\p{L}])/gu, ''],
    ['unclosed-string', /‸(['"])([^,;}]*?)(?= *(?:[,;}]|$))/g, '$1$2$1'],
    ['unclosed-string', /‸['"]/g],
  ],
  value: [
    ['missing-value', /(?<found>[\w$]+)['"]? ?: ?‸[,};]/g],
    ['no-digit', /(?<=\d ?)(?<found>%) ?‸(?=[,}])/g],
    ['no-digit', /(?<=: ?)‸%(?= ?\d)/g],
    ['spread', /‸\.{3}(?= ?[\w[{(])/g],
    ['placeholder', /‸(?:\?+|\.{3})/g],
    ['assignment', /‸(?:\+\+|--)/g],
    ['operator', /‸[!~]/g],
    ['angle-brackets', /‸<[A-Za-z][\w ]*>/g, ''],
    ['not-data', /‸[a-z]+/g],
    ['unexpected.value', /(?<=default ?)‸=/g, ''],
    ['unexpected.value', /‸[^\s\w]/gu],
  ],
  name: [
    ...ofNumbers,
    ['missing-name', /‸\d[\d.]*/g],
    ['stray-word', /‸,/g, ''],
    ['stray-word', /‸[)\]]/g, '', '}'],
    ['computed-key', /‸\[ ?(['"]?)([\w$]+)\1 ?\]/g, '$2'],
    ['spread', /\{ ?‸\.{3} ?([\w$.]+) ?,? ?\}/g, '$1'],
    ['spread', /‸\.{3}/g],
    ['no-comment', /‸#/g, '//', ''],
    ['stray-word', /‸[^\s\w]/gu],
  ],
  colon: [
    ['line-in-table', /(?<found>const|let|var|console|import|export|type) ?‸/g],
    ['not-data', /\w+ ?‸(?:\w+ ?)?[(<]/g],
    ['equals-for-colon', /‸=>?/g, ':'],
    // A - or + may be the sign of the number.
    ['equals-for-colon', /‸[*/%;&|](?= ?[\d{'"])/g, ':'],
  ],
  after: [
    ...ofNumbers,
    ['semicolon-for-comma', /‸;/g, ','],
    ['colon-after-number', /(?<=\d ?)‸:/g],
    ['missing-value.before', /(?<found>[\p{ID_Start}$_][\w$]*) ?‸:/gu],
    ['stray-word', /‸[)\]]/g, '', '}'],
    ['placeholder', /‸\?+(?= *(?:[,;})\]]|$))/g],
    ['not-data', /‸=>/g],
    ['brackets-after-number', /(?<=\d ?)‸\(/g],
    ['not-data', /[\p{L}\p{N}$_.)\]]*‸\(/gu],
    ['assignment', /‸(?:\+\+|--|[-+*/%]+=)/g],
    ['equals-sign', /‸=(?!=)/g],
    ['operator', /‸\^/g, '**'],
    ['operator', /‸(?:[<>=&|!?~]+\.?|in\b|instanceof\b)/g],
    ['another-file', /‸from\b/g],
    ['words', /[\p{L}\d]+ ‸\p{L}[\p{L}\d]*(?: \p{L}[\p{L}\d]*)*(?![\p{L}\d ]*:)/gu],
  ],
  statement: [
    ['use-const', /‸(?<found>let|var)\b/g, 'const'],
    ['stray-word', /‸export const\b/gi, 'export const'],
    ['missing-const', /(?<=export )‸(?=[\w$]+ ?: ?[\w$<>[\]]+ ?=)/g, 'const '],
    ['missing-const', /‸(?=[\w$]+ ?: ?[\w$<>[\]]+ ?=)/g, 'export const '],
    ['missing-const', /‸(?:module\.)?exports\.(?=[\w$]+ ?=)/g, 'export const '],
    ['missing-const', /‸(?:\{|(?:module\.)?exports\b|[\p{ID_Start}$_][\p{ID_Continue}$]* ?: ?\{|default$)/gu],
    [
      'missing-const.word',
      /‸(?<found>[\p{ID_Start}$_][\p{ID_Continue}$]*) ?[,:]? (\d[\d_.]*)(?= ?;?$)/gu,
      'const $1 = $2',
    ],
    ['missing-const.word', /‸(?=(?<found>[\p{ID_Start}$_][\p{ID_Continue}$]*) ?=[^=])/gu, 'const '],
    ['assignment', /‸(?:(?:\+\+|--)?[\w$][\w$.[\]'"]* ?(?:[-+*/%]*=[^=]|\+\+|--)|\+\+|--)/g],
    ['another-file', /(?<=export ?)‸\*/g],
    ['not-data', /‸(?:async|function|class|abstract|enum|namespace|declare|interface|type|if|for|while)\b/g],
    ['not-data', /‸(?:do|try|throw|switch|return|new|delete|await|typeof|using)\b/g],
    ['not-data', /‸[\w$][\w$.]*(?:[(?]|;?$)(?<=[.(?].*)/g],
    ['code-fence', /‸`{3}\w*$/g, ''],
    ['no-comment', /‸#/g, '//'],
    ['stray-word', /‸[)\]]/g, ''],
  ],
  sign: [['split-name', /[\p{ID_Start}$_][\w$]* ‸[\p{ID_Start}$_][\w$]*(?: [\w$]+)*(?= ?[=:])/gu]],
};

/** How many characters of the line to look at on each side of the place where reading stopped. */
const view = 80;

/** Finds the slip at the place where reading stopped; undefined if we know none that fits. */
export function slipAt(source: string, offset: number, slot: Slot): Diagnostic | undefined {
  const [before = ''] = /[^\n\r‸]*$/.exec(source.slice(Math.max(0, offset - view), offset)) ?? [];
  const [after = ''] = /^[^\n\r‸]*/.exec(source.slice(offset, offset + view)) ?? [];
  for (const [text, line, ...written] of slips[slot]) {
    for (const match of `${before}‸${after}`.matchAll(line)) {
      const [matched, ...groups] = match.map((group) => group?.replace('‸', ''));
      if (matched === undefined || matched === match[0]) continue;
      const start = offset - before.length + match.index;
      const end = start + matched.length;
      const quote = (match.groups?.found ?? matched).trim();
      const groupOf = (_: string, index: string) => groups[Number(index) - 1] ?? '';
      const fixes = written.map((fix) => ({ start, end, text: fix.replace(/\$(\d)/g, groupOf) }));
      return diagnose(text, start, quote, ...fixes);
    }
  }
  return undefined;
}

const lookAlikes = new Map(
  Array.from('÷×✕−，：、；（）｛｝［］／＊＋＝', (typed, index) => [
    typed,
    '/**-,:,;(){}[]/*+='.charAt(index),
  ]),
);

const foreignDigit = /(?!\d)\p{Nd}/u;

/** Turns the digits of any script into ASCII. In Unicode, the ten digits of a script are consecutive, starting with zero. */
export function plainDigits(text: string): string {
  return text.replace(new RegExp(foreignDigit, 'gu'), (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (foreignDigit.test(String.fromCodePoint(zero - 1))) zero--;
    return String((code - zero) % 10);
  });
}

/** A character that cannot begin a token. */
export function badCharacter(source: string, offset: number): Diagnostic {
  const [rest = ''] = /^[^'"`\n\r]*/.exec(source.slice(offset, offset + 200)) ?? [];
  const [power] = /^[⁰¹²³⁴⁵⁶⁷⁸⁹]+/.exec(rest) ?? [];
  if (power !== undefined) {
    const fix = { start: offset, end: offset + power.length, text: `**${power.normalize('NFKC')}` };
    return diagnose('look-alike.power', offset, power, fix);
  }
  const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  if (invisible.test(character)) return invisibleIn(rest, offset);
  const [, digit] = /^\d*((?!\d)\p{Nd})/u.exec(rest) ?? [];
  const slip = digit === undefined ? slipAt(source, offset, 'character') : undefined;
  if (slip) return slip;
  const typed = digit ?? (lookAlikes.has(character) ? character : undefined);
  if (typed === undefined) {
    const isInNumber =
      /\d$/.test(source.slice(0, offset)) || /^\d/.test(source.slice(offset + character.length));
    if (isInNumber) return diagnose('no-digit', offset, character);
    return diagnose('stray-word', offset, character, ...deletionOf(source, offset, character));
  }
  // Somebody who types one of these usually types more of them on the same line.
  const isLookAlike = (one: string) => lookAlikes.has(one) || foreignDigit.test(one);
  const characters = Array.from(rest);
  const wrong = characters.slice(0, characters.findLastIndex(isLookAlike) + 1).join('');
  const text = Array.from(plainDigits(wrong), (one) => lookAlikes.get(one) ?? one).join('');
  return diagnose('look-alike', offset, typed, { start: offset, end: offset + wrong.length, text });
}

const invisible = /(?!\t)[\p{Cf}\p{Cc}]/u;

/** An invisible character, and the line without it and others like it. */
function invisibleIn(rest: string, offset: number): Diagnostic {
  const signs = [...rest.matchAll(new RegExp(invisible, 'gu'))];
  const last = signs.at(-1)?.index ?? 0;
  const [run = ''] = /^[\p{Cf}\p{Cc}]+/u.exec(rest) ?? [];
  const text = rest.slice(0, last + 1).replace(new RegExp(invisible, 'gu'), '');
  return diagnose('invisible-character', offset, run, { start: offset, end: offset + last + 1, text });
}

/** A fix that deletes a character, unless the character may belong to its neighbors. */
function deletionOf(source: string, offset: number, character: string): Fix[] {
  const end = offset + character.length;
  const [before, after] = [source.slice(Math.max(0, offset - 9), offset), source.slice(end, end + 9)];
  const isApart = /(?:^|[\s{},;])$/.test(before) && /^(?:$|[\s{},;])/.test(after);
  const isBesideNumber = /\d\s*$/.test(before) || /^\s*\d/.test(after);
  return isApart && !isBesideNumber ? [{ start: offset, end, text: '' }] : [];
}

/** A comment that hides a part of its line: `4096 // 32`, or the brace that closes a row. */
export function hiddenByComment(source: string, start: number): Diagnostic | undefined {
  const comment = restOfLine(source, start, 200);
  const isDivision =
    /^\/\/\s*\d+\s*[,}]/.test(comment) && /\d[ \t]*$/.test(source.slice(Math.max(0, start - 9), start));
  const [, note, closing] = /^([^{}]*?) *(\}.*)$/.exec(comment) ?? [];
  const fixes: Fix[] = [];
  if (isDivision) fixes.push({ start, end: start + 1, text: '' });
  if (closing !== undefined) fixes.push({ start, end: start + comment.length, text: `${closing} ${note}` });
  return fixes.length > 0 ? diagnose('hidden-by-comment', start, undefined, ...fixes) : undefined;
}

/** Where the line of an offset begins. */
export function lineStart(source: string, offset: number): number {
  const before = source.slice(0, offset);
  return Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
}

/**
 * Slashes missing from the line where reading stopped, or from an earlier one that ends with a colon and continues
 * there.
 */
export function lostComments(source: string, offset: number | undefined): (Diagnostic | undefined)[] {
  if (offset === undefined) return [];
  const start = lineStart(source, offset);
  const [above] = /[^\n\r]*:\s*$/.exec(source.slice(Math.max(0, start - 200), start)) ?? [];
  const heading = above === undefined ? undefined : lostComment(source, start - above.trimStart().length);
  return [lostComment(source, offset), heading];
}

/** The rest of the line after an offset, or only its start: a hostile file controls how long it is. */
export function restOfLine(source: string, offset: number, max = Number.POSITIVE_INFINITY): string {
  const [rest = ''] = /^[^\n\r]*/.exec(source.slice(offset, offset + max)) ?? [];
  return rest;
}

/** Whether there are only comments above an offset. */
function isAtTop(source: string, offset: number): boolean {
  const above = source.slice(0, offset).split(/\r\n?|\n/);
  return above.every((text) => /^\s*(?:$|\/\/)/.test(text));
}

/** A line of words that is missing one or both of the slashes that start a comment. */
function lostComment(source: string, offset: number): Diagnostic | undefined {
  const start = lineStart(source, offset);
  const line = restOfLine(source, start, 200);
  const indent = line.length - line.trimStart().length;
  const [slash] = /^[^\s\d]?\/{1,2}[^\s\d]?(?=\s|$)/.exec(line.trimStart()) ?? [];
  if (slash === '//') return undefined;
  if (slash === '/*') {
    const fix = { start: start + indent, end: start + indent + slash.length, text: '//' };
    return diagnose('unclosed-comment', fix.start, undefined, fix);
  }
  // Other words may be an answer if there is a digit or an operator among them. At the top of a file, students write
  // names and numbers.
  const isCode = /^(?:import|export|const|let|var|console|delete)\b|\w\(/.test(line.trim());
  const isWords = !isCode && /^\p{L}[\p{L}\p{M}\s,.:'’"`()?!-]*$/u.test(line.trim());
  const isHeader = !isCode && /^\p{L}[\p{L}\p{M}\d\s,.:/()-]*$/u.test(line.trim());
  if (slash === undefined && !isWords && !(isHeader && isAtTop(source, start))) return undefined;
  const at = start + indent;
  const fix = { start: at, end: at + (slash?.length ?? 0), text: slash === undefined ? '// ' : '//' };
  return diagnose('lost-comment', at, undefined, fix);
}

/** A line that does not begin a statement, and that no slip explains. */
export function strayWord(source: string, offset: number): Diagnostic {
  const line = restOfLine(source, offset, 40);
  const [name = line] = /^[\p{ID_Continue}$]+/u.exec(line) ?? [];
  const meant = nearest(name, ['export', 'import', 'const']);
  const end = offset + name.length;
  // The word export may be missing as well.
  const words = [meant, meant === 'const' ? 'export const' : undefined];
  const fixes = words.flatMap((text) =>
    text === undefined || text === name ? [] : { start: offset, end, text },
  );
  const [first = ''] = /^[\p{ID_Continue}$]+|^\S/u.exec(name) ?? [];
  return diagnose('stray-word', offset, name, ...fixes, {
    start: offset,
    end: offset + first.length,
    text: '',
  });
}

/** A name that no const above declares. */
export function unknownName(offset: number, name: string, names: readonly string[]): Diagnostic {
  if (/^_+$/.test(name)) return diagnose('placeholder', offset, name);
  const meant = nearest(name, names);
  const [, before, within] = /^(null|[$_])?(?=.*[\dOo])\d*([OolI]*)[\dOolI]*$/.exec(name) ?? [];
  const letters = before ?? within;
  if (meant === undefined && letters) return diagnose('no-digit', offset, letters);
  const advice =
    meant === undefined
      ? 'Write the number, or declare that name with const in a line above.'
      : 'Did you mean {meant}?';
  return new Diagnostic(
    'unknown-name',
    offset,
    `There is no const called {unknown} above this line. ${advice}`,
    meant === undefined ? { unknown: name } : { unknown: name, meant },
    [],
    `There is no name {unknown} here. ${meant === undefined ? 'Write the number.' : advice}`,
  );
}

const maxName = 40;
const telling = 3;

/**
 * The name that was probably meant, if one is close: a few letters off or in a different order, different only in case,
 * or with the same first letters.
 */
export function nearest(sought: string, names: readonly string[]): string | undefined {
  if (sought.length > maxName || names.length === 0) return undefined;
  const lower = sought.toLowerCase();
  const candidates = names.map((name) => ({ name, lower: name.toLowerCase() }));
  const sorted = (name: string) => [...name].sort().join('');
  const swapped = candidates.find((candidate) => sorted(candidate.lower) === sorted(lower));
  if (swapped) return swapped.name;
  const closestName = closest(
    lower,
    candidates.map((candidate) => candidate.lower),
  );
  const allowed = Math.max(1, Math.floor(closestName.length / 3));
  if (distance(lower, closestName) <= allowed)
    return candidates.find((candidate) => candidate.lower === closestName)?.name;
  const alike = candidates.filter(
    (candidate) => lower.length >= telling && candidate.lower.startsWith(lower.slice(0, telling)),
  );
  return alike.length === 1 ? alike[0]?.name : undefined;
}
