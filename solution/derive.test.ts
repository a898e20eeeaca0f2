import { Matrix } from 'ml-matrix';
import { derive } from './derive';
import { misconceptions } from './misconceptions';
import { dimensions, type Given, modelCards } from './model';
import { measure, type Parameters, runHead } from './runHead';

/** A table as a text: the rows and columns of each matrix. */
const written = (table: ReturnType<typeof derive>) =>
  Object.entries(table).map(([row, { rows, columns }]) => `${row} ${rows} x ${columns}`);

/** The table as a lecturer writes it on the board: n tokens, d wide, heads of h. */
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
    const { dModel, nHeads, dHead } = dimensions({ model, tokens });
    expect(nHeads * dHead).toBe(dModel);
    expect([model, ...written(derive({ model, tokens }))]).toEqual([
      model,
      ...onTheBoard(tokens, dModel, dHead),
    ]);
  }
});

test('a head that really runs has the shapes that were derived on paper', () => {
  // Larger models run through the same lines, for longer.
  const narrow = models.filter((model) => dimensions({ model, tokens }).dModel < 1500);
  expect(narrow.length).toBeGreaterThan(4);
  for (const model of narrow)
    expect([model, measure({ model, tokens })]).toEqual([model, derive({ model, tokens })]);
});

test.each<[what: string, given: object, says: string]>([
  ['an unknown model', { model: 'LLaMA-8B' }, `"LLaMA-8B"; model.ts knows ${Object.keys(modelCards)[0]}`],
  ['a name that every object has', { model: 'constructor' }, 'given.model is "constructor"'],
  ['zero tokens', { tokens: 0 }, 'given.tokens is 0; write a whole number from 1 to 2048'],
  ['more tokens than the model reads', { tokens: 2049 }, 'given.tokens is 2049'],
  ['heads that do not share a width evenly', { model: { width: 100, heads: 3 } }, 'cannot be shared evenly'],
])('%s is refused with what is known', (_what, given, says) => {
  expect(() => derive({ model: 'LLaMA-7B', tokens: 100, ...given } as Given)).toThrow(says);
});

const [dModel, dHead] = [12, 4];

/** The head written with plain loops, one query at a time, which sees only what came before: shares no step with runHead. */
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

test('who writes one of the wrong rows that every class writes reads a hint, which holds no digit', () => {
  const known = misconceptions({ model: 'LLaMA-7B', tokens: 100 });
  const common = ['queries 100 x 4096', 'keys 128 x 100', 'scores 100 x 128', 'weights 128 x 128'];
  const hinted = known.map(({ row, values: { rows, columns } }) => `${row} ${rows} x ${columns}`);
  expect(hinted).toEqual(expect.arrayContaining([...common, 'output 100 x 128']));
  for (const { text } of known) expect(text).toMatch(/^\D+[.?]$/);
  const ofOne = misconceptions({ model: 'LLaMA-7B', tokens: 1 });
  for (const { values } of ofOne) expect(Math.min(...Object.values(values))).toBeGreaterThanOrEqual(1);
});
