import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ModelCard } from './cards';

/** Each field of a configuration, under its names in different families of models. */
const names = {
  width: ['hidden_size', 'n_embd'],
  heads: ['num_attention_heads', 'n_head'],
  keyHeads: ['num_key_value_heads', 'num_kv_heads', 'n_head_kv'],
  headWidth: ['head_dim'],
  layers: ['num_hidden_layers', 'n_layer'],
  vocabulary: ['vocab_size'],
  feedForward: ['intermediate_size', 'n_inner', 'ffn_dim'],
  context: ['max_position_embeddings', 'n_positions'],
} as const;

type Size = keyof typeof names;

/** A model type: the meaning of missing fields, and whether a bias is added to what a head computes. */
interface ModelType {
  /** Sizes to use for missing fields; if `keyHeads` is not among them, there are as many key heads as query heads. */
  readonly missing: Partial<Record<Size, number>>;
  /** The field that says whether there is a bias, and what it means if it is missing; or whether there always is one. */
  readonly bias: boolean | readonly [field: string, missing: boolean];
  /** Whether a head is always as wide as the embedding divided by the number of heads, whatever head_dim says. */
  readonly isSplit?: true;
  /** Whether each query head has its own key head, whatever any field says. */
  readonly hasOwnKeys?: true;
}

const byField = ['attention_bias', false] as const;
const gemma = { headWidth: 256, vocabulary: 256_000, context: 8192 };

/**
 * From the configurations and attention layers of these types in github.com/huggingface/transformers,
 * src/transformers/models, as of commit 008e574391; falcon and gpt2 as of 00dcc6dda6, opt as of 0184d2087e, gemma3 as
 * of 008f5c8c29; qwen2_moe, qwen3_moe and mixtral as of 008e574391, gpt_oss as of 02b8f42b42, gptj as of 0bedd3309f.
 * Experts share the work of the feed-forward layer, and change nothing in a head.
 */
const types: Readonly<Record<string, ModelType>> = {
  llama: { missing: { vocabulary: 32_000, feedForward: 11_008, context: 2048 }, bias: byField },
  mistral: { missing: { keyHeads: 8, feedForward: 14_336, context: 131_072 }, bias: false },
  qwen2: { missing: { keyHeads: 32, feedForward: 22_016, context: 32_768 }, bias: true },
  qwen3: { missing: { keyHeads: 32, headWidth: 128, feedForward: 22_016, context: 32_768 }, bias: byField },
  qwen2_moe: { missing: { keyHeads: 16, context: 32_768 }, bias: ['qkv_bias', true] },
  qwen3_moe: { missing: { keyHeads: 4, context: 32_768 }, bias: byField },
  mixtral: { missing: { keyHeads: 8, feedForward: 14_336, context: 131_072 }, bias: false },
  gpt_oss: {
    missing: { heads: 64, keyHeads: 8, headWidth: 64, vocabulary: 201_088, context: 131_072 },
    bias: ['attention_bias', true],
  },
  gemma: { missing: { ...gemma, heads: 16, keyHeads: 16, feedForward: 24_576 }, bias: byField },
  gemma2: { missing: { ...gemma, heads: 8, keyHeads: 4, feedForward: 9216 }, bias: byField },
  gemma3_text: {
    missing: { ...gemma, heads: 8, keyHeads: 4, feedForward: 9216, vocabulary: 262_208, context: 131_072 },
    bias: byField,
  },
  phi: { missing: { feedForward: 8192, context: 2048 }, bias: true },
  phi3: { missing: { feedForward: 8192, context: 4096 }, bias: false },
  gpt2: { missing: { vocabulary: 50_257, context: 1024 }, bias: true, isSplit: true, hasOwnKeys: true },
  gptj: { missing: { vocabulary: 50_400, context: 2048 }, bias: false, isSplit: true, hasOwnKeys: true },
  gpt_neox: {
    missing: { feedForward: 24_576, context: 2048 },
    bias: ['attention_bias', true],
    isSplit: true,
    hasOwnKeys: true,
  },
  olmo: { missing: { feedForward: 11_008, context: 2048 }, bias: byField },
  olmo2: { missing: { feedForward: 11_008, context: 2048 }, bias: byField },
  granite: { missing: { feedForward: 11_008, context: 2048 }, bias: byField },
  falcon: { missing: { vocabulary: 65_024, context: 2048 }, bias: ['bias', false], isSplit: true },
  opt: {
    missing: { feedForward: 3072, vocabulary: 50_272, context: 2048 },
    bias: ['enable_bias', true],
    isSplit: true,
    hasOwnKeys: true,
  },
};

