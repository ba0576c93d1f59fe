/**
 * Hedge: exponential weights over K experts with all losses seen.
 *
 * Y. Freund, R. E. Schapire, Journal of Computer and System Sciences 55 (1997) 119-139; with these constants N.
 * Cesa-Bianchi, G. Lugosi, "Prediction, Learning, and Games" (2006), Theorem 2.2.
 *
 *   paper      here            meaning
 *   K          experts         number of experts
 *   η          eta             learning rate
 *   L_i        state.losses    cumulative loss of expert i
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../internal/check.js';
import { exp } from '../special/exp.js';
import { log } from '../special/log.js';
import { checkGradient, type OnlineLearner, writable } from './learner.js';

export interface HedgeState {
  /** Rounds seen. */
  t: number;
  /** Cumulative losses L, with -ln(K prior) / η added at the start. */
  losses: Float64Array;
}

export interface HedgeOptions {
  /** Number of experts K, at least 1. */
  experts: number;
  /** Learning rate η > 0. */
  eta?: number;
  /** Number of rounds T, when `eta` is not given: η = sqrt(8 ln K / T), for losses in [0, 1]. */
  horizon?: number;
  /** Positive prior weights. Default uniform. */
  prior?: ArrayLike<number>;
}

/**
 * The learner p_t ∝ prior exp(-η L_{t-1}).
 *
 * Deterministic. O(K) a round. Losses may be any finite numbers; the bound asks for [0, 1].
 *
 * @throws TypeError if neither `eta` nor `horizon` is given
 * @throws RangeError if `experts` is not an integer >= 1, `eta` is not positive, `horizon` is not an integer >= 1, or the
 *   prior has a wrong length or an entry that is not positive
 *
 * @example
 * const learner = hedge({ experts: 2, eta: Math.LN2 });
 * const state = learner.update(learner.init(), [0, 1]);
 * learner.predict(state)[0].toFixed(12); //=> '0.666666666667'
 */
export function hedge(options: HedgeOptions): OnlineLearner<HedgeState> {
  const K = checkInteger('experts', options.experts, 1);
  const eta = hedgeRate(options, K);
  const start = priorLosses(options.prior, K, eta);
  return {
    dimension: K,
    init() {
      return { t: 0, losses: start.slice() };
    },
    predict({ losses }, out) {
      return weights(losses, eta, out ?? new Float64Array(K));
    },
    update(state, losses, out) {
      checkGradient('losses', losses, K);
      const next = writable(state, out);
      for (let i = 0; i < K; i++) next.losses[i] += losses[i];
      next.t += 1;
      return next;
    },
  };
}

/**
 * exp(-η L_i) / Σ_j exp(-η L_j), the smallest loss taken out first. η = 0 is uniform; sums run left to right.
 *
 * @throws RangeError if `losses` is empty or not finite, or `eta` is negative or not finite
 *
 * @example
 * hedgeWeights([0, 0, 1e300], 1); //=> Float64Array.of(0.5, 0.5, 0)
 */
export function hedgeWeights(
  losses: ArrayLike<number>,
  eta: number,
  out: Float64Array = new Float64Array(losses.length),
): Float64Array {
  checkVector('losses', losses);
  if (losses.length === 0) throw new RangeError('losses must not be empty');
  checkNumber('eta', eta, 0);
  return weights(losses, eta, out);
}

/**
 * Theorem 2.2: regret at most ln K / η + η T / 8 for losses in [0, 1], whatever the losses; with η = sqrt(8 ln K / T), the
 * default, that is sqrt(T ln K / 2).
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * hedgeRegretBound(2, 200).toFixed(9) === Math.sqrt(100 * Math.LN2).toFixed(9); //=> true
 */
export function hedgeRegretBound(experts: number, horizon: number, eta?: number): number {
  checkInteger('experts', experts, 1);
  checkInteger('horizon', horizon, 1);
  const logK = log(experts);
  if (eta === undefined) return Math.sqrt((horizon * logK) / 2);
  return logK / checkPositive('eta', eta) + (eta * horizon) / 8;
}

/** The kernel of `hedgeWeights`. */
export function weights(losses: ArrayLike<number>, eta: number, out: Float64Array): Float64Array {
  const K = losses.length;
  let least = Infinity;
  for (let i = 0; i < K; i++) if (losses[i] < least) least = losses[i];
  let total = 0;
  for (let i = 0; i < K; i++) {
    const d = losses[i] - least;
    // A difference that overflowed times η = 0 must not be NaN.
    const w = eta === 0 ? 1 : exp(-eta * d);
    out[i] = w;
    total += w;
  }
  for (let i = 0; i < K; i++) out[i] /= total;
  return out;
}

/** The learning rate that the options ask for; K = 1 with a horizon gives 0, which is harmless. */
export function hedgeRate({ eta, horizon }: { eta?: number; horizon?: number }, K: number): number {
  if (eta !== undefined) return checkPositive('eta', eta);
  if (horizon === undefined) throw new TypeError('horizon must be given when eta is not');
  return Math.sqrt((8 * log(K)) / checkInteger('horizon', horizon, 1));
}

/** Losses that stand for a prior: -ln(prior / max prior) / η. */
export function priorLosses(prior: ArrayLike<number> | undefined, K: number, eta: number): Float64Array {
  const losses = new Float64Array(K);
  if (prior === undefined) return losses;
  checkVector('prior', prior, K);
  let largest = 0;
  for (let i = 0; i < K; i++) largest = Math.max(largest, checkPositive(`prior[${i}]`, prior[i]));
  if (eta > 0) for (let i = 0; i < K; i++) losses[i] = -log(prior[i] / largest) / eta;
  return losses;
}
