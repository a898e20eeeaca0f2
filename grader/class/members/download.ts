import type { TSchema } from '@sinclair/typebox';
import { Check } from '@sinclair/typebox/value';
import { parse } from 'yaml';
import { GraderError, type Message } from '../../message';
import { isArchive } from '../../submission/which-files';
import type { CsvTable, TableRow } from './csv-table';
import type { Student } from './people';

/** The owner of a submission, as far as the download tells. */
export interface Owner extends Partial<Student> {
  /** The name of a folder or an archive. It has a login, an id, an e-mail address or a group, maybe after a prefix. */
  readonly label?: string;
}

/** The facts in the name of a file or a folder at the top of a download. */
export interface Entry {
  /** The name of the submission that it belongs to; unique in the download. */
  readonly name: string;
  readonly owner: Owner;
  /** The student's own name of a file, after what the host put before it. */
  readonly file?: string;
  /** Whether it may be from the host's own test student. Asked only if it belongs to nobody in the class. */
  readonly isTest?: boolean;
  /** Whether it was typed into the host's own editor, which keeps it in HTML. */
  readonly isTyped?: boolean;
  /** For a file that was handed in again: its name without anything that the host may have added. */
  readonly sentAs?: string | undefined;
  /** Among files that were handed in under one name, the host received the one with the highest number last. */
  readonly order?: number;
  /** A remark on it for the instructor. */
  readonly remark?: Message;
  /** The name under which a file goes back, so that the host finds the student again. */
  readonly returnsAs?: string;
}

/** The facts about a submission in a host's table. */
export interface SubmissionFacts {
  /** Several if a team handed it in. */
  readonly owners: readonly Owner[];
  /** When it was handed in, in milliseconds since 1970. */
  readonly submittedAt?: number | undefined;
  /** Whether the host wrote that time without a time zone. */
  readonly lacksZone?: boolean;
}

/** A time as a host writes it, and in milliseconds since 1970; undefined if we cannot read its language. */
export interface HostTime {
  readonly text: string;
  readonly at: number | undefined;
}

/** The due dates in a host's record. */
export interface Dues {
  /** The one for most students, if the record says one. */
  readonly most: HostTime | undefined;
  /** The due dates of students who have one of their own, by key. */
  readonly own: ReadonlyMap<string, HostTime>;
}

/** When work was handed in, saved as a draft, or requested again, according to a host's record. */
export interface HandedIn extends HostTime {
  /** `submitted` if we cannot read its language. */
  readonly state: 'submitted' | 'draft' | 'reopened';
}

/** A host's download: how it packs a class, and its table of students. */
export interface Download {
  readonly id: string;
  /** As in `a Moodle download`. */
  readonly title: string;
  /** Whether it has a folder or an archive for each student, with names in any form. */
  readonly isOfFolders?: boolean;
  /**
   * Returns what a file's name may mean, most likely first: a student's own name may contain the text that the host
   * puts between its parts. Empty if the file belongs to nobody or the host did not name it. Undefined if the host does
   * not pack submissions in its own way.
   */
  readonly entriesOf?: (name: string, isFile: boolean) => readonly Entry[];
  /**
   * The file that tells whose the submissions are, if there is one, and how to read it: a time without a zone is in
   * the course's time zone.
   */
  readonly table?: {
    readonly name: string;
    read(text: string, timezone: string): ReadonlyMap<string, SubmissionFacts>;
  };
  /**
   * The file that tells who is in a team, in or beside the submissions. Its reader finds the members by the name of a
   * folder or an archive, or by the name of the repository that GitHub packed in it, which is empty if there is none.
   */
  readonly teams?: {
    readonly name: string;
    read(
      text: string,
    ): (label: string, repositoryIn: () => Promise<string>) => Promise<readonly Owner[] | undefined>;
  };
  /** Chooses one of the possible names under which feedback goes back; undefined if none of them works. */
  readonly returnsAs?: (names: readonly string[]) => string | undefined;
  /** A note for the instructor on a download as a whole, before it is graded. */
  readonly noteOn?: (owners: readonly Owner[]) => string | undefined;
  /** A note for the instructor on work that has only one of its files. */
  readonly ofOneFile?: string;
  /** The students of a host's own table, under the headings that a roster has; undefined for other tables. */
  readonly rowsOf?: (table: CsvTable) => readonly TableRow[] | undefined;
  /**
   * When a student's work was handed in, if the download does not say.
   *
   * @param timezone the course's, which the host is assumed to use.
   */
  readonly handedInOf?: (student: Student | undefined, timezone: string) => HandedIn | undefined;
  /** The due dates in its own record of all students. */
  readonly duesOf?: (students: readonly Student[], timezone: string) => Dues;
}

/** Reads the name of a student's folder or archive, which may say in any form whose it is. */
export function entriesOfFolders(name: string, isFile: boolean): Entry[] {
  const isNobodys = isFile && !isArchive(name);
  return isNobodys ? [] : [{ name, owner: { label: name.replace(/\.(?:zip|git)$/i, '') } }];
}

/**
 * Reads a YAML or JSON table that comes with submissions. Every scalar in it is a string, because a number such as 0899
 * is a student's id and not a quantity.
 *
 * @throws {GraderError} if it has another form.
 */
export function readHostTable<Schema extends TSchema>(name: string, schema: Schema, content: string) {
  let table: unknown;
  try {
    table = parse(content, { schema: 'failsafe', maxAliasCount: 10_000, logLevel: 'error' });
  } catch {
    // Reported below.
  }
  if (Check(schema, table)) return table;
  throw new GraderError(
    'folder',
    'table-unusable',
    `${name} cannot be read as that table. Download it again. Nothing was graded.`,
  );
}

/**
 * Recognizes the host of a download by the names at its top.
 *
 * @param from the host's id, if it is not recognized.
 */
export function hostOf(hosts: readonly Download[], names: readonly string[], from?: string): Download {
  const packing = hosts.filter(({ entriesOf, isOfFolders }) => entriesOf && !isOfFolders);
  const recognized = packing.find(({ table, entriesOf }) =>
    table
      ? names.includes(table.name)
      : names.filter((name) => entriesOf?.(name, true).length).length * 2 > names.length,
  );
  const host =
    recognized ?? packing.find(({ id }) => id === from) ?? hosts.find(({ isOfFolders }) => isOfFolders);
  if (!host) throw new TypeError('no host has folders');
  return host;
}
