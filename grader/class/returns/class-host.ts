import type { Advice } from '../../message';
import { type CsvCell, gradebookKey } from '../../render/escape/csv';
import { decimalIn } from '../members/csv-table';
import type { Download } from '../members/download';
import type { Student } from '../members/people';
import type { GradedClass } from '../results/graded-class';
import type { StudentResult } from '../results/student-result.schema';

/** Says where a file of the results will be. */
export type PathOf = (file: string) => string;

/** A file below the feedback's folder. */
export type FeedbackFile = readonly [name: string, content: string | Uint8Array];

/** A page in a host's archive of feedback. */
export interface ReturnedPage {
  /** The name by which the host finds who gets it. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** The students whose grade it tells. */
  readonly rows: readonly StudentResult[];
}

/** How a host uses the feedback. */
export interface Returned {
  /** The students who can read there everything that their own pages say. */
  readonly reached: readonly StudentResult[];
  /** The content of its archive of feedback. */
  readonly pages?: readonly ReturnedPage[];
  /** Another file for the host. */
  readonly file?: FeedbackFile;
  /** Why the host accepts no feedback. */
  readonly refused?: string;
}

/** The file of feedback for a host. */
export interface HostFeedback {
  readonly file: string;
  /** How it differs from those of earlier runs, if there are any. */
  readonly since?: {
    /** The time of the last of them: `1 December, 14:05`. */
    readonly when: string;
    /** An archive with only the pages that are new or changed, if there are any. */
    readonly changed: string | undefined;
  };
}

/** A thing to do, as sentences that begin with a verb; in two forms if the command and the page differ. */
export type ToDo = string | Advice;

/** A thing to do in the reader's words. */
export function toDoText(toDo: ToDo, reader: keyof Advice): string {
  return typeof toDo === 'string' ? toDo : toDo[reader];
}

/** The files of a run, as a host's steps name them. */
export interface HostFiles {
  readonly at: PathOf;
  /** Whether the run has a gradebook of this name. One that would change nothing at its host is not made. */
  readonly has: (gradebook: string) => boolean;
  /** Undefined if there is no feedback for the host. */
  readonly feedback: HostFeedback | undefined;
}

/** Everything to do at a host, in order, and things that one only has to know. */
export interface HostSteps {
  readonly toDo: readonly ToDo[];
  /** Lets students see it, after everything else is done. */
  readonly posting?: ToDo;
  readonly notices: readonly string[];
}

/** A class at the point when its host's own record is read. */
export type KnownClass = Pick<GradedClass, 'canvasColumn' | 'course' | 'roster' | 'students'>;

/** A grade as a host has it. */
export interface HostGrade {
  /** As it is written there: `12.5`, `EX`; empty if there is none. */
  readonly text: string;
  /** Whether the student should not get a grade there. */
  readonly exempt?: StudentResult['exempt'];
  /** Whether it stays, whatever the points here are. */
  readonly stays: boolean;
  /** The host's maximum, if it has one. */
  readonly maximum?: number | undefined;
  /** Whether a person changed it there. */
  readonly isByHand?: boolean;
}

/** A table of grades as a host takes it. */
export interface Gradebook {
  readonly columns: readonly GradebookColumn[];
  /** The students whose lines are left out. */
  readonly leavesOut?: ReadonlySet<StudentResult>;
  /** Whether the host already has all of a student's line, so that it is left out. */
  readonly isAtHost?: (row: StudentResult) => boolean;
}

/** Everything that a class run knows about a host. */
export interface ClassHost extends Download {
  /** The gradebooks that it takes, below `gradebooks/`: written if the roster or a download is from this host. */
  readonly gradebooks?: Readonly<Record<string, (graded: GradedClass) => Gradebook | undefined>>;
  /** Returns a function that gives a student's grade in the host's own record, if that is the roster. */
  readonly hostGrades?: (knownClass: KnownClass) => (row: ResultPoints) => HostGrade | undefined;
  /** Says what to do with its gradebooks and its feedback, and where they do not fit. */
  readonly stepsFor?: (graded: GradedClass, files: HostFiles) => HostSteps;
  /** The name of the archive of feedback that it takes, below the folder of the feedback. */
  readonly archive?: string;
  readonly feedback?: (graded: GradedClass) => Returned;
}

/** A plain text may come from anybody, so it is escaped. */
export type Cell = CsvCell | string | undefined;
export type CellOf<Row = StudentResult> = (row: Row, graded: GradedClass) => Cell;

/** A heading, the cell under it for each student, and the cell of an extra row in between. */
export type GradebookColumn<Row = StudentResult> = readonly [
  heading: string,
  cellOf: CellOf<Row>,
  top?: Cell,
];

/** The key by which a host finds a student. Gradebooks leave out students with an empty key, or with equal keys. */
export function keyCell(textOf: (student: Student) => string): CellOf {
  return ({ student }) => gradebookKey(textOf(student));
}

export const pointsCell: CellOf = (row) => row.points;
export const sectionCell: CellOf = ({ student }) => student.section;
export const emailCell = keyCell((student) => student.email);

/** The text by which a host finds a student, if the cell contains one. */
export function keyIn(cell: Cell) {
  return typeof cell === 'object' && cell && 'key' in cell ? cell.key : '';
}

/** The grade here, for comparison with the one at a host. */
export type ResultPoints = Pick<
  StudentResult,
  'student' | 'points' | 'override' | 'gradesWritten' | 'changedAtHost' | 'lookedAt'
>;

/** Whether a host keeps its grade: it is above 0, while here there is none or a 0 that nobody set. */
export function isKeptAtHost({ points, override }: ResultPoints, gradeAtHost: string): boolean {
  return !points && !override && (decimalIn(gradeAtHost) ?? 0) > 0;
}

/** Warns if an assignment has different maximum points there than here: the host would scale or refuse ours. */
export function misfit(
  assignment: string,
  possibleAtHost: number | undefined,
  { course }: GradedClass,
): string[] {
  const { possible } = course.rubric;
  if (possibleAtHost === undefined || possibleAtHost === possible) return [];
  return [
    `Make the points equal before you upload grades: ${assignment} is worth ${possibleAtHost} points there and ${possible} here.`,
  ];
}
