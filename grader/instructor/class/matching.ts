import { groupBy } from '../../key/group-by';
import { type Message, message } from '../../message';
import type { DownloadedFiles } from './downloads/download';
import type { Owner } from './downloads/formats';
import { folded, type MatchedBy, People } from './people';
import type { Roster, Student } from './roster';
import { keysWithoutLogin } from './student-key';

/** Something that was handed in: a folder of the class, or what was read out of a download. */
export interface Work {
  /** The name of the folder, or what the download calls it. */
  readonly folder: string;
  readonly download?: DownloadedFiles | undefined;
  /** What a team is called that handed it in together, where the roster names none. */
  readonly team?: string | undefined;
  /** What told whose it is. */
  readonly matchedBy?: MatchedBy;
}

/** One student and the work that is theirs: none where nothing was handed in. */
export interface Member {
  /** As hosts compare it, in lower case; it is unique in a class. */
  readonly key: string;
  readonly login: string;
  readonly student?: Student;
  readonly work: readonly Work[];
  /** Whom the work may belong to, where that is not certain: then it is nobody's until a person says so. */
  readonly candidates?: readonly string[] | undefined;
  /** Work is known by logins, and the roster has none for this student. */
  readonly hasNoLogin?: boolean;
}

/** What was handed in, and all that is known of who did. */
export interface Submission {
  readonly name: string;
  /** Several where a team handed it in and the host says who they are. */
  readonly owners: readonly Owner[];
  readonly content?: DownloadedFiles;
}

/** The submissions of a class. */
export interface Submissions {
  /** Of the folder or the archive around them. */
  readonly root: string;
  /** What one is called. */
  readonly kind: 'folder' | 'submission';
  readonly submissions: readonly Submission[];
}

type MatchingRoster = Pick<Roster, 'students' | 'worksheet'>;

/**
 * Joins submissions and roster: every student, and every submission that is nobody's, once, sorted by key. One
 * belongs to a student only if all that is known of it agrees, and only one student fits, or one group.
 *
 * @param byHand students by the name of a submission, as `matches.csv` has them.
 */
