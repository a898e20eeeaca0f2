import { existsSync } from 'node:fs';
import { type CsvCell, csvRows, own, untrusted } from '../../render/escape/csv';
import { assertNoProblems, type Problem, readTable } from './csv-table';
import type { Student } from './roster';

/** Whose a submission is, where its name does not tell. The file is the instructor's, and goes along with every run. */
export const matchesFile = 'matches.csv';

const columns = ['submission', 'login', 'candidates'] as const;

/** What a run leaves to be filled in: a line for each submission that is nobody's yet. */
export function emptyMatches(open: readonly { name: string; candidates: readonly string[] }[]): string {
  return csvRows([
    columns.map(own),
    ...open.map(({ name, candidates }): CsvCell[] => [
      untrusted(name),
      null,
      untrusted(candidates.join(' or ')),
    ]),
  ]);
}

/** What stands for nobody. */
const nobody = '-';

/**
 * Reads who was found by hand, by the name of the submission; several lines name a team. The file need
 * not be there, and a line without a login says nothing.
 *
 * @throws {GraderError} that lists every line that cannot be used.
 */
export function readMatches(
  file: string,
  submissions: ReadonlySet<string>,
  roster: readonly Student[],
): ReadonlyMap<string, readonly Student[]> {
  const found = new Map<string, Student[]>();
  const problems: Problem[] = [];
  if (!existsSync(file)) return found;
  const byKey = new Map(
    roster.flatMap((student) => namesOf(student).map((name) => [name, student] as const)),
  );
  // A spreadsheet is not to take a name for a formula, so some stand there with an apostrophe before them.
  const plain = (name: string) => name.replaceAll("'", '');
  const byCell = new Map([...submissions].map((name) => [plain(name), name]));
  for (const { line, cells } of readTable(file, ['submission']).rows) {
    const { submission = '', login = '' } = cells;
    if (login === '') continue;
    const name = submissions.has(submission) ? submission : byCell.get(plain(submission));
    const student = byKey.get(login.toLowerCase());
    if (name === undefined)
      problems.push({ line, text: `no submission here is called ${submission || 'nothing'}.` });
    else if (!student && login !== nobody)
      problems.push({ line, text: `nobody on the roster has the login, number or e-mail address ${login}.` });
    else found.set(name, [...(found.get(name) ?? []), ...(student ? [student] : [])]);
  }
  assertNoProblems(file, problems);
  return found;
}

function namesOf({ key, login, email, identifier }: Student): string[] {
  return [key, login, email, identifier].filter((name) => name !== '').map((name) => name.toLowerCase());
}
