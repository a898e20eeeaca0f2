import { type Static, Type } from '@sinclair/typebox';
import { GradedRowSchema, GradedTableSchema } from '../../grading/report.schema';
import { gradeAnswers } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import { type Rubric, withoutAgain } from '../../rubric/rubric';
import { type Answers, isUntouched, type ReadRow } from '../../submission/cells';

export const FirstAttemptsSchema = Type.Object(
  { tables: Type.Array(GradedTableSchema), rows: Type.Array(GradedRowSchema) },
  {
    description:
      'The rows as they were when first complete, as a Report has them; judged as a table. Missing unless the history has two versions or more.',
    additionalProperties: false,
  },
);

/** For each row, the first answer that was complete: what the student thought before any feedback. */
export type FirstAttempts = Static<typeof FirstAttemptsSchema>;

/**
 * Finds and grades the first answers of a student with two versions or more; those of others are not known.
 *
 * @param versions the answers in each version, the earliest first.
 */
export async function firstAttempts(
  versions: readonly Answers[],
  whole: Rubric,
  key: AnswerKey,
): Promise<FirstAttempts | undefined> {
  const started = [...new Set(versions)].filter((answers) => !isUntouched(answers));
  if (started.length < 2) return undefined;
  const found = new Map<string, ReadRow>();
  for (const { rows } of started)
    for (const row of rows)
      if (!found.has(row.id) && row.cells.every(({ kind }) => kind === 'value')) found.set(row.id, row);
  // Nobody is told whether one cell of a second table is right, so what it says first means nothing.
  const graded = await gradeAnswers(withoutAgain(whole), { rows: [...found.values()], state: 'read' }, key);
  return { tables: graded.tables, rows: graded.rows.filter(({ id }) => found.has(id)) };
}
