import type { Worksheet } from './worksheet';

// TODO: replace each `null` below with your answer.
// Leave the names (input, rows, ...), the braces and the commas: the grader needs them to find your answers.
// Where a number is asked: a number, arithmetic such as 2 * 3, or the name of a const.

export const shapes: Worksheet = {
  // Input to this head
  input: { rows: null, columns: null },

  // Queries
  queries: { rows: null, columns: null },

  // Keys
  keys: { rows: null, columns: null },

  // Values
  values: { rows: null, columns: null },

  // Self-Attention Scores
  scores: { rows: null, columns: null },

  // Self-Attention Weights
  weights: { rows: null, columns: null },

  // Output of this head (after projection back to embedding space)
  output: { rows: null, columns: null },
};
