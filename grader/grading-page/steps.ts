import { layoutOf, recordsOf, rowFor, rowTextsOf, type TableRow } from '../class/members/csv-table';
import { matchesFile } from '../class/members/matches-table';
import { comparableIdentity } from '../class/members/people';
import { headingsByHand, personColumn, withColumns } from '../class/results/tables-by-hand';
import { bytesOf } from '../system/platform';

// Everything that a person did on the page, as a list of values, and the four tables that result. A run reads these
// tables as the command does.

/** The texts of tables that are filled in by hand, by name. */
export type Tables = Readonly<Record<string, string>>;

/** The cells of a line by heading, as they are written. */
export type Cells = TableRow['cells'];

/** Everything that a table says about one person, or `matches.csv` about one submission. */
export interface Entry {
  readonly table: string;
  /** Every word that a table may use for them, in the form that is compared. */
  readonly about: readonly string[];
  /** Empty if nothing is said about them. */
  readonly lines: readonly Cells[];
}

/** One thing that a person did. From then on, the tables have these entries. */
export interface Step {
  readonly entries: readonly Entry[];
  /** The earlier content of the tables about the same people. */
  readonly before: readonly Entry[];
  /** The step that this takes back, if that was already saved. */
  readonly undoes?: Step;
}

/** The tables that count: those in the files, with the steps applied, oldest first. */
export function tablesAfter(given: Tables, steps: readonly Pick<Step, 'entries'>[]): Tables {
  const tables: Record<string, string> = { ...given };
  for (const entry of steps.flatMap(({ entries }) => entries))
    tables[entry.table] = textWith(tables[entry.table], entry);
  return tables;
}

/** Makes a step from what the tables say now. */
export function stepOf(tables: Tables, entries: readonly Entry[]): Step {
  return { entries, before: entries.map((entry) => ({ ...entry, lines: linesAbout(tables, entry) })) };
}

/**
 * Takes back the last step that was not taken back yet. A saved step may also be in a file that was added, so a new
 * step restores what was there before it; any other step is dropped.
 */
export function withoutLast(steps: readonly Step[], saved: readonly Step[]): readonly Step[] {
  const undone = new Set(steps.map(({ undoes }) => undoes));
  const last = steps.findLast((step) => !step.undoes && !undone.has(step));
  if (!last) return steps;
  if (!saved.includes(last)) return steps.filter((step) => step !== last);
  return [...steps, { entries: last.before, before: last.entries, undoes: last }];
}

/** The lines of a table, as it is now, about the people of an entry. */
export function linesAbout(tables: Tables, { table, about }: Omit<Entry, 'lines'>): Cells[] {
  return entriesIn(tables, table).flatMap((entry) =>
    entry.about.some((word) => about.includes(word)) ? entry.lines : [],
  );
}

/** The entries of one table or of all tables, by person, without lines of `matches.csv` that are still open. */
export function entriesIn(tables: Tables, only?: string): Entry[] {
  return Object.entries(tables).flatMap(([table, text]): Entry[] => {
    if (only !== undefined && table !== only) return [];
    const { headings } = layoutOf(fileOf(table, text));
    const rows = recordsOf(fileOf(table, text)).slice(1);
    const lines = rows.map(({ record }) =>
      Object.fromEntries(headings.map((name, at) => [name, record[at] ?? ''])),
    );
    const isDecided = (cells: Cells) => table !== matchesFile || cells.login !== '';
    return lines
      .filter(isDecided)
      .map((cells) => ({ table, about: [wordIn(table, cells[personColumn(table)])], lines: [cells] }));
  });
}

/** Equal for lines with equal content, however their tables order the columns. */
export function saidIn(lines: readonly Cells[]): string {
  return JSON.stringify(
    lines.map((cells) =>
      Object.entries(cells)
        .filter(([, cell]) => cell !== '')
        .sort(),
    ),
  );
}

/** The form in which words for people, or names of submissions, are compared. */
export function wordIn(table: string, cell = ''): string {
  return table === matchesFile ? cell : comparableIdentity(cell);
}

const fileOf = (name: string, text: string) => ({ name, bytes: bytesOf(text) });

/** Returns a table with an entry written into it. All other lines keep their text, and the table keeps its form. */
function textWith(before: string | undefined, { table, about, lines }: Entry): string {
  const text = withColumns(table, before ?? `${headingsByHand[table]}\n`);
  const file = fileOf(table, text);
  const layout = layoutOf(file);
  const column = layout.headings.indexOf(personColumn(table));
  const [head, ...rows] = rowTextsOf(file);
  const others = rows.filter(({ record }) => !about.includes(wordIn(table, record[column])));
  const kept = [head, ...others].map((row) => row?.text ?? '').join('');
  const end = kept === '' || /[\r\n]$/.test(kept) || lines.length === 0 ? '' : '\n';
  return `${kept}${end}${lines.map((cells) => rowFor(layout, cells)).join('')}`;
}
