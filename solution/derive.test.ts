import { derive } from './derive';
import { dimensions, type Given, modelCards } from './model';
import { measure } from './runHead';

test('the table for LLaMA 7B and 100 tokens is the one worked out by hand', () => {
  expect(derive({ model: 'LLaMA-7B', tokens: 100 })).toEqual({
    input: { rows: 100, columns: 4096 },
    queries: { rows: 100, columns: 128 },
    keys: { rows: 100, columns: 128 },
    values: { rows: 100, columns: 128 },
    scores: { rows: 100, columns: 100 },
    weights: { rows: 100, columns: 100 },
    output: { rows: 100, columns: 4096 },
  });
});

test('every model card has the published sizes', () => {
  const published = {
    'LLaMA-7B': [4096, 32, 32, 128, 32_000],
    'LLaMA-13B': [5120, 40, 40, 128, 32_000],
    'LLaMA-33B': [6656, 52, 60, 128, 32_000],
    'LLaMA-65B': [8192, 64, 80, 128, 32_000],
    'GPT-2-small': [768, 12, 12, 64, 50_257],
    'GPT-2-medium': [1024, 16, 24, 64, 50_257],
    'Pythia-1B': [2048, 8, 16, 256, 50_304],
    'Pythia-2.8B': [2560, 32, 32, 80, 50_304],
    'GPT-NeoX-20B': [6144, 64, 44, 96, 50_432],
    'Qwen2.5-0.5B': [896, 14, 24, 64, 151_936],
    'Qwen2.5-1.5B': [1536, 12, 28, 128, 151_936],
  } as const;
  expect(Object.keys(modelCards)).toEqual(Object.keys(published));
  for (const [model, [dModel, nHeads, nLayers, dHead, vocabulary]] of Object.entries(published)) {
    expect(dimensions({ model, tokens: 3 })).toMatchObject({
      tokens: 3,
      dModel,
      nHeads,
      nLayers,
      dHead,
      vocabulary,
    });
    expect(derive({ model, tokens: 3 }).queries).toEqual({ rows: 3, columns: dHead });
  }
});

test('the table derived on paper is the one that a real run shows', () => {
  for (const given of [
    { model: 'LLaMA-7B', tokens: 100 },
    { model: 'LLaMA-13B', tokens: 7 },
    { model: 'LLaMA-65B', tokens: 1 },
    { model: 'GPT-2-small', tokens: 20 },
    { model: 'Qwen2.5-0.5B', tokens: 100 },
    { model: { width: 960, heads: 10 }, tokens: 48 },
  ]) {
    expect(measure(given)).toEqual(derive(given));
  }
});

test.each([
  [
    'an unknown model',
    { model: 'LLaMA-8B', tokens: 100 },
    'given.model is "LLaMA-8B"; model.ts knows LLaMA-7B, LLaMA-13B, LLaMA-33B, LLaMA-65B',
  ],
  ['no model', { tokens: 100 }, 'given.model is undefined'],
  ['no tokens', { model: 'LLaMA-7B' }, 'given.tokens is undefined'],
  ['zero tokens', { model: 'LLaMA-7B', tokens: 0 }, 'given.tokens is 0; write a whole number from 1 to 2048'],
  ['more tokens than the model reads', { model: 'LLaMA-7B', tokens: 2049 }, 'given.tokens is 2049'],
  ['half a token', { model: 'LLaMA-7B', tokens: 1.5 }, 'given.tokens is 1.5'],
  ['an invented model with half a head', { model: { width: 960, heads: 0.5 }, tokens: 9 }, 'given.model is'],
  ['an invented model with layers', { model: { width: 960, heads: 10, layers: 2 }, tokens: 9 }, 'layers'],
  ['tokens in quotes', { model: 'LLaMA-7B', tokens: '100' }, 'given.tokens is "100"'],
])('%s is refused with what is known', (_name, given, says) => {
  expect(() => derive(given as Given)).toThrow(says);
});
