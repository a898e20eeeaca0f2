import { groupBy } from '../../key/group-by';
import { type Message, message } from '../../message';
import type { DownloadedFiles } from './downloads/download';
import type { Handed, SubmissionOwner } from './downloads/formats';
import { comparable, isSame, keysWithoutLogin, type MatchedBy, People, type Student } from './people';
import type { Roster } from './roster';

/** Work that was handed in: a folder of the class, or files read from a download. */
export interface SubmittedWork {
  /** The name of the folder, or the submission's name in the download. */
  readonly folder: string;
  readonly download?: DownloadedFiles | undefined;
  /** The name of the team that handed it in together, if the roster names none. */
  readonly team?: string | undefined;
  /** How the owner was found. */
  readonly matchedBy?: MatchedBy | undefined;
}

/** One student and their work; there is none if nothing was handed in. */
export interface Member {
  /** The login in lower case, as hosts compare it, or a substitute for it; unique in a class. */
  readonly key: string;
  readonly login: string;
  readonly student?: Student | undefined;
  readonly work: readonly SubmittedWork[];
  /** The possible owners of the work, if that is uncertain. It belongs to nobody until a person decides. */
  readonly candidates?: readonly string[] | undefined;
  /** Whether work is identified by login and the roster has none for this student. */
  readonly hasNoLogin?: boolean;
}

/** A submission, with everything that is known about its owners. */
export interface HandedInWork extends Pick<Handed, 'name' | 'owners'> {
  readonly content?: DownloadedFiles;
}

/** The submissions of a class, and the name of the folder or archive around them. */
export interface Submissions {
  readonly root: string;
  /** The word for one of them. */
  readonly kind: 'folder' | 'submission';
  readonly submissions: readonly HandedInWork[];
}

/**
 * Joins submissions and roster. Returns every student, and every submission that belongs to nobody, once, sorted by
 * key. A submission belongs to a student only if everything that is known about it agrees, and only one student or
 * group fits.
 *
 * @param byHand students by the name of a submission, from `matches.csv`.
 */
