import { existsSync } from 'node:fs';
import { type Problem, readTable, type TableRow } from './csv-table';
import { keyOfLogin } from './student-key';

/** What an instructor wrote by hand about students, a line each. */
export interface ByLogin {
  /** Every line, with the key of its student; see `Member`. */
  readonly rows: readonly (readonly [key: string, row: TableRow])[];
  readonly problems: Problem[];
}

/**
 * Reads a table that is filled in by hand; it need not be there.
 *
 * @param columns its columns, `login` among them.
 * @param known the keys of the class; see `Member`.
 * @param advice what to say of a column that is none of these, beside that it is unknown.
 */
export function readByLogin(
  file: string,
  columns: readonly string[],
  known: ReadonlySet<string>,
  advice: (column: string) => string = () => 'Take it away',
): ByLogin {
  const found: (readonly [string, TableRow])[] = [];
  const lines = new Map<string, number>();
  const problems: Problem[] = [];
  if (!existsSync(file)) return { rows: found, problems };
  const { headings, rows } = readTable(file, ['login']);
  for (const name of headings)
    if (!columns.includes(name))
      problems.push({
        line: 1,
        text: `unknown column ${name}. ${advice(name)}; the columns are ${columns.join(',')}.`,
      });
  for (const row of rows) {
    const { line, cells } = row;
    const login = cells.login ?? '';
    const key = keyOfLogin(login, known);
    if (login === '') problems.push({ line, text: 'there is no login.' });
    else if (!known.has(key)) problems.push({ line, text: `nobody in this class has the login ${login}.` });
    const earlier = lines.get(key);
    if (earlier !== undefined) problems.push({ line, text: `${login} is in line ${earlier} already.` });
    lines.set(key, line);
    found.push([key, row]);
  }
  return { rows: found, problems };
}
