/**
 * A neural process on a transformer: one pass over a history of (x, y) and some candidates gives, for every candidate, a
 * distribution of its value and a score of how much it is worth trying.
 *
 * A. Maraval, M. Zimmer, A. Grosnit, H. Bou Ammar, "End-to-End Meta-Bayesian Optimisation with Transformer Neural Processes"
 * (NAP), NeurIPS 2023, arXiv:2305.15930, section 4; the encoder of A. Vaswani et al., arXiv:1706.03762, with layer norm
 * after each sum and GELU.
 *
 *   token of a history point  W_x x + W_y y + b;   token of a candidate  W_x x + b
 *   mask                      every token attends to the history; a candidate also to itself, and to nothing else
 *   bucket logits             linear in the token's embedding, for `barDistribution`
 *   acquisition logit         a small network of [bucket probabilities, embedding, best so far, t/T], over the temperature
 *   value                     a small network of [best so far, t/T] (this library's own choice of a critic)
 *
 * The mask makes the outputs invariant to the order of the history, equivariant to that of the candidates, and each
 * candidate's independent of the others. The paper's size: 1000 buckets on [-0.1, 1.1], embedding 512, feed-forward 1024, 6
 * layers, 4 heads, temperature 0.1. The defaults here are for a CPU.
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { exp } from '../../special/exp.js';
import { normalCdf, normalPdf } from '../../special/normal.js';
import { softmax } from '../../special/softmax.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { addOuterProducts, affine, pullThroughWeights } from '../surrogates/dense-layer.js';
import { checkBorders } from './bar-distribution.js';

export interface NeuralProcessOptions {
  /** Dimension d of x. */
  inputs: number;
  /** E, a multiple of heads. Default 64. */
  embed?: number;
  /** Default 2. */
  layers?: number;
  /** Default 4. */
  heads?: number;
  /** Width of hidden layers. Default 128. */
  feedForward?: number;
  /** Buckets of equal width. Default 100. */
  buckets?: number;
  /** Ends of the buckets. Default [-0.1, 1.1], for values normalized to [0, 1]. */
  range?: readonly [number, number];
  /** Acquisition logits are divided by this. Default 0.1. */
  temperature?: number;
}

/** The shape of a process and where its parameters lie; the parameters live outside. */
export interface NeuralProcess {
  readonly inputs: number;
  readonly embed: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly borders: Float64Array;
  readonly temperature: number;
  readonly parameterCount: number;
}

/** One question to a process. */
export interface NeuralProcessInput {
  /** h x d. */
  historyX: MatrixLike;
  /** h values, on the scale of the borders. */
  historyY: ArrayLike<number>;
  /** c x d. */
  candidates: MatrixLike;
  /** Best value so far; default the largest of the history, 0 without one. */
  best?: number;
  /** t/T in [0, 1]. Default 0. */
  time?: number;
}

export interface NeuralProcessOutput {
  /** c x buckets. */
  bucketLogits: Float64Array;
  /** c. */
  acquisitionLogits: Float64Array;
  value: number;
}

/**
 * @throws RangeError if a size is not a positive integer, embed is not a multiple of heads, or the range is empty
 *
 * @example
 * neuralProcess({ inputs: 2, embed: 8, layers: 1, heads: 2, feedForward: 16, buckets: 10 }).parameterCount; //=> 1140
 */
export function neuralProcess(options: NeuralProcessOptions): NeuralProcess {
  const inputs = checkInteger('inputs', options.inputs, 1);
  const embed = checkInteger('embed', options.embed ?? 64, 1);
  const layers = checkInteger('layers', options.layers ?? 2, 0);
  const heads = checkInteger('heads', options.heads ?? 4, 1);
  if (embed % heads !== 0) throw new RangeError(`embed must be a multiple of heads = ${heads}, got ${embed}`);
  const feedForward = checkInteger('feedForward', options.feedForward ?? 128, 1);
  const buckets = checkInteger('buckets', options.buckets ?? 100, 1);
  const [low, high] = options.range ?? [-0.1, 1.1];
  const borders = checkBorders(
    Float64Array.from({ length: buckets + 1 }, (_, b) => low + ((high - low) * b) / buckets),
  );
  const temperature = checkPositive('temperature', options.temperature ?? 0.1);
  const shape = { inputs, embed, layers, heads, feedForward, borders, temperature };
  return { ...shape, parameterCount: layout({ ...shape, parameterCount: 0 }).end };
}

