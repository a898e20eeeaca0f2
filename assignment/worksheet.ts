// The types of the answers, for your editor. There is nothing to fill in here.

export interface Worksheet {
  input: { rows: number | null; columns: number | null };
  queries: { rows: number | null; columns: number | null };
  keys: { rows: number | null; columns: number | null };
  values: { rows: number | null; columns: number | null };
  scores: { rows: number | null; columns: number | null };
  weights: { rows: number | null; columns: number | null };
  output: { rows: number | null; columns: number | null };
}
