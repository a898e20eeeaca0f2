import { dimensions, type Given } from './model';

/** A number that somebody may write. */
export interface Quantity {
  /** What it is: the end of a sentence that begins with "That is". */
  readonly phrase: string;
  readonly value: number;
}

/**
 * What the numbers of this worksheet are. Where one of them is wrong in a cell, and nothing in
 * misconceptions.ts says more, the student reads its phrase. A line here is enough for every cell.
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
    { value: tokens ** 2, phrase: 'how many pairs of tokens there are' },
    { value: (tokens * (tokens + 1)) / 2, phrase: 'how many entries the mask leaves' },
    { value: (tokens * (tokens - 1)) / 2, phrase: 'how many entries the mask hides' },
    { value: context, phrase: 'how many tokens the model reads at most' },
    { value: vocabulary, phrase: 'how many tokens the model can tell apart' },
    {
      value: 1,
      phrase:
        'what is left if only the last token is kept, a batch dimension is written, or an axis is summed away',
    },
    { value: nHeads, phrase: 'how many heads the layer has' },
    { value: nLayers, phrase: 'how many layers the model has' },
    { value: dHead, phrase: 'the width of one head' },
    { value: 2 * dHead, phrase: 'the width of the keys and values of one head side by side' },
    { value: 3 * dHead, phrase: 'the width of the queries, keys and values of one head side by side' },
    { value: dHead / 2, phrase: 'half the width of one head' },
    { value: dHead ** 2, phrase: 'the width of one head times itself' },
    { value: dModel, phrase: 'the width of the embedding, which is that of all heads side by side' },
    { value: 2 * dModel, phrase: 'twice the width of the embedding' },
    { value: 3 * dModel, phrase: 'the width of the queries, keys and values of all heads side by side' },
    { value: 4 * dModel, phrase: 'four times the width of the embedding' },
    { value: dModel / 2, phrase: 'half the width of the embedding' },
    { value: dModel ** 2, phrase: 'how many numbers a projection of the whole layer has' },
    { value: dModel * dHead, phrase: 'how many numbers a projection of one head has' },
    { value: dFeedForward, phrase: 'the width of the feed-forward layer' },
    { value: nHeads * tokens, phrase: 'how many tokens there are, once for each head' },
    { value: nHeads * dModel, phrase: 'the width of the embedding, once for each head' },
    { value: tokens * dModel, phrase: 'how many numbers the embeddings of the sequence have together' },
    { value: tokens * dHead, phrase: 'how many numbers the vectors of one head have together' },
  ];
}
