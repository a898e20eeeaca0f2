import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Matrix } from 'ml-matrix';
import { parse } from 'yaml';
import { newFolder, packageRoot } from '../grader/testing/folders';
import { modelCards } from './cards';
import { derive } from './derive';
import { misconceptions } from './misconceptions';
import { dimensions, type Given } from './model';
import { quantities } from './quantities';
import { measure, type Parameters, runHead } from './runHead';

/** A table as text: the rows and columns of each matrix. */
const written = (table: ReturnType<typeof derive>) =>
  Object.entries(table).map(([row, { rows, columns }]) => `${row} ${rows} x ${columns}`);

/** The table as a lecturer would write it on the board: n tokens, d wide, with heads of width h. */
const onTheBoard = (n: number, d: number, h: number) => [
  `input ${n} x ${d}`,
  ...['queries', 'keys', 'values'].map((row) => `${row} ${n} x ${h}`),
  ...['scores', 'weights'].map((row) => `${row} ${n} x ${n}`),
  `output ${n} x ${d}`,
];

const tokens = 3;
const models = [...Object.keys(modelCards), { width: 960, heads: 10 }, { width: 60, heads: 4 }];

test('the table for LLaMA 7B and 100 tokens is the one worked out by hand, and that of each model has its width and heads', () => {
  expect(written(derive({ model: 'LLaMA-7B', tokens: 100 }))).toEqual(onTheBoard(100, 4096, 128));
  for (const model of models) {
    const { dModel, nHeads, nKeyHeads = nHeads, dHead, weights } = dimensions({ model, tokens });
    expect([model, nHeads * dHead, nKeyHeads * dHead]).toEqual([model, weights.queries, weights.keys]);
    expect([model, ...written(derive({ model, tokens }))]).toEqual([
      model,
      ...onTheBoard(tokens, dModel, dHead),
    ]);
  }
});

test('each number that has a meaning is the one worked out by hand', () => {
  const meanings = (model: string) =>
    quantities({ model, tokens: 100 }).map(({ value, phrase }) => `${value}: ${phrase}`);
  const ofLlama = meanings('LLaMA-7B');
  expect(ofLlama).toEqual(
    expect.arrayContaining([
      '101: one more than the number of tokens',
      '99: one fewer than the number of tokens',
      '10000: the number of pairs of tokens',
      '5050: the number of pairs of tokens that the mask does not hide',
      '4950: the number of pairs of tokens that the mask hides',
      '2048: the largest number of tokens that the model can read',
      '32000: the number of tokens in the vocabulary',
      '16384: the square of the width of one head',
      '4096: the width of the embedding, and of all heads side by side',
      '12288: the width of the queries, keys and values of all heads side by side',
      '16777216: the number of weights in a projection of the whole layer',
      '524288: the number of weights in a projection of one head',
      '11008: the width inside the feed-forward layer',
      '3200: the number of tokens times the number of heads',
      '131072: the width of the embedding times the number of heads',
      '409600: the count of numbers in the embeddings of all tokens',
      '12800: the number of entries in the queries, keys or values of one head, for all tokens',
      '5120: the dimension of another model in the table',
      '512: the dimension of the original transformer',
      '50: half the number of tokens',
      '200: twice the number of tokens',
      '256: the width of the keys and values of one head side by side',
      '384: the width of the queries, keys and values of one head side by side',
    ]),
  );
  // Half the width of a head is the width of a head in another model, and so is explained as that.
  expect(ofLlama.filter((line) => /^(?:64|32|4096): /.test(line))).toEqual([
    '32: the number of heads in the layer',
    '32: the number of layers in the model',
    '4096: the width of the embedding, and of all heads side by side',
    '64: the number of heads in another model in the table',
    '64: the width of a head in the original transformer',
  ]);
  // Heads that share keys, and together are wider than the embedding.
  expect(meanings('Qwen3-0.6B')).toEqual(
    expect.arrayContaining([
      '1024: the width of the embedding',
      '2048: the width of all heads side by side',
      '64: the width of the embedding divided by the number of heads',
      '1024: the width of all key heads side by side',
      '4096: the width of the queries, keys and values of all heads side by side',
      '2097152: the number of weights in a projection of the whole layer',
    ]),
  );
});

test('a head that really runs has the shapes that were derived on paper', () => {
  // Larger models run through the same code, but take longer.
  const narrow = models.filter((model) => dimensions({ model, tokens }).dModel < 1500);
  expect(narrow.length).toBeGreaterThan(4);
  for (const model of narrow)
    expect([model, measure({ model, tokens })]).toEqual([model, derive({ model, tokens })]);
});

