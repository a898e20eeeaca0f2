import { type CsvCell, gradebookKey } from '../../render/escape/csv';
import { decimalIn } from '../members/csv-table';
import type { Download } from '../members/download';
import type { Student } from '../members/people';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';

/** Says where a file of the results will be. */
export type PathOf = (file: string) => string;

/** A file below the folder of the feedback. */
export type FeedbackFile = readonly [name: string, content: string | Uint8Array];

/** A host's use of the feedback: whom it tells all that is on their own pages, the files for it, and what a person has to do. */
export interface Returned {
  readonly reached: readonly StudentResult[];
  readonly files: readonly FeedbackFile[];
  readonly steps: readonly string[];
}

/** A class as it is known when its host's own record is read. */
export type KnownClass = Pick<GradedClass, 'canvasColumn' | 'course' | 'roster' | 'students'>;

/** A grade as a host has it. */
export interface GradeThere {
  /** As it is written there: `12.5`, `EX`; empty where there is none. */
  readonly text: string;
  /** Whether the student is excused there, or not assigned. */
  readonly isExcused?: boolean;
  /** Whether it stays, whatever the points here are. */
  readonly stays: boolean;
}

/** A table of grades as a host takes it. */
export interface Gradebook {
  readonly columns: readonly GradebookColumn[];
  /** Whose lines are left out. */
  readonly leavesOut?: ReadonlySet<StudentResult>;
}

/** All that a class run knows of a host. */
export interface ClassHost extends Download {
  /** The gradebook that it takes, below `gradebooks/`. */
  readonly gradebooks?: Readonly<Record<string, (graded: GradedClass) => Gradebook | undefined>>;
  /** Returns a function that gives the grade of a student in its own record, where that is the roster. */
  readonly gradesThere?: (knownClass: KnownClass) => (row: GradeHere) => GradeThere | undefined;
  /** Says where its gradebooks do not fit, and what to do with them. */
  readonly stepsFor?: (graded: GradedClass, at: PathOf) => readonly string[];
  /** The archive of feedback that it takes, below the folder of the feedback. */
  readonly archive?: string;
  /** Whether each upload of the archive adds to what was uploaded before, so that it is done once. */
  readonly isArchiveOnceOnly?: boolean;
  readonly feedback?: (graded: GradedClass, at: PathOf) => Returned;
}

/** A plain text may be anybody's, so it is escaped. */
export type Cell = CsvCell | string | undefined;
export type CellOf<Row = StudentResult> = (row: Row, graded: GradedClass) => Cell;

/** A heading, the cell under it for a student of a class, and the cell between them, in a row of its own. */
export type GradebookColumn<Row = StudentResult> = readonly [
  heading: string,
  cellOf: CellOf<Row>,
  top?: Cell,
];

/** The key by which a host finds a student: empty for whom it cannot find, who is left out, as are two of one key. */
export function keyCell(textOf: (student: Student) => string): CellOf {
  return ({ student }) => gradebookKey(textOf(student));
}

export const pointsCell: CellOf = (row) => row.points;
export const sectionCell: CellOf = ({ student }) => student.section;
export const emailCell = keyCell((student) => student.email);

/** The text by which a host finds a student, if the cell holds it. */
export function keyIn(cell: Cell) {
  return typeof cell === 'object' && cell && 'key' in cell ? cell.key : '';
}

/** The grade here, with which the one at a host is compared. */
export type GradeHere = Pick<StudentResult, 'student' | 'points' | 'override'>;

/** Whether a host keeps its grade: one above 0, where none or 0 is here and nobody set that. */
export function isKeptThere({ points: here, override }: GradeHere, there: string): boolean {
  return !here && !override && (decimalIn(there) ?? 0) > 0;
}

/** Says where an assignment has other points there than here: a host would scale or refuse ours. */
export function misfit(
  assignment: string,
  possibleThere: number | undefined,
  { course }: GradedClass,
): string[] {
  const { possible } = course.rubric;
  if (possibleThere === undefined || possibleThere === possible) return [];
  return [
    `${assignment} is worth ${possibleThere} points there, and there are ${possible} here: make them equal before you upload grades.`,
  ];
}
