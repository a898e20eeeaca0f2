import type { Deadline } from '../../rubric/file.schema';
import type { People } from '../members/people';
import { dueOf, type HostDue } from './deadline';

// Nobody is told answers while work of anybody may still count: an extension holds them shut, used or not.

/** A due date that holds answers shut. */
export interface Hold {
  /** `the due date of Ada in Moodle` */
  readonly what: string;
  /** The last moment at which work may count by it, in milliseconds since 1970; `Infinity` where it is not read. */
  readonly closesAt: number;
  /** How a person ends it. */
  readonly endedBy: string;
}

/** The due dates that are known of a class, in milliseconds since 1970. */
interface KnownDues {
  /** By the lines of extensions.csv: by key, and by the word of whoever is not in this class. */
  readonly written: ReadonlyMap<string, number>;
  readonly ofOthers: ReadonlyMap<string, number>;
  /** By a host's record, of students without a line, and of most. */
  readonly there: ReadonlyMap<string, HostDue>;
  readonly ofMost: Pick<HostDue, 'host' | 'at'> | undefined;
  /** By an earlier run. */
  readonly held: ReadonlyMap<string, number>;
}

/** When no more work can count, and which due dates are the last of those that are later than the course's. */
export function answersShut(deadline: Deadline, dues: KnownDues, people: People) {
  const nameOf = (key: string) => {
    const student = people.get(key);
    return student ? people.nameOf(student) : key;
  };
  const holdOf = (what: string, due: number | undefined, endedBy: string): Hold => ({
    what,
    closesAt: due === undefined ? Number.POSITIVE_INFINITY : dueOf(deadline, due).closesAt,
    endedBy,
  });
  const inTable = 'a line with another date in extensions.csv';
  const holds = [
    ...[...dues.written, ...dues.ofOthers].map(([key, due]) =>
      holdOf(`the extension of ${nameOf(key)} in extensions.csv`, due, inTable),
    ),
    ...[...dues.there].flatMap(([key, { host, text, at, isOwn }]) =>
      isOwn ? holdOf(`the due date of ${nameOf(key)} in ${host} (${text})`, at, inTable) : [],
    ),
    ...[...dues.held].map(([key, due]) =>
      holdOf(`an extension of ${nameOf(key)} in an earlier run`, due, inTable),
    ),
  ];
  const { ofMost } = dues;
  // Where the date of most is not read, the run says so, and nothing is known of it.
  if (ofMost?.at !== undefined)
    holds.push(holdOf(`the due date of most in ${ofMost.host}`, ofMost.at, 'that date, given as --due'));
  const { closesAt } = dueOf(deadline);
  const openUntil = Math.max(closesAt, ...holds.map((hold) => hold.closesAt));
  return {
    openUntil,
    holds: openUntil > closesAt ? holds.filter((hold) => hold.closesAt === openUntil) : [],
  };
}