export function matchSubmissions(
  class_: Submissions,
  roster: MatchingRoster | undefined,
  byHand: ReadonlyMap<string, readonly Student[]> = new Map(),
): Member[] {
  const members = roster ? withRoster(class_, roster, byHand) : withoutRoster(class_);
  return members.sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Whoever handed something in, as the download or the folder names them. */
function withoutRoster({ root, submissions }: Submissions): Member[] {
  const readLabel = labelReader(root, submissions, () => false);
  const entries = submissions.flatMap(({ name: folder, owners, content: download }) =>
    (owners.length > 0 ? owners : [{}]).map((owner: Owner): Unlisted => {
      const { label, name = '', email = '', userId = '', studentId = '', participant = '' } = owner;
      const word = label === undefined ? undefined : readLabel(label).words[0];
      // Only what a host itself gives is a key in a gradebook; a name may be a student's own text.
      const identifier = userId || email.toLowerCase() || studentId;
      const unknown = { firstName: '', lastName: '', section: '', group: '', line: 0 };
      const known = { login: '', name, email, userId, studentId, participant, identifier };
      return {
        ...{ word, text: identifier || folder, login: word ?? '' },
        student: identifier === '' ? undefined : { ...known, ...unknown, columns: { id: userId } },
        work: { folder, download, team: owners.length > 1 ? folder : undefined },
      };
    }),
  );
  return unlisted(entries);
}

/** Somebody who handed something in and is on no roster, by the word of a label or else by what stands for one. */
interface Unlisted extends Pick<Member, 'login' | 'candidates'> {
  readonly word: string | undefined;
  readonly text: string;
  readonly student?: Omit<Student, 'key'> | undefined;
  readonly work: Work;
}

/** The same, each once. */
function unlisted(entries: readonly Unlisted[]): Member[] {
  const keys = keysWithoutLogin(entries.map(({ text }) => text));
  const byKey = groupBy(entries, ({ word, text }) => word?.toLowerCase() ?? keys.get(text) ?? text);
  return [...byKey].flatMap(([key, all]): Member[] =>
    all.slice(0, 1).map(({ login, student, candidates }) => ({
      ...{ key, login, candidates, work: all.map(({ work }) => work) },
      ...(student && { student: { ...student, key } }),
    })),
  );
}

function withRoster(
  class_: Submissions,
  roster: MatchingRoster,
  byHand: ReadonlyMap<string, readonly Student[]>,
): Member[] {
  const { kind, submissions } = class_;
  const index = indexOf(class_, roster);
  const matches = apart(
    submissions.map((submission) => {
      const students = byHand.get(submission.name);
      const match = students ? { students, by: 'matches.csv' as const } : matchOwners(submission, index);
      return { submission, match };
    }),
  );
  const works = new Map(roster.students.map(({ key }) => [key, [] as Work[]]));
  for (const { submission, match } of matches) {
    if ('candidates' in match) continue;
    const { students, by: matchedBy, group, remarks = [] } = match;
    const { name: folder, owners, content } = submission;
    const download = content && { ...content, remarks: [...content.remarks, ...remarks] };
    const isShared = students.length > 1 || owners.length > 1 || group !== undefined;
    const work = { folder, download, matchedBy, team: isShared ? folder : undefined };
    for (const { key } of students) works.get(key)?.push(work);
  }
  const isNamedByLogin =
    submissions.every(({ owners }) => owners.every(({ label }) => label !== undefined)) &&
    matches.every(({ match }) => 'candidates' in match || byLogin.has(match.by));
  const members = roster.students.map((student): Member => {
    const { key, login, group } = student;
    const work = works.get(key) ?? [];
    const hasNoLogin = isNamedByLogin && work.length === 0 && login === '' && group === '';
    return { key, login, student, work, hasNoLogin };
  });
  const nobodys = matches.flatMap(({ submission: { name, owners, content }, match }): Unlisted[] => {
    if ('students' in match) return [];
    const ends = owners.flatMap(({ label = '' }) => endsOf(label)).flatMap(index.meant);
    const idle = ends.filter(({ key }) => works.get(key)?.length === 0);
    const candidates = [...new Set(match.candidates.length > 0 ? match.candidates : idle)].map(shown);
    // A folder that is called as nobody is named by that.
    const word = kind === 'folder' ? match.word : undefined;
    const isOpen = word === undefined || candidates.length > 0;
    const work = { folder: name, download: content };
    const text = `${kind} ${name}`;
    return [{ word, text, login: word ?? name, work, candidates: isOpen ? candidates : undefined }];
  });
  return [...members, ...unlisted(nobodys)];
}

const byLogin: ReadonlySet<MatchedBy> = new Set(['login', 'group', 'matches.csv']);

/** Students who hand in as one. */
interface Group {
  readonly name: string;
  readonly members: readonly Student[];
}

/** Whose a submission is, or whose it may be. */
type Match =
  | {
      readonly students: readonly Student[];
      readonly by: MatchedBy;
      readonly group?: Group;
      readonly remarks?: readonly Message[];
    }
  | {
      readonly candidates: readonly Student[];
      /** What a label holds that means nobody. */
      readonly word?: string | undefined;
    };

/** Numbers by which a download and a roster may both know somebody, the surest first. */
const numbers = [
  ['participant', 'participant'],
  ['user id', 'userId'],
  ['student id', 'studentId'],
  ['email', 'email'],
] as const;

/** What the name of a folder or an archive may hold. */
const labelKinds: readonly MatchedBy[] = ['login', 'user id', 'student id', 'email', 'participant'];

/** Students and groups of a class by all that may name them, and how its submissions are named. */
function indexOf(class_: Submissions, { students, worksheet }: MatchingRoster) {
  const people = new People(students.map((student) => ({ key: student.key, student })));
  const find = (word: string, kinds: readonly MatchedBy[]) =>
    people.find(word, kinds).map(({ student }) => student);
  const groups = groupsOf(students, worksheet?.withoutSubmission ?? new Set());
  const groupOf = (word: string) => groups.get(folded(word));
  const meant = (word: string) => [...find(word, labelKinds), ...(groupOf(word)?.members ?? [])];
  const owners = class_.submissions.flatMap(({ name, owners: all }) => all.map((owner) => ({ name, owner })));
  return {
    ...{ find, groupOf, meant, blindName: worksheet?.blindName ?? '' },
    studentsByName: mapOf(students, ({ name }) => knownKeys(name)),
    groupsByName: mapOf(groups.values(), ({ name }) => knownKeys(name)),
    ownersByName: mapOf(owners, ({ owner }) => askedKeys(owner.name ?? '').slice(0, 1)),
    readLabel: labelReader(class_.root, class_.submissions, (word) => meant(word).length > 0),
  };
}

type Index = ReturnType<typeof indexOf>;

/**
 * The groups of a roster by name. Two groups of Moodle's may have one name: where some of the members have
 * no submission, the one that was handed in is of the others.
 */
function groupsOf(students: readonly Student[], withoutSubmission: ReadonlySet<string>): Map<string, Group> {
  const inGroups = students.filter(({ group }) => group !== '');
  const groups = [...groupBy(inGroups, ({ group }) => folded(group))].map(([key, all]) => {
    const handedIn = all.filter(({ participant }) => !withoutSubmission.has(participant));
    return [key, { name: all[0]?.group ?? '', members: handedIn.length > 0 ? handedIn : all }] as const;
  });
  return new Map(groups);
}

function matchOwners({ owners }: Submission, index: Index): Match {
  const matches = owners.map((owner) => ({ owner, match: matchOwner(owner, index) }));
  const clear = matches.flatMap(({ match }) => ('students' in match ? match : []));
  const unclear = matches.flatMap(({ owner, match }) => ('candidates' in match ? { ...match, owner } : []));
  const [first] = clear;
  if (!first) return { candidates: unclear.flatMap(({ candidates }) => candidates), word: unclear[0]?.word };
  const text = '{owner} handed this in as well, and is nobody on the roster for certain.';
  return {
    ...first,
    students: [...new Set(clear.flatMap(({ students }) => students))],
    remarks: unclear.map(({ owner: { email, name = '' } }) =>
      message('download/unknown', text, { owner: email ?? name }),
    ),
  };
}

/** The one student who fits, or the one group. Who is called as a group is and not in it may be meant as well. */
function matchOwner(owner: Owner, index: Index): Match {
  const { name = '', label } = owner;
  const read = label === undefined ? undefined : index.readLabel(label);
  if (read?.isUnclear) return { candidates: read.words.flatMap(index.meant) };
  const [word = ''] = read?.words ?? [];
  const namesakes = read ? index.find(word, labelKinds) : found(index.studentsByName, name);
  const groups = read ? [index.groupOf(word) ?? []].flat() : found(index.groupsByName, name);
  const numbered = numbers.flatMap(([by, field]) => index.find(owner[field] ?? '', [by]));
  const spoke = [...new Set([...numbered, ...namesakes])];
  const isOnly = namesakes.length === 1 && bearers(name, index) === 1;
  const fits = spoke.flatMap((student) => {
    const byLabel = labelKinds.find((kind) => index.find(word, [kind]).includes(student));
    const by = byLabel ?? agreement(owner, student, index);
    return by === undefined || (by === 'name' && !isOnly) ? [] : { students: [student], by };
  });
  const [[group, ...otherGroups], [only, ...others]] = [groups, fits];
  if (!group && only && others.length === 0) return only;
  if (group && otherGroups.length === 0) {
    const { members } = group;
    const isSure = namesakes.every((student) => members.includes(student));
    // The number that Moodle gives with a group's name is the group's.
    const told = numbersTold({ ...owner, participant: '' }, members, index);
    if (isSure && told.every(({ agrees }) => agrees)) return { students: members, by: 'group', group };
  }
  const candidates = [...new Set([...spoke, ...groups.flatMap(({ members }) => members)])];
  return { candidates, word: read && candidates.length === 0 ? word : undefined };
}

/** How many of those who handed in have a name. */
function bearers(name: string, { ownersByName }: Index): number {
  const all = ownersByName.get(askedKeys(name)[0] ?? '') ?? [];
  const idOf = (owner: Owner) => numbers.map(([, field]) => owner[field] ?? '').join(' ');
  return new Set(all.map((one) => idOf(one.owner).trim() || one.name)).size;
}

/** What says that an owner is a student, unless something says that it is another. */
function agreement(owner: Owner, student: Student, index: Index): MatchedBy | undefined {
  const told = numbersTold(owner, [student], index);
  if (told.some(({ agrees }) => !agrees)) return undefined;
  const by = told[0]?.by;
  const { name = '' } = owner;
  if (fold(name).length === 0 || isSameName(name, index.blindName)) return by;
  // Where marking is blind, a name is a team's, and its number may be a participant's by chance.
  if (fold(student.name).length === 0) return by === 'participant' && index.blindName !== '' ? undefined : by;
  if (isSameName(name, student.name)) return by ?? 'name';
  return by !== undefined && isSimilarName(name, student.name) ? by : undefined;
}

/** Which numbers of an owner are of one of some students, and which are not: they have another, or others have it. */
function numbersTold(owner: Owner, students: readonly Student[], { find }: Index) {
  return numbers.flatMap(([by, field]) => {
    const number = owner[field] ?? '';
    const agrees = students.some((student) => folded(student[field]) === folded(number));
    const isSaid =
      agrees || students.every((student) => student[field] !== '') || find(number, [by]).length > 0;
    return number !== '' && isSaid ? [{ by, agrees }] : [];
  });
}

interface Matched {
  readonly submission: Submission;
  readonly match: Match;
}

/** Of several submissions that are one group's each is nobody's, but where Canvas has one for every member. */
function apart(matches: readonly Matched[]): Matched[] {
  const groupOf = ({ match }: Matched) => ('group' in match ? match.group : undefined);
  const byGroup = groupBy(matches, groupOf);
  return matches.map((one): Matched => {
    const [{ members = [] } = {}, all = []] = [groupOf(one), byGroup.get(groupOf(one))];
    if (members.length === 0 || all.length === 1) return one;
    const uploadersOf = ({ submission: { owners } }: Matched) =>
      members.filter(({ userId }) => userId !== '' && owners.some((owner) => owner.userId === userId));
    const isEach = all.length === members.length && new Set(all.flatMap(uploadersOf)).size === all.length;
    const match: Match = isEach ? { students: uploadersOf(one), by: 'user id' } : { candidates: members };
    return { ...one, match };
  });
}

/** Whom to write into `matches.csv`. */
export function shown({ login, name, email, identifier }: Student): string {
  const id = login || identifier || email;
  return login !== '' || name === '' ? id : id ? `${name} (${id})` : name;
}

/** What a label holds: one word, which may be nobody's, or several where nothing tells which is meant. */
interface ReadLabel {
  readonly words: readonly string[];
  readonly isUnclear?: boolean;
}

/**
 * Reads names of folders and archives. Each holds a login, an id, an e-mail address or a group, and these
 * hold hyphens as well. What stands before is the same for a whole class: what hosts name the folder around
 * it by, `<slug>-submissions`, or else what stands before in most names. One that can be read in two ways is
 * nobody's.
 */
function labelReader(
  root: string,
  submissions: readonly Submission[],
  isKnown: (word: string) => boolean,
): (label: string) => ReadLabel {
  const labels = submissions.flatMap(({ owners }) => owners.flatMap(({ label }) => label ?? []));
  const names = new Set(labels.map((label) => nameOf(label).toLowerCase()));
  const slug = /^(.+)-submissions$/.exec(root)?.[1]?.toLowerCase();
  const isSlug = slug !== undefined && [...names].some((name) => name.startsWith(`${slug}-`));
  const prefixes = isSlug ? [`${slug}-`] : commonPrefixes([...names], isKnown);
  return (label) => {
    const name = nameOf(label);
    const rests = prefixes
      .filter((prefix) => name.toLowerCase().startsWith(prefix))
      .map((prefix) => name.slice(prefix.length));
    const [rest = name] = rests;
    const known = rests.filter(isKnown);
    const isWhole = isKnown(name);
    const words = [...(isWhole ? [name] : []), ...known];
    // The host's own word for what stands before comes first.
    if (isSlug)
      return rest !== name && isWhole && known.length === 0 ? { words, isUnclear: true } : { words: [rest] };
    if (known.length > 0 && (known.length < rests.length || known.length > 1))
      return { words, isUnclear: true };
    if (words.length < 2) return { words: words.length === 1 ? words : [name] };
    // Whoever is called as the whole name has a folder of the usual kind: then this one is the other's.
    const hasOther = prefixes.some((prefix) => names.has(`${prefix}${name.toLowerCase()}`));
    return hasOther ? { words: known } : { words, isUnclear: true };
  };
}

/**
 * What stands before the longest known word in most names; of two, what more names begin with. Several where
 * it is a tie all the same, and none where more names are known as a whole.
 */
function commonPrefixes(names: readonly string[], isKnown: (word: string) => boolean): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const word = endsOf(name).find(isKnown);
    if (word === undefined) continue;
    const prefix = name.slice(0, name.length - word.length);
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  if (names.filter(isKnown).length > Math.max(...counts.values())) return [];
  const ranked = [...counts].map(([prefix, count]) => ({
    prefix,
    rank: count * (names.length + 1) + names.filter((name) => name.startsWith(prefix)).length,
  }));
  const best = Math.max(...ranked.map(({ rank }) => rank));
  const chosen = ranked.filter(({ rank }) => rank === best).map(({ prefix }) => prefix);
  // What stands before other words as a part of it may be all that stands before: nobody can tell.
  const shorter = ranked.filter(({ prefix }) =>
    chosen.some((long) => long !== prefix && long.startsWith(prefix)),
  );
  return [...chosen, ...shorter.map(({ prefix }) => prefix)];
}

