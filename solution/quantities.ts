import { dimensions, type Given, handoutFacts } from './model';

/** A number that a student may write. */
export interface Quantity {
  /** The meaning of the number: completes a sentence that begins with "That is". */
  readonly phrase: string;
  readonly value: number;
}

/** A number that the worksheet may contain, and its phrase. */
type Meaning = readonly [number | undefined, string];

/**
 * The meanings of this worksheet's numbers. If a wrong cell has one of them, and misconceptions.ts says nothing more
 * specific, the student reads its phrase. One line here covers every cell.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function quantities(given: Given): Quantity[] {
  const sizes = dimensions(given);
  const { tokens, dModel, dHead, allHeads, nHeads, nKeyHeads = nHeads } = sizes;
  const { vocabulary, dFeedForward } = sizes;
  // Of the real model that fills its gaps, an invented model states only the vocabulary.
  const { context, nLayers } = typeof given.model === 'object' ? {} : sizes;
  const isSplit = allHeads === dModel;
  const allKeyHeads = nKeyHeads * dHead;
  const isShared = nKeyHeads < nHeads && nKeyHeads > 1;
  const meanings: Meaning[] = [
    [tokens, 'the number of tokens in the sequence'],
    [tokens + 1, 'one more than the number of tokens'],
    [tokens - 1, 'one fewer than the number of tokens'],
    [tokens ** 2, 'the number of pairs of tokens'],
    [(tokens * (tokens + 1)) / 2, 'the number of pairs of tokens that the mask does not hide'],
    [(tokens * (tokens - 1)) / 2, 'the number of pairs of tokens that the mask hides'],
    [context, 'the largest number of tokens that the model can read'],
    [vocabulary, 'the number of tokens in the vocabulary'],
    [1, 'a count of one, such as a single token or a sum over a row'],
    [nHeads, 'the number of heads in the layer'],
    [nLayers, 'the number of layers in the model'],
    [dHead, 'the width of one head'],
    [dHead ** 2, 'the square of the width of one head'],
    [dModel, `the width of the embedding${isSplit ? ', and of all heads side by side' : ''}`],
    [isSplit ? undefined : allHeads, 'the width of all heads side by side'],
    [isSplit ? undefined : dModel / nHeads, 'the width of the embedding divided by the number of heads'],
    [isShared ? allKeyHeads : undefined, 'the width of all key heads side by side'],
    [allHeads + 2 * allKeyHeads, 'the width of the queries, keys and values of all heads side by side'],
    [dModel * allHeads, 'the number of weights in a projection of the whole layer'],
    [dModel * dHead, 'the number of weights in a projection of one head'],
    [dFeedForward, 'the width inside the feed-forward layer'],
    [nHeads * tokens, 'the number of tokens times the number of heads'],
    [nHeads * dModel, 'the width of the embedding times the number of heads'],
    [tokens * dModel, 'the count of numbers in the embeddings of all tokens'],
    [tokens * dHead, 'the number of entries in the queries, keys or values of one head, for all tokens'],
    ...ofOtherModels(given),
  ];
  // A number with a meaning of its own is not also a multiple of another.
  const multiples: Meaning[] = [
    [tokens / 2, 'half the number of tokens'],
    [2 * tokens, 'twice the number of tokens'],
    [2 * dHead, 'the width of the keys and values of one head side by side'],
    [3 * dHead, 'the width of the queries, keys and values of one head side by side'],
    [dHead / 2, 'half the width of one head'],
    [2 * dModel, 'twice the width of the embedding'],
    [4 * dModel, 'four times the width of the embedding'],
    [dModel / 2, 'half the width of the embedding'],
  ];
  const hasMeaning = ([value]: Meaning) => meanings.some(([known]) => known === value);
  return [...meanings, ...multiples.filter((multiple) => !hasMeaning(multiple))].flatMap(([value, phrase]) =>
    value === undefined ? [] : { value, phrase },
  );
}

/** Numbers that a student may remember from another model. */
function ofOtherModels(given: Given): Meaning[] {
  const { card, models } = handoutFacts(given);
  const listed = models.filter(({ name }) => name !== card.name);
  return [
    ...listed.flatMap(({ dModel, nHeads, nLayers }): Meaning[] => [
      [dModel, 'the dimension of another model in the table'],
      [nHeads, 'the number of heads in another model in the table'],
      [nLayers, 'the number of layers in another model in the table'],
    ]),
    // "Attention Is All You Need", table 3, the base model.
    [512, 'the dimension of the original transformer'],
    [64, 'the width of a head in the original transformer'],
  ];
}
