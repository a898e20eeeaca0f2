import type { Head, Layer } from './worksheet';

// TODO: replace each `null` below with your answer.
// Leave the names (queries, rows, ...), the braces and the commas: the grader needs them to find your answers.
// Where a number is asked: a number, arithmetic such as 2 * 3, or the name of a const.
// Where a text is asked: a text in quotes, such as 'this'.

// One query head
export const head: Head = {
  // Queries
  queries: { rows: null, columns: null },

  // Keys that this head uses
  keys: { rows: null, columns: null },

  // Scores
  scores: { rows: null, columns: null },

  // Output of this head (after projection back to embedding space)
  output: { rows: null, columns: null },
};

// The whole layer, and what is kept of it
export const layer: Layer = {
  // Activations

  // Queries of all heads, side by side
  allQueries: { rows: null, columns: null },

  // Keys of all heads, side by side
  allKeys: { rows: null, columns: null },

  // Values of all heads, side by side
  allValues: { rows: null, columns: null },

  // The cache of keys and values, in bfloat16

  // One token in one layer
  // amount: Numbers
  // memory: Bytes
  tokenInLayer: { amount: null, memory: null },

  // The whole sequence in all layers
  // memory: Memory in MiB, within 1%
  sequence: { memory: null },

  // Why the heads are grouped

  // Query heads that share one key head
  sharing: { amount: null },

  // The cache, if each query head had a key head of its own
  // memory: Memory, one of 'the same size', '2 times as large', '4 times as large', '7 times as large', '14 times as large', '32 times as large'
  ungrouped: { memory: null },
};
