import { bytesInKiB, bytesInMiB, type Dimensions, dimensions, type Given, timesAsLarge } from './model';

/** A named axis. Two axes are equal only if their names are. */
type Axis = 'tokens' | 'dModel' | 'dHead' | 'allHeads' | 'allKeyHeads';

/** A matrix known only by its two axes: [what a row stands for, what a column stands for]. */
type Shape = readonly [Axis, Axis];

/**
 * The right answers, worked out on paper. Follows "GQA: Training Generalized Multi-Query Transformer
 * Models" (https://arxiv.org/abs/2305.13245): query heads in groups, each with one key and one value head.
 * The biases of Qwen2.5's projections change numbers but no shape.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function derive(given: Given) {
  const sizes = dimensions(given);
  const { tokens, nHeads, nKeyHeads, dHead, nLayers, bytesPerNumber } = sizes;

  const input: Shape = ['tokens', 'dModel'];
  const queries = product(input, ['dModel', 'dHead']); // [tokens, dModel] · [dModel, dHead] -> [tokens, dHead]
  const keys = product(input, ['dModel', 'dHead']);
  const values = product(input, ['dModel', 'dHead']);
  const scores = product(queries, transpose(keys)); // [tokens, dHead] · [dHead, tokens] -> [tokens, tokens]
  const mixed = product(scores, values); // [tokens, tokens] · [tokens, dHead] -> [tokens, dHead]
  const output = product(mixed, ['dHead', 'dModel']); // [tokens, dHead] · [dHead, dModel] -> [tokens, dModel]

  const numbers = 2 * nKeyHeads * dHead; // a key and a value for each key head
  const bytes = numbers * bytesPerNumber;
  return {
    queries: sizeOf(queries, sizes),
    keys: sizeOf(keys, sizes),
    values: sizeOf(values, sizes),
    scores: sizeOf(scores, sizes),
    weights: sizeOf(scores, sizes), // mask, scale and softmax keep the shape
    output: sizeOf(output, sizes),
    allQueries: sizeOf(['tokens', 'allHeads'], sizes),
    allKeys: sizeOf(['tokens', 'allKeyHeads'], sizes),
    allValues: sizeOf(['tokens', 'allKeyHeads'], sizes),
    tokenInLayer: { amount: numbers, memory: bytes },
    tokenInModel: { memory: (bytes * nLayers) / bytesInKiB },
    sequence: { memory: (bytes * nLayers * tokens) / bytesInMiB },
    sharing: { amount: nHeads / nKeyHeads },
    ungrouped: { memory: timesAsLarge(nHeads / nKeyHeads) },
  };
}

/** [a, b] · [b, c] -> [a, c]. @throws {TypeError} if the inner axes differ. */
function product([outer, inner]: Shape, [otherInner, otherOuter]: Shape): Shape {
  if (inner !== otherInner)
    throw new TypeError(`cannot multiply: inner axes ${inner} and ${otherInner} differ`);
  return [outer, otherOuter];
}

/** [a, b] -> [b, a] */
function transpose([outer, inner]: Shape): Shape {
  return [inner, outer];
}

function sizeOf([rows, columns]: Shape, { tokens, dModel, dHead, nHeads, nKeyHeads }: Dimensions) {
  const sizes = { tokens, dModel, dHead, allHeads: nHeads * dHead, allKeyHeads: nKeyHeads * dHead };
  return { rows: sizes[rows], columns: sizes[columns] };
}
