import type { Worksheet } from './worksheet';

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
