import { dimensions, type Given, type Row, type ShapeTable, type Size } from './model';

/** A named axis; two axes are the same only if their names are. */
type Axis = 'tokens' | 'dModel' | 'dHead';

/** A matrix known only by its two axes: [what a row stands for, what a column stands for]. */
type Shape = readonly [Axis, Axis];

/**
 * The expected table, worked out on paper: every matrix is a product of matrices whose inner axes
 * carry the same name. Follows "Attention Is All You Need", section 3.2, one head, no bias terms.
 *
 * @throws {RangeError} as `dimensions` does.
 * @throws {TypeError} for a product whose inner axes differ.
 */
export function derive(given: Given): ShapeTable {
  const wQuery: Shape = ['dModel', 'dHead'];
  const wKey: Shape = ['dModel', 'dHead'];
  const wValue: Shape = ['dModel', 'dHead'];
  const wOutput: Shape = ['dHead', 'dModel']; // this head's slice of the output projection

  const input: Shape = ['tokens', 'dModel'];
  const queries = product(input, wQuery); // [tokens, dModel] · [dModel, dHead] -> [tokens, dHead]
  const keys = product(input, wKey); //      [tokens, dModel] · [dModel, dHead] -> [tokens, dHead]
  const values = product(input, wValue); //  [tokens, dModel] · [dModel, dHead] -> [tokens, dHead]
  const scores = product(queries, transpose(keys)); // [tokens, dHead] · [dHead, tokens] -> [tokens, tokens]
  const weights = scores; // mask, scale and softmax keep the shape
  const mixed = product(weights, values); // [tokens, tokens] · [tokens, dHead] -> [tokens, dHead]
  const output = product(mixed, wOutput); // [tokens, dHead] · [dHead, dModel] -> [tokens, dModel]

  const sizes = dimensions(given);
  const sizeOf = ([rows, columns]: Shape): Size => ({ rows: sizes[rows], columns: sizes[columns] });
  return {
    input: sizeOf(input),
    queries: sizeOf(queries),
    keys: sizeOf(keys),
    values: sizeOf(values),
    scores: sizeOf(scores),
    weights: sizeOf(weights),
    output: sizeOf(output),
  };
}

/** [a, b] · [b, c] -> [a, c]. Throws if the inner axes differ. */
function product([outer, inner]: Shape, [otherInner, otherOuter]: Shape): Shape {
  if (inner !== otherInner)
    throw new TypeError(`cannot multiply: inner axes ${inner} and ${otherInner} differ`);
  return [outer, otherOuter];
}

/** [a, b] -> [b, a] */
function transpose([outer, inner]: Shape): Shape {
  return [inner, outer];
}

/** Returns why each row is as it is, for students who have it right. */
export function explanations(): Readonly<Record<Row, string>> {
  return {
    input:
      'Every token comes in as one row, at the full width of the model. Nothing has been split among heads yet.',
    queries:
      'Each token is projected by itself, so every token keeps one row; the projection belongs to one head, so that row is as wide as the head. Neither the other tokens nor the other heads matter yet.',
    keys: 'Each token has one key: a row, as wide as one head, that the queries are compared with. It comes from a projection of its own.',
    values: 'Each token passes on one row, as wide as one head. It comes from a projection of its own.',
    scores:
      'There is a row for each token that attends, and a column for each token that it is compared with. The mask hides some of these entries, but removes none.',
    weights:
      'Each row has one weight for every token of the sequence. The mask sets the weights of later tokens to zero, but their columns stay.',
    output:
      'Every token gets one row again, and the projection makes that row as wide as the embedding. At that width the outputs of all heads are summed.',
  };
}
