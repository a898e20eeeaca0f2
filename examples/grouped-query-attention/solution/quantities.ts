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
    { value: tokens, phrase: 'the number of tokens in the sequence' },
    { value: tokens + 1, phrase: 'one more than the number of tokens' },
    { value: tokens - 1, phrase: 'one fewer than the number of tokens' },
    { value: tokens ** 2, phrase: 'the number of pairs of tokens' },
    { value: (tokens * (tokens + 1)) / 2, phrase: 'the number of entries that the mask leaves' },
    {
      value: 1,
      phrase: 'the size of an axis that keeps only the last token, is a batch dimension, or is summed away',
    },
    { value: nHeads, phrase: 'the number of query heads in the layer' },
    { value: nKeyHeads, phrase: 'the number of key heads in the layer' },
    { value: nHeads / nKeyHeads, phrase: 'the number of query heads that share one key head' },
    { value: nHeads - nKeyHeads, phrase: 'the number of query heads minus the number of key heads' },
    { value: nLayers, phrase: 'the number of layers in the model' },
    { value: dHead, phrase: 'the width of one head' },
    { value: keyWidth, phrase: 'the width of all key heads side by side' },
    { value: 2 * keyWidth, phrase: 'the width of all keys and values side by side' },
    { value: dModel, phrase: 'the width of the embedding, and of all query heads side by side' },
    { value: dModel + 2 * keyWidth, phrase: 'the width of all queries, keys and values side by side' },
    { value: 3 * dModel, phrase: 'three times the width of the embedding' },
    { value: vocabulary, phrase: 'the number of rows in the embedding table' },
    { value: bytes, phrase: 'the number of bytes that one layer keeps for a token' },
    { value: bytes * nLayers, phrase: 'the number of bytes that all layers keep for a token' },
    { value: (bytes * nLayers) / bytesInKiB, phrase: 'the number of KiB that all layers keep for a token' },
    { value: 2 * keyWidth * nLayers, phrase: 'the count of numbers that all layers keep for a token' },
    {
      value: (bytes * nLayers * tokens) / bytesInKiB,
      phrase: 'the number of KiB that all layers keep for the sequence',
    },
    {
      value: (bytes * tokens) / bytesInKiB,
      phrase: 'the number of KiB that one layer keeps for the sequence',
    },
    {
      value: (bytes * nLayers * tokens) / bytesInMiB,
      phrase: 'the number of MiB that all layers keep for the sequence',
    },
  ];
}
