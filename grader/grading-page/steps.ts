import { layoutOf, recordsOf, rowFor, rowTextsOf, type TableRow } from '../class/members/csv-table';
import { matchesFile } from '../class/members/matches-table';
import { comparableIdentity } from '../class/members/people';
import { headingsByHand, personColumn, withColumns } from '../class/results/tables-by-hand';
import { bytesOf } from '../system/platform';

// Whatever a person did on the page, as a list of values, and the four tables that it comes to. A run reads these as the
// command does.

/** The texts of tables that are filled in by hand, by name. */
export type Tables = Readonly<Record<string, string>>;

/** The cells of a line by heading, as they are written. */
export type Cells = TableRow['cells'];

/** All that a table says of one person, or `matches.csv` of one submission. */
export interface Entry {
  readonly table: string;
  /** Every word that a table may use for them, in the form in which words are compared. */
  readonly about: readonly string[];
  /** None where nothing is said of them. */
  readonly lines: readonly Cells[];
}

/** One thing that a person did: from then on the tables say this. */
export interface Step {
  readonly entries: readonly Entry[];
  /** What they said of the same before. */
  readonly before: readonly Entry[];
  /** The step that it takes back, where that was saved already. */
  readonly undoes?: Step;
}

/** The tables that count: the steps, oldest first, applied to what the files hold. */
export function tablesAfter(given: Tables, steps: readonly Pick<Step, 'entries'>[]): Tables {
  const tables: Record<string, string> = { ...given };
  for (const entry of steps.flatMap(({ entries }) => entries))
    tables[entry.table] = textWith(tables[entry.table], entry);
  return tables;
}

/** A step from what the tables say now. */
export function stepOf(tables: Tables, entries: readonly Entry[]): Step {
  return { entries, before: entries.map((entry) => ({ ...entry, lines: linesAbout(tables, entry) })) };
}

/**
 * Takes back the last step that was not taken back yet. One that was saved may be in a file that is given, so what stood
 * before it is put back by a step of its own; any other is dropped.
 */
export function withoutLast(steps: readonly Step[], saved: readonly Step[]): readonly Step[] {
  const undone = new Set(steps.map(({ undoes }) => undoes));
  const last = steps.findLast((step) => !step.undoes && !undone.has(step));
  if (!last) return steps;
  if (!saved.includes(last)) return steps.filter((step) => step !== last);
  return [...steps, { entries: last.before, before: last.entries, undoes: last }];
}

/** What a table says now of those whom an entry is about. */
export function linesAbout(tables: Tables, { table, about }: Omit<Entry, 'lines'>): Cells[] {
  return entriesIn(tables, table).flatMap((entry) =>
    entry.about.some((word) => about.includes(word)) ? entry.lines : [],
  );
}

/** All that one table says, or each of them, by person: `matches.csv` also has lines that are still open. */
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

/** Equal for lines that say the same, in whatever order their table has its columns. */
export function saidIn(lines: readonly Cells[]): string {
  return JSON.stringify(
    lines.map((cells) =>
      Object.entries(cells)
        .filter(([, cell]) => cell !== '')
        .sort(),
    ),
  );
}

/** How words for people, or names of submissions, are compared. */
export function wordIn(table: string, cell = ''): string {
  return table === matchesFile ? cell : comparableIdentity(cell);
}

const fileOf = (name: string, text: string) => ({ name, bytes: bytesOf(text) });

/** A table that says this of a person. Other lines keep their text, and the table its form. */
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
