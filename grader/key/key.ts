import type { Hint } from './key.schema';

export type { Hint } from './key.schema';

export type Verdict = 'right' | 'wrong' | 'unknown';

/** What a key says of one row. Never what would be right. */
export interface Judgement {
  /** By column, for each column that was asked about. */
  readonly cells: ReadonlyMap<string, Verdict>;
  /** About the row as a whole, or about one column of it. */
  readonly hints: readonly (Hint & { readonly column?: string })[];
}

/** Knows whether a cell is right. */
export interface AnswerKey {
  /** `plain:` or `sealed:` and a SHA-256, or `none` where there is no key. */
  readonly digest: string;
  /** Judges the values that stand in one row, by column. */
  judge(row: string, values: ReadonlyMap<string, number>): Promise<Judgement>;
}

/**
 * The id of the misconception that a transposed row shows: the one that the grader knows by name,
 * because a whole table of such rows is one mistake and not many.
 */
export const transposed = 'transposed';

/** The key of a copy that can check form only: every value is well-formed, and none is judged. */
export const noKey: AnswerKey = {
  digest: 'none',
  judge: (_row, values) =>
    Promise.resolve({
      cells: new Map([...values.keys()].map((column) => [column, 'unknown'])),
      hints: [],
    }),
};
