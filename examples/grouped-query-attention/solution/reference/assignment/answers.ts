import type { Again, Worksheet } from './worksheet';

// One query head
export const head: Worksheet['head'] = {
  // Queries
  queries: { rows: 100, columns: 64 },

  // Keys that this head uses
  keys: { rows: 100, columns: 64 },

  // Values that this head uses
  values: { rows: 100, columns: 64 },

  // Scores
  scores: { rows: 100, columns: 100 },

  // Weights
  weights: { rows: 100, columns: 100 },

  // Output of this head (after projection back to embedding space)
  output: { rows: 100, columns: 896 },
};

// The whole layer, and what is kept of it
export const layer: Worksheet['layer'] = {
  // Activations

  // Queries of all heads, side by side
  allQueries: { rows: 100, columns: 896 },

  // Keys of all heads, side by side
  allKeys: { rows: 100, columns: 128 },

  // Values of all heads, side by side
  allValues: { rows: 100, columns: 128 },

  // The cache of keys and values, in bfloat16

  // One token in one layer
  // amount: Numbers
  // memory: Bytes
  tokenInLayer: { amount: 256, memory: 512 },

  // One token in all layers
  // memory: Memory in KiB, within 1%
  tokenInModel: { memory: 12 },

  // The whole sequence in all layers
  // memory: Memory in MiB, within 1%
  sequence: { memory: 1.171875 },

  // Why the heads are grouped

  // Query heads that share one key head
  sharing: { amount: 7 },

  // The cache, if each query head had a key head of its own
  // memory: Memory, one of 'the same size', '2 times as large', '7 times as large', '14 times as large'
  ungrouped: { memory: '7 times as large' },
};

// Again, at other sizes: model StableLM-2-12B, tokens 12
// 12: tokens
// 5120: the width of the embedding, and of all query heads side by side
// 32: the number of query heads in the layer
// 8: the number of key heads in the layer
// 160: the width of one head
// 40: the number of layers in the model
// 100352: the number of rows in the embedding table
// This one by yourself, please. It is worth no points.
// You will see marks once every cell in it is filled in.
export const again: Again = {
  // Queries
  queries: { rows: 12, columns: 160 },

  // Scores
  scores: { rows: 12, columns: 12 },

  // Output of this head (after projection back to embedding space)
  output: { rows: 12, columns: 5120 },
};
