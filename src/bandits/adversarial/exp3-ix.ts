/**
 * Exp3-IX: implicit exploration, a small bias of the loss estimates in place of uniform exploration.
 *
 * G. Neu, "Explore no more: Improved High-Probability Regret Bounds for Non-Stochastic Bandits", NeurIPS 2015,
 * arXiv:1506.03271, Algorithm 1, Theorem 1 and Corollary 1.
 *
 *   paper      here              meaning
 *   L̃_{t,i}    state.losses[i]   cumulative loss estimates
 *   p_t        state.weights     law of the arm of the coming round
 *   η_t        eta               learning rate
 *   γ_t        eta / 2           implicit exploration
 */
import { checkInteger, checkNumber, checkProbabilities } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkArm } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';
import { exp3Rate } from './exp3.js';
import { checkDelta } from './exp3-p.js';
import {
  copyExponentialWeights,
  type Exp3Policy,
  exponentialWeights,
  exponentialWeightsPolicy,
} from './exponential-weights.js';
import { drawProbability, type LossOptions, takesLosses } from './importance-weights.js';

export interface Exp3IxOptions extends RewardRangeOptions, LossOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Constant learning rate η, positive; or a schedule by the round 1, 2, ... γ is half of it. Default: see `horizon`. */
  eta?: number | ((round: number) => number);
  /** T. With it and without `eta`, η = sqrt(2 ln K / (K T)), Theorem 1; with neither, η_t = sqrt(ln K / (K t)). */
  horizon?: number;
}

/**
 * The policy Exp3-IX: arms drawn from softmax(-η L̃), L̃ increased by loss / (p + γ) on the arm played, γ = η/2.
 *
 * `select` takes one uniform; O(K) a round. Late rewards: give `update` the probability of the draw.
 *
 * @throws RangeError if `arms` is not a positive integer or eta is not positive
 *
 * @example
 * const policy = exp3Ix({ arms: 2, eta: 1 });
 * policy.update(policy.init(), 0, 0).losses; //=> new Float64Array([1, 0])
 */
export function exp3Ix(options: Exp3IxOptions): Exp3Policy {
  const K = checkInteger('arms', options.arms, 1);
  const rate = exp3Rate(K, options);
  const range = rewardScale(options, true);
  const losses = takesLosses(options);
  return {
    ...exponentialWeightsPolicy('exp3Ix', K),
    update(state, arm, reward, out, feedback) {
      checkArm(arm, K);
      const r = scaledReward(range, reward);
      const p = drawProbability(feedback, state.weights[arm]);
      const next = copyExponentialWeights(state, out);
      next.t += 1;
      next.losses[arm] += (losses ? r : 1 - r) / (p + rate(next.t) / 2);
      exponentialWeights(next.losses, -rate(next.t + 1), 0, next.weights);
      return next;
    },
  };
}

/**
 * loss / (p + γ) on the arm played, 0 on the others: below the true loss on average, by little.
 *
 * @param probs the law p that the arm was drawn from
 * @throws RangeError if `probs` is no probability vector, `arm` is no arm of positive probability, or gamma is negative
 *
 * @example
 * exp3IxLossEstimate([0.5, 0.5], { arm: 0, loss: 1, gamma: 0.5 }); //=> new Float64Array([1, 0])
 */
export function exp3IxLossEstimate(
  probs: ArrayLike<number>,
  { arm, loss, gamma }: { arm: number; loss: number; gamma: number },
): Float64Array {
  checkProbabilities('probs', probs);
  checkArm(arm, probs.length);
  checkNumber('loss', loss);
  checkNumber('gamma', gamma, 0);
  const out = new Float64Array(probs.length);
  out[arm] = loss / (drawProbability(undefined, probs[arm]) + gamma);
  return out;
}

/**
 * Theorem 1: for the fixed rate of a known horizon, with probability at least 1 - δ the regret against every fixed arm is at
 * most 2 sqrt(2 K T ln K) + (sqrt(2 K T / ln K) + 1) ln(2/δ). Infinity for one arm.
 *
 * @example
 * exp3IxRegretBound({ arms: 10, horizon: 1000, delta: 0.1 }).toFixed(2); //=> '711.39'
 */
export function exp3IxRegretBound({ arms, horizon, delta }: { arms: number; horizon: number; delta: number }): number {
  checkInteger('arms', arms, 1);
  checkInteger('horizon', horizon, 1);
  const logK = log(arms);
  const product = 2 * arms * horizon;
  return 2 * Math.sqrt(product * logK) + (Math.sqrt(product / logK) + 1) * log(2 / checkDelta(delta));
}
