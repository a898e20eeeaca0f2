import { groupBy } from '../../key/group-by';
import { type Message, message } from '../../message';
import type { Owner } from './downloads/formats';
import type { DownloadedFiles } from './downloads/submission-files';
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
  /** What those are called to whom the work may belong, where that is not certain; then it is nobody's. */
  readonly candidates?: readonly string[];
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

/** Who is in a class and what each handed in. */
export interface Matched {
  /** Sorted by key. */
  readonly members: readonly Member[];
  /** Submissions that are nobody's, with whoever they may belong to. */
  readonly open: readonly { readonly name: string; readonly candidates: readonly string[] }[];
  /** What told whose each of the others is. */
  readonly by: readonly MatchedBy[];
}

type MatchingRoster = Pick<Roster, 'students' | 'worksheet' | 'teams'>;

/**
 * Joins submissions and roster: every student, and every submission that is nobody's, once. One belongs to
 * a student only if all that is known of it agrees, and only one student fits, or one group.
 *
 * @param byHand students by the name of a submission, as `matches.csv` has them.
 */
export function matchSubmissions(
  class_: Submissions,
  roster: MatchingRoster | undefined,
  byHand: ReadonlyMap<string, readonly Student[]> = new Map(),
): Matched {
  return roster ? new Matcher(class_, roster, byHand).matched() : withoutRoster(class_);
}

/** Whoever handed something in, as the download or the folder names them. */
function withoutRoster({ root, submissions }: Submissions): Matched {
  const readLabel = labelReader(root, labelsOf(submissions), () => false);
  const entries = submissions.flatMap(({ name, owners, content }) =>
    (owners.length > 0 ? owners : [{}]).map((owner: Owner) => {
      const read = owner.label === undefined ? undefined : readLabel(owner.label);
      const login = read && 'word' in read ? read.word : '';
      // Only what a host itself gives is a key in a gradebook; a name may be a student's own text.
      const identifier = owner.userId ?? owner.email?.toLowerCase() ?? owner.studentId ?? '';
      const work = { folder: name, download: content, team: owners.length > 1 ? name : undefined };
      return { owner, login, identifier, name: identifier || name, work };
    }),
  );
  const keys = keysWithoutLogin(entries.map(({ name }) => name));
  const byKey = groupBy(entries, ({ login, name }) => login.toLowerCase() || (keys.get(name) ?? ''));
  const members = [...byKey].map(([key, [first, ...others]]): Member => {
    const work = [first, ...others].flatMap((entry) => entry?.work ?? []);
    if (!first || first.identifier === '') return { key, login: first?.login ?? '', work };
    const { login, identifier, owner } = first;
    const { name = '', email = '', userId = '', studentId = '', participant = '' } = owner;
    const unknown = { firstName: '', lastName: '', section: '', group: '', line: 0 };
    const known = { key, login, name, email, userId, studentId, participant, identifier };
    return { key, login, work, student: { ...known, ...unknown, columns: { id: userId } } };
  });
  return { members: members.sort(byKeys), open: [], by: [] };
}

const byKeys = (one: Member, other: Member) => (one.key < other.key ? -1 : 1);

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
  | { readonly candidates: readonly Student[]; readonly login?: string | undefined };

/** Numbers by which a download and a roster may both know somebody, the surest first. */
const numbers: readonly (readonly [MatchedBy, 'participant' | 'userId' | 'studentId' | 'email'])[] = [
  ['participant', 'participant'],
  ['user id', 'userId'],
  ['student id', 'studentId'],
  ['email', 'email'],
];

/** What the name of a folder or an archive may hold. */
const labelKinds: readonly MatchedBy[] = ['login', 'user id', 'student id', 'email', 'participant'];

class Matcher {
  private readonly class_: Submissions;
  private readonly roster: readonly Student[];
  private readonly byHand: ReadonlyMap<string, readonly Student[]>;
  private readonly people: People<{ readonly key: string; readonly student: Student }>;
  private readonly byName: ReadonlyMap<string, readonly Student[]>;
  /** By name, as labels hold it, and by its words. */
  private readonly groups: ReadonlyMap<string, Group>;
  private readonly groupsByName: ReadonlyMap<string, readonly Group[]>;
  /** How many there are of a name among those who handed in. */
  private readonly bearers: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly blindName: string | undefined;
  private readonly readLabel: (label: string) => ReadLabel;

