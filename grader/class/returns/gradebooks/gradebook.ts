import { groupBy } from '../../../key/group-by';
import type { CsvCell } from '../../../render/escape/csv';
import type { Rubric } from '../../../rubric/rubric';
import type { MoodleWorksheet } from '../../members/moodle-worksheet';
import type { Student } from '../../members/people';
import type { StudentResult } from '../../results/student-result.schema';

/** One student of a class, as a gradebook sees it. */
export interface GradebookEntry {
  readonly result: StudentResult;
  readonly student: Student | undefined;
  readonly rubric: Rubric;
  /** The feedback as plain text, if it was written. */
  readonly feedback?: string;
  /** The instructor's comment. */
  readonly comment?: string;
}

/** A heading, and the cell under it for a student. */
export type Column = readonly [heading: string, cell: (entry: GradebookEntry) => CsvCell];

/** A grade file for one host. */
export interface Gradebook {
  /** The name of the file. */
  readonly file: string;
  readonly columns: readonly Column[];
  /** Whether the host would know a student. If this is left out, the host knows everyone. */
  readonly knows?: (entry: GradebookEntry) => boolean;
  /** How the host finds a student: by the first of these that is not empty. */
  readonly findsBy?: readonly ((student: Student) => string)[];
  /** The row between the headings and the students, by heading. */
  readonly firstRow?: (rubric: Rubric) => Readonly<Record<string, CsvCell>>;
}

/** The data for making gradebooks, apart from the results. */
export interface GradebookOptions {
  /** The heading of the grades column for Canvas. */
  readonly canvasColumn: string;
  readonly students: readonly Student[];
  /**
   * Makes the cell that identifies a student: verbatim if it comes from a roster, as untrusted text if only a
   * download has it.
   */
  readonly key: (text: string) => CsvCell;
  /** Moodle's own worksheet, if that is the roster. */
  readonly worksheet?: MoodleWorksheet;
}

/**
 * The keys of students that the host cannot tell apart, because the value that it finds one by also belongs to
 * another. One grade would overwrite the other.
 */
export function indistinguishable(
  students: readonly Student[],
  { findsBy = [] }: Gradebook,
): ReadonlySet<string> {
  const usersOf = (student: Student) => findsBy.map((of, column) => `${column} ${of(student).toLowerCase()}`);
  const users = students.flatMap((student) => usersOf(student).map((user) => ({ user, key: student.key })));
  const byUser = groupBy(users, ({ user }) => user);
  const foundAs = students.map((student) => {
    const column = findsBy.findIndex((of) => of(student) !== '');
    return byUser.get(usersOf(student)[column] ?? '') ?? [];
  });
  return new Set(foundAs.flatMap((found) => (found.length > 1 ? found.map(({ key }) => key) : [])));
}
