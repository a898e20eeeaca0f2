import { existsSync } from 'node:fs';
import { type CsvTable, readTable, type TableProblem, type TableRow } from './csv-table';
import type { People } from './people';

/** A table that an instructor filled in by hand, with one line per student. */
export interface ByHand {
  /** Every line, with the key of its student. */
  readonly rows: readonly (readonly [key: string, row: TableRow])[];
  readonly problems: TableProblem[];
}

/**
 * Reads a table that is filled in by hand. The file may be missing.
 *
 * @param columns the columns that it may have. The first names the student, by any fact; the last may be left out.
 */
export function readByHand(file: string, columns: readonly string[], people: People): ByHand {
  const [who = 'login'] = columns;
  if (!existsSync(file)) return { rows: [], problems: [] };
  const { headings, rows }: CsvTable = readTable(file, [who]);
  const problems: TableProblem[] = headings
    .filter((name) => !columns.includes(name))
    .map((name) => ({
      line: 1,
      text: `unknown column ${name}. Take it away; the columns are ${columns.join(',')}.`,
    }));
  const lines = new Map<string, number>();
  const found = rows.map((row) => {
    const { line, cells } = row;
    const word = cells[who] ?? '';
    const nobody = word === '' ? `there is no ${who}.` : `nobody in this class has the login ${word}.`;
    const person = people.resolve(word, nobody);
    if (typeof person === 'string') problems.push({ line, text: person });
    const key = typeof person === 'string' ? word : person.key;
    const earlier = lines.get(key);
    if (earlier !== undefined) problems.push({ line, text: `${word} is in line ${earlier} already.` });
    lines.set(key, line);
    return [key, row] as const;
  });
  return { rows: found, problems };
}
