import { dimensions, type Given, type Row, type Size } from './model';

/**
 * A known wrong answer and what to say about it. `values` holds both numbers of a row, or one
 * number that tells enough wherever it is written. `text` gives a direction and holds no digit.
 *
 * The id `transposed` is part of the contract with the grader: when every row shows it, the table
 * gets one message in place of one a row.
 */
export interface Misconception {
  readonly row: Row;
  readonly values: Partial<Size>;
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Numbers that somebody may write, by name. */
function quantitiesOf(given: Given) {
  const { tokens, dModel, nHeads, dHead, vocabulary } = dimensions(given);
  return {
    ...{ tokens, dModel, nHeads, dHead, vocabulary },
    one: 1,
    oneTokenMore: tokens + 1,
    oneTokenFewer: tokens - 1,
    unmasked: (tokens * (tokens + 1)) / 2,
  };
}

type Quantity = keyof ReturnType<typeof quantitiesOf>;

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Wrong only as a whole: either number may well be right, or tell nothing by itself. */
  readonly shapes?: readonly `${Quantity} x ${Quantity}`[];
  /** Wrong by itself, whatever stands beside it. */
  readonly alone?: { readonly columns: readonly (keyof Size)[]; readonly values: readonly Quantity[] };
  readonly text: string;
}

const projections = ['queries', 'keys', 'values'] as const;
const pairwise = ['scores', 'weights'] as const;
const perToken = ['input', ...projections, 'output'] as const;

const transposed =
  'Rows and columns look exchanged. In this worksheet each token gets one row: which way do tokens run here?';
const lastTokenOrBatch =
  'Either only the last token is kept, or a batch dimension is written. The assignment rules out both: nothing clever is done, and the batch dimension is not written.';
const countTokens =
  'Count the tokens again: the token being predicted is not part of the input, and none of the others is dropped.';

