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

const tokens = 3;
const known: readonly Given[] = [
  ...Object.keys(modelCards).map((model) => ({ model, tokens })),
  { model: { width: 960, heads: 10 }, tokens },
];

test.each(known)(
  'the heads of $model share its width, and a real run shows the table derived on paper',
  (given) => {
    const { dModel, nHeads, dHead } = dimensions(given);
    expect(nHeads * dHead).toBe(dModel);
    expect(derive(given)).toMatchObject({
      input: { rows: tokens, columns: dModel },
      queries: { rows: tokens, columns: dHead },
      scores: { rows: tokens, columns: tokens },
    });
    expect(measure(given)).toEqual(derive(given));
  },
);

test.each([
  [
    'an unknown model',
    { model: 'LLaMA-8B', tokens: 100 },
    `given.model is "LLaMA-8B"; model.ts knows ${Object.keys(modelCards).join(', ')}`,
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
