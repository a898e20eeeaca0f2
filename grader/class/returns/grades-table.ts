import { interpolate } from '../../message';
import { cellsOf } from '../../rubric/rubric';
import { byKey } from '../members/people';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult, UnmatchedResult } from '../results/student-result.schema';
import { questionsIn } from '../results/to-decide';
import type { CellOf, GradebookColumn } from './class-host';
import { adjustmentsOf } from './feedback';
import { tableText } from './gradebooks';

/** A student, or an unmatched submission. */
type AnyResult = StudentResult | UnmatchedResult;
const studentIn = (row: AnyResult) => ('student' in row ? row.student : undefined);

/** Everything about each student's grade in one table. Notes about the run as a whole are in `run.json`. */
export const gradesColumns: readonly GradebookColumn<AnyResult>[] = Object.entries<CellOf<AnyResult>>({
  // A student without a login gets the word that names them in the tables that are filled in by hand.
  login: (row, { people }) => row.login || ('student' in row ? people.wordFor(row.student) : ''),
  name: (row) => studentIn(row)?.name,
  email: (row) => studentIn(row)?.email,
  section: (row) => studentIn(row)?.section,
  status: ({ status }) => status,
  points: (row) => row.points,
  possible: (_, { course }) => course.rubric.possible,
  worksheet: ({ report }) => report && cellsOf(report).reduce((sum, cell) => sum + (cell.points ?? 0), 0),
  reflection: ({ report }) => report?.reflection?.points,
  adjustments: adjustmentsOf,
  override: (row) => ('override' in row && row.override ? 'yes' : ''),
  submitted: ({ submitted }) => submitted,
  folder: ({ folder }) => folder,
  source: ({ source }) => source,
  matched_by: ({ matched }) => matched,
  repository: ({ repository }) => repository,
  group: ({ group }) => group,
  needs_review: (row) => {
    const notes = 'otherVersions' in row ? questionsIn(row) : row.notes;
    return notes.map((note) => interpolate(note, String)).join(' ');
  },
});

/** Every row of a run, for people. */
export const gradesFile = 'grades.csv';

/** The text of this table's file. */
export function gradesTable(graded: GradedClass) {
  const everybody = [...graded.students, ...graded.unmatched].sort(byKey);
  const rows = everybody.map((row) => gradesColumns.map(([, cellOf]) => cellOf(row, graded)));
  return tableText(gradesColumns, rows, graded);
}
