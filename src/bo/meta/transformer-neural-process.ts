/**
 * A neural process on a transformer: one pass over a history of (x, y) and some candidates gives, for every candidate, a
 * distribution of its value and a score of how much it is worth trying.
 *
 * A. Maraval, M. Zimmer, A. Grosnit, H. Bou Ammar, "End-to-End Meta-Bayesian Optimisation with Transformer Neural Processes"
 * (NAP), NeurIPS 2023, arXiv:2305.15930, section 4. The layers are `transformer-block.ts`, their mask `masked-attention.ts`,
 * the heads `gelu-network.ts`; each file has a function and its derivative side by side.
 *
 *   token of a history point  W_x x + W_y y + b;   token of a candidate  W_x x + b;   tokens: the history, then the candidates
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
import { softmax } from '../../special/softmax.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { addOuterProducts, affine, pullThroughWeights } from '../surrogates/dense-layer.js';
import { checkBorders } from './bar-distribution.js';
import { geluNetwork, geluNetworkBackward, type GeluNetworkTape } from './gelu-network.js';
import { blockBackward, blockForward, type BlockLayout, type BlockTape } from './transformer-block.js';

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
  const [low, high] = checkVector('range', options.range ?? [-0.1, 1.1], 2) as readonly [number, number];
  if (!(low < high)) throw new RangeError(`range must increase, got [${low}, ${high}]`);
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
  /** Of the acquisition and value networks. */
  acquire: GeluNetworkTape;
  critic: GeluNetworkTape;
}

/** The forward pass. Tokens are the history, then the candidates. */
export function record(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
  input: NeuralProcessInput,
): NeuralProcessTape {
  const { inputs: d, embed: E, feedForward: F, borders, temperature, parameterCount } = process;
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
  let x: Float64Array = new Float64Array(n * E);
  affine(X, n, d, theta, at.embedX, E, x);
  for (let i = 0; i < h; i++) for (let e = 0; e < E; e++) x[i * E + e] += y[i] * theta[at.fromY + e];

  const blocks: BlockTape[] = [];
  for (const block of at.blocks) {
    const { out, tape } = blockForward(process, theta, block, x, h, n);
    blocks.push(tape);
    x = out;
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
  const acquire = geluNetwork(u, c, width, F, theta, at.acquire1, at.acquire2);
  const acquisitionLogits = acquire.out.map((logit) => logit / temperature);
  const critic = geluNetwork(Float64Array.of(best, time), 1, 2, F, theta, at.value1, at.value2);
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
  const { inputs: d, embed: E, feedForward: F, borders, temperature } = process;
  const { theta, h, c } = tape;
  const at = layout(process);
  const n = h + c;
  const B = borders.length - 1;
  const width = B + E + 2;
  const dx = new Float64Array(n * E);
  const dLogits = new Float64Array(c * B);
  if (by.bucketLogits !== undefined) dLogits.set(by.bucketLogits);

  if (by.value !== undefined) {
    geluNetworkBackward(tape.critic, Float64Array.of(by.value), 1, 2, F, theta, at.value1, at.value2, gradient);
  }
  if (by.acquisitionLogits !== undefined) {
    const delta = by.acquisitionLogits.map((g) => g / temperature);
    const du = geluNetworkBackward(tape.acquire, delta, c, width, F, theta, at.acquire1, at.acquire2, gradient);
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
  for (let l = at.blocks.length - 1; l >= 0; l--) {
    delta = blockBackward(process, theta, at.blocks[l], tape.blocks[l], h, n, delta, gradient);
  }
  addOuterProducts(delta, tape.X, n, E, d, gradient, at.embedX);
  for (let i = 0; i < h; i++) {
    for (let e = 0; e < E; e++) gradient[at.fromY + e] += tape.y[i] * delta[i * E + e];
  }
}

/** Where each block of parameters starts. An affine block is its weights, then its biases. */
interface Layout {
  embedX: number;
  fromY: number;
  blocks: BlockLayout[];
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
