/** The answer key of this worksheet, in the form that the grader expects. This file says what is right, and why. */
import { bytesInMiB, bytesPerNumber, dimensions, type Given, timesAsLarge } from './model';

export { measure } from './measure';
export { misconceptions, quantities } from './misconceptions';
export { handoutFacts } from './model';

/** A named axis. Two axes are equal only if their names are. */
type Axis = 'tokens' | 'dModel' | 'dHead' | 'allHeads' | 'allKeyHeads';

/** A matrix known only by its two axes: [what a row stands for, what a column stands for]. */
type Shape = readonly [Axis, Axis];

/**
 * The right answers, worked out on paper. Follows "GQA: Training Generalized Multi-Query Transformer Models"
 * (https://arxiv.org/abs/2305.13245): query heads in groups, each with one key and one value head. The biases of
 * Qwen2.5's projections change numbers but no shape.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function derive(given: Given) {
  const { tokens, dModel, dHead, nHeads, nKeyHeads, nLayers } = dimensions(given);
  const sizes = { tokens, dModel, dHead, allHeads: nHeads * dHead, allKeyHeads: nKeyHeads * dHead };
  const sizeOf = ([rows, columns]: Shape) => ({ rows: sizes[rows], columns: sizes[columns] });

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
    queries: sizeOf(queries),
    keys: sizeOf(keys),
    scores: sizeOf(scores),
    output: sizeOf(output),
    allQueries: sizeOf(product(input, ['dModel', 'allHeads'])),
    allKeys: sizeOf(product(input, ['dModel', 'allKeyHeads'])),
    allValues: sizeOf(product(input, ['dModel', 'allKeyHeads'])),
    tokenInLayer: { amount: numbers, memory: bytes },
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

/** Explains why each row has its values, for a student who got it right. */
export function explanations() {
  const projected =
    'Each token keeps a row of its own, and a projection takes it from the width of the embedding to that of one head.';
  return {
    queries: projected,
    keys: projected,
    scores:
      'There is one number for each pair of tokens: each query is compared with each key, and the width of a head is summed away.',
    output:
      'The projection back brings what one head has mixed to the width of the embedding, where all heads are added up.',
    allQueries: 'The query heads side by side are as wide as the embedding.',
    allKeys:
      'There are fewer key heads than query heads, and so the keys of all heads are narrower than the queries.',
    allValues: 'There are as many value heads as key heads, and they are as wide.',
    tokenInLayer:
      'A later token needs a key to be compared with and a value to be mixed in, of each key head. Queries are needed once, and never kept. Each number takes two bytes.',
    sequence: 'Every layer keeps keys and values of its own, and with every token the same amount.',
    sharing: 'The query heads are divided evenly among the key heads.',
    ungrouped:
      'The cache is as large as the number of key heads, and does not care how many query heads read it.',
  };
}
