import { existsSync, readFileSync } from 'node:fs';
import { type Message, message } from '../../message';
import { csvRows, own, untrusted } from '../../render/escape/csv';
import { groupBy } from '../../system/lists';
import { assertNoProblems, readTable } from './csv-table';
import { type ByHand, type Match, ownersByName, ownersOnRoster } from './owners';
import { byKey, comparableIdentity, described, type MatchedBy, People, type Student, teamOf } from './people';
import type { Collected } from './source';
import { leftOutOfTeams, type MayOwn } from './teams';

/** A submission and how its owner was found. */
export interface Work {
  readonly submission: Collected;
  readonly matchedBy?: MatchedBy;
  /** Whether others handed it in as well. */
  readonly isShared: boolean;
  /** Remarks on owners who are on no roster. */
  readonly remarks: readonly Message[];
}

/** A student of a class with all work that is theirs: none if nothing was handed in. */
export interface Member {
  readonly student: Student;
  readonly work: readonly Work[];
  readonly mayOwn: readonly MayOwn[];
  /** Whether all work is identified by login and the roster has none for this student. */
  readonly lacksLogin: boolean;
}

/** A submission that belongs to nobody. */
export interface Unmatched {
  /** That of its row. */
  readonly key: string;
  readonly submission: Collected;
  /** Whether a person said so, and not only that nobody is found. */
  readonly isNobodys: boolean;
  /** Its possible owners. */
  readonly candidates: readonly Student[];
  /** The only one of them, if nothing contradicts that and no other submission may be theirs. */
  readonly likely: Student | undefined;
}

/** Everybody in a class, and every submission that belongs to nobody; each once, sorted by key. */
export interface Matching {
  readonly members: readonly Member[];
  readonly unmatched: readonly Unmatched[];
}

/**
 * Joins submissions and roster.
 *
 * @param section the section of the roster that is graded, if it is not all.
 */
export function matchSubmissions(
  submissions: readonly Collected[],
  roster: readonly Student[] | undefined,
  byHand: ByHand = new Map(),
  section?: string,
): Matching {
  // 1. Find the owners of each submission, in its source.
  const sources = [...groupBy(submissions, ({ source }) => source).values()].map((inSource) =>
    roster ? ownersOnRoster(inSource, roster, byHand, section) : ownersByName(inSource),
  );
  const matches = sources.flat();
  // 2. Give each student all work that is theirs; without a roster, submissions say who there is.
  const named = [...(roster ?? []), ...matches.flatMap(({ owners }) => owners)];
  const students = [...groupBy(named, ({ key }) => key).values()].flatMap(([student]) => student ?? []);
  const owned = matches.flatMap((match) => match.owners.map(({ key }) => ({ key, work: workIn(match) })));
  const workOf = groupBy(owned, ({ key }) => key);
  // 3. Look for submissions that may be somebody's, too.
  const leftOut = leftOutOfTeams(sources, roster ?? [], new Set(workOf.keys()));
  const withoutLogin = (roster ?? []).filter(({ login }) => login === '');
  const possible = matches.flatMap((match) => possibleIn(match, withoutLogin, workOf));
  const mayOwn = groupBy([...possible, ...leftOut], ({ student }) => student.key);
  const isByLogin = sources.length > 0 && sources.every(isNamedByLogin);
  const members = students.sort(byKey).map((student): Member => {
    const work = (workOf.get(student.key) ?? []).map((own) => own.work);
    return {
      student,
      work,
      mayOwn: (mayOwn.get(student.key) ?? []).map((own) => own.mayOwn),
      lacksLogin: isByLogin && student.login === '' && work.length === 0,
    };
  });
  // 4. Keep what belongs to nobody.
  const nobodys = matches.filter(({ owners }) => owners.length === 0);
  const times = groupBy(
    nobodys.flatMap(({ candidates }) => candidates),
    (student) => student,
  );
  const unmatched = nobodys.map(({ submission, by, candidates, likely }): Unmatched => {
    const [only, ...others] = candidates;
    const isLikely = only && others.length === 0 && likely.includes(only) && times.get(only)?.length === 1;
    return {
      // No login has brackets.
      key: `(submission ${submission.name.toLowerCase()})`,
      submission,
      isNobodys: by === 'matches.csv',
      candidates,
      likely: isLikely ? only : undefined,
    };
  });
  return { members, unmatched: unmatched.sort(byKey) };
}

