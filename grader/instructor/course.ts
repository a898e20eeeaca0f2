import type { AnswerKey } from '../key/key';
import { plainKey } from '../key/plain';
import { loadSolution, type Solution } from '../key/solution';
import type { RubricFile } from '../rubric/file.schema';
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

/** The files that students edit, with forward slashes. */
export function studentFiles({ table, reflection }: Rubric): string[] {
  return reflection ? [table.file, reflection.file] : [table.file];
}

/**
 * Loads a course.
 *
 * @param proved see `loadSolution`.
 * @throws {GraderError} where the rubric or the solution does not hold.
 */
export function loadCourse(root: string, proved = true): Course {
  const file = loadRubricFile(root);
  const rubric = rubricOf(file);
  const solution = loadSolution(root, rubric, proved);
  return { root, file, rubric, solution, key: plainKey(solution) };
}