/**
 * What stands after each hyphen of a name, the longest first: `a-b-c` -> `b-c`, `c`. The number of a
 * team or of a submission, as in `a-group-7`, is no student's.
 */
function endsOf(name: string): string[] {
  const ends = [...nameOf(name).matchAll(/[-_]/g)].map(({ index, input }) => input.slice(index + 1));
  return /(?:^|[-_])(?:group|team|submission)[-_]\d+$/i.test(name)
    ? ends.filter((end) => !/^\d*$/.test(end))
    : ends;
}

/** What stands before the number of a team of Classroom 50. */
export const teamSlug = /^classroom50-group-[0-9a-f]+-(?=\d+$)/i;

/** A mirror clone is called `name.git`, and a team's archive may be called as Classroom 50 calls the team. */
function nameOf(label: string): string {
  return label.replace(/\.git$/i, '').replace(teamSlug, 'group-');
}

/** Items by each of their keys. */
function mapOf<Item>(items: Iterable<Item>, keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const entries = [...items].flatMap((item) => [...new Set(keysOf(item))].map((key) => ({ key, item })));
  const groups = groupBy(entries, ({ key }) => key);
  return new Map([...groups].map(([key, all]) => [key, all.map(({ item }) => item)]));
}

/** Whatever has a name, each once. */
function found<Item>(byName: ReadonlyMap<string, readonly Item[]>, name: string): Item[] {
  return [...new Set(askedKeys(name).flatMap((key) => byName.get(key) ?? []))];
}

