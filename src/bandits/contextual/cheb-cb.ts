/**
 * ChebCB: a bandit with a scalar context and costs of unknown size, by inverse gap weighting of costs that are predicted by a
 * Chebyshev series of the context.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax: Setting Solver Parameters Across a Sequence of Linear System
 * Instances", ICLR 2024, arXiv:2310.02246, Algorithm 2 and Theorem 2.5; the rest (scales, rate) as in the authors' program. SquareCB:
 * D. Foster, A. Rakhlin, arXiv:2002.04926.
 *
 *   paper     here                       meaning
 *   d         arms
 *   m + 1     features                   T_0 .. T_m of the context moved to [-1, 1]
 *   K         state.maxCost              largest cost so far
 *   L         state.maxCost - floor      range of the costs, which bounds the coefficients of degree j by 2 L / j
 *   N         2 + 4 (L/K)(1 + log m)     makes the scaled predictions at most 1
 *   η         state.eta                  learning rate
 *
 * An arm remembers the sums Σ f fᵀ and Σ f (cost - 1) over its plays, which is all that the box-constrained least squares of the algorithm
 * needs; no history is kept.
 */
import { checkInteger, checkNumber, checkOption } from '../../internal/check.js';
import { boxLeastSquaresInto, boxScratch } from '../../optimize/box-least-squares.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { chebyshevFeatures } from '../../special/chebyshev-features.js';
import { log } from '../../special/log.js';
import { inverseGapWeights } from '../adversarial/inverse-gap-weights.js';
import { checkArm } from '../arm-sums.js';
import type { ContextualPolicy } from '../bandit.js';

export interface ChebCbState {
  /** Updates so far. */
  t: number;
  /** Σ f fᵀ of every arm, arms x features x features. */
  gram: Float64Array;
  /** Σ f (cost - 1) of every arm, arms x features. */
  moments: Float64Array;
  /** Coefficients of the predicted (cost - 1)/scale of every arm, arms x features. */
  theta: Float64Array;
  maxCost: number;
  /** Infinity before the first update. */
  minCost: number;
  /** K N. 0 before the first update. */
  scale: number;
  eta: number;
  /** Σ prediction², Σ prediction · cost and Σ cost² over the arms played. */
  sumPredicted2: number;
  sumPredictedCost: number;
  sumCost2: number;
}

export interface ChebCbOptions {
  /** Number of arms d, at least 1. */
  arms: number;
  /** Number of Chebyshev polynomials, degrees 0 .. features - 1. Default 6, the paper's. */
  features?: number;
  /** Ends of the interval of contexts; a context outside is moved to the nearer end. */
  low: number;
  high: number;
  /** What is taken for the range of the costs: all below the largest ('zero-floor', default), or from the least seen on ('observed'). */
  lossRange?: 'zero-floor' | 'observed';
  /**
   * Learning rate. 'aggressive' (default): 2 t √(d t/(R + 2 α² t)) with R the squared error of the predictions so far, the rate of the
   * authors' program, larger by t than the theory's. 'theory': 2 √(d T/(R_T + 2 α² T)) with the bound R_T of Theorem 2.5.
   */
  schedule?: 'aggressive' | 'theory';
  /** T, for the schedule 'theory'. */
  horizon?: number;
}

/**
 * The policy ChebCB. `update` is told costs, not rewards: finite, at least 0; those below 1 count as 1.
 *
 * `select` takes one uniform, O(d m). `update` refits the arm played, O(m³), and all arms when the scale of the costs grew.
 *
 * @throws RangeError if a count is not a positive integer or low is not below high
 * @throws TypeError if the schedule needs a horizon and there is none
 *
 * @example
 * const policy = chebCb({ arms: 2, low: 0, high: 1 });
 * policy.probabilities(policy.init(), 0.3); //=> new Float64Array([0.5, 0.5])
 */