/** Weights N(0, 1/fan in), biases 0, layer norms 1 and 0. One normal draw a weight. */
export function neuralProcessInit(process: NeuralProcess, rng: Rng): Float64Array {
  const parameters = new Float64Array(process.parameterCount);
  const at = layout(process);
  const { embed: E } = process;
  for (const { start, width, fanIn } of at.affines) {
    const sigma = 1 / Math.sqrt(fanIn);
    for (let p = start; p < start + width * fanIn; p++) parameters[p] = sigma * sampleNormal(rng);
  }
  for (let e = 0; e < E; e++) parameters[at.fromY + e] = sampleNormal(rng);
  for (const start of at.norms) parameters.fill(1, start, start + E);
  return parameters;
}

/**
 * The outputs for one question. O(layers ((h + c) E (E + feedForward + h)) + c (buckets + E) feedForward).
 *
 * @throws RangeError if a size does not fit or a number is not finite
 */
export function neuralProcessForward(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
  input: NeuralProcessInput,
): NeuralProcessOutput {
  const tape = record(process, parameters, input);
  const { bucketLogits, acquisitionLogits, value } = tape;
  return { bucketLogits, acquisitionLogits, value };
}

/**
 * The outputs and the gradient in the parameters of a scalar, given its gradient in the outputs, by reverse mode. Twice to
 * three times the cost of `neuralProcessForward`.
 *
 * @param by gradient in the bucket logits (c x buckets), the acquisition logits (c) and the value; absent parts are 0
 * @throws RangeError if a size does not fit or a number is not finite
 */
export function neuralProcessBackward(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
  input: NeuralProcessInput,
  by: NeuralProcessOutputGradient,
): NeuralProcessOutput & { gradient: Float64Array } {
  const tape = record(process, parameters, input);
  if (by.bucketLogits !== undefined) checkVector('bucketLogits', by.bucketLogits, tape.bucketLogits.length);
  if (by.acquisitionLogits !== undefined) checkVector('acquisitionLogits', by.acquisitionLogits, tape.c);
  if (by.value !== undefined) checkNumber('value', by.value);
  const gradient = new Float64Array(process.parameterCount);
  pullBack(process, tape, by, gradient);
  const { bucketLogits, acquisitionLogits, value } = tape;
  return { bucketLogits, acquisitionLogits, value, gradient };
}

/** Where each block of parameters starts. An affine block is its weights, then its biases. */
interface Layout {
  embedX: number;
  fromY: number;
  blocks: { q: number; k: number; v: number; o: number; norm1: number; up: number; down: number; norm2: number }[];
  bucket: number;
  acquire1: number;
  acquire2: number;
  value1: number;
  value2: number;
  affines: { start: number; width: number; fanIn: number }[];
  norms: number[];
  end: number;
}

function layout({ inputs, embed: E, layers, feedForward: F, borders }: NeuralProcess): Layout {
  const B = borders.length - 1;
  const affines: Layout['affines'] = [];
  const norms: number[] = [];
  let end = 0;
  const dense = (width: number, fanIn: number) => {
    affines.push({ start: end, width, fanIn });
    end += width * (fanIn + 1);
    return end - width * (fanIn + 1);
  };
  const norm = () => {
    norms.push(end);
    end += 2 * E;
    return end - 2 * E;
  };
  const embedX = dense(E, inputs);
  const fromY = end;
  end += E;
  const blocks = Array.from({ length: layers }, () => ({
    q: dense(E, E),
    k: dense(E, E),
    v: dense(E, E),
    o: dense(E, E),
    norm1: norm(),
    up: dense(F, E),
    down: dense(E, F),
    norm2: norm(),
  }));
  const bucket = dense(B, E);
  const acquire1 = dense(F, B + E + 2);
  const acquire2 = dense(1, F);
  const value1 = dense(F, 2);
  const value2 = dense(1, F);
  return { embedX, fromY, blocks, bucket, acquire1, acquire2, value1, value2, affines, norms, end };
}