/** Fields of models whose heads are built differently. */
const otherHeads =
  /^(?:kv_lora_rank|qk_.*_head_dim|v_head_dim|global_head_dim|num_global_key_value_heads|block_configs|hybrid_override_pattern|attn_config|is_encoder_decoder|mamba_.*)$/;

/** Fields for the number of experts that share the work of the feed-forward layer. */
const experts = /^(?:num_experts|num_local_experts|n_routed_experts)$/;

type Fields = Readonly<Record<string, unknown>>;

/** Advice for the author if a file cannot be read as a model. */
const byHand =
  'If its heads are ordinary all the same, write their sizes by hand, such as model: { width: 1440, heads: 12, head: 96, keyHeads: 4 }';

/**
 * The card of a model from its published `config.json`, just as it was downloaded.
 *
 * @param file relative to the course's root.
 * @throws {RangeError} that names the file and the field that cannot be used.
 */
export function cardFrom(file: string): ModelCard {
  const whole = fieldsIn(file);
  const refuse = (text: string): never => {
    throw new RangeError(`${file}: ${text}. ${byHand}`);
  };
  const fields = { ...whole, ...(whole?.text_config as Fields | undefined) };
  const modelType = String(fields.model_type);
  const type = Object.hasOwn(types, modelType) ? types[modelType] : undefined;
  if (!type)
    return refuse(`model_type is ${modelType}; this worksheet reads ${Object.keys(types).join(', ')}`);
  const reason = otherAttention(fields) ?? otherEmbedding(fields);
  if (reason !== undefined) refuse(reason);

  const size = (of: Size) => sizeIn(fields, of, type, refuse);
  const needed = (of: Size): number => size(of) ?? refuse(`it has no ${names[of][0]}`);

  const dModel = needed('width');
  const nHeads = needed('heads');
  const statedKeyHeads = (type.hasOwnKeys ? undefined : size('keyHeads')) ?? nHeads;
  const keyHeads = sharesOneKey(fields, modelType) ? 1 : statedKeyHeads;
  const declaredHead = type.isSplit ? undefined : size('headWidth');
  const dHead = declaredHead ?? dModel / nHeads;
  const uneven = unevenHeads({ dModel, dHead, nHeads, keyHeads });
  if (uneven !== undefined) refuse(uneven);
  // Computed from the declared sizes, not from dHead, so that a slip in the width of a head shows when the two are compared.
  const declaredWidth = declaredHead === undefined ? dModel : declaredHead * nHeads;
  return {
    name: nameOf(file, fields),
    dModel,
    nHeads,
    dHead,
    nKeyHeads: keyHeads < nHeads ? keyHeads : undefined,
    nLayers: needed('layers'),
    dFeedForward: hasExperts(fields) ? undefined : (size('feedForward') ?? 4 * dModel),
    context: needed('context'),
    vocabulary: needed('vocabulary'),
    hasBias: hasBias(fields, type),
    slidingWindow: slidingWindowOf(fields, modelType),
    weights: { queries: declaredWidth, keys: (declaredWidth / nHeads) * keyHeads },
  };
}

/** Says how the width of the embedding differs from that of the layers, if it does. */
function otherEmbedding(fields: Fields): string | undefined {
  const embedded = fields.word_embed_proj_dim;
  const width = names.width.map((name) => fields[name]).find((value) => value !== undefined);
  return embedded === undefined || embedded === width
    ? undefined
    : `word_embed_proj_dim is ${embedded}, so its embedding is not as wide as its layers`;
}

