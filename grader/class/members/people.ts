import { type Static, Type } from '@sinclair/typebox';
import { inTable } from '../../render/escape/csv';
import { byName, record, text } from '../../schema';

/** One student on a roster, or in a download if there is no roster. Facts that are not known are empty. */
export const StudentSchema = record(
  {
    key: Type.String({ description: 'The login in lower case, or in brackets what stands for it.' }),
    line: Type.Integer({ description: 'In the roster file; 0 for someone whom a download names.' }),
    login: text,
    name: text,
    email: text,
    // The host's number for a user.
    userId: text,
    // The school's number.
    studentId: text,
    // Moodle's number for a participant in one assignment.
    participant: text,
    section: text,
    group: Type.String({ description: 'One submission counts for all its members.' }),
    groupSection: Type.String({
      description:
        'The section in which the group is one; empty where it is of the course, as in the record of a host.',
    }),
    // As they were read.
    columns: byName(text),
  },
  { description: 'A student of a roster, or of a download.' },
);

export type Student = Readonly<Static<typeof StudentSchema>>;

/** The facts that identify one student, each with its field, the best first. */
export const identifiers = [
  ['login', 'login'],
  ['user id', 'userId'],
  ['student id', 'studentId'],
  ['participant', 'participant'],
  ['email', 'email'],
] as const;

/** All facts. Several students may share a group or a name. */
export const identityFields = [['group', 'group'], ...identifiers, ['name', 'name']] as const;

/** The ways in which the owner of a submission is found. */
export const matchedBy = [...identityFields.map(([by]) => by), 'matches.csv'] as const;

export type MatchedBy = (typeof matchedBy)[number];

/** Somebody in a class, with a key that nobody else there has, and any facts that are known. */
export type Person = Pick<Student, 'key'> & Partial<Student>;

/** Sorts by key, as the rows of a run are. */
export function byKey(one: Pick<Student, 'key'>, other: Pick<Student, 'key'>) {
  return one.key < other.key ? -1 : 1;
}

/** A text in a form for comparison: spaces and forms of a letter do not matter, nor does case where hosts ignore it. */
export function comparableIdentity(text: string, by: MatchedBy = 'login') {
  const tidy = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  return by === 'login' || by === 'email' ? tidy.toLowerCase() : tidy;
}

/** An accent on a letter that may be written without it. Elsewhere such a mark is part of the word: राम is not रमा. */
const accent = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*)\p{M}/gu;

/**
 * All ways in which a host may write a name: starting from each of its words, in lower case, without accents and
 * punctuation, and, as Canvas does, without spaces. Two names are the same if the first spelling of one, its own, is
 * among the other's.
 */
export function spellings(name: string) {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(accent, '')
    .split(/[\s,_\p{Pd}]+/u)
    .map((word) => word.replace(/[^\p{L}\p{N}\p{M}]/gu, ''))
    .filter(Boolean);
  return words
    .map((_, at) => [...words.slice(at), ...words.slice(0, at)])
    .flatMap((turned) => [turned.join(' '), turned.join('')]);
}

/** Equal for the members of a team. `Team 5` and `Team_5` are two teams. */
export function teamOf({ group, groupSection }: Student) {
  return JSON.stringify([comparableIdentity(group, 'group'), comparableIdentity(groupSection)]);
}

/**
 * The keys that students of an earlier run have now, by their old keys: a new column in the roster changes keys.
 * Two students are the same person if they have an identifier in common, and none that differs.
 */
export function keysNow(before: readonly Student[], now: readonly Student[]): Map<string, string> {
  const keysBefore = new Set(before.map(({ key }) => key));
  const keys = new Set(now.map(({ key }) => key));
  const isNew = now.filter(({ key }) => !keysBefore.has(key));
  return new Map(
    before.flatMap((student): [string, string][] => {
      if (keys.has(student.key)) return [[student.key, student.key]];
      const [same, ...others] = isNew.filter((other) => isSame(student, other));
      return same && others.length === 0 ? [[student.key, same.key]] : [];
    }),
  );
}

/** The rows of an earlier run by the keys that their students have now; students who are gone keep the old key. */
export function rowsNow<Row extends { readonly student: Student }>(
  rows: readonly Row[],
  now: readonly Student[],
) {
  const keys = keysNow(
    rows.map(({ student }) => student),
    now,
  );
  return new Map(rows.map((row) => [keys.get(row.student.key) ?? row.student.key, row]));
}

function isSame(one: Student, other: Student): boolean {
  const compared = identifiers.flatMap(([by, field]) =>
    one[field] === '' || other[field] === ''
      ? []
      : comparableIdentity(one[field], by) === comparableIdentity(other[field], by),
  );
  return compared.length > 0 && compared.every(Boolean);
}

/** Everybody in a class, for tables that are filled in by hand. */
export class People {
  /** Everybody whom a word may mean, by the word in its form for comparison. */
  private readonly known = new Map<string, Set<Student>>();

  /** Everybody whose number begins with zeros, by the number without them. */
  private readonly padded = new Map<string, Set<Student>>();

  private readonly students;

  constructor(students: readonly Student[]) {
    this.students = new Map(students.map((student) => [student.key, student]));
    for (const student of students)
      for (const word of comparedWordsOf(student)) {
        addTo(this.known, word, student);
        if (/^0\d+$/.test(word)) addTo(this.padded, word.replace(/^0+/, ''), student);
      }
  }

