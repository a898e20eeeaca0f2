import { parse } from 'csv-parse/sync';
import { GraderError, messageOf } from '../../message';
import { csvRows, inTable, own } from '../../render/escape/csv';
import { bytesOf } from '../../system/platform';

/** A table as it came, from any source. */
export interface TableFile {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Its name without the folder. */
export function shortName({ name }: Pick<TableFile, 'name'>) {
  return name.replace(/^.*[/\\]/, '');
}

/** A table of text with a heading over each column, in the form that `headingsIn` gives. */
export type CsvTable = ReturnType<typeof readTable>;

export interface TableRow {
  /** The line of the file where the row ends, counted from 1. */
  readonly line: number;
  /** The trimmed text of each cell, in order. */
  readonly record: readonly string[];
  /** By heading; empty for a missing cell. */
  readonly cells: Readonly<Record<string, string>>;
}

const maxProblems = 20;

/**
 * Reads a table that is separated by commas, semicolons or tabs, whichever its first line has most of.
 *
 * @param wanted headings in lower case of a table that people fill in: it must have one of them, and its rows may leave
 *   out cells at the end.
 * @throws {GraderError} if the file cannot be read, has none of these headings or one twice, or has a row with more or
 *   fewer cells than there are headings, which leaves it unclear which cell is which.
 */
export function readTable(file: TableFile, wanted?: readonly string[]) {
  const [{ record: titles } = { record: [] }, ...records] = recordsOf(file);
  const headings = headingsIn(titles);
  if (wanted) assertHeading(file, headings, wanted);
  const twice = headings.filter((name, index) => name !== '' && headings.indexOf(name) < index);
  assertNoProblems(
    file,
    twice.map((name) => `line 1: two columns are called ${name}; rename or remove one.`),
  );
  const delimiter = delimiterIn(textOf(file));
  const separated = records.flatMap(({ record: [text = '', ...others], info }) => {
    const other = delimiters.find((sign) => sign !== delimiter && text.includes(sign));
    return titles.length > 1 && others.length === 0 && other
      ? `line ${info.lines}: it is separated by ${signText(other)}, but the table by ${signText(delimiter)}. Write it like the other lines.`
      : [];
  });
  assertNoProblems(file, separated);
  const uneven = records.filter(
    ({ record }) => record.length > titles.length || (!wanted && record.length < titles.length),
  );
  assertNoProblems(
    file,
    uneven.map(
      ({ record, info }) =>
        `line ${info.lines}: there are ${record.length} cells, but ${titles.length} headings; put quotes around any text that holds a separator.`,
    ),
  );
  const rows = records.map(({ record, info }) => ({
    line: info.lines,
    record,
    cells: Object.fromEntries(headings.map((name, at) => [name, record[at] ?? ''])),
  }));
  // The titles are the headings as written in the file, not normalized.
  return { headings, titles, rows };
}

/** `End-of-Line Indicator` becomes `end_of_line_indicator`. */
function headingsIn(titles: readonly string[]) {
  return titles.map((title) => title.toLowerCase().replace(/[\s-]+/g, '_'));
}

/** @throws {GraderError} if none of the headings of a file is wanted. */
export function assertHeading(
  { name: file }: TableFile,
  headings: readonly string[],
  wanted: readonly string[],
) {
  if (headings.some((name) => wanted.includes(name))) return;
  throw new GraderError(
    'folder',
    'column-missing',
    `${file} has the headings ${headings.join(', ') || '(none)'}. Its first line has to name a column ${wanted.join(' or ')}.`,
  );
}

/**
 * @param problems what cannot be used, each beginning with its line.
 * @throws {GraderError} that lists all problems of a file at once, if there are any.
 */
export function assertNoProblems({ name: file }: TableFile, problems: readonly string[]) {
  if (problems.length === 0) return;
  throw new GraderError(
    'folder',
    'table-problems',
    `${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:`,
    ...problems.slice(0, maxProblems).map((problem) => `    ${problem}`),
    {
      command: `Correct ${shortName({ name: file })} and run this again. Nothing was changed.`,
      page: 'Correct it, and give it again. Nothing was changed.',
    },
  );
}

/** Says that a line stays even though it is about somebody or something not in this run. */
export function keptLine(file: Pick<TableFile, 'name'>, line: number, what: string) {
  return `${shortName(file)}, line ${line}: ${what}. The line is kept, and changes nothing now.`;
}

/** A number that is not negative, with the decimal sign of any country. */
export function decimalIn(cell = ''): number | undefined {
  return /^\d+(?:[.,]\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : undefined;
}

/** @throws a TypeError if it is not UTF-8. */
export function textOf({ bytes }: TableFile): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** The form of a table that people fill in. */
export interface TableLayout {
  /** In lower case. */
  readonly headings: readonly string[];
  readonly delimiter: string;
}

/** @throws {GraderError} if the file is not a table. */
export function layoutOf(file: TableFile): TableLayout {
  const [first] = recordsOf(file);
  return { headings: headingsIn(first?.record ?? []), delimiter: delimiterIn(textOf(file)) };
}

/** A line for a table in the table's own form. A cell is left out if the table has no column for it. */
export function lineFor(layout: TableLayout, cells: TableRow['cells']) {
  return rowFor(layout, writtenCells(cells));
}

/** A line of cells that are already written. */
export function rowFor({ headings, delimiter }: TableLayout, written: TableRow['cells']) {
  return csvRows([headings.map((name) => own(written[name] ?? ''))], delimiter);
}

/** Cells in the form that a table needs: none may begin a formula. */
export function writtenCells(cells: TableRow['cells']): TableRow['cells'] {
  // A hyphen alone, which means nobody, does not begin a formula, and neither does a number with its sign.
  const isPlain = (name: string, text: string) => text === '-' || name === 'adjust';
  return Object.fromEntries(
    Object.entries(cells).map(([name, text]) => [name, isPlain(name, text) ? text : inTable(text)]),
  );
}

const delimiters = [',', ';', '\t'];
const signText = (delimiter: string) => (delimiter === '\t' ? 'a tab' : `“${delimiter}”`);

/** The separator of a table: the one that its first line has most of. */
function delimiterIn(text: string): string {
  const [first = ''] = text.split(/[\r\n]/, 1);
  const countOf = (delimiter: string) => first.split(delimiter).length;
  const [delimiter = ','] = delimiters.toSorted((one, other) => countOf(other) - countOf(one));
  return delimiter;
}

/** The rows of a table, headings included, each with its text; joined, these are the text of the table. */
export function rowTextsOf(file: TableFile) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  // Rows are counted from after a byte order mark, which stays before the first.
  const mark = file.bytes.length - bytesOf(textOf(file)).length;
  let end = 0;
  return recordsOf(file).map(({ record, info }) => {
    const start = end;
    end = mark + info.bytes;
    return { record, text: decoder.decode(file.bytes.subarray(start, end)) };
  });
}

/**
 * The rows of a table, headings included, with the line of each.
 *
 * @throws {GraderError} if the file is not a table.
 */
export function recordsOf(file: TableFile) {
  try {
    const text = textOf(file);
    const delimiter = delimiterIn(text);
    const records: unknown = parse(text, {
      delimiter,
      // Lines that were pasted in may end differently from those before them.
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      // Canvas puts spaces inside the quotes.
      cast: (cell) => cell.trim(),
      // A spreadsheet leaves empty cells and lines behind.
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      relax_column_count: true,
      info: true,
    });
    return records as { record: string[]; info: { lines: number; bytes: number } }[];
  } catch (error) {
    throw new GraderError(
      'folder',
      'table-unreadable',
      `${file.name} cannot be read: ${error instanceof TypeError ? 'it is not in UTF-8' : messageOf(error)}. Save it as “CSV UTF-8”, with quotes around a cell that holds a separator.`,
    );
  }
}
