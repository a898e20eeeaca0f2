/** A count of rows or of columns: a whole number, or `null` while you have not filled it in. */
export type Count = number | null;

/** The shape of one matrix. */
export interface Shape {
  /** How many rows the matrix has. */
  rows: Count;
  /** How many columns the matrix has. */
  columns: Count;
}

/** The worksheet: one shape for each activation matrix of a single self-attention head. */
export interface ShapeTable {
  /** Input to this head. */
  input: Shape;
  /** Queries. */
  queries: Shape;
  /** Keys. */
  keys: Shape;
  /** Values. */
  values: Shape;
  /** Self-Attention Scores. */
  scores: Shape;
  /** Self-Attention Weights. */
  weights: Shape;
  /** Output of this head (after projection back to embedding space). */
  output: Shape;
}
