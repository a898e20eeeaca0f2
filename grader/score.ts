import { cellId, isUntouched, type Read, type Reads } from './answers/answers';
import { type JudgedTable, judgeTable } from './judge';
import { type AnswerKey, type Hint, noKey, type Verdict } from './key/key';
import { type Message, message } from './message';
import type { GradedCell, GradedReflection, Report } from './report/report.schema';
import { possibleReflection, type Rubric, type RubricCell } from './rubric/rubric';
import { isUntouchedReflection, type Reflection, type Submission } from './submission/submission';

/**
 * Grades a submission. Pure: the same rubric, submission and key always give the same Report, and
 * nothing of the clock, the machine or the student's name is in it.
 */
export async function score(rubric: Rubric, submission: Submission, key: AnswerKey): Promise<Report> {
  const { answers, reflection } = submission;
  const judged = await judgeTable(rubric.table, answers.cells, key);
  const lost = key.digest === noKey.digest ? null : 0;
  const cells = gradeCells(rubric.table, answers.cells, judged, lost);
  const graded = rubric.reflection && reflection && gradeReflection(rubric.reflection, reflection, lost);
  return {
    version: 2,
    rubric: rubric.digest,
    key: key.digest,
    points: sum([...cells.map(({ points }) => points), graded ? graded.points : 0]),
    possible: rubric.possible,
    started: !isUntouched(answers) || (reflection !== undefined && !isUntouchedReflection(reflection)),
    problems: answers.problems.map(({ why, at }) => ({ why, ...(at && { at }) })),
    ...(judged.hint && { hint: judged.hint }),
    ...(judged.isTransposed && { transposed: true }),
    cells,
    ...(graded && { reflection: graded }),
  };
}

/** What is known of one cell's value. */
interface Opinion {
  readonly verdict: Verdict;
  readonly hint?: Hint;
  /** What to say where the value is wrong. */
  readonly advice: string;
}

function gradeCells(table: Rubric['table'], reads: Reads, judged: JudgedTable, lost: 0 | null): GradedCell[] {
  const asks = new Map(table.columns.map(({ id, ask }) => [id, ask]));
  return table.cells.map((cell) => {
    const judgement = judged.judgements.get(cell.row);
    const found = judgement?.hints.find(({ column }) => column === undefined || column === cell.column);
    const hint = found && { misconception: found.misconception, text: found.text };
    const ask = hint ? '' : (asks.get(cell.column) ?? '');
    return gradeCell(cell, reads.get(cellId(cell.row, cell.column)) ?? { is: 'blank' }, lost, {
      verdict: judgement?.cells.get(cell.column) ?? 'unknown',
      advice: judged.hint ? 'The hint for the whole table says why.' : ask,
      ...(hint && { hint }),
    });
  });
}

function gradeCell(
  { row, column, points }: RubricCell,
  read: Read,
  lost: 0 | null,
  opinion: Opinion,
): GradedCell {
  const cell = read.at ? { row, column, possible: points, at: read.at } : { row, column, possible: points };
  switch (read.is) {
    case 'blank':
      return { ...cell, outcome: 'blank', points: lost, why: read.why ?? notFilledIn() };
    case 'invalid':
      return {
        ...cell,
        outcome: 'invalid',
        points: lost,
        why: read.why,
        ...(read.typed && { typed: read.typed }),
      };
    case 'value':
      break;
  }
  const { typed, value } = read;
  switch (opinion.verdict) {
    case 'right':
      return { ...cell, typed, value, outcome: 'correct', points };
    case 'unknown':
      return { ...cell, typed, value, outcome: 'recorded', points: null };
    case 'wrong': {
      const { hint, advice } = opinion;
      const why = notRight(read, advice);
      return { ...cell, typed, value, outcome: 'wrong', points: 0, why, ...(hint && { hint }) };
    }
  }
}

function notFilledIn(): Message {
  return message('cell/blank', 'Nothing is filled in here yet.');
}

function notRight({ typed, value }: Read & { is: 'value' }, advice: string): Message {
  const comesTo = String(value) === typed ? '' : ` It comes to ${value}.`;
  return message('cell/wrong', `{typed} is not right here.${comesTo} ${advice}`.trimEnd(), { typed });
}

function gradeReflection(
  ticket: NonNullable<Rubric['reflection']>,
  { responses, unsorted, remark, why }: Reflection,
  lost: 0 | null,
): GradedReflection {
  const count = responses.size + unsorted.length;
  return {
    // Where no key is here the whole is no score, so no part of it claims to be one.
    points: lost === null ? null : Math.min(count, ticket.choose) * ticket.points,
    possible: possibleReflection(ticket),
    present: count > 0,
    ...(remark && { remark }),
    ...(why && { why }),
    responses: ticket.questions.map(({ id }) => {
      const response = responses.get(id);
      if (!response) return { question: id, answered: false };
      const { at, warning } = response;
      return { question: id, answered: true, at, ...(warning && { warning }) };
    }),
    unsorted: unsorted.map(({ at, warning }) => ({ at, ...(warning && { warning }) })),
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
