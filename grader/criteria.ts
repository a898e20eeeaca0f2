import { GraderError } from './error';
import { chooseKey } from './key/choose';
import type { AnswerKey } from './key/key';
import { hasSolution } from './key/solution';
import { loadRubric } from './rubric/load';
import type { Rubric } from './rubric/rubric';

/** What submissions are graded by. */
export interface Criteria {
  readonly rubric: Rubric;
  readonly key: AnswerKey;
}

/**
 * The rubric of a course, and the best key that lies in its folder.
 *
 * @param proved see `loadSolution`.
 * @throws {GraderError} where either cannot be used. In a students' copy there is nothing to mend in
 *   it, only something to put back.
 */
export function loadCriteria(courseRoot: string, proved = false): Criteria {
  const rubric = hasSolution(courseRoot) ? loadRubric(courseRoot) : loadReleasedRubric(courseRoot);
  return { rubric, key: chooseKey(courseRoot, rubric, proved) };
}

function loadReleasedRubric(courseRoot: string): Rubric {
  try {
    return loadRubric(courseRoot);
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    throw new GraderError(
      'rubric',
      'rubric.yaml is missing or has been changed, so nothing can be graded by it. Put it back as it came with the assignment; your answers are not the cause.',
    );
  }
}
