import { layoutOf, recordsOf, rowTextsOf } from '../class/members/csv-table';
import { matchesFile } from '../class/members/matches-table';
import type { WrittenLine } from '../class/pages/decision-rows';
import { personColumn, withColumns } from '../class/results/tables-by-hand';
import { csvRows, own } from '../render/escape/csv';
import { bytesOf } from '../system/platform';

// The four tables that hold what was decided, as texts. A run reads them as the command does.

export type Tables = Readonly<Record<string, string>>;

/** A line of a table, cell by cell. */
export interface Decision {
  readonly table: string;
  readonly cells: readonly string[];
}

const fileOf = (name: string, text: string) => ({ name, bytes: bytesOf(text) });

/** All lines that decide something: `matches.csv` also has open ones. */
export function decisionsIn(tables: Tables): Decision[] {
  return Object.entries(tables).flatMap(([table, text]) => {
    const [head = [], ...rows] = recordsOf(fileOf(table, text)).map(({ record }) => record);
    const login = head.findIndex((heading) => heading.toLowerCase() === 'login');
    const isDecided = (cells: readonly string[]) => table !== matchesFile || cells[login] !== '';
    return rows.filter(isDecided).map((cells) => ({ table, cells }));
  });
}

/**
 * Adds lines. A student has one line in a table, which a new one replaces; a submission may have one for each of a team.
 *
 * @param empty the tables that are not there yet, with their headings.
 */
export function withLines(tables: Tables, lines: readonly WrittenLine[], empty: Tables): Tables {
  const changed: Record<string, string> = { ...tables };
  for (const [table, line, replaces] of lines) {
    const before = withColumns(table, changed[table] ?? empty[table] ?? '');
    const kept = table === matchesFile ? before : withoutSame(table, before, line, replaces);
    changed[table] = `${kept}${kept === '' || /[\r\n]$/.test(kept) ? '' : '\n'}${line}\n`;
  }
  return changed;
}

export function withoutLine(tables: Tables, { table, cells }: Decision): Tables {
  const isIt = (other: readonly string[]) => JSON.stringify(other) === JSON.stringify(cells);
  return { ...tables, [table]: withoutRows(table, tables[table] ?? '', isIt) };
}

function withoutSame(table: string, text: string, line: string, replaces: string | undefined): string {
  const who = layoutOf(fileOf(table, text)).headings.indexOf(personColumn(table));
  const [head = ''] = text.split(/(?<=\n)/);
  const [, added] = recordsOf(fileOf(table, `${head}${line}`));
  const words = [added?.record[who], replaces];
  return withoutRows(table, text, (cells) => words.includes(cells[who]));
}

function withoutRows(table: string, text: string, isOut: (cells: readonly string[]) => boolean): string {
  const [head, ...rows] = rowTextsOf(fileOf(table, text));
  return [head, ...rows.filter(({ record }) => !isOut(record))].map((row) => row?.text ?? '').join('');
}

/** The lines that were added since the tables were saved. */
function addedTo(saved: Tables, tables: Tables): Decision[] {
  const before = new Set(decisionsIn(saved).map((decision) => JSON.stringify(decision)));
  return decisionsIn(tables).filter((decision) => !before.has(JSON.stringify(decision)));
}

/** The tables of other files, with what was decided and is not saved. */
export function carriedOver(tables: Tables, saved: Tables, given: Tables): Tables {
  const lines = addedTo(saved, tables).map(({ table, cells }): WrittenLine => {
    const { delimiter } = layoutOf(fileOf(table, tables[table] ?? ''));
    return [table, csvRows([cells.map(own)], delimiter).trimEnd()];
  });
  const heads = Object.entries(tables).map(([name, text]) => [name, text.split(/(?<=\n)/)[0] ?? ''] as const);
  return withLines(given, lines, Object.fromEntries(heads));
}

/** How many lines differ from those that were saved. */
export function unsavedIn(tables: Tables, saved: Tables): number {
  return addedTo(saved, tables).length + addedTo(tables, saved).length;
}
