import { dimensions, type Given, handoutFacts } from './model';

/** A number that a student may write. */
export interface Quantity {
  /** The meaning of the number: the end of a sentence that begins with "That is". */
  readonly phrase: string;
  readonly value: number;
}

/**
 * The meanings of this worksheet's numbers. If a cell has one of them where it is wrong, and misconceptions.ts says
 * nothing more specific, the student reads its phrase. One line here covers every cell.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function quantities(given: Given): Quantity[] {
  const { tokens, context, dModel, dHead, nHeads, nLayers, vocabulary, dFeedForward } = dimensions(given);
  return [
    { value: tokens, phrase: 'the number of tokens in the sequence' },
    { value: tokens + 1, phrase: 'one more than the number of tokens' },
    { value: tokens - 1, phrase: 'one fewer than the number of tokens' },
    { value: tokens / 2, phrase: 'half the number of tokens' },
    { value: 2 * tokens, phrase: 'twice the number of tokens' },
    { value: tokens ** 2, phrase: 'the number of pairs of tokens' },
    {
      value: (tokens * (tokens + 1)) / 2,
      phrase: 'the number of pairs of tokens that the mask does not hide',
    },
    { value: (tokens * (tokens - 1)) / 2, phrase: 'the number of pairs of tokens that the mask hides' },
    { value: context, phrase: 'the largest number of tokens that the model can read' },
    { value: vocabulary, phrase: 'the number of tokens in the vocabulary' },
    { value: 1, phrase: 'a count of one, such as a single token or a sum over a row' },
    { value: nHeads, phrase: 'the number of heads in the layer' },
    { value: nLayers, phrase: 'the number of layers in the model' },
    { value: dHead, phrase: 'the width of one head' },
    { value: 2 * dHead, phrase: 'the width of the keys and values of one head side by side' },
    { value: 3 * dHead, phrase: 'the width of the queries, keys and values of one head side by side' },
    { value: dHead / 2, phrase: 'half the width of one head' },
    { value: dHead ** 2, phrase: 'the square of the width of one head' },
    { value: dModel, phrase: 'the width of the embedding, and of all heads side by side' },
    { value: 2 * dModel, phrase: 'twice the width of the embedding' },
    { value: 3 * dModel, phrase: 'the width of the queries, keys and values of all heads side by side' },
    { value: 4 * dModel, phrase: 'four times the width of the embedding' },
    { value: dModel / 2, phrase: 'half the width of the embedding' },
    { value: dModel ** 2, phrase: 'the number of weights in a projection of the whole layer' },
    { value: dModel * dHead, phrase: 'the number of weights in a projection of one head' },
    { value: dFeedForward, phrase: 'the width inside the feed-forward layer' },
    { value: nHeads * tokens, phrase: 'the number of tokens times the number of heads' },
    { value: nHeads * dModel, phrase: 'the width of the embedding times the number of heads' },
    { value: tokens * dModel, phrase: 'the count of numbers in the embeddings of all tokens' },
    {
      value: tokens * dHead,
      phrase: 'the number of entries in the queries, keys or values of one head, for all tokens',
    },
    ...ofOtherModels(given),
  ];
}

/** Numbers that a student may read in another line of the handout's table, or remember from another model. */
function ofOtherModels(given: Given): Quantity[] {
  const listed = handoutFacts(given).models.filter(({ isChosen }) => !isChosen);
  return [
    ...listed.flatMap(({ dModel, nHeads, nLayers }) => [
      { value: dModel, phrase: 'the dimension of another model in the table' },
      { value: nHeads, phrase: 'the number of heads in another model in the table' },
      { value: nLayers, phrase: 'the number of layers in another model in the table' },
    ]),
    // "Attention Is All You Need", table 3, the base model.
    { value: 512, phrase: 'the dimension of the original transformer' },
    { value: 64, phrase: 'the width of a head in the original transformer' },
  ];
}
