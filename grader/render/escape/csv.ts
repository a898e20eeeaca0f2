import { stringify } from 'csv-stringify/sync';
import { escapeInvisible, type Safe } from './safe';
export type CsvText = Safe<'csv'>;

/**
 * One cell: a number, our own text, or text that somebody else wrote. Two texts stay unchanged: the key by which a
 * gradebook finds a student, and text that the instructor wrote, which has somebody else's text below it.
 */
export type CsvCell =
  | number
  | null
  | { readonly own: string }
  | { readonly untrusted: string }
  | { readonly key: string }
  | { readonly kept: string; readonly below: string };

export const own = (text: string): CsvCell => ({ own: text });
export const untrusted = (text: string): CsvCell => ({ untrusted: text });
export const gradebookKey = (text: string): CsvCell => ({ key: text });
export const keptAbove = (kept: string, below: string): CsvCell => ({ kept, below });

/** Formats rows for a spreadsheet, so that text somebody else wrote is never taken for a formula. */
export function csvRows(rows: readonly (readonly CsvCell[])[]): CsvText {
  return stringify(
    rows.map((cells) => cells.map(written)),
    // By default it quotes only texts with the whole delimiter, but programs end a record at either half.
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  ) as CsvText;
}

function written(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if ('own' in cell) return cell.own;
  if ('key' in cell) return cell.key;
  if ('kept' in cell) return cell.kept + asText(cell.below);
  return asText(cell.untrusted);
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