test.each<[what: string, given: object, says: string]>([
  ['an unknown model', { model: 'LLaMA-8B' }, `"LLaMA-8B"; write one of ${Object.keys(modelCards)[0]}`],
  ['a name that every object has', { model: 'constructor' }, 'given.model is "constructor"'],
  ['zero tokens', { tokens: 0 }, 'given.tokens is 0; write a whole number from 1 to 2048'],
  ['more tokens than the model reads', { tokens: 2049 }, 'given.tokens is 2049'],
  ['heads of a broken width', { model: { width: 100, heads: 3 } }, 'heads share the width evenly'],
  ['a file that is not there', { model: './none.json' }, './none.json: there is no such file'],
])('%s is refused with what is known', (_what, given, says) => {
  expect(() => derive({ model: 'LLaMA-7B', tokens: 100, ...given } as Given)).toThrow(says);
});

const file = path.relative(packageRoot, path.join(newFolder(), 'model.json'));
/** The dimensions of a model with this configuration, in a file like a download. */
function ofConfig(fields: object) {
  writeFileSync(path.join(packageRoot, file), JSON.stringify(fields));
  return dimensions({ model: file, tokens });
}

/** A configuration as it is published, without the fields that nothing reads. */
const published = (fields: string): object => parse(`{ ${fields} }`);
const qwen3 = published(
  'model_type: qwen3, hidden_size: 1024, num_attention_heads: 16, num_key_value_heads: 8, head_dim: 128, num_hidden_layers: 28, vocab_size: 151936, intermediate_size: 3072, max_position_embeddings: 40960',
);
const gpt2 = published(
  'model_type: gpt2, n_embd: 768, n_head: 12, n_inner: null, n_layer: 12, n_positions: 1024',
);
const falcon = published(
  'model_type: falcon, hidden_size: 4544, num_attention_heads: 71, num_kv_heads: 71, num_hidden_layers: 32',
);
const gemma = published(
  'model_type: gemma3_text, hidden_size: 2560, intermediate_size: 10240, num_hidden_layers: 34',
);
const qwen3Moe = published(
  'model_type: qwen3_moe, hidden_size: 2048, num_attention_heads: 32, num_key_value_heads: 4, head_dim: 128, num_hidden_layers: 48, vocab_size: 151936, intermediate_size: 6144, num_experts: 128',
);
const gptOss = published(
  'model_type: gpt_oss, hidden_size: 2880, num_attention_heads: 64, num_key_value_heads: 8, head_dim: 64, num_hidden_layers: 24, intermediate_size: 2880, num_local_experts: 32, sliding_window: 128',
);
const gptj = published(
  'model_type: gptj, n_embd: 4096, n_head: 16, n_inner: null, n_layer: 28, n_positions: 2048, rotary_dim: 64',
);
const mistral = { ...qwen3, model_type: 'mistral', head_dim: null };

test.each<[what: string, fields: object, sizes: object]>([
  ['a width of its own for each head', qwen3, { dHead: 128, allHeads: 2048, nKeyHeads: 8, hasBias: false }],
  ['a head width of null', mistral, { dHead: 64, allHeads: 1024 }],
  ['no head width, where the type has one', { ...qwen3, head_dim: undefined }, { dHead: 128 }],
  ['an inner width of null, and biases', gpt2, { dFeedForward: 3072, nKeyHeads: undefined, hasBias: true }],
  ['one key head, although it says 71', falcon, { dHead: 64, nKeyHeads: 1 }],
  [
    'experts, which share no work of a head',
    qwen3Moe,
    { dModel: 2048, dHead: 128, allHeads: 4096, nKeyHeads: 4, dFeedForward: undefined, hasBias: false },
  ],
  [
    'experts, biases, and a window in every second layer',
    gptOss,
    { dModel: 2880, dHead: 64, allHeads: 4096, nKeyHeads: 8, hasBias: true, slidingWindow: 'some' },
  ],
  ['heads that split the embedding', gptj, { dHead: 256, nKeyHeads: undefined, dFeedForward: 16_384 }],
  ['an embedding as wide as its layers', { ...gpt2, word_embed_proj_dim: 768 }, { dModel: 768 }],
  ['a text part without heads', { text_config: gemma }, { nHeads: 8, nKeyHeads: 4, dHead: 256 }],
  [
    'a window that counts only where its type says so',
    { ...qwen3, model_type: 'qwen2', sliding_window: 4096 },
    { slidingWindow: undefined },
  ],
  ['a window', { ...mistral, sliding_window: 4096 }, { slidingWindow: 'all' }],
  [
    'a window in some of its layers',
    { ...qwen3, sliding_window: 4096, layer_types: ['full_attention', 'sliding_attention'] },
    { slidingWindow: 'some' },
  ],
])('a published configuration is read as its type means it: %s', (_what, fields, sizes) => {
  const read = ofConfig(fields);
  expect(read).toMatchObject(sizes);
  const { weights, nHeads, nKeyHeads = nHeads, dHead } = read;
  expect(weights).toEqual({ queries: nHeads * dHead, keys: nKeyHeads * dHead });
});

test('a configuration that an editor saved with a mark at its start is read', () => {
  writeFileSync(path.join(packageRoot, file), `\uFEFF${JSON.stringify(qwen3)}`);
  expect(dimensions({ model: file, tokens })).toMatchObject({ dHead: 128 });
});

