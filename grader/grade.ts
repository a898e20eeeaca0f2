import { GraderError } from './error';
import type { AnswerKey } from './key/key';
import type { Report } from './report/report.schema';
import type { Rubric } from './rubric/rubric';
import { score } from './score';
import { changedFile, unreadableFile } from './submission/inside';
import { folderSource, readSubmission } from './submission/read';

/** Reads and grades the submission in one folder. */
export function gradeFolder(root: string, rubric: Rubric, key: AnswerKey): Promise<Report> {
  return score(rubric, readSubmission(folderSource(root), rubric), key);
}

/**
 * Refuses a Report of files that the system would not read: on a student's own machine that is theirs
 * to mend, but where others grade, it is no fault of the student's, and no zero.
 *
 * @throws {GraderError} that says why.
 */
export function assertReadable({ problems, reflection }: Report): void {
  const found = [...problems.map(({ why }) => why), ...(reflection?.why ? [reflection.why] : [])];
  const why = found.find(({ code }) => code === unreadableFile || code === changedFile);
  if (why)
    throw new GraderError('folder', `${why.text} That is not the student's fault. Fix it and grade again.`);
}
