import { stringify } from 'csv-stringify/sync';
import { escapeInvisible, type Safe } from './safe';
export type CsvText = Safe<'csv'>;

/**
 * One cell: a number, or text. Two kinds of text from others stay unchanged: the key by which a gradebook finds a
 * student, and text that the instructor wrote, which has somebody else's text below it.
 */
export type CsvCell =
  | number
  | null
  | { readonly key: string }
  | { readonly kept: string; readonly untrusted?: string };

export const own = (text: string): CsvCell => ({ kept: text });
export const untrusted = (text: string): CsvCell => ({ kept: '', untrusted: text });
export const gradebookKey = (text: string): CsvCell => ({ key: text });
export const keptAbove = (kept: string, below: string): CsvCell => ({ kept, untrusted: below });

/** Formats rows for a spreadsheet, so that text somebody else wrote is never taken for a formula. */
export function csvRows(rows: readonly (readonly CsvCell[])[], delimiter = ','): CsvText {
  return stringify(
    rows.map((cells) => cells.map(written)),
    // By default it quotes only texts that contain the whole delimiter, but programs end a record at either half.
    { delimiter, record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  ) as CsvText;
}

/** How somebody else's text looks in a table that we wrote and a person saved. */
export function inTable(text: string): string {
  return asText(text).trim();
}

function written(cell: CsvCell): string {
  if (cell === null || typeof cell === 'number') return String(cell ?? '');
  return 'key' in cell ? cell.key : cell.kept + asText(cell.untrusted ?? '');
}

/** Escapes text so that a spreadsheet takes no line of it for a formula. */
function asText(content: string): string {
  const lines = content.split(/\r\n|[\r\n\u2028\u2029]/);
  return lines.map((line) => escapeInvisible(line).replace(formulaStart, "$1'$2")).join('\n');
}

/**
 * Where a spreadsheet would take a sign, or its wide or small form, for the start of a formula: at the start
 * of a line, after a quotation mark, and after a semicolon, where spreadsheets in some countries begin a
 * cell even inside quotation marks. (They do so at a tab too, but tabs are escaped.)
 */
const formulaStart = /(^\s*|[;"'“”„]\s*)([=+\-@|%＝＋－＠﹦﹢﹣﹫−])/gu;
