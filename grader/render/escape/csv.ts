import { stringify } from 'csv-stringify/sync';
import { escapeInvisible, type Safe } from './safe';
export type CsvText = Safe<'csv'>;

/**
 * One cell: a number, words of our own, a text that somebody else wrote, or what has to stay as it is: a key by which
 * a gradebook finds a student, or what the instructor wrote there, and below it what somebody else wrote.
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

/** Rows of a table that a spreadsheet opens: what somebody else wrote is text there, and no formula. */
export function csvRows(rows: readonly (readonly CsvCell[])[]): CsvText {
  return stringify(
    rows.map((cells) => cells.map(written)),
    // By itself it quotes a text for the whole delimiter only, and programs take either half for one.
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

/** No line of it is a formula for a spreadsheet. */
function asText(content: string): string {
  const lines = content.split(/\r\n|[\r\n\u2028\u2029]/);
  return lines.map((line) => escapeInvisible(line).replace(formulaStart, "$1'$2")).join('\n');
}

/**
 * Where a spreadsheet would take a sign for the start of a formula, also in its wide and small forms: at
 * the start of a line, after a quotation mark, and after a semicolon, where those of some countries
 * begin a cell whatever the quotation marks say. (They do so at a tab too; a tab is written out.)
 */
const formulaStart = /(^\s*|[;"'“”„]\s*)([=+\-@|%＝＋－＠﹦﹢﹣﹫−])/gu;
