import type { Cause, GradedCell } from '../../grading/report.schema';
import type { Kind } from '../../kinds/kind';
import { kindOf } from '../../kinds/registry';
import type { Untrusted } from '../../message';
import { cellsOf, type Rubric, type RubricTable, rowsOf } from '../../rubric/rubric';

/** A wrong value: how many students typed it, and how often it shows each misconception. */
export interface WrongValue {
  count: number;
  readonly misconceptions: Map<string, number>;
  /** The cause, if one is known. */
  readonly cause?: Cause;
}

/** Class statistics on one cell. */
export interface CellStats {
  readonly id: string;
  /** `Row · column` */
  readonly label: string;
  /** The cell's name in the rubric. */
  readonly name?: string;
  right: number;
  wrong: number;
  /** Cells that are blank, or cannot be read as an answer. */
  empty: number;
  /** How often each text was written that cannot be read as an answer. */
  readonly unread: Map<Untrusted, number>;
  /** By the value as printed for people. */
  readonly values: Map<string, WrongValue>;
}

export interface RowStats {
  readonly id: string;
  readonly label: string;
  readonly heading?: string;
  readonly cells: readonly CellStats[];
}

/** The most different values that are counted; beyond these, another one is not a common mistake. */
export const maxValues = 10_000;

/** Counts of one table of the worksheet. */
export interface TableStats extends Pick<RubricTable, 'export' | 'label' | 'columns'> {
  readonly rows: readonly RowStats[];
}

/** Counts of every cell of the worksheet. */
export class WorksheetStats {
  readonly tables: readonly TableStats[];
  private readonly cells = new Map<string, { readonly stats: CellStats; readonly kind: Kind }>();

  constructor({ tables }: Rubric) {
    this.tables = tables.map((table) => ({
      ...table,
      rows: table.rows.map(({ id, label, heading, cells }) => ({
        id,
        label,
        heading,
        cells: cells.map((cell) => {
          const stats = {
            id: cell.id,
            label: cell.label,
            name: cell.name,
            right: 0,
            wrong: 0,
            empty: 0,
            unread: new Map(),
            values: new Map(),
          };
          this.cells.set(JSON.stringify([id, cell.id]), { stats, kind: kindOf(cell) });
          return stats;
        }),
      })),
    }));
  }

  /** @param misconception the misconception that the value shows, if any. */
  add(row: string, { id, outcome, value, sourceText, cause }: GradedCell, misconception?: string): void {
    const found = this.cells.get(JSON.stringify([row, id]));
    if (!found) return;
    const { stats: cell, kind } = found;
    if (outcome === 'correct') cell.right++;
    else if (value === undefined) {
      cell.empty++;
      const isNew = sourceText !== undefined && !cell.unread.has(sourceText);
      if (sourceText !== undefined && !(isNew && cell.unread.size >= maxValues))
        increment(cell.unread, sourceText);
    } else {
      cell.wrong++;
      const printed = kind.print(value);
      if (cell.values.size >= maxValues && !cell.values.has(printed)) return;
      const known = cell.values.get(printed) ?? { count: 0, misconceptions: new Map(), cause };
      known.count++;
      if (misconception !== undefined) increment(known.misconceptions, misconception);
      cell.values.set(printed, known);
    }
  }

  /** Returns the cells that most students missed, with how many missed them, of how many. */
  mostMissed(limit: number): { readonly label: string; readonly missed: number; readonly all: number }[] {
    return this.all()
      .map(({ label, right, wrong, empty }) => ({ label, missed: wrong + empty, all: right + wrong + empty }))
      .filter(({ missed }) => missed > 0)
      .sort((a, b) => b.missed / b.all - a.missed / a.all)
      .slice(0, limit);
  }

  /** Every cell, row by row. */
  all(): CellStats[] {
    return cellsOf({ rows: rowsOf(this) });
  }

  /** Whether anybody answered any cell. */
  hasAnswers(): boolean {
    return this.all().some(({ right, wrong }) => right + wrong > 0);
  }
}

export function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Returns the key with the highest count; in a tie, the first in alphabetical order. */
export function mostFrequent(
  counts: ReadonlyMap<string, number>,
): readonly [key: string, count: number] | undefined {
  return [...counts].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))[0];
}
