import { modelCards } from './model-card';

/** What the worksheet states: `model` names a card of `model-card.ts`, `tokens` counts the input. */
export type Given = Readonly<Record<string, number | string>>;

/** One named axis of a matrix. Two axes are the same only if their names are. */
export interface Dimension {
  readonly name: string;
  readonly size: number;
}

export interface Dimensions {
  /** Tokens of the input sequence. */
  readonly tokens: Dimension;
  /** Width of the embedding. */
  readonly dModel: Dimension;
  /** Attention heads in the layer. */
  readonly nHeads: Dimension;
  /** Width of one head: dModel / nHeads. */
  readonly dHead: Dimension;
  readonly vocabulary: Dimension;
}

/**
 * The worksheet's dimensions, by name.
 *
 * @throws {RangeError} for an unknown model, a token count that the model cannot read, or a width that the heads cannot share evenly; the message says what was found and what is known.
 */
export function dimensions(given: Given): Dimensions {
  const card = modelCards.get(String(given.model));
  if (!card) {
    throw new RangeError(
      `given.model is ${JSON.stringify(given.model)}; model-card.ts knows ${[...modelCards.keys()].join(', ')}`,
    );
  }
  const tokens = given.tokens;
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 1 || tokens > card.context) {
    throw new RangeError(
      `given.tokens is ${JSON.stringify(tokens)}; write a whole number from 1 to ${card.context}, as many as the model reads`,
    );
  }
  if (card.dModel % card.nHeads !== 0) {
    throw new RangeError(`dModel ${card.dModel} cannot be shared evenly by ${card.nHeads} heads`);
  }
  return {
    tokens: { name: 'tokens', size: tokens },
    dModel: { name: 'dModel', size: card.dModel },
    nHeads: { name: 'nHeads', size: card.nHeads },
    dHead: { name: 'dHead', size: card.dModel / card.nHeads },
    vocabulary: { name: 'vocabulary', size: card.vocabulary },
  };
}
