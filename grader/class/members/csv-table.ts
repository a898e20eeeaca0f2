import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { GraderError, messageOf } from '../../error';

/** A table of text with a heading over each column. */
export interface CsvTable {
  readonly headings: readonly string[];
  /** The headings as written in the file, not normalized. */
  readonly titles: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** The line of the file where the row starts, counted from 1. */
  readonly line: number;
  /** The trimmed text of each cell, by heading; empty for a missing cell. */
  readonly cells: Readonly<Record<string, string>>;
}

/** Something in a table that cannot be used. */
export interface TableProblem {
  readonly line: number;
  readonly text: string;
}

const maxTable = 16 * 1024 * 1024;
const maxProblems = 20;

/**
 * Reads a table that is separated by commas, semicolons or tabs, and whose first line has at least one of the
 * wanted headings. Guesses nothing: if a row has more or fewer cells than there are headings, it is unclear which
 * cell is which.
 *
 * @param wanted headings in lower case; the table must have one of them.
 * @throws {GraderError} that lists the headings found if none of them is wanted, or else every row that cannot be
 *   read, with its line.
 */
export function readTable(file: string, wanted: readonly string[]): CsvTable {
  const text = readTableText(file);
  const found: string[] = [];
  for (const delimiter of [',', ';', '\t']) {
    const [first, ...records] = recordsOf(text, delimiter, file);
    const headings = (first?.record ?? []).map(heading);
    const titles = (first?.record ?? []).map((title) => title.trim());
    if (headings.some((name) => wanted.includes(name)))
      return { ...tableOfRecords(file, headings, records, delimiter), titles };
    if (found.length < headings.length) found.splice(0, found.length, ...headings);
  }
  const foundText = found.length > 0 ? `has the headings ${found.slice(0, 12).join(', ')}` : 'is empty';
  throw new GraderError(
    'folder',
    'column-missing',
    `${file} ${foundText}. Its first line has to name a column ${wanted.join(' or ')}.`,
  );
}

/**
 * Reads the cells of a table line by line, unchanged, with the headings first.
 *
 * @throws {GraderError} if it cannot be read.
 */
export function readRecords(file: string, delimiter: string): readonly CsvRecord[] {
  return recordsOf(readTableText(file), delimiter, file);
}

/** @throws {GraderError} that lists all problems of a file at once, if there are any. */
export function assertNoProblems(file: string, problems: readonly TableProblem[]): void {
  if (problems.length === 0) return;
  const sorted = [...problems].sort((a, b) => a.line - b.line);
  const problemLines = sorted.slice(0, maxProblems).map(({ line, text }) => `    line ${line}: ${text}`);
  const more = sorted.length - problemLines.length;
  throw new GraderError(
    'folder',
    'table-problems',
    `${file} has ${sorted.length === 1 ? 'a problem' : `${sorted.length} problems`}:`,
    ...problemLines,
    ...(more > 0 ? [`    and ${more} more`] : []),
    `Correct ${path.basename(file)} and run this again. Nothing was changed.`,
  );
}

export interface CsvRecord {
  readonly record: readonly string[];
  /** The line of the file where the record starts. */
  readonly line: number;
}

function tableOfRecords(
  file: string,
  headings: readonly string[],
  records: readonly CsvRecord[],
  delimiter: string,
): Omit<CsvTable, 'titles'> {
  const problems: TableProblem[] = headings
    .filter((name, index) => name !== '' && headings.indexOf(name) < index)
    .map((name) => ({ line: 1, text: `two columns are called ${name}; rename or remove one.` }));
  const rows = records.map(({ record, line }) => {
    const problem = problemIn(record, headings, delimiter);
    if (problem) problems.push({ line, text: problem });
    const cells: Record<string, string> = Object.create(null);
    for (const [index, name] of headings.entries()) cells[name] ??= (record[index] ?? '').trim();
    return { line, cells };
  });
  assertNoProblems(file, problems);
  return { headings, rows };
}

function problemIn(
  record: readonly string[],
  headings: readonly string[],
  delimiter: string,
): string | undefined {
  const torn = record.find((cell) => /[\r\n]/.test(cell.trim()));
  if (torn !== undefined)
    return `the quote at ${excerptOf(torn)} is closed only on a later line; close it on this line or remove it.`;
  if (record.length !== headings.length) {
    const found = `${record.length} cells under ${headings.length} headings: ${excerptOf(record.join(delimiter))}`;
    return record.length > headings.length
      ? `${found}. Put quotes around a cell that holds a ${delimiter === '\t' ? 'tab' : delimiter}`
      : `${found}. Add what is missing`;
  }
  return undefined;
}

function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function readTableText(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > maxTable)
      throw new GraderError('folder', 'table-too-large', `${file} is too large for a table of students.`);
    if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
      throw new GraderError(
        'folder',
        'table-is-workbook',
        `${file} is an archive or a workbook. Save the table itself as CSV.`,
      );
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof GraderError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? 'is missing'
        : code?.startsWith('E') && code !== 'ERR_ENCODING_INVALID_ENCODED_DATA'
          ? `cannot be read (${code})`
          : 'is not in UTF-8; save it as “CSV UTF-8”';
    throw new GraderError('folder', 'table-unreadable', `${file} ${reason}.`);
  }
}

function recordsOf(text: string, delimiter: string, file: string): CsvRecord[] {
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed
      .map(({ record, info }) => ({
        record,
        // The parser gives the line where a record ends.
        line: info.lines - record.reduce((sum, cell) => sum + cell.split(/\r\n|\r|\n/).length - 1, 0),
      }))
      .filter(({ record }) => record.some((cell) => cell.trim() !== ''));
  } catch (error) {
    throw new GraderError('folder', 'not-a-table', `${file} is not a table: ${messageOf(error)}.`);
  }
}

function heading(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}
