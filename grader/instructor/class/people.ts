import type { Student } from './roster';
import { isOfLine, loginOfKey } from './student-key';

/** What told whose a submission is. */
export const matchedBy = [
  'login',
  'participant',
  'user id',
  'student id',
  'email',
  'name',
  'group',
  'matches.csv',
] as const;

export type MatchedBy = (typeof matchedBy)[number];

/** Each text that means a student, the surest first. */
const identifiers: readonly (readonly [MatchedBy, (student: Student) => string])[] = [
  ['login', ({ login }) => login],
  ['participant', ({ participant }) => participant],
  ['user id', ({ userId }) => userId],
  ['student id', ({ studentId }) => studentId],
  ['student id', ({ identifier }) => identifier],
  ['email', ({ email }) => email],
  ['name', ({ name }) => name],
];

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
  private readonly known = new Map<string, { person: Somebody; by?: MatchedBy; text: string }[]>();

  constructor(people: Iterable<Somebody>) {
    for (const person of people) {
      const { key, student } = person;
      const keys = [key, loginOfKey(key)].map((text) => ({ person, text }));
      const texts = student ? identifiers.map(([by, of]) => ({ person, by, text: of(student) })) : [];
      for (const entry of [...keys, ...texts]) {
        const text = folded(entry.text);
        const known = this.known.get(text);
        if (known) known.push(entry);
        else if (text !== '') this.known.set(text, [entry]);
      }
    }
  }

  /**
   * Everybody whom a word may mean. What is written just so comes before what differs in case, but for
   * logins and e-mail addresses, which hosts compare without it.
   *
   * @param kinds what the word may be; any, and a key, where it is left out.
   */
  find(word: string, kinds?: readonly MatchedBy[]): Somebody[] {
    const entries = (this.known.get(folded(word)) ?? []).filter(
      ({ by }) => !kinds || (by !== undefined && kinds.includes(by)),
    );
    const same = entries.filter(({ by, text }) => by === 'login' || by === 'email' || text === tidy(word));
    return [...new Set((same.length > 0 ? same : entries).map(({ person }) => person))];
  }

  /**
   * The one whom a word means in a table that was filled in by hand.
   *
   * @param nobody what is said where it means nobody.
   */
  resolve(word: string, nobody: string): { readonly person: Somebody } | { readonly problem: string } {
    const [person, ...others] = this.find(word);
    if (!person) return { problem: this.byLine(word) ?? nobody };
    if (others.length > 0)
      return {
        problem: `${word} may be ${[person, ...others].map(described).join(' or ')}. Write what only one of them is known by.`,
      };
    if (isOfLine(person.key))
      return {
        problem: `${word} is known by a line of the roster alone, which may be another student’s tomorrow. Give each student of that name a login, an id or an e-mail address in the roster.`,
      };
    return { person };
  }

  /** Older runs called a student without a login `line 12`. */
  private byLine(word: string): string | undefined {
    const line = /^\(?line (\d+)\)?$/i.exec(word)?.[1];
    if (line === undefined) return undefined;
    const all = [...this.known.values()].flat().map(({ person }) => person);
    const now = all.find(({ student }) => student?.line === Number(line));
    const who = now ? `${described(now)}, who may be somebody else than then` : 'nobody';
    return `${word} names nobody, for lines move: in line ${line} of the roster there is now ${who}. Write the login, name, id or e-mail address of whoever is meant.`;
  }
}

/** `Ada Lovelace (login ada, email ada@x.org)` */
function described({ key, student }: Person): string {
  const known = identifiers.flatMap(([by, textOf]) => {
    const text = student && by !== 'name' ? textOf(student) : '';
    return text === '' ? [] : `${by} ${text}`;
  });
  if (student && isOfLine(key)) known.push(`line ${student.line}`);
  const name = student?.name || loginOfKey(key);
  return known.length > 0 ? `${name} (${[...new Set(known)].join(', ')})` : name;
}
