import { bytesInMiB, bytesPerNumber, dimensions, type Given, timesAsLarge } from './model';

/** A misconception: its name, its values in the rows where it shows, and a hint without digits. */
interface Idea {
  readonly id: string;
  readonly title: string;
  readonly shows: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  readonly text: string;
}

/** Widths and counts that are not on a model's card; `numbers` and `bytes` are those of one token in one layer. */
function sizesOf(given: Given) {
  const sizes = dimensions(given);
  const keyWidth = sizes.nKeyHeads * sizes.dHead;
  return { ...sizes, keyWidth, numbers: 2 * keyWidth, bytes: 2 * keyWidth * bytesPerNumber };
}

/**
 * Every known wrong answer to the worksheet, with values for one or all columns of its row.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function misconceptions(given: Given) {
  const { tokens, dModel, dHead, nHeads, nKeyHeads, nLayers, keyWidth, bytes } = sizesOf(given);
  const size = (rows: number, columns: number) => ({ rows, columns });
  const ideas: readonly Idea[] = [
    {
      id: 'transposed',
      title: 'Rows and columns swapped',
      shows: { queries: size(dHead, tokens), keys: size(dHead, tokens), output: size(dModel, tokens) },
      text: 'Rows and columns look swapped. In this worksheet each token gets one row: which way do tokens run here?',
    },
    {
      id: 'layer-width',
      title: 'Width of the whole layer in place of one head',
      shows: { queries: size(tokens, dModel), keys: size(tokens, keyWidth) },
      text: 'That is as wide as several heads side by side. How wide is one head?',
    },
    {
      id: 'one-head',
      title: 'One head in place of all',
      shows: {
        allQueries: size(tokens, dHead),
        allKeys: size(tokens, dHead),
        allValues: size(tokens, dHead),
      },
      text: 'That is one head. This row puts all of its kind side by side.',
    },
    {
      id: 'as-many-key-heads',
      title: 'A key head and a value head for each query head',
      shows: {
        allKeys: size(tokens, dModel),
        allValues: size(tokens, dModel),
        tokenInLayer: { amount: 2 * dModel, memory: 2 * dModel * bytesPerNumber },
        ungrouped: { memory: timesAsLarge(1) },
      },
      text: 'That counts a key head for every query head. How many key heads does this layer have?',
    },
    {
      id: 'key-heads-for-query-heads',
      title: 'Key heads taken for query heads, or the other way round',
      shows: {
        allQueries: size(tokens, keyWidth),
        sharing: { amount: nKeyHeads },
        ungrouped: { memory: timesAsLarge(nHeads) },
      },
      text: 'The layer has more query heads than key heads. How many of the one come to each of the other, and which of them are meant here?',
    },
    {
      id: 'cache-without-values',
      title: 'A cache of keys without values',
      shows: {
        tokenInLayer: { amount: keyWidth, memory: keyWidth * bytesPerNumber },
        sequence: { memory: (bytes * nLayers * tokens) / 2 / bytesInMiB },
      },
      text: 'That keeps one vector of each token. A later query is compared with keys: what does it mix then?',
    },
    {
      id: 'powers-of-ten',
      title: 'Powers of ten in place of two (MB for MiB)',
      shows: { sequence: { memory: (bytes * nLayers * tokens) / 10 ** 6 } },
      text: 'That divides by a power of ten. The letter i in MiB says that the unit is a power of two.',
    },
    {
      id: 'one-layer',
      title: 'One layer in place of all',
      shows: { sequence: { memory: (bytes * tokens) / bytesInMiB } },
      text: 'That is what one layer keeps. Each of them keeps keys and values of its own.',
    },
  ];
  return ideas.flatMap(({ shows, ...idea }) =>
    Object.entries(shows).map(([row, values]) => ({ ...idea, row, values })),
  );
}

/**
 * The numbers of this worksheet and their meanings. If a wrong cell has one of them, and no misconception says more,
 * the student reads "That is" and its phrase.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function quantities(given: Given) {
  const { tokens, dModel, dHead, nHeads, nKeyHeads, nLayers, keyWidth, numbers, bytes } = sizesOf(given);
  const meanings: readonly (readonly [value: number, phrase: string])[] = [
    [tokens, 'the number of tokens in the sequence'],
    [tokens + 1, 'one more than the number of tokens'],
    [tokens - 1, 'one fewer than the number of tokens'],
    [(tokens * (tokens + 1)) / 2, 'the number of entries that the mask leaves'],
    [1, 'the size of a batch dimension, or of an axis that is summed away'],
    [nHeads, 'the number of query heads in the layer'],
    [nKeyHeads, 'the number of key heads in the layer'],
    [nHeads / nKeyHeads, 'the number of query heads that share one key head'],
    [nLayers, 'the number of layers in the model'],
    [dHead, 'the width of one head'],
    [keyWidth, 'the width of all key heads side by side'],
    [numbers, 'the width of all keys and values side by side'],
    [dModel, 'the width of the embedding, and of all query heads side by side'],
    [bytes, 'the number of bytes that one layer keeps for a token'],
    [(bytes * nLayers * tokens) / bytesInMiB, 'the number of MiB that all layers keep for the sequence'],
  ];
  return meanings.map(([value, phrase]) => ({ value, phrase }));
}
