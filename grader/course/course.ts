import { type AnswerKey, plainKey } from '../key/judge';
import { loadSolvedRubric, type SolvedRubric } from '../key/solution';
import type { Deadline } from '../rubric/file.schema';

/** A course as its instructor has it. */
export interface Course extends SolvedRubric {
  readonly root: string;
  readonly key: AnswerKey;
}

/** The path of a course's handout. In a student's copy, it is the front page of the repository. */
export const handoutFile = 'assignment/README.md';

/** A course without its answers: everything that may go into a students' copy. */
export type OpenCourse = Pick<Course, 'root' | 'file' | 'rubric'>;

/** Returns the course with another deadline, or with none. */
export function withDeadline(course: Course, deadline: Deadline | undefined): Course {
  return { ...course, file: { ...course.file, deadline } };
}

/**
 * Loads a course.
 *
 * @param isVerified see `loadSolution`.
 * @throws {GraderError} if the rubric or the solution cannot be used.
 */
export function loadCourse(root: string, isVerified = true): Course {
  const solved = loadSolvedRubric(root, isVerified);
  const drawn = new Map(solved.file.tables.map(({ export: name, draw }) => [name, draw]));
  const tables = solved.rubric.tables.map((table) => ({ ...table, draw: drawn.get(table.export) }));
  const rubric = { ...solved.rubric, tables };
  return { root, ...solved, rubric, key: plainKey(rubric, solved.solution) };
}
