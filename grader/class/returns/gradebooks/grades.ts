import type { GradedRow } from '../../../grading/report.schema';
import { interpolate } from '../../../message';
import { own, untrusted } from '../../../render/escape/csv';
import { completeAgain, gradedCells } from '../../../render/status';
import { wordFor } from '../../members/people';
import type { StudentResult } from '../../results/student-result.schema';
import { isSetByHand } from '../../results/student-result.schema';
import type { Gradebook } from './gradebook';

/** Everything about each student's grade in one table. Notes about the whole run are in `run.json`. */
export const grades: Gradebook = {
  file: 'grades.csv',
  columns: [
    // A student without a login gets the name that replaces it, also in the tables that are filled in by hand.
    ['login', ({ result, student }) => untrusted(result.login || wordFor({ key: result.key, student }))],
    ['name', ({ student }) => untrusted(student?.name ?? '')],
    ['email', ({ student }) => untrusted(student?.email ?? '')],
    ['section', ({ student }) => untrusted(student?.section ?? '')],
    ['status', ({ result }) => own(result.status)],
    ['points', ({ result }) => result.points],
    ['possible', ({ rubric }) => rubric.possible],
    [
      'worksheet',
      ({ result: { report } }) =>
        report ? gradedCells(report).reduce((sum, cell) => sum + (cell.points ?? 0), 0) : null,
    ],
    ['reflection', ({ result }) => result.report?.reflection?.points ?? null],
    ['adjustments', ({ result }) => untrusted(adjustmentsOf(result))],
    ['override', ({ result }) => own(isSetByHand(result) ? 'yes' : '')],
    ['again', ({ result: { report } }) => own(rowsRight(report && completeAgain(report)?.rows))],
    ['submitted', ({ result }) => own(result.submitted ?? '')],
    ['folder', ({ result }) => untrusted(result.folder ?? '')],
    ['matched_by', ({ result }) => own(result.matched ?? '')],
    ['repository', ({ result }) => untrusted(result.repository ?? '')],
    ['group', ({ result }) => untrusted(result.group ?? '')],
    [
      'needs_review',
      ({ result }) => untrusted(result.warnings.map((warning) => interpolate(warning, String)).join(' ')),
    ],
  ],
};

/** `2 of 3`: how many rows of the second table are right, once it is complete. It is not part of the points. */
function rowsRight(rows: readonly GradedRow[] | undefined): string {
  if (!rows) return '';
  const right = rows.filter(({ cells }) => cells.every(({ outcome }) => outcome === 'correct'));
  return `${right.length} of ${rows.length}`;
}

/** The changes to the points of a result, on one line: `Late by 1 day (9 to 8)`. */
export function adjustmentsOf({ adjustments }: StudentResult): string {
  return adjustments
    .map(({ reason, before, after }) => `${reason} (${before ?? 'no points'} to ${after})`)
    .join('; ');
}
