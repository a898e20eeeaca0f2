import type { GradedTables } from '../../grading/score';
import { misconceptionsOf } from '../histories/misconceptions';
import { type PairedCounts, pairOf, studentsIn, wrongBefore } from './paired';

/** One student's answers to some rows, at one time. */
export interface Side {
  /** By row: whether it is right in every cell that counts. */
  readonly rows: ReadonlyMap<string, boolean>;
  /** By misconception: the rows that show it. */
  readonly ideas: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Makes one side of a comparison.
 *
 * @param rows the rows to compare: their ids in the graded tables, and the names that both sides have for them.
 * @param isCounted whether a cell counts, by the name of its row and its column.
 * @returns undefined if some of the rows are missing.
 */
export function sideOf(
  graded: GradedTables,
  rows: ReadonlyMap<string, string>,
  isCounted: (row: string, column: string) => boolean,
): Side | undefined {
  const found = graded.rows.flatMap((row) => {
    const name = rows.get(row.id);
    return name === undefined ? [] : [{ row, name }];
  });
  if (found.length < rows.size) return undefined;
  const ideas = new Map<string, Set<string>>();
  // Ideas that cannot be told apart at one size may be at another, so each is recorded.
  for (const { row, name } of found)
    for (const [column, cause] of misconceptionsOf(row, graded)) {
      if (!isCounted(name, column)) continue;
      for (const id of cause.split('+')) ideas.set(id, (ideas.get(id) ?? new Set()).add(name));
    }
  const isRight = ({ row, name }: (typeof found)[number]) =>
    row.cells.every(({ id, outcome }) => outcome === 'correct' || !isCounted(name, id));
  return { rows: new Map(found.map((one) => [one.name, isRight(one)])), ideas };
}

/** Counts for a row or an idea, of the students who did both. */
export interface PairedItem {
  /** For an idea, right means not showing it. */
  readonly counts: PairedCounts;
  /** How many of them have it right in the end, if known. */
  readonly later: number;
}

type Counting = { -readonly [Name in keyof PairedCounts]: number } & { later: number };

/** Compares two sides, student by student. */
export class PairedStats {
  /** Students who did both. */
  students = 0;
  private readonly byRow = new Map<string, Counting>();
  /** Counts only the students who showed the idea. */
  private readonly byIdea = new Map<string, Counting>();
  /** By misconception, and then by row: how many showed it before. */
  private readonly shownBefore = new Map<string, Map<string, number>>();

  add(before: Side, after: Side, later: Side | undefined = after): void {
    this.students++;
    for (const [row, isRight] of before.rows)
      count(this.byRow, row, isRight, after.rows.get(row) === true, later.rows.get(row) === true);
    for (const id of new Set([...before.ideas.keys(), ...after.ideas.keys(), ...later.ideas.keys()]))
      count(this.byIdea, id, !before.ideas.has(id), !after.ideas.has(id), !later.ideas.has(id));
    for (const [id, rows] of before.ideas) {
      const counts = this.shownBefore.get(id) ?? new Map<string, number>();
      this.shownBefore.set(id, counts);
      for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
    }
  }

  row(id: string): PairedItem {
    const { later = 0, ...counts } = this.byRow.get(id) ?? nobody();
    return { counts, later };
  }

  /** Returns the counts for an idea. If nobody showed it, all were right both times. */
  idea(id: string): PairedItem {
    const { later, ...shown } = this.byIdea.get(id) ?? nobody();
    const counted = studentsIn(shown);
    const rightRight = this.students - counted + shown.rightRight;
    return { counts: { ...shown, rightRight }, later: this.students - counted + later };
  }

  /** Returns every idea that someone showed, starting with those that most students had before. */
  ideas(): readonly (PairedItem & { readonly id: string })[] {
    const all = [...this.byIdea.keys()].map((id) => ({ id, ...this.idea(id) }));
    return all.sort(
      (one, other) => wrongBefore(other.counts) - wrongBefore(one.counts) || (one.id < other.id ? -1 : 1),
    );
  }

  /** Returns the row where most students showed an idea before. */
  rowOf(idea: string): string | undefined {
    const [most] = [...(this.shownBefore.get(idea) ?? [])].sort(
      ([a, many], [b, few]) => few - many || (a < b ? -1 : 1),
    );
    return most?.[0];
  }
}

function nobody(): Counting {
  return { rightRight: 0, wrongRight: 0, rightWrong: 0, wrongWrong: 0, later: 0 };
}

function count(
  all: Map<string, Counting>,
  id: string,
  before: boolean,
  after: boolean,
  later: boolean,
): void {
  const known = all.get(id) ?? nobody();
  all.set(id, known);
  if (later) known.later++;
  known[pairOf(before, after)]++;
}
