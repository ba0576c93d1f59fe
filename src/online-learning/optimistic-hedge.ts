/**
 * Optimistic Hedge: exponential weights that count a guess of the coming losses as if it had happened.
 *
 * A. Rakhlin, K. Sridharan, "Optimization, Learning, and Games with Predictable Sequences", arXiv:1311.1869; V. Syrgkanis,
 * A. Agarwal, H. Luo, R. E. Schapire, "Fast Convergence of Regularized Learning in Games", arXiv:1507.00407,
 * Proposition 7 and Theorem 4.
 *
 *   paper      here             meaning
 *   M_t        state.guess      guess of the losses of round t: the last losses unless `hint` says otherwise
 *   L_{t-1}    state.losses     cumulative losses
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../internal/check.js';
import { log } from '../special/log.js';
import { type HedgeOptions, hedgeRate, priorLosses, weights } from './hedge.js';
import { checkGradient, type OptimisticLearner, writable } from './learner.js';

export interface OptimisticHedgeState {
  /** Rounds seen. */
  t: number;
  /** Cumulative losses. */
  losses: Float64Array;
  /** M for the coming round. */
  guess: Float64Array;
}

/**
 * The learner p_t ∝ prior exp(-η (L_{t-1} + M_t)), M_t = l_{t-1}, M_1 = 0.
 *
 * Deterministic; O(K) a round. With `horizon` instead of `eta` the rate is Hedge's, which forgoes the gain; in games the
 * paper takes a constant such as 1/4.
 *
 * @throws as `hedge`
 *
 * @example
 * const learner = optimisticHedge({ experts: 2, eta: Math.LN2 });
 * const state = learner.update(learner.init(), [0, 1]);
 * learner.predict(state)[0].toFixed(12); //=> '0.800000000000'
 */
export function optimisticHedge(options: HedgeOptions): OptimisticLearner<OptimisticHedgeState> {
  const K = checkInteger('experts', options.experts, 1);
  const eta = hedgeRate(options, K);
  const start = priorLosses(options.prior, K, eta);
  return {
    dimension: K,
    init() {
      return { t: 0, losses: start.slice(), guess: new Float64Array(K) };
    },
    predict({ losses, guess }, out = new Float64Array(K)) {
      for (let i = 0; i < K; i++) out[i] = losses[i] + guess[i];
      return weights(out, eta, out);
    },
    update(state, losses, out) {
      checkGradient('losses', losses, K);
      const next = writable(state, out);
      for (let i = 0; i < K; i++) {
        next.losses[i] += losses[i];
        next.guess[i] = losses[i];
      }
      next.t += 1;
      return next;
    },
    hint(state, guess, out) {
      checkGradient('guess', guess, K);
      const next = writable(state, out);
      next.guess.set(guess);
      return next;
    },
  };
}

/**
 * exp(-η (L_i + M_i)) normalized.
 *
 * @throws RangeError if the lengths differ, a number is not finite, or `eta` is negative
 *
 * @example
 * optimisticHedgeWeights([1, 0], [0, 1], 3); //=> Float64Array.of(0.5, 0.5)
 */
export function optimisticHedgeWeights(
  losses: ArrayLike<number>,
  prediction: ArrayLike<number>,
  eta: number,
  out: Float64Array = new Float64Array(losses.length),
): Float64Array {
  checkVector('losses', losses);
  if (losses.length === 0) throw new RangeError('losses must not be empty');
  checkVector('prediction', prediction, losses.length);
  checkNumber('eta', eta, 0);
  for (let i = 0; i < losses.length; i++) out[i] = losses[i] + prediction[i];
  return weights(out, eta, out);
}

export interface OptimisticHedgeGame {
  /** Learning rate η. */
  eta: number;
  /** Σ_t ||l_t - M_t||_∞². */
  variation: number;
  /** Σ_{t>=2} ||p_t - p_{t-1}||_1²; 0 (default) gives a bound that needs no weights. */
  movement?: number;
}

/**
 * Proposition 7: regret <= ln K / η + η Σ ||l_t - M_t||_∞² - (1 / 4η) Σ_{t>=2} ||p_t - p_{t-1}||_1², for all losses.
 *
 * The last term is what makes the sum of the players' regrets in a game bounded (Theorem 4).
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * optimisticHedgeRegretBound(1, { eta: 0.5, variation: 4 }); //=> 2
 */
export function optimisticHedgeRegretBound(experts: number, game: OptimisticHedgeGame): number {
  checkInteger('experts', experts, 1);
  const eta = checkPositive('eta', game.eta);
  const variation = checkNumber('variation', game.variation, 0);
  const movement = checkNumber('movement', game.movement ?? 0, 0);
  return log(experts) / eta + eta * variation - movement / (4 * eta);
}
