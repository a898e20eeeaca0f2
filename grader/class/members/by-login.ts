import { existsSync } from 'node:fs';
import { readTable, type TableProblem, type TableRow } from './csv-table';
import type { People } from './people';

/** A table that an instructor filled in by hand, with one line per student. */
export interface ByLogin {
  /** Every line, with the key of its student; see `Member`. */
  readonly rows: readonly (readonly [key: string, row: TableRow])[];
  readonly problems: TableProblem[];
}

/**
 * Reads a table that is filled in by hand. The file may be missing.
 *
 * @param columns the allowed columns, including `login`.
 * @param advice returns advice on an unknown column, for the text of the problem.
 */
export function readByLogin(
  file: string,
  columns: readonly string[],
  people: People,
  advice: (column: string) => string = () => 'Take it away',
): ByLogin {
  if (!existsSync(file)) return { rows: [], problems: [] };
  const { headings, rows: read } = readTable(file, ['login']);
  const { rows, problems } = byStudent(read, people);
  const unknown = headings.filter((name) => !columns.includes(name));
  const end = `the columns are ${columns.join(',')}.`;
  const odd = unknown.map((name) => ({ line: 1, text: `unknown column ${name}. ${advice(name)}; ${end}` }));
  return { rows, problems: [...odd, ...problems] };
}

/**
 * Finds the student whom each line of a table names under `login`, by any identifier or name of the student.
 *
 * @param is the verb in the message about a student who is named twice: `ada is in line 2 already.`
 */
export function byStudent(rows: readonly TableRow[], people: People, is = 'is'): ByLogin {
  const lines = new Map<string, number>();
  const problems: TableProblem[] = [];
  const found = rows.map((row) => {
    const { line, cells } = row;
    const { login = '' } = cells;
    const nobody = login === '' ? 'there is no login.' : `nobody in this class has the login ${login}.`;
    const who = people.resolve(login, nobody);
    if (typeof who === 'string') problems.push({ line, text: who });
    const key = typeof who === 'string' ? login : who.key;
    const earlier = lines.get(key);
    if (earlier !== undefined) problems.push({ line, text: `${login} ${is} in line ${earlier} already.` });
    lines.set(key, line);
    return [key, row] as const;
  });
  return { rows: found, problems };
}
