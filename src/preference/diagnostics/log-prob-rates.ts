// Why likelihood is displaced: the exact speed of every token's log-probability under gradient flow on the DPO loss, for a
// model whose last layer is logits = W h.
//
// N. Razin et al., "Unintentional Unalignment: Likelihood Displacement in Direct Preference Optimization",
// arXiv:2410.08847, the theory for responses of one token and of several.
//
//   paper      here            meaning
//   W          unembedding     V × d, row z is the unembedding of token z
//   h          hidden          hidden embedding of the prompt, d numbers
//   y⁺, y⁻     chosen, rejected
//   g          lossSlope       β σ(-β ((W_{y⁺} - W_{y⁻}) h - ref)), minus the derivative of the loss in the log-ratio

import {
  checkInteger,
  checkMatrix,
  checkNumber,
  checkOption,
  checkPositive,
  checkVector,
} from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import { sigmoid } from '../../special/logistic.js';
import { softmax } from '../../special/softmax.js';

/** A last layer and a pair of tokens. */
export interface TokenPair {
  unembedding: MatrixLike;
  hidden: ArrayLike<number>;
  chosen: number;
  rejected: number;
}

export interface LogProbRatesOptions {
  /** β > 0. Default 0.1. */
  beta?: number;
  /** log π_ref(chosen) - log π_ref(rejected). Default the model's own: the start of training, where g = β/2. */
  refLogRatio?: number;
  /** What the flow moves. Default 'both'. */
  train?: 'both' | 'hidden' | 'unembedding';
}

export interface LogProbRates {
  /** d/dt log π(z) for every token z. */
  rates: Float64Array;
  /** The same divided by g: the bracket, whose sign decides. */
  brackets: Float64Array;
  /** g > 0. */
  lossSlope: number;
}

/**
 * d/dt log π(z) under gradient flow on the single-token DPO loss, for every token z:
 *
 *   g [ ⟨W_z - Σ_v p_v W_v, W_w - W_l⟩  (h is trained)  +  |h|² (1[z=w] - 1[z=l] - p_w + p_l)  (W is trained) ].
 *
 * The chosen token falls iff its bracket is negative; with train 'hidden' the token that rises fastest maximizes
 * ⟨W_z, W_w - W_l⟩, and with 'both' so does the fastest among the tokens other than w and l. O(V d).
 *
 * @throws RangeError if a token is out of range, both are the same, dimensions differ, or an option is out of range
 *
 * @example
 * const model = { unembedding: [[1], [0]], hidden: [0], chosen: 0, rejected: 1 };
 * logProbRates(model, { beta: 2 }).rates; //=> Float64Array.of(0.5, -0.5)
 */
export function logProbRates(pair: TokenPair, options: LogProbRatesOptions = {}): LogProbRates {
  const beta = checkPositive('beta', options.beta ?? 0.1);
  const train = checkOption('train', options.train ?? 'both', ['both', 'hidden', 'unembedding']);
  const { W, V, d, h } = checkPair(pair);
  const { chosen, rejected } = pair;
  const logits = logitsOf(W, V, d, h);
  const p = softmax(logits);
  const ratio = logits[chosen] - logits[rejected];
  const refLogRatio = checkNumber('refLogRatio', options.refLogRatio ?? ratio);
  const lossSlope = beta * sigmoid(-beta * (ratio - refLogRatio));
  // ⟨W_z, W_w - W_l⟩ for every z, and its mean under p.
  const alignment = new Float64Array(V);
  let mean = 0;
  for (let z = 0; z < V; z++) {
    for (let j = 0; j < d; j++) alignment[z] += W[z * d + j] * (W[chosen * d + j] - W[rejected * d + j]);
    mean += p[z] * alignment[z];
  }
  let normSq = 0;
  for (let j = 0; j < d; j++) normSq += h[j] * h[j];
  const brackets = new Float64Array(V);
  for (let z = 0; z < V; z++) {
    if (train !== 'unembedding') brackets[z] += alignment[z] - mean;
    if (train !== 'hidden') {
      brackets[z] += normSq * ((z === chosen ? 1 : 0) - (z === rejected ? 1 : 0) - p[chosen] + p[rejected]);
    }
  }
  return { rates: brackets.map((x) => lossSlope * x), brackets, lossSlope };
}

export interface TwoTokenFlowOptions extends Omit<LogProbRatesOptions, 'refLogRatio'> {
  /** Gradient steps, at least 0. */
  steps: number;
  /** Size of a step. Default 1. */
  learningRate?: number;
}

export interface TwoTokenFlow {
  /** (steps + 1) × V, the distribution before each step and after the last. */
  probs: Float64Array;
  /** Growth of log π(chosen) - log π(rejected) since the start. */
  margins: Float64Array;
  unembedding: Float64Array;
  hidden: Float64Array;
}

/**
 * Gradient descent on the DPO loss of one pair of tokens with the start as reference: likelihood displacement in the
 * smallest model that shows it ("No" over "Never", and "Yes" takes all).
 *
 * O(steps V d).
 *
 * @throws RangeError as `logProbRates`
 *
 * @example
 * const model = { unembedding: [[1, 0.6], [1, 1], [0.6, -1], [-1, 0]], hidden: [1, 0.1], chosen: 0, rejected: 1 };
 * const { probs } = simulateTwoTokenFlow(model, { steps: 200, train: 'hidden' });
 * [probs[802].toFixed(5), probs[800].toFixed(5)]; //=> ['0.99075', '0.00369']
 */
