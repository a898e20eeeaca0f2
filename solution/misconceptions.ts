import { isDeepStrictEqual } from 'node:util';
import { dimensions, type Given, type Row, type Size } from './model';

/**
 * A known wrong answer and the hint for it. `values` contains both numbers of a row, or one number that is enough to
 * recognize the answer. `text` gives a direction and contains no digit.
 *
 * The id `transposed` is part of the contract with the grader: when every row shows it, the table gets one message
 * instead of one per row.
 */
export interface Misconception {
  readonly row: Row;
  readonly values: Partial<Size>;
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** An idea that leads to any of several shapes in any of several rows. */
interface Idea extends Omit<Misconception, 'row' | 'values'> {
  readonly rows: readonly Row[];
  /**
   * Both numbers, if one of them alone may be right or may not show the idea; or one number that shows it beside any
   * other.
   */
  readonly shapes: readonly Partial<Size>[];
}

const projections = ['queries', 'keys', 'values'] as const;
const pairwise = ['scores', 'weights'] as const;
const perToken = ['input', ...projections, 'output'] as const;

// Ideas that need other words, or lead to other shapes, in different rows.
const transposed = { id: 'transposed', title: 'Rows and columns swapped' };
const learnedParameter = { id: 'learned-parameter', title: 'Shape of a learned parameter' };
const modelOutput = { id: 'model-output', title: 'Output of the whole model' };
const axisSummedAway = { id: 'axis-summed-away', title: 'A row summed up' };
const maskedLeftOut = { id: 'masked-left-out', title: 'Masked entries left out' };
const lastToken = { id: 'last-token', title: 'Only the last token' };
const tokenAdded = { id: 'token-added', title: 'One token more' };
const tokenLeftOut = { id: 'token-left-out', title: 'One token fewer' };
const exampleSizes = {
  id: 'example-sizes',
  title: 'Sizes of the example',
  text: 'That uses a size from the example in the handout, which is about another sequence and another model. Which sizes are given for this one?',
};

const whichWay =
  'Rows and columns look swapped. Here a row belongs to one token: do your tokens go down the rows, or along the columns?';
const nothingAdded =
  'Nothing is added to the tokens of the sequence: no start token, none from a cache, and not the one that comes next. Which tokens does the model have here?';

const shape = (rows: number, columns: number): Size => ({ rows, columns });

/**
 * Returns every known wrong answer to the worksheet. At some sizes, some are equal to the right answer or to each
 * other; the grader drops the former and merges the latter.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function misconceptions(given: Given): Misconception[] {
  const { tokens, dModel, nHeads, nKeyHeads = nHeads, dHead, allHeads, vocabulary } = dimensions(given);
  const isSplit = allHeads === dModel;
  // Learned parameters: those of one head, those of the whole layer, the embedding table, and joint projections.
  const ofOneHead = [shape(dModel, dHead), shape(dHead, dModel)];
  const ofTheLayer = [shape(dModel, allHeads), shape(allHeads, dModel)];
  const embeddings = shape(vocabulary, dModel);
  const fused = [shape(dModel, 3 * dHead), shape(dModel, allHeads + 2 * nKeyHeads * dHead)];
  // The sizes of the example in handout.md.
  const example = { tokens: 3, dModel: 8, dHead: isSplit ? 4 : 5 };
  const unmaskedPairs = (tokens * (tokens + 1)) / 2;
  const withoutMasked = [unmaskedPairs, unmaskedPairs - tokens, tokens / 2];

  const ideas: readonly Idea[] = [
    // Which way the tokens run
    {
      ...transposed,
      rows: ['input', 'output'],
      shapes: [shape(dModel, tokens)],
      text: whichWay,
    },
    {
      ...transposed,
      rows: ['queries', 'values'],
      shapes: [shape(dHead, tokens)],
      text: whichWay,
    },
    {
      ...transposed,
      rows: ['keys'],
      shapes: [shape(dHead, tokens)],
      text: 'Rows and columns look swapped: the keys are transposed only inside the product with the queries. What does one row of the keys themselves belong to?',
    },
    {
      id: 'transposed-layer',
      title: 'Rows and columns swapped, for the whole layer',
      rows: projections,
      shapes: [shape(allHeads, tokens)],
      text: 'Rows and columns look swapped, and your number of rows is the width of all heads together. Does one row belong to one token, and how wide is one single head?',
    },

    // Input to this head
    {
      id: 'split-before-projection',
      title: 'Embedding split among heads before the projection',
      rows: ['input'],
      shapes: [shape(tokens, dHead)],
      text: isSplit
        ? 'That is as wide as one head: a slice of the embedding, or what the head computes from it. How wide is the input, before anything is split or projected?'
        : 'That is as wide as one head, like what the head computes from it. How wide is the input, before anything is projected?',
    },
    {
      ...learnedParameter,
      rows: ['input'],
      shapes: [embeddings],
      text: 'That is the shape of the table that the embeddings are looked up in. How many of them does this sequence look up?',
    },
    {
      ...learnedParameter,
      rows: ['input'],
      shapes: [...ofOneHead, ...ofTheLayer],
      text: 'That is the shape of a learned parameter, which is the same for every sequence. What does one row of the input stand for?',
    },
    {
      id: 'token-ids',
      title: 'Token ids instead of embeddings',
      rows: ['input'],
      shapes: [shape(tokens, 1), shape(1, tokens)],
      text: 'That is one number for each token, such as its id before the embedding. What does the embedding turn an id into?',
    },
    {
      id: 'one-hot',
      title: 'One-hot vectors over the vocabulary',
      rows: ['input'],
      shapes: [shape(tokens, vocabulary)],
      text: 'That is a vector over the vocabulary for each token, as before the embedding or at the end of the model. How wide is the vector of a token inside the model?',
    },

    // Queries, keys, values
    {
      id: 'layer-width',
      title: 'Width of the whole layer instead of one head',
      rows: projections,
      shapes: [shape(tokens, allHeads)],
      text: `That is as wide as the whole layer: all heads side by side${isSplit ? ', or no projection at all' : ''}. How wide is one head alone?`,
    },
    {
      id: 'not-projected',
      title: 'Width of the embedding, without a projection',
      rows: projections,
      // If the heads split the embedding, that is the width of the whole layer.
      shapes: isSplit ? [] : [shape(tokens, dModel)],
      text: 'That is as wide as the embedding, as if nothing were projected. How wide is what one head computes?',
    },
    {
      id: 'embedding-divided',
      title: 'Width of the embedding divided by the heads',
      rows: projections,
      shapes: isSplit ? [] : [shape(tokens, dModel / nHeads)],
      text: 'That is the width of the embedding divided by the heads, but in this model the width of a head is a setting of its own. What is it?',
    },
    {
      id: 'all-key-heads',
      title: 'All key heads instead of one',
      rows: ['keys', 'values'],
      // If each head has its own keys, that is the width of the whole layer; if all share one key head, it is right.
      shapes: nKeyHeads < nHeads && nKeyHeads > 1 ? [shape(tokens, nKeyHeads * dHead)] : [],
      text: 'That is as wide as all heads of the keys side by side, which several heads of the queries share. How wide is one of them?',
    },
    {
      ...learnedParameter,
      rows: projections,
      shapes: [...ofOneHead, ...ofTheLayer, embeddings, ...fused],
      text: 'That is the shape of a learned parameter, which is the same for every sequence. What does one row stand for in a matrix that holds this sequence?',
    },
    {
      id: 'heads-for-width',
      title: 'Number of heads instead of their width',
      rows: projections,
      shapes: [{ columns: nHeads }],
      text: 'That is how many heads there are. How many numbers does this matrix hold for one token in a single head?',
    },
    {
      id: 'pairs-too-early',
      title: 'Scores instead of what they are made of',
      rows: projections,
      shapes: [shape(tokens, tokens)],
      text: 'That is a number for each pair of tokens, which you get only by comparing queries with keys. What does this matrix hold for one token?',
    },

    // Scores and weights
    {
      id: 'vector-per-token',
      title: 'A vector for each token instead of a number for each pair',
      rows: pairwise,
      shapes: [shape(tokens, dHead)],
      text: 'That is as wide as one head, like the vector of a token before queries are compared with keys, or after the weights are multiplied by the values. What does a single entry of this matrix say?',
    },
    {
      id: 'product-reversed',
      title: 'Product of queries and keys reversed',
      rows: pairwise,
      shapes: [shape(dHead, dHead)],
      text: 'That is an entry for each pair of dimensions of the head, as if the product were taken in the other order. Which two things in the sequence should one entry be about?',
    },
    {
      id: 'keys-alone',
      title: 'The transposed keys alone',
      rows: pairwise,
      shapes: [shape(dHead, tokens)],
      text: 'That is the shape of the transposed keys alone. What does it turn into once the queries are multiplied by it?',
    },
    {
      ...modelOutput,
      rows: pairwise,
      shapes: [shape(tokens, vocabulary), shape(1, vocabulary)],
      text: 'That is as wide as the vocabulary, like the output of the whole model. What does attention compare a token with?',
    },
    {
      ...axisSummedAway,
      rows: ['scores'],
      shapes: [shape(tokens, 1)],
      text: 'That is a single number for each token, as if its row were summed up. How many tokens is each one compared with?',
    },
    {
      ...axisSummedAway,
      rows: ['weights'],
      shapes: [shape(tokens, 1)],
      text: 'That is a single number for each token, but softmax turns each score into a weight of its own and drops none. So how many weights does a row have?',
    },
    {
      id: 'single-number',
      title: 'A single number',
      rows: pairwise,
      shapes: [shape(1, 1)],
      text: 'That is one single number, such as the comparison of one query with one key. Which queries and which keys does this sequence have?',
    },
    {
      ...lastToken,
      rows: pairwise,
      shapes: [shape(1, tokens)],
      text: 'A single row belongs to one token alone, such as the last one. For which tokens of the sequence does the head compute a row, if it leaves none out?',
    },
    {
      ...learnedParameter,
      rows: ['scores'],
      shapes: ofTheLayer,
      text: 'That is the shape of a learned parameter, or of dimensions compared with dimensions. What two things of this sequence does one score compare?',
    },
    {
      ...learnedParameter,
      rows: ['scores'],
      shapes: [...ofOneHead, embeddings, ...fused],
      text: 'That is the shape of a learned parameter, which is the same for every input. What two things of this sequence does one score compare?',
    },
    {
      ...learnedParameter,
      rows: ['weights'],
      shapes: [...ofOneHead, ...ofTheLayer, embeddings, ...fused],
      text: 'That is the shape of a learned parameter, but a weight in attention is computed from this sequence and says how much one token attends to another. For which pairs of tokens is there a weight?',
    },
    {
      ...maskedLeftOut,
      rows: pairwise,
      shapes: withoutMasked.map((rows) => ({ rows })),
      text: 'That leaves out masked entries, but the mask only changes numbers inside the matrix. Which tokens attend, and so have a row here?',
    },
    {
      ...maskedLeftOut,
      rows: pairwise,
      shapes: withoutMasked.map((columns) => ({ columns })),
      text: 'That leaves out masked entries, but the mask only changes numbers inside the matrix. What does each number in the row of one token stand for?',
    },

    // Output of this head
    {
      id: 'before-projection',
      title: 'Output before the projection back',
      rows: ['output'],
      shapes: [shape(tokens, dHead)],
      text: 'That is the shape before the last step in the diagram. What does that step change?',
    },
    {
      id: 'all-heads-output',
      title: 'All heads side by side, before the projection back',
      rows: ['output'],
      // If the heads split the embedding, that is right.
      shapes: isSplit ? [] : [shape(tokens, allHeads)],
      text: 'That is as wide as all heads side by side. The last step in the diagram projects back: to what width?',
    },
    {
      id: 'weights-alone',
      title: 'The attention weights alone',
      rows: ['output'],
      shapes: [shape(tokens, tokens)],
      text: 'Those are the attention weights alone. What are they multiplied by, and what happens after that?',
    },
    {
      ...modelOutput,
      rows: ['output'],
      shapes: [shape(tokens, vocabulary), shape(1, vocabulary)],
      text: 'That is the output of the whole model, over its vocabulary. What comes out of this one head, before that?',
    },
    {
      id: 'predicted-token',
      title: 'The predicted token',
      rows: ['output'],
      shapes: [shape(1, 1), shape(tokens, 1)],
      text: 'That leaves single numbers, such as the ids of predicted tokens. What comes out of this one head for each token, long before a prediction?',
    },
    {
      ...learnedParameter,
      rows: ['output'],
      shapes: [...ofOneHead, ...ofTheLayer, embeddings],
      text: 'That is the shape of a learned parameter, such as a projection. What does one row of the result stand for, once this sequence has gone through the head?',
    },

    // Rows that count tokens
    {
      ...lastToken,
      rows: ['input'],
      shapes: [{ rows: 1 }],
      text: 'A single row would be the vector of one token alone, such as the last one. Which tokens come in?',
    },
    {
      ...lastToken,
      rows: [...projections, 'output'],
      shapes: [{ rows: 1 }],
      text: 'A single row belongs to one token alone, such as the last one. For which tokens of the sequence does the head compute a row, if it leaves none out and has no cache?',
    },
    {
      id: 'number-per-token',
      title: 'One number for each token instead of a vector',
      rows: projections,
      shapes: [{ columns: 1 }],
      text: 'That is one single number in each row. How many numbers does one head compute for one token as its query, its key or its value?',
    },
    {
      ...tokenAdded,
      rows: [...perToken, ...pairwise],
      shapes: [{ rows: tokens + 1 }],
      text: nothingAdded,
    },
    {
      ...tokenAdded,
      rows: pairwise,
      shapes: [{ columns: tokens + 1 }],
      text: nothingAdded,
    },
    {
      ...tokenLeftOut,
      rows: ['input', 'queries', 'output'],
      shapes: [{ rows: tokens - 1 }],
      text: 'Every token of the sequence has a row, even the last one; the one to be predicted comes after all of them. Which one did you leave out?',
    },
    {
      ...tokenLeftOut,
      rows: ['keys', 'values'],
      shapes: [{ rows: tokens - 1 }],
      text: 'Every token has a row here, even the last one: it attends to itself too, and the one to be predicted comes after all of them. Which one did you leave out?',
    },
    {
      ...tokenLeftOut,
      rows: pairwise,
      shapes: [{ rows: tokens - 1 }, { columns: tokens - 1 }],
      text: 'Every token of the sequence takes part, even the last one, and each attends to itself; the one to be predicted comes after all of them. Which one did you leave out?',
    },
    {
      id: 'all-heads',
      title: 'All heads together',
      rows: [...projections, ...pairwise],
      shapes: [{ rows: nHeads * tokens }],
      text: 'That is a row for every token in every head. How many rows does one single head have?',
    },

    // Sizes that are not given
    { ...exampleSizes, rows: [...perToken, ...pairwise], shapes: [{ rows: example.tokens }] },
    { ...exampleSizes, rows: ['input', 'output'], shapes: [shape(tokens, example.dModel)] },
    { ...exampleSizes, rows: projections, shapes: [shape(tokens, example.dHead)] },
    { ...exampleSizes, rows: pairwise, shapes: [shape(tokens, example.tokens)] },
  ];
  return ideas.flatMap(({ rows, shapes, ...idea }) => {
    // At some sizes, two of these shapes are the same. A matrix has at least one row, and half of an odd number is no size.
    const distinct = shapes.filter(
      (values, index) =>
        Object.values(values).every((size) => Number.isInteger(size) && size > 0) &&
        shapes.findIndex((earlier) => isDeepStrictEqual(earlier, values)) === index,
    );
    return rows.flatMap((row) => distinct.map((values) => ({ ...idea, row, values })));
  });
}
