import type { Again, Worksheet } from './worksheet';

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

// Again, at other sizes: model width 1440, heads 12, tokens 60
// 60: tokens
// 120: the width of one head
// 1440: the width of the embedding, and of all heads side by side
// 12: the number of heads in the layer
// 32000: the number of tokens in the vocabulary
// This one by yourself, please. It is worth no points.
// You will see marks once every cell in it is filled in.
export const again: Again = {
  // Queries
  queries: { rows: null, columns: null },

  // Self-Attention Scores
  scores: { rows: null, columns: null },

  // Output of this head (after projection back to embedding space)
  output: { rows: null, columns: null },
};
