import type { Answer } from '../kinds/kind';
import type { Hint } from './hint.schema';

export type { Hint } from './hint.schema';

/** A cell with its value, if it has one. The id is the column's. */
export interface FilledCell {
  readonly id: string;
  readonly value?: Answer;
}

export type Verdict = 'right' | 'wrong' | 'unknown';

/** A key's judgment of one cell. It never includes the right answer. */
export interface Judgement {
  /** `unknown` if there is no value, or no key to judge it. */
  readonly verdict: Verdict;
  /** The hint if the cell is wrong, by itself or together with the others of its row. */
  readonly hint?: Hint;
  /** The hint is for all answers of the row together. */
  readonly isOfRow?: true;
  /** The one or two meanings of a wrong number, if no hint says more: `the number of heads in the layer`. */
  readonly quantity?: readonly string[];
}

/** Judges whether cells are right. */
export interface AnswerKey {
  /** `plain:` or `sealed:` and a SHA-256, or `none` if there is no key. */
  readonly digest: string;
  /** Judges the cells of one row of the worksheet. */
  judge<Cell extends FilledCell>(row: {
    readonly id: string;
    readonly cells: readonly Cell[];
  }): Promise<(Cell & Judgement)[]>;
  /** Returns why the answers of a row are right, if the whole row is right and has an explanation. */
  explain?(row: { readonly id: string; readonly cells: readonly FilledCell[] }): Promise<string | undefined>;
}

/**
 * The id of the misconception that a transposed row shows. The grader knows it by name, because a whole table of such
 * rows is one mistake and not many.
 */
export const transposed = 'transposed';

/** The key of a copy that can check only form. It judges no value. */
export const noKey: AnswerKey = {
  digest: 'none',
  judge: ({ cells }) => Promise.resolve(cells.map((cell) => ({ ...cell, verdict: 'unknown' }))),
};
