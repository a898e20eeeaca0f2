import type { Cause, GradedCell, Report } from '../../grading/report.schema';
import { gradeAnswers, score } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import { sha256 } from '../../platform';
import { reasonsOf } from '../../render/reasons';
import { gradedCells, valueText } from '../../render/status';
import { msPerDay } from '../../rubric/moment';
import { type Rubric, rowName, rowsAgain, rowsOf } from '../../rubric/rubric';
import { completeRows, readAttempts, statesOf } from '../../submission/attempts';
import { type Answers, type ReadRow, readAnswers } from '../../submission/cells';
import { decode } from '../../submission/decode';
import type { Submission } from '../../submission/submission';
import type { AttemptsSource, FirstAttempts, HintOutcome, MisconceptionHistory } from './attempts.schema';
import type { Version } from './history';
import { misconceptionsIn } from './misconceptions';

/** How a student arrived at the answers. */
export interface Attempts {
  readonly first: FirstAttempts;
  /** The reasons given for wrong cells, and the outcome of each next answer. */
  readonly hints: HintOutcome[];
  readonly misconceptions: MisconceptionHistory;
  readonly attempts: AttemptsSource;
}

/** How many different answers are followed; a history with more was made on purpose. */
const maxAttempts = 100;

/** The answers at some point in time. */
export interface AnswersState {
  readonly answers: Answers;
  /** Days since 1970, as claimed by a commit or the student's machine. */
  readonly day: number;
}

/** States of the answers, from the first to the last, and where they come from. */
interface States {
  readonly from: AttemptsSource['from'];
  readonly states: readonly AnswersState[];
  readonly leftOut: number;
}

/**
 * Determines how a student arrived at the answers: from the history, or from the file that keeps attempts if it says
 * more. The states of the two are never mixed.
 *
 * @param history states of the answers in commits, if there is a history.
 * @param kept the text of the files that keep attempts, if any were found.
 * @param final the answers that count.
 */
export async function attemptsOf(
  history: readonly AnswersState[] | undefined,
  kept: string | undefined,
  final: Pick<Answers, 'rows'> | undefined,
  rubric: Rubric,
  key: AnswerKey,
): Promise<Partial<Attempts>> {
  const ofFile = kept === undefined ? undefined : statesIn(kept, final, rubric);
  const known = richer(history && { from: 'history', states: history, leftOut: 0 }, ofFile);
  if (!known) return {};
  const { from, states, leftOut } = known;
  const attempts = { from, ...(leftOut > 0 && { leftOut }) };
  if (from === 'file' && states.length === 0) return { attempts };
  let isTelling = false;
  const outcomes = new HintFollower();
  const followed = states.slice(0, maxAttempts);
  const shownAt = new Map<string, number[]>();
  for (const [index, { answers }] of followed.entries()) {
    const report = await score(rubric, submissionOf(answers, rubric), key);
    isTelling ||= gradedCells(report).some(isOwnMistake);
    // A copy that checks only the form has given no reasons.
    if (rubric.selfCheck !== 'form') outcomes.add(report);
    for (const id of misconceptionsIn(report)) shownAt.set(id, [...(shownAt.get(id) ?? []), index + 1]);
  }
  return {
    first: await firstAttempts(states, rubric, key),
    hints: outcomes.all(),
    misconceptions: { attempts: followed.length, shown: [...shownAt].map(([id, at]) => ({ id, at })) },
    attempts: {
      ...attempts,
      ...(isTelling && {
        digest: sha256(JSON.stringify(states.map(({ answers }) => completeRows(answers)))),
      }),
    },
  };
}

/** Whether a wrong answer is specific to one student. Right answers, and those of a known misconception, are not. */
function isOwnMistake({ outcome, cause }: GradedCell): boolean {
  return outcome === 'wrong' && cause?.kind !== 'misconception';
}

/** The source that has more answers, or the history if both have as many. */
function richer(history: States | undefined, file: States | undefined): States | undefined {
  const count = (one: States | undefined) =>
    new Set(one?.states.flatMap((state) => completeRows(state.answers).map((row) => JSON.stringify(row))))
      .size;
  const best = count(file) > count(history) ? file : (history ?? file);
  return best && { ...best, leftOut: file?.leftOut ?? 0 };
}