test('a configuration is called like its file, or as it says itself where the file is called as it was downloaded', () => {
  const folder = newFolder();
  const nameIn = (name: string, own: object) => {
    writeFileSync(path.join(folder, name), JSON.stringify({ ...qwen3, ...own }));
    return dimensions({ model: path.relative(packageRoot, path.join(folder, name)), tokens }).name;
  };
  const own = { _name_or_path: 'Qwen/Qwen3-0.6B' };
  expect(nameIn('small.json', own)).toBe('small');
  expect(nameIn('config.json', own)).toBe('Qwen3-0.6B');
  expect(nameIn('config.json', { _name_or_path: '' })).toBe('config');
  expect(nameIn('config.json', {})).toBe('config');
});

test.each<[fields: object, says: string]>([
  [{ ...qwen3, model_type: 'mamba' }, 'model_type is mamba'],
  [{ ...qwen3, kv_lora_rank: 512 }, 'kv_lora_rank is set'],
  [{ ...qwen3, qk_rope_head_dim: 64 }, 'qk_rope_head_dim is set'],
  [{ ...qwen3, layer_types: ['full_attention', 'linear_attention'] }, 'layer_types has linear_attention'],
  [{ ...qwen3, num_key_value_heads: [8, 4] }, 'num_key_value_heads is [8,4]'],
  [{ ...qwen3, hidden_size: undefined }, 'it has no hidden_size'],
  [{ ...gpt2, n_head: 7 }, 'it has no head_dim, and 7 heads cannot share 768'],
  [{ ...gpt2, model_type: 'opt', hidden_size: 1024, word_embed_proj_dim: 512 }, 'word_embed_proj_dim is 512'],
])('a configuration of other heads is refused by the name of its field: %j', (fields, says) => {
  expect(() => ofConfig(fields)).toThrow(`${file}: ${says}`);
  // Sizes written by hand need no file.
  expect(() => ofConfig(fields)).toThrow(
    /by hand, such as model: \{ width: \d+, heads: \d+, head: \d+, keyHeads: \d+ \}$/,
  );
});

test('weights that are not those of such heads are no second opinion: the card is refused', () => {
  const card = modelCards['Qwen3-0.6B'] as { dHead: number };
  const { dHead: right } = card;
  card.dHead = 64;
  const run = () => measure({ model: 'Qwen3-0.6B', tokens });
  expect(run).toThrow('dHead is 64, but the weights of the queries have 2048 rows for 16 heads');
  card.dHead = right;
  expect(run).not.toThrow();
});

const [dModel, dHead] = [12, 4];

/**
 * The head written with plain loops, one query at a time, which sees only earlier tokens and itself: shares no step
 * with runHead.
 */
function byHand({ input, wQuery, wKey, wValue, wOutput }: Parameters): number[][] {
  const project = (x: number[], w: Matrix) =>
    Array.from({ length: w.columns }, (_, j) => x.reduce((sum, value, i) => sum + value * w.get(i, j), 0));
  const rotated = (x: number[], position: number) =>
    x.map((value, i) => {
      const angle = position * 10_000 ** (-(i - (i % 2)) / dHead);
      const partner = x[i % 2 === 0 ? i + 1 : i - 1] ?? 0;
      return value * Math.cos(angle) + (i % 2 === 0 ? -1 : 1) * partner * Math.sin(angle);
    });
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, k) => sum + value * (y[k] ?? 0), 0);
  const sequence = input.to2DArray();
  return sequence.map((x, i) => {
    const query = rotated(project(x, wQuery), i);
    const visible = sequence.slice(0, i + 1);
    const parts = visible.map((y, j) =>
      Math.exp(dot(query, rotated(project(y, wKey), j)) / Math.sqrt(dHead)),
    );
    const total = parts.reduce((sum, part) => sum + part, 0);
    const mixed = Array.from({ length: dHead }, (_, k) =>
      visible.reduce((sum, y, j) => sum + ((parts[j] ?? 0) / total) * (project(y, wValue)[k] ?? 0), 0),
    );
    return project(mixed, wOutput);
  });
}

test('the head computes what plain loops compute, with weights that sum to one', () => {
  const random = (rows: number, columns: number) => Matrix.rand(rows, columns).sub(0.5);
  const [wQuery, wKey, wValue] = [random(dModel, dHead), random(dModel, dHead), random(dModel, dHead)];
  const head = { input: random(5, dModel), wQuery, wKey, wValue, wOutput: random(dHead, dModel) };
  const { output, weights } = runHead(head);
  const expected = byHand(head);
  expect(Matrix.sub(output, new Matrix(expected)).abs().max()).toBeLessThan(1e-10);
  for (const sum of weights.sum('row')) expect(sum).toBeCloseTo(1, 12);
});

test('with one token no known wrong answer has less than one row or column', () => {
  for (const { values } of misconceptions({ model: 'LLaMA-7B', tokens: 1 }))
    expect(Math.min(...Object.values(values))).toBeGreaterThanOrEqual(1);
});
