import { groupBy } from '../../key/group-by';
import type { Student } from './roster';

/** What a text may be that means a student, and where it stands, the surest first. */
const identifiers = [
  ['login', 'login'],
  ['participant', 'participant'],
  ['user id', 'userId'],
  ['student id', 'studentId'],
  ['student id', 'identifier'],
  ['email', 'email'],
  ['name', 'name'],
] as const;

/** What may tell whose a submission is. */
export const matchedBy = [...new Set(identifiers.map(([by]) => by)), 'group', 'matches.csv'] as const;

export type MatchedBy = (typeof matchedBy)[number];

/** A text as it is compared with others that name somebody: spaces and the forms of a letter do not matter. */
function tidy(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/** The same where case does not matter either. */
export function folded(text: string): string {
  return tidy(text).toLowerCase();
}

/** Somebody of a class; a student where the roster or a download says more than a key. */
export interface Person {
  readonly key: string;
  readonly student?: Student | undefined;
}

/** Everybody of a class, by all that somebody may write to name one. */
export class People<Somebody extends Person = Person> {
  private readonly people: readonly Somebody[];
  private readonly known: ReadonlyMap<string, { person: Somebody; by?: MatchedBy; text: string }[]>;

  constructor(people: Iterable<Somebody>) {
    this.people = [...people];
    const entries = this.people.flatMap((person) => {
      const { key, student } = person;
      const keys = [key, loginOfKey(key)].map((text) => ({ person, text }));
      const texts = student ? identifiers.map(([by, field]) => ({ person, by, text: student[field] })) : [];
      return [...keys, ...texts].filter(({ text }) => text !== '');
    });
    this.known = groupBy(entries, ({ text }) => folded(text));
  }

  /**
   * Everybody whom a word may mean. What is written just so comes before what differs in case, but for
   * logins and e-mail addresses, which hosts compare without it.
   *
   * @param kinds what the word may be; any, and a key, where it is left out.
   */
  find(word: string, kinds?: readonly MatchedBy[]): Somebody[] {
    const exact = tidy(word);
    const entries = (this.known.get(exact.toLowerCase()) ?? []).filter(
      ({ by }) => !kinds || (by !== undefined && kinds.includes(by)),
    );
    const same = entries.filter(({ by, text }) => by === 'login' || by === 'email' || text === exact);
    return [...new Set((same.length > 0 ? same : entries).map(({ person }) => person))];
  }

  /**
   * The one whom a word means in a table that was filled in by hand, or what to write in place of it.
   *
   * @param nobody what is said where it means nobody.
   */
  resolve(word: string, nobody: string): Somebody | string {
    const [person, ...others] = this.find(word);
    if (!person) return this.byLine(word) ?? nobody;
    if (others.length > 0)
      return `${word} may be ${[person, ...others].map(described).join(' or ')}. Write what only one of them is known by.`;
    if (isOfLine(person.key))
      return `${word} is known by a line of the roster alone, which may be another student’s tomorrow. Give each student of that name a login, an id or an e-mail address in the roster.`;
    return person;
  }

  /** Older runs called a student without a login `line 12`. */
  private byLine(word: string): string | undefined {
    const line = /^\(?line (\d+)\)?$/i.exec(word)?.[1];
    if (line === undefined) return undefined;
    const now = this.people.find(({ student }) => student?.line === Number(line));
    const who = now ? `${described(now)}, who may be somebody else than then` : 'nobody';
    return `${word} names nobody, for lines move: in line ${line} of the roster there is now ${who}. Write the login, name, id or e-mail address of whoever is meant.`;
  }
}

/** `Ada Lovelace (login ada, email ada@x.org)` */
function described({ key, student }: Person): string {
  const known = identifiers.flatMap(([by, field]) => {
    const text = by === 'name' ? '' : student?.[field];
    return text ? `${by} ${text}` : [];
  });
  if (student && isOfLine(key)) known.push(`line ${student.line}`);
  const name = student?.name || loginOfKey(key);
  return known.length > 0 ? `${name} (${[...new Set(known)].join(', ')})` : name;
}

/** The login of a student, or what stands for it in brackets, as tables are filled in with it. */
export function loginOfKey(key: string): string {
  return /^\((.*)\)$/.exec(key)?.[1] ?? key;
}

/**
 * Keys for whoever has no login, each once: what the course, or else the download, calls somebody by, in
 * brackets, for no login has any; in lower case, but of those that differ in case only all but one are as
 * they are written.
 */
export function keysWithoutLogin(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter((name) => name === name.toLowerCase()));
  return new Map(
    names.map((name) => {
      const lower = name.toLowerCase();
      const isTaken = name !== lower && taken.has(lower);
      taken.add(lower);
      return [name, `(${isTaken ? name : lower})`] as const;
    }),
  );
}

/** Whether a key is of a line of the roster, and so may be another student's tomorrow. */
export function isOfLine(key: string): boolean {
  return /, line \d+\)$/.test(key);
}