const table: readonly Entry[] = [
  // Which way the tokens run
  {
    id: 'transposed',
    title: 'Rows and columns exchanged',
    rows: ['input', 'output'],
    shapes: ['dModel x tokens'],
    text: transposed,
  },
  {
    id: 'transposed',
    title: 'Rows and columns exchanged',
    rows: ['queries', 'values'],
    shapes: ['dHead x tokens'],
    text: transposed,
  },
  {
    id: 'transposed',
    title: 'Rows and columns exchanged',
    rows: ['keys'],
    shapes: ['dHead x tokens'],
    text: 'Rows and columns look exchanged: the keys are turned on their side only inside the product with the queries. Which way do tokens run in the keys themselves?',
  },

  // Input to this head
  {
    id: 'split-before-projection',
    title: 'Embedding split among heads before the projection',
    rows: ['input'],
    shapes: ['tokens x dHead'],
    text: 'That is as wide as what one head makes of it. How wide is what arrives, before the projections of this head have done anything?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: ['input'],
    shapes: ['vocabulary x dModel'],
    text: 'That is the shape of the table that the embeddings are looked up in. How many of them does this sequence look up?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: ['input'],
    shapes: ['dModel x dHead', 'dHead x dModel', 'dModel x dModel'],
    text: 'That is the shape of a learned parameter, which the input is multiplied by. What comes in for this sequence?',
  },
  {
    id: 'token-ids',
    title: 'Ids of the tokens in place of their embeddings',
    rows: ['input'],
    shapes: ['tokens x one', 'one x tokens'],
    text: 'That is one number for each token, as their ids are before the embedding. What does the embedding make of an id?',
  },
  {
    id: 'one-hot',
    title: 'One-hot vectors over the vocabulary',
    rows: ['input'],
    shapes: ['tokens x vocabulary'],
    text: 'That is a vector over the vocabulary for each token, as before the embedding or at the end of the model. How wide is what runs through the layers?',
  },

  // Queries, keys, values
  {
    id: 'layer-width',
    title: 'Width of the whole layer in place of one head',
    rows: projections,
    shapes: ['tokens x dModel'],
    text: 'That is as wide as the whole layer: every head side by side, or no projection at all. How wide is the part of one single head?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: projections,
    shapes: ['dModel x dHead', 'dHead x dModel', 'dModel x dModel'],
    text: 'That is the shape of a learned parameter, which is the same for every input. What does the head compute with it on this sequence?',
  },
  {
    id: 'heads-for-width',
    title: 'Number of heads in place of their width',
    rows: projections,
    alone: { columns: ['columns'], values: ['nHeads'] },
    text: 'That is the number of heads. How many numbers does one head compute for each token?',
  },

  {
    id: 'pairs-too-early',
    title: 'Scores in place of what they are made of',
    rows: projections,
    shapes: ['tokens x tokens'],
    text: 'That is a number for each pair of tokens, which comes only when queries meet keys. What does this matrix hold of one token?',
  },

  // Scores and weights
  {
    id: 'vector-per-token',
    title: 'A vector for each token in place of a number for each pair',
    rows: pairwise,
    shapes: ['tokens x dHead'],
    text: 'That still holds one vector for each token. What two things does a single entry of this matrix compare?',
  },
  {
    id: 'product-reversed',
    title: 'Product of queries and keys the other way round',
    rows: pairwise,
    shapes: ['dHead x dHead'],
    text: 'That is the product taken the other way round, the transposed queries times the keys. Which axis should be summed away, and which should stay?',
  },
  {
    id: 'keys-alone',
    title: 'The transposed keys alone',
    rows: pairwise,
    shapes: ['dHead x tokens'],
    text: 'That is the transposed keys alone. What becomes of this shape once the queries are multiplied with it?',
  },
  {
    id: 'model-output',
    title: 'Output of the whole model',
    rows: pairwise,
    shapes: ['tokens x vocabulary', 'one x vocabulary'],
    text: 'That is as wide as the vocabulary, which only the output of the whole model is. What does attention compare a token with?',
  },
  {
    id: 'axis-summed-away',
    title: 'An axis summed away',
    rows: pairwise,
    shapes: ['tokens x one'],
    text: 'An axis has been summed away. Softmax makes the numbers of a row sum to one, yet it keeps every one of them.',
  },
  {
    id: 'last-query-or-batch',
    title: 'Only the last query, or a batch dimension',
    rows: pairwise,
    shapes: ['one x tokens'],
    text: "Either only the last token's query is kept, or a batch dimension is written. The assignment rules out both: nothing clever is done, and the batch dimension is not written.",
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: pairwise,
    shapes: ['dModel x dModel', 'dModel x dHead', 'dHead x dModel'],
    text: 'That is the shape of a learned parameter. Here a weight is not learned: it is computed from this sequence, and says how much one token attends to another.',
  },
  {
    id: 'masked-left-out',
    title: 'Masked entries left out',
    rows: pairwise,
    alone: { columns: ['rows', 'columns'], values: ['unmasked'] },
    text: 'That counts only the entries that the mask leaves. The assignment says that nothing clever is done to avoid storing what is masked.',
  },

  // Output of this head
  {
    id: 'before-projection',
    title: 'Output before the projection back',
    rows: ['output'],
    shapes: ['tokens x dHead'],
    text: 'One step remains: the projection back to the embedding space.',
  },
  {
    id: 'weights-alone',
    title: 'The attention weights alone',
    rows: ['output'],
    shapes: ['tokens x tokens'],
    text: 'Those are the attention weights, before they meet the values.',
  },
  {
    id: 'model-output',
    title: 'Output of the whole model',
    rows: ['output'],
    shapes: ['tokens x vocabulary', 'one x vocabulary'],
    text: 'That is the output of the whole model, over its vocabulary. What leaves this one head, many layers before?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: ['output'],
    shapes: ['dHead x dModel', 'dModel x dHead', 'dModel x dModel'],
    text: 'That is the shape of the projection itself, a learned parameter. What comes out when this sequence goes through it?',
  },

  // Rows that count tokens
  {
    id: 'last-token-or-batch',
    title: 'Only the last token, or a batch dimension',
    rows: perToken,
    alone: { columns: ['rows'], values: ['one'] },
    text: lastTokenOrBatch,
  },
  {
    id: 'token-count',
    title: 'One token more or fewer',
    rows: [...perToken, ...pairwise],
    alone: { columns: ['rows'], values: ['oneTokenMore', 'oneTokenFewer'] },
    text: countTokens,
  },
  {
    id: 'token-count',
    title: 'One token more or fewer',
    rows: pairwise,
    alone: { columns: ['columns'], values: ['oneTokenMore', 'oneTokenFewer'] },
    text: countTokens,
  },
];

/**
 * Every known wrong answer to the worksheet. Some collide with the right one at some sizes, or with
 * each other; the grader drops the former and joins the latter.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function misconceptions(given: Given): Misconception[] {
  const quantities = quantitiesOf(given);
  return table.flatMap(({ id, title, rows, shapes = [], alone, text }) => {
    const whole = shapes.map((shape): Size => {
      const [first, second] = shape.split(' x ') as [Quantity, Quantity];
      return { rows: quantities[first], columns: quantities[second] };
    });
    const single = (alone?.columns ?? []).flatMap((column) =>
      // There is no matrix without rows.
      (alone?.values ?? [])
        .map((value) => ({ [column]: quantities[value] }))
        .filter((size) => (size[column] ?? 0) > 0),
    );
    return rows.flatMap((row) => [...whole, ...single].map((values) => ({ id, title, row, values, text })));
  });
}
