export const shapes = {
  input: { rows: 100, columns: 4096 },
  queries: { rows: 100, columns: 128 },
  keys: { rows: 100, columns: 128 },
  values: { rows: 100, columns: 128 },
  scores: { rows: 100, columns: 100 },
  weights: { rows: 100, columns: 100 },
  output: { rows: 100, columns: 4096 },
};
