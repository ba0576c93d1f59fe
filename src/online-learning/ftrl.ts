/**
 * Follow the regularized leader, plain and optimistic.
 *
 * S. Shalev-Shwartz, "Online Learning and Online Convex Optimization" (2012), Section 2.3; F. Orabona, "A Modern
 * Introduction to Online Learning", arXiv:1912.13213, Chapter 7; optimistic: A. Rakhlin, K. Sridharan, arXiv:1208.3728.
 *
 *   x_t = argmin_x <g_1 + ... + g_{t-1} + M_t, x> + R(x) / η_t,   η_t = η or η / sqrt(t)
 *
 *   R                       set                  x
 *   'quadratic'  ½ ||x||²   any `ConvexSet`      Π(-η G)
 *   'entropy'    Σ x ln x   simplex              ∝ exp(-η G)
 *   'log-barrier' -Σ ln x   simplex              1 / (η (G_i - min G) + y), y in [1, K] the root of Σ x = 1
 */
import { checkInteger, checkNumber, checkOption, checkPositive } from '../internal/check.js';
import type { ConvexSet } from './convex-sets.js';
import { weights } from './hedge.js';
import { checkGradient, type OnlineLearner, type OptimisticLearner, writable } from './learner.js';

export interface FtrlState {
  /** Rounds seen. */
  t: number;
  /** Sum of the gradients. */
  sum: Float64Array;
}

export interface OptimisticFtrlState extends FtrlState {
  /** M for the coming round. */
  guess: Float64Array;
}

export type FtrlRegularizer = 'quadratic' | 'entropy' | 'log-barrier';

export interface FtrlOptions {
  regularizer: FtrlRegularizer;
  /** Where the points live; for 'quadratic', which needs it. */
  set?: ConvexSet;
  /** Number of weights; for the other two, which live on the simplex. */
  dimension?: number;
  /** η > 0. */
  eta: number;
  /** 'constant' (default): η_t = η; 'sqrt': η_t = η / sqrt(t), for games without a horizon. */
  schedule?: 'constant' | 'sqrt';
}

/**
 * Follow the regularized leader on the gradients.
 *
 * Deterministic. O(d) a round beside the projection; the log barrier's Newton iteration is monotone, about six steps.
 *
 * @throws RangeError if an option is out of range
 * @throws TypeError if 'quadratic' has no `set`
 *
 * @example
 * const learner = ftrl({ regularizer: 'log-barrier', dimension: 2, eta: 1 });
 * learner.predict(learner.update(learner.init(), [0, 1.5])); //=> Float64Array.of(2 / 3, 1 / 3)
 */
export function ftrl(options: FtrlOptions): OnlineLearner<FtrlState> {
  const { d, leader } = regularizedLeader(options);
  return {
    dimension: d,
    init() {
      return { t: 0, sum: new Float64Array(d) };
    },
    predict({ t, sum }, out = new Float64Array(d)) {
      return leader(sum, t + 1, out);
    },
    update(state, gradient, out) {
      checkGradient('gradient', gradient, d);
      const next = writable(state, out);
      for (let i = 0; i < d; i++) next.sum[i] += gradient[i];
      next.t += 1;
      return next;
    },
  };
}

/**
 * The same with the guess M_t = g_{t-1} (M_1 = 0, or what `hint` says) added to the sum of the gradients.
 *
 * @throws as `ftrl`
 */
export function optimisticFtrl(options: FtrlOptions): OptimisticLearner<OptimisticFtrlState> {
  const { d, leader } = regularizedLeader(options);
  return {
    dimension: d,
    init() {
      return { t: 0, sum: new Float64Array(d), guess: new Float64Array(d) };
    },
    predict({ t, sum, guess }, out = new Float64Array(d)) {
      for (let i = 0; i < d; i++) out[i] = sum[i] + guess[i];
      return leader(out, t + 1, out);
    },
    update(state, gradient, out) {
      checkGradient('gradient', gradient, d);
      const next = writable(state, out);
      for (let i = 0; i < d; i++) {
        next.sum[i] += gradient[i];
        next.guess[i] = gradient[i];
      }
      next.t += 1;
      return next;
    },
    hint(state, guess, out) {
      checkGradient('guess', guess, d);
      const next = writable(state, out);
      next.guess.set(guess);
      return next;
    },
  };
}

/**
 * Regret of (optimistic) FTRL with constant η and an R that is 1-strongly convex in a norm:
 *
 *   (R(u) - min R) / η + (η / 2) Σ_t ||g_t - M_t||_*²,
 *
 * M = 0 for the plain form. Norms: 'quadratic' ||.||_2, 'entropy' the dual ||.||_∞ of ||.||_1. The log barrier is not
 * covered.
 *
 * Orabona, arXiv:1912.13213, Chapter 7.
 *
 * @param options.range R(u) - min R: at most D²/2 for 'quadratic' on a set that holds 0, ln K for 'entropy'
 * @param options.variation Σ_t ||g_t - M_t||_*²
 *
 * @example
 * ftrlRegretBound({ range: 1, eta: 0.5, variation: 4 }); //=> 3
 */
export function ftrlRegretBound(options: { range: number; eta: number; variation: number }): number {
  const eta = checkPositive('eta', options.eta);
  return checkNumber('range', options.range, 0) / eta + (eta / 2) * checkNumber('variation', options.variation, 0);
}

function regularizedLeader(options: FtrlOptions): {
  d: number;
  leader: (sum: Float64Array, t: number, out: Float64Array) => Float64Array;
} {
  const regularizer = checkOption('regularizer', options.regularizer, ['quadratic', 'entropy', 'log-barrier']);
  const eta = checkPositive('eta', options.eta);
  const schedule = checkOption('schedule', options.schedule ?? 'constant', ['constant', 'sqrt']);
  const rate = (t: number) => (schedule === 'sqrt' ? eta / Math.sqrt(t) : eta);
  if (regularizer === 'quadratic') {
    const { set } = options;
    if (set === undefined) throw new TypeError("set must be given for 'quadratic'");
    return {
      d: set.dimension,
      leader(sum, t, out) {
        const eta = rate(t);
        for (let i = 0; i < out.length; i++) out[i] = -eta * sum[i];
        return set.project(out, out);
      },
    };
  }
  const d = checkInteger('dimension', options.dimension ?? NaN, 1);
  const kernel = regularizer === 'entropy' ? weights : logBarrierWeights;
  return { d, leader: (sum, t, out) => kernel(sum, rate(t), out) };
}

/**
 * f(y) = Σ 1 / (η D_i + y) - 1 with D = G - min G is convex and falling, f(1) >= 0 as one D is 0, and f(K) <= 0: Newton
 * from y = 1 climbs to the root.
 */
function logBarrierWeights(sum: Float64Array, eta: number, out: Float64Array): Float64Array {
  const K = sum.length;
  let least = Infinity;
  for (let i = 0; i < K; i++) if (sum[i] < least) least = sum[i];
  for (let i = 0; i < K; i++) out[i] = eta * (sum[i] - least);
  let y = 1;
  for (let iteration = 0; iteration < 100; iteration++) {
    let f = -1;
    let slope = 0;
    for (let i = 0; i < K; i++) {
      const x = 1 / (out[i] + y);
      f += x;
      slope += x * x;
    }
    const next = y + f / slope;
    if (!(next > y)) break;
    y = next;
  }
  let total = 0;
  for (let i = 0; i < K; i++) {
    out[i] = 1 / (out[i] + y);
    total += out[i];
  }
  for (let i = 0; i < K; i++) out[i] /= total;
  return out;
}