interface BlockTape {
  x: Float64Array;
  q: Float64Array;
  k: Float64Array;
  v: Float64Array;
  /** Attention, [head][token][h + 1]; the last column is a candidate's attention to itself. */
  attention: Float64Array;
  context: Float64Array;
  normal1: Float64Array;
  scale1: Float64Array;
  y1: Float64Array;
  z: Float64Array;
  a: Float64Array;
  normal2: Float64Array;
  scale2: Float64Array;
}

/** A forward pass with all that the backward pass needs. */
export interface NeuralProcessTape extends NeuralProcessOutput {
  theta: Float64Array;
  h: number;
  c: number;
  X: Float64Array;
  y: Float64Array;
  blocks: BlockTape[];
  /** Embeddings of all tokens after the last layer. */
  embedding: Float64Array;
  probabilities: Float64Array;
  /** Inputs, pre-activations and activations of the acquisition and value networks. */
  acquire: { u: Float64Array; z: Float64Array; a: Float64Array };
  critic: { u: Float64Array; z: Float64Array; a: Float64Array };
}

/** The forward pass. Tokens are the history, then the candidates. */
export function record(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
  input: NeuralProcessInput,
): NeuralProcessTape {
  const { inputs: d, embed: E, heads, feedForward: F, borders, temperature, parameterCount } = process;
  checkVector('parameters', parameters, parameterCount);
  const theta = parameters instanceof Float64Array ? parameters : Float64Array.from(parameters);
  const history = toPoints('historyX', input.historyX);
  const h = history.rows;
  if (h > 0 && history.columns !== d) throw new RangeError(`historyX must have ${d} columns, got ${history.columns}`);
  const candidates = toPoints('candidates', input.candidates, d);
  const c = candidates.rows;
  const y = Float64Array.from(checkVector('historyY', input.historyY, h));
  let best = 0;
  for (let i = 0; i < h; i++) best = i === 0 ? y[0] : Math.max(best, y[i]);
  best = checkNumber('best', input.best ?? best);
  const time = checkNumber('time', input.time ?? 0, 0, 1);

  const at = layout(process);
  const n = h + c;
  const B = borders.length - 1;
  const X = new Float64Array(n * d);
  X.set(history.data.subarray(0, h * d));
  X.set(candidates.data, h * d);
  let x = new Float64Array(n * E);
  affine(X, n, d, theta, at.embedX, E, x);
  for (let i = 0; i < h; i++) for (let e = 0; e < E; e++) x[i * E + e] += y[i] * theta[at.fromY + e];

  const blocks: BlockTape[] = [];
  for (const block of at.blocks) {
    const [q, k, v, context, mixed] = [0, 0, 0, 0, 0].map(() => new Float64Array(n * E));
    affine(x, n, E, theta, block.q, E, q);
    affine(x, n, E, theta, block.k, E, k);
    affine(x, n, E, theta, block.v, E, v);
    const attention = attend(q, k, v, h, n, E, heads, context);
    affine(context, n, E, theta, block.o, E, mixed);
    for (let p = 0; p < n * E; p++) mixed[p] += x[p];
    const first = layerNorm(mixed, n, E, theta, block.norm1);
    const z = new Float64Array(n * F);
    affine(first.out, n, E, theta, block.up, F, z);
    const a = gelu(z);
    const sum = new Float64Array(n * E);
    affine(a, n, F, theta, block.down, E, sum);
    for (let p = 0; p < n * E; p++) sum[p] += first.out[p];
    const second = layerNorm(sum, n, E, theta, block.norm2);
    blocks.push({
      x,
      q,
      k,
      v,
      attention,
      context,
      normal1: first.normal,
      scale1: first.scale,
      y1: first.out,
      z,
      a,
      normal2: second.normal,
      scale2: second.scale,
    });
    x = second.out;
  }

  const last = x.subarray(h * E);
  const bucketLogits = new Float64Array(c * B);
  affine(last, c, E, theta, at.bucket, B, bucketLogits);
  const probabilities = new Float64Array(c * B);
  const width = B + E + 2;
  const u = new Float64Array(c * width);
  for (let j = 0; j < c; j++) {
    const p = softmax(bucketLogits.subarray(j * B, (j + 1) * B), {}, probabilities.subarray(j * B, (j + 1) * B));
    u.set(p, j * width);
    u.set(last.subarray(j * E, (j + 1) * E), j * width + B);
    u[j * width + B + E] = best;
    u[j * width + B + E + 1] = time;
  }
  const acquire = smallNetwork(u, c, width, F, theta, at.acquire1, at.acquire2);
  const acquisitionLogits = acquire.out.map((logit) => logit / temperature);
  const critic = smallNetwork(Float64Array.of(best, time), 1, 2, F, theta, at.value1, at.value2);
  return {
    bucketLogits,
    acquisitionLogits,
    value: critic.out[0],
    theta,
    h,
    c,
    X,
    y,
    blocks,
    embedding: x,
    probabilities,
    acquire,
    critic,
  };
}

