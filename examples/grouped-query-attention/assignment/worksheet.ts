// The types of the answers, for your editor. There is nothing to fill in here.

export interface Head {
  queries: { rows: number | null; columns: number | null };
  keys: { rows: number | null; columns: number | null };
  scores: { rows: number | null; columns: number | null };
  output: { rows: number | null; columns: number | null };
}

export interface Layer {
  allQueries: { rows: number | null; columns: number | null };
  allKeys: { rows: number | null; columns: number | null };
  allValues: { rows: number | null; columns: number | null };
  tokenInLayer: { amount: number | null; memory: number | null };
  sequence: { memory: number | null };
  sharing: { amount: number | null };
  ungrouped: { memory: 'the same size' | '2 times as large' | '4 times as large' | '7 times as large' | '14 times as large' | '32 times as large' | null };
}
