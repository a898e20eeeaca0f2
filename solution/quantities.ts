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
    { value: tokens, phrase: 'how many tokens the sequence has' },
    { value: tokens + 1, phrase: 'one more than there are tokens' },
    { value: tokens - 1, phrase: 'one fewer than there are tokens' },
    { value: tokens / 2, phrase: 'half as many as there are tokens' },
    { value: 2 * tokens, phrase: 'twice as many as there are tokens' },
    { value: tokens ** 2, phrase: 'how many pairs of tokens there are' },
    { value: (tokens * (tokens + 1)) / 2, phrase: 'how many pairs of tokens the mask does not hide' },
    { value: (tokens * (tokens - 1)) / 2, phrase: 'how many pairs of tokens the mask hides' },
    { value: context, phrase: 'the largest number of tokens that the model can read' },
    { value: vocabulary, phrase: 'how many tokens are in the vocabulary' },
    { value: 1, phrase: 'a single one, such as one token alone, or what is left of a row that is summed up' },
    { value: nHeads, phrase: 'how many heads the layer has' },
    { value: nLayers, phrase: 'how many layers the model has' },
    { value: dHead, phrase: 'the width of one head' },
    { value: 2 * dHead, phrase: 'the width of the keys and values of one head side by side' },
    { value: 3 * dHead, phrase: 'the width of the queries, keys and values of one head side by side' },
    { value: dHead / 2, phrase: 'half the width of one head' },
    { value: dHead ** 2, phrase: 'the width of one head times itself' },
    { value: dModel, phrase: 'the width of the embedding, and of all heads side by side' },
    { value: 2 * dModel, phrase: 'twice the width of the embedding' },
    { value: 3 * dModel, phrase: 'the width of the queries, keys and values of all heads side by side' },
    { value: 4 * dModel, phrase: 'four times the width of the embedding' },
    { value: dModel / 2, phrase: 'half the width of the embedding' },
    { value: dModel ** 2, phrase: 'how many learned numbers a projection of the whole layer has' },
    { value: dModel * dHead, phrase: 'how many learned numbers a projection of one head has' },
    { value: dFeedForward, phrase: 'the width inside the feed-forward layer' },
    { value: nHeads * tokens, phrase: 'the number of tokens times the number of heads' },
    { value: nHeads * dModel, phrase: 'the width of the embedding times the number of heads' },
    { value: tokens * dModel, phrase: 'how many numbers the embeddings of all tokens have together' },
    {
      value: tokens * dHead,
      phrase: 'how many numbers one head computes for all tokens as queries, or as keys, or as values',
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
      { value: nHeads, phrase: 'how many heads another model in the table has' },
      { value: nLayers, phrase: 'how many layers another model in the table has' },
    ]),
    // "Attention Is All You Need", table 3, the base model.
    { value: 512, phrase: 'the dimension of the first transformer, which is another model' },
    { value: 64, phrase: 'the width of a head in the first transformer, which is another model' },
  ];
}
