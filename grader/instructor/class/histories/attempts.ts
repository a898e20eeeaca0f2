import type { Cause, GradedCell, Report } from '../../../grading/report.schema';
import { gradeAnswers, score } from '../../../grading/score';
import type { AnswerKey } from '../../../key/key';
import { reasonsOf } from '../../../render/reasons';
import { valueText } from '../../../render/status';
import { type Rubric, rowsOf } from '../../../rubric/rubric';
import { type Answers, type ReadRow, readAnswers } from '../../../submission/cells';
import { decode } from '../../../submission/decode';
import type { Submission } from '../../../submission/submission';
import type { FirstAttempts, HintOutcome, MisconceptionHistory } from './attempts.schema';
import type { Version } from './history';
import { misconceptionsIn } from './misconceptions';

/** How a student came to the answers. */
export interface Attempts {
  readonly first: FirstAttempts;
  /** What was told of wrong cells, and what became of these. */
  readonly hints: HintOutcome[];
  readonly misconceptions: MisconceptionHistory;
}

/** Different answers whose reasons are followed; a history with more was made to have them. */
const maxAttempts = 100;

/**
 * What a history tells of the answers.
 *
 * @param versions from the oldest to the newest.
 */
export async function attemptsIn(
  versions: readonly Version[],
  rubric: Rubric,
  key: AnswerKey,
): Promise<Attempts> {
  const attempts = answersIn(versions, rubric);
  const outcomes = new HintFollower();
  const followed = attempts.slice(0, maxAttempts);
  const shownAt = new Map<string, number[]>();
  for (const [index, answers] of followed.entries()) {
    const report = await score(rubric, submissionOf(answers, rubric), key);
    // A copy that only looks at form has told no reason.
    if (rubric.selfCheck !== 'form') outcomes.add(report);
    for (const id of misconceptionsIn(report)) shownAt.set(id, [...(shownAt.get(id) ?? []), index + 1]);
  }
  return {
    first: await firstAttempts(attempts, rubric, key),
    hints: outcomes.all(),
    misconceptions: { attempts: followed.length, shown: [...shownAt].map(([id, at]) => ({ id, at })) },
  };
}

function submissionOf(answers: Answers, { file }: Rubric): Submission {
  return { answers: { ...answers, file, state: 'read' }, remarks: [] };
}

/** The answers of each state that differs from the one before. */
function answersIn(versions: readonly Version[], rubric: Rubric): Answers[] {
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
 * For each row, the first answer that was complete when it was committed: what was thought before any
 * feedback. They are judged as tables, by what judges final answers.
 */
async function firstAttempts(
  attempts: readonly Answers[],
  rubric: Rubric,
  key: AnswerKey,
): Promise<FirstAttempts> {
  const found = new Map<string, ReadRow>();
  for (const { rows } of attempts) {
    if (found.size === rowsOf(rubric).length) break;
    for (const row of rows)
      if (!found.has(row.id) && row.cells.every(({ kind }) => kind === 'value')) found.set(row.id, row);
  }
  const { tables, rows } = await gradeAnswers(rubric, { rows: [...found.values()], state: 'read' }, key);
  return { tables, rows: rows.filter(({ id }) => found.has(id)) };
}

/** Follows each cell from what was told of it to the next different answer. */
class HintFollower {
  private readonly outcomes = new Map<string, HintOutcome>();
  /** By cell: the answer that something was told of last, and of which outcome. */
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

  /** @param cause what the student read of it, where it is wrong. */
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
