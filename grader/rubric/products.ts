import type { TableFile } from './file.schema';
import type { CellName } from './laws';

type Draw = NonNullable<TableFile['draw']>;
/** Two matrices of a table that are multiplied, by their names in rubric.yaml. */
export type Product = NonNullable<Draw['products']>[number];

/** Two sides of matrices that have to be equally long, as the two cells with their lengths. */
export type Edge = readonly [one: CellName, other: CellName];

/** Everything that has to be equal in a product: the sides where its matrices meet, and those where they meet the result. */
export interface Edges {
  /** The columns of the left matrix and the rows of the right one, or its columns if it is transposed. */
  readonly meeting: Edge;
  /** Each side of the result with the side of the matrix beside it; empty if no result is named. */
  readonly around: readonly Edge[];
}

export function edgesOf({ height, width }: Draw, { left, right, turned, gives }: Product): Edges {
  const [meets, remains] = turned ? [width, height] : [height, width];
  const cell = (row: string, column: string): CellName => ({ row, column });
  const result: Edge[] =
    gives === undefined
      ? []
      : [
          [cell(gives, height), cell(left, height)],
          [cell(gives, width), cell(right, remains)],
        ];
  return { meeting: [cell(left, width), cell(right, meets)], around: result };
}
