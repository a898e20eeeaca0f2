import { readAnswers } from '../answers/cells';
import type { AnswerKey } from '../key/key';
import { plainKey } from '../key/plain';
import type { Report } from '../report/report.schema';
import type { Rubric } from '../rubric/rubric';
import { score } from '../score';
import { readReflection } from '../submission/reflection';
import { rubric as invented, notesOf, solution } from './worksheet';

/** Grades two texts by the invented worksheet, without any folder. */
export function gradeTexts(
  answers: string,
  notes: string = notesOf(),
  key: AnswerKey = plainKey(solution),
  rubric: Rubric = invented,
): Promise<Report> {
  const reflection = rubric.reflection && readReflection(notes, rubric.reflection);
  return score(
    rubric,
    { answers: readAnswers(answers, rubric.table), ...(reflection && { reflection }) },
    key,
  );
}
