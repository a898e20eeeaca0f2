import { createHash } from 'node:crypto';
import type { RubricFile, SelfCheck } from './file.schema';

export type Given = Record<string, number | string>;

export interface Item {
  readonly id: string;
  readonly label: string;
}

export interface Column extends Item {
  /** What to think about where a cell of this column is wrong. */
  readonly ask?: string;
}

export interface RubricCell {
  readonly row: string;
  readonly column: string;
  readonly points: number;
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
    readonly rows: readonly Item[];
    readonly columns: readonly Column[];
    /** Row by row, in the order of the worksheet. */
    readonly cells: readonly RubricCell[];
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
    possible: file.possible,
    table: {
      file: table.file,
      export: table.export,
      eitherOrientation: table.orientation === 'either',
      rows: table.rows.map(({ id, label }) => ({ id, label })),
      columns: table.columns,
      cells: table.rows.flatMap((row) =>
        table.columns.map((column) => ({
          row: row.id,
          column: column.id,
          points: row.points ?? table.points,
        })),
      ),
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

/** The most that an exit ticket can earn. */
export function possibleReflection(reflection: NonNullable<Rubric['reflection']>): number {
  return reflection.choose * reflection.points;
}
