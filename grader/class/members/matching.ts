import { existsSync } from 'node:fs';
import { groupBy } from '../../key/group-by';
import { type Message, message } from '../../message';
import { type CsvCell, csvRows, own, untrusted } from '../../render/escape/csv';
import { assertNoProblems, readTable, type TableProblem } from './csv-table';
import type { Owner } from './formats';
import {
  comparable,
  described,
  facts,
  isSameName,
  keysFor,
  type MatchedBy,
  People,
  type Student,
  spellings,
} from './people';
import type { Source, Submission } from './source';

/** A submission and how its owner was found. */
export interface Work {
  readonly submission: Submission;
  readonly matchedBy?: MatchedBy | undefined;
  /** Whether others handed it in as well. */
  readonly isShared: boolean;
  /** Remarks on owners who are on no roster. */
  readonly remarks: readonly Message[];
}

/** One student and their work; there is none if nothing was handed in. */
export interface Member {
  /** The login in lower case, as hosts compare it, or a substitute for it; unique in a class. */
  readonly key: string;
  readonly login: string;
  readonly student?: Student | undefined;
  readonly work: readonly Work[];
  /** The possible owners of the work, if that is uncertain. It belongs to nobody until a person decides. */
  readonly candidates?: readonly string[] | undefined;
  /** Whether work is identified by login and the roster has none for this student. */
  readonly hasNoLogin?: boolean;
}

/** The owners of a submission; or none, and its possible owners. */
interface Match {
  readonly students: readonly Student[];
  readonly by?: MatchedBy | undefined;
  readonly candidates: readonly Student[];
  /** The word in a label that names nobody. */
  readonly word?: string | undefined;
}

/** The facts that a label may name. */
const ofLabels: readonly MatchedBy[] = ['login', 'user id', 'student id', 'email', 'participant'];

/**
 * Joins submissions and roster. Returns every student, and every submission that belongs to nobody, once, sorted by
 * key. A submission belongs to a student only if all facts that both sides have agree, and one student or group fits.
 *
 * @param byHand students by the name of a submission, from `matches.csv`; none for a submission of nobody's.
 */
