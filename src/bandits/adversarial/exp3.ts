/**
 * Exp3, exponential weights on importance-weighted losses.
 *
 * P. Auer, N. Cesa-Bianchi, Y. Freund, R. E. Schapire, "The Nonstochastic Multiarmed Bandit Problem", SIAM Journal on
 * Computing 32 (2002) 48-77. The form with losses, its rates and its bounds: S. Bubeck, N. Cesa-Bianchi, "Regret Analysis
 * of Stochastic and Nonstochastic Multi-armed Bandit Problems", arXiv:1204.5721, Figure 3.1 and Theorem 3.1.
 *
 *   paper      here              meaning
 *   t          state.t + 1       the round to be played
 *   L̃_{i,t}    state.losses[i]   cumulative loss estimates
 *   p_t        state.weights     law of the arm of the coming round
 *   η_t        eta               learning rate
 *   γ          gamma             share of uniform exploration
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkArm } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';
import {
  copyExponentialWeights,
  type Exp3Policy,
  exponentialWeights,
  exponentialWeightsPolicy,
} from './exponential-weights.js';
import { drawProbability, type LossOptions, takesLosses } from './importance-weights.js';

export interface Exp3Options extends RewardRangeOptions, LossOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Constant learning rate, positive; or a schedule by the round 1, 2, ... Default: see `horizon`. */
  eta?: number | ((round: number) => number);
  /** T. With it and without `eta`, η = sqrt(2 ln K / (T K)); with neither, η_t = sqrt(ln K / (t K)). */
  horizon?: number;
  /** Share γ of uniform exploration, in [0, 1]. Default 0; the original paper mixes, the regret in expectation needs none. */
  gamma?: number;
}

/**
 * The policy Exp3: arms drawn from (1 - γ) softmax(-η L̃) + γ / K.
 *
 * `select` takes one uniform; both it and `update` are O(K). Late rewards: give `update` the probability of the draw.
 *
 * @throws RangeError if `arms` is not a positive integer, or eta is not positive, or gamma is outside [0, 1]
 *
 * @example
 * const policy = exp3({ arms: 2, eta: 1 });
 * const state = policy.update(policy.init(), 0, 0);
 * policy.probabilities(state)[1].toFixed(6); //=> '0.880797'
 */
export function exp3(options: Exp3Options): Exp3Policy {
  const K = checkInteger('arms', options.arms, 1);
  const gamma = checkNumber('gamma', options.gamma ?? 0, 0, 1);
  const rate = exp3Rate(K, options);
  const range = rewardScale(options, true);
  const losses = takesLosses(options);
  return {
    ...exponentialWeightsPolicy('exp3', K),
    update(state, arm, reward, out, feedback) {
      checkArm(arm, K);
      const r = scaledReward(range, reward);
      const p = drawProbability(feedback, state.weights[arm]);
      const next = copyExponentialWeights(state, out);
      next.t += 1;
      next.losses[arm] += (losses ? r : 1 - r) / p;
      exponentialWeights(next.losses, -rate(next.t + 1), gamma, next.weights);
      return next;
    },
  };
}

/**
 * The law of Exp3 in terms of gains: (1 - γ) softmax(η G) + γ / K.
 *
 * @param gainEstimates G, cumulative gains (minus the cumulative losses), finite, at least one
 * @throws RangeError if a gain is not finite, eta is negative or gamma is outside [0, 1]
 *
 * @example
 * exp3Probabilities([0, 0], { eta: 1, gamma: 0.1 }); //=> new Float64Array([0.5, 0.5])
 */
export function exp3Probabilities(
  gainEstimates: ArrayLike<number>,
  { eta, gamma = 0 }: { eta: number; gamma?: number },
  out: Float64Array = new Float64Array(gainEstimates.length),
): Float64Array {
  checkVector('gainEstimates', gainEstimates);
  if (gainEstimates.length === 0) throw new RangeError('gainEstimates must not be empty');
  checkNumber('eta', eta, 0);
  checkNumber('gamma', gamma, 0, 1);
  exponentialWeights(gainEstimates, eta, gamma, out);
  return out;
}

/**
 * Theorem 3.1: the pseudo-regret against losses in [0, 1] is at most sqrt(2 T K ln K) with the fixed rate for T, and
 * 2 sqrt(T K ln K) with the anytime rate.
 *
 * @param options.anytime whether the rate is the anytime one. Default false.
 *
 * @example
 * exp3RegretBound({ arms: 10, horizon: 1000 }).toFixed(3); //=> '214.597'
 */
export function exp3RegretBound({
  arms,
  horizon,
  anytime = false,
}: {
  arms: number;
  horizon: number;
  anytime?: boolean;
}): number {
  checkInteger('arms', arms, 1);
  checkInteger('horizon', horizon, 1);
  const product = horizon * arms * log(arms);
  return anytime ? 2 * Math.sqrt(product) : Math.sqrt(2 * product);
}

/** η as a function of the round. With one arm ln K = 0 and any rate does; 1 is taken. */
export function exp3Rate(K: number, { eta, horizon }: Pick<Exp3Options, 'eta' | 'horizon'>): (round: number) => number {
  if (typeof eta === 'function') return (round) => checkPositive('eta', eta(round));
  if (eta !== undefined) {
    const constant = checkPositive('eta', eta);
    return () => constant;
  }
  const logK = K === 1 ? 1 : log(K);
  if (horizon !== undefined) {
    const constant = Math.sqrt((2 * logK) / (checkInteger('horizon', horizon, 1) * K));
    return () => constant;
  }
  return (round) => Math.sqrt(logK / (round * K));
}
