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

export const as = (text: string): CsvCell => ({ as: text });
export const quoted = (text: string): CsvCell => ({ quoted: text });

/** The login: as it is in the roster; what only a folder's name says is somebody else's text. */
export function loginOf({ row, student }: Entry): CsvCell {
  return student ? as(row.login) : quoted(row.login);
}

/** A text for a cell that holds no line ends. */
export function reasons({ adjustments }: Graded): string {
  return adjustments.map(({ why, points }) => `${why}: ${points > 0 ? '+' : ''}${points}`).join('; ');
}
