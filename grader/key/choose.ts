import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import { type AnswerKey, noKey } from './key';
import { plainKey } from './plain';
import { hasSolution, loadSolution } from './solution';

/**
 * The best key that lies in a course's folder: the plain one beside a solution, else none.
 *
 * @param proved see `loadSolution`.
 * @throws {GraderError} as `loadSolution` does.
 */
export function chooseKey(courseRoot: string, rubric: Rubric, proved = false): AnswerKey {
  if (proved && !hasSolution(courseRoot)) {
    throw new GraderError('key', 'There is no solution/index.ts here, so there is no answer key to prove.');
  }
  return hasSolution(courseRoot) ? plainKey(loadSolution(courseRoot, rubric, proved)) : noKey;
}
