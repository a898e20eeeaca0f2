import type { CsvCell } from '../../../report/escape/csv';
import type { Rubric } from '../../../rubric/rubric';
import type { Graded } from '../graded.schema';
import type { Student } from '../roster';

/** One student of a class, as gradebooks see it. */
export interface Entry {
  readonly row: Graded;
  readonly student: Student | undefined;
}

/** A grade file of one host. */
export interface Gradebook {
  /** Name of the file. */
  readonly file: string;
  readonly columns: readonly string[];
  /** Rows that stand between the headings and the students. */
  readonly before?: (rubric: Rubric) => readonly CsvCell[][];
  /** Undefined for a student whom this gradebook would not know. */
  cells(entry: Entry, rubric: Rubric): readonly CsvCell[] | undefined;
}

/** What changed the points of a row, on one line: `Late by 1 day (9 -> 8)`. */
export function adjustmentsOf({ adjustments }: Graded): string {
  return adjustments
    .map(({ why, before, after }) => `${why} (${before ?? 'no points'} -> ${after})`)
    .join('; ');
}
