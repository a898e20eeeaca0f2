import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { type GradingContext, gradeFolder, scored } from '../../grading/context';
import { renderGradescope } from './render';

/**
 * Grades a submission for Gradescope: reads `submission/` in a folder, and writes `results/results.json`
 * there.
 *
 * @param folder `/autograder` when Gradescope runs it.
 * @returns a short summary of the result, without any text of the student's.
 * @throws {GraderError} if it cannot be graded; the host then shows an error and no score.
 */
export async function gradeForGradescope(folder: string, { rubric, key }: GradingContext): Promise<string> {
  const report = scored(await gradeFolder(path.join(folder, 'submission'), rubric, key));
  const results = path.join(folder, 'results');
  try {
    mkdirSync(results, { recursive: true });
    writeFileSync(path.join(results, 'results.json'), renderGradescope(report));
  } catch (error) {
    const { code = error } = error as NodeJS.ErrnoException;
    throw new GraderError(
      'folder',
      'gradescope-unwritable',
      `${results} cannot be written (${code}). The host looks for the result there.`,
    );
  }
  return `results.json: ${report.points} of ${report.possible} points`;
}
