import { existsSync, readFileSync } from 'node:fs';
import { type Message, message } from '../../message';
import { csvRows, own, untrusted } from '../../render/escape/csv';
import { groupBy } from '../../system/lists';
import { assertNoProblems, readTable, type TableProblem } from './csv-table';
import type { Owner } from './formats';
import {
  comparable,
  described,
  facts,
  type MatchedBy,
  People,
  type Person,
  type Student,
  spellings,
} from './people';
import { studentOf } from './roster';
import type { Submission } from './source';

/** A submission and how its owner was found. */
export interface Work {
  readonly submission: Submission;
  readonly matchedBy?: MatchedBy;
  /** Whether others handed it in as well. */
  readonly isShared: boolean;
  /** Remarks on owners who are on no roster. */
  readonly remarks: readonly Message[];
}

/** One student and their work; there is none if nothing was handed in. */
export interface Member extends Person {
  readonly login: string;
  readonly work: readonly Work[];
  /** The possible owners of the work, if that is uncertain. It belongs to nobody until a person decides. */
  readonly candidates?: readonly string[];
  /** Whether work is identified by login and the roster has none for this student. */
  readonly hasNoLogin?: boolean;
}

/** The owners of a submission, and by what they were found; or none, and its possible owners. */
interface Match {
  readonly students: readonly Student[];
  readonly by?: MatchedBy;
  /** Who handed it in, if that is unclear. */
  readonly unclear?: Owner;
  readonly candidates?: readonly Student[];
}

/** A fact that is said of an owner, or true of a student. */
type Claim = readonly [by: MatchedBy, text: string];

/** The facts that the name of a folder may tell. */
const ofLabels = facts.map(([by]) => by).filter((by) => by !== 'name');

/**
 * Joins submissions and roster. Returns every student, and every submission that belongs to nobody, once, sorted by
 * key. A submission belongs to a student only if all facts that both sides have agree, and one student or group fits.
 *
 * @param byHand students by the name of a submission, from `matches.csv`; none for a submission of nobody's.
 */
