import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type AnswerKey, noKey, plainKey } from '../key/judge';
import { sealedKey, sealedKeyFile, UnusableKey } from '../key/sealed-key';
import { hasSolution, loadSolution, loadSolvedRubric } from '../key/solution';
import { GraderError, interpolate } from '../message';
import { loadReleasedRubric } from '../rubric/load';
import type { Given, Rubric } from '../rubric/rubric';
import { readYaml } from '../rubric/yaml-file';
import { findInFolder } from '../submission/folder';
import { hasNoGrade, readSubmission } from '../submission/submission';
import { readText } from '../system/files';
import type { Report } from './report.schema';
import { score } from './score';

/** Reads and grades the submission in one folder, or the work in a course. */
export async function gradeFolder(root: string, rubric: Rubric, key: AnswerKey): Promise<Report> {
  const isCourse = hasSolution(root) && existsSync(path.join(root, 'rubric.yaml'));
  return score(rubric, readSubmission(await findInFolder(root, rubric, isCourse), rubric), key);
}

/** The rubric and the answer key that submissions are graded by. */
export interface GradingContext {
  readonly rubric: Rubric;
  readonly key: AnswerKey;
  /** The sizes that the answers of a fixture were written for, if they are not those of the worksheet. */
  readonly given?: Given | undefined;
}

/**
 * Loads the rubric of a course, and the best key in its folder: for a students' copy the sealed key, or no key if the
 * rubric says so.
 *
 * @param folder the submission; a fixture of the course is graded at the sizes that it was written for.
 * @throws {GraderError} if either is unusable. In a students' copy there is nothing to fix, only something to restore.
 */
export function loadGradingContext(courseRoot: string, folder = courseRoot): GradingContext {
  if (hasSolution(courseRoot)) {
    const { rubric, solution } = loadSolvedRubric(courseRoot, false);
    const given = givenOfFixture(courseRoot, folder);
    if (!given || isDeepStrictEqual(given, rubric.given)) return { rubric, key: plainKey(rubric, solution) };
    return { rubric, key: plainKey(rubric, loadSolution(courseRoot, { ...rubric, given }, false)), given };
  }
  const rubric = rubricOfCopy(courseRoot);
  return { rubric, key: rubric.selfCheck === 'form' ? noKey : loadSealedKey(courseRoot, rubric) };
}

/** A student's folder may contain anything, so only a folder in `solution/` is a fixture. */
function givenOfFixture(courseRoot: string, folder: string): Given | undefined {
  const file = path.join(folder, 'fixture.yaml');
  const isOwn = file.startsWith(path.join(courseRoot, 'solution') + path.sep);
  if (!isOwn || !existsSync(file)) return undefined;
  return readYaml<{ given?: Given }>('fixture.yaml', readText(folder, 'fixture.yaml'), { type: 'object' })
    .given;
}

function rubricOfCopy(courseRoot: string): Rubric {
  try {
    return loadReleasedRubric(courseRoot);
  } catch {
    const text =
      'rubric.yaml is missing or has been changed, so nothing can be graded. Restore the original; your answers are not the cause.';
    throw new GraderError('rubric', 'rubric-of-copy', text);
  }
}

/**
 * A Report that has points, which hosts require.
 *
 * @throws {GraderError} if it has none, because no score is not a score of zero. Either there was no key to judge by,
 *   or the system could not read the files, or there are several versions and nobody knows which is meant. Students can
 *   fix that on their own machine, but where others grade the submission, it must not become a zero.
 */
export function scored(report: Report): Report & { readonly points: number } {
  const { points, state, problems, reflection } = report;
  const ofReflection = reflection && hasNoGrade(reflection.state) ? reflection.reason : undefined;
  const reason = hasNoGrade(state) ? problems[0]?.reason : ofReflection;
  if (reason) throw new GraderError('folder', 'submission-ungradable', interpolate(reason));
  if (points === null)
    throw new GraderError('key', 'no-key', 'There is no answer key here, so there is no score.');
  return { ...report, points };
}

/**
 * Loads the sealed key of a student's copy, where anybody may have replaced it.
 *
 * @throws {GraderError} if it is missing, damaged, no key at all, or made for another rubric.
 */
export function loadSealedKey(courseRoot: string, rubric: Rubric): AnswerKey {
  try {
    const text = readFileSync(path.join(courseRoot, ...sealedKeyFile.split('/')), 'utf8');
    return sealedKey(JSON.parse(text), rubric);
  } catch (error) {
    if (error instanceof UnusableKey) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UnusableKey('sealed-key-missing', 'is missing');
    if (code) throw new UnusableKey('sealed-key-unreadable', `cannot be read (${code})`);
    throw new UnusableKey('sealed-key-cut', 'has been cut short or edited');
  }
}
