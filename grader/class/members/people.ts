import { type Static, Type } from '@sinclair/typebox';
import { groupBy } from '../../key/group-by';

const fact = (description: string) => Type.String({ description });

/** One student of a roster, or of a download where there is none. Fields that are not known are empty. */
export const StudentSchema = Type.Object(
  {
    key: fact('Unique in a class: the login in lower case, or in brackets what stands for it.'),
    line: Type.Integer({ description: 'The line in the roster file; 0 for someone whom a download names.' }),
    login: Type.String(),
    name: Type.String(),
    firstName: Type.String(),
    lastName: Type.String(),
    email: Type.String(),
    userId: fact("The user's number on the host that exported the roster."),
    studentId: fact('The number that the school assigned.'),
    participant: fact("Moodle's number for a participant in one assignment."),
    identifier: fact("The course's identifier for the student, if it is not the login."),
    section: Type.String(),
    group: fact('One submission counts for all its members. Groups of two sections are two.'),
    columns: Type.Record(Type.String(), Type.String(), {
      description: 'The columns as they were read, by name, for a gradebook that needs them unchanged.',
    }),
  },
  {
    description: 'One student of a roster, or of a download where there is none.',
    additionalProperties: false,
  },
);

export type Student = Readonly<Static<typeof StudentSchema>>;

/** The facts by which a student is known, each with its field. */
export const facts = [
  ['login', 'login'],
  ['participant', 'participant'],
  ['user id', 'userId'],
  ['student id', 'studentId'],
  ['student id', 'identifier'],
  ['email', 'email'],
  ['name', 'name'],
] as const;

/** The ways in which the owner of a submission is found. */
export const matchedBy = [...new Set(facts.map(([by]) => by)), 'group', 'matches.csv'] as const;

export type MatchedBy = (typeof matchedBy)[number];

/** A member of a class, with a student if the roster or a download gives more than a key. */
export interface Person {
  readonly key: string;
  readonly student?: Student | undefined;
}

/** A text as it is compared with another: spaces and the forms of a letter do not matter, and case as hosts do. */
export function comparable(text: string, by: MatchedBy = 'login'): string {
  const tidy = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  return by === 'login' || by === 'email' || by === 'name' ? tidy.toLowerCase() : tidy;
}

/** Plain spellings of special letters that are not a plain letter with an accent. */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' },
};

/**
 * All ways in which a host may write a name: from each of its words on, in lower case, without accents and punctuation,
 * and also without spaces. Two names are the same if one's own spelling, the first, is among the other's.
 */
export function spellings(name: string): string[] {
  const letters = [...name.normalize('NFKD').toLowerCase()].map((letter) => plainLetters[letter] ?? letter);
  const words = letters
    .join('')
    .split(/[\s,_\p{Pd}]+/u)
    .map((word) => word.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter(Boolean);
  const turned = words.map((_, at) => [...words.slice(at), ...words.slice(0, at)]);
  const [spaced, joined] = [' ', ''].map((between) => turned.map((all) => all.join(between)));
  // Canvas writes no spaces at all.
  return /\s/.test(name) ? [...(spaced ?? []), ...(joined ?? [])] : [...(joined ?? []), ...(spaced ?? [])];
}

export function isSameName(one: string, other: string): boolean {
  const [a, b] = [spellings(one), spellings(other)];
  return b.includes(a[0] ?? '') || a.includes(b[0] ?? '');
}

/** Everybody in a class, for tables that are filled in by hand. */
export class People {
  private readonly known: ReadonlyMap<string, { person: Person; text: string }[]>;

  constructor(people: readonly Person[]) {
    const entries = people.flatMap((person) => {
      const texts = facts.map(([, field]) => person.student?.[field] ?? '');
      return [person.key, unbracketed(person.key), ...texts].map((text) => ({ person, text }));
    });
    this.known = groupBy(
      entries.filter(({ text }) => text !== ''),
      ({ text }) => comparable(text),
    );
  }

  /**
   * Finds the one whom a word means, or says what to write instead.
   *
   * @param nobody the text to return if it means nobody.
   */
  resolve(word: string, nobody: string): Person | string {
    const alike = this.known.get(comparable(word)) ?? [];
    const exact = alike.filter(
      ({ text }) => comparable(text, 'student id') === comparable(word, 'student id'),
    );
    const found = [...new Set((exact.length > 0 ? exact : alike).map(({ person }) => person))];
    const [person = nobody, ...others] = found;
    if (others.length === 0) return person;
    return `${word} may be ${found.map(described).join(' or ')}. Write what only one of them is known by.`;
  }

  /** The word that names someone in tables that are filled in by hand, and nobody else. */
  wordFor(person: Person): string {
    const { login = '', identifier = '', email = '' } = person.student ?? {};
    const isTheirs = (word: string) => {
      const found = this.resolve(word, '');
      return typeof found !== 'string' && found.key === person.key;
    };
    return [login, identifier, email, unbracketed(person.key)].find(isTheirs) ?? wordFor(person);
  }
}

/** `Ada Lovelace (login ada, email ada@x.org)`, so that the instructor knows what to write for whom. */
export function described({ key, student }: Person): string {
  if (!student) return unbracketed(key);
  const known = facts.flatMap(([by, field]) =>
    by === 'name' || student[field] === '' ? [] : `${by} ${student[field]}`,
  );
  if (known.length === 0) known.push(`line ${student.line}`);
  return `${student.name || unbracketed(key)} (${[...new Set(known)].join(', ')})`;
}

/** The name of a person for a sentence: the best known of login, identifier and address. */
export function wordFor({ key, student }: Person): string {
  const { login = '', identifier = '', email = '' } = student ?? {};
  return login || identifier || email || unbracketed(key);
}

function unbracketed(key: string): string {
  return /^\((.*)\)$/.exec(key)?.[1] ?? key;
}

/**
 * Makes keys for those without a login: in brackets, because no login has any, and in lower case. A text that several
 * have is followed by what tells them apart.
 */
export function keysFor<One>(
  all: readonly One[],
  textOf: (one: One) => string,
  apartBy: (one: One) => string,
): string[] {
  const byText = groupBy(all, (one) => textOf(one).toLowerCase());
  return all.map((one) => {
    const text = textOf(one).toLowerCase();
    return (byText.get(text) ?? []).length > 1 ? `(${text}, ${apartBy(one)})` : `(${text})`;
  });
}
