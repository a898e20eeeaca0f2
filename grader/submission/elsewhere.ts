import type { ObjectField, Span } from '../answers/evaluate';
import { Lines, tokensOf } from '../answers/lexer';
import type { Module } from '../answers/parser';
import { type Location, message, type Problem } from '../message';
import { cellsOf, type Rubric, type RubricRow, type RubricTable } from '../rubric/rubric';
import { escapeRegExp } from '../system/lists';
import { excerptAt } from './excerpt';

// Finds work in the wrong place, by form alone, no matter what it would earn.

/** The cells of a row, and where they are. */
interface RowContent {
  readonly id: string;
  readonly cells: readonly { readonly kind: string; readonly location?: Location | undefined }[];
}

/** A text that may contain work. */
interface SearchedText {
  readonly file: string;
  readonly source: string;
  /** The source with spaces in place of everything that cells read, or that cannot be an answer. */
  readonly unread: string;
  /** Whether it has numbers of its own, so that numbers are work only if they follow the name of a row. */
  readonly hasNumbers?: boolean;
}

/**
 * Says where work is in the wrong place, if there is any, and where it belongs.
 *
 * @param rows the rows of the tables as they were read.
 */
export function problemElsewhere(
  { file, tables }: Pick<Rubric, 'file' | 'tables'>,
  rows: readonly RowContent[],
  text: SearchedText,
): Problem | undefined {
  const offset = workElsewhere(text.unread, tables, rows, !text.hasNumbers);
  if (offset === undefined) return undefined;
  const location = new Lines(text.file, text.source).at(offset);
  const [open] = cellsOf({ rows }).flatMap((cell) => (cell.kind === 'blank' && cell.location) || []);
  const place = open ? `from line ${open.line} of ${open.file} on` : `in ${file}`;
  const name = tables.map((table) => table.export).join(' and ');
  const said = `There are numbers here, where they are not read. Put the numbers of each row between its braces in ${name}, ${place}.`;
  const reason = message('answers/elsewhere', said);
  return { reason, location, excerpt: excerptAt(text.source, offset, location) };
}

/** Whether numbers follow the name of any row. */
export function namesRows(text: string, { tables }: Rubric): boolean {
  const blankRow = ({ id, cells }: RubricRow) => ({
    id,
    cells: cells.map(() => ({ kind: 'blank' })),
  });
  const rows = tables.flatMap((table) => table.rows.map(blankRow));
  return workElsewhere(text, tables, rows, false) !== undefined;
}

/**
 * The start of work that no cell reads: a line with the name of a blank row and as many numbers as it has cells, or, if
 * half of a table is blank, a run of lines with as many numbers as it has blank cells. Numbers in a sentence and the
 * numbers of a list do not count.
 *
 * @param text with spaces in place of everything that cells read or that cannot be an answer.
 * @param rows the rows of the tables as they were read.
 * @param hasRuns whether to look for runs of lines, which make no sense in a text that has numbers of its own.
 * @returns an offset in UTF-16 units, or undefined if there is none.
 */
function workElsewhere(
  text: string,
  tables: readonly RubricTable[],
  rows: readonly RowContent[],
  hasRuns: boolean,
): number | undefined {
  const isBlank = ({ id }: RubricRow) => rows.some((row) => row.id === id && row.cells.every(isBlankCell));
  const blank = tables.flatMap((table) => table.rows).filter(isBlank);
  if (blank.length === 0) return undefined;
  const form = new Form(tables);
  const lines = linesIn(text);
  const named = lines.find(({ text: line }) => form.holdsRow(line, blank));
  if (named || !hasRuns) return named?.start;
  for (const table of tables) {
    const cells = cellsOf({ rows: rows.filter(({ id }) => table.rows.some((row) => row.id === id)) });
    const open = cells.filter(isBlankCell).length;
    const others = tables.flatMap((one) => one.rows).filter((row) => !blank.includes(row));
    if (2 * open < cells.length) continue;
    const run = runIn(lines, open, (line) => form.countIn(line, others));
    if (run) return run.start;
  }
  return undefined;
}

const isBlankCell = ({ kind }: RowContent['cells'][number]) => kind === 'blank';

/** A line without its line end, and the offset of its first character. An object in braces counts as a single line. */
interface Line {
  readonly text: string;
  readonly start: number;
}

