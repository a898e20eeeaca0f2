import { type AnswerKey, type Judgement, noKey } from '../key/key';
import { message } from '../message';
import { possibleReflection, type Rubric, type RubricCell } from '../rubric/rubric';
import { isUntouched, type ReadCell } from '../submission/cells';
import { responseCount } from '../submission/reflection';
import type { Submission } from '../submission/submission';
import { type JudgedTable, judgeTable } from './judge';
import type { GradedCell, GradedReflection, GradedRow, Report } from './report.schema';

/**
 * Grades a submission. Pure: the same rubric, submission and key always give the same Report, and
 * nothing of the clock, the machine or the student's name is in it.
 */
export async function score(rubric: Rubric, submission: Submission, key: AnswerKey): Promise<Report> {
  const { answers, reflection } = submission;
  const judged = await judgeTable(rubric.table, answers.rows, key);
  const lost = key.digest === noKey.digest ? null : 0;
  const rows = gradeRows(rubric.table, judged, lost);
  const graded = rubric.reflection && reflection && gradeReflection(rubric.reflection, reflection, lost);
  const cells = rows.flatMap((row) => row.cells);
  return {
    version: 3,
    title: rubric.title,
    rubric: rubric.digest,
    key: key.digest,
    points: sum([...cells.map(({ points }) => points), graded ? graded.points : 0]),
    possible: rubric.possible,
    started: !isUntouched(answers) || (reflection !== undefined && !reflection.isUntouched),
    file: rubric.table.file,
    state: answers.state,
    ...(answers.isUnreadable && { unreadable: true }),
    problems: [...answers.problems],
    ...(judged.hint && { hint: judged.hint }),
    ...(judged.isTransposed && { transposed: true }),
    columns: [...rubric.table.columns],
    rows,
    ...(graded && { reflection: graded }),
  };
}

function gradeRows({ rows }: Rubric['table'], judged: JudgedTable, lost: 0 | null): GradedRow[] {
  const isHinted = judged.hint !== undefined;
  return rows.map(({ id, label, cells }) => {
    const row = judged.rows.find((candidate) => candidate.id === id);
    return {
      id,
      label,
      cells: cells.map((cell) =>
        gradeCell(
          cell,
          row?.cells.find((candidate) => candidate.id === cell.id),
          lost,
          isHinted,
        ),
      ),
    };
  });
}

function gradeCell(
  { id, label, points: possible, guidingQuestion = '' }: RubricCell,
  judged: (ReadCell & Judgement) | undefined,
  lost: 0 | null,
  isHinted: boolean,
): GradedCell {
  if (!judged) return { id, label, possible, outcome: 'blank', points: lost };
  const { location } = judged;
  const cell = { id, label, possible, ...(location && { location }) };
  switch (judged.kind) {
    case 'blank': {
      const { reason } = judged;
      return { ...cell, outcome: 'blank', points: lost, ...(reason && { reason }) };
    }
    case 'invalid': {
      const { reason, sourceText } = judged;
      return { ...cell, outcome: 'invalid', points: lost, reason, ...(sourceText && { sourceText }) };
    }
    case 'value':
      break;
  }
  const { sourceText, value, verdict, hint } = judged;
  switch (verdict) {
    case 'right':
      return { ...cell, sourceText, value, outcome: 'correct', points: possible };
    case 'unknown':
      return { ...cell, sourceText, value, outcome: 'ungraded', points: null };
    case 'wrong': {
      const advice = hint ? '' : guidingQuestion;
      const comesTo = String(value) === sourceText ? '' : ` It comes to ${value}.`;
      const said = isHinted ? 'The hint for the whole table says why.' : advice;
      const text = `{typed} is not right here.${comesTo} ${said}`.trimEnd();
      const reason = message('cell/wrong', text, { typed: sourceText });
      return { ...cell, sourceText, value, outcome: 'wrong', points: 0, reason, ...(hint && { hint }) };
    }
  }
}

function gradeReflection(
  rubric: NonNullable<Rubric['reflection']>,
  reflection: NonNullable<Submission['reflection']>,
  lost: 0 | null,
): GradedReflection {
  const { responses, unsorted, remark, reason, state, isUntouched: untouched } = reflection;
  const count = responseCount(reflection);
  return {
    file: rubric.file,
    state,
    // Where no key is here the whole is no score, so no part of it claims to be one.
    points: lost === null ? null : Math.min(count, rubric.choose) * rubric.points,
    possible: possibleReflection(rubric),
    choose: rubric.choose,
    present: count > 0,
    ...(untouched && { untouched }),
    ...(remark && { remark }),
    ...(reason && { reason }),
    responses: rubric.questions.map(({ id, label }) => {
      const response = responses.get(id);
      if (!response) return { id, label, answered: false };
      const { location, warning } = response;
      return { id, label, answered: true, location, ...(warning && { warning }) };
    }),
    unsorted: unsorted.map(({ location, warning }) => ({ location, ...(warning && { warning }) })),
  };
}

/** The total, or null where a part of it is not known. */
function sum(points: readonly (number | null)[]): number | null {
  let total = 0;
  for (const part of points) {
    if (part === null) return null;
    total += part;
  }
  return total;
}
