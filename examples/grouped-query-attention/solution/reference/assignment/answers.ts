export const head = {
  queries: { rows: 100, columns: 64 },
  keys: { rows: 100, columns: 64 },
  scores: { rows: 100, columns: 100 },
  output: { rows: 100, columns: 896 },
};

export const layer = {
  allQueries: { rows: 100, columns: 896 },
  allKeys: { rows: 100, columns: 128 },
  allValues: { rows: 100, columns: 128 },
  tokenInLayer: { amount: 256, memory: 512 },
  sequence: { memory: 1.171875 },
  sharing: { amount: 7 },
  ungrouped: { memory: '7 times as large' },
};
