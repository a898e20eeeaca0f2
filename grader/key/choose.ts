import { GraderError } from '../error';
import type { Rubric } from '../rubric/rubric';
import { type AnswerKey, noKey } from './key';
import { plainKey } from './plain';
import { loadSealedKey } from './sealed';
import { hasSolution, loadSolution } from './solution';

/**
 * The best key that lies in a course's folder: the plain one beside a solution, else the sealed one of
 * a student's copy; none only where the rubric says so.
 *
 * @param proved see `loadSolution`.
 * @throws {GraderError} as `loadSolution` and `loadSealedKey` do.
 */
export function chooseKey(courseRoot: string, rubric: Rubric, proved = false): AnswerKey {
  if (hasSolution(courseRoot)) return plainKey(loadSolution(courseRoot, rubric, proved));
  if (proved) {
    throw new GraderError('key', 'There is no solution/index.ts here, so there is no answer key to prove.');
  }
  return rubric.selfCheck === 'form' ? noKey : loadSealedKey(courseRoot, rubric);
}