export function chebCb(options: ChebCbOptions): ContextualPolicy<ChebCbState, number> & {
  probabilities(state: ChebCbState, context: number, out?: Float64Array): Float64Array;
} {
  const d = checkInteger('arms', options.arms, 1);
  const m = checkInteger('features', options.features ?? 6, 1);
  const low = checkNumber('low', options.low);
  const high = checkNumber('high', options.high);
  if (!(low < high)) throw new RangeError(`low must be below high, got ${low} and ${high}`);
  const floored =
    checkOption('lossRange', options.lossRange ?? 'zero-floor', ['zero-floor', 'observed']) === 'zero-floor';
  const theory = checkOption('schedule', options.schedule ?? 'aggressive', ['aggressive', 'theory']) === 'theory';
  if (theory && options.horizon === undefined) throw new TypeError("horizon must be given for the schedule 'theory'");
  const T = theory ? checkInteger('horizon', options.horizon as number, 1) : 1;
  const range = { low, high, count: m };
  const logM = log(m);
  const spread = (Math.PI + (2 / Math.PI) * log(2 * m + 1)) / (2 * (m + 1));

  // Work vectors, overwritten by every call.
  const features = new Float64Array(m);
  const predicted = new Float64Array(d);
  const law = new Float64Array(d);
  const bound = new Float64Array(m);
  const scratch = boxScratch(m);

  const predict = ({ theta }: ChebCbState, context: number, out: Float64Array): Float64Array => {
    chebyshevFeatures(context, range, features);
    for (let i = 0; i < d; i++) {
      let score = 0;
      for (let j = 0; j < m; j++) score += theta[i * m + j] * features[j];
      out[i] = score;
    }
    return out;
  };
  const refit = (state: ChebCbState, i: number) =>
    boxLeastSquaresInto(
      state.gram,
      i * m * m,
      state.moments,
      i * m,
      1 / state.scale,
      bound,
      m,
      state.theta,
      i * m,
      scratch,
    );
  const rate = (state: ChebCbState, W: number): number => {
    const { t, scale, sumPredicted2, sumPredictedCost, sumCost2 } = state;
    const alpha = (spread * W) / scale;
    if (theory) {
      const K = state.maxCost;
      const size = T * Math.sqrt(d * m * (K * K + (2 * W * W * Math.PI * Math.PI) / 3));
      const regret = d * m * (1 + log(size / scale));
      return 2 * Math.sqrt((d * T) / (regret + 2 * alpha * alpha * T));
    }
    // The error of the predictions in units of the scale; rounding may leave it below 0.
    const error = Math.max(0, sumPredicted2 - (2 * sumPredictedCost) / scale + sumCost2 / (scale * scale));
    return 2 * t * Math.sqrt((d * t) / (error + 2 * alpha * alpha * t));
  };

  return {
    name: 'chebCb',
    arms: d,
    init: () => ({
      t: 0,
      gram: new Float64Array(d * m * m),
      moments: new Float64Array(d * m),
      theta: new Float64Array(d * m),
      maxCost: 0,
      minCost: Infinity,
      scale: 0,
      eta: 0,
      sumPredicted2: 0,
      sumPredictedCost: 0,
      sumCost2: 0,
    }),
    select: (state, context, rng) =>
      categoricalIndex(inverseGapWeights(predict(state, context, predicted), state.eta, law), rng()),
    update(state, context, arm, cost, out) {
      checkArm(arm, d);
      if (!(cost >= 0 && cost < Infinity)) throw badCost(cost);
      const y = cost < 1 ? 1 : cost;
      const prediction = predict(state, context, predicted)[arm];
      const next = copyState(state, out);
      next.t += 1;
      if (y > next.maxCost) next.maxCost = y;
      if (y < next.minCost) next.minCost = y;
      const K = next.maxCost;
      const W = floored ? K : K - next.minCost;
      const N = 2 + 4 * (W / K) * (1 + logM);
      const rescaled = K * N !== next.scale;
      next.scale = K * N;
      for (let a = 0, k = arm * m * m; a < m; a++)
        for (let b = 0; b < m; b++) next.gram[k++] += features[a] * features[b];
      for (let j = 0; j < m; j++) next.moments[arm * m + j] += features[j] * (y - 1);
      bound[0] = 1 / N;
      for (let j = 1; j < m; j++) bound[j] = (2 * W) / (next.scale * j);
      if (!rescaled) refit(next, arm);
      else for (let i = 0; i < d; i++) if (next.gram[i * m * m] > 0) refit(next, i);
      next.sumPredicted2 += prediction * prediction;
      next.sumPredictedCost += prediction * y;
      next.sumCost2 += y * y;
      next.eta = rate(next, W);
      return next;
    },
    scores: (state, context, out = new Float64Array(d)) => predict(state, context, out),
    probabilities: (state, context, out = new Float64Array(d)) =>
      inverseGapWeights(predict(state, context, predicted), state.eta, out),
  };
}

function copyState(state: ChebCbState, out: ChebCbState | undefined): ChebCbState {
  if (out === state) return state;
  if (out === undefined) {
    return { ...state, gram: state.gram.slice(), moments: state.moments.slice(), theta: state.theta.slice() };
  }
  const { gram, moments, theta } = out;
  gram.set(state.gram);
  moments.set(state.moments);
  theta.set(state.theta);
  return Object.assign(out, state, { gram, moments, theta });
}

function badCost(cost: number): RangeError {
  return new RangeError(`cost must be finite and at least 0, got ${cost}`);
}
