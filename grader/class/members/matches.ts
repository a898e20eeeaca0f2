import { existsSync } from 'node:fs';
import { groupBy } from '../../key/group-by';
import { type CsvCell, csvRows, own, untrusted } from '../../render/escape/csv';
import { assertNoProblems, readTable, type TableProblem } from './csv-table';
import { comparable, People, type Student } from './people';

/**
 * The file that says whose a submission is, if its name does not tell. The instructor fills it in, and every run
 * copies it.
 */
export const matchesFile = 'matches.csv';

const columns = ['submission', 'login', 'candidates'] as const;

/** Returns the table to be filled in: a line for each submission that belongs to nobody yet. */
export function emptyMatches(open: readonly { name: string; candidates: readonly string[] }[]): string {
  const lines = open.map(({ name, candidates }): CsvCell[] => [
    untrusted(name),
    null,
    untrusted(candidates.join(' or ')),
  ]);
  return csvRows([columns.map(own), ...lines]);
}

/**
 * Reads the students that were matched by hand, by the name of the submission. Several lines name a team. The file
 * may be missing; a line without a login is ignored, and `-` stands for nobody.
 *
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readMatches(
  file: string,
  submissions: ReadonlySet<string>,
  roster: readonly Student[],
): ReadonlyMap<string, readonly Student[]> {
  const found = new Map<string, Student[]>();
  const problems: TableProblem[] = [];
  if (!existsSync(file)) return found;
  const people = new People(roster.map((student) => ({ key: student.key, student })));
  // Some names have an apostrophe before them in the file, so that a spreadsheet does not take them for formulas.
  const plain = (name: string) => comparable(name.replaceAll("'", ''));
  const byCell = groupBy([...submissions], plain);
  for (const { line, cells } of readTable(file, ['submission']).rows) {
    const { submission = '', login = '' } = cells;
    if (login === '') continue;
    const meant = submissions.has(submission) ? [submission] : byCell.get(plain(submission));
    const [name, ...others] = meant ?? [];
    const nobody = `nobody on the roster has the login, number or e-mail address ${login}.`;
    const who = people.resolve(login, nobody);
    const known = found.get(name ?? '') ?? [];
    if (name === undefined || others.length > 0)
      problems.push({ line, text: `no submission here is called ${submission || 'nothing'}.` });
    else if (login === '-') found.set(name, known);
    else if (typeof who === 'string') problems.push({ line, text: who });
    else found.set(name, [...new Set([...known, who.student])]);
  }
  assertNoProblems(file, problems);
  return found;
}
