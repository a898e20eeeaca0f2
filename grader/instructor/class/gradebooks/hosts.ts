import { filledIn } from '../../../message';
import { adjustmentsOf, as, type Gradebook, loginOf, quoted } from './gradebook';

/** The columns of GitHub Classroom's own grades, for whoever reads those. */
export const githubClassroom: Gradebook = {
  file: 'github-classroom.csv',
  columns: [
    ...['assignment_name', 'assignment_url', 'starter_code_url', 'github_username', 'roster_identifier'],
    ...['student_repository_name', 'student_repository_url', 'submission_timestamp'],
    ...['points_awarded', 'points_available'],
  ],
  cells: ({ row, student }, { title, possible }) => [
    as(title),
    null,
    null,
    loginOf({ row, student }),
    as(student?.identifier ?? ''),
    quoted(row.folder ?? ''),
    as(row.repository ?? ''),
    as(row.submitted ?? ''),
    row.points,
    possible,
  ],
};

/** The columns of Classroom 50's grades. */
export const classroom50: Gradebook = {
  file: 'classroom50.csv',
  columns: [
    ...['username', 'first_name', 'last_name', 'email', 'section', 'score', 'max_score', 'datetime'],
    ...['submission_tag', 'submitted_by', 'review_url', 'late', 'override'],
  ],
  cells: ({ row, student }, { possible }) => [
    loginOf({ row, student }),
    as(student?.firstName ?? ''),
    as(student?.lastName ?? ''),
    as(student?.email ?? ''),
    as(student?.section ?? ''),
    row.points,
    possible,
    as(row.submitted ?? ''),
    null,
    null,
    as(row.repository ?? ''),
    as(String(row.adjustments.some(({ is }) => is === 'late'))),
    row.overridden ? row.points : null,
  ],
};

/**
 * Everything about each student's grade in one table.
 *
 * @param notes what to know about the whole run; a table that is sorted or cut still says it.
 */
export const grades = (notes: readonly string[]): Gradebook => ({
  file: 'grades.csv',
  columns: [
    ...['login', 'name', 'email', 'status', 'points', 'possible', 'worksheet', 'reflection', 'adjustments'],
    ...['override', 'submitted', 'folder', 'repository', 'needs_review', 'notes'],
  ],
  cells: ({ row, student }, { possible }) => [
    loginOf({ row, student }),
    as(student?.name ?? ''),
    as(student?.email ?? ''),
    as(row.status),
    row.points,
    possible,
    row.report ? row.report.cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0) : null,
    row.report?.reflection?.points ?? null,
    quoted(adjustmentsOf(row)),
    as(row.overridden ? 'yes' : ''),
    as(row.submitted ?? ''),
    quoted(row.folder ?? ''),
    as(row.repository ?? ''),
    quoted(row.warnings.map((warning) => filledIn(warning, String)).join(' ')),
    quoted(notes.join(' ')),
  ],
});
