import type { Again, Head, Layer } from './worksheet';

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
  // memory: Memory, one of 'the same size', '2 times as large', '7 times as large', '14 times as large'
  ungrouped: { memory: null },
};

// Again, at other sizes: model StableLM-2-12B, tokens 12
// 12: tokens
// 5120: the width of the embedding, and of all query heads side by side
// 32: the number of query heads in the layer
// 8: the number of key heads in the layer
// 160: the width of one head
// 40: the number of layers in the model
// This one by yourself, please. It is worth no points.
// You will see marks once every cell in it is filled in.
export const again: Again = {
  // Queries
  queries: { rows: null, columns: null },

  // Scores
  scores: { rows: null, columns: null },

  // Output of this head (after projection back to embedding space)
  output: { rows: null, columns: null },
};
