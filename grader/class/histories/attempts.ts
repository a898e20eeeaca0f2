import type { Cause, GradedCell, Report } from '../../grading/report.schema';
import { gradeAnswers, score } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import { reasonsOf } from '../../render/reasons';
import { valueText } from '../../render/status';
import { type Rubric, withoutAgain } from '../../rubric/rubric';
import { type Answers, type ReadRow, readAnswers } from '../../submission/cells';
import { decode } from '../../submission/decode';
import type { Submission } from '../../submission/submission';
import type { FirstAttempts, HintOutcome, MisconceptionHistory } from './attempts.schema';
import type { Version } from './history';
import { misconceptionsIn } from './misconceptions';

/** How a student arrived at the answers. */
export interface Attempts {
  readonly first: FirstAttempts;
  /** The reasons given for wrong cells, and the outcome of each next answer. */
  readonly hints: HintOutcome[];
  readonly misconceptions: MisconceptionHistory;
}

/** How many different answers are followed; a history with more was made on purpose. */
const maxAttempts = 100;

/**
 * Determines how a student arrived at the answers.
 *
 * @param states the states of the answers in commits, from the first to the last.
 */
export async function attemptsOf(
  states: readonly Answers[],
  whole: Rubric,
  key: AnswerKey,
): Promise<Attempts> {
  // Nobody is told whether one cell of a second table is right, so there is nothing to follow in it.
  const rubric = withoutAgain(whole);
  const outcomes = new HintFollower();
  const followed = states.slice(0, maxAttempts);
  const shownAt = new Map<string, number[]>();
  for (const [index, answers] of followed.entries()) {
    const report = await score(rubric, submissionOf(answers, rubric), key);
    // A copy that checks only the form has given no reasons.
    if (rubric.selfCheck !== 'form') outcomes.add(report);
    for (const id of misconceptionsIn(report)) shownAt.set(id, [...(shownAt.get(id) ?? []), index + 1]);
  }
  return {
    first: await firstAttempts(states, rubric, key),
    hints: outcomes.all(),
    misconceptions: { attempts: followed.length, shown: [...shownAt].map(([id, at]) => ({ id, at })) },
  };
}

function submissionOf(answers: Answers, { file }: Rubric): Submission {
  return { answers: { ...answers, file, state: 'read' }, remarks: [] };
}

/** The answers in each state of a history whose answers file differs from that of the state before. */
export function answersIn(versions: readonly Version[], rubric: Rubric): Answers[] {
  const known = new Map<Uint8Array, Answers | undefined>();
  const found: Answers[] = [];
  let before: Uint8Array | undefined;
  for (const { files } of versions) {
    const opened = files.get(rubric.file)?.opened;
    if (opened?.kind !== 'file' || opened.bytes === before) continue;
    before = opened.bytes;
    if (!known.has(before)) {
      const decoded = decode(before, rubric.file);
      known.set(before, 'text' in decoded ? readAnswers(decoded.text, rubric) : undefined);
    }
    const answers = known.get(before);
    if (answers) found.push(answers);
  }
  return found;
}

/**
 * For each row, the first answer that was complete: what the student thought before any feedback. They are judged as
 * tables, in the same way as final answers.
 */
async function firstAttempts(
  states: readonly Answers[],
  rubric: Rubric,
  key: AnswerKey,
): Promise<FirstAttempts> {
  const found = new Map<string, ReadRow>();
  for (const answers of states)
    for (const row of answers.rows) if (!found.has(row.id) && isFilled(row)) found.set(row.id, row);
  const { tables, rows } = await gradeAnswers(rubric, { rows: [...found.values()], state: 'read' }, key);
  return { tables, rows: rows.filter(({ id }) => found.has(id)) };
}

function isFilled({ cells }: ReadRow): boolean {
  return cells.every(({ kind }) => kind === 'value');
}

/** Follows each cell from the reason given for it to the next different answer. */
class HintFollower {
  private readonly outcomes = new Map<string, HintOutcome>();
  /** By cell: the last answer that a reason was given for, and the id of its outcome. */
  private readonly open = new Map<string, { readonly answer: string | undefined; readonly id: string }>();

  add(report: Report): void {
    const explainedCells = new Set(reasonsOf(report).first.flatMap(({ cells }) => cells));
    for (const { id: row, table, cells } of report.rows) {
      const hint = report.tables.find((candidate) => candidate.export === table)?.hint;
      const whole = hint && ({ kind: 'misconception', name: hint.misconception } as const);
      for (const cell of cells) this.addCell(row, cell, explainedCells.has(cell) ? cell.cause : whole);
    }
  }

  all(): HintOutcome[] {
    return [...this.outcomes.values()];
  }

  /** @param cause the reason that the student read, if the cell is wrong. */
  private addCell(row: string, cell: GradedCell, cause: Cause | undefined): void {
    const { id: column, outcome } = cell;
    if (outcome !== 'correct' && outcome !== 'wrong') return;
    const name = JSON.stringify([row, column]);
    const answer = valueText(cell);
    const before = this.open.get(name);
    if (before?.answer === answer) return;
    const known = before && this.outcomes.get(before.id);
    if (before && known && known.next === undefined)
      this.outcomes.set(before.id, { ...known, next: outcome });
    this.open.delete(name);
    if (!cause || outcome !== 'wrong') return;
    const id = JSON.stringify([row, column, cause.kind, cause.name]);
    if (!this.outcomes.has(id)) this.outcomes.set(id, { row, column, cause: cause });
    this.open.set(name, { answer, id });
  }
}