/** Gradients of a scalar in the outputs; absent ones are 0. */
export interface NeuralProcessOutputGradient {
  bucketLogits?: Float64Array;
  acquisitionLogits?: Float64Array;
  value?: number;
}

/** Adds the gradient in the parameters to `gradient`. */
export function pullBack(
  process: NeuralProcess,
  tape: NeuralProcessTape,
  by: NeuralProcessOutputGradient,
  gradient: Float64Array,
): void {
  const { inputs: d, embed: E, heads, feedForward: F, borders, temperature } = process;
  const { theta, h, c } = tape;
  const at = layout(process);
  const n = h + c;
  const B = borders.length - 1;
  const width = B + E + 2;
  const dx = new Float64Array(n * E);
  const dLogits = new Float64Array(c * B);
  if (by.bucketLogits !== undefined) dLogits.set(by.bucketLogits);

  if (by.value !== undefined) {
    smallNetworkBackward(tape.critic, Float64Array.of(by.value), 1, 2, F, theta, at.value1, at.value2, gradient);
  }
  if (by.acquisitionLogits !== undefined) {
    const delta = by.acquisitionLogits.map((g) => g / temperature);
    const du = smallNetworkBackward(tape.acquire, delta, c, width, F, theta, at.acquire1, at.acquire2, gradient);
    for (let j = 0; j < c; j++) {
      // softmax: ∂logit_b = p_b (∂p_b - Σ p ∂p)
      let mean = 0;
      for (let b = 0; b < B; b++) mean += tape.probabilities[j * B + b] * du[j * width + b];
      for (let b = 0; b < B; b++) dLogits[j * B + b] += tape.probabilities[j * B + b] * (du[j * width + b] - mean);
      for (let e = 0; e < E; e++) dx[(h + j) * E + e] += du[j * width + B + e];
    }
  }
  const last = tape.embedding.subarray(h * E);
  addOuterProducts(dLogits, last, c, B, E, gradient, at.bucket);
  const dLast = new Float64Array(c * E);
  pullThroughWeights(dLogits, theta, at.bucket, c, B, E, dLast);
  for (let p = 0; p < c * E; p++) dx[h * E + p] += dLast[p];

  let delta: Float64Array = dx;
  for (let l = at.blocks.length - 1; l >= 0; l--) delta = blockBackward(process, tape, l, delta, gradient, heads);
  addOuterProducts(delta, tape.X, n, E, d, gradient, at.embedX);
  for (let i = 0; i < h; i++) {
    for (let e = 0; e < E; e++) gradient[at.fromY + e] += tape.y[i] * delta[i * E + e];
  }
}