  constructor(
    class_: Submissions,
    { students, worksheet, teams }: MatchingRoster,
    byHand: ReadonlyMap<string, readonly Student[]>,
  ) {
    this.class_ = class_;
    this.roster = students;
    this.byHand = byHand;
    this.blindName = worksheet?.blindName;
    this.people = new People(students.map((student) => ({ key: student.key, student })));
    this.byName = mapOf(students, ({ name }) => knownKeys(name));
    const groups = groupsOf(students, worksheet?.withoutSubmission ?? new Set());
    this.groupsByName = mapOf(groups.values(), ({ name }) => knownKeys(name));
    const slugs = [...(teams ?? [])].flatMap(([slug, name]) => {
      const group = groups.get(folded(name));
      return group ? [[folded(slug), group] as const] : [];
    });
    this.groups = new Map([...groups, ...slugs]);
    const { submissions, root } = class_;
    const bearers = mapOf(
      submissions.flatMap(({ name, owners }) => owners.map((owner) => ({ name, owner }))),
      ({ owner }) => (owner.name === undefined ? [] : askedKeys(owner.name).slice(0, 1)),
    );
    this.bearers = new Map(
      [...bearers].map(([key, all]) => [
        key,
        new Set(
          all.map(
            ({ name, owner }) =>
              numbers
                .map(([, of]) => owner[of] ?? '')
                .join(' ')
                .trim() || name,
          ),
        ),
      ]),
    );
    const isKnown = (word: string) =>
      this.groups.has(folded(word)) || this.people.find(word, labelKinds).length > 0;
    this.readLabel = labelReader(root, labelsOf(submissions), isKnown);
  }

  matched(): Matched {
    const { submissions, kind } = this.class_;
    const matches = new Map(submissions.map((one) => [one, this.match(one)] as const));
    this.separateGroups(matches);
    const work = new Map(this.roster.map(({ key }) => [key, [] as Work[]]));
    const by: MatchedBy[] = [];
    for (const [{ name, owners, content }, match] of matches) {
      if ('candidates' in match) continue;
      by.push(match.by);
      const isShared = match.students.length > 1 || owners.length > 1 || match.group !== undefined;
      const one: Work = {
        folder: name,
        download: content && { ...content, remarks: [...content.remarks, ...(match.remarks ?? [])] },
        matchedBy: match.by,
        team: isShared ? name : undefined,
      };
      for (const { key } of match.students) work.get(key)?.push(one);
    }
    const isNamedByLogin =
      submissions.every(({ owners }) => owners.every(({ label }) => label !== undefined)) &&
      by.every((one) => one === 'login' || one === 'group' || one === 'matches.csv');
    const members = this.roster.map((student): Member => {
      const { key, login, group } = student;
      const own = work.get(key) ?? [];
      const hasNoLogin = isNamedByLogin && own.length === 0 && login === '' && group === '';
      return { key, login, student, work: own, hasNoLogin };
    });
    const isIdle = (student: Student) => work.get(student.key)?.length === 0;
    const open = [...matches].flatMap(([{ name, owners, content }, match]) => {
      if ('students' in match) return [];
      const ends = owners.flatMap(({ label = '' }) => endsOf(label));
      const similar = ends.flatMap((end) => this.meantBy(end)).filter(isIdle);
      const found = match.candidates.length > 0 ? match.candidates : similar;
      const candidates = [...new Set(found)].map(shown);
      return { name, login: match.login, candidates, work: { folder: name, download: content } };
    });
    const keys = keysWithoutLogin(open.map(({ name }) => `${kind} ${name}`));
    const keyOf = ({ name, login }: (typeof open)[number]) =>
      kind === 'folder' && login !== undefined ? login.toLowerCase() : (keys.get(`${kind} ${name}`) ?? '');
    const nobodys = [...groupBy(open, keyOf)].map(([key, all]): Member => {
      const candidates = all.flatMap((one) => one.candidates);
      return {
        key,
        login: (kind === 'folder' ? all[0]?.login : undefined) ?? all[0]?.name ?? '',
        work: all.map((one) => one.work),
        ...(candidates.length > 0 && { candidates }),
      };
    });
    return { members: [...members, ...nobodys].sort(byKeys), open, by };
  }

  private match({ name, owners }: Submission): Match {
    const students = this.byHand.get(name);
    if (students) return { students, by: 'matches.csv' };
    const matches = owners.map((owner) => ({ owner, match: this.matchOwner(owner) }));
    const clear = matches.flatMap(({ match }) => ('students' in match ? match : []));
    const unclear = matches.flatMap(({ owner, match }) => ('candidates' in match ? { owner, match } : []));
    const [first, ...others] = clear;
    if (!first)
      return {
        candidates: unclear.flatMap(({ match: { candidates } }) => candidates),
        login: unclear[0]?.match.login,
      };
    if (others.length + unclear.length === 0) return first;
    return {
      students: [...new Set(clear.flatMap((match) => match.students))],
      by: first.by,
      remarks: unclear.map(({ owner: { email, name: called = '' } }) =>
        message(
          'download/unknown',
          '{owner} handed this in as well, and is nobody on the roster for certain.',
          {
            owner: email ?? called,
          },
        ),
      ),
    };
  }

