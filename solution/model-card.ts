/**
 * The published sizes of LLaMA's first version; the only file of the key that holds numbers.
 *
 * Source: the model card's hyperparameter table,
 * https://github.com/facebookresearch/llama/blob/llama_v1/MODEL_CARD.md
 * (the page for the family: https://github.com/facebookresearch/llama/blob/main/MODEL_CARD.md).
 */
export interface ModelCard {
  /** Width of the embedding that runs through every layer. */
  readonly dModel: number;
  /** Attention heads in one layer. */
  readonly nHeads: number;
  readonly nLayers: number;
  /** Tokens that the model reads at most. */
  readonly context: number;
  /** Tokens that the model can tell apart. */
  readonly vocabulary: number;
}

// Of the whole family: https://arxiv.org/abs/2302.13971, section 2.
const context = 2048;
const vocabulary = 32_000;

export const modelCards: ReadonlyMap<string, ModelCard> = new Map([
  ['LLaMA-7B', { dModel: 4096, nHeads: 32, nLayers: 32, context, vocabulary }],
  ['LLaMA-13B', { dModel: 5120, nHeads: 40, nLayers: 40, context, vocabulary }],
  ['LLaMA-33B', { dModel: 6656, nHeads: 52, nLayers: 60, context, vocabulary }],
  ['LLaMA-65B', { dModel: 8192, nHeads: 64, nLayers: 80, context, vocabulary }],
]);

/** Base of the rotary position embedding's wavelengths (https://arxiv.org/abs/2104.09864, section 3.2.2). */
export const rotaryBase = 10_000;
