/**
 * Self-play: one player against itself, which is all that a symmetric game needs.
 *
 * G. Swamy et al., arXiv:2401.04056 (SPO); Hedge by Y. Freund, R. E. Schapire (1999);
 * optimistic: V. Syrgkanis et al., arXiv:1507.00407; extragradient (mirror prox): A. Nemirovski (2004).
 *
 *   paper      here             meaning
 *   A          2 P - 1          payoffs in [-1, 1], skew-symmetric
 *   η          learningRate     step of the multiplicative weights
 *   L_t        -                ln initial + η Σ_{s<t} A p_s
 *
 *   'hedge'           p_t = softmax(L_t)
 *   'optimistic'      p_t = softmax(L_t + η A p_{t-1}), A p_{-1} = 0
 *   'extragradient'   p_t = softmax(L_t + η A softmax(L_t))
 */
import { checkInteger, checkOption, checkPositive } from '../internal/check.js';
import { matVec, type MatrixLike } from '../linalg/index.js';
import { exp } from '../special/exp.js';
import { log } from '../special/log.js';
import { bestResponseTo, checkPolicy } from './exploitability.js';
import { checkPreference } from './preference-matrix.js';

export type SelfPlayAlgorithm = 'hedge' | 'optimistic' | 'extragradient';

export interface SelfPlayOptions {
  /** Rounds T, at least 1. */
  steps: number;
  /** η > 0. Theorem: sqrt(2 ln n / T) for 'hedge', 1/4 for 'optimistic'. */
  learningRate: number;
  /** Default 'hedge'. */
  algorithm?: SelfPlayAlgorithm;
  /** Start; items of probability 0 stay out. Default uniform. */
  initial?: ArrayLike<number>;
  /** Keep p_t for t = 0, r, 2r, ...; 0 (default) keeps none. */
  recordEvery?: number;
}

export interface SelfPlay {
  /** Mean of p_0 ... p_{T-1}. */
  average: Float64Array;
  /** softmax(L_T). */
  last: Float64Array;
  /** Of the average: max_i (P p)_i - 1/2, the certificate. */
  exploitability: number;
  /** Of the last iterate. */
  lastExploitability: number;
  /** The recorded p_t, one row each, row-major. */
  trajectory: Float64Array;
}

/**
 * Plays T rounds on the known preference. The average converges to a minimax winner (for a start with full support); the
 * last iterate of 'hedge' cycles on games without a pure winner, those of the other two converge to a unique winner.
 *
 * Deterministic; O(n²) a round, twice that for 'extragradient'.
 *
 * @throws RangeError if `preference` is no preference matrix or an option is out of range
 *
 * @example
 * const game = selfPlay([[0.5, 1], [0, 0.5]], { steps: 100, learningRate: 1 });
 * game.last[0] > 1 - 1e-15; //=> true
 */
export function selfPlay(preference: MatrixLike, options: SelfPlayOptions): SelfPlay {
  const { data, n } = checkPreference(preference);
  return selfPlayKernel(data, n, options);
}

/** For a matrix that is known to be a preference. */
export function selfPlayKernel(P: Float64Array, n: number, options: SelfPlayOptions): SelfPlay {
  const T = checkInteger('steps', options.steps, 1);
  const eta = checkPositive('learningRate', options.learningRate);
  const algorithm = checkOption('algorithm', options.algorithm ?? 'hedge', ['hedge', 'optimistic', 'extragradient']);
  const recordEvery = checkInteger('recordEvery', options.recordEvery ?? 0, 0);
  const A = P.map((p) => 2 * p - 1);
  const L = new Float64Array(n);
  if (options.initial !== undefined) {
    checkPolicy('initial', options.initial, n);
    for (let i = 0; i < n; i++) L[i] = log(options.initial[i]);
  }
  const p = new Float64Array(n);
  const rewards = new Float64Array(n);
  const shifted = new Float64Array(n);
  const total = new Float64Array(n);
  const trajectory = new Float64Array(recordEvery > 0 ? Math.ceil(T / recordEvery) * n : 0);
  for (let t = 0; t < T; t++) {
    if (algorithm === 'hedge') softmaxInto(L, p);
    else {
      if (algorithm === 'extragradient') matVec(A, softmaxInto(L, p), n, n, rewards);
      for (let i = 0; i < n; i++) shifted[i] = L[i] + eta * rewards[i];
      softmaxInto(shifted, p);
    }
    matVec(A, p, n, n, rewards);
    for (let i = 0; i < n; i++) {
      total[i] += p[i];
      L[i] += eta * rewards[i];
    }
    if (recordEvery > 0 && t % recordEvery === 0) trajectory.set(p, (t / recordEvery) * n);
  }
  const average = total.map((x) => x / T);
  const last = softmaxInto(L, p);
  return {
    average,
    last,
    exploitability: bestResponseTo(P, n, average).exploitability,
    lastExploitability: bestResponseTo(P, n, last).exploitability,
    trajectory,
  };
}

/**
 * Bounds of the exploitability of the average from a uniform start, in the scale of P (half the margin scale):
 *
 *   'hedge'        ½ (ln n / (η T) + η / 2); at η = sqrt(2 ln n / T), the default, ½ sqrt(2 ln n / T)
 *   'optimistic'   ½ (ln n / η + η) / T for η <= 1/2; at η = 1/4, the default, (2 ln n + 1/8) / T
 *
 * The margin gap of the average, max_i (A p̄)_i, is the player's regret over T, as p_tᵀ A p_t = 0. Hedge with payoffs in
 * [-1, 1]: Cesa-Bianchi & Lugosi (2006), Theorem 2.2. Optimistic: regret <= ln n / η + η Σ ||A p_t - A p_{t-1}||_∞²
 * - (1/4η) Σ ||p_t - p_{t-1}||_1² (Syrgkanis et al., Proposition 7), where the sums cancel for η <= 1/2 as |A_ij| <= 1, save
 * the first round, which adds η at most.
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * selfPlayExploitabilityBound(2, 50) === 0.5 * Math.sqrt(Math.LN2 / 25); //=> true
 */
export function selfPlayExploitabilityBound(
  n: number,
  steps: number,
  options: { learningRate?: number; algorithm?: 'hedge' | 'optimistic' } = {},
): number {
  checkInteger('n', n, 1);
  checkInteger('steps', steps, 1);
  const algorithm = checkOption('algorithm', options.algorithm ?? 'hedge', ['hedge', 'optimistic']);
  const logN = log(n);
  if (algorithm === 'hedge') {
    if (options.learningRate === undefined) return 0.5 * Math.sqrt((2 * logN) / steps);
    const eta = checkPositive('learningRate', options.learningRate);
    return 0.5 * (logN / (eta * steps) + eta / 2);
  }
  const eta = checkPositive('learningRate', options.learningRate ?? 0.25);
  if (eta > 0.5) throw new RangeError(`learningRate must be at most 1/2 for the bound, got ${eta}`);
  return (0.5 * (logN / eta + eta)) / steps;
}

/** softmax, summed left to right; -Infinity is probability 0. */
export function softmaxInto(logits: Float64Array, out: Float64Array): Float64Array {
  let largest = -Infinity;
  for (let i = 0; i < logits.length; i++) if (logits[i] > largest) largest = logits[i];
  let total = 0;
  for (let i = 0; i < logits.length; i++) {
    out[i] = exp(logits[i] - largest);
    total += out[i];
  }
  for (let i = 0; i < logits.length; i++) out[i] /= total;
  return out;
}
