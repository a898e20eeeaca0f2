import type { GradedCell, Report } from '../../grading/report.schema';
import { score } from '../../grading/score';
import type { AnswerKey } from '../../key/key';
import { valueText } from '../../render/status';
import { type Rubric, rowsOf } from '../../rubric/rubric';
import { type Answers, type ReadRow, readAnswers } from '../../submission/cells';
import { decode } from '../../submission/sandboxed-fs';
import type { Version } from './history';
import type { FirstAttempts, HintOutcome } from './student-result.schema';

/** How a student came to the answers. */
export interface Attempts {
  readonly first: FirstAttempts;
  /** What was told of wrong cells, and what became of these. */
  readonly hints: HintOutcome[];
}

/** Different answers that are looked at; a history with more was made to have them. */
const mostAttempts = 100;

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
  const outcomes = new HintOutcomes();
  for (const answers of attempts)
    outcomes.add(await score(rubric, { answers: { ...answers, state: 'read' } }, key));
  return { first: await firstAttempts(attempts, rubric, key), hints: outcomes.all() };
}

/** The answers of each state that differs from the one before. */
function answersIn(versions: readonly Version[], rubric: Rubric): Answers[] {
  const seen = new Set<Buffer>();
  const found: Answers[] = [];
  for (const { files } of versions) {
    const opened = files.get(rubric.file);
    if (opened?.kind !== 'file' || seen.has(opened.bytes)) continue;
    if (found.length === mostAttempts) break;
    seen.add(opened.bytes);
    const decoded = decode(opened.bytes, rubric.file);
    if ('text' in decoded) found.push(readAnswers(decoded.text, rubric));
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
  const answers = { rows: [...found.values()], problems: [], state: 'read' } as const;
  const report = await score(rubric, { answers }, key);
  return {
    rows: report.rows
      .filter(({ id }) => found.has(id))
      .map(({ id, table, cells }) => ({
        id,
        table,
        cells: cells.flatMap(({ id: column, value, outcome, cause, reason }) =>
          value === undefined || (outcome !== 'correct' && outcome !== 'wrong')
            ? []
            : [
                {
                  ...{ id: column, value, outcome },
                  ...(cause && { cause }),
                  ...(reason && { reason }),
                },
              ],
        ),
      })),
    hints: Object.fromEntries(
      report.tables.flatMap((table) => (table.hint ? [[table.export, table.hint]] : [])),
    ),
  };
}

/** Follows each cell from what was told of it to the next different answer. */
class HintOutcomes {
  private readonly outcomes = new Map<string, HintOutcome>();
  /** By cell: the answer that something was told of last, and of which outcome. */
  private readonly open = new Map<string, { readonly answer: string | undefined; readonly id: string }>();

  add(report: Report): void {
    for (const { id: row, table, cells } of report.rows) {
      const hint = report.tables.find((candidate) => candidate.export === table)?.hint;
      for (const cell of cells) this.addCell(row, cell, hint?.misconception);
    }
  }

  all(): HintOutcome[] {
    return [...this.outcomes.values()];
  }

  private addCell(row: string, cell: GradedCell, ofTable: string | undefined): void {
    const { id: column, outcome } = cell;
    if (outcome !== 'correct' && outcome !== 'wrong') return;
    const name = JSON.stringify([row, column]);
    const answer = valueText(cell);
    const before = this.open.get(name);
    if (before?.answer === answer) return;
    const told = before && this.outcomes.get(before.id);
    if (before && told && told.next === undefined) this.outcomes.set(before.id, { ...told, next: outcome });
    this.open.delete(name);
    const whole = ofTable === undefined ? undefined : ({ kind: 'misconception', name: ofTable } as const);
    const cause = outcome === 'wrong' ? (cell.cause ?? whole) : undefined;
    if (!cause) return;
    const id = JSON.stringify([row, column, cause.kind, cause.name]);
    if (!this.outcomes.has(id)) this.outcomes.set(id, { row, column, cause });
    this.open.set(name, { answer, id });
  }
}