function workIn({ submission, by, isTeams, unknown }: Match): Work {
  const remarks = unknown.map((owner) =>
    message(
      'download/unknown',
      '{owner} also handed this in, but cannot be matched to the roster. Add them to the roster.',
      { owner: owner.login || owner.email || owner.name || '' },
    ),
  );
  return { submission, matchedBy: by, isShared: isTeams, remarks };
}

/**
 * Everybody whose a submission may be that has no owner yet: its candidates, and of those without work whoever has a
 * login with which its name ends, and if it is named by login, whoever has none on the roster.
 */
function possibleIn(
  { submission, owners, by, candidates, alike }: Match,
  withoutLogin: readonly Student[],
  workOf: ReadonlyMap<string, unknown>,
) {
  if (owners.length > 0 || by === 'matches.csv') return [];
  const isByLogin = submission.owners.some(({ label }) => label !== undefined);
  const withoutWork = [...alike, ...(isByLogin ? withoutLogin : [])].filter(({ key }) => !workOf.has(key));
  const mayOwn: MayOwn = { why: 'candidate', submissions: [submission.name], lines: [] };
  return [...new Set([...candidates, ...withoutWork])].map((student) => ({ student, mayOwn }));
}

/** Whether a source names its submissions by login. */
function isNamedByLogin(matches: readonly Match[]) {
  const ways = matches.flatMap(({ by }) => by ?? []);
  return ways.includes('login') && ways.every((by) => by === 'login' || by === 'matches.csv');
}

/** The table that says whose a submission is, if its name does not tell. The instructor fills it in. */
export const matchesFile = 'matches.csv';

/** The text of the table, with a line for each submission that belongs to nobody yet. */
export function withOpenMatches(file: string, unmatched: readonly Unmatched[]) {
  const table = existsSync(file)
    ? readFileSync(file, 'utf8').replace(/(?<!\n)$/, '\r\n')
    : csvRows([['submission', 'login', 'candidates'].map(own)]);
  const lines = unmatched.flatMap(({ submission: { name }, isNobodys, candidates }) => {
    const begin = `\n${csvRows([[untrusted(name)]]).trimEnd()},`;
    if (isNobodys || table.includes(begin)) return [];
    return csvRows([[untrusted(name), null, untrusted(candidates.map(described).join(' or '))]]);
  });
  return table + lines.join('');
}

/**
 * Reads the students that were matched by hand, by the name of the submission. A line names a student or a group, and
 * several lines a team. The file may be missing; a line without a login is ignored, and `-` stands for nobody.
 *
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readMatches(file: string, submissions: readonly Collected[], roster: readonly Student[]) {
  const byHand = new Map<string, Student[]>();
  const problems: string[] = [];
  if (!existsSync(file)) return byHand;
  const people = new People(roster);
  for (const { line, cells } of readTable(file, ['submission']).rows) {
    const { submission = '', login = '' } = cells;
    if (login === '') continue;
    // We write an apostrophe before a name that looks like a formula.
    const namedSubmission = submissions.find(({ name }) => name === submission || `'${name}` === submission);
    const who = login === '-' ? [] : resolveOwners(login, people, roster);
    if (!namedSubmission) problems.push(`line ${line}: no submission here is called “${submission}”.`);
    else if (typeof who === 'string') problems.push(`line ${line}: ${who}`);
    else byHand.set(namedSubmission.name, (byHand.get(namedSubmission.name) ?? []).concat(who));
  }
  assertNoProblems(file, problems);
  return byHand;
}

/**
 * Finds the student whom a word means, or else the members of the group of this name; or says what to write instead.
 */
function resolveOwners(
  word: string,
  people: People,
  roster: readonly Student[],
): readonly Student[] | string {
  const student = people.resolve(word, '');
  if (typeof student !== 'string') return [student];
  if (student !== '') return student;
  const members = roster.filter(
    ({ group }) => group !== '' && comparableIdentity(group) === comparableIdentity(word),
  );
  const teams = [...groupBy(members, teamOf).values()];
  if (teams.length === 1) return members;
  if (teams.length === 0)
    return `nobody on the roster has the login, number, e-mail address or group ${word}. Add them to the roster.`;
  const sections = teams.map(([first]) => first?.section || 'none').join(' and ');
  return `the group ${word} is in the sections ${sections}. Write a line for each of those who handed it in.`;
}
