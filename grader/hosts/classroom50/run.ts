import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GraderError } from '../../error';
import { type GradingContext, gradeFolder, scored } from '../../grading/context';
import type { Environment } from '../../render/escape/actions';
import { renderMarkdown } from '../../render/markdown';
import { type Classroom50Submission, renderClassroom50 } from './render';

/**
 * Grades a submission for Classroom 50: reads the student's checkout, and writes `result.json` and
 * `release-body.md` into it. Call `clearResults` first to remove old ones.
 *
 * @returns a short summary of the result, without any text of the student's.
 * @throws {GraderError} if it cannot be graded; the host then records an error and no score.
 */
export async function gradeForClassroom50(
  checkout: string,
  { rubric, key }: GradingContext,
  variables: Environment,
  now: Date,
): Promise<string> {
  const submission = submittedWork(variables, now);
  const report = scored(await gradeFolder(checkout, rubric, key));
  writeNewFile(checkout, names.result, renderClassroom50(report, submission));
  writeNewFile(checkout, names.body, renderMarkdown(report, { notes: [] }));
  return `result.json: ${report.points} of ${report.possible} points`;
}

/** Reads from its variables what the host says of a submission. */
export function submittedWork(variables: Environment, now: Date): Classroom50Submission {
  const needed = (name: string) => {
    const value = variables[name];
    if (value) return value;
    throw new GraderError(
      'folder',
      'variable-missing',
      `The variable ${name} is not set. Classroom 50 sets it; anywhere else, run npm run grade.`,
    );
  };
  const [commit, tag] = [needed('COMMIT_URL'), needed('SUBMISSION_TAG')];
  return {
    classroom: needed('CLASSROOM'),
    assignment: needed('ASSIGNMENT'),
    type: variables.ASSIGNMENT_TYPE === 'group' ? 'group' : 'individual',
    owner: variables.USERNAME || needed('OWNER'),
    tag,
    commit,
    release: needed('RELEASE_URL'),
    review: variables.REVIEW_URL || commit,
    submitted: submittedAt(tag) ?? isoSecondsOf(now),
    graded: isoSecondsOf(now),
  };
}

/** When a tag such as `submit/2026-06-01T14-32-05Z-a1b2c3d` was made. */
function submittedAt(tag: string): string | undefined {
  const [, day, time] = /^submit\/(\d{4}-\d{2}-\d{2})T(\d{2}-\d{2}-\d{2})Z-/.exec(tag) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const instant = `${day}T${time.replaceAll('-', ':')}Z`;
  return Number.isNaN(Date.parse(instant)) ? undefined : instant;
}

function isoSecondsOf(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

const names = { result: 'result.json', body: 'release-body.md' } as const;

/** Removes anything at the paths of the results, since a student may have put it there. */
export function clearResults(checkout: string): void {
  for (const name of Object.values(names)) {
    withFileError(name, () => rmSync(path.join(checkout, name), { recursive: true, force: true }));
  }
}

function writeNewFile(folder: string, name: string, text: string): void {
  withFileError(name, () => writeFileSync(path.join(folder, name), text, { flag: 'wx' }));
}

function withFileError(name: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const { code = error } = error as NodeJS.ErrnoException;
    throw new GraderError(
      'folder',
      'classroom50-unwritable',
      `${name} cannot be written (${code}). The host looks for the result there.`,
    );
  }
}
