import { csvRows, own, untrusted } from '../../render/escape/csv';
import { groupBy } from '../../system/lists';
import { assertNoProblems, delimiterIn, readTable, type TableFile, textOf } from './csv-table';
import { type ByHand, type Match, ownersByName, ownersOnRoster } from './owners';
import { byKey, comparableIdentity, described, identifiers, People, type Student, teamOf } from './people';
import type { Collected } from './source';
import { type TeamQuestion, teamQuestions } from './teams';

export type { Match } from './owners';

/** A student of a class with all that is theirs: nothing if nothing was handed in. */
export interface Member {
  readonly student: Student;
  readonly matches: readonly Match[];
  /** Where others of the group handed in, and the student has nothing. */
  readonly question: TeamQuestion | undefined;
}

/** Everybody in a class, and every submission that belongs to nobody; each once, in order. */
export interface Matching {
  readonly members: readonly Member[];
  /** By `matches.csv` those of which a person said that they are nobody's. */
  readonly unmatched: readonly Match[];
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
  // 2. Give each student all that is theirs; without a roster, submissions say who there is.
  const named = [...(roster ?? []), ...matches.flatMap(({ owners }) => owners)];
  const students = [...groupBy(named, ({ key }) => key).values()].flatMap(([student]) => student ?? []);
  const owned = matches.flatMap((match) => match.owners.map(({ key }) => ({ key, match })));
  const matchesOf = groupBy(owned, ({ key }) => key);
  // 3. Look for students who may have a part in the work of their group.
  const questions = teamQuestions(sources, roster ?? [], new Set(matchesOf.keys()));
  const members = students.sort(byKey).map((student): Member => {
    const own = (matchesOf.get(student.key) ?? []).map(({ match }) => match);
    return { student, matches: own, question: questions.get(student.key) };
  });
  // 4. Keep what belongs to nobody, with those whose it may be: also whoever has no work, and lacks what it is named by.
  const without = (roster ?? []).filter(({ key }) => !matchesOf.has(key));
  const unmatched = sources.flatMap((inSource) => {
    const field = namedBy(inSource);
    const lacking = field === undefined ? [] : without.filter((student) => student[field] === '');
    return inSource
      .filter(({ owners }) => owners.length === 0)
      .map((match) => ({ ...match, candidates: [...new Set([...match.candidates, ...lacking])] }));
  });
  return { members, unmatched: unmatched.sort((one, other) => byName(one.submission, other.submission)) };
}

function byName(one: Collected, other: Collected) {
  return one.name < other.name ? -1 : 1;
}

/** The field of a student by which all submissions of a source are named, if it is one. */
function namedBy(inSource: readonly Match[]) {
  const ways = new Set(inSource.flatMap(({ by }) => (by && by !== 'matches.csv' ? by : [])));
  const [[, field] = [], ...others] = identifiers.filter(([by]) => ways.has(by));
  return others.length === 0 && ways.size === 1 ? field : undefined;
}

/** The table that says whose a submission is, if its name does not tell. The instructor fills it in. */
export const matchesFile = 'matches.csv';

const columns = ['submission', 'login', 'candidates'];

/** The text of the table, with a line for each submission that belongs to nobody yet. */
export function withOpenMatches(file: TableFile | undefined, unmatched: readonly Match[]) {
  const text = file && textOf(file);
  const listed = new Set(
    file && readTable(file, columns.slice(0, 1)).rows.map(({ cells }) => cells.submission),
  );
  const open = unmatched.filter(({ submission: { name }, by }) => {
    return by !== 'matches.csv' && !listed.has(name) && !listed.has(`'${name}`);
  });
  const lines = open.map(({ submission, candidates }) => [
    untrusted(submission.name),
    null,
    untrusted(candidates.map(described).join(' or ')),
  ]);
  const before = text?.replace(/(?<!\n)$/, '\r\n') ?? csvRows([columns.map(own)]);
  return before + csvRows(lines, text && delimiterIn(text));
}

/**
 * Reads the students that were matched by hand, by the name of the submission. A line names a student or a group, and
 * several lines a team. The file may be missing; a line without a login is ignored, and `-` stands for nobody.
 *
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readMatches(
  file: TableFile | undefined,
  submissions: readonly Collected[],
  roster: readonly Student[],
) {
  const byHand = new Map<string, Student[]>();
  const problems: string[] = [];
  if (!file) return byHand;
  const people = new People(roster);
  for (const { line, cells } of readTable(file, ['submission']).rows) {
    const { submission = '', login = '' } = cells;
    if (login === '') continue;
    // We write an apostrophe before a name that looks like a formula.
    const namedSubmission = submissions.find(({ name }) => name === submission || `'${name}` === submission);
    const who = login === '-' ? [] : resolveOwners(login, people, roster);
    if (!namedSubmission) problems.push(`line ${line}: no submission here is called “${submission}”.`);
    else if (typeof who === 'string') problems.push(`line ${line}: ${who}`);
    else if (isTwoThings(byHand.get(namedSubmission.name), who))
      problems.push(
        `line ${line}: ${submission} is nobody’s by one line and somebody’s by another. Keep one.`,
      );
    else byHand.set(namedSubmission.name, [...(byHand.get(namedSubmission.name) ?? []), ...who]);
  }
  assertNoProblems(file, problems);
  return byHand;
}

/** Whether lines give a submission to somebody and to nobody. */
function isTwoThings(before: readonly Student[] | undefined, now: readonly Student[]) {
  return before !== undefined && (before.length === 0) !== (now.length === 0);
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
