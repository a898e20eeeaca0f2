import { bytesInKiB, bytesInMiB, dimensions, type Given, timesAsLarge } from './model';

/** A known wrong answer: values for one or all columns of a row, and a text without digits. */
export interface Misconception {
  readonly id: string;
  readonly title: string;
  readonly row: string;
  readonly values: Readonly<Record<string, number | string>>;
  readonly text: string;
}

/** A mistaken idea, the rows where it shows, and the values that it gives there. */
interface Idea {
  readonly id: string;
  readonly title: string;
  readonly shows: Readonly<Record<string, readonly Misconception['values'][]>>;
  readonly text: string;
}

/**
 * Every known wrong answer to the worksheet.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function misconceptions(given: Given): Misconception[] {
  return ideas(given).flatMap(({ id, title, shows, text }) =>
    Object.entries(shows).flatMap(([row, answers]) =>
      answers.map((values) => ({ id, title, row, values, text })),
    ),
  );
}

function ideas(given: Given): readonly Idea[] {
  const { tokens, dModel, dHead, nHeads, nKeyHeads, nLayers, vocabulary, bytesPerNumber } = dimensions(given);
  const keyWidth = nKeyHeads * dHead;
  const bytes = 2 * keyWidth * bytesPerNumber; // for one token in one layer
  const size = (rows: number, columns: number) => ({ rows, columns });
  return [
    {
      id: 'transposed',
      title: 'Rows and columns swapped',
      shows: {
        queries: [size(dHead, tokens)],
        keys: [size(dHead, tokens)],
        values: [size(dHead, tokens)],
        output: [size(dModel, tokens)],
      },
      text: 'Rows and columns look swapped. In this worksheet each token gets one row: which way do tokens run here?',
    },
    {
      id: 'layer-width',
      title: 'Width of the whole layer in place of one head',
      shows: {
        queries: [size(tokens, dModel)],
        keys: [size(tokens, dModel), size(tokens, keyWidth)],
        values: [size(tokens, dModel), size(tokens, keyWidth)],
      },
      text: 'That is as wide as several heads side by side, or as the embedding. How wide is one head?',
    },
    {
      id: 'vector-per-token',
      title: 'A vector for each token in place of a number for each pair',
      shows: { scores: [size(tokens, dHead)], weights: [size(tokens, dHead)] },
      text: 'That still holds one vector for each token. What two things does a single entry of this matrix compare?',
    },
    {
      id: 'before-projection',
      title: 'Output before the projection back',
      shows: { output: [size(tokens, dHead)] },
      text: 'One step remains: the projection back to the embedding space.',
    },
    {
      id: 'model-output',
      title: 'Output of the whole model',
      shows: { output: [size(tokens, vocabulary)] },
      text: 'That is the output of the whole model, over its vocabulary. What leaves this one head, many layers before?',
    },
    {
      id: 'keys-as-wide-as-queries',
      title: 'Keys and values as wide as all queries',
      shows: { allKeys: [size(tokens, dModel)], allValues: [size(tokens, dModel)] },
      text: 'That would be one key head for each query head. How many key heads does this layer have?',
    },
    {
      id: 'key-heads-for-query-heads',
      title: 'Key heads taken for query heads, or the other way round',
      shows: {
        allQueries: [size(tokens, keyWidth)],
        sharing: [{ amount: nKeyHeads }, { amount: nHeads }],
        ungrouped: [{ memory: timesAsLarge(nKeyHeads) }, { memory: timesAsLarge(nHeads) }],
      },
      text: 'The layer has more query heads than key heads. How many of the one come to each of the other, and which of them are side by side here?',
    },
    {
      id: 'one-head',
      title: 'One head in place of all',
      shows: {
        allQueries: [size(tokens, dHead)],
        allKeys: [size(tokens, dHead)],
        allValues: [size(tokens, dHead)],
      },
      text: 'That is one head. This row puts all of its kind side by side.',
    },
    {
      id: 'cache-without-values',
      title: 'A cache of keys without values',
      shows: {
        tokenInLayer: [
          { amount: keyWidth, memory: bytes / 2 },
          { amount: keyWidth, memory: bytes },
        ],
        tokenInModel: [{ memory: (bytes * nLayers) / 2 / bytesInKiB }],
        sequence: [{ memory: (bytes * nLayers * tokens) / 2 / bytesInMiB }],
      },
      text: 'That keeps one vector of each token. A later query is compared with keys: what does it mix then?',
    },
    {
      id: 'bytes-for-numbers',
      title: 'Bytes and numbers taken for each other',
      shows: {
        tokenInLayer: [
          { amount: bytes, memory: bytes },
          { amount: bytes / bytesPerNumber, memory: bytes / bytesPerNumber },
        ],
        tokenInModel: [{ memory: (bytes * nLayers) / bytesPerNumber / bytesInKiB }],
        sequence: [{ memory: (bytes * nLayers * tokens) / bytesPerNumber / bytesInMiB }],
      },
      text: 'How many numbers there are is one thing, and how many bytes they take another. Which of the two is asked here?',
    },
    {
      id: 'powers-of-ten',
      title: 'Powers of ten in place of two (MB for MiB)',
      shows: {
        tokenInModel: [{ memory: (bytes * nLayers) / 10 ** 3 }],
        sequence: [
          { memory: (bytes * nLayers * tokens) / 10 ** 6 },
          { memory: (bytes * nLayers * tokens) / bytesInKiB / 10 ** 3 },
        ],
      },
      text: 'That divides by a power of ten. The letter i in KiB and MiB says that the unit is a power of two.',
    },
    {
      id: 'one-layer',
      title: 'One layer in place of all',
      shows: {
        tokenInModel: [{ memory: bytes / bytesInKiB }],
        sequence: [{ memory: (bytes * tokens) / bytesInMiB }],
      },
      text: 'That is what one layer keeps. Each of them keeps keys and values of its own.',
    },
    {
      id: 'cache-of-all-heads',
      title: 'A cache for each query head',
      shows: { tokenInLayer: [{ amount: 2 * dModel, memory: 2 * dModel * bytesPerNumber }] },
      text: 'That keeps a key and a value for each query head. Which heads have keys and values of their own?',
    },
  ];
}
