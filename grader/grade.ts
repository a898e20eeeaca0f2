import type { AnswerKey } from './key/key';
import type { Report } from './report/report.schema';
import type { Rubric } from './rubric/rubric';
import { score } from './score';
import { folderSource, readSubmission } from './submission/read';

/** Reads and grades the submission in one folder. */
export function gradeFolder(root: string, rubric: Rubric, key: AnswerKey): Promise<Report> {
  return score(rubric, readSubmission(folderSource(root), rubric), key);
}
