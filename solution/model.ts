/** A model that nobody has trained, with only the sizes that its heads need. */
type InventedModel = Readonly<Record<string, number>>;

/** Sizes that the worksheet states. `model` names a card below or is one; `tokens` counts the input. */
export type Given = Readonly<Record<string, number | string | InventedModel>>;

interface Source {
  readonly title: string;
  readonly year: number;
  readonly link: string;
  /** Where the sizes are, if they are not behind the link. */
  readonly sizes?: string;
}

/** A model as the worksheet describes it. The published sizes are the only numbers of the key. */
interface ModelCard {
  /** Missing for a model that is invented. The handout lists all models of one title. */
  readonly source?: Source;
  /** Width of the embedding that runs through every layer. */
  readonly dModel: number;
  /** Attention heads in one layer, counting those that queries are computed for. */
  readonly nHeads: number;
  /** Heads that keys and values are computed for, if heads of the queries share them. */
  readonly nKeyHeads?: number;
  readonly nLayers: number;
  /** Width inside the feed-forward layer, which follows attention; if missing, four times `dModel`. */
  readonly dFeedForward?: number;
  /** The most tokens that the model reads. */
  readonly context: number;
  /** Rows of the embedding table. */
  readonly vocabulary: number;
  /** Whether the table has more rows than the tokenizer knows tokens. */
  readonly isPadded?: boolean;
  /** Whether a bias is added to what the head computes. */
  readonly hasBias?: boolean;
}

/**
 * LLaMA's first version, whose sizes are also in https://arxiv.org/abs/2302.13971, section 2; the widths of the
 * feed-forward layers are those of the published weights.
 */
const llama = {
  source: {
    title: 'LLaMA',
    year: 2023,
    link: 'https://github.com/facebookresearch/llama/blob/main/MODEL_CARD.md',
    sizes: 'https://github.com/facebookresearch/llama/blob/llama_v1/MODEL_CARD.md',
  },
  context: 2048,
  vocabulary: 32_000,
};

/** A model whose configuration is on Hugging Face. Those that are listed here add biases. */
const published = (title: string, year: number, repository: string) => ({
  source: { title, year, link: `https://huggingface.co/${repository}/blob/main/config.json` },
  hasBias: true,
});

/** GPT-2 adds its positions to the embeddings, which changes no shape. */
const gpt2 = (repository: string) => ({
  ...published('GPT-2', 2019, `openai-community/${repository}`),
  context: 1024,
  vocabulary: 50_257,
});

const pythia = (repository: string) => ({
  ...published('Pythia', 2023, `EleutherAI/${repository}`),
  context: 2048,
  vocabulary: 50_304,
  isPadded: true,
});

const qwen = (repository: string) => ({
  ...published('Qwen2.5', 2024, `Qwen/${repository}`),
  nKeyHeads: 2,
  context: 32_768,
  vocabulary: 151_936,
  isPadded: true,
});

/** Known models, by the names that `given.model` takes. */
export const modelCards: Readonly<Record<string, ModelCard>> = {
  'LLaMA-7B': { ...llama, dModel: 4096, nHeads: 32, nLayers: 32, dFeedForward: 11_008 },
  'LLaMA-13B': { ...llama, dModel: 5120, nHeads: 40, nLayers: 40, dFeedForward: 13_824 },
  'LLaMA-33B': { ...llama, dModel: 6656, nHeads: 52, nLayers: 60, dFeedForward: 17_920 },
  'LLaMA-65B': { ...llama, dModel: 8192, nHeads: 64, nLayers: 80, dFeedForward: 22_016 },
  'GPT-2-small': { ...gpt2('gpt2'), dModel: 768, nHeads: 12, nLayers: 12 },
  'GPT-2-medium': { ...gpt2('gpt2-medium'), dModel: 1024, nHeads: 16, nLayers: 24 },
  'Pythia-1B': { ...pythia('pythia-1b'), dModel: 2048, nHeads: 8, nLayers: 16 },
  'Pythia-2.8B': { ...pythia('pythia-2.8b'), dModel: 2560, nHeads: 32, nLayers: 32 },
  'GPT-NeoX-20B': {
    ...published('GPT-NeoX', 2022, 'EleutherAI/gpt-neox-20b'),
    dModel: 6144,
    nHeads: 64,
    nLayers: 44,
    context: 2048,
    vocabulary: 50_432,
    isPadded: true,
  },
  'Qwen2.5-0.5B': { ...qwen('Qwen2.5-0.5B'), dModel: 896, nHeads: 14, nLayers: 24, dFeedForward: 4864 },
  'Qwen2.5-1.5B': { ...qwen('Qwen2.5-1.5B'), dModel: 1536, nHeads: 12, nLayers: 28, dFeedForward: 8960 },
};

