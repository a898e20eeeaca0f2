import type { GradedCell, GradedRow } from '../../grading/report.schema';
import type { GradedTables } from '../../grading/score';
import { type Misconception, titleOf } from '../../key/hints';
import type { Answer } from '../../kinds/kind';
import { misconceptionIn, valueText } from '../../render/status';
import { inSentence, labelInRow, type Rubric, type RubricCell, rowsOf } from '../../rubric/rubric';
import type { StudentResult } from '../results/student-result.schema';
import { hintFor, misconceptionsOf } from './misconceptions';
import { increment, maxValues, WorksheetStats } from './worksheet-stats';

/** A known wrong answer: how many students showed it, and its text in each row. */
export interface MisconceptionStats {
  /** Students who showed it in a first attempt or in the end. */
  students: number;
  /** Students whose first attempts show it. */
  first: number;
  /** Students whose final answers show it. */
  still: number;
  /** Its text, by row. */
  readonly rows: Map<string, string>;
  /** Students whose final answers show it, by row. */
  readonly held: Map<string, number>;
  /** Final answers that show it, by row, each with its number of students: `rows 7, columns 24`. */
  readonly written: Map<string, Map<string, number>>;
}

/** A wrong answer without a known reason, and how many students gave it. */
export interface UnexplainedAnswer {
  readonly row: string;
  readonly cell: RubricCell;
  readonly value: Answer;
  count: number;
}

/** Class statistics on first and final answers, and on the ideas behind them. */
export class IdeaStats {
  readonly first: WorksheetStats;
  readonly final: WorksheetStats;
  readonly misconceptions = new Map<string, MisconceptionStats>();
  /** By row, column and answer. */
  readonly unexplained = new Map<string, UnexplainedAnswer>();
  /** How many students show both misconceptions of a pair; a key has them on a line each. */
  readonly pairs = new Map<string, number>();
  private readonly rubric: Rubric;
  private readonly known: readonly Pick<Misconception, 'id' | 'title'>[];

  /** @param known the misconceptions of the course, for their titles. */
  constructor(rubric: Rubric, known: readonly Pick<Misconception, 'id' | 'title'>[]) {
    this.rubric = rubric;
    this.known = known;
    this.first = new WorksheetStats(rubric);
    this.final = new WorksheetStats(rubric);
  }

  /** Returns the title of a misconception on the page. */
  titleOf(misconception: string): string {
    return titleOf(this.known, misconception);
  }

  add({ report, first }: StudentResult): void {
    const tries: readonly (readonly [WorksheetStats, GradedTables])[] = [
      ...(first ? [[this.first, first] as const] : []),
      ...(report?.started ? [[this.final, report] as const] : []),
    ];
    const shownIds = new Set<string>();
    const held = new Map<string, Map<string, string>>();
    const atFirst = new Set<string>();
    const unexplained = new Set<string>();
    for (const [stats, graded] of tries) {
      for (const row of graded.rows) {
        const ids = misconceptionsOf(row, graded);
        for (const cell of row.cells) {
          const id = ids.get(cell.id);
          stats.add(row.id, cell, id);
          if (id === undefined) {
            if (cell.outcome === 'wrong' && !cell.cause) this.addUnexplained(row.id, cell, unexplained);
            continue;
          }
          shownIds.add(id);
          if (stats === this.first) atFirst.add(id);
          else held.set(id, (held.get(id) ?? new Map()).set(row.id, writtenIn(row)));
          const own = misconceptionIn(cell);
          const text = (own === undefined ? hintFor(row, graded) : cell.reason)?.text ?? '';
          // A row's own text comes first; the text for the whole table is the next best.
          const known = this.misconception(id).rows;
          if (own !== undefined || !known.has(row.id)) known.set(row.id, text);
        }
      }
    }
    const ids = [...shownIds].sort();
    for (const [index, id] of ids.entries()) {
      const known = this.misconception(id);
      known.students++;
      if (atFirst.has(id)) known.first++;
      if (held.has(id)) known.still++;
      for (const [row, text] of held.get(id) ?? []) {
        increment(known.held, row);
        const written = known.written.get(row) ?? new Map<string, number>();
        known.written.set(row, written);
        if (written.size < maxValues || written.has(text)) increment(written, text);
      }
      for (const other of ids.slice(index + 1)) increment(this.pairs, `${id}\n${other}`);
    }
  }

  private misconception(id: string): MisconceptionStats {
    const known = this.misconceptions.get(id) ?? {
      students: 0,
      first: 0,
      still: 0,
      rows: new Map(),
      held: new Map(),
      written: new Map(),
    };
    this.misconceptions.set(id, known);
    return known;
  }

  /** @param before the answers that were already counted for the student. */
  private addUnexplained(row: string, { id, value }: GradedCell, before: Set<string>): void {
    const cell = rowsOf(this.rubric)
      .find((candidate) => candidate.id === row)
      ?.cells.find((candidate) => candidate.id === id);
    const key = JSON.stringify([row, id, value]);
    if (!cell || value === undefined || before.has(key)) return;
    before.add(key);
    if (this.unexplained.size >= maxValues && !this.unexplained.has(key)) return;
    const known = this.unexplained.get(key) ?? { row, cell, value, count: 0 };
    known.count++;
    this.unexplained.set(key, known);
  }
}

/** Returns a row as the student filled it in: `rows 7, columns 24`. */
export function writtenIn(row: GradedRow): string {
  return row.cells.map((cell) => `${inSentence(labelInRow(cell, row))} ${valueText(cell) ?? '–'}`).join(', ');
}
