import type { Answer } from '../kinds/kind';
import type { Hint } from './hint.schema';

export type { Hint } from './hint.schema';

/** A cell with its value, where it has one; its id is the column's. */
export interface FilledCell {
  readonly id: string;
  readonly value?: Answer;
}

export type Verdict = 'right' | 'wrong' | 'unknown';

/** What a key says of one cell. Never what would be right. */
export interface Judgement {
  /** `unknown` where there is no value, or no key to judge it. */
  readonly verdict: Verdict;
  /** What the cell shows if it is wrong, by itself or together with the others of its row. */
  readonly hint?: Hint;
  /** The hint is for all answers of the row together. */
  readonly isOfRow?: true;
  /** What a wrong number is, where no hint says more: `how many heads the layer has`. */
  readonly quantity?: string;
}

/** Knows whether a cell is right. */
export interface AnswerKey {
  /** `plain:` or `sealed:` and a SHA-256, or `none` where there is no key. */
  readonly digest: string;
  /** Judges the cells of one row of the worksheet. */
  judge<Cell extends FilledCell>(row: {
    readonly id: string;
    readonly cells: readonly Cell[];
  }): Promise<(Cell & Judgement)[]>;
  /** Why a row is as it is, where it is right as a whole and somebody has said it. */
  explain?(row: { readonly id: string; readonly cells: readonly FilledCell[] }): Promise<string | undefined>;
}

/**
 * The id of the misconception that a transposed row shows: the one that the grader knows by name,
 * because a whole table of such rows is one mistake and not many.
 */
export const transposed = 'transposed';

/** The key of a copy that can check form only: every value is well-formed, and none is judged. */
export const noKey: AnswerKey = {
  digest: 'none',
  judge: ({ cells }) => Promise.resolve(cells.map((cell) => ({ ...cell, verdict: 'unknown' }))),
};
