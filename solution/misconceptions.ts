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
  readonly id: string;
  readonly row: Row;
  readonly shape: Partial<Size>;
  readonly text: string;
}

/**
 * Every known wrong answer to the worksheet. Some collide with the right one at some sizes, or with
 * each other; the grader drops the former and joins the latter.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function misconceptions(given: Given): Misconception[] {
  const { tokens: T, dModel: D, nHeads: H, dHead: d, vocabulary: V } = dimensions(given);
  const one: Dimension = { name: 'one', size: 1 };
  const entries: Misconception[] = [];

  const know = (rows: Row[], id: string, shapes: [Dimension, Dimension][], text: string) => {
    for (const row of rows) {
      for (const [first, second] of shapes) {
        entries.push({ id, row, shape: { rows: first.size, columns: second.size }, text });
      }
    }
  };

  // Which way the tokens run
  const exchanged =
    'Rows and columns look exchanged. In this worksheet every token has a row of its own: which way do tokens run here?';
  know(['input', 'output'], 'transposed', [[D, T]], exchanged);
  know(['queries', 'values'], 'transposed', [[d, T]], exchanged);
  know(
    ['keys'],
    'transposed',
    [[d, T]],
    `${exchanged} The keys are turned on their side only afterwards, inside the product with the queries.`,
  );

  // Input to this head
  know(
    ['input'],
    'split-before-projection',
    [[T, d]],
    'That is the embedding already shared out among the heads. What arrives at a head, before its own projections have done anything?',
  );

  // Queries, keys, values
  const projections: Row[] = ['queries', 'keys', 'values'];
  know(
    projections,
    'layer-width',
    [[T, D]],
    'That is as wide as the whole layer: every head side by side, or no projection at all. How wide is the part of one single head?',
  );
  know(
    projections,
    'learned-parameter',
    [
      [D, d],
      [d, D],
      [D, D],
    ],
    'That is the shape of a learned parameter, which is the same for every input. What does the head compute with it on this sequence?',
  );
  know(
    projections,
    'heads-for-width',
    [[T, H]],
    'That is the number of heads. How many numbers does one head compute for each token?',
  );
  const lastToken =
    'That keeps only the last token, as a cache would allow. The statement says that nothing clever is done: every token is there.';
  know(['input'], 'last-token-only', [[one, D]], lastToken);
  know(projections, 'last-token-only', [[one, d]], lastToken);

  // Scores and weights
  const pairwise: Row[] = ['scores', 'weights'];
  know(
    pairwise,
    'vector-per-token',
    [[T, d]],
    'That still holds one vector for each token. What two things does a single entry of this matrix compare?',
  );
  know(
    pairwise,
    'product-reversed',
    [[d, d]],
    'That is the product taken the other way round, the transposed queries times the keys. Which axis should be summed away, and which should stay?',
  );
  know(
    pairwise,
    'keys-alone',
    [[d, T]],
    'That is the transposed keys alone, before the queries have met them.',
  );
  know(
    pairwise,
    'axis-summed-away',
    [[T, one]],
    'An axis has been summed away. Softmax makes the numbers of a row sum to one, yet it keeps every one of them.',
  );
  know(
    pairwise,
    'last-query-or-batch',
    [[one, T]],
    "Either only the last token's query is kept, or a batch dimension is written down. The statement rules out both: nothing clever is done, and the batch dimension is not written.",
  );
  know(
    pairwise,
    'learned-parameter',
    [
      [D, D],
      [D, d],
      [d, D],
    ],
    'That is the shape of a learned parameter. Here a weight is not learned: it is computed from this sequence, and says how much one token attends to another.',
  );
  const triangle = (T.size * (T.size + 1)) / 2;
  for (const row of pairwise) {
    for (const column of ['rows', 'columns'] as const) {
      entries.push({
        id: 'masked-left-out',
        row,
        shape: { [column]: triangle },
        text: 'That counts only the entries that the mask leaves. The statement says that nothing clever is done to avoid storing what is masked.',
      });
    }
  }

  // Output of this head
  know(
    ['output'],
    'before-projection',
    [[T, d]],
    'One step remains: the projection back to the embedding space.',
  );
  know(
    ['output'],
    'weights-alone',
    [[T, T]],
    'Those are the attention weights, before they meet the values.',
  );
  know(['output'], 'last-token-only', [[one, D]], lastToken);
  know(
    ['output'],
    'model-output',
    [
      [T, V],
      [one, V],
    ],
    'That is the output of the whole model, over its vocabulary. What leaves this one head, many layers before?',
  );

  // A token too many or too few, wherever tokens are counted
  const tokenCounts: [Row, ('rows' | 'columns')[]][] = [
    ['input', ['rows']],
    ['queries', ['rows']],
    ['keys', ['rows']],
    ['values', ['rows']],
    ['scores', ['rows', 'columns']],
    ['weights', ['rows', 'columns']],
    ['output', ['rows']],
  ];
  for (const [row, columns] of tokenCounts) {
    for (const column of columns) {
      for (const size of [T.size + 1, T.size - 1]) {
        entries.push({
          id: 'token-count',
          row,
          shape: { [column]: size },
          text: 'Count the tokens again: the token being predicted is not part of the input, and none of the others is dropped.',
        });
      }
    }
  }
  return entries.filter(({ shape }) => Object.values(shape).every((size) => size >= 1));
}
