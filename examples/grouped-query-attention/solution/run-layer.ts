import { Matrix } from 'ml-matrix';
import { bytesInKiB, bytesInMiB, dimensions, type Given, timesAsLarge } from './model';

/**
 * Computes the answers of `derive` from a layer that has run on random numbers, and from the cache that it
 * left. Shares nothing with `derive` but the dimensions.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function measure(given: Given) {
  const { nLayers, nHeads, tokens } = dimensions(given);
  const layer = runLayer(given);
  const [head] = layer.heads;
  if (!head) throw new RangeError('a layer has at least one head');
  const bytesOf = (cache: Cache) => cache.keys.byteLength + cache.values.byteLength;
  const cache = cacheOf(layer.keys, layer.values);
  const groups = new Map<Matrix, number>();
  for (const { keys } of layer.heads) groups.set(keys, (groups.get(keys) ?? 0) + 1);
  const allLayers = Array.from({ length: nLayers }, () => cacheOf(layer.keys, layer.values));
  const inModel = allLayers.reduce((sum, one) => sum + bytesOf(one), 0);
  const ungrouped = cacheOf(...repeated(layer.heads.map(({ keys, values }) => [keys, values] as const)));
  return {
    queries: size(head.queries),
    keys: size(head.keys),
    values: size(head.values),
    scores: size(head.scores),
    weights: size(head.weights),
    output: size(head.output),
    allQueries: size(layer.queries),
    allKeys: size(layer.keys),
    allValues: size(layer.values),
    tokenInLayer: {
      amount: (cache.keys.length + cache.values.length) / tokens,
      memory: bytesOf(cache) / tokens,
    },
    tokenInModel: { memory: inModel / tokens / bytesInKiB },
    sequence: { memory: inModel / bytesInMiB },
    sharing: { amount: Math.max(...groups.values()) },
    ungrouped: { memory: timesAsLarge(bytesOf(ungrouped) / bytesOf(cache)) },
    heads: { amount: layer.heads.length === nHeads ? nHeads : 0 },
  };
}

/** One query head after a run, with the keys and values that its group shares. */
interface HeadRun {
  readonly queries: Matrix; // [tokens, dHead]
  readonly keys: Matrix; //    [tokens, dHead]
  readonly values: Matrix; //  [tokens, dHead]
  readonly scores: Matrix; //  [tokens, tokens]
  readonly weights: Matrix; // [tokens, tokens]
  readonly output: Matrix; //  [tokens, dModel]
}

/** A layer after a run: the matrices of all heads side by side, and each head. */
export interface LayerRun {
  readonly queries: Matrix; // [tokens, nHeads · dHead]
  readonly keys: Matrix; //    [tokens, nKeyHeads · dHead]
  readonly values: Matrix; //  [tokens, nKeyHeads · dHead]
  readonly heads: readonly HeadRun[];
}

/** Runs one causal attention layer with grouped query heads and biases on random numbers, without positions. */
export function runLayer(given: Given): LayerRun {
  const { tokens, dModel, dHead, nHeads, nKeyHeads } = dimensions(given);
  const input = random(tokens, dModel);
  const project = (width: number) => input.mmul(random(dModel, width)).addRowVector(random(1, width));
  const queries = project(nHeads * dHead);
  const keys = project(nKeyHeads * dHead);
  const values = project(nKeyHeads * dHead);
  const ofGroup = (matrix: Matrix) =>
    Array.from({ length: nKeyHeads }, (_, group) => part(matrix, group, dHead));
  const [keyHeads, valueHeads] = [ofGroup(keys), ofGroup(values)];
  const heads = Array.from({ length: nHeads }, (_, index): HeadRun => {
    const group = Math.floor((index * nKeyHeads) / nHeads);
    const [own, shared, mixed] = [part(queries, index, dHead), keyHeads[group], valueHeads[group]];
    if (!shared || !mixed) throw new RangeError(`query head ${index} has no key head`);
    const scores = own.mmul(shared.transpose()).div(Math.sqrt(dHead));
    const weights = attend(scores);
    const output = weights.mmul(mixed).mmul(random(dHead, dModel));
    return { queries: own, keys: shared, values: mixed, scores, weights, output };
  });
  return { queries, keys, values, heads };
}

/**
 * The keys and values that a layer keeps for later tokens. A bfloat16 has 16 bits, like each number of a
 * Uint16Array.
 */
interface Cache {
  readonly keys: Uint16Array;
  readonly values: Uint16Array;
}

function cacheOf(keys: Matrix, values: Matrix): Cache {
  // Keep the sign, the exponent and the first bits of the fraction of a float32.
  const halves = (matrix: Matrix) =>
    Uint16Array.from(new Uint32Array(Float32Array.from(matrix.to1DArray()).buffer), (bits) => bits >>> 16);
  return { keys: halves(keys), values: halves(values) };
}

/** Keys and values of some heads side by side. */
function repeated(heads: readonly (readonly [Matrix, Matrix])[]): [keys: Matrix, values: Matrix] {
  const sideBySide = (matrices: readonly Matrix[]) =>
    new Matrix(
      (matrices[0]?.to2DArray() ?? []).map((_, row) => matrices.flatMap((matrix) => matrix.getRow(row))),
    );
  return [sideBySide(heads.map(([keys]) => keys)), sideBySide(heads.map(([, values]) => values))];
}

function random(rows: number, columns: number): Matrix {
  return Matrix.rand(rows, columns)
    .sub(0.5)
    .mul(1 / Math.sqrt(rows));
}

/** The columns of one head. */
function part(matrix: Matrix, index: number, width: number): Matrix {
  return matrix.subMatrix(0, matrix.rows - 1, index * width, (index + 1) * width - 1);
}

/** Masks later tokens, and makes each row sum to one. */
function attend(scores: Matrix): Matrix {
  const weights = Matrix.zeros(scores.rows, scores.columns);
  for (let query = 0; query < scores.rows; query++) {
    const seen = scores.getRow(query).slice(0, query + 1);
    const largest = Math.max(...seen);
    const exponentials = seen.map((score) => Math.exp(score - largest));
    const sum = exponentials.reduce((total, term) => total + term, 0);
    for (const [key, term] of exponentials.entries()) weights.set(query, key, term / sum);
  }
  return weights;
}

function size(matrix: Matrix) {
  return { rows: matrix.rows, columns: matrix.columns };
}
