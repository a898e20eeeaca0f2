import type { ShapeTable } from '../../../assignment/shape-table';

const tokens = 100;
const dModel = 4096;
const nHeads = 32;
const dHead = dModel / nHeads;

export const shapes: ShapeTable = {
  // Input to this head
  input: { rows: tokens, columns: dModel },

  // Queries
  queries: { rows: tokens, columns: dHead },

  // Keys
  keys: { rows: tokens, columns: dHead },

  // Values
  values: { rows: tokens, columns: dHead },

  // Self-Attention Scores
  scores: { rows: tokens, columns: tokens },

  // Self-Attention Weights
  weights: { rows: tokens, columns: tokens },

  // Output of this head (after projection back to embedding space)
  output: { rows: tokens, columns: dModel },
};
