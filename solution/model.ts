/** A model that nobody has trained, with only the sizes that its heads need. */
type InventedModel = Readonly<Record<string, number>>;

/** Sizes that the worksheet states. `model` names a card below or is one; `tokens` counts the input. */
export type Given = Readonly<Record<string, number | string | InventedModel>>;

/** The published sizes of a model; the only numbers of the key. */
interface ModelCard {
  /** Width of the embedding that runs through every layer. */
  readonly dModel: number;
  /** Attention heads in one layer, counting those that queries are computed for. */
  readonly nHeads: number;
  readonly nLayers: number;
  /** Width inside the feed-forward layer, which follows attention. */
  readonly dFeedForward: number;
}

interface Family {
  /** The most tokens that a model of the family reads. */
  readonly context: number;
  /** Rows of the embedding table. */
  readonly vocabulary: number;
  readonly cards: Readonly<Record<string, ModelCard>>;
}

/**
 * LLaMA's first version. Sources: the model card's hyperparameter table,
 * https://github.com/facebookresearch/llama/blob/llama_v1/MODEL_CARD.md
 * (the page for the family: https://github.com/facebookresearch/llama/blob/main/MODEL_CARD.md), and
 * https://arxiv.org/abs/2302.13971, section 2; the widths of the feed-forward layers are those of the
 * published weights.
 *
 * GPT-2. Sources: https://huggingface.co/openai-community/gpt2/blob/main/config.json and its neighbor for
 * medium; https://github.com/openai/gpt-2. It adds its positions to the embeddings, which changes no shape.
 *
 * Pythia and GPT-NeoX, whose heads are 256, 80 and 96 wide. Sources:
 * https://huggingface.co/EleutherAI/pythia-1b/blob/main/config.json,
 * https://huggingface.co/EleutherAI/pythia-2.8b/blob/main/config.json and
 * https://huggingface.co/EleutherAI/gpt-neox-20b/blob/main/config.json. Their vocabularies are padded.
 *
 * Qwen2.5. Source: https://huggingface.co/Qwen/Qwen2.5-0.5B/blob/main/config.json and its neighbors. Its
 * vocabulary is padded. Keys and values have fewer heads than queries; a head is as wide either way.
 */
const families: Readonly<Record<string, Family>> = {
  LLaMA: {
    context: 2048,
    vocabulary: 32_000,
    cards: {
      'LLaMA-7B': { dModel: 4096, nHeads: 32, nLayers: 32, dFeedForward: 11_008 },
      'LLaMA-13B': { dModel: 5120, nHeads: 40, nLayers: 40, dFeedForward: 13_824 },
      'LLaMA-33B': { dModel: 6656, nHeads: 52, nLayers: 60, dFeedForward: 17_920 },
      'LLaMA-65B': { dModel: 8192, nHeads: 64, nLayers: 80, dFeedForward: 22_016 },
    },
  },
  'GPT-2': {
    context: 1024,
    vocabulary: 50_257,
    cards: {
      'GPT-2-small': { dModel: 768, nHeads: 12, nLayers: 12, dFeedForward: 3072 },
      'GPT-2-medium': { dModel: 1024, nHeads: 16, nLayers: 24, dFeedForward: 4096 },
    },
  },
  Pythia: {
    context: 2048,
    vocabulary: 50_304,
    cards: {
      'Pythia-1B': { dModel: 2048, nHeads: 8, nLayers: 16, dFeedForward: 8192 },
      'Pythia-2.8B': { dModel: 2560, nHeads: 32, nLayers: 32, dFeedForward: 10_240 },
    },
  },
  'GPT-NeoX': {
    context: 2048,
    vocabulary: 50_432,
    cards: { 'GPT-NeoX-20B': { dModel: 6144, nHeads: 64, nLayers: 44, dFeedForward: 24_576 } },
  },
  'Qwen2.5': {
    context: 32_768,
    vocabulary: 151_936,
    cards: {
      'Qwen2.5-0.5B': { dModel: 896, nHeads: 14, nLayers: 24, dFeedForward: 4864 },
      'Qwen2.5-1.5B': { dModel: 1536, nHeads: 12, nLayers: 28, dFeedForward: 8960 },
    },
  },
};

