import { misconceptions } from './misconceptions';

const known = misconceptions({ model: 'LLaMA-7B', tokens: 100 });

// Worked out by hand: 100 tokens, 4096 wide, 32 heads of 128.
test.each([
  ['queries', 100, 4096],
  ['keys', 128, 100],
  ['scores', 100, 128],
  ['weights', 128, 128],
  ['output', 100, 128],
])('who writes for the %s that they are %i x %i reads a hint', (row, rows, columns) => {
  expect(known).toContainEqual(expect.objectContaining({ row, values: { rows, columns } }));
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
