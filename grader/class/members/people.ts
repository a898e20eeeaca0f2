import { groupBy } from '../../key/group-by';

/** One student of a roster. Fields that the roster lacks are empty. */
export interface Student {
  /** Unique in a class, in lower case: the login, or a substitute while there is none. */
  readonly key: string;
  /** The student's line in the roster file; 0 for someone who is named by a download. */
  readonly line: number;
  /** The login in the name of the student's repository; empty while unknown. */
  readonly login: string;
  readonly name: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** The user's number on the host that exported the roster. */
  readonly userId: string;
  /** The number that the school assigned. */
  readonly studentId: string;
  /** Moodle's number for a participant in one assignment. */
  readonly participant: string;
  /** The course's identifier for the student, if it is not the login. */
  readonly identifier: string;
  readonly section: string;
  /** The group; one submission counts for all its members. */
  readonly group: string;
  /** The columns as they were read, by name, for a gradebook that needs them unchanged. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The kinds of text that may identify a student, each with its field, the most reliable first. */
const identifiers = [
  ['login', 'login'],
  ['participant', 'participant'],
  ['user id', 'userId'],
  ['student id', 'studentId'],
  ['student id', 'identifier'],
  ['email', 'email'],
  ['name', 'name'],
] as const;

/** The ways in which the owner of a submission may be found. */
export const matchedBy = [...new Set(identifiers.map(([by]) => by)), 'group', 'matches.csv'] as const;

export type MatchedBy = (typeof matchedBy)[number];

/** The kinds that hosts compare without regard to case. */
const anyCase: ReadonlySet<MatchedBy> = new Set(['login', 'email', 'name']);

/** Normalizes a text that names someone, for comparison: spaces and the forms of a letter do not matter. */
function tidy(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/** Normalizes a text for comparison, without regard to case as well. */
export function comparable(text: string): string {
  return tidy(text).toLowerCase();
}

/** Whether two texts of one kind name the same person; undefined if only a human can tell. */
export function isSame(by: MatchedBy, one: string, other: string): boolean | undefined {
  if (comparable(one) !== comparable(other)) return false;
  return anyCase.has(by) || tidy(one) === tidy(other) ? true : undefined;
}

/** A member of a class, with a student if the roster or a download gives more than a key. */
export interface Person {
  readonly key: string;
  readonly student?: Student | undefined;
}

/** Everybody in a class, indexed by every text that may name them. */
export class People<Somebody extends Person = Person> {
  private readonly people: readonly Somebody[];
  private readonly known: ReadonlyMap<string, { person: Somebody; by?: MatchedBy; text: string }[]>;

  constructor(people: Iterable<Somebody>) {
    this.people = [...people];
    const entries = this.people.flatMap((person) => {
      const { key, student } = person;
      // A key that was made from an identifier is not indexed without its brackets, because the identifier itself is.
      const isByKey = student?.login !== '' || isOfLine(key);
      const keys = [key, ...(isByKey ? [loginOfKey(key)] : [])].map((text) => ({ person, text }));
      const texts = student ? identifiers.map(([by, field]) => ({ person, by, text: student[field] })) : [];
      return [...keys, ...texts].filter(({ text }) => text !== '');
    });
    this.known = groupBy(entries, ({ text }) => comparable(text));
  }

  /**
   * Finds everybody whom a word may mean. Numbers must match exactly; logins, e-mail addresses and names match in
   * any case.
   *
   * @param kinds the kinds that the word may be; any kind, or a key, if omitted.
   * @param isLoose whether a number in another case matches as well.
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
   * Finds the one whom a word means in a table that was filled in by hand, or says what to write instead.
   *
   * @param nobody the text to return if it means nobody.
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

  /** Returns advice for an identifier in another case, which may be another student's. */
  private byCase(word: string): string | undefined {
    const [entry] = this.known.get(comparable(word)) ?? [];
    return entry && `${word} is written ${entry.text} in the roster. Write it so, if that is who is meant.`;
  }

  /** Returns advice for `line 12`, which is how older runs named a student without a login. */
  private byLine(word: string): string | undefined {
    const line = /^\(?line (\d+)\)?$/i.exec(word)?.[1];
    if (line === undefined) return undefined;
    const now = this.people.find(({ student }) => student?.line === Number(line));
    const who = now ? `${described(now)}, who may be somebody else than then` : 'nobody';
    return `${word} names nobody, because lines move: in line ${line} of the roster there is now ${who}. Write the login, name, id or e-mail address of the student you mean.`;
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

/** Returns the word that names someone in tables that are filled in by hand. */
export function wordFor({ key, student }: Person): string {
  const { login = '', identifier = '', email = '', name = '' } = student ?? {};
  return login || identifier || email || (isOfLine(key) ? '' : name) || loginOfKey(key);
}

/** Returns the login of a student, or its substitute without the brackets. */
export function loginOfKey(key: string): string {
  return /^\((.*)\)$/.exec(key)?.[1] ?? key;
}

/**
 * Makes unique keys for students without a login: the course's or else the download's identifier, in brackets,
 * because no login has any. Keys are in lower case, but of identifiers that differ only in case, all but one keep
 * their case.
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

/** Whether a key is made from a line of the roster, and so may be another student's tomorrow. */
export function isOfLine(key: string): boolean {
  return /, line \d+\)$/.test(key);
}