/** A card with the sizes that its family shares. */
type KnownModel = ModelCard & Omit<Family, 'cards'> & { readonly family: string };

/** Known models, by name. */
const models = new Map<string, KnownModel>(
  Object.entries(families).flatMap(([family, { cards, ...shared }]) =>
    Object.entries(cards).map(([model, card]) => [model, { family, ...shared, ...card }] as const),
  ),
);

export const modelCards: Readonly<Record<string, ModelCard>> = Object.fromEntries(models);

/** Base of the rotary position embedding's wavelengths (https://arxiv.org/abs/2104.09864, section 3.2.2). */
export const rotaryBase = 10_000;

export interface Dimensions {
  /** Tokens of the input sequence. */
  readonly tokens: number;
  /** Width of the embedding. */
  readonly dModel: number;
  /** Attention heads in the layer. */
  readonly nHeads: number;
  /** Width of one head: dModel / nHeads. */
  readonly dHead: number;
  readonly nLayers: number;
  /** Tokens that the model can tell apart. */
  readonly vocabulary: number;
  /** The most tokens that the model reads. */
  readonly context: number;
  readonly dFeedForward: number;
}

/**
 * The worksheet's dimensions, by name.
 *
 * @throws {RangeError} for an unknown model, a token count that the model cannot read, or a width that the heads cannot
 * share evenly. The message says what was found and what is known.
 */
export function dimensions({ model, tokens, ...others }: Given): Dimensions {
  const [other] = Object.keys(others);
  if (other) throw new RangeError(`given.${other} is not used here; given holds model and tokens`);
  const { context, vocabulary, dModel, nHeads, nLayers, dFeedForward } = cardOf(model);
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 1 || tokens > context) {
    throw new RangeError(
      `given.tokens is ${JSON.stringify(tokens)}; write a whole number from 1 to ${context}, as many as the model reads`,
    );
  }
  if (dModel % nHeads !== 0)
    throw new RangeError(`dModel ${dModel} cannot be shared evenly by ${nHeads} heads`);
  return { tokens, dModel, nHeads, dHead: dModel / nHeads, nLayers, vocabulary, context, dFeedForward };
}

/** @throws {RangeError} for an unknown model. */
function cardOf(model: Given[string] | undefined): KnownModel {
  if (typeof model === 'object') return inventedCard(model);
  const card = models.get(String(model));
  if (card) return card;
  throw new RangeError(
    `given.model is ${JSON.stringify(model)}; model.ts knows ${[...models.keys()].join(', ')}`,
  );
}

/**
 * The card of `{ width: 960, heads: 10 }`. The feed-forward layer is four times as wide, as in GPT-2; the other sizes
 * are LLaMA's.
 *
 * @throws {RangeError} unless it has just these two sizes, each a whole number from 1.
 */
function inventedCard({ width = 0, heads = 0, ...others }: InventedModel): KnownModel {
  const isCard = [width, heads].every((size) => Number.isSafeInteger(size) && size >= 1);
  if (!isCard || Object.keys(others).length > 0)
    throw new RangeError(
      `given.model is ${JSON.stringify({ width, heads, ...others })}; an invented model is { width: 960, heads: 10 }, in whole numbers`,
    );
  const { context, vocabulary, nLayers } = cardOf('LLaMA-7B');
  const card = { dModel: width, nHeads: heads, nLayers, dFeedForward: 4 * width };
  return { family: 'invented', context, vocabulary, ...card };
}

/**
 * The facts that the handout refers to by name, besides those in `rubric.yaml`.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function handoutFacts(given: Given) {
  const name = (model: string) => model.replaceAll('-', ' ');
  return {
    ...dimensions(given),
    modelName: typeof given.model === 'object' ? 'an invented model' : name(String(given.model)),
    family: cardOf(given.model).family,
    models: [...models]
      .filter(([, { family }]) => family === cardOf(given.model).family)
      .map(([model, card]) => ({ name: name(model), ...card, isChosen: model === given.model })),
  };
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