function linesIn(text: string): Line[] {
  const joined = text.replace(/\{[^{}]*\}/g, (braces) => braces.replace(/[\n\r\u2028\u2029]/g, ' '));
  return [...joined.matchAll(/[^\n\r\u2028\u2029]+|\n\n|\r\n\r\n/g)].map(({ 0: line, index }) => ({
    text: line,
    start: index + Math.max(0, line.search(/\S/)),
  }));
}

/** The first of a run of consecutive lines with this many numbers. */
function runIn(lines: readonly Line[], wanted: number, countIn: (line: string) => number | undefined) {
  let first: Line | undefined;
  let numbers = 0;
  for (const line of lines) {
    const count = countIn(line.text);
    if (count === undefined) {
      first = undefined;
      numbers = 0;
    } else if (count > 0) {
      first ??= line;
      numbers += count;
      if (numbers >= wanted) return first;
    }
  }
  return undefined;
}

const letter = '[\\p{L}\\p{N}_$]';
const escaped = (text: string) => escapeRegExp(text).replace(/\s+/g, '\\s+');

/** Matches any of these names, the longest first, if there is no letter beside it. */
function anyOf(names: readonly (string | undefined)[]): string {
  const texts = [...new Set(names.flatMap((name) => name?.trim() || []))];
  const longestFirst = texts.sort((one, other) => other.length - one.length).map(escaped);
  return `(?<!${letter})(?:${longestFirst.join('|') || '(?!)'})(?!${letter})`;
}

const aNumber = /(?<![\p{L}\p{N}_.])\d[\d_]*(?:\.\d+)?(?![\p{L}\p{N}_]|\.\d)/gu;

/** The form of lines that contain answers to some tables. */
class Form {
  private readonly rows: readonly RubricRow[];
  private readonly names: RegExp;
  /** Names of columns, and words that may come between the numbers of a row. */
  private readonly between: string;
  private readonly gap: RegExp;
  private readonly lead: RegExp;

  constructor(tables: readonly RubricTable[]) {
    this.rows = tables.flatMap((table) => table.rows);
    const headings = [...tables, ...this.rows].map((part) => ('heading' in part ? part.heading : undefined));
    const labels = tables.flatMap((table) => [table.label, table.export]);
    this.names = new RegExp(
      anyOf([...this.rows.flatMap(({ id, label }) => [id, label]), ...headings, ...labels]),
      'giu',
    );
    const columns = tables.flatMap((table) => table.columns);
    const names = cellsOf({ rows: this.rows }).map(({ name }) => name);
    this.between = anyOf([...columns.flatMap(({ id, label }) => [id, label]), ...names, 'x', 'by', 'and']);
    this.gap = new RegExp(`^(?:[\\s,;:|()[\\]{}'"\`&]|//|${this.between}(?:\\s*=)?)*$`, 'iu');
    this.lead = new RegExp(`^(?:[^\\p{L}\\p{N}]|${this.between})*$`, 'iu');
  }

  /** Whether a line has the name of one of these rows, followed by as many numbers as the row has cells. */
  holdsRow(line: string, rows: readonly RubricRow[]): boolean {
    const names = [...line.matchAll(this.names)];
    if (names.length === 0 || this.isSentence(line)) return false;
    return names.some(({ 0: name, index }, at) => {
      const row = rows.find((one) => isCalled(one, name));
      const behind = plain(line.slice(index + name.length, names[at + 1]?.index));
      return row && [behind, joined(behind)].some((text) => this.numbers(text) === row.cells.length);
    });
  }

  /** How many numbers of a line may belong to a run; undefined if the line ends a run. */
  countIn(line: string, others: readonly RubricRow[]): number | undefined {
    if (line.trim() === '' || this.isSentence(line)) return undefined;
    const names = line.match(this.names) ?? [];
    if (others.some((row) => names.some((name) => isCalled(row, name)))) return 0;
    const text = plain(line.replace(this.names, ' '));
    const [first] = text.matchAll(aNumber);
    return first ? this.numbers(text.slice(first.index)) : 0;
  }

  /** How many numbers a text begins with, with only signs, columns and an x between them. */
  private numbers(text: string): number {
    let count = 0;
    let end = 0;
    for (const { 0: number, index } of text.matchAll(aNumber)) {
      if (!(count === 0 ? this.lead : this.gap).test(text.slice(end, index))) break;
      count++;
      end = index + number.length;
    }
    return count;
  }

