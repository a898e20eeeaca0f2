import { joinNames } from '../../files';
import { groupBy, thoseSo } from '../../key/group-by';
import type { StudentResult } from '../results/student-result.schema';
import { counted, followUpFile } from './layout';

/** `2 of 31 have no grade yet.` */
export function gradesLine(rows: readonly StudentResult[]): string {
  const missing = rows.filter(({ points }) => points === null).length;
  return missing === 0
    ? `All ${rows.length} have a grade.`
    : `${missing} of ${rows.length} ${missing === 1 ? 'has' : 'have'} no grade yet.`;
}

/** Students with 0 points because they have no work that counts. */
export function zeros(rows: readonly StudentResult[]): StudentResult[] {
  return rows.filter(
    ({ adjustments, overridden }) => !overridden && adjustments.some(({ kind }) => kind === 'no submission'),
  );
}

/** How many students have each status. */
export function statusCounts(rows: readonly StudentResult[]): [StudentResult['status'], number][] {
  return [...groupBy(rows, ({ status }) => status)].map(([status, all]) => [status, all.length]);
}

/** What a terminal says of a class. */
export function summaryOf(rows: readonly StudentResult[]): string[] {
  const counts = statusCounts(rows).map(([status, count]) => `${count} ${status}`);
  const names = zeros(rows).map(({ login, key }) => login || key);
  const reviewed = rows.filter(({ warnings }) => warnings.length > 0).length;
  return thoseSo([
    [true, gradesLine(rows)],
    [true, `${counted(rows.length, 'student')}: ${counts.join(', ')}.`],
    [
      names.length > 0,
      `A zero for work that is not there (rubric.yaml: no_submission: zero): ${joinNames(names)}.`,
    ],
    [reviewed > 0, `${reviewed} to review; ${followUpFile} and grades.csv say why.`],
  ]);
}

/** The keys of students, by the code of a warning about them. */
export function toReview(rows: readonly StudentResult[]): Record<string, string[]> {
  const all = rows.flatMap(({ key, warnings }) =>
    [...new Set(warnings.map(({ code }) => code))].map((code) => ({ key, code })),
  );
  const found = [...groupBy(all, ({ code }) => code)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(found.map(([code, same]) => [code, same.map(({ key }) => key)]));
}
