import { groupBy } from '../../../key/group-by';

/** One student of a roster. What it does not tell is an empty text. */
export interface Student {
  /** Unique in a class, in lower case: the login, or what stands for it while there is none. */
  readonly key: string;
  /** Where the student stands in the roster's file; 0 for somebody whom a download names. */
  readonly line: number;
  /** The name that a repository carries; empty while nobody knows it. */
  readonly login: string;
  readonly name: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** The number of a user on the host that exported the roster. */
  readonly userId: string;
  /** The number that the school gave. */
  readonly studentId: string;
  /** Moodle's number of a participant of one assignment. */
  readonly participant: string;
  /** What the course calls the student by, where that is not the login. */
  readonly identifier: string;
  readonly section: string;
  /** Whose submission counts for this student as well, as for everybody of the group. */
  readonly group: string;
  /** Columns that a gradebook may want back as they came, by name. */
  readonly columns: Readonly<Record<string, string>>;
}

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

/** What hosts compare in any case. */
const anyCase: ReadonlySet<MatchedBy> = new Set(['login', 'email', 'name']);

/** A text as it is compared with others that name somebody: spaces and the forms of a letter do not matter. */
function tidy(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/** The same where case does not matter either. */
export function comparable(text: string): string {
  return tidy(text).toLowerCase();
}

/** Whether two texts of one kind name one person; undefined where only a person can tell. */
export function isSame(by: MatchedBy, one: string, other: string): boolean | undefined {
  if (comparable(one) !== comparable(other)) return false;
  return anyCase.has(by) || tidy(one) === tidy(other) ? true : undefined;
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
      // Who is known by an identifier is not known by the key that was made of it.
      const isByKey = student?.login !== '' || isOfLine(key);
      const keys = [key, ...(isByKey ? [loginOfKey(key)] : [])].map((text) => ({ person, text }));
      const texts = student ? identifiers.map(([by, field]) => ({ person, by, text: student[field] })) : [];
      return [...keys, ...texts].filter(({ text }) => text !== '');
    });
    this.known = groupBy(entries, ({ text }) => comparable(text));
  }

  /**
   * Everybody whom a word may mean: a number as it is written, and logins, e-mail addresses and names in
   * any case.
   *
   * @param kinds what the word may be; any, and a key, where it is left out.
   * @param isLoose whether a number in another case is meant as well.
   */
  find(word: string, kinds?: readonly MatchedBy[], isLoose = false): Somebody[] {
    const exact = tidy(word);
    const entries = (this.known.get(exact.toLowerCase()) ?? []).filter(
      ({ by }) => !kinds || (by !== undefined && kinds.includes(by)),
    );
    const same = entries.filter(
      ({ by = 'login', text }) => isLoose || anyCase.has(by) || tidy(text) === exact,
    );
    return [...new Set(same.map(({ person }) => person))];
  }

  /**
   * The one whom a word means in a table that was filled in by hand, or what to write in place of it.
   *
   * @param nobody what is said where it means nobody.
   */
  resolve(word: string, nobody: string): Somebody | string {
    const [person, ...others] = this.find(word);
    if (!person) return this.byLine(word) ?? this.byCase(word) ?? nobody;
    if (others.length > 0)
      return `${word} may be ${[person, ...others].map(described).join(' or ')}. Write what only one of them is known by.`;
    if (isOfLine(person.key))
      return `${word} is known by a line of the roster alone, which may be another student’s tomorrow. Give each student of that name a login, an id or an e-mail address in the roster.`;
    return person;
  }

  /** An identifier in another case may be another student's. */
  private byCase(word: string): string | undefined {
    const [entry] = this.known.get(comparable(word)) ?? [];
    return entry && `${word} is written ${entry.text} in the roster. Write it so, if that is who is meant.`;
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

/** What tables are filled in with for somebody. */
export function wordFor({ key, student }: Person): string {
  const { login = '', identifier = '', email = '', name = '' } = student ?? {};
  return login || identifier || email || (isOfLine(key) ? '' : name) || loginOfKey(key);
}

/** The login of a student, or what stands for it in brackets. */
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
