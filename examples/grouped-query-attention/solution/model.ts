/** The values that the worksheet states: `model` names a card below, `tokens` counts the input. */
export type Given = Readonly<Record<string, number | string>>;

/** The card of a model. The published sizes are the only numbers of the key. */
interface ModelCard {
  /** The page that has these sizes. */
  readonly link: string;
  /** Width of the embedding that runs through every layer. */
  readonly dModel: number;
  /** Query heads in one layer. */
  readonly nHeads: number;
  /** Key heads in one layer, and as many value heads. */
  readonly nKeyHeads: number;
  readonly nLayers: number;
  /** Rows of the embedding table, which is padded: the tokenizer knows fewer. */
  readonly vocabulary: number;
  /** Whether a bias is added to what the head computes. */
  readonly hasBias: boolean;
}

/** The configuration that a model is published with. */
const config = (repository: string) => `https://huggingface.co/${repository}/blob/main/config.json`;

const qwen = { nKeyHeads: 2, vocabulary: 151_936, hasBias: true };

/** Known models. The heads of StableLM are 160 wide. */
const modelCards: Readonly<Record<string, ModelCard>> = {
  'Qwen2.5-0.5B': { ...qwen, link: config('Qwen/Qwen2.5-0.5B'), dModel: 896, nHeads: 14, nLayers: 24 },
  'Qwen2.5-1.5B': { ...qwen, link: config('Qwen/Qwen2.5-1.5B'), dModel: 1536, nHeads: 12, nLayers: 28 },
  'StableLM-2-12B': {
    link: config('stabilityai/stablelm-2-12b'),
    dModel: 5120,
    nHeads: 32,
    nKeyHeads: 8,
    nLayers: 40,
    vocabulary: 100_352,
    hasBias: false,
  },
};

/** The most tokens in a sequence that the model was trained on. */
const context = 32_768;

export interface Dimensions extends ModelCard {
  /** Tokens of the input sequence. */
  readonly tokens: number;
  /** Width of one head: dModel / nHeads. */
  readonly dHead: number;
  /** Bytes of one number of the cache; bfloat16 has 16 bits. */
  readonly bytesPerNumber: number;
}

/**
 * The worksheet's dimensions, by name.
 *
 * @throws {RangeError} for an unknown model or an invalid token count.
 */
export function dimensions({ model, tokens }: Given): Dimensions {
  const card = Object.hasOwn(modelCards, String(model)) ? modelCards[String(model)] : undefined;
  if (!card) {
    const known = Object.keys(modelCards).join(', ');
    throw new RangeError(`given.model is ${JSON.stringify(model)}; model.ts knows ${known}`);
  }
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 2 || tokens > context)
    throw new RangeError(
      `given.tokens is ${JSON.stringify(tokens)}; write a whole number from 2 to ${context}`,
    );
  return { ...card, tokens, dHead: card.dModel / card.nHeads, bytesPerNumber: 2 };
}

/** The facts that the handout refers to by name, besides those in `rubric.yaml`. */
export function handoutFacts(given: Given) {
  const { bytesPerNumber: _, ...facts } = dimensions(given);
  return { ...facts, otherNames: Object.keys(modelCards).filter((name) => name !== given.model) };
}

export const bytesInKiB = 2 ** 10;
export const bytesInMiB = 2 ** 20;

/** The option for a cache that is `times` times as large. */
export function timesAsLarge(times: number): string {
  return times === 1 ? 'the same size' : `${times} times as large`;
}
