import { stringify } from 'csv-stringify/sync';
import type { Safe } from './safe';

export type CsvText = Safe<'csv'>;

/** One cell: a number, a text that has to stay as it is, or a text that somebody else wrote. */
export type CsvCell = number | null | { readonly as: string } | { readonly quoted: string };

/**
 * Rows of a table that a spreadsheet opens. A text that somebody else wrote is no formula there;
 * what names a student stays as it is, for gradebooks find students by it.
 */
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
  return 'as' in cell ? cell.as : neutral(cell.quoted);
}

/** Spreadsheets take what begins with one of these signs, also in their wide forms, for a formula. */
function neutral(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return /^\s*[=+\-@＝＋－＠\u0000-\u001f\u007f]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
}
