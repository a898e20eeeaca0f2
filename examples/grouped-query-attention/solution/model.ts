/** The values that the worksheet states: `model` names a card below, `tokens` is the length of the input. */
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
  /** Whether a bias is added to what the head computes. */
  readonly hasBias: boolean;
}

/** The configuration that a model is published with. */
const config = (repository: string) => `https://huggingface.co/${repository}/blob/main/config.json`;

const qwen = (name: string) => ({ link: config(`Qwen/${name}`), nKeyHeads: 2, hasBias: true });

const stableLm = { link: config('stabilityai/stablelm-2-12b'), nKeyHeads: 8, hasBias: false };

/** Known models. The heads of StableLM are 160 wide. */
const modelCards: Readonly<Record<string, ModelCard>> = {
  'Qwen2.5-0.5B': { ...qwen('Qwen2.5-0.5B'), dModel: 896, nHeads: 14, nLayers: 24 },
  'Qwen2.5-1.5B': { ...qwen('Qwen2.5-1.5B'), dModel: 1536, nHeads: 12, nLayers: 28 },
  'StableLM-2-12B': { ...stableLm, dModel: 5120, nHeads: 32, nLayers: 40 },
};

/** The most tokens that every one of these models reads; StableLM reads the fewest. */
const context = 4096;

/** The format of the cache is bfloat16, which has 16 bits. */
export const bytesPerNumber = 2;
export const bytesInMiB = 2 ** 20;

/**
 * The sizes of a card, `tokens` of the input sequence, and `dHead`, the width of one head of either kind.
 *
 * @throws {RangeError} for an unknown model or an invalid token count.
 */
export function dimensions({ model, tokens }: Given) {
  const card = Object.hasOwn(modelCards, String(model)) ? modelCards[String(model)] : undefined;
  if (!card) {
    const known = Object.keys(modelCards).join(', ');
    throw new RangeError(`given.model is ${JSON.stringify(model)}; model.ts knows ${known}`);
  }
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 2 || tokens > context)
    throw new RangeError(
      `given.tokens is ${JSON.stringify(tokens)}; write a whole number from 2 to ${context}`,
    );
  return { ...card, tokens, dHead: card.dModel / card.nHeads };
}

/** The facts that the handout refers to by name, besides those in `rubric.yaml`. */
export function handoutFacts(given: Given) {
  return { ...dimensions(given), otherNames: Object.keys(modelCards).filter((name) => name !== given.model) };
}

/** The option for a cache that is `times` times as large. */
export function timesAsLarge(times: number): string {
  return times === 1 ? 'the same size' : `${times} times as large`;
}
