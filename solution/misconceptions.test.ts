import { misconceptions } from './misconceptions';

// Worked out by hand for 100 tokens, dModel 4096, 32 heads of 128, vocabulary 32,000.
const parameters = (rows: string, ...shapes: [number, number][]) =>
  shapes.map((shape): [string, [number, number], string] => [rows, shape, 'learned-parameter']);
const whole: [rows: string, shape: [number, number], id: string][] = [
  ['input', [4096, 100], 'transposed'],
  ['input', [100, 128], 'split-before-projection'],
  ...parameters('input', [32_000, 4096], [4096, 128], [128, 4096], [4096, 4096]),
  ['input', [100, 1], 'token-ids'],
  ['input', [1, 100], 'token-ids'],
  ['input', [100, 32_000], 'one-hot'],
  ['queries keys values', [100, 100], 'pairs-too-early'],
  ['queries keys values', [128, 100], 'transposed'],
  ['queries keys values', [4096, 100], 'transposed-layer'],
  ['queries keys values', [100, 4096], 'layer-width'],
  ...parameters('queries keys values scores weights', [4096, 128], [128, 4096], [4096, 4096]),
  ...parameters('queries keys values scores weights', [32_000, 4096], [4096, 384], [4096, 12_288]),
  ['scores weights', [100, 128], 'vector-per-token'],
  ['scores weights', [128, 128], 'product-reversed'],
  ['scores weights', [128, 100], 'keys-alone'],
  ['scores weights', [100, 32_000], 'model-output'],
  ['scores weights', [1, 32_000], 'model-output'],
  ['scores weights', [100, 1], 'axis-summed-away'],
  ['scores weights', [1, 100], 'last-token'],
  ['scores weights', [1, 1], 'single-number'],
  ['output', [4096, 100], 'transposed'],
  ['output', [100, 128], 'before-projection'],
  ['output', [100, 100], 'weights-alone'],
  ...parameters('output', [128, 4096], [4096, 128], [4096, 4096], [32_000, 4096]),
  ['output', [100, 32_000], 'model-output'],
  ['output', [1, 32_000], 'model-output'],
  ['output', [1, 1], 'predicted-token'],
  ['output', [100, 1], 'predicted-token'],
];
const all = 'input queries keys values scores weights output';
const lone: [rows: string, column: 'rows' | 'columns', value: number, id: string][] = [
  [all, 'rows', 101, 'token-added'],
  [all, 'rows', 99, 'token-left-out'],
  ['scores weights', 'columns', 101, 'token-added'],
  ['scores weights', 'columns', 99, 'token-left-out'],
  ['queries keys values', 'columns', 32, 'heads-for-width'],
  ['queries keys values', 'columns', 1, 'number-per-token'],
  ['queries keys values scores weights', 'rows', 3200, 'all-heads'],
  ['input queries keys values output', 'rows', 1, 'last-token'],
  ...[5050, 4950, 50].flatMap((value): [string, 'rows' | 'columns', number, string][] => [
    ['scores weights', 'rows', value, 'masked-left-out'],
    ['scores weights', 'columns', value, 'masked-left-out'],
  ]),
];

const expected = [
  ...whole.flatMap(([rows, [r, c], id]) => rows.split(' ').map((row) => `${row} ${r} x ${c}: ${id}`)),
  ...lone.flatMap(([rows, column, value, id]) =>
    rows.split(' ').map((row) => `${row} ${column} ${value}: ${id}`),
  ),
];

const known = misconceptions({ model: 'LLaMA-7B', tokens: 100 });

test('the known wrong answers are those worked out by hand, no more and no fewer', () => {
  const told = known.map(({ id, row, values }) =>
    values.rows !== undefined && values.columns !== undefined
      ? `${row} ${values.rows} x ${values.columns}: ${id}`
      : `${row} ${Object.keys(values)[0]} ${Object.values(values)[0]}: ${id}`,
  );
  expect(told.sort()).toEqual(expected.sort());
});

test('what is said of them holds no digit and ends its sentence', () => {
  for (const { text } of known) {
    expect(text).not.toMatch(/\d/);
    expect(text).toMatch(/[.?]$/);
  }
});

test('a single token gives no wrong answer with nothing in it', () => {
  const numbers = misconceptions({ model: 'LLaMA-7B', tokens: 1 }).flatMap(({ values }) =>
    Object.values(values),
  );
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1);
});
