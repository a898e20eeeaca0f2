interface Source {
  readonly title: string;
  readonly year: number;
  readonly link: string;
  /** Where the sizes are, if not at the link. */
  readonly sizes?: string;
}

/** A model as the worksheet describes it. The published sizes are the only numbers of the key. */
export interface ModelCard {
  readonly name: string;
  /** Missing for a model that is invented or read from a file. The handout lists all models with the same title. */
  readonly source?: Source | undefined;
  /** Width of the embedding that runs through every layer. */
  readonly dModel: number;
  /** Attention heads in one layer, which is the number of heads with queries of their own. */
  readonly nHeads: number;
  /** Width of one head, which is a setting of its own: all heads together may be wider or narrower than the embedding. */
  readonly dHead: number;
  /** Heads with keys and values of their own, if several query heads share them. */
  readonly nKeyHeads?: number | undefined;
  readonly nLayers: number;
  /** Width inside the feed-forward layer, which follows attention; missing if several experts share its work. */
  readonly dFeedForward?: number | undefined;
  /** The most tokens that the model reads. */
  readonly context: number;
  /** Rows of the embedding table. */
  readonly vocabulary: number;
  /** Whether the table has more rows than the tokenizer has tokens. */
  readonly isPadded?: boolean | undefined;
  /** Whether a bias is added to what the head computes. */
  readonly hasBias?: boolean | undefined;
  /** Which layers attend only to nearby tokens, if any do. */
  readonly slidingWindow?: 'some' | 'all' | undefined;
  /** How many numbers a layer's weights compute for one token: the queries of all heads together, and the keys. */
  readonly weights: { readonly queries: number; readonly keys: number };
}

type Family = Pick<ModelCard, 'isPadded' | 'hasBias' | 'slidingWindow'> & {
  readonly title: string;
  readonly year: number;
};

const families: Readonly<Record<string, Family>> = {
  gpt2: { title: 'GPT-2', year: 2019, hasBias: true }, // it adds its positions to the embeddings, which changes no shape
  neox: { title: 'GPT-NeoX', year: 2022, isPadded: true, hasBias: true },
  opt: { title: 'OPT', year: 2022, isPadded: true, hasBias: true },
  llama: { title: 'LLaMA', year: 2023 },
  pythia: { title: 'Pythia', year: 2023, isPadded: true, hasBias: true },
  falcon: { title: 'Falcon', year: 2023 },
  mistral: { title: 'Mistral', year: 2023, slidingWindow: 'all' },
  nemo: { title: 'Mistral NeMo', year: 2024 },
  gemma: { title: 'Gemma', year: 2024 },
  phi3: { title: 'Phi-3', year: 2024, isPadded: true, slidingWindow: 'all' },
  qwen2: { title: 'Qwen2.5', year: 2024, isPadded: true, hasBias: true },
  gemma3: { title: 'Gemma 3', year: 2025, slidingWindow: 'some' },
  qwen3: { title: 'Qwen3', year: 2025, isPadded: true },
};

/**
 * The first LLaMA, whose sizes are also in https://arxiv.org/abs/2302.13971, section 2. The feed-forward widths come
 * from its weights.
 */
const llama = 'https://github.com/facebookresearch/llama/blob';

/**
 * The models, by the names that `given.model` accepts. The sizes are those of config.json in each repository on Hugging
 * Face or, for LLaMA, of its model card. `queries` and `keys` count rows of the published weights `q_proj` and
 * `k_proj`, or of their parts of a joint matrix.
 */
const table = `
name          family  dModel heads dHead keyHeads layers feedForward context vocabulary queries keys repository
LLaMA-7B      llama     4096    32   128       32     32       11008    2048      32000    4096 4096 -
LLaMA-13B     llama     5120    40   128       40     40       13824    2048      32000    5120 5120 -
LLaMA-33B     llama     6656    52   128       52     60       17920    2048      32000    6656 6656 -
LLaMA-65B     llama     8192    64   128       64     80       22016    2048      32000    8192 8192 -
GPT-2-small   gpt2       768    12    64       12     12        3072    1024      50257     768  768 openai-community/gpt2
GPT-2-medium  gpt2      1024    16    64       16     24        4096    1024      50257    1024 1024 openai-community/gpt2-medium
Pythia-1B     pythia    2048     8   256        8     16        8192    2048      50304    2048 2048 EleutherAI/pythia-1b
Pythia-2.8B   pythia    2560    32    80       32     32       10240    2048      50304    2560 2560 EleutherAI/pythia-2.8b
GPT-NeoX-20B  neox      6144    64    96       64     44       24576    2048      50432    6144 6144 EleutherAI/gpt-neox-20b
OPT-125M      opt        768    12    64       12     12        3072    2048      50272     768  768 facebook/opt-125m
Falcon-7B     falcon    4544    71    64        1     32       18176    2048      65024    4544   64 tiiuae/falcon-7b
Mistral-7B    mistral   4096    32   128        8     32       14336   32768      32000    4096 1024 mistralai/Mistral-7B-v0.1
Mistral-Nemo  nemo      5120    32   128        8     40       14336  128000     131072    4096 1024 mistralai/Mistral-Nemo-Base-2407
Gemma-2B      gemma     2048     8   256        1     18       16384    8192     256000    2048  256 google/gemma-2b
Gemma-3-1B    gemma3    1152     4   256        1     26        6912   32768     262144    1024  256 google/gemma-3-1b-it
Phi-3-mini    phi3      3072    32    96       32     32        8192    4096      32064    3072 3072 microsoft/Phi-3-mini-4k-instruct
Qwen2.5-0.5B  qwen2      896    14    64        2     24        4864   32768     151936     896  128 Qwen/Qwen2.5-0.5B
Qwen2.5-1.5B  qwen2     1536    12   128        2     28        8960   32768     151936    1536  256 Qwen/Qwen2.5-1.5B
Qwen3-0.6B    qwen3     1024    16   128        8     28        3072   40960     151936    2048 1024 Qwen/Qwen3-0.6B
`;

/** Known models, by the names that `given.model` accepts. */
export const modelCards: Readonly<Record<string, ModelCard>> = Object.fromEntries(
  table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [name = '', family = '', ...cells] = line.split(/ +/);
      const [dModel = 0, nHeads = 0, dHead = 0, keyHeads = 0, nLayers = 0, ...more] = cells.map(Number);
      const [dFeedForward, context = 0, vocabulary = 0, queries = 0, keys = 0] = more;
      const { title = family, year = 0, ...rest } = families[family] ?? {};
      const source =
        family === 'llama'
          ? { link: `${llama}/main/MODEL_CARD.md`, sizes: `${llama}/llama_v1/MODEL_CARD.md` }
          : { link: `https://huggingface.co/${cells.at(-1)}/blob/main/config.json` };
      const sizes = { dModel, nHeads, dHead, nLayers, dFeedForward, context, vocabulary };
      const nKeyHeads = keyHeads < nHeads ? keyHeads : undefined;
      const card = { name, ...sizes, nKeyHeads, ...rest, source: { title, year, ...source } };
      return [name, { ...card, weights: { queries, keys } }];
    }),
);
