import { createHash } from 'node:crypto';
import type { RubricFile, SelfCheck } from './file.schema';

export type Given = Record<string, number | string>;

export interface Item {
  readonly id: string;
  readonly label: string;
}

/** One cell of the worksheet; its id is the column's. */
export interface RubricCell extends Item {
  /** `Row · column` */
  readonly label: string;
  readonly points: number;
  /** What to think about where the cell is wrong. */
  readonly guidingQuestion?: string;
}

export interface RubricRow extends Item {
  readonly cells: readonly RubricCell[];
}

/** The worksheet as the grader knows it: rows, columns, questions and points, and no answer. */
export interface Rubric {
  readonly title: string;
  readonly possible: number;
  readonly table: {
    readonly file: string;
    readonly export: string;
    /** Whether a table that is transposed throughout counts as well. */
    readonly eitherOrientation: boolean;
    readonly columns: readonly Item[];
    readonly rows: readonly RubricRow[];
  };
  readonly reflection?: {
    readonly file: string;
    /** How many responses count. */
    readonly choose: number;
    /** For each response that counts. */
    readonly points: number;
    /** What the student's file holds under each question before it is filled in. */
    readonly placeholder?: string;
    /** What it holds above the questions, a paragraph or heading a line. */
    readonly intro?: string;
    readonly questions: readonly Item[];
  };
  /** SHA-256 of all the above, in hexadecimal: of what a student's copy holds too. */
  readonly digest: string;
  /** What the answer key is derived from; only `solution/` reads it. */
  readonly given: Given;
  /** What a student's copy tells: a release goes by it, and a copy that lacks its key. */
  readonly selfCheck: SelfCheck;
}

/** The rubric that a valid `rubric.yaml` describes. */
export function rubricOf(file: RubricFile): Rubric {
  const { table, reflection } = file;
  const rubric = {
    title: file.title,
    possible: possiblePoints(file),
    table: {
      file: table.file,
      export: table.export,
      eitherOrientation: table.orientation === 'either',
      columns: table.columns.map(({ id, label }) => ({ id, label })),
      rows: table.rows.map((row) => ({
        id: row.id,
        label: row.label,
        cells: table.columns.map(({ id, label, ask }) => ({
          id,
          label: `${row.label} · ${label.toLowerCase()}`,
          points: row.points ?? table.points,
          ...(ask && { guidingQuestion: ask }),
        })),
      })),
    },
    ...(reflection && { reflection }),
  };
  return {
    ...rubric,
    digest: createHash('sha256').update(JSON.stringify(rubric)).digest('hex'),
    given: file.given ?? {},
    selfCheck: file.self_check ?? 'scored',
  };
}

/** The sum of all points: of each cell, and of each response that counts. */
export function possiblePoints({ table, reflection }: RubricFile): number {
  const cells = table.rows.reduce((sum, row) => sum + (row.points ?? table.points) * table.columns.length, 0);
  return cells + (reflection ? possibleReflection(reflection) : 0);
}

/** The most that an exit ticket can earn. */
export function possibleReflection({ choose, points }: { choose: number; points: number }): number {
  return choose * points;
}

/** The files that students edit, with forward slashes. */
export function studentFiles({ table, reflection }: Rubric): string[] {
  return reflection ? [table.file, reflection.file] : [table.file];
}

/** Every cell of the worksheet, row by row. */
export function cellsOf<Cell>({
  rows,
}: {
  readonly rows: readonly { readonly cells: readonly Cell[] }[];
}): Cell[] {
  return rows.flatMap(({ cells }) => cells);
}
