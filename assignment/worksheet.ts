// The types of the answers, for your editor. There is nothing to fill in here.

/** A whole number, or `null` while you have not filled it in. */
export type Count = number | null;

/** One row of the worksheet. */
export interface Row {
  /** Rows. */
  rows: Count;
  /** Columns. */
  columns: Count;
}

/** Activation shapes in one self-attention head of LLaMA. */
export interface Worksheet {
  /** Input to this head. */
  input: Row;
  /** Queries. */
  queries: Row;
  /** Keys. */
  keys: Row;
  /** Values. */
  values: Row;
  /** Self-Attention Scores. */
  scores: Row;
  /** Self-Attention Weights. */
  weights: Row;
  /** Output of this head (after projection back to embedding space). */
  output: Row;
}

/** Again, at other sizes: model Pythia-1B, tokens 60. */
export interface Again {
  /** Queries. */
  queries: Row;
  /** Self-Attention Scores. */
  scores: Row;
  /** Output of this head (after projection back to embedding space). */
  output: Row;
}
