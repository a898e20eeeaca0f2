import { filledIn } from '../../../message';
import { gradebookKey, own, untrusted } from '../../../report/escape/csv';
import { adjustmentsOf, type Entry, type Gradebook } from './gradebook';

/** The login by which the host finds a student; what only a folder's name says is somebody else's text. */
const loginKey = ({ row, student }: Entry) => (student ? gradebookKey(row.login) : untrusted(row.login));

/** The columns of GitHub Classroom's own grades, for whoever reads those. */
export const githubClassroom: Gradebook = {
  file: 'github-classroom.csv',
  columns: [
    ...['assignment_name', 'assignment_url', 'starter_code_url', 'github_username', 'roster_identifier'],
    ...['student_repository_name', 'student_repository_url', 'submission_timestamp'],
    ...['points_awarded', 'points_available'],
  ],
  cells: ({ row, student }, { title, possible }) => [
    own(title),
    null,
    null,
    loginKey({ row, student }),
    gradebookKey(student?.identifier ?? ''),
    untrusted(row.folder ?? ''),
    untrusted(row.repository ?? ''),
    own(row.submitted ?? ''),
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
    loginKey({ row, student }),
    untrusted(student?.firstName ?? ''),
    untrusted(student?.lastName ?? ''),
    untrusted(student?.email ?? ''),
    untrusted(student?.section ?? ''),
    row.points,
    possible,
    own(row.submitted ?? ''),
    null,
    null,
    untrusted(row.repository ?? ''),
    own(String(row.adjustments.some(({ is }) => is === 'late'))),
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
    untrusted(row.login),
    untrusted(student?.name ?? ''),
    untrusted(student?.email ?? ''),
    own(row.status),
    row.points,
    possible,
    row.report ? row.report.cells.reduce((sum, cell) => sum + (cell.points ?? 0), 0) : null,
    row.report?.reflection?.points ?? null,
    untrusted(adjustmentsOf(row)),
    own(row.overridden ? 'yes' : ''),
    own(row.submitted ?? ''),
    untrusted(row.folder ?? ''),
    untrusted(row.repository ?? ''),
    untrusted(row.warnings.map((warning) => filledIn(warning, String)).join(' ')),
    untrusted(notes.join(' ')),
  ],
});
