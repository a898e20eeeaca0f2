import type { Report } from '../grading/report.schema';
import { score } from '../grading/score';
import type { AnswerKey } from '../key/key';
import { plainKey } from '../key/plain';
import type { Rubric } from '../rubric/rubric';
import { asFoundFiles } from '../submission/find';
import { readSubmission } from '../submission/submission';
import { rubric as invented, notesOf, solution } from './worksheet';

/** Grades two texts with the invented worksheet, without a folder. */
export function gradeTexts(
  answers: string,
  notes: string = notesOf(),
  key?: AnswerKey,
  rubric: Rubric = invented,
): Promise<Report> {
  const { file, reflection } = rubric;
  const files = { [file]: answers, ...(reflection && { [reflection.file]: notes }) };
  return score(rubric, readSubmission(asFoundFiles(files), rubric), key ?? plainKey(rubric, solution));
}