  private matchOwner(owner: Owner): Match {
    if (owner.label !== undefined) return this.matchLabel(owner.label);
    const name = owner.name ?? '';
    const namesakes = found(this.byName, name);
    const numbered = numbers.flatMap(([by, field]) => this.students(owner[field] ?? '', [by]));
    const spoke = [...new Set([...numbered, ...namesakes])];
    const bearers = this.bearers.get(askedKeys(name)[0] ?? '')?.size ?? 0;
    const isOnly = namesakes.length === 1 && bearers === 1;
    const fits = spoke.flatMap((student) => {
      const by = this.fit(owner, student);
      return by === undefined || (by === 'name' && !isOnly) ? [] : { student, by };
    });
    const groups = found(this.groupsByName, name);
    return settled(fits, groups, { spoke, namesakes, contradicts: (group) => this.isOfOther(owner, group) });
  }

  private matchLabel(label: string): Match {
    const read = this.readLabel(label);
    if ('candidates' in read) return { candidates: read.candidates.flatMap((word) => this.meantBy(word)) };
    const students = this.students(read.word, labelKinds);
    const group = this.groups.get(folded(read.word));
    const fits = students.map((student) => ({
      student,
      by: labelKinds.find((kind) => this.students(read.word, [kind]).includes(student)) ?? 'login',
    }));
    const evidence = { spoke: students, namesakes: students, contradicts: () => false };
    const match = settled(fits, group ? [group] : [], evidence);
    return students.length === 0 && !group ? { candidates: [], login: read.word } : match;
  }

  /** Students by a word of a label, or everybody of the group that it is. */
  private meantBy(word: string): Student[] {
    return [...this.students(word, labelKinds), ...(this.groups.get(folded(word))?.members ?? [])];
  }

  private students(word: string, kinds: readonly MatchedBy[]): Student[] {
    return word === '' ? [] : this.people.find(word, kinds).map(({ student }) => student);
  }

  /** What says that an owner is a student, unless something says that it is another. */
  private fit(owner: Owner, student: Student): MatchedBy | undefined {
    const told = numbers.flatMap(([by, field]) => {
      const [one, other] = [owner[field] ?? '', student[field]];
      return one === '' || other === '' ? [] : { by, agrees: folded(one) === folded(other) };
    });
    if (told.some(({ agrees }) => !agrees)) return undefined;
    const by = told[0]?.by;
    const { name = '' } = owner;
    if (fold(name).length === 0 || isSameName(name, this.blindName ?? '')) return by;
    // Where marking is blind, a name is a team's, and its number may be a participant's by chance.
    if (fold(student.name).length === 0)
      return by === 'participant' && this.blindName !== undefined ? undefined : by;
    if (isSameName(name, student.name)) return by ?? 'name';
    return by !== undefined && isSimilarName(name, student.name) ? by : undefined;
  }

  /**
   * Whether a number says that a submission is not of a group. Moodle's own is that of a group where a group
   * handed in, and says nothing.
   */
  private isOfOther(owner: Owner, { members }: Group): boolean {
    return numbers.some(([by, field]) => {
      const number = owner[field] ?? '';
      if (number === '' || field === 'participant') return false;
      const known = this.students(number, [by]);
      return known.length > 0
        ? !known.some((student) => members.includes(student))
        : members.every((member) => member[field] !== '');
    });
  }

  /** Of several submissions that are one group's, each is nobody's, but where every member has one of their own. */
  private separateGroups(matches: Map<Submission, Match>): void {
    const shared = [...matches].flatMap(([submission, match]) =>
      'group' in match && match.group ? { submission, group: match.group } : [],
    );
    for (const [{ members }, all] of groupBy(shared, ({ group }) => group)) {
      if (all.length === 1) continue;
      const uploaders = all.map(({ submission: { owners } }) =>
        members.find(({ userId }) => userId !== '' && owners.some((owner) => owner.userId === userId)),
      );
      const isEach = all.length === members.length && members.every((member) => uploaders.includes(member));
      for (const [index, { submission }] of all.entries()) {
        const uploader = isEach ? uploaders[index] : undefined;
        matches.set(submission, uploader ? { students: [uploader], by: 'user id' } : { candidates: members });
      }
    }
  }
}

/** What speaks for whom, beside those who fit. */
interface Evidence {
  /** Everybody whom something means. */
  readonly spoke: readonly Student[];
  /** Those who are called as the group is. */
  readonly namesakes: readonly Student[];
  contradicts(group: Group): boolean;
}

