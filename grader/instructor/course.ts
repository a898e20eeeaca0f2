import type { AnswerKey } from '../key/key';
import { plainKey } from '../key/plain';
import { loadSolution, type Solution } from '../key/solution';
import type { Deadline, RubricFile } from '../rubric/file.schema';
import { loadRubricFile } from '../rubric/load';
import { type Rubric, rubricOf } from '../rubric/rubric';

/** A course as its instructor has it. */
export interface Course {
  readonly root: string;
  /** `rubric.yaml` as it is written. */
  readonly file: RubricFile;
  readonly rubric: Rubric;
  readonly solution: Solution;
  readonly key: AnswerKey;
}

/** Where a course has its handout; a student's copy has it as the page of the repository. */
export const handoutFile = 'assignment/README.md';

/** A course without its answers: all that a students' copy may be made of. */
export type OpenCourse = Pick<Course, 'root' | 'file' | 'rubric'>;

/**
 * Runs what a course's answers are measured on, which takes some tenths of a second.
 *
 * @throws {GraderError} where the key says otherwise.
 */
export function compareKeyWithMeasurement({ root, rubric }: Course): void {
  loadSolution(root, rubric, true);
}

/** The same course with another deadline, or with none. */
export function withDeadline(course: Course, deadline: Deadline | undefined): Course {
  const { deadline: _, ...file } = course.file;
  return { ...course, file: { ...file, deadline } };
}

/**
 * Loads a course.
 *
 * @param isVerified see `loadSolution`.
 * @throws {GraderError} where the rubric or the solution does not hold.
 */
export function loadCourse(root: string, isVerified = true): Course {
  const file = loadRubricFile(root);
  const rubric = rubricOf(file);
  const solution = loadSolution(root, rubric, isVerified);
  return { root, file, rubric, solution, key: plainKey(rubric, solution) };
}
