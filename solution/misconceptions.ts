import { type Dimension, dimensions, type Given } from './dimensions';
import type { Row, Size } from './table';

/**
 * A known wrong answer and what to say about it. `shape` holds both numbers of a row, or one number
 * that tells enough wherever it is typed. `text` gives a direction and holds no digit.
 *
 * The id `transposed` is part of the contract with the grader: when every row shows it, the table
 * gets one message in place of one a row.
 */
export interface Misconception {
  readonly row: Row;
  readonly shape: Partial<Size>;
  readonly id: string;
  readonly text: string;
}

type Shape = readonly [rows: Dimension, columns: Dimension];

const projections: readonly Row[] = ['queries', 'keys', 'values'];
const pairwise: readonly Row[] = ['scores', 'weights'];

/**
 * Every known wrong answer to the worksheet. Some collide with the right one at some sizes, or with
 * each other; the grader drops the former and joins the latter.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function misconceptions(given: Given): Misconception[] {
  const { tokens: T, dModel: D, nHeads: H, dHead: d, vocabulary: V } = dimensions(given);
  const one: Dimension = { name: 'one', size: 1 };
  const exchanged =
    'Rows and columns look exchanged. In this worksheet each token gets one row: which way do tokens run here?';

  return [
    // Which way the tokens run
    ...whole(['input', 'output'], 'transposed', [[D, T]], exchanged),
    ...whole(['queries', 'values'], 'transposed', [[d, T]], exchanged),
    ...whole(
      ['keys'],
      'transposed',
      [[d, T]],
      `${exchanged} The keys are turned on their side only afterwards, inside the product with the queries.`,
    ),

    // Input to this head
    ...whole(
      ['input'],
      'split-before-projection',
      [[T, d]],
      'That is as wide as what one head makes of it. How wide is what arrives, before the projections of this head have done anything?',
    ),
    ...whole(
      ['input'],
      'learned-parameter',
      [[V, D]],
      'That is the shape of the table that the embeddings are looked up in. How many of them does this sequence look up?',
    ),

    // Queries, keys, values
    ...whole(
      projections,
      'layer-width',
      [[T, D]],
      'That is as wide as the whole layer: every head side by side, or no projection at all. How wide is the part of one single head?',
    ),
    ...whole(
      projections,
      'learned-parameter',
      [
        [D, d],
        [d, D],
        [D, D],
      ],
      'That is the shape of a learned parameter, which is the same for every input. What does the head compute with it on this sequence?',
    ),
    ...alone(
      projections,
      'heads-for-width',
      ['columns'],
      [H.size],
      'That is the number of heads. How many numbers does one head compute for each token?',
    ),

    // Scores and weights
    ...whole(
      pairwise,
      'vector-per-token',
      [[T, d]],
      'That still holds one vector for each token. What two things does a single entry of this matrix compare?',
    ),
    ...whole(
      pairwise,
      'product-reversed',
      [[d, d]],
      'That is the product taken the other way round, the transposed queries times the keys. Which axis should be summed away, and which should stay?',
    ),
    ...whole(
      pairwise,
      'keys-alone',
      [[d, T]],
      'That is the transposed keys alone. What becomes of this shape once the queries are multiplied with it?',
    ),
    ...whole(
      pairwise,
      'axis-summed-away',
      [[T, one]],
      'An axis has been summed away. Softmax makes the numbers of a row sum to one, yet it keeps every one of them.',
    ),
    ...whole(
      pairwise,
      'last-query-or-batch',
      [[one, T]],
      "Either only the last token's query is kept, or a batch dimension is written. The assignment rules out both: nothing clever is done, and the batch dimension is not written.",
    ),
    ...whole(
      pairwise,
      'learned-parameter',
      [
        [D, D],
        [D, d],
        [d, D],
      ],
      'That is the shape of a learned parameter. Here a weight is not learned: it is computed from this sequence, and says how much one token attends to another.',
    ),
    ...alone(
      pairwise,
      'masked-left-out',
      ['rows', 'columns'],
      [(T.size * (T.size + 1)) / 2],
      'That counts only the entries that the mask leaves. The assignment says that nothing clever is done to avoid storing what is masked.',
    ),

    // Output of this head
    ...whole(
      ['output'],
      'before-projection',
      [[T, d]],
      'One step remains: the projection back to the embedding space.',
    ),
    ...whole(
      ['output'],
      'weights-alone',
      [[T, T]],
      'Those are the attention weights, before they meet the values.',
    ),
    ...whole(
      ['output'],
      'model-output',
      [
        [T, V],
        [one, V],
      ],
      'That is the output of the whole model, over its vocabulary. What leaves this one head, many layers before?',
    ),
    ...whole(
      ['output'],
      'learned-parameter',
      [
        [d, D],
        [D, d],
        [D, D],
      ],
      'That is the shape of the projection itself, a learned parameter. What comes out when this sequence goes through it?',
    ),

    // Rows that count tokens
    ...alone(
      ['input', ...projections, 'output'],
      'last-token-or-batch',
      ['rows'],
      [one.size],
      'Either only the last token is kept, or a batch dimension is written. The assignment rules out both: nothing clever is done, and the batch dimension is not written.',
    ),
    ...alone(
      ['input', ...projections, ...pairwise, 'output'],
      'token-count',
      ['rows'],
      offByOne(T),
      offByOneText,
    ),
    ...alone(pairwise, 'token-count', ['columns'], offByOne(T), offByOneText),
  ];
}

const offByOneText =
  'Count the tokens again: the token being predicted is not part of the input, and none of the others is dropped.';

/** The counts next to a dimension's own; there is no matrix without rows. */
function offByOne({ size }: Dimension): number[] {
  return [size + 1, size - 1].filter((count) => count > 0);
}

/** Wrong only as a whole: either number may well be right, or tell nothing by itself. */
function whole(rows: readonly Row[], id: string, shapes: readonly Shape[], text: string): Misconception[] {
  return rows.flatMap((row) =>
    shapes.map(([first, second]) => ({ id, row, shape: { rows: first.size, columns: second.size }, text })),
  );
}

/** Wrong by itself, whatever stands beside it. */
function alone(
  rows: readonly Row[],
  id: string,
  columns: readonly (keyof Size)[],
  counts: readonly number[],
  text: string,
): Misconception[] {
  return rows.flatMap((row) =>
    columns.flatMap((column) => counts.map((count) => ({ id, row, shape: { [column]: count }, text }))),
  );
}
