import { comparableIdentity, type People } from '../class/members/people';
import { groupBy } from '../system/lists';
import { type Entry, entriesIn, saidIn, type Tables, tablesAfter } from './steps';

// Merges the tables of several files into one of each, person by person: two assistants may each have decided a part.

/** The tables of one file: a zip with results, or a separate table. */
export interface TablesOfFile {
  readonly name: string;
  readonly tables: Tables;
  /** When the run of a zip began, in milliseconds since 1970; undefined for a separate table. */
  readonly started: number | undefined;
}

/** Lines about a person in a file that do not count. */
interface Unused extends Entry {
  readonly file: string;
}

/** The merged tables of all files, and what does not count. */
export interface GivenTables {
  readonly tables: Tables;
  /** Lines about people for whom a newer file says something else. */
  readonly replaced: readonly Unused[];
  /** Lines about people who are missing from a newer separate table, which somebody may have edited. */
  readonly missing: readonly Unused[];
}

/** Finds all words for a person by any of them. For somebody who is not on the roster, only one word is known. */
export function wordsFor(people: People) {
  return (word: string): readonly string[] => {
    const found = people.resolve(word, '');
    return typeof found === 'string' ? [comparableIdentity(word)] : people.wordsOf(found);
  };
}

/**
 * Merges the tables of files, person by person. A zip of a later run is newer than one of an earlier run, and a
 * separate table is newer than all zips; of two separate tables, the one that was added later is newer.
 *
 * @param wordsOf finds all words for a person of the roster by one of them.
 */
export function mergedTables(
  files: readonly TablesOfFile[],
  wordsOf: (word: string) => readonly string[],
): GivenTables {
  const ageOf = ({ started = Number.POSITIVE_INFINITY }: TablesOfFile) => started;
  const oldestFirst = files.toSorted((one, other) => (ageOf(one) < ageOf(other) ? -1 : 1));
  const names = new Set(files.flatMap(({ tables }) => Object.keys(tables)));
  const merged = [...names].map((table) => mergedTable(table, oldestFirst, wordsOf));
  return {
    tables: Object.assign({}, ...merged.map(({ tables }) => tables)),
    replaced: merged.flatMap(({ replaced }) => replaced),
    missing: merged.flatMap(({ missing }) => missing),
  };
}

/** Lines about a person in a file. */
type Said = Unused & { readonly isLoose: boolean };

/** Merges one of the tables over all files, oldest first. */
function mergedTable(
  table: string,
  files: readonly TablesOfFile[],
  wordsOf: (word: string) => readonly string[],
): GivenTables {
  const said = new Map<string, Said>();
  const replaced: Said[] = [];
  const missing: Said[] = [];
  let text = '';
  for (const { name, tables, started } of files) {
    const newText = tables[table];
    if (newText === undefined) continue;
    const isLoose = started === undefined;
    const now = byPerson({ [table]: newText }, table, wordsOf);
    // A separate table has everything that somebody wants to say, except what another separate table says.
    const gone = isLoose ? [...said].filter(([who, one]) => !one.isLoose && !now.has(who)) : [];
    for (const [who, one] of gone) {
      missing.push(one);
      said.delete(who);
    }
    for (const [who, entry] of now) {
      const before = said.get(who);
      if (before && saidIn(before.lines) !== saidIn(entry.lines)) replaced.push(before);
      said.set(who, { ...entry, file: name, isLoose });
    }
    const others = [...said].filter(([who]) => !now.has(who)).map(([, entry]) => entry);
    text = tablesAfter({ [table]: newText }, [{ entries: others }])[table] ?? '';
  }
  return { tables: { [table]: text }, replaced, missing };
}

/** Finds the lines of a table about each person, by all words for them. */
function byPerson(tables: Tables, table: string, wordsOf: (word: string) => readonly string[]) {
  const entries = entriesIn(tables, table).map((entry) => ({
    ...entry,
    about: entry.about.flatMap(wordsOf),
  }));
  return new Map(
    [...groupBy(entries, ({ about }) => about.join(' '))].map(([who, [first, ...others]]) => [
      who,
      { ...first, lines: [first, ...others].flatMap(({ lines }) => lines) },
    ]),
  );
}
