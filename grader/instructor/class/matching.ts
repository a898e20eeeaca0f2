import { type Message, message } from '../../message';
import type { DownloadedSubmission } from './downloads/download';
import type { Owner } from './downloads/formats';
import type { Student } from './roster';

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

/** Whose a submission is, or whose it may be. */
export type Match =
  | { readonly students: readonly Student[]; readonly by: MatchedBy; readonly remarks: readonly Message[] }
  | { readonly candidates: readonly Student[] };

/** Each number by which a download and a roster may both know somebody, the surest first. */
const numbers: readonly (readonly [MatchedBy, keyof Owner, (student: Student) => string])[] = [
  ['login', 'login', ({ login }) => login],
  ['participant', 'participant', ({ participant }) => participant],
  ['user id', 'userId', ({ userId }) => userId],
  ['student id', 'studentId', ({ studentId }) => studentId],
  ['email', 'email', ({ email }) => email],
];

/** Finds the students of a roster to whom submissions belong. What is not certain is never guessed. */
export class Matcher {
  private readonly byNumber = new Map<string, Student[]>();
  private readonly byName = new Map<string, Student[]>();
  /** By the group's name in lower case. */
  private readonly members = new Map<string, Student[]>();
  private readonly blindName: string | undefined;
  private readonly hasParticipants: boolean;
  private readonly groupsByName = new Map<string, string[]>();
  private readonly byHand: ReadonlyMap<string, readonly Student[]>;

  /**
   * @param byHand what a person filled in: students by the name of a submission.
   * @param blindName what Moodle calls everybody where marking is blind, as `Participant`.
   */
  constructor(
    roster: readonly Student[],
    byHand: ReadonlyMap<string, readonly Student[]>,
    blindName: string | undefined,
  ) {
    this.byHand = byHand;
    this.blindName = blindName;
    this.hasParticipants = roster.some(({ participant }) => participant !== '');
    for (const student of roster) {
      for (const [by, , of] of numbers) add(this.byNumber, `${by} ${of(student).toLowerCase()}`, student);
      for (const key of knownKeys(student.name)) add(this.byName, key, student);
      const group = student.group.toLowerCase();
      if (group !== '') add(this.members, group, student);
    }
    for (const group of this.members.keys())
      for (const key of knownKeys(group)) add(this.groupsByName, key, group);
  }

  match({ name, owners }: Pick<DownloadedSubmission, 'name' | 'owners'>): Match {
    const students = this.byHand.get(name);
    if (students) return { students, by: 'matches.csv', remarks: [] };
    const matches = owners.map((owner) => ({ owner, match: this.matchOwner(owner) }));
    const clear = matches.flatMap(({ match }) => ('students' in match ? match : []));
    const unclear = matches.flatMap(({ owner, match }) =>
      'candidates' in match ? { owner, candidates: match.candidates } : [],
    );
    const [first] = clear;
    if (!first) return { candidates: unclear.flatMap(({ candidates }) => candidates) };
    return {
      students: [...new Set(clear.flatMap((match) => match.students))],
      by: first.by,
      remarks: [
        ...clear.flatMap(({ remarks }) => remarks),
        ...unclear.map(({ owner: { email, name: called = '' } }) =>
          message('download/unknown', '{owner} handed this in as well, and is nobody on the roster.', {
            owner: email ?? called,
          }),
        ),
      ],
    };
  }

  /** Whether what a download calls somebody goes with whom a number names. */
  private mayBe({ name }: Owner, student: Student, by: MatchedBy): boolean {
    if (name === undefined) return true;
    if (student.name !== '') return isSameName(name, student.name);
    // A team's number may be that of a participant whose name is not told.
    return by !== 'participant' || this.blindName === undefined || isSameName(name, this.blindName);
  }

  private matchOwner(owner: Owner): Match {
    const [team, ...more] = found(this.groupsByName, owner.name);
    const group = team !== undefined && more.length === 0 ? this.members.get(team) : undefined;
    for (const [by, field] of numbers) {
      const number = owner[field]?.toLowerCase();
      const known = number ? (this.byNumber.get(`${by} ${number}`) ?? []) : [];
      const [student, ...others] = known;
      if (!student) continue;
      if (others.length > 0) return { candidates: known };
      if (this.mayBe(owner, student, by)) return { students: [student], by, remarks: [] };
      if (group) break;
      // A team's number in Moodle may be a participant's by chance, one in Canvas is of whoever handed in; and
      // the roster may be of another course.
      if (by === 'participant' || by === 'user id') return { candidates: [student] };
      const text = `The download calls this {name}, and the ${by} is of somebody with another name.`;
      return {
        students: [student],
        by,
        remarks: [message('download/name', text, { name: owner.name ?? '' })],
      };
    }
    if (group) return { students: group, by: 'group', remarks: [] };
    // Numbers are of one assignment: where none fits, the worksheet is another one's.
    if (owner.participant !== undefined && this.hasParticipants) return { candidates: [] };
    const named = found(this.byName, owner.name);
    const [only, ...others] = named;
    // Of two who are called alike one may not be on the roster: a number that differs says so.
    const isCertain = only && others.length === 0 && !isContradicted(owner, only);
    return isCertain ? { students: [only], by: 'name', remarks: [] } : { candidates: named };
  }
}

/** Whether a download and a roster know a number of somebody, and not the same. */
function isContradicted(owner: Owner, student: Student): boolean {
  return numbers.some(([, field, of]) => {
    const [one, other] = [owner[field] ?? '', of(student)];
    return one !== '' && other !== '' && one.toLowerCase() !== other.toLowerCase();
  });
}

/** Whatever has a name, each once. */
function found<Item>(byName: ReadonlyMap<string, readonly Item[]>, name = ''): Item[] {
  return [...new Set(askedKeys(name).flatMap((key) => byName.get(key) ?? []))];
}

function add<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const known = map.get(key) ?? [];
  map.set(key, known);
  known.push(item);
}

function isSameName(asked: string, known: string): boolean {
  const keys = new Set(knownKeys(known));
  return askedKeys(asked).some((key) => keys.has(key));
}

/** What a name is found by: its words in any order, or all in one from whichever word it starts. */
function knownKeys(name: string): string[] {
  const words = fold(name);
  if (words.length === 0) return [];
  const joined = words.map((_, at) => [...words.slice(at), ...words.slice(0, at)].join(''));
  return [inOrder(words), ...new Set(joined.map((one) => `joined ${one}`))];
}

/** What is looked for: a host that leaves out what is between the words gives a single one. */
function askedKeys(name: string): string[] {
  const words = fold(name);
  const [only, ...others] = words;
  if (only === undefined) return [];
  return others.length === 0 ? [inOrder(words), `joined ${only}`] : [inOrder(words)];
}

function inOrder(words: readonly string[]): string {
  return [...words].sort().join(' ');
}

/** Letters that are no letter with an accent, as they are written without them. */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' },
};

/** The words of a name without accents, in lower case; hosts leave out apostrophes and underscores. */
function fold(name: string): string[] {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}'’‘`&]/gu, '')
    .replace(/[ßæœøđðþłı]/g, (letter) => plainLetters[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
