import { type Dimension, dimensions, type Given } from './dimensions';
import type { Size, Table } from './table';

/** A matrix known only by its two named axes: [what a row stands for, what a column stands for]. */
type Shape = readonly [Dimension, Dimension];

/**
 * The expected table, worked out on paper: every matrix is a product of matrices whose inner axes
 * carry the same name. Follows "Attention Is All You Need", section 3.2, one head, no bias terms.
 *
 * @throws {RangeError} as `dimensions` does.
 * @throws {TypeError} for a product whose inner axes differ.
 */
export function derive(given: Given): Table {
  const { tokens, dModel, dHead } = dimensions(given);

  const wQuery: Shape = [dModel, dHead];
  const wKey: Shape = [dModel, dHead];
  const wValue: Shape = [dModel, dHead];
  const wOutput: Shape = [dHead, dModel]; // this head's slice of the output projection

  const input: Shape = [tokens, dModel];
  const queries = product(input, wQuery); // [tokens, dModel] · [dModel, dHead] -> [tokens, dHead]
  const keys = product(input, wKey); //      [tokens, dModel] · [dModel, dHead] -> [tokens, dHead]
  const values = product(input, wValue); //  [tokens, dModel] · [dModel, dHead] -> [tokens, dHead]
  const scores = product(queries, transpose(keys)); // [tokens, dHead] · [dHead, tokens] -> [tokens, tokens]
  const weights = scores; // mask, scale and softmax keep the shape
  const mixed = product(weights, values); // [tokens, tokens] · [tokens, dHead] -> [tokens, dHead]
  const output = product(mixed, wOutput); // [tokens, dHead] · [dHead, dModel] -> [tokens, dModel]

  return {
    input: size(input),
    queries: size(queries),
    keys: size(keys),
    values: size(values),
    scores: size(scores),
    weights: size(weights),
    output: size(output),
  };
}

/** [a, b] · [b, c] -> [a, c], refused unless the inner axes are one and the same. */
function product([outer, inner]: Shape, [innerToo, outerToo]: Shape): Shape {
  if (inner.name !== innerToo.name || inner.size !== innerToo.size) {
    throw new TypeError(`cannot multiply: inner axes ${inner.name} and ${innerToo.name} differ`);
  }
  return [outer, outerToo];
}

/** [a, b] -> [b, a] */
function transpose([outer, inner]: Shape): Shape {
  return [inner, outer];
}

function size([rows, columns]: Shape): Size {
  return { rows: rows.size, columns: columns.size };
}