function blockBackward(
  process: NeuralProcess,
  tape: NeuralProcessTape,
  l: number,
  delta: Float64Array,
  gradient: Float64Array,
  heads: number,
): Float64Array {
  const { embed: E, feedForward: F } = process;
  const { theta, h, c } = tape;
  const n = h + c;
  const at = layout(process).blocks[l];
  const block = tape.blocks[l];
  const dSum = layerNormBackward(delta, block.normal2, block.scale2, n, E, theta, at.norm2, gradient);
  addOuterProducts(dSum, block.a, n, E, F, gradient, at.down);
  const dz = new Float64Array(n * F);
  pullThroughWeights(dSum, theta, at.down, n, E, F, dz);
  for (let p = 0; p < n * F; p++) dz[p] *= geluSlope(block.z[p]);
  addOuterProducts(dz, block.y1, n, F, E, gradient, at.up);
  const dy1 = new Float64Array(n * E);
  pullThroughWeights(dz, theta, at.up, n, F, E, dy1);
  for (let p = 0; p < n * E; p++) dy1[p] += dSum[p];

  const dMixed = layerNormBackward(dy1, block.normal1, block.scale1, n, E, theta, at.norm1, gradient);
  addOuterProducts(dMixed, block.context, n, E, E, gradient, at.o);
  const dContext = new Float64Array(n * E);
  pullThroughWeights(dMixed, theta, at.o, n, E, E, dContext);
  const { dq, dk, dv } = attendBackward(block, dContext, h, n, E, heads);
  const dx = dMixed;
  const part = new Float64Array(n * E);
  for (const [start, d] of [
    [at.q, dq],
    [at.k, dk],
    [at.v, dv],
  ] as const) {
    addOuterProducts(d, block.x, n, E, E, gradient, start);
    pullThroughWeights(d, theta, start, n, E, E, part);
    for (let p = 0; p < n * E; p++) dx[p] += part[p];
  }
  return dx;
}

/** Token i attends to the h tokens of the history and, if it is a candidate, to itself. */
function attend(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  h: number,
  n: number,
  E: number,
  heads: number,
  context: Float64Array,
): Float64Array {
  const size = E / heads;
  const scale = 1 / Math.sqrt(size);
  const attention = new Float64Array(heads * n * (h + 1));
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < n; i++) {
      const row = (head * n + i) * (h + 1);
      const own = i >= h;
      const m = own ? h + 1 : h;
      let largest = -Infinity;
      for (let j = 0; j < m; j++) {
        const other = j < h ? j : i;
        let score = 0;
        for (let e = head * size; e < (head + 1) * size; e++) score += q[i * E + e] * k[other * E + e];
        score *= scale;
        attention[row + j] = score;
        if (score > largest) largest = score;
      }
      let total = 0;
      for (let j = 0; j < m; j++) {
        attention[row + j] = exp(attention[row + j] - largest);
        total += attention[row + j];
      }
      for (let j = 0; j < m; j++) {
        const weight = attention[row + j] / total;
        attention[row + j] = weight;
        const other = j < h ? j : i;
        for (let e = head * size; e < (head + 1) * size; e++) context[i * E + e] += weight * v[other * E + e];
      }
    }
  }
  return attention;
}

function attendBackward(
  { q, k, v, attention }: BlockTape,
  dContext: Float64Array,
  h: number,
  n: number,
  E: number,
  heads: number,
): { dq: Float64Array; dk: Float64Array; dv: Float64Array } {
  const size = E / heads;
  const scale = 1 / Math.sqrt(size);
  const [dq, dk, dv] = [0, 0, 0].map(() => new Float64Array(n * E));
  const slope = new Float64Array(h + 1);
  for (let head = 0; head < heads; head++) {
    const [first, end] = [head * size, (head + 1) * size];
    for (let i = 0; i < n; i++) {
      const row = (head * n + i) * (h + 1);
      const m = i >= h ? h + 1 : h;
      let mean = 0;
      for (let j = 0; j < m; j++) {
        const other = j < h ? j : i;
        const weight = attention[row + j];
        let s = 0;
        for (let e = first; e < end; e++) {
          s += dContext[i * E + e] * v[other * E + e];
          dv[other * E + e] += weight * dContext[i * E + e];
        }
        slope[j] = s;
        mean += weight * s;
      }
      for (let j = 0; j < m; j++) {
        const other = j < h ? j : i;
        const s = scale * attention[row + j] * (slope[j] - mean);
        for (let e = first; e < end; e++) {
          dq[i * E + e] += s * k[other * E + e];
          dk[other * E + e] += s * q[i * E + e];
        }
      }
    }
  }
  return { dq, dk, dv };
}

