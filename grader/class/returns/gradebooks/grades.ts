import type { GradedRow } from '../../../grading/report.schema';
import { interpolate } from '../../../message';
import { own, untrusted } from '../../../render/escape/csv';
import { completeAgain, gradedCells } from '../../../render/status';
import { wordFor } from '../../members/people';
import type { StudentResult } from '../../results/student-result.schema';
import { isSetByHand } from '../../results/student-result.schema';
import type { Gradebook } from './gradebook';

export const gradesFile = 'grades.csv';

/** Everything about each student's grade in one table. Notes about the whole run are in `run.json`. */
export const grades = (possible: number): Gradebook => ({
  columns: [
    // A student without a login gets the name that replaces it, also in the tables that are filled in by hand.
    ['login', (row) => untrusted(row.login || wordFor(row))],
    ['name', ({ student }) => untrusted(student?.name ?? '')],
    ['email', ({ student }) => untrusted(student?.email ?? '')],
    ['section', ({ student }) => untrusted(student?.section ?? '')],
    ['status', (row) => own(row.status)],
    ['points', (row) => row.points],
    ['possible', () => possible],
    [
      'worksheet',
      ({ report }) =>
        report ? gradedCells(report).reduce((sum, cell) => sum + (cell.points ?? 0), 0) : null,
    ],
    ['reflection', ({ report }) => report?.reflection?.points ?? null],
    ['adjustments', (row) => untrusted(adjustmentsOf(row))],
    ['override', (row) => own(isSetByHand(row) ? 'yes' : '')],
    ['again', ({ report }) => own(rowsRight(report && completeAgain(report)?.rows))],
    ['submitted', (row) => own(row.submitted ?? '')],
    ['folder', (row) => untrusted(row.folder ?? '')],
    ['source', (row) => untrusted(row.source ?? '')],
    ['matched_by', (row) => own(row.matched ?? '')],
    ['repository', (row) => untrusted(row.repository ?? '')],
    ['group', (row) => untrusted(row.group ?? '')],
    [
      'needs_review',
      (row) => untrusted(row.warnings.map((warning) => interpolate(warning, String)).join(' ')),
    ],
  ],
});

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