/** Base of the rotary position embedding's wavelengths (https://arxiv.org/abs/2104.09864, section 3.2.2). */
export const rotaryBase = 10_000;

/** The sizes of a card, `tokens` of the input sequence, and `dHead`, the width of one head. */
export type Dimensions = ReturnType<typeof dimensions>;

/**
 * The worksheet's dimensions, by name.
 *
 * @throws {RangeError} for an unknown model, a token count that the model cannot read, or a width that the heads cannot
 * share evenly. The message says what was found and what is known.
 */
export function dimensions({ model, tokens, ...others }: Given) {
  const [other] = Object.keys(others);
  if (other) throw new RangeError(`given.${other} is not used here; given holds model and tokens`);
  const card = cardOf(model);
  const { context, dModel, nHeads, dFeedForward = 4 * dModel } = card;
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 1 || tokens > context) {
    throw new RangeError(
      `given.tokens is ${JSON.stringify(tokens)}; write a whole number from 1 to ${context}, as many as the model reads`,
    );
  }
  if (dModel % nHeads !== 0)
    throw new RangeError(`dModel ${dModel} cannot be shared evenly by ${nHeads} heads`);
  return { ...card, tokens, dHead: dModel / nHeads, dFeedForward };
}

/** @throws {RangeError} for an unknown model. */
function cardOf(model: Given[string] | undefined): ModelCard {
  if (typeof model === 'object') return inventedCard(model);
  const card = Object.hasOwn(modelCards, String(model)) ? modelCards[String(model)] : undefined;
  if (card) return card;
  const known = Object.keys(modelCards).join(', ');
  throw new RangeError(`given.model is ${JSON.stringify(model)}; model.ts knows ${known}`);
}

/**
 * The card of `{ width: 960, heads: 10 }`; the other sizes are those of LLaMA 7B.
 *
 * @throws {RangeError} unless it has just these two sizes, each a whole number from 1.
 */
function inventedCard(model: InventedModel): ModelCard {
  const { width = 0, heads = 0, ...others } = model;
  const isCard = [width, heads].every((size) => Number.isSafeInteger(size) && size >= 1);
  if (!isCard || Object.keys(others).length > 0)
    throw new RangeError(
      `given.model is ${JSON.stringify(model)}; an invented model is { width: 960, heads: 10 }, in whole numbers`,
    );
  return { ...cardOf('LLaMA-7B'), source: undefined, dFeedForward: undefined, dModel: width, nHeads: heads };
}

/**
 * The facts that the handout refers to by name, besides those in `rubric.yaml`.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function handoutFacts(given: Given) {
  const card = cardOf(given.model);
  const { source } = card;
  const name = source ? String(given.model) : 'an invented model';
  const all = Object.entries({ ...modelCards, [name]: card }).map(([key, one]) => ({ ...one, name: key }));
  return {
    ...dimensions(given),
    card: { ...card, name },
    models: all.filter((one) => one.source?.title === source?.title),
    otherNames: all
      .flatMap((one) => [one.name, one.source?.title])
      .filter((other) => other !== name && other !== source?.title),
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