const NORM_EPSILON = 1e-5;

/** g (x - mean)/√(variance + 1e-5) + b, token by token. */
function layerNorm(
  x: Float64Array,
  n: number,
  E: number,
  theta: Float64Array,
  at: number,
): { out: Float64Array<ArrayBuffer>; normal: Float64Array; scale: Float64Array } {
  const out = new Float64Array(n * E);
  const normal = new Float64Array(n * E);
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let mean = 0;
    for (let e = 0; e < E; e++) mean += x[i * E + e];
    mean /= E;
    let variance = 0;
    for (let e = 0; e < E; e++) variance += (x[i * E + e] - mean) * (x[i * E + e] - mean);
    scale[i] = 1 / Math.sqrt(variance / E + NORM_EPSILON);
    for (let e = 0; e < E; e++) {
      normal[i * E + e] = (x[i * E + e] - mean) * scale[i];
      out[i * E + e] = theta[at + e] * normal[i * E + e] + theta[at + E + e];
    }
  }
  return { out, normal, scale };
}

/** ∂x = (∂x̂ - mean ∂x̂ - x̂ mean(∂x̂ x̂)) / √(variance + ε) with ∂x̂ = g ∂y. */
function layerNormBackward(
  dy: Float64Array,
  normal: Float64Array,
  scale: Float64Array,
  n: number,
  E: number,
  theta: Float64Array,
  at: number,
  gradient: Float64Array,
): Float64Array<ArrayBuffer> {
  const dx = new Float64Array(n * E);
  for (let i = 0; i < n; i++) {
    let mean = 0;
    let product = 0;
    for (let e = 0; e < E; e++) {
      const p = i * E + e;
      gradient[at + e] += dy[p] * normal[p];
      gradient[at + E + e] += dy[p];
      const d = dy[p] * theta[at + e];
      mean += d;
      product += d * normal[p];
    }
    mean /= E;
    product /= E;
    for (let e = 0; e < E; e++) {
      const p = i * E + e;
      dx[p] = scale[i] * (dy[p] * theta[at + e] - mean - normal[p] * product);
    }
  }
  return dx;
}

/** One hidden layer with GELU and one output. */
function smallNetwork(
  u: Float64Array,
  n: number,
  fanIn: number,
  F: number,
  theta: Float64Array,
  first: number,
  second: number,
): { u: Float64Array; z: Float64Array; a: Float64Array; out: Float64Array } {
  const z = new Float64Array(n * F);
  affine(u, n, fanIn, theta, first, F, z);
  const a = gelu(z);
  const out = new Float64Array(n);
  affine(a, n, F, theta, second, 1, out);
  return { u, z, a, out };
}

/** Adds to the gradient; returns ∂u. */
function smallNetworkBackward(
  { u, z, a }: { u: Float64Array; z: Float64Array; a: Float64Array },
  delta: Float64Array,
  n: number,
  fanIn: number,
  F: number,
  theta: Float64Array,
  first: number,
  second: number,
  gradient: Float64Array,
): Float64Array {
  addOuterProducts(delta, a, n, 1, F, gradient, second);
  const dz = new Float64Array(n * F);
  pullThroughWeights(delta, theta, second, n, 1, F, dz);
  for (let p = 0; p < n * F; p++) dz[p] *= geluSlope(z[p]);
  addOuterProducts(dz, u, n, F, fanIn, gradient, first);
  const du = new Float64Array(n * fanIn);
  pullThroughWeights(dz, theta, first, n, F, fanIn, du);
  return du;
}

function gelu(z: Float64Array): Float64Array {
  return z.map((v) => v * normalCdf(v));
}

function geluSlope(z: number): number {
  return normalCdf(z) + z * normalPdf(z);
}
