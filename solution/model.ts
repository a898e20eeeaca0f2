import { type ModelCard, modelCards } from './cards';
import { cardFrom } from './config';

/** A model that nobody has trained, with only the sizes that its heads need. */
type InventedModel = Readonly<Record<string, number>>;

/**
 * Sizes that the worksheet states. `model` names a card or a file, or is an invented model; `tokens` is the length of
 * the input.
 */
export type Given = Readonly<Record<string, number | string | InventedModel>>;

/**
 * The sizes of a card, `tokens` of the input sequence, and `allHeads`, the width of all heads side by side.
 *
 * @throws {RangeError} for an unknown model, or a token count that the model cannot read. The message says what was found
 * and what is known.
 */
export function dimensions({ model, tokens, ...unusedSizes }: Given) {
  const [unusedName] = Object.keys(unusedSizes);
  if (unusedName) throw new RangeError(`given.${unusedName} is not used here; given holds model and tokens`);
  const card = cardOf(model);
  const { context, nHeads, dHead } = card;
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 1 || tokens > context) {
    throw new RangeError(
      `given.tokens is ${JSON.stringify(tokens)}; write a whole number from 1 to ${context}, as many as the model reads`,
    );
  }
  return { ...card, tokens, allHeads: nHeads * dHead };
}

/** @throws {RangeError} for an unknown model. */
function cardOf(model: Given[string] | undefined): ModelCard {
  if (typeof model === 'object') return inventedCard(model);
  if (typeof model === 'string' && model.endsWith('.json')) return cardFrom(model);
  // Also accept the name on Hugging Face: `Qwen/Qwen3-0.6B`.
  const name = String(model).replace(/^.*\//, '').toLowerCase();
  const card = Object.values(modelCards).find((known) => known.name.toLowerCase() === name);
  if (card) return card;
  const cardNames = Object.keys(modelCards).join(', ');
  throw new RangeError(
    `given.model is ${JSON.stringify(model)}; write one of ${cardNames}, or the file of a model's config.json, such as ./model.json`,
  );
}

/**
 * The card of `{ width: 960, heads: 10 }`, whose heads share the width evenly, or of `{ width: 1440, heads: 12, head:
 * 96, keyHeads: 4 }`, whose heads have a width of their own and share keys. All other sizes are those of LLaMA 7B.
 *
 * @throws {RangeError} unless it has exactly these sizes, each a whole number of at least 1.
 */
function inventedCard(model: InventedModel): ModelCard {
  const { width = 0, heads = 0, head = width / heads, keyHeads = heads, ...otherSizes } = model;
  const sizes = [width, heads, head, keyHeads, heads / keyHeads];
  const isCard = sizes.every((size) => Number.isSafeInteger(size) && size >= 1);
  if (!isCard || Object.keys(otherSizes).length > 0)
    throw new RangeError(
      `given.model is ${JSON.stringify(model)}; an invented model is { width: 960, heads: 10 }, in whole numbers, where the heads share the width evenly, or with head: 64 as wide as that; with keyHeads: 5 some share their keys evenly`,
    );
  return {
    ...cardOf('LLaMA-7B'),
    name: 'an invented model',
    source: undefined,
    dModel: width,
    nHeads: heads,
    dHead: head,
    nKeyHeads: keyHeads < heads ? keyHeads : undefined,
    dFeedForward: 4 * width,
    weights: { queries: heads * head, keys: keyHeads * head },
  };
}

/**
 * The facts that the handout refers to by name, besides those in `rubric.yaml`.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function handoutFacts(given: Given) {
  const card = cardOf(given.model);
  const { name, source, dModel, slidingWindow } = card;
  const { name: _, allHeads, ...sizes } = dimensions(given);
  const cards = Object.values(modelCards);
  return {
    ...sizes,
    /** All heads side by side, and how that compares with the embedding. */
    together: { width: allHeads, isSplit: allHeads === dModel, compared: comparedWith(dModel, allHeads) },
    card,
    models: source ? cards.filter((known) => known.source?.title === source.title) : [card],
    notes: [
      ...(name === 'config'
        ? [
            `given.model is ${given.model}, which does not say what it is called. Rename the file to the model's name.`,
          ]
        : []),
      ...(slidingWindow === 'some'
        ? [`${name} limits how far a token attends in some layers. The worksheet asks for no such layer.`]
        : []),
      ...(slidingWindow === 'all'
        ? [
            `${name} limits how far a token attends. The worksheet takes the sequence to be shorter than that.`,
          ]
        : []),
    ],
    otherNames: cards
      .flatMap((known) => [known.name, known.source?.title])
      .filter((other) => other !== name && other !== source?.title),
  };
}

/** `twice the embedding`, `narrower than the embedding` */
function comparedWith(dModel: number, allHeads: number): string {
  if (allHeads === 2 * dModel) return 'twice the embedding';
  return `${allHeads > dModel ? 'wider' : 'narrower'} than the embedding`;
}

/** The seven activation matrices of one head, in the order in which they are computed. */
export type Row = 'input' | 'queries' | 'keys' | 'values' | 'scores' | 'weights' | 'output';

/** How many rows and columns one matrix has. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** The worksheet filled in: one size per matrix. */
export type ShapeTable = Readonly<Record<Row, Size>>;
