/**
 * Exp3.P: exponential weights on biased gain estimates, with a regret bound that holds with high probability.
 *
 * P. Auer, N. Cesa-Bianchi, Y. Freund, R. E. Schapire, "The Nonstochastic Multiarmed Bandit Problem", SIAM Journal on
 * Computing 32 (2002) 48-77, Section 6; in the form of S. Bubeck, N. Cesa-Bianchi, arXiv:1204.5721, Figure 3.2 and Theorem
 * 3.2.
 *
 *   paper        here             meaning
 *   G̃_{i,t}      state.losses     cumulative gain estimates (the state is shared with the losses of Exp3)
 *   p_t          state.weights    law of the arm of the coming round
 *   β            beta             bias of the estimates, an upper confidence bound in the whole
 *   η, γ         eta, gamma       learning rate, share of uniform exploration
 */
import { checkInteger, checkNumber, checkProbabilities } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkArm } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';
import { checkHorizon } from '../stochastic/moss.js';
import {
  copyExponentialWeights,
  type Exp3Policy,
  exponentialWeights,
  exponentialWeightsPolicy,
} from './exponential-weights.js';
import { drawProbability, type LossOptions, takesLosses } from './importance-weights.js';

export interface Exp3POptions extends RewardRangeOptions, LossOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** T, at least K. */
  horizon: number;
  /** Probability δ with which the bound may fail, in (0, 1). */
  delta: number;
}

/**
 * The policy Exp3.P: arms drawn from (1 - γ) softmax(η G̃) + γ/K with β = sqrt(ln(K/δ)/(T K)), η = 0.95 sqrt(ln K/(T K)),
 * γ = min(1, 1.05 sqrt(K ln K/T)). `select` takes one uniform; O(K) a round.
 *
 * Late rewards: `update` divides by the law of its own time, save for the arm that was drawn when its probability is given.
 *
 * @throws TypeError if there is no horizon
 * @throws RangeError if `arms` is not a positive integer, the horizon is below it or delta is outside (0, 1)
 *
 * @example
 * const policy = exp3P({ arms: 2, horizon: 100, delta: 0.1 });
 * policy.probabilities(policy.init()); //=> new Float64Array([0.5, 0.5])
 */
export function exp3P(options: Exp3POptions): Exp3Policy {
  const K = checkInteger('arms', options.arms, 1);
  const T = checkHorizon(options.horizon, K);
  const delta = checkDelta(options.delta);
  const logK = log(K);
  const beta = Math.sqrt(log(K / delta) / (T * K));
  const eta = 0.95 * Math.sqrt(logK / (T * K));
  const gamma = Math.min(1, 1.05 * Math.sqrt((K * logK) / T));
  const range = rewardScale(options, true);
  const losses = takesLosses(options);
  return {
    ...exponentialWeightsPolicy('exp3P', K),
    update(state, arm, reward, out, feedback) {
      checkArm(arm, K);
      const r = scaledReward(range, reward);
      const p = drawProbability(feedback, state.weights[arm]);
      const next = copyExponentialWeights(state, out);
      const { losses: gains, weights } = next;
      for (let i = 0; i < K; i++) gains[i] += i === arm ? ((losses ? 1 - r : r) + beta) / p : beta / weights[i];
      exponentialWeights(gains, eta, gamma, weights);
      next.t += 1;
      return next;
    },
  };
}

/**
 * g̃_i = (gain 1[i = arm] + β) / p_i, for every arm.
 *
 * @param probs the law p that the arm was drawn from, all positive
 * @throws RangeError if `probs` is no probability vector or holds a zero, `arm` is no arm, or beta is negative
 *
 * @example
 * exp3PGainEstimate([0.5, 0.5], { arm: 0, gain: 1, beta: 0.25 }); //=> new Float64Array([2.5, 0.5])
 */
export function exp3PGainEstimate(
  probs: ArrayLike<number>,
  { arm, gain, beta }: { arm: number; gain: number; beta: number },
): Float64Array {
  checkProbabilities('probs', probs);
  checkArm(arm, probs.length);
  checkNumber('gain', gain);
  checkNumber('beta', beta, 0);
  return Float64Array.from(probs, (p, i) => ((i === arm ? gain : 0) + beta) / drawProbability(undefined, p));
}

/**
 * Theorem 3.2: with probability at least 1 - δ the regret against every fixed arm is at most 5.15 sqrt(T K ln(K/δ)).
 *
 * @example
 * exp3PRegretBound({ arms: 10, horizon: 1000, delta: 0.1 }).toFixed(2); //=> '1105.17'
 */
export function exp3PRegretBound({ arms, horizon, delta }: { arms: number; horizon: number; delta: number }): number {
  checkInteger('arms', arms, 1);
  checkInteger('horizon', horizon, 1);
  return 5.15 * Math.sqrt(horizon * arms * log(arms / checkDelta(delta)));
}

/** A number strictly between 0 and 1. */
export function checkDelta(delta: number): number {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
  return delta;
}