export function matchSubmissions(
  submissions: readonly Submission[],
  roster: readonly Student[] | undefined,
  byHand: ReadonlyMap<string, readonly Student[]> = new Map(),
): Member[] {
  const members = roster ? withRoster(submissions, roster, byHand) : withoutRoster(submissions);
  return members.sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Everybody whom the submissions themselves name. Only the host's own identifiers are keys in a gradebook. */
function withoutRoster(submissions: readonly Submission[]): Member[] {
  const read = labelReader(submissions, () => false);
  const entries = submissions.flatMap((submission) =>
    (submission.owners.length > 0 ? submission.owners : [{}]).map((owner: Owner) => {
      const { label, name = '', email = '', userId = '', studentId = '', participant = '' } = owner;
      const login = label === undefined ? '' : (read(submission.source, label)[0] ?? label);
      const identifier = userId || email.toLowerCase() || studentId;
      const work = { submission, isShared: submission.owners.length > 1, remarks: [] };
      const student: Student | undefined =
        identifier === ''
          ? undefined
          : {
              key: '',
              line: 0,
              login: '',
              name,
              firstName: '',
              lastName: '',
              email,
              userId,
              studentId,
              participant,
              identifier,
              section: '',
              group: '',
              columns: { id: userId },
            };
      return { login, text: login ? '' : identifier || submission.name, work, student };
    }),
  );
  const byText = groupBy(entries, ({ login, text }) =>
    login ? login.toLowerCase() : `(${text.toLowerCase()})`,
  );
  return [...byText].map(([key, all]) => {
    const [{ login, student } = { login: '', student: undefined }] = all;
    return { key, login, student: student && { ...student, key }, work: all.map(({ work }) => work) };
  });
}

function withRoster(
  submissions: readonly Submission[],
  students: readonly Student[],
  byHand: ReadonlyMap<string, readonly Student[]>,
): Member[] {
  const index = new Index(submissions, students);
  const found = submissions.map((submission) => {
    const students = byHand.get(submission.name);
    return students
      ? { submission, students, by: 'matches.csv' as const, candidates: [], remarks: [] }
      : { submission, ...index.ownersOf(submission) };
  });
  const matches = apart(found);
  const works = matches.flatMap(({ submission, students: all, by: matchedBy, remarks }) => {
    const isShared = all.length > 1 || submission.owners.length > 1 || matchedBy === 'group';
    return all.map(({ key }) => ({ key, work: { submission, matchedBy, isShared, remarks } }));
  });
  const byKey = groupBy(works, ({ key }) => key);
  const isByLabel = submissions.every(({ owners }) => owners.every(({ label }) => label !== undefined));
  const byLogin = matches.every(
    ({ by }) => by === undefined || by === 'login' || by === 'group' || by === 'matches.csv',
  );
  const members = students.map((student): Member => {
    const { key, login, group } = student;
    const work = (byKey.get(key) ?? []).map((one) => one.work);
    return {
      key,
      login,
      student,
      work,
      hasNoLogin: isByLabel && byLogin && work.length === 0 && login === '' && group === '',
    };
  });
  const nobodys = matches.filter(({ students: all }) => all.length === 0);
  const keys = keysFor(
    nobodys,
    ({ submission: { name } }) => `submission ${name}`,
    ({ submission: { source } }) => source.name,
  );
  const strangers = nobodys.map(({ submission, by, candidates, ...match }, at): Member => {
    const word = 'word' in match ? match.word : undefined;
    const isOpen = by === undefined;
    const work = [{ submission, isShared: false, remarks: [] }];
    const isNamed =
      word !== undefined && candidates.length === 0 && !members.some(({ key }) => key === word.toLowerCase());
    const key = isNamed ? word.toLowerCase() : (keys[at] ?? '');
    const names = candidates.map((student) => described({ key: student.key, student }));
    return { key, login: word ?? submission.name, work, candidates: isOpen && !isNamed ? names : undefined };
  });
  const merged = groupBy(strangers, ({ key }) => key);
  const once = [...merged.values()].flatMap(([first, ...others]) =>
    first ? { ...first, work: [first, ...others].flatMap(({ work }) => work) } : [],
  );
  return [...members, ...once];
}

/** Where Canvas has a submission of a group for each member, each is that member's own. */
function apart<One extends Match & { readonly submission: Submission }>(matches: readonly One[]): One[] {
  const uploadersOf = ({ submission: { owners }, students }: One) =>
    students.filter(({ userId }) => userId !== '' && owners.some((owner) => owner.userId === userId));
  const byGroup = groupBy(matches, ({ students, by, submission: { source } }) =>
    by === 'group' ? JSON.stringify([source.place, students.map(({ key }) => key)]) : undefined,
  );
  return [...byGroup].flatMap(([group, all]) => {
    const [{ students } = { students: [] }] = all;
    const isEach =
      all.length > 1 &&
      all.length === students.length &&
      new Set(all.flatMap(uploadersOf)).size === all.length;
    return group !== undefined && isEach
      ? all.map((one) => ({ ...one, students: uploadersOf(one), by: 'user id' as const }))
      : all;
  });
}

/** The students and groups of a class by everything that may name them. */
class Index {
  private readonly byFact = new Map<MatchedBy, Map<string, Student[]>>();
  private readonly byName: ReadonlyMap<string, Student[]>;
  private readonly byGroup: ReadonlyMap<string, readonly (readonly Student[])[]>;
  private readonly read: ReturnType<typeof labelReader>;
  /** How many submissions of a source have the name of a student. */
  private readonly bearers = new Map<string, number>();
  private readonly students: readonly Student[];

  constructor(submissions: readonly Submission[], students: readonly Student[]) {
    this.students = students;
    for (const [by, field] of facts)
      for (const student of students) {
        const known = this.byFact.get(by) ?? new Map<string, Student[]>();
        this.byFact.set(by, known);
        const text = comparable(student[field], by);
        if (text !== '') known.set(text, [...(known.get(text) ?? []), student]);
      }
    this.byName = bySpelling(students.map((student) => [student.name, student]));
    const groups = groupBy(
      students.filter(({ group }) => group !== ''),
      ({ group, section }) => JSON.stringify([spellings(group)[0], section]),
    );
    this.byGroup = bySpelling([...groups.values()].map((members) => [members[0]?.group ?? '', members]));
    this.read = labelReader(submissions, (word, source) => this.meant(word, source).length > 0);
    for (const { source, owners } of submissions)
      for (const { name = '' } of owners)
        for (const { key } of this.named(name)) {
          const id = JSON.stringify([source.place, key]);
          this.bearers.set(id, (this.bearers.get(id) ?? 0) + 1);
        }
  }

  /** Finds whose a submission is. Of several owners, those who are on no roster are remarked. */
  ownersOf({ owners, source }: Submission): Match & { readonly remarks: readonly Message[] } {
    const matches = owners.map((owner) => ({ owner, ...this.ownerOf(owner, source) }));
    const clear = matches.filter(({ students }) => students.length > 0);
    const unclear = matches.filter(({ students }) => students.length === 0);
    const text = '{owner} also handed this in, but cannot be matched to the roster.';
    return {
      students: [...new Set(clear.flatMap(({ students }) => students))],
      by: clear[0]?.by,
      candidates: clear.length > 0 ? [] : unclear.flatMap(({ candidates }) => candidates),
      word: unclear[0]?.word,
      remarks: unclear.map(({ owner: { email, name = '' } }) =>
        message('download/unknown', text, { owner: email ?? name }),
      ),
    };
  }

  private ownerOf(owner: Owner, source: Source): Match {
    const words = owner.label === undefined ? undefined : this.read(source, owner.label);
    const [word, ...otherWords] = words ?? [];
    if (otherWords.length > 0)
      return { students: [], candidates: (words ?? []).flatMap((one) => this.meant(one, source)) };
    const spoken = word === undefined ? this.spokenOf(owner) : this.called(word);
    const fits = spoken.flatMap((student) => {
      const by = word === undefined ? this.agreement(owner, student, source) : this.factNamed(word, student);
      return by === undefined ? [] : [{ student, by }];
    });
    const groups = this.groupsOf(word ?? owner.name ?? '', owner, source);
    const [fit, ...otherFits] = fits;
    const [group, ...otherGroups] = groups;
    if (fit && otherFits.length === 0 && !group)
      return { students: [fit.student], by: fit.by, candidates: [] };
    // A student who has the name of a group but is not in it may be meant as well.
    if (group && otherGroups.length === 0 && fits.every(({ student }) => group.includes(student)))
      return { students: group, by: 'group', candidates: [] };
    const all = [...spoken, ...this.groupsCalled(word ?? owner.name ?? '', source).flat()];
    const ends = this.students.filter((student) => isEndOf(owner.label, student));
    const candidates = [...new Set(all.length > 0 ? all : ends)];
    return { students: [], candidates, word };
  }

  /** Everybody whom at least one fact names. */
  private spokenOf(owner: Owner): Student[] {
    const numbered = factsOf(owner).flatMap(
      ([by, text]) => this.byFact.get(by)?.get(comparable(text, by)) ?? [],
    );
    return [...new Set([...numbered, ...this.named(owner.name ?? '')])];
  }

  /** How an owner is known to be a student; undefined if something says that it is someone else. */
  private agreement(owner: Owner, student: Student, source: Source): MatchedBy | undefined {
    const shared = factsOf(owner).flatMap(([by, text]) => {
      const known = facts.flatMap(([fact, field]) =>
        fact === by && student[field] !== '' ? student[field] : [],
      );
      const isKnown = known.length > 0 || this.byFact.get(by)?.has(comparable(text, by));
      return isKnown
        ? [{ by, agrees: known.some((one) => comparable(one, by) === comparable(text, by)) }]
        : [];
    });
    const { name = '' } = owner;
    const isOther = name !== '' && student.name !== '' && !isSameName(name, student.name);
    if (isOther || shared.some(({ agrees }) => !agrees)) return undefined;
    if (shared[0]) return shared[0].by;
    // A name alone may be that of two who handed in.
    return this.bearers.get(JSON.stringify([source.place, student.key])) === 1 ? 'name' : undefined;
  }

  private factNamed(word: string, student: Student): MatchedBy | undefined {
    return ofLabels.find((by) => this.byFact.get(by)?.get(comparable(word, by))?.includes(student));
  }

  /** Everybody whom the word of a label names. */
  private called(word: string): Student[] {
    return [...new Set(ofLabels.flatMap((by) => this.byFact.get(by)?.get(comparable(word, by)) ?? []))];
  }

  private named(name: string): Student[] {
    return [...new Set(this.byName.get(spellings(name)[0] ?? '') ?? [])];
  }

  private groupsCalled(word: string, source: Source): readonly (readonly Student[])[] {
    const names = [word, teamOf(source, word)];
    return [...new Set(names.flatMap((name) => this.byGroup.get(spellings(name)[0] ?? '') ?? []))];
  }

  /** The groups of a name to which the other facts of an owner belong. The number that Moodle gives is the group's. */
  private groupsOf(word: string, owner: Owner, source: Source): readonly (readonly Student[])[] {
    const told = factsOf({ ...owner, participant: undefined }).flatMap(
      ([by, text]) => this.byFact.get(by)?.get(comparable(text, by)) ?? [],
    );
    return this.groupsCalled(word, source).filter((members) =>
      told.every((student) => members.includes(student)),
    );
  }

  private meant(word: string, source: Source): Student[] {
    return [...this.called(word), ...this.groupsCalled(word, source).flat()];
  }
}

/** Whether the name of a folder ends as a student is called, in any case. */
function isEndOf(label = '', student: Student): boolean {
  const name = `-${label}`.toLowerCase();
  return facts.some(
    ([, field]) => student[field] !== '' && name.endsWith(`-${student[field]}`.toLowerCase()),
  );
}

/** The numbers and addresses that a download gives of an owner. */
function factsOf({ participant, userId, studentId, email }: Owner): [MatchedBy, string][] {
  const all: [MatchedBy, string | undefined][] = [
    ['participant', participant],
    ['user id', userId],
    ['student id', studentId],
    ['email', email],
  ];
  return all.flatMap(([by, text]) => (text === undefined || text === '' ? [] : [[by, text]]));
}

function bySpelling<Item>(items: readonly (readonly [name: string, item: Item])[]): Map<string, Item[]> {
  const spelled = items.flatMap(([name, item]) => spellings(name).map((spelling) => ({ spelling, item })));
  const groups = groupBy(spelled, ({ spelling }) => spelling);
  return new Map([...groups].map(([spelling, all]) => [spelling, all.map(({ item }) => item)]));
}

/**
 * Reads the names of folders and archives: the whole name is a login, an id, an address or a group, or what follows the
 * prefix after which most folders of the source name one. A folder that is called `<slug>-submissions` says the prefix.
 *
 * @returns a function that gives the word, which may be nobody's, or two where both are somebody's.
 */
function labelReader(submissions: readonly Submission[], isKnown: (word: string, source: Source) => boolean) {
  const prefixes = new Map<Source, { readonly prefix: string; readonly isSlug: boolean }>();
  for (const [source, all] of groupBy(submissions, (one) => one.source)) {
    const labels = all.flatMap(({ owners }) => owners.flatMap(({ label = '' }) => plainLabel(label)));
    const slug = `${/^(.+)-submissions$/i.exec(source.name)?.[1] ?? '/'}-`.toLowerCase();
    const before = labels.flatMap((label) =>
      [...label.matchAll(/[-_]/g)].flatMap(({ index }) =>
        isKnown(label.slice(index + 1), source) ? label.slice(0, index + 1).toLowerCase() : [],
      ),
    );
    const [most] = [...groupBy(before, (prefix) => prefix)].sort(
      ([, one], [, other]) => other.length - one.length,
    );
    if (labels.some((label) => label.toLowerCase().startsWith(slug)))
      prefixes.set(source, { prefix: slug, isSlug: true });
    // The number after `group-` is a team's, not a student's.
    else if (
      most &&
      2 * most[1].length >= labels.length &&
      !/(?:^|[-_])(?:group|team|submission)[-_]$/.test(most[0])
    )
      prefixes.set(source, { prefix: most[0], isSlug: false });
  }
  return (source: Source, label: string): readonly string[] => {
    const name = plainLabel(label);
    const { prefix, isSlug } = prefixes.get(source) ?? {};
    if (prefix === undefined || !name.toLowerCase().startsWith(prefix)) return [name];
    const rest = name.slice(prefix.length);
    const [isName, isRest] = [name, rest].map((word) => isKnown(word, source));
    if (isSlug) return isRest || !isName ? [rest] : [rest, name];
    return isRest ? (isName ? [name, rest] : [rest]) : [name];
  };
}

/** The name of a team that only the table of its own source knows: another source may have a team of this number. */
export function teamOf({ name }: Source, team: string): string {
  return `${team} of ${name}`;
}

/** The prefix of a Classroom 50 team, before its number. */
export const teamSlug = /^classroom50-group-[0-9a-f]+-(?=\d+$)/i;

function plainLabel(label: string): string {
  return label.replace(/\.git$/i, '').replace(teamSlug, 'group-');
}

/** The table that says whose a submission is, if its name does not tell. The instructor fills it in. */
export const matchesFile = 'matches.csv';

const matchColumns = ['submission', 'login', 'candidates'] as const;

/** Adds to the table a line for each submission that belongs to nobody yet, if it has none. */
export function withOpenMatches(table: string, members: readonly Member[]): string {
  const lines = openOf(members).flatMap(({ name, candidates }) => {
    const cells: CsvCell[] = [untrusted(name), null, untrusted(candidates.join(' or '))];
    const begin = `${csvRows([cells.slice(0, 1)]).trimEnd()},`;
    return table.split('\n').some((line) => line.startsWith(begin)) ? [] : csvRows([cells]);
  });
  const before = table === '' ? csvRows([matchColumns.map(own)]) : table.replace(/(?<!\n)$/, '\r\n');
  return lines.length === 0 && table !== '' ? table : before + lines.join('');
}

/** Returns the submissions that are nobody's until a person decides. */
export function openOf(members: readonly Member[]): { name: string; candidates: readonly string[] }[] {
  return members.flatMap(({ candidates, work }) =>
    candidates ? work.map(({ submission: { name } }) => ({ name, candidates })) : [],
  );
}

/**
 * Reads the students that were matched by hand, by the name of the submission. Several lines name a team. The file
 * may be missing; a line without a login is ignored, and `-` stands for nobody.
 *
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readMatches(
  file: string,
  submissions: readonly Submission[],
  roster: readonly Student[],
): Map<string, Student[]> {
  const found = new Map<string, Student[]>();
  const problems: TableProblem[] = [];
  if (!existsSync(file)) return found;
  const people = new People(roster.map((student) => ({ key: student.key, student })));
  // Some names have an apostrophe before them in the file, so that a spreadsheet does not take them for formulas.
  const plain = (name: string) => comparable(name.replaceAll("'", ''));
  // With one source a name has no source before it, and with two it has.
  const isNamed = (name: string, wanted: string) => `/${plain(name)}`.endsWith(`/${plain(wanted)}`);
  for (const { line, cells } of readTable(file, ['submission']).rows) {
    const { submission = '', login = '' } = cells;
    if (login === '') continue;
    const exact = submissions.filter(({ name }) => name === submission);
    const alike = submissions.filter(
      ({ name }) => submission !== '' && (isNamed(name, submission) || isNamed(submission, name)),
    );
    const [meant, ...others] = exact.length > 0 ? exact : alike;
    const who = people.resolve(
      login,
      `nobody on the roster has the login, number or e-mail address ${login}.`,
    );
    const known = found.get(meant?.name ?? '') ?? [];
    if (!meant || others.length > 0)
      problems.push({ line, text: `no submission here is called ${submission || 'nothing'}.` });
    else if (login === '-') found.set(meant.name, known);
    else if (typeof who === 'string') problems.push({ line, text: who });
    else if (who.student) found.set(meant.name, [...new Set([...known, who.student])]);
  }
  assertNoProblems(file, problems);
  return found;
}