function isSameName(asked: string, known: string): boolean {
  return askedKeys(asked).some((key) => knownKeys(known).includes(key));
}

/** Whether names may be one person's of whom an identifier agrees: one lacks a middle name or some spaces. */
function isSimilarName(one: string, other: string): boolean {
  const [a, b] = [fold(one), fold(other)];
  const isPart = (part: string[], all: string[]) => part.every((word) => all.includes(word));
  return isPart(a, b) || isPart(b, a) || turned(a).includes(b.join(''));
}

/** What a name is found by: its words in any order, or all in one from whichever word it starts. */
function knownKeys(name: string): string[] {
  return [...askedKeys(name), ...turned(fold(name)).map((joined) => `joined ${joined}`)];
}

/** What is looked for: hosts drop what is no letter, as in `D/O`, and Canvas also what is between the words. */
function askedKeys(name: string): string[] {
  const words = fold(name);
  if (words.length === 0) return [];
  const dropped = name.split(/[\s_,]+/).map((part) => fold(part).join(''));
  const isJoined = /^[\p{L}\p{M}\p{N}_]+$/u.test(name);
  return [inOrder(words), inOrder(dropped), ...(isJoined ? [`joined ${words.join('')}`] : [])];
}

function inOrder(words: readonly string[]): string {
  return [...words].sort().join(' ').trim();
}

/** All words in one, from whichever it starts. */
function turned(words: readonly string[]): string[] {
  return words.map((_, at) => [...words.slice(at), ...words.slice(0, at)].join(''));
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
