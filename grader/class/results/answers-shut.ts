import type { Deadline } from '../../rubric/file.schema';
import type { People } from '../members/people';
import { dueOf, type HostDue } from './deadline';

// Nobody gets the answers while anybody's work may still count. Even an unused extension keeps them back.

/** A due date that keeps the answers back. */
export interface Hold {
  /** `the due date of Ada in Moodle` */
  readonly what: string;
  /** The last moment at which it lets work count, in milliseconds since 1970; `Infinity` if we cannot read it. */
  readonly closesAt: number;
  /** How a person can end it. */
  readonly endedBy: string;
}

/** The due dates that are known of a class, in milliseconds since 1970. */
interface KnownDues {
  /** From the lines of extensions.csv: by key, or by the word in the line for several and for people not in this class. */
  readonly written: ReadonlyMap<string, number>;
  readonly ofOthers: ReadonlyMap<string, number>;
  /** From a host's record, for students without a line, and for most students. */
  readonly ofHost: ReadonlyMap<string, HostDue>;
  readonly ofMost: Pick<HostDue, 'host' | 'at'> | undefined;
  /** From an earlier run; `Infinity` for one that could not be read. */
  readonly held: ReadonlyMap<string, number>;
}

/** Finds when work can no longer count, and which of the due dates after the course's come last. */
export function answersShut(deadline: Deadline, dues: KnownDues, people: People) {
  const nameOf = (key: string) => {
    const student = people.get(key);
    return student ? people.nameOf(student) : key;
  };
  const holdOf = (what: string, due: number | undefined, endedBy: string): Hold => ({
    what,
    closesAt:
      due !== undefined && Number.isFinite(due) ? dueOf(deadline, due).closesAt : Number.POSITIVE_INFINITY,
    endedBy,
  });
  const inTable = 'a line with another date in extensions.csv';
  const holds = [
    ...[...dues.written, ...dues.ofOthers].map(([key, due]) =>
      holdOf(`the extension of ${nameOf(key)} in extensions.csv`, due, inTable),
    ),
    ...[...dues.ofHost].flatMap(([key, { host, text, at, isOwn }]) =>
      isOwn ? holdOf(`the due date of ${nameOf(key)} in ${host} (${text})`, at, inTable) : [],
    ),
    ...[...dues.held].map(([key, due]) =>
      holdOf(`an extension of ${nameOf(key)} in an earlier run`, due, inTable),
    ),
  ];
  const { ofMost } = dues;
  // If we cannot read the date of most students, the run says so, and we know nothing about it.
  if (ofMost?.at !== undefined)
    holds.push(
      holdOf(`the due date of most students in ${ofMost.host}`, ofMost.at, 'giving that date as --due'),
    );
  const { closesAt } = dueOf(deadline);
  const openUntil = Math.max(closesAt, ...holds.map((hold) => hold.closesAt));
  return {
    openUntil,
    holds: openUntil > closesAt ? holds.filter((hold) => hold.closesAt === openUntil) : [],
  };
}
