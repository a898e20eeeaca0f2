import { groupBy } from '../../../key/group-by';
import { type CsvCell, gradebookKey, untrusted } from '../../../render/escape/csv';
import type { Student } from '../../members/people';
import type { GradedClass } from '../../results/run';
import type { StudentResult } from '../../results/student-result.schema';

/** A heading, and the cell under it for a student. */
export type Column = readonly [heading: string, cell: (row: StudentResult) => CsvCell];

/** A grade file for one host. */
export interface Gradebook {
  readonly columns: readonly Column[];
  /** Whether the host would know a student. If this is left out, the host knows everyone. */
  readonly knows?: (row: StudentResult) => boolean;
  /** How the host finds a student: by the first of these that is not empty. */
  readonly findsBy?: readonly ((student: Student) => string)[];
  /** The row between the headings and the students, by heading. */
  readonly top?: Readonly<Record<string, CsvCell>>;
}

/** Makes the gradebook of a class, if there is something to make it from. */
export type MakeGradebook = (graded: GradedClass) => Gradebook | undefined;

/** Makes the cell that identifies a student: verbatim from a roster, as untrusted text if only a download has it. */
export function keyCell({ roster }: GradedClass, text: string): CsvCell {
  return roster ? gradebookKey(text) : untrusted(text);
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