export function matchSubmissions(
  class_: Submissions,
  roster: Pick<Roster, 'students' | 'worksheet'> | undefined,
  byHand: ReadonlyMap<string, readonly Student[]> = new Map(),
): Member[] {
  const members = roster ? withRoster(class_, roster, byHand) : withoutRoster(class_);
  return members.sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Returns the owners of the submissions, as the download or the folder names them. */
function withoutRoster({ root, submissions }: Submissions): Member[] {
  const readLabel = labelReader(root, submissions, () => false);
  const entries = submissions.flatMap(({ name: folder, owners, content: download }) =>
    (owners.length > 0 ? owners : [{}]).map((owner: SubmissionOwner): Unlisted => {
      const { label, name = '', email = '', userId = '', studentId = '', participant = '' } = owner;
      const word = label === undefined ? undefined : [readLabel(label)].flat()[0];
      // Only the host's own identifiers are keys in a gradebook; a name may be a student's own text.
      const identifier = userId || email.toLowerCase() || studentId;
      const unknown = { key: '', login: '', firstName: '', lastName: '', section: '', group: '', line: 0 };
      const known = { name, email, userId, studentId, participant, identifier, columns: { id: userId } };
      const student = identifier === '' ? undefined : { ...unknown, ...known };
      const work = [{ folder, download, team: owners.length > 1 ? folder : undefined }];
      return { word, text: identifier || folder, login: word ?? '', work, student };
    }),
  );
  return unlisted(entries);
}

/** Someone who handed something in and is on no roster, with the word of a label or else a text in place of it. */
interface Unlisted extends Omit<Member, 'key'> {
  readonly word: string | undefined;
  readonly text: string;
}

/** Turns unlisted entries into members, and merges those with the same key. */
function unlisted(entries: readonly Unlisted[]): Member[] {
  const keys = keysWithoutLogin(entries.map(({ text }) => text));
  const byKey = groupBy(entries, ({ word, text }) => word?.toLowerCase() ?? keys.get(text) ?? text);
  return [...byKey].flatMap(([key, all]): Member[] =>
    all.slice(0, 1).map(({ login, student, candidates }) => ({
      key,
      login,
      candidates,
      work: all.flatMap(({ work }) => work),
      student: student && { ...student, key },
    })),
  );
}

function withRoster(
  class_: Submissions,
  roster: Pick<Roster, 'students' | 'worksheet'>,
  byHand: ReadonlyMap<string, readonly Student[]>,
): Member[] {
  const { kind, submissions } = class_;
  const index = indexOf(class_, roster);
  const matches = apart(
    submissions.map((submission) => {
      const students = byHand.get(submission.name);
      return students ? { submission, students, by: 'matches.csv' } : matchOwners(submission, index);
    }),
  );
  const works = matches.flatMap(({ submission, students, by: matchedBy, group, remarks = [] }) => {
    const { name: folder, owners, content } = submission;
    const download = content && { ...content, remarks: [...content.remarks, ...remarks] };
    const isShared = students.length > 1 || owners.length > 1 || group !== undefined;
    const work = { folder, download, matchedBy, team: isShared ? folder : undefined };
    return students.map(({ key }) => ({ key, work }));
  });
  const byKey = groupBy(works, ({ key }) => key);
  const isNamedByLogin =
    submissions.every(({ owners }) => owners.every(({ label }) => label !== undefined)) &&
    matches.every(({ by }) => by === undefined || byLogin.has(by));
  const members = roster.students.map((student): Member => {
    const { key, login, group } = student;
    const work = (byKey.get(key) ?? []).map((one) => one.work);
    const hasNoLogin = isNamedByLogin && work.length === 0 && login === '' && group === '';
    return { key, login, student, work, hasNoLogin };
  });
  const nobodys = matches.flatMap(({ submission, candidates: found, ...match }): Unlisted[] => {
    if (!found) return [];
    const { name, owners, content: download } = submission;
    const ends = owners.flatMap(({ label = '' }) => endsOf(label)).flatMap(index.meant);
    const idle = ends.filter(({ key }) => !byKey.has(key));
    const candidates = [...new Set(found.length > 0 ? found : idle)].map(describeStudent);
    // A folder with a label that means nobody is identified by that label.
    const word = kind === 'folder' ? match.word : undefined;
    const isOpen = word === undefined || candidates.length > 0;
    const known = { word, text: `${kind} ${name}`, login: word ?? name };
    return [{ ...known, work: [{ folder: name, download }], candidates: isOpen ? candidates : undefined }];
  });
  return [...members, ...unlisted(nobodys)];
}

const byLogin: ReadonlySet<MatchedBy> = new Set(['login', 'group', 'matches.csv']);

/** Students who hand in together. */
interface Group {
  readonly name: string;
  readonly members: readonly Student[];
}

/** The owners of a submission, or its possible owners. */
interface Match {
  readonly students: readonly Student[];
  readonly by?: MatchedBy | undefined;
  readonly group?: Group | undefined;
  readonly remarks?: readonly Message[];
  /** The possible owners, if it is uncertain whose it is. */
  readonly candidates?: readonly Student[] | undefined;
  /** The word in a label, if it means nobody. */
  readonly word?: string | undefined;
}

type Matched = Match & { readonly submission: HandedInWork };

/** Identifiers that a download and a roster may share, the most reliable first. */
const numbers = [
  ['participant', 'participant'],
  ['user id', 'userId'],
  ['student id', 'studentId'],
  ['email', 'email'],
] as const;

/** The kinds of identifier that the name of a folder or an archive may contain. */
const labelKinds: readonly MatchedBy[] = ['login', 'user id', 'student id', 'email', 'participant'];

/** Indexes the students and groups of a class by everything that may name them, and how its submissions are named. */
function indexOf(class_: Submissions, { students, worksheet }: Pick<Roster, 'students' | 'worksheet'>) {
  const people = new People(students.map((student) => ({ key: student.key, student })));
  const find = (word: string, kinds: readonly MatchedBy[]) =>
    people.find(word, kinds).map(({ student }) => student);
  const groups = groupsOf(students, worksheet?.withoutSubmission ?? new Set());
  const byGroup = groupBy(groups, ({ name }) => comparable(name));
  const groupsCalled = (word: string) => byGroup.get(comparable(word)) ?? [];
  const meant = (word: string) => [
    ...people.find(word, labelKinds, true).map(({ student }) => student),
    ...groupsCalled(word).flatMap(({ members }) => members),
  ];
  const studentsNamed = finderOf(students);
  const named = class_.submissions.flatMap(({ name, owners }) =>
    owners.flatMap((owner) => {
      const id = numbers.map(([, field]) => owner[field] ?? '').join('');
      return studentsNamed(owner.name ?? '').map((student) => ({ student, id: id || name }));
    }),
  );
  return {
    find,
    meant,
    studentsNamed,
    groupsCalled,
    blindName: worksheet?.blindName ?? '',
    groupsNamed: finderOf(groups),
    /** Those who handed in and have the name of a student, by student. */
    bearers: groupBy(named, ({ student }) => student),
    readLabel: labelReader(class_.root, class_.submissions, (word) => meant(word).length > 0),
  };
}

type Index = ReturnType<typeof indexOf>;

/**
 * Returns the groups of a roster. Two Moodle groups may share a name: if some of the members have no submission,
 * the submission belongs to the others.
 */
function groupsOf(students: readonly Student[], withoutSubmission: ReadonlySet<string>): Group[] {
  const inGroups = students.filter(({ group }) => group !== '');
  return [...groupBy(inGroups, ({ group }) => comparable(group)).values()].map((all) => {
    const handedIn = all.filter(({ participant }) => !withoutSubmission.has(participant));
    return { name: all[0]?.group ?? '', members: handedIn.length > 0 ? handedIn : all };
  });
}

function matchOwners(submission: HandedInWork, index: Index): Matched {
  const matches = submission.owners.map((owner) => ({ owner, ...matchOwner(owner, index) }));
  const clear = matches.filter(({ candidates }) => candidates === undefined);
  const unclear = matches.filter(({ candidates }) => candidates !== undefined);
  const text = '{owner} also handed this in, but cannot be matched to the roster.';
  return {
    submission,
    word: unclear[0]?.word,
    by: clear[0]?.by,
    group: clear[0]?.group,
    students: [...new Set(clear.flatMap(({ students }) => students))],
    candidates: clear.length > 0 ? undefined : unclear.flatMap(({ candidates = [] }) => candidates),
    remarks: unclear.map(({ owner: { email, name = '' } }) =>
      message('download/unknown', text, { owner: email ?? name }),
    ),
  };
}

/**
 * Finds the one student or group that fits. A student who has the name of a group but is not in it may be meant as
 * well.
 */
function matchOwner(owner: SubmissionOwner, index: Index): Match {
  const { name = '', label } = owner;
  const word = label === undefined ? undefined : index.readLabel(label);
  if (typeof word === 'object') return { students: [], candidates: word.flatMap(index.meant) };
  const namesakes = word === undefined ? index.studentsNamed(name) : index.find(word, labelKinds);
  const groups = word === undefined ? index.groupsNamed(name) : index.groupsCalled(word);
  const numbered = numbers.flatMap(([by, field]) => index.find(owner[field] ?? '', [by]));
  const spoke = [...new Set([...numbered, ...namesakes])];
  const fits = spoke.flatMap((student) => {
    const byLabel = labelKinds.find((kind) => word && index.find(word, [kind]).includes(student));
    const by = byLabel ?? agreement(owner, student, index);
    return by === undefined || (by === 'name' && namesakes.length > 1) ? [] : { students: [student], by };
  });
  const [only] = fits;
  if (groups.length === 0 && only && fits.length === 1) return only;
  const [group] = groups;
  if (group && groups.length === 1) {
    const { members } = group;
    const isSure = namesakes.every((student) => members.includes(student));
    // The number that Moodle gives with a group's name belongs to the group.
    const numbers = numbersTold({ ...owner, participant: '' }, members, index);
    if (isSure && numbers.every(({ agrees }) => agrees)) return { students: members, by: 'group', group };
  }
  const loose = spoke.length === 0 && word !== undefined ? index.meant(word) : [];
  const candidates = [...new Set([...spoke, ...loose, ...groups.flatMap(({ members }) => members)])];
  return { students: [], candidates, word: candidates.length === 0 ? word : undefined };
}

/**
 * Returns how an owner is known to be a student; undefined if unknown, or if something says that it is someone
 * else.
 */
function agreement(owner: SubmissionOwner, student: Student, index: Index): MatchedBy | undefined {
  const ownNumbers = numbersTold(owner, [student], index);
  if (ownNumbers.some(({ agrees }) => !agrees)) return undefined;
  const { name = '' } = owner;
  const by = ownNumbers[0]?.by;
  const bearers = new Set(index.bearers.get(student)?.map(({ id }) => id));
  if (by === undefined) return bearers.size === 1 ? 'name' : undefined;
  if (spellings(index.blindName).includes(nameWords(name).join(' '))) return by;
  // With blind marking, a name is a team's, and its number may equal a participant's by chance.
  const isTeam = by === 'participant' && index.blindName !== '' && name !== '' && student.name === '';
  return !isTeam && isSimilarName(name, student.name) ? by : undefined;
}

/**
 * Returns the numbers of an owner that belong to one of the students, and those that do not: the students have
 * other numbers, or others have these.
 */
function numbersTold(owner: SubmissionOwner, students: readonly Student[], { find }: Index) {
  return numbers.flatMap(([by, field]) => {
    const number = owner[field] ?? '';
    const same = students.map((student) => isSame(by, student[field], number));
    const agrees = same.includes(true);
    const isSaid =
      agrees ||
      (!same.includes(undefined) && students.every((student) => student[field] !== '')) ||
      find(number, [by]).length > 0;
    return number !== '' && isSaid ? [{ by, agrees }] : [];
  });
}

/** If one group has several submissions, each belongs to nobody, unless Canvas has one for every member. */
function apart(matches: readonly Matched[]): Matched[] {
  const byGroup = groupBy(matches, ({ group }) => group);
  return matches.map((one): Matched => {
    const { submission, group } = one;
    const all = byGroup.get(group) ?? [];
    if (!group || all.length === 1) return one;
    const { members } = group;
    const uploadersOf = ({ submission: { owners } }: Matched) =>
      members.filter(({ userId }) => userId !== '' && owners.some((owner) => owner.userId === userId));
    const isEach = all.length === members.length && new Set(all.flatMap(uploadersOf)).size === all.length;
    if (!isEach) return { submission, students: [], candidates: members };
    return { submission, students: uploadersOf(one), by: 'user id' };
  });
}

/** Describes a student, so that the instructor knows whom to write into `matches.csv`. */
export function describeStudent({ login, name, email, identifier }: Student): string {
  const id = login || identifier || email;
  return login !== '' || name === '' ? id : id ? `${name} (${id})` : name;
}

/**
 * Reads names of folders and archives. Each contains a login, an id, an e-mail address or a group, and these may
 * contain hyphens as well. The prefix before it is the same for a whole class: hosts name the folder around it by
 * this prefix, `<slug>-submissions`; otherwise it is the prefix of most names.
 *
 * @returns a word, which may be nobody's, or several if nothing tells which is meant.
 */
function labelReader(
  root: string,
  submissions: readonly HandedInWork[],
  isKnown: (word: string) => boolean,
): (label: string) => string | readonly string[] {
  const labels = submissions.flatMap(({ owners }) => owners.flatMap(({ label }) => label ?? []));
  const names = new Set(labels.map((label) => withoutArchiveEnd(label).toLowerCase()));
  const slug = /^(.+)-submissions$/.exec(root)?.[1]?.toLowerCase();
  const isSlug = slug !== undefined && [...names].some((name) => name.startsWith(`${slug}-`));
  const prefixes = isSlug ? [`${slug}-`] : commonPrefixes([...names], isKnown);
  return (label) => {
    const name = withoutArchiveEnd(label);
    const rests = prefixes
      .filter((prefix) => name.toLowerCase().startsWith(prefix))
      .map((prefix) => name.slice(prefix.length));
    const [rest = name] = rests;
    const known = rests.filter(isKnown);
    const words = [...(isKnown(name) ? [name] : []), ...known];
    // The host's own prefix comes first.
    if (isSlug) return rests.length > known.length && words.length > 0 ? words : rest;
    if (known.length > 0 && rests.length > 1) return words;
    if (words.length < 2) return words[0] ?? name;
    // If the student with the whole name as identifier has a folder with the usual prefix, this folder is the other
    // student's.
    const hasOther = prefixes.some((prefix) => names.has(`${prefix}${name.toLowerCase()}`));
    return hasOther ? rest : words;
  };
}

/**
 * Finds the prefix before the longest known word in most names; in a tie, the prefix that more names begin with.
 * Returns several if it is still a tie, and none if more names are known as a whole.
 */
function commonPrefixes(names: readonly string[], isKnown: (word: string) => boolean): string[] {
  const before = names.flatMap((name) => {
    const word = endsOf(name).find(isKnown);
    return word === undefined ? [] : name.slice(0, -word.length);
  });
  const counts = [...groupBy(before, (prefix) => prefix)].map(([prefix, { length: count }]) => ({
    prefix,
    count,
    rank: count * (names.length + 1) + names.filter((name) => name.startsWith(prefix)).length,
  }));
  if (names.filter(isKnown).length > Math.max(...counts.map(({ count }) => count))) return [];
  const best = Math.max(...counts.map(({ rank }) => rank));
  const chosen = counts.filter(({ rank }) => rank === best).map(({ prefix }) => prefix);
  // A chosen prefix may begin with a shorter one that is the real prefix. Nothing tells which, so both are returned.
  const isPart = (prefix: string) => chosen.some((long) => long !== prefix && long.startsWith(prefix));
  return [...chosen, ...counts.map(({ prefix }) => prefix).filter(isPart)];
}

/**
 * Returns the text after each hyphen or underscore of a name, the longest first: `a-b-c` -> `b-c`, `c`. Leaves out
 * the number of a team or of a submission, as in `a-group-7`, because it is not a student's.
 */
function endsOf(name: string): string[] {
  const ends = [...withoutArchiveEnd(name).matchAll(/[-_]/g)].map(({ index, input }) =>
    input.slice(index + 1),
  );
  return /(?:^|[-_])(?:group|team|submission)[-_]\d+$/i.test(name)
    ? ends.filter((end) => !/^\d*$/.test(end))
    : ends;
}

/** The prefix of a Classroom 50 team, before its number. */
export const teamSlug = /^classroom50-group-[0-9a-f]+-(?=\d+$)/i;

/**
 * Removes the `.git` of a mirror clone. Shortens the slug of a Classroom 50 team, which its archive may have, to
 * `group-`.
 */
function withoutArchiveEnd(label: string): string {
  return label.replace(/\.git$/i, '').replace(teamSlug, 'group-');
}

/** Returns a function that finds the items with a name, each once. It indexes the items on the first call. */
function finderOf<Item extends { readonly name: string }>(items: readonly Item[]) {
  const spelled = () => items.flatMap((item) => spellings(item.name).map((spelling) => ({ spelling, item })));
  let byName: Map<string, { item: Item }[]> | undefined;
  return (name: string): Item[] => {
    byName ??= groupBy(spelled(), ({ spelling }) => spelling);
    const all = byName.get(nameWords(name).join(' ')) ?? [];
    return [...new Set(all.map(({ item }) => item))];
  };
}

/** Whether two names with a matching identifier may be one person's: one may lack a middle name or some spaces. */
function isSimilarName(one: string, other: string): boolean {
  const isIn = (a: string, b: string) =>
    spellings(b).includes(nameWords(a).join('')) || nameWords(a).every((word) => nameWords(b).includes(word));
  return isIn(one, other) || isIn(other, one);
}

/** Returns a name starting from each of its words, with spaces and also as one word, as Canvas writes it. */
function spellings(name: string): string[] {
  const words = nameWords(name);
  const turned = words.map((_, at) => [...words.slice(at), ...words.slice(0, at)]);
  return turned.flatMap((all) => [all.join(' '), all.join('')]);
}

/** Plain spellings of special letters that are not a plain letter with an accent. */
const plainLetters = new Map(
  Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' }),
);

/** Returns the words of a name in lower case, without accents and the punctuation that hosts drop: `D/O` -> `do`. */
function nameWords(name: string): string[] {
  const letters = [...name.normalize('NFKD').toLowerCase()].map(
    (letter) => plainLetters.get(letter) ?? letter,
  );
  const words = letters.join('').split(/[\s,\p{Pd}]+/u);
  return words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '')).filter((word) => word !== '');
}