/** The one who fits, or the one group; who is called as a group is and not in it may be meant as well. */
function settled(
  fits: readonly { readonly student: Student; readonly by: MatchedBy }[],
  groups: readonly Group[],
  { spoke, namesakes, contradicts }: Evidence,
): Match {
  const [group, ...otherGroups] = groups;
  const [fit, ...others] = fits;
  if (group) {
    const isSure =
      otherGroups.length === 0 &&
      namesakes.every((student) => group.members.includes(student)) &&
      !contradicts(group);
    if (isSure) return { students: group.members, by: 'group', group };
  } else if (fit && others.length === 0) return { students: [fit.student], by: fit.by };
  return { candidates: [...new Set([...spoke, ...groups.flatMap(({ members }) => members)])] };
}

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

/** Whom to write into `matches.csv`. */
export function shown({ login, name, email, identifier }: Student): string {
  const id = login || identifier || email;
  return login === '' && name !== '' ? (id ? `${name} (${id})` : name) : id;
}

function labelsOf(submissions: readonly Submission[]): string[] {
  return submissions.flatMap(({ owners }) => owners.flatMap(({ label }) => label ?? []));
}

/** What a label says: a word, which may be nobody's, or several of which nothing tells which is meant. */
type ReadLabel = { readonly word: string } | { readonly candidates: readonly string[] };

/**
 * Reads names of folders and archives. Each holds a login, an id, an e-mail address or a group, and these
 * hold hyphens as well. What stands before is the same for a whole class: what hosts name the folder around
 * it by, `<slug>-submissions`, or else what stands before in most names. One that can be read in two ways is
 * nobody's.
 */
function labelReader(
  root: string,
  labels: readonly string[],
  isKnown: (word: string) => boolean,
): (label: string) => ReadLabel {
  const [, slug] = /^(.+)-submissions$/.exec(root) ?? [];
  const prefix = slug === undefined ? undefined : `${slug.toLowerCase()}-`;
  const names = [...new Set(labels.map((label) => nameOf(label).toLowerCase()))];
  const read =
    prefix !== undefined && names.some((name) => name.startsWith(prefix))
      ? bySlug(prefix, isKnown)
      : byPrefix(names, isKnown);
  return (label) => read(nameOf(label));
}

/** The host's own word for what stands before a login comes first. */
function bySlug(prefix: string, isKnown: (word: string) => boolean): (name: string) => ReadLabel {
  return (name) => {
    if (!name.toLowerCase().startsWith(prefix)) return { word: name };
    const rest = name.slice(prefix.length);
    return !isKnown(rest) && isKnown(name) ? { candidates: [name] } : { word: rest };
  };
}

/** What stands before the word in most names; a name that is known as a whole may be either's. */
function byPrefix(names: readonly string[], isKnown: (word: string) => boolean): (name: string) => ReadLabel {
  const prefixes = commonPrefixes(names, isKnown);
  return (name) => {
    const whole = isKnown(name) ? name : undefined;
    const readings = prefixes
      .filter((prefix) => name.toLowerCase().startsWith(prefix))
      .map((prefix) => name.slice(prefix.length))
      .map((word) => (isKnown(word) ? word : undefined));
    const [rest] = readings;
    if (readings.some((reading) => reading !== rest))
      return { candidates: [whole, ...readings].filter((word) => word !== undefined) };
    if (whole === undefined || rest === undefined) return { word: whole ?? rest ?? name };
    // Whoever is called as the whole name has a folder of the usual kind: then this one is the other's.
    if (prefixes.some((prefix) => names.includes(`${prefix}${whole.toLowerCase()}`))) return { word: rest };
    return { candidates: [whole, rest] };
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
 * team, as in `a-group-7`, is no student's.
 */
function endsOf(name: string): string[] {
  const ends = [...nameOf(name).matchAll(/[-_]/g)].map(({ index, input }) => input.slice(index + 1));
  return /(?:^|-)group-(?:[0-9a-f]+-)?\d+$/i.test(name) ? ends.filter((end) => !/^\d*$/.test(end)) : ends;
}

/** A mirror clone is called `name.git`. */
function nameOf(label: string): string {
  return label.replace(/\.git$/i, '');
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
  const keys = new Set(knownKeys(known));
  return askedKeys(asked).some((key) => keys.has(key));
}

/** Whether names may be one person's of whom an identifier agrees: one lacks a middle name or some spaces. */
function isSimilarName(one: string, other: string): boolean {
  const [fewer, more] = [fold(one), fold(other)]
    .sort((a, b) => a.length - b.length)
    .map((list) => new Set(list));
  const joined = new Set(turned(fold(other)));
  return (
    turned(fold(one)).some((text) => joined.has(text)) || [...(fewer ?? [])].every((word) => more?.has(word))
  );
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
