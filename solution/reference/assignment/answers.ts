import type { Again, Worksheet } from './worksheet';

export const shapes: Worksheet = {
  // Input to this head
  input: { rows: 100, columns: 4096 },

  // Queries
  queries: { rows: 100, columns: 128 },

  // Keys
  keys: { rows: 100, columns: 128 },

  // Values
  values: { rows: 100, columns: 128 },

  // Self-Attention Scores
  scores: { rows: 100, columns: 100 },

  // Self-Attention Weights
  weights: { rows: 100, columns: 100 },

  // Output of this head (after projection back to embedding space)
  output: { rows: 100, columns: 4096 },
};

// Again, at other sizes: model Pythia-1B, tokens 60
// 60: tokens
// 256: the width of one head
// 2048: the width of the embedding, and of all heads side by side
// 8: the number of heads in the layer
// 50304: the number of tokens in the vocabulary
// This one by yourself, please. It is worth no points.
// You will see marks once every cell in it is filled in.
export const again: Again = {
  // Queries
  queries: { rows: 60, columns: 256 },

  // Self-Attention Scores
  scores: { rows: 60, columns: 60 },

  // Output of this head (after projection back to embedding space)
  output: { rows: 60, columns: 2048 },
};