/**
 * Reads the states from a file with attempts. If the file lacks most of the answers that were handed in for its rows,
 * it is from somebody else or from another time, and is left out.
 */
function statesIn(kept: string, final: Pick<Answers, 'rows'> | undefined, rubric: Rubric): States {
  const { attempts, unread } = readAttempts(kept, rubric);
  const known = new Set(attempts.map(({ row, values }) => JSON.stringify([row, values])));
  const rows = new Set(attempts.map(({ row }) => row));
  const both = completeRows(final ?? { rows: [] }).filter(({ row }) => rows.has(row));
  const same = both.filter(({ row, values }) => known.has(JSON.stringify([row, values])));
  if (same.length * 2 < both.length) return { from: 'file', states: [], leftOut: unread + attempts.length };
  const states = statesOf(attempts, rubric).map(({ answers, day }) => ({
    answers,
    day: dayNumber(Date.parse(day)),
  }));
  return { from: 'file', states, leftOut: unread };
}

function submissionOf(answers: Answers, { file }: Rubric): Submission {
  return { answers: { ...answers, file, state: 'read' }, remarks: [] };
}

/** The answers in each state of a history whose answers file differs from that of the state before. */
export function answersIn(versions: readonly Version[], rubric: Rubric): AnswersState[] {
  const known = new Map<Uint8Array, Answers | undefined>();
  const found: AnswersState[] = [];
  let before: Uint8Array | undefined;
  for (const { commit, files } of versions) {
    const opened = files.get(rubric.file)?.opened;
    if (opened?.kind !== 'file' || opened.bytes === before) continue;
    before = opened.bytes;
    if (!known.has(before)) {
      const decoded = decode(before, rubric.file);
      known.set(before, 'text' in decoded ? readAnswers(decoded.text, rubric) : undefined);
    }
    const answers = known.get(before);
    if (answers) found.push({ answers, day: dayNumber(commit.time) });
  }
  return found;
}

/**
 * For each row, the first answer that was complete: what the student thought before any feedback. They are judged as
 * tables, in the same way as final answers. For rows that are asked again, the first state in which all of them are
 * filled in counts.
 */
async function firstAttempts(
  states: readonly AnswersState[],
  rubric: Rubric,
  key: AnswerKey,
): Promise<FirstAttempts> {
  const found = new Map<string, ReadRow>();
  const since = new Map<string, number>();
  for (const [index, { answers }] of states.entries()) {
    if (found.size === rowsOf(rubric).length) break;
    for (const row of answers.rows)
      if (!found.has(row.id) && isFilled([row])) {
        found.set(row.id, row);
        since.set(row.id, index);
      }
  }
  const asked = rowsAgain(rubric);
  const at =
    asked.length === 0
      ? -1
      : states.findIndex(({ answers }) => answers.again && isFilled(answers.again.rows));
  const answers = { rows: [...found.values()], again: states[at]?.answers.again, state: 'read' } as const;
  const { tables, rows, again } = await gradeAnswers(rubric, answers, key);
  // A student who filled it in before these rows had marks had nothing to learn from.
  const marked = asked.map((row) => since.get(rowName(row)) ?? at);
  const afterMarks = rubric.selfCheck === 'scored' && marked.every((index) => index < at);
  const dayOfMarks = states[Math.max(...marked)]?.day ?? 0;
  const days = afterMarks ? Math.max(0, (states[at]?.day ?? 0) - dayOfMarks) : 0;
  return {
    tables,
    rows: rows.filter(({ id }) => found.has(id)),
    ...(again && { again: { afterMarks, days, tables: again.tables, rows: again.rows } }),
  };
}

function isFilled(rows: readonly ReadRow[]): boolean {
  return rows.every(({ cells }) => cells.every(({ kind }) => kind === 'value'));
}

function dayNumber(time: number): number {
  return Number.isNaN(time) ? 0 : Math.floor(time / msPerDay);
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
