import { groupBy } from '../../../../key/group-by';
import type { CsvCell } from '../../../../render/escape/csv';
import type { Rubric } from '../../../../rubric/rubric';
import type { MoodleWorksheet } from '../../members/moodle-worksheet';
import type { Student } from '../../members/people';
import type { StudentResult } from '../../results/student-result.schema';

/** One student of a class, as gradebooks see it. */
export interface GradebookEntry {
  readonly result: StudentResult;
  readonly student: Student | undefined;
  readonly rubric: Rubric;
  /** The feedback as plain text, where it was written. */
  readonly feedback?: string;
  /** What the instructor adds. */
  readonly comment?: string;
}

/** A heading, and what stands under it for a student. */
export type Column = readonly [heading: string, cell: (entry: GradebookEntry) => CsvCell];

/** A grade file of one host. */
export interface Gradebook {
  /** Name of the file. */
  readonly file: string;
  readonly columns: readonly Column[];
  /** Whether the host would know a student; it knows all where this is left out. */
  readonly knows?: (entry: GradebookEntry) => boolean;
  /** What the host finds a student by: the first of these that is there. */
  readonly findsBy?: readonly ((student: Student) => string)[];
  /** What stands between the headings and the students, by heading. */
  readonly firstRow?: (rubric: Rubric) => Readonly<Record<string, CsvCell>>;
}

/** What gradebooks are made with, beside the results. */
export interface GradebookOptions {
  /** Heading of the grades' column for Canvas. */
  readonly canvasColumn: string;
  readonly students: readonly Student[];
  /** What a student is found by: as it is where a roster says so, and as anybody's text where only a download does. */
  readonly key: (text: string) => CsvCell;
  /** Moodle's own, where that is the roster. */
  readonly worksheet?: MoodleWorksheet;
}

/** Keys of students of whom one's grade would be written over another's: what the host finds one by is both's. */
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
