import { dimensions, type Given, type Row, type Size } from './model';

/**
 * A known wrong answer and the hint for it. `values` holds both numbers of a row, or one number
 * that is enough to recognize the answer. `text` gives a direction and contains no digit.
 *
 * The id `transposed` is part of the contract with the grader: when every row shows it, the table
 * gets one message instead of one per row.
 */
export interface Misconception {
  readonly row: Row;
  readonly values: Partial<Size>;
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Returns the numbers that a student may write, by name. */
function quantitiesOf(given: Given) {
  const { tokens, dModel, nHeads, nKeyHeads = nHeads, dHead, allHeads, vocabulary } = dimensions(given);
  return {
    tokens,
    dModel,
    allHeads,
    nHeads,
    dHead,
    vocabulary,
    one: 1,
    oneTokenMore: tokens + 1,
    oneTokenFewer: tokens - 1,
    halfTheTokens: tokens / 2,
    unmasked: (tokens * (tokens + 1)) / 2,
    masked: (tokens * (tokens - 1)) / 2,
    tokensOfAllHeads: nHeads * tokens,
    fusedHead: 3 * dHead,
    fusedLayer: allHeads + 2 * nKeyHeads * dHead,
  };
}

type Quantity = keyof ReturnType<typeof quantitiesOf>;

interface MisconceptionEntry {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Wrong only as a pair. Either number by itself may be right, or may not show the mistake. */
  readonly shapes?: readonly `${Quantity} x ${Quantity}`[];
  /** Wrong by itself, regardless of the other number. */
  readonly alone?: { readonly columns: readonly (keyof Size)[]; readonly values: readonly Quantity[] };
  /** Only for models whose heads together are as wide as the embedding, or only for others. */
  readonly isSplit?: boolean;
  readonly text: string;
}

const projections = ['queries', 'keys', 'values'] as const;
const pairwise = ['scores', 'weights'] as const;
const withoutMasked = ['unmasked', 'masked', 'halfTheTokens'] as const;
/** Learned parameters: of one head, of the whole layer, and the table of embeddings. */
const ofOneHead = ['dModel x dHead', 'dHead x dModel'] as const;
const ofTheLayer = ['dModel x allHeads', 'allHeads x dModel'] as const;
const fused = ['vocabulary x dModel', 'dModel x fusedHead', 'dModel x fusedLayer'] as const;
const perToken = ['input', ...projections, 'output'] as const;

const tokenAdded =
  'Nothing is added to the tokens of the sequence: no start token, none from a cache, and not the one that comes next. Which tokens does the model have here?';
const transposed =
  'Rows and columns look swapped. Here a row belongs to one token: do your tokens go down the rows, or along the columns?';

const table: readonly MisconceptionEntry[] = [
  // Which way the tokens run
  {
    id: 'transposed',
    title: 'Rows and columns swapped',
    rows: ['input', 'output'],
    shapes: ['dModel x tokens'],
    text: transposed,
  },
  {
    id: 'transposed',
    title: 'Rows and columns swapped',
    rows: ['queries', 'values'],
    shapes: ['dHead x tokens'],
    text: transposed,
  },
  {
    id: 'transposed',
    title: 'Rows and columns swapped',
    rows: ['keys'],
    shapes: ['dHead x tokens'],
    text: 'Rows and columns look swapped: the keys are transposed only inside the product with the queries. What does one row of the keys themselves belong to?',
  },
  {
    id: 'transposed-layer',
    title: 'Rows and columns swapped, for the whole layer',
    rows: projections,
    shapes: ['allHeads x tokens'],
    text: 'Rows and columns look swapped, and your number of rows is the width of all heads together. Does one row belong to one token, and how wide is one single head?',
  },

  // Input to this head
  {
    id: 'split-before-projection',
    title: 'Embedding split among heads before the projection',
    rows: ['input'],
    shapes: ['tokens x dHead'],
    text: 'That is as wide as one head: a slice of the embedding, or what the head computes from it. How wide is the input, before anything is split or projected?',
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
    shapes: [...ofOneHead, ...ofTheLayer],
    text: 'That is the shape of a learned parameter, which is the same for every sequence. What does one row of the input stand for?',
  },
  {
    id: 'token-ids',
    title: 'Token ids instead of embeddings',
    rows: ['input'],
    shapes: ['tokens x one', 'one x tokens'],
    text: 'That is one number for each token, such as its id before the embedding. What does the embedding turn an id into?',
  },
  {
    id: 'one-hot',
    title: 'One-hot vectors over the vocabulary',
    rows: ['input'],
    shapes: ['tokens x vocabulary'],
    text: 'That is a vector over the vocabulary for each token, as before the embedding or at the end of the model. How wide is the vector of a token inside the model?',
  },

  // Queries, keys, values
  {
    id: 'layer-width',
    title: 'Width of the whole layer instead of one head',
    rows: projections,
    shapes: ['tokens x allHeads'],
    isSplit: true,
    text: 'That is as wide as the whole layer: all heads side by side, or no projection at all. How wide is one head alone?',
  },
  {
    id: 'layer-width',
    title: 'Width of the whole layer instead of one head',
    rows: projections,
    shapes: ['tokens x allHeads'],
    isSplit: false,
    text: 'That is as wide as the whole layer: all heads side by side. How wide is one head alone?',
  },
  {
    id: 'not-projected',
    title: 'Width of the embedding, without a projection',
    rows: projections,
    shapes: ['tokens x dModel'],
    isSplit: false,
    text: 'That is as wide as the embedding, as if nothing were projected. How wide is what one head computes?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: projections,
    shapes: [...ofOneHead, ...ofTheLayer, ...fused],
    text: 'That is the shape of a learned parameter, which is the same for every sequence. What does one row stand for in a matrix that holds this sequence?',
  },
  {
    id: 'heads-for-width',
    title: 'Number of heads instead of their width',
    rows: projections,
    alone: { columns: ['columns'], values: ['nHeads'] },
    text: 'That is how many heads there are. How many numbers does this matrix hold for one token in a single head?',
  },
  {
    id: 'pairs-too-early',
    title: 'Scores instead of what they are made of',
    rows: projections,
    shapes: ['tokens x tokens'],
    text: 'That is a number for each pair of tokens, which you get only by comparing queries with keys. What does this matrix hold for one token?',
  },

  // Scores and weights
  {
    id: 'vector-per-token',
    title: 'A vector for each token instead of a number for each pair',
    rows: pairwise,
    shapes: ['tokens x dHead'],
    text: 'That is as wide as one head, like the vector of a token before queries are compared with keys, or after the weights are multiplied by the values. What does a single entry of this matrix say?',
  },
  {
    id: 'product-reversed',
    title: 'Product of queries and keys reversed',
    rows: pairwise,
    shapes: ['dHead x dHead'],
    text: 'That is an entry for each pair of dimensions of the head, as if the product were taken in the other order. Which two things in the sequence should one entry be about?',
  },
  {
    id: 'keys-alone',
    title: 'The transposed keys alone',
    rows: pairwise,
    shapes: ['dHead x tokens'],
    text: 'That is the shape of the transposed keys alone. What does it turn into once the queries are multiplied by it?',
  },
  {
    id: 'model-output',
    title: 'Output of the whole model',
    rows: pairwise,
    shapes: ['tokens x vocabulary', 'one x vocabulary'],
    text: 'That is as wide as the vocabulary, like the output of the whole model. What does attention compare a token with?',
  },
  {
    id: 'axis-summed-away',
    title: 'A row summed up',
    rows: ['scores'],
    shapes: ['tokens x one'],
    text: 'That is a single number for each token, as if its row were summed up. How many tokens is each one compared with?',
  },
  {
    id: 'axis-summed-away',
    title: 'A row summed up',
    rows: ['weights'],
    shapes: ['tokens x one'],
    text: 'That is a single number for each token, but softmax turns each score into a weight of its own and drops none. So how many weights does a row have?',
  },
  {
    id: 'single-number',
    title: 'A single number',
    rows: pairwise,
    shapes: ['one x one'],
    text: 'That is one single number, such as the comparison of one query with one key. Which queries and which keys does this sequence have?',
  },
  {
    id: 'last-token',
    title: 'Only the last token',
    rows: pairwise,
    shapes: ['one x tokens'],
    text: 'A single row belongs to one token alone, such as the last one. For which tokens of the sequence does the head compute a row, if it leaves none out?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: ['scores'],
    shapes: ofTheLayer,
    text: 'That is the shape of a learned parameter, or of dimensions compared with dimensions. What two things of this sequence does one score compare?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: ['scores'],
    shapes: [...ofOneHead, ...fused],
    text: 'That is the shape of a learned parameter, which is the same for every input. What two things of this sequence does one score compare?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: ['weights'],
    shapes: [...ofOneHead, ...ofTheLayer, ...fused],
    text: 'That is the shape of a learned parameter, but a weight in attention is computed from this sequence and says how much one token attends to another. For which pairs of tokens is there a weight?',
  },
  {
    id: 'masked-left-out',
    title: 'Masked entries left out',
    rows: pairwise,
    alone: { columns: ['rows'], values: withoutMasked },
    text: 'That leaves out masked entries, but the mask only changes numbers inside the matrix. Which tokens attend, and so have a row here?',
  },
  {
    id: 'masked-left-out',
    title: 'Masked entries left out',
    rows: pairwise,
    alone: { columns: ['columns'], values: withoutMasked },
    text: 'That leaves out masked entries, but the mask only changes numbers inside the matrix. What does each number in the row of one token stand for?',
  },

  // Output of this head
  {
    id: 'before-projection',
    title: 'Output before the projection back',
    rows: ['output'],
    shapes: ['tokens x dHead'],
    text: 'That is the shape before the last step in the diagram. What does that step change?',
  },
  {
    id: 'weights-alone',
    title: 'The attention weights alone',
    rows: ['output'],
    shapes: ['tokens x tokens'],
    text: 'Those are the attention weights alone. What are they multiplied by, and what happens after that?',
  },
  {
    id: 'model-output',
    title: 'Output of the whole model',
    rows: ['output'],
    shapes: ['tokens x vocabulary', 'one x vocabulary'],
    text: 'That is the output of the whole model, over its vocabulary. What comes out of this one head, before that?',
  },
  {
    id: 'predicted-token',
    title: 'The predicted token',
    rows: ['output'],
    shapes: ['one x one', 'tokens x one'],
    text: 'That leaves single numbers, such as the ids of predicted tokens. What comes out of this one head for each token, long before a prediction?',
  },
  {
    id: 'learned-parameter',
    title: 'Shape of a learned parameter',
    rows: ['output'],
    shapes: [...ofOneHead, ...ofTheLayer, 'vocabulary x dModel'],
    text: 'That is the shape of a learned parameter, such as a projection. What does one row of the result stand for, once this sequence has gone through the head?',
  },

  // Rows that count tokens
  {
    id: 'last-token',
    title: 'Only the last token',
    rows: ['input'],
    alone: { columns: ['rows'], values: ['one'] },
    text: 'A single row would be the vector of one token alone, such as the last one. Which tokens come in?',
  },
  {
    id: 'last-token',
    title: 'Only the last token',
    rows: [...projections, 'output'],
    alone: { columns: ['rows'], values: ['one'] },
    text: 'A single row belongs to one token alone, such as the last one. For which tokens of the sequence does the head compute a row, if it leaves none out and has no cache?',
  },
  {
    id: 'number-per-token',
    title: 'One number for each token instead of a vector',
    rows: projections,
    alone: { columns: ['columns'], values: ['one'] },
    text: 'That is one single number in each row. How many numbers does one head compute for one token as its query, its key or its value?',
  },
  {
    id: 'token-added',
    title: 'One token more',
    rows: [...perToken, ...pairwise],
    alone: { columns: ['rows'], values: ['oneTokenMore'] },
    text: tokenAdded,
  },
  {
    id: 'token-added',
    title: 'One token more',
    rows: pairwise,
    alone: { columns: ['columns'], values: ['oneTokenMore'] },
    text: tokenAdded,
  },
  {
    id: 'token-left-out',
    title: 'One token fewer',
    rows: ['input', 'queries', 'output'],
    alone: { columns: ['rows'], values: ['oneTokenFewer'] },
    text: 'Every token of the sequence has a row, even the last one; the one to be predicted comes after all of them. Which one did you leave out?',
  },
  {
    id: 'token-left-out',
    title: 'One token fewer',
    rows: ['keys', 'values'],
    alone: { columns: ['rows'], values: ['oneTokenFewer'] },
    text: 'Every token has a row here, even the last one: it attends to itself too, and the one to be predicted comes after all of them. Which one did you leave out?',
  },
  {
    id: 'token-left-out',
    title: 'One token fewer',
    rows: pairwise,
    alone: { columns: ['rows', 'columns'], values: ['oneTokenFewer'] },
    text: 'Every token of the sequence takes part, even the last one, and each attends to itself; the one to be predicted comes after all of them. Which one did you leave out?',
  },
  {
    id: 'all-heads',
    title: 'All heads together',
    rows: [...projections, ...pairwise],
    alone: { columns: ['rows'], values: ['tokensOfAllHeads'] },
    text: 'That is a row for every token in every head. How many rows does one single head have?',
  },
];

/**
 * Returns every known wrong answer to the worksheet. At some sizes, some equal the right answer or
 * each other; the grader drops the former and merges the latter.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function misconceptions(given: Given): Misconception[] {
  const quantities = quantitiesOf(given);
  const areSplit = quantities.allHeads === quantities.dModel;
  const entries = table.filter(({ isSplit = areSplit }) => isSplit === areSplit);
  return entries.flatMap(({ id, title, rows, shapes = [], alone, text }) => {
    // At some sizes, two of the shapes are one.
    const pairs = new Set(
      shapes.map((shape) =>
        shape
          .split(' x ')
          .map((name) => quantities[name as Quantity])
          .join(),
      ),
    );
    const whole = Array.from(pairs, (pair): Size => {
      const [first = 0, second = 0] = pair.split(',').map(Number);
      return { rows: first, columns: second };
    });
    const single = (alone?.columns ?? []).flatMap((column) =>
      // A matrix has at least one row, and half of an odd number is not a size.
      (alone?.values ?? [])
        .map((value) => ({ [column]: quantities[value] }))
        .filter((size) => Number.isInteger(size[column]) && (size[column] ?? 0) > 0),
    );
    return rows.flatMap((row) => [...whole, ...single].map((values) => ({ id, title, row, values, text })));
  });
}