  /** Whether a line has words of its own: more than one, not counting names and words that may come between numbers. */
  private isSentence(line: string): boolean {
    const words = plain(line.replace(this.names, ' '))
      .replace(new RegExp(this.between, 'giu'), ' ')
      .replace(/\b(?:export|const|let|var|null)\b/g, ' ')
      .match(/(?<![\p{L}\p{N}_$])\p{L}[\p{L}\p{M}\p{N}_$'’]*/gu);
    return (words?.length ?? 0) > 1;
  }
}

function isCalled({ id, label }: RubricRow, name: string): boolean {
  const found = name.toLowerCase().replace(/\s+/g, ' ');
  return [id, label].some((own) => own.toLowerCase().replace(/\s+/g, ' ') === found);
}

/** A line without its list number. Arithmetic counts as one number, and `100x128` and `7 cm by 9 cm` as two. */
function plain(line: string): string {
  return line
    .replace(/^[\s/*#>|-]*\d{1,2}[.)](?=\s)/, ' ')
    .replace(/(\d)(?<!\b0)\s*[x×✕]\s*(?=\d)/giu, '$1 x ')
    .replace(/(\d)\s*\p{L}{2,}\s+(x|×|by)\s+(\d[\d_.,]*)(?:\s*\p{L}{2,})?/giu, '$1 x $3')
    .replace(/(?<![\d_.])\d[\d_.]*(?:\s*[-+*/%]\s*\d[\d_.]*)+/g, '0');
}

/** `4,096` as one number. */
function joined(text: string): string {
  return text.replace(/(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])/g, '0');
}

/** The text of an answers file without the parts that its cells read, and without exports that are not the worksheet's. */
export function unreadText(source: string, module: Module, tables: readonly RubricTable[]): string {
  const { exports, constants } = module;
  const ownNames = tables.map((table) => table.export);
  if (tables.length === 1 && !exports.has(ownNames[0] ?? '')) ownNames.push('default');
  const own = ownNames.flatMap((name) => exports.get(name)?.value ?? []);
  const isOwn = (start: number) => own.some((value) => value.start === start);
  const others = [...exports.values()].flatMap(({ value }) => (isOwn(value.start) ? [] : value));
  const used = usedIn(own.map(({ start, end }) => source.slice(start, end)));
  for (const name of used) {
    const { value } = constants.get(name) ?? {};
    if (value) for (const more of usedIn([source.slice(value.start, value.end)])) used.add(more);
  }
  const consts = [...used].flatMap((name) => {
    const { start, value } = constants.get(name) ?? {};
    return start === undefined || !value || isOwn(value.start) ? [] : { start, end: value.end };
  });
  const rowIds = new Set(tables.flatMap((table) => table.rows.map(({ id }) => id)));
  const cells = tables.flatMap((table) => {
    const value = exports.get(table.export)?.value ?? own[0];
    const fields = value?.kind === 'object' ? [...value.fields] : [];
    return fields.flatMap(([name, field]) => {
      const isRow = table.rows.some(({ id }) => id === name);
      // An unknown name may wrap whole rows, which nothing reads.
      const isNested =
        field.value.kind === 'object' &&
        [...field.value.fields.values()].some(({ value: part }) => part.kind === 'object');
      return isRow || (!isNested && !rowIds.has(name)) ? codeIn(source, field) : [];
    });
  });
  return blanked(source, [...others, ...consts, ...cells]);
}

/** The code of a value, without braces, strings and comments. */
function codeIn(source: string, { value: { start, end } }: ObjectField): Span[] {
  return tokensOf(source.slice(start, end)).flatMap((token) =>
    token.kind === 'string' || /[{}]/.test(token.text)
      ? []
      : { start: start + token.start, end: start + token.end },
  );
}

/** The names used in some code, except those of members. */
function usedIn(codes: readonly string[]): Set<string> {
  const names = codes.flatMap((code) => {
    const tokens = tokensOf(code);
    return tokens.flatMap(({ kind, text }, at) => {
      const isPart = tokens[at + 1]?.text === ':' || tokens[at - 1]?.text === '.';
      return kind === 'identifier' && !isPart ? text : [];
    });
  });
  return new Set(names);
}

/** A text with spaces in place of some spans, so that its length stays the same. */
function blanked(text: string, spans: readonly Span[]): string {
  let written = '';
  let end = 0;
  for (const span of [...spans].sort((one, other) => one.start - other.start)) {
    written += text.slice(end, Math.max(end, span.start));
    const from = Math.max(end, span.start);
    written += text.slice(from, Math.max(from, span.end)).replace(/[^\n\r\u2028\u2029]/g, ' ');
    end = Math.max(end, span.end);
  }
  return written + text.slice(end);
}
