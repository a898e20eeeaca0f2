import type { CsvCell } from '../../../render/escape/csv';
import type { Rubric } from '../../../rubric/rubric';
import type { Student } from '../roster';
import type { StudentResult } from '../student-result.schema';
import { canvas } from './canvas';
import { classroom50 } from './classroom50';
import { githubClassroom } from './github-classroom';
import { moodle } from './moodle';

/** One student of a class, as gradebooks see it. */
export interface Entry {
  readonly result: StudentResult;
  readonly student: Student | undefined;
  readonly rubric: Rubric;
}

/** A heading, and what stands under it for a student. */
export type Column = readonly [heading: string, cell: (entry: Entry) => CsvCell];

/** A grade file of one host. */
export interface Gradebook {
  /** Name of the file. */
  readonly file: string;
  readonly columns: readonly Column[];
  /** Whether the host would know a student; it knows all where this is left out. */
  readonly knows?: (entry: Entry) => boolean;
  /** What stands between the headings and the students, by heading. */
  readonly firstRow?: (rubric: Rubric) => Readonly<Record<string, CsvCell>>;
}

/** What gradebooks are made with, beside the results. */
export interface GradebookOptions {
  /** Heading of the grades' column for Canvas. */
  readonly canvasColumn: string;
  readonly students: readonly Student[];
}

export const gradebooks: readonly ((options: GradebookOptions) => Gradebook)[] = [
  canvas,
  moodle,
  githubClassroom,
  classroom50,
];