export function simulateTwoTokenFlow(pair: TokenPair, options: TwoTokenFlowOptions): TwoTokenFlow {
  const beta = checkPositive('beta', options.beta ?? 0.1);
  const rate = checkPositive('learningRate', options.learningRate ?? 1);
  const steps = checkInteger('steps', options.steps, 0);
  const train = checkOption('train', options.train ?? 'both', ['both', 'hidden', 'unembedding']);
  const { W: start, V, d, h: h0 } = checkPair(pair);
  const { chosen: w, rejected: l } = pair;
  const W = start.slice();
  const h = Float64Array.from(h0);
  const probs = new Float64Array((steps + 1) * V);
  const margins = new Float64Array(steps + 1);
  const first = logitsOf(W, V, d, h);
  const refLogRatio = first[w] - first[l];
  const before = new Float64Array(d);
  for (let t = 0; t <= steps; t++) {
    const logits = logitsOf(W, V, d, h);
    softmax(logits, {}, probs.subarray(t * V, (t + 1) * V));
    margins[t] = logits[w] - logits[l] - refLogRatio;
    if (t === steps) break;
    const step = rate * beta * sigmoid(-beta * margins[t]);
    before.set(h);
    for (let j = 0; j < d; j++) {
      if (train !== 'unembedding') h[j] += step * (W[w * d + j] - W[l * d + j]);
    }
    if (train !== 'hidden') {
      for (let j = 0; j < d; j++) {
        W[w * d + j] += step * before[j];
        W[l * d + j] -= step * before[j];
      }
    }
  }
  return { probs, margins, unembedding: W, hidden: h };
}

/** A response as the last layer sees it: the hidden embedding before each token, and the tokens. */
export interface HiddenSequence {
  /** T × d. */
  hidden: MatrixLike;
  /** T tokens. */
  tokens: ArrayLike<number>;
}

/**
 * ⟨∇_W log π(a), ∇_W log π(b)⟩ = Σ_{k,k'} ⟨e_{a_k} - p_k, e_{b_k'} - p'_k'⟩ ⟨h_k, h'_k'⟩, and the same of a with itself.
 *
 * With W trained, d/dt log π(y⁺) = g (K(y⁺, y⁺) - K(y⁺, y⁻)); the CHES score is minus this with the products of the token
 * parts replaced by 1. O(T_a T_b (V + d)).
 *
 * @throws RangeError if dimensions differ, a token is out of range, or a sequence is empty
 *
 * @example
 * const a = { hidden: [[2]], tokens: [0] };
 * sequenceTangentKernel([[0], [0]], a, { hidden: [[1]], tokens: [1] }); //=> { kernel: -1, kernelAA: 2 }
 */
export function sequenceTangentKernel(
  unembedding: MatrixLike,
  a: HiddenSequence,
  b: HiddenSequence,
): { kernel: number; kernelAA: number } {
  const { data: W, rows: V, columns: d } = checkMatrix('unembedding', toRowMajor(unembedding, 'unembedding'));
  const first = residualsOf('a', a, W, V, d);
  const second = residualsOf('b', b, W, V, d);
  return { kernel: kernelOf(first, second, V, d), kernelAA: kernelOf(first, first, V, d) };
}

interface Residuals {
  /** T × V rows e_token - p. */
  errors: Float64Array;
  hidden: Float64Array;
  length: number;
}

function residualsOf(
  name: string,
  { hidden, tokens }: HiddenSequence,
  W: Float64Array,
  V: number,
  d: number,
): Residuals {
  const { data, rows, columns } = checkMatrix(`${name}.hidden`, toRowMajor(hidden, `${name}.hidden`));
  if (columns !== d || rows === 0) throw new RangeError(`${name}.hidden must be T × ${d}, got ${rows} × ${columns}`);
  checkVector(`${name}.tokens`, tokens, rows);
  const errors = new Float64Array(rows * V);
  for (let k = 0; k < rows; k++) {
    const row = errors.subarray(k * V, (k + 1) * V);
    softmax(logitsOf(W, V, d, data.subarray(k * d, (k + 1) * d)), {}, row);
    for (let v = 0; v < V; v++) row[v] = -row[v];
    row[checkInteger(`${name}.tokens[${k}]`, tokens[k], 0, V - 1)] += 1;
  }
  return { errors, hidden: data, length: rows };
}

function kernelOf(a: Residuals, b: Residuals, V: number, d: number): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) {
    for (let m = 0; m < b.length; m++) {
      let tokens = 0;
      for (let v = 0; v < V; v++) tokens += a.errors[k * V + v] * b.errors[m * V + v];
      let embeddings = 0;
      for (let j = 0; j < d; j++) embeddings += a.hidden[k * d + j] * b.hidden[m * d + j];
      total += tokens * embeddings;
    }
  }
  return total;
}

function checkPair({ unembedding, hidden, chosen, rejected }: TokenPair): {
  W: Float64Array;
  V: number;
  d: number;
  h: ArrayLike<number>;
} {
  const { data: W, rows: V, columns: d } = checkMatrix('unembedding', toRowMajor(unembedding, 'unembedding'));
  checkVector('hidden', hidden, d);
  checkInteger('chosen', chosen, 0, V - 1);
  checkInteger('rejected', rejected, 0, V - 1);
  if (chosen === rejected) throw new RangeError(`rejected must differ from chosen, got ${rejected} for both`);
  return { W, V, d, h: hidden };
}

function logitsOf(W: Float64Array, V: number, d: number, h: ArrayLike<number>): Float64Array {
  const logits = new Float64Array(V);
  for (let z = 0; z < V; z++) for (let j = 0; j < d; j++) logits[z] += W[z * d + j] * h[j];
  return logits;
}
