/** The seven activation matrices of one head, in the order in which they are computed. */
export const rows = ['input', 'queries', 'keys', 'values', 'scores', 'weights', 'output'] as const;

export type Row = (typeof rows)[number];

/** How many rows and columns one matrix has. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** The worksheet filled in: one size per matrix. */
export type Table = Readonly<Record<Row, Size>>;
