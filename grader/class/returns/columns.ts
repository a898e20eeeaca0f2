import { type CsvCell, gradebookKey } from '../../render/escape/csv';
import { decimalIn } from '../members/csv-table';
import type { Student } from '../members/people';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';

/** A plain text may be anybody's, so it is escaped. */
export type Cell = CsvCell | string | undefined;
export type CellOf<Row = StudentResult> = (row: Row, graded: GradedClass) => Cell;

/** A heading, the cell under it for a student of a class, and the cell between them, in a row of its own. */
export type GradebookColumn<Row = StudentResult> = readonly [
  heading: string,
  cellOf: CellOf<Row>,
  top?: Cell,
];

/** The key by which a host finds a student. */
export function keyOf(textOf: (student: Student) => string): CellOf {
  return ({ student }) => gradebookKey(textOf(student));
}

export const points: CellOf = (row) => row.points;
export const section: CellOf = ({ student }) => student.section;
export const email = keyOf((student) => student.email);

/** The text by which a host finds a student, if the cell holds it. */
export function keyIn(cell: Cell) {
  return typeof cell === 'object' && cell && 'key' in cell ? cell.key : '';
}

/** What a grade at a host is compared with. */
export type GradeHere = Pick<StudentResult, 'student' | 'points' | 'override'>;

/** Whether a grade that a host has stays: more than none or 0 here, which nobody set by hand. */
export function isKeptThere({ points: here, override }: GradeHere, there: string): boolean {
  return !here && !override && (decimalIn(there) ?? 0) > 0;
}

/** Says where an assignment has other points there than here: a host would scale or refuse ours. */
export function misfit(what: string, there: number | undefined, { course }: GradedClass): string[] {
  const { possible } = course.rubric;
  if (there === undefined || there === possible) return [];
  return [
    `${what} is worth ${there} points there, and there are ${possible} here: make them equal before you upload grades.`,
  ];
}
