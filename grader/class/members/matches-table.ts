import { csvRows, inTable, own } from '../../render/escape/csv';
import { groupBy } from '../../system/lists';
import {
  assertNoProblems,
  keptLine,
  layoutOf,
  lineFor,
  readTable,
  type TableFile,
  textOf,
} from './csv-table';
import { groupsCalled } from './groups';
import type { Match } from './owners';
import { described, People, type Student } from './people';
import type { CollectedSubmission } from './source';

/** The table that says whose a submission is if its name does not tell. The instructor fills it in. */
export const matchesFile = 'matches.csv';

export const matchesColumns = ['submission', 'login', 'candidates'];

/** How many students a list of candidates names; in a class where nobody's login is known, it could be everybody. */
export const firstOf = (candidates: readonly Student[]) => candidates.slice(0, 9);

/** The text of the table, with a line for each submission that belongs to nobody yet. */
export function withOpenMatches(file: TableFile | undefined, unmatched: readonly Match[]) {
  const listed = new Set(file && readTable(file, ['submission']).rows.map(({ cells }) => cells.submission));
  const open = unmatched.filter(({ submission: { name, isTest }, by }) => {
    return !isTest && by !== 'matches.csv' && !listed.has(name) && !listed.has(inTable(name));
  });
  const layout = file ? layoutOf(file) : { headings: matchesColumns, delimiter: ',' };
  const lines = open.map((match) =>
    lineFor(layout, {
      submission: match.submission.name,
      candidates: firstOf(match.candidates).map(described).join(' or '),
    }),
  );
  const before = file ? textOf(file).replace(/(?<!\n)$/, '\r\n') : csvRows([matchesColumns.map(own)]);
  return before + lines.join('');
}

/**
 * Reads the students who were matched by hand, by the name of the submission. A line names a student or a group, so a
 * team may take several lines. The file may be missing; a line without a login is ignored, and `-` means nobody.
 *
 * @returns also the words of the lines about each submission, and what to say about lines for somebody or something not
 *   in this run.
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readMatches(
  file: TableFile | undefined,
  submissions: readonly CollectedSubmission[],
  roster: readonly Student[],
) {
  const byHand = new Map<string, Student[]>();
  const problems: string[] = [];
  const kept: string[] = [];
  if (!file) return { byHand, words: new Map<string, string[]>(), kept };
  const people = new People(roster);
  // A name that looks like a formula, or begins with a space, reads differently in a table that we wrote.
  const names = submissions.map(({ name }) => name);
  const nameIn = new Map([
    ...names.map((name) => [inTable(name), name] as const),
    ...names.map((name) => [name, name] as const),
  ]);
  const rows = readTable(file, ['submission']).rows.filter(({ cells }) => cells.login);
  for (const { line, cells } of rows) {
    const { submission = '', login = '' } = cells;
    const name = nameIn.get(submission);
    const who = login === '-' ? [] : resolveOwners(login, people, roster);
    if (name === undefined) kept.push(keptLine(file, line, `no submission here is called “${submission}”`));
    else if (who.length === 0 && login !== '-') kept.push(keptLine(file, line, nobodyCalled(login)));
    else if (typeof who === 'string') problems.push(`line ${line}: ${who}`);
    else if (isTwoThings(byHand.get(name), who))
      problems.push(
        `line ${line}: ${submission} belongs to nobody in one line and to somebody in another. Keep one.`,
      );
    else byHand.set(name, [...(byHand.get(name) ?? []), ...who]);
  }
  assertNoProblems(file, problems);
  const bySubmission = groupBy(rows, ({ cells }) => nameIn.get(cells.submission ?? '') ?? '');
  const words = new Map(
    [...bySubmission].map(([name, same]) => [name, same.map(({ cells }) => cells.login ?? '')]),
  );
  return { byHand, words, kept };
}

const nobodyCalled = (word: string) =>
  `nobody on the roster has the login, number, e-mail address or group ${word}`;

/** Whether lines give a submission both to somebody and to nobody. */
function isTwoThings(before: readonly Student[] | undefined, now: readonly Student[]) {
  return before !== undefined && (before.length === 0) !== (now.length === 0);
}

/**
 * Finds the student whom a word means, or else the members of the group with this name; or says what to write instead.
 *
 * @returns an empty list if it means nobody.
 */
function resolveOwners(
  word: string,
  people: People,
  roster: readonly Student[],
): readonly Student[] | string {
  const student = people.resolve(word, '');
  if (typeof student !== 'string') return [student];
  if (student !== '') return student;
  const teams = groupsCalled(word, roster);
  const [members = []] = teams;
  if (teams.length < 2) return members;
  const sections = teams.map(([first]) => first?.section || 'none').join(' and ');
  return `the group ${word} is in the sections ${sections}. Write a line for each of those who handed it in.`;
}
