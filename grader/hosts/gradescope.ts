import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Criteria } from '../criteria';
import { GraderError } from '../error';
import { gradeFolder } from '../grade';
import { renderGradescope } from '../report/gradescope';
import type { Rubric } from '../rubric/rubric';
import { openInside } from '../submission/inside';
import { scored } from './scored';

/**
 * Grades a submission for Gradescope: reads `submission/` below its folder, and leaves
 * `results/results.json` there.
 *
 * @param folder `/autograder` where Gradescope runs it.
 * @returns what was left, in a few words without any of the student's.
 * @throws {GraderError} where it cannot be graded; the host then shows an error and no score.
 */
export async function gradeForGradescope(folder: string, { rubric, key }: Criteria): Promise<string> {
  const root = path.join(folder, 'submission');
  const report = scored(await gradeFolder(root, asUploaded(root, rubric), key));
  const results = path.join(folder, 'results');
  try {
    mkdirSync(results, { recursive: true });
    writeFileSync(path.join(results, 'results.json'), renderGradescope(report, rubric));
  } catch (error) {
    const { code = error } = error as NodeJS.ErrnoException;
    throw new GraderError(
      'folder',
      `${results} cannot be written (${code}). It is where the host looks for the result.`,
    );
  }
  return `results.json: ${report.points} of ${report.possible} points`;
}

/** Who drags two files into the page uploads them without their folder: then they are looked for there. */
function asUploaded(root: string, rubric: Rubric): Rubric {
  const { table, reflection } = rubric;
  const placed = <Named extends { readonly file: string }>(named: Named): Named => {
    const { base } = path.posix.parse(named.file);
    const isFlat = openInside(root, named.file).is === 'missing' && openInside(root, base).is !== 'missing';
    return isFlat ? { ...named, file: base } : named;
  };
  return { ...rubric, table: placed(table), ...(reflection && { reflection: placed(reflection) }) };
}