  /** Everybody whom a word may mean: 101 may be somebody's number, or 0101 with its zero dropped by a spreadsheet. */
  private meantBy(word: string): Student[] {
    const compared = comparableIdentity(word);
    const known = this.known.get(compared);
    const padded = known && this.padded.get(compared);
    return [...new Set([...(known ?? []), ...(padded ?? [])])];
  }

  /**
   * Finds the one person whom a word means, or says what to write instead.
   *
   * @param nobody the text to return if it means nobody.
   * @param fits whether the rest of the line fits a student, which tells 101 from 0101.
   */
  resolve(word: string, nobody: string, fits: (student: Student) => boolean = () => false): Student | string {
    const meant = this.meantBy(word);
    const [student, ...others] = meant;
    if (!student) return nobody;
    const isWritten = this.known.get(comparableIdentity(word))?.size === 1;
    const isTold = isWritten && fits(student) && !others.some(fits);
    const isSure = others.length === 0 ? !isKnownByLine(student) : isTold;
    return isSure ? student : this.refusal(word, meant);
  }

  private refusal(word: string, meant: readonly Student[]): string {
    const [alike] = meant.filter(isKnownByLine);
    const others = alike ? (this.known.get(comparableIdentity(alike.name)) ?? []) : [];
    const listed = [...new Set([...meant, ...others])].map(described).join(' or ');
    const advice = alike
      ? 'Nothing in the roster tells them apart: give each a number or an e-mail address there, and write that.'
      : 'Write something that only one of them has.';
    return `${word} may be ${listed}. ${advice}`;
  }

  /** Every word that means exactly one person, in its form for comparison. */
  wordsOf(student: Student): string[] {
    return comparedWordsOf(student).filter((word) => this.known.get(word)?.size === 1);
  }

  get all(): readonly Student[] {
    return [...this.students.values()];
  }

  /** The person with a key, if there is one in the class. */
  get(key: string): Student | undefined {
    return this.students.get(key);
  }

  /** A person's name for a list, with something that tells them apart if two people have that name. */
  nameOf({ login, name, ...person }: Student): string {
    const hasNamesakes = (this.known.get(comparableIdentity(name))?.size ?? 0) > 1;
    const word = login || (name === '' || hasNamesakes ? this.wordFor({ login, name, ...person }) : '');
    if (name === '') return word;
    return word === '' || word === name ? name : `${name} (${word})`;
  }

  /** The word that names somebody, and nobody else, in tables that are filled in by hand. */
  wordFor(person: Person): string {
    const isTheirs = (word: string) => {
      const [student, ...others] = this.meantBy(word);
      return student?.key === person.key && others.length === 0;
    };
    return [...wordsFor(person), person.name ?? ''].find(isTheirs) ?? wordFor(person);
  }
}

function addTo(known: Map<string, Set<Student>>, word: string, student: Student) {
  const meant = known.get(word);
  if (meant) meant.add(student);
  else known.set(word, new Set([student]));
}

/**
 * Students with the same name or number, each given their own key: by section or group, if all of theirs differ. Other
 * columns may change from week to week. If neither tells them apart, their lines do, which the next roster may swap.
 */
export function toldApart(alike: readonly Student[]): Student[] {
  if (alike.length < 2) return [...alike];
  const isEnough = (field: 'section' | 'group') =>
    new Set(alike.map((student) => comparableIdentity(student[field]))).size === alike.length;
  const field = (['section', 'group'] as const).find(isEnough);
  return alike.map((student) => {
    const known = field ? `${field} ${comparableIdentity(student[field]) || 'none'}` : `line ${student.line}`;
    return { ...student, key: `${student.key.replace(/\)$/, '')}, ${known})` };
  });
}

/** Whether only the line in the roster tells this person from another with the same name: see `toldApart`. */
function isKnownByLine({ key, line }: Person): boolean {
  return key.endsWith(`, line ${line})`);
}

/** `Ada Lovelace (login ada, email ada@x.org)`, so that the instructor knows what to write for whom. */
export function described(person: Person) {
  const known = identifiers.flatMap(([by, field]) => (person[field] ? `${by} ${person[field]}` : []));
  const word = unbracketed(person.key);
  const isNamesake = person.name !== '' && word.startsWith(`${person.name?.toLowerCase()}, `);
  const own = isNamesake && !isKnownByLine(person) ? word : `line ${person.line}`;
  return `${person.name || word} (${known.join(', ') || own})`;
}

/** A person's name for a sentence: the best known of login, identifier and address. */
export function wordFor(person: Person) {
  return wordsFor(person).find(Boolean) ?? person.key;
}

/** Every word by which a table may name somebody, once each, in its form for comparison. */
function comparedWordsOf(student: Student): string[] {
  const words = [student.key, student.name, student.columns.sis_login_id ?? '', ...wordsFor(student)];
  // A word that looks like a formula reads differently in a table that we wrote.
  const compared = words.flatMap((text) => [text, inTable(text)]).map((word) => comparableIdentity(word));
  return [...new Set(compared)].filter(Boolean);
}

function wordsFor(person: Person) {
  return [...identifiers.map(([, field]) => person[field] ?? ''), unbracketed(person.key)];
}

function unbracketed(key: string) {
  return /^\((.*)\)$/.exec(key)?.[1] ?? key;
}
