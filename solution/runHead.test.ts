import { Matrix } from 'ml-matrix';
import { type Parameters, runHead } from './runHead';

const [tokens, dModel, dHead] = [5, 12, 4];

function randomHead(): Parameters {
  const random = (rows: number, columns: number) => Matrix.rand(rows, columns).sub(0.5);
  return {
    input: random(tokens, dModel),
    wQuery: random(dModel, dHead),
    wKey: random(dModel, dHead),
    wValue: random(dModel, dHead),
    wOutput: random(dHead, dModel),
  };
}

/** The head written with complex rotations and plain loops, one query at a time: shares no step with runHead. */
function byHand({ input, wQuery, wKey, wValue, wOutput }: Parameters): number[][] {
  const project = (x: number[], w: Matrix) =>
    Array.from({ length: w.columns }, (_, j) => x.reduce((sum, value, i) => sum + value * w.get(i, j), 0));
  const rotated = (x: number[], position: number) =>
    x.map((value, i) => {
      const angle = position * 10_000 ** (-(i - (i % 2)) / dHead);
      const partner = x[i % 2 === 0 ? i + 1 : i - 1] ?? 0;
      return value * Math.cos(angle) + (i % 2 === 0 ? -1 : 1) * partner * Math.sin(angle);
    });
  const sequence = input.to2DArray();
  return sequence.map((x, i) => {
    const query = rotated(project(x, wQuery), i);
    const visible = sequence.slice(0, i + 1);
    const scores = visible.map(
      (y, j) =>
        rotated(project(y, wKey), j).reduce((sum, value, k) => sum + value * (query[k] ?? 0), 0) /
        Math.sqrt(dHead),
    );
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    const mixed = Array.from({ length: dHead }, (_, k) =>
      visible.reduce(
        (sum, y, j) => sum + (Math.exp(scores[j] ?? 0) / total) * (project(y, wValue)[k] ?? 0),
        0,
      ),
    );
    return project(mixed, wOutput);
  });
}

test('the head computes what plain loops compute', () => {
  const head = randomHead();
  const output = runHead(head).output.to2DArray();
  byHand(head).forEach((row, i) => {
    row.forEach((value, j) => {
      expect(output[i]?.[j]).toBeCloseTo(value, 10);
    });
  });
});

test('each token attends to itself and what came before, with weights that sum to one', () => {
  const { weights } = runHead(randomHead());
  weights.to2DArray().forEach((row, query) => {
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(row.slice(query + 1).every((weight) => weight === 0)).toBe(true);
    expect(row.slice(0, query + 1).every((weight) => weight > 0)).toBe(true);
  });
});

test('a later token changes nothing of the earlier outputs', () => {
  const head = randomHead();
  const before = runHead(head).output;
  const input = head.input.clone();
  input.setRow(
    tokens - 1,
    Array.from({ length: dModel }, () => 9),
  );
  const after = runHead({ ...head, input }).output;
  expect(after.subMatrix(0, tokens - 2, 0, dModel - 1)).toEqual(
    before.subMatrix(0, tokens - 2, 0, dModel - 1),
  );
  expect(after.getRow(tokens - 1)).not.toEqual(before.getRow(tokens - 1));
});

test('scores know only how far apart two equal tokens stand', () => {
  const head = randomHead();
  const input = new Matrix(Array.from({ length: tokens }, () => head.input.getRow(0)));
  const { scores } = runHead({ ...head, input });
  expect(scores.get(1, 0)).toBeCloseTo(scores.get(4, 3), 10);
  expect(scores.get(3, 1)).toBeCloseTo(scores.get(4, 2), 10);
  expect(scores.get(3, 1)).not.toBeCloseTo(scores.get(4, 3), 10);
});