export function matchSubmissions(
  submissions: readonly Submission[],
  roster: readonly Student[] | undefined,
  byHand?: ReadonlyMap<string, readonly Student[]>,
): Member[] {
  const find = finder(roster ?? []);
  const found = [...groupBy(submissions, ({ source }) => source).values()].flatMap((all) => {
    const matchOf = roster ? matcher(all, find) : namer(all);
    return all.flatMap((submission) => {
      const students = byHand?.get(submission.name);
      const matches = submission.owners.map((owner) => matchOf(owner, submission));
      return membersWith(submission, students ? [{ students, by: 'matches.csv' }] : matches);
    });
  });
  const isByLogin = found.some(({ work: [first] }) => first?.matchedBy === 'login');
  const members = new Map((roster ?? []).map((student) => [student.key, memberOf(student)]));
  for (const { work, ...one } of found) {
    const earlier = members.get(one.key)?.work ?? [];
    members.set(one.key, { ...one, work: [...earlier, ...work] });
  }
  return [...members.values()]
    .map((one) => ({ ...one, hasNoLogin: isByLogin && one.login === '' && one.work.length === 0 }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

function memberOf(student: Student, work: readonly Work[] = []): Member {
  return { key: student.key, login: student.login, student, work };
}

/** Everybody whose a submission is; or else itself, with its possible owners. */
function membersWith(submission: Submission, matches: readonly Match[]): Member[] {
  const students = [...new Set(matches.flatMap((match) => match.students))];
  const matchedBy = matches.find(({ by }) => by)?.by;
  const remarks = matches.flatMap(({ unclear }) =>
    unclear
      ? message('download/unknown', '{owner} also handed this in, but cannot be matched to the roster.', {
          owner: unclear.login || unclear.email || unclear.name || '',
        })
      : [],
  );
  const isShared = students.length > 1 || submission.owners.length > 1 || matchedBy === 'group';
  if (students.length > 0)
    return students.map((student) => memberOf(student, [{ submission, matchedBy, isShared, remarks }]));
  const possible = new Set(matches.flatMap(({ candidates = [] }) => candidates));
  return [
    {
      // No login has brackets.
      key: `(submission ${submission.name.toLowerCase()})`,
      login: submission.name,
      work: [{ submission, isShared: false, remarks: [] }],
      candidates: matchedBy ? undefined : [...possible].map((student) => described(memberOf(student))),
    },
  ];
}

/** Takes owners as the submissions of a source themselves name them. */
function namer(submissions: readonly Submission[]) {
  const wordsIn = labelReader(submissions, () => false);
  return (owner: Owner, { name: folder }: Submission) => {
    const { label, name = '', email = '', userId: id = '', studentId: sid = '' } = owner;
    const login = label === undefined ? '' : (wordsIn(label).at(-1) ?? '');
    const student = studentOf({ login, id, name, email, sid }, 0);
    return {
      students: [login || id || sid || email ? student : { ...student, key: `(${folder.toLowerCase()})` }],
    };
  };
}

/** Returns a function that finds the owners of a source's submissions, by everything that may name them. */
function matcher(submissions: readonly Submission[], find: ReturnType<typeof finder>) {
  const inWord = (word: string) => ofLabels.flatMap((by) => find([[by, word]]));
  const wordsIn = labelReader(submissions, (word) => inWord(word).length > 0);
  const spellingOf = ({ name = '' }: Owner) => spellings(name)[0];
  const byName = groupBy(
    submissions.flatMap(({ owners }) => owners),
    spellingOf,
  );
  return (owner: Owner) => {
    const claims = claimsOf(owner);
    // The number that Moodle gives is the team's, as the name is. All others are those of a member.
    const ofMember = claims.filter(([by]) => by !== 'participant' && by !== 'name');
    const teams = find([['group', owner.name ?? ''], ...ofMember]).filter(({ by }) => by === 'group');
    // One of the facts that a label may tell is enough; of a download's facts all have to agree.
    const found =
      owner.label === undefined ? [...teams, ...find(claims)] : wordsIn(owner.label).flatMap(inWord);
    const fits = found.filter(({ isFit }) => isFit);
    // A team that fits stands for its members.
    const [most] = fits.sort((one, other) => other.students.length - one.students.length);
    const isOne = fits.every(({ students }) => students.every((student) => most?.students.includes(student)));
    // A name alone may be that of two who handed in.
    const isSure = most?.by !== 'name' || byName.get(spellingOf(owner))?.length === 1;
    return most && isOne && isSure
      ? most
      : { students: [], unclear: owner, candidates: found.flatMap(({ students }) => students) };
  };
}

/**
 * Returns a function that finds each student of whom at least one claim is true: `by` is the first such claim, and
 * `isFit` says that no claim is false. A claim that is true of nobody is not false of a student who has no such fact. Who
 * is found by a group stands for all its members.
 */
function finder(students: readonly Student[]) {
  const known = students.flatMap((student) =>
    claimsOf(student).flatMap((claim) => spelled(claim).map((fact) => ({ fact, student }))),
  );
  const byFact = groupBy(known, ({ fact }) => fact);
  // Groups belong to their section.
  const teamOf = ({ group, section }: Student) => JSON.stringify([spellings(group)[0], section]);
  const teams = groupBy(students, teamOf);
  return (claims: readonly Claim[]) => {
    const said = claims.map((claim) => {
      const holders = byFact.get(spelled(claim)[0] ?? '') ?? [];
      return { by: claim[0], holders: new Set(holders.map(({ student }) => student)) };
    });
    return [...new Set(said.flatMap(({ holders }) => [...holders]))].map((student) => {
      const by = said.find(({ holders }) => holders.has(student))?.by;
      const kinds = claimsOf(student).map((claim) => claim[0]);
      const isFit = said.every(
        ({ by: kind, holders }) => holders.has(student) || (holders.size === 0 && !kinds.includes(kind)),
      );
      const team = by === 'group' ? teams.get(teamOf(student)) : undefined;
      return { students: team ?? [student], by, isFit };
    });
  };
}

function claimsOf(known: Owner): Claim[] {
  return facts.flatMap(([by, field]) => (known[field] ? [[by, known[field]]] : []));
}

/** The ways in which a fact may be written, its own first. */
function spelled([by, text]: Claim) {
  const all = by === 'name' || by === 'group' ? spellings(text) : [comparable(text, by)];
  return all.map((one) => `${by} ${one}`);
}

/**
 * Reads the names of a source's folders and archives: the whole name is a login, an id, an address or a group, or what
 * follows the prefix after which most of them name one. A source that is called `<slug>-submissions` says the prefix.
 *
 * @returns a function that gives the words of a name that may be somebody's, what is most likely a login last.
 */
function labelReader(submissions: readonly Submission[], isKnown: (word: string) => boolean) {
  const labels = submissions.flatMap(({ owners }) => owners.flatMap(({ label }) => label ?? []));
  const before = labels.flatMap((label) =>
    [...label.matchAll(/(?<=[-_])/g)].flatMap(({ index }) =>
      isKnown(label.slice(index)) ? label.slice(0, index).toLowerCase() : [],
    ),
  );
  const [[most, same] = ['', []]] = [...groupBy(before, (prefix) => prefix)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  // The number after `group-` is a team's, not a student's.
  const isPrefix = 2 * same.length >= labels.length && !/(?:group|team|submission)[-_]$/.test(most);
  const [, slug = ''] = /^(.+-)submissions$/.exec(submissions[0]?.source.name.toLowerCase() ?? '') ?? [];
  const isSlug = slug !== '' && labels.some((label) => label.toLowerCase().startsWith(slug));
  const prefix = isSlug ? slug : isPrefix ? most : '';
  return (label: string) =>
    label.toLowerCase().startsWith(prefix) ? [label, label.slice(prefix.length)] : [label];
}

/** The table that says whose a submission is, if its name does not tell. The instructor fills it in. */
export const matchesFile = 'matches.csv';

/** Returns the submissions that are nobody's until a person decides. */
export function openOf(members: readonly Member[]) {
  return members.flatMap(({ candidates, login }) => (candidates ? { name: login, candidates } : []));
}

/** The text of the table, with a line for each submission that belongs to nobody yet. */
export function withOpenMatches(file: string, members: readonly Member[]) {
  const table = existsSync(file)
    ? readFileSync(file, 'utf8').replace(/(?<!\n)$/, '\r\n')
    : csvRows([['submission', 'login', 'candidates'].map(own)]);
  const lines = openOf(members).flatMap(({ name, candidates }) => {
    const begin = `\n${csvRows([[untrusted(name)]]).trimEnd()},`;
    return table.includes(begin)
      ? []
      : csvRows([[untrusted(name), null, untrusted(candidates.join(' or '))]]);
  });
  return table + lines.join('');
}

/**
 * Reads the students that were matched by hand, by the name of the submission. Several lines name a team. The file
 * may be missing; a line without a login is ignored, and `-` stands for nobody.
 *
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readMatches(file: string, submissions: readonly Submission[], roster: readonly Student[]) {
  const found = new Map<string, Student[]>();
  const problems: TableProblem[] = [];
  if (!existsSync(file)) return found;
  const people = new People(roster.map((student) => memberOf(student)));
  for (const { line, cells } of readTable(file, ['submission']).rows) {
    const { submission = '', login = '' } = cells;
    if (login === '') continue;
    // We write an apostrophe before a name that looks like a formula.
    const one = submissions.find(({ name }) => name === submission || `'${name}` === submission);
    const who =
      login === '-'
        ? undefined
        : people.resolve(login, `nobody on the roster has the login, number or e-mail address ${login}.`);
    if (!one) problems.push({ line, text: `no submission here is called “${submission}”.` });
    else if (typeof who === 'string') problems.push({ line, text: who });
    else found.set(one.name, (found.get(one.name) ?? []).concat(who?.student ?? []));
  }
  assertNoProblems(file, problems);
  return found;
}
