import { Matrix } from 'ml-matrix';
import { bytesInMiB, dimensions, type Given, timesAsLarge } from './model';

/**
 * Computes the answers of `derive` by running a head on random numbers, with the queries, keys and values of its whole
 * layer, and from the cache that these leave. Shares nothing with `derive` but the dimensions.
 *
 * @throws {RangeError} as `dimensions` does.
 */
export function measure(given: Given) {
  const { tokens, nLayers } = dimensions(given);
  const { queries, keyHeads, used, head } = runLayer(given);
  const cache = cacheOf(keyHeads);
  const allLayers = Array.from({ length: nLayers }, () => cacheOf(keyHeads));
  const ungrouped = cacheOf(used);
  const sharing = keyHeads.map((keyHead) => used.filter((one) => one === keyHead).length);
  return {
    queries: size(head.queries),
    keys: size(head.keys),
    scores: size(head.scores),
    output: size(head.output),
    allQueries: size(sideBySide(queries)),
    allKeys: size(sideBySide(keyHeads.map(({ keys }) => keys))),
    allValues: size(sideBySide(keyHeads.map(({ values }) => values))),
    tokenInLayer: { amount: cache.length / tokens, memory: cache.byteLength / tokens },
    sequence: { memory: allLayers.reduce((sum, one) => sum + one.byteLength, 0) / bytesInMiB },
    sharing: { amount: Math.max(...sharing) },
    ungrouped: { memory: timesAsLarge(ungrouped.byteLength / cache.byteLength) },
  };
}

/** A key head and a value head after a run. */
interface KeyHead {
  readonly keys: Matrix; //   [tokens, dHead]
  readonly values: Matrix; // [tokens, dHead]
}

/**
 * Computes the queries, keys and values of one layer from random numbers, with biases but without positions, and runs
 * causal attention in its first head; the others would give the same sizes. Neighboring query heads share a key head
 * and a value head: `used` lists the one that each query head uses.
 */
function runLayer(given: Given) {
  const { tokens, dModel, dHead, nHeads, nKeyHeads } = dimensions(given);
  const input = random(tokens, dModel);
  const project = () => input.mmul(random(dModel, dHead)).addRowVector(random(1, dHead)); // [tokens, dHead]
  const first = project();
  const queries = [first, ...Array.from({ length: nHeads - 1 }, project)];
  const keyHead = (): KeyHead => ({ keys: project(), values: project() });
  const firstKeyHead = keyHead();
  const keyHeads = [firstKeyHead, ...Array.from({ length: nKeyHeads - 1 }, keyHead)];
  const used = queries.flatMap((_, index) => keyHeads[Math.floor((index * nKeyHeads) / nHeads)] ?? []);
  return { queries, keyHeads, used, head: runHead(first, firstKeyHead, random(dHead, dModel)) };
}

/** One causal query head, with the keys and values of its group. */
function runHead(queries: Matrix, { keys, values }: KeyHead, wOutput: Matrix) {
  const scores = queries.mmul(keys.transpose()).div(Math.sqrt(keys.columns)); // [tokens, tokens]
  const weights = softmaxOfSeen(scores); //             [tokens, tokens]
  const output = weights.mmul(values).mmul(wOutput); // [tokens, dModel]
  return { queries, keys, scores, output };
}

/** Hides later tokens, and makes each row sum to one. Subtracts the largest score first so that exp stays finite. */
function softmaxOfSeen(scores: Matrix): Matrix {
  const weights = scores.clone().sub(scores.max()).exp();
  for (let query = 0; query < weights.rows; query++) {
    for (let key = query + 1; key < weights.columns; key++) weights.set(query, key, 0);
  }
  return weights.divColumnVector(weights.sum('row'));
}

/**
 * The keys and values that a layer keeps for later tokens. A bfloat16 is the first half of a float32: the
 * sign, the exponent and some bits of the fraction.
 */
function cacheOf(heads: readonly KeyHead[]): Uint16Array {
  const numbers = heads.flatMap(({ keys, values }) => [keys, values]).flatMap((one) => one.to1DArray());
  return Uint16Array.from(new Uint32Array(Float32Array.from(numbers).buffer), (bits) => bits >>> 16);
}

function random(rows: number, columns: number): Matrix {
  return Matrix.rand(rows, columns)
    .sub(1 / 2)
    .mul(1 / Math.sqrt(rows));
}

/** [tokens, a], [tokens, b], ... -> [tokens, a + b + ...] */
function sideBySide(heads: readonly Matrix[]): Matrix {
  return new Matrix(heads.flatMap((head) => head.transpose().to2DArray())).transpose();
}

function size(matrix: Matrix) {
  return { rows: matrix.rows, columns: matrix.columns };
}