/** Says which size heads cannot share evenly, if there is one. */
function unevenHeads(sizes: Readonly<Record<'dModel' | 'dHead' | 'nHeads' | 'keyHeads', number>>) {
  const { dModel, dHead, nHeads, keyHeads } = sizes;
  if (!Number.isInteger(dHead))
    return `it has no head_dim, and ${nHeads} heads cannot share ${dModel} evenly`;
  return nHeads % keyHeads === 0
    ? undefined
    : `${keyHeads} key heads cannot be shared evenly by ${nHeads} heads`;
}

/** A size, or undefined if it is missing and its type does not define what that means. */
function sizeIn(
  fields: Fields,
  size: Size,
  { missing }: ModelType,
  refuse: (text: string) => never,
): number | undefined {
  const field = names[size].find((name) => fields[name] !== undefined) ?? names[size][0];
  const value = fields[field];
  // A missing field may mean shared keys or a certain head width in this type, but null still means none.
  if (value === null && size !== 'heads') return undefined;
  if (value === undefined || value === null) return missing[size];
  return isCount(value)
    ? value
    : refuse(`${field} is ${JSON.stringify(value)}, and has to be a whole number from 1`);
}

/** Says which part of a model is not attention of the kind that this worksheet asks about, if there is one. */
function otherAttention(fields: Fields): string | undefined {
  const [set] = Object.entries(fields).filter(([field, value]) => otherHeads.test(field) && value);
  if (set) return `${set[0]} is set, so its heads are built in another way`;
  const layerTypes = Array.isArray(fields.layer_types) ? fields.layer_types : [];
  const layerType = layerTypes.find((one) => !['full_attention', 'sliding_attention'].includes(one));
  return layerType === undefined
    ? undefined
    : `layer_types has ${layerType}, which is not the attention that this worksheet asks about`;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function hasBias(fields: Fields, { bias }: ModelType): boolean {
  return typeof bias === 'boolean' ? bias : Boolean(fields[bias[0]] ?? bias[1]);
}

function hasExperts(fields: Fields): boolean {
  return Object.keys(fields).some((field) => experts.test(field) && Number(fields[field]) > 1);
}

function sharesOneKey(fields: Fields, modelType: string): boolean {
  return modelType === 'falcon' && fields.multi_query !== false && !fields.new_decoder_architecture;
}

/**
 * The name of the file; if the file still has the name of its download, the name that it states itself:
 * `Qwen/Qwen3-0.6B`.
 */
function nameOf(file: string, { _name_or_path: own }: Fields): string {
  const name = path.basename(file, '.json');
  return name === 'config' && typeof own === 'string' && own !== '' ? path.posix.basename(own) : name;
}

/** The types in which only some layers have a window, if the file does not list them. */
const mixedLayers = ['gemma2', 'gemma3_text', 'gpt_oss'];

/** The types in which a window counts only if the file says so. */
const windowUnused = ['qwen2', 'qwen2_moe', 'qwen3_moe'];

function slidingWindowOf(fields: Fields, modelType: string): ModelCard['slidingWindow'] {
  const isUsed = fields.use_sliding_window ?? !windowUnused.includes(modelType);
  if (!isUsed || !fields.sliding_window) return undefined;
  const layers = Array.isArray(fields.layer_types) ? fields.layer_types : [];
  return mixedLayers.includes(modelType) || layers.includes('full_attention') ? 'some' : 'all';
}

/** @throws {RangeError} that names the file, if it is missing or not JSON. */
function fieldsIn(file: string): Fields | null {
  const absolutePath = path.join(__dirname, '..', file);
  if (!existsSync(absolutePath)) throw new RangeError(`${file}: there is no such file`);
  try {
    return JSON.parse(readFileSync(absolutePath, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new RangeError(`${file}: it is not JSON`);
  }
}
