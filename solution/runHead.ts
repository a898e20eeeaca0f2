import { Matrix } from 'ml-matrix';
import { dimensions, type Given, type Row, type ShapeTable, type Size } from './model';

/** Every matrix of one head after a real run, by row of the worksheet. */
type HeadRun = Readonly<Record<Row, Matrix>>;

/**
 * Returns the same table as `derive`, but read from a head that has run on random numbers. It shares only the number of
 * tokens and the width of the embedding with `derive`; the width of a head comes from its weights.
 *
 * @throws {RangeError} as `dimensions` does, and if the weights do not fit such heads.
 */
export function measure(given: Given): ShapeTable {
  const run = runHead(randomParameters(given));
  return {
    input: size(run.input),
    queries: size(run.queries),
    keys: size(run.keys),
    values: size(run.values),
    scores: size(run.scores),
    weights: size(run.weights),
    output: size(run.output),
  };
}

/** An input sequence and the parameters of one head, at random. */
export interface Parameters {
  readonly input: Matrix; //   [tokens, dModel]
  readonly wQuery: Matrix; //  [dModel, dHead]
  readonly wKey: Matrix; //    [dModel, dHead]
  readonly wValue: Matrix; //  [dModel, dHead]
  readonly wOutput: Matrix; // [dHead, dModel]
}

/**
 * The parameters of one head, sliced out of weights with the shapes that the model's layers declare: `q_proj` and
 * `k_proj` have a row for each number that the layer computes for one token.
 *
 * @throws {RangeError} if those weights have no room for heads as wide as the card says.
 */
function randomParameters(given: Given): Parameters {
  const { tokens, dModel, nHeads, nKeyHeads = nHeads, dHead, weights } = dimensions(given);
  const queryWidth = weights.queries / nHeads; // q_proj is [nHeads * dHead, dModel]
  const keyWidth = weights.keys / nKeyHeads; //   k_proj and v_proj are [nKeyHeads * dHead, dModel]
  if (queryWidth !== dHead || keyWidth !== dHead)
    throw new RangeError(
      `dHead is ${dHead}, but the weights of the queries have ${weights.queries} rows for ${nHeads} heads, and those of the keys ${weights.keys} for ${nKeyHeads}`,
    );
  const normal = (rows: number, columns: number) =>
    Matrix.rand(rows, columns)
      .sub(1 / 2)
      .mul(1 / Math.sqrt(rows));
  return {
    input: normal(tokens, dModel),
    // Each head multiplies by its own rows, or those of its group, which are columns here.
    wQuery: normal(dModel, queryWidth),
    wKey: normal(dModel, keyWidth),
    wValue: normal(dModel, keyWidth),
    wOutput: normal(queryWidth, dModel),
  };
}

/**
 * One causal self-attention head with rotary positions, as LLaMA computes it
 * (https://arxiv.org/abs/2302.13971, section 2.2; rotary embeddings: https://arxiv.org/abs/2104.09864).
 */
export function runHead({ input, wQuery, wKey, wValue, wOutput }: Parameters): HeadRun {
  const queries = rotate(input.mmul(wQuery)); // [tokens, dHead]; turning a vector keeps its length
  const keys = rotate(input.mmul(wKey)); //      [tokens, dHead]
  const values = input.mmul(wValue); //          [tokens, dHead]
  const scores = queries.mmul(keys.transpose()).div(Math.sqrt(keys.columns)); // [tokens, tokens]
  const weights = softmax(mask(scores)); //      [tokens, tokens]
  const output = weights.mmul(values).mmul(wOutput); // [tokens, dModel]
  return { input, queries, keys, values, scores, weights, output };
}

/** Base of the rotary position embedding's wavelengths (https://arxiv.org/abs/2104.09864, section 3.2.2). */
const rotaryBase = 10_000;

/** Rotary position embedding: the pair (2i, 2i+1) of row p turns by p / rotaryBase^(2i / dHead). */
function rotate(vectors: Matrix): Matrix {
  const turned = vectors.clone();
  for (let position = 0; position < vectors.rows; position++) {
    for (let pair = 0; pair + 1 < vectors.columns; pair += 2) {
      const angle = position / rotaryBase ** (pair / vectors.columns);
      const x = vectors.get(position, pair);
      const y = vectors.get(position, pair + 1);
      turned.set(position, pair, x * Math.cos(angle) - y * Math.sin(angle));
      turned.set(position, pair + 1, x * Math.sin(angle) + y * Math.cos(angle));
    }
  }
  return turned;
}

/** Causal mask: the query in row i sees the keys of columns 0 to i. */
function mask(scores: Matrix): Matrix {
  const masked = scores.clone();
  for (let query = 0; query < scores.rows; query++) {
    for (let key = query + 1; key < scores.columns; key++) masked.set(query, key, Number.NEGATIVE_INFINITY);
  }
  return masked;
}

/** Makes each row non-negative with a sum of one. Subtracts the largest entry first so that exp stays finite. */
function softmax(scores: Matrix): Matrix {
  const powers = scores.clone().subColumnVector(scores.max('row')).exp();
  return powers.divColumnVector(powers.sum('row'));
}

function size(matrix: Matrix): Size {
  return { rows: matrix.rows, columns: matrix.columns };
}
