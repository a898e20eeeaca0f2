import { bytesInKiB, bytesInMiB, dimensions, type Given } from './model';

/**
 * The numbers of this worksheet and their meanings. If a cell wrongly has one of them, and no misconception
 * says more, the student reads "That is" and its phrase.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function quantities(given: Given) {
  const { tokens, dModel, dHead, nHeads, nKeyHeads, nLayers, vocabulary, bytesPerNumber } = dimensions(given);
  const keyWidth = nKeyHeads * dHead;
  const bytes = 2 * keyWidth * bytesPerNumber;
  return [
    { value: tokens, phrase: 'how many tokens the sequence has' },
    { value: tokens + 1, phrase: 'one more than there are tokens' },
    { value: tokens - 1, phrase: 'one fewer than there are tokens' },
    { value: tokens ** 2, phrase: 'how many pairs of tokens there are' },
    { value: (tokens * (tokens + 1)) / 2, phrase: 'how many entries the mask leaves' },
    {
      value: 1,
      phrase:
        'what is left if only the last token is kept, a batch dimension is written, or an axis is summed away',
    },
    { value: nHeads, phrase: 'how many query heads the layer has' },
    { value: nKeyHeads, phrase: 'how many key heads the layer has' },
    { value: nHeads / nKeyHeads, phrase: 'how many query heads share one key head' },
    { value: nHeads - nKeyHeads, phrase: 'how many more query heads than key heads there are' },
    { value: nLayers, phrase: 'how many layers the model has' },
    { value: dHead, phrase: 'the width of one head' },
    { value: keyWidth, phrase: 'the width of all key heads side by side' },
    { value: 2 * keyWidth, phrase: 'the width of all keys and values side by side' },
    { value: dModel, phrase: 'the width of the embedding, and of all query heads side by side' },
    { value: dModel + 2 * keyWidth, phrase: 'the width of all queries, keys and values side by side' },
    { value: 3 * dModel, phrase: 'three times the width of the embedding' },
    { value: vocabulary, phrase: 'how many rows the embedding table has' },
    { value: bytes, phrase: 'how many bytes one layer keeps of a token' },
    { value: bytes * nLayers, phrase: 'how many bytes all layers keep of a token' },
    { value: (bytes * nLayers) / bytesInKiB, phrase: 'how many KiB all layers keep of a token' },
    { value: 2 * keyWidth * nLayers, phrase: 'how many numbers all layers keep of a token' },
    {
      value: (bytes * nLayers * tokens) / bytesInKiB,
      phrase: 'how many KiB all layers keep of the sequence',
    },
    { value: (bytes * tokens) / bytesInKiB, phrase: 'how many KiB one layer keeps of the sequence' },
    {
      value: (bytes * nLayers * tokens) / bytesInMiB,
      phrase: 'how many MiB all layers keep of the sequence',
    },
  ];
}
