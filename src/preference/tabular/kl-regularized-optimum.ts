// The policy that every KL-regularized objective of preference learning aims at, in closed form on a finite set.
//
// R. Rafailov et al., "Direct Preference Optimization", arXiv:2305.18290, equations 4 and 5.
//
//   paper      here       meaning
//   π_ref      ref        reference policy
//   r          rewards    reward of each outcome
//   β          beta       price of a nat of divergence from the reference
//   π*         policy     argmax_π E_π[r] - β KL(π || π_ref)

import { checkPositive, checkProbabilities, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logSumExp } from '../../special/log-sum-exp.js';

export interface KlRegularizedOptimum {
  /** π*_i = ref_i e^{r_i/β} / Z. */
  policy: Float64Array;
  /** β log Z = E_{π*}[r] - β KL(π* || ref), the largest value of the objective. */
  value: number;
  /** KL(π* || ref), nats. */
  kl: number;
  expectedReward: number;
}

/**
 * The maximizer of E_π[r] - β KL(π || π_ref): π*_i = ref_i e^{r_i/β} / Z.
 *
 * In logarithms, with the largest reward of the support taken out first, so β = 1e-3 and |r| = 1e3 are fine. An outcome
 * that the reference never gives stays out. O(K).
 *
 * @param ref probabilities, length K
 * @param rewards length K, finite
 * @throws RangeError if ref is no probability vector, a length differs, a reward is not finite, or β <= 0
 *
 * @example
 * klRegularizedOptimum([0.5, 0.5], [0, Math.LN2], { beta: 1 }).policy[1].toFixed(12); //=> '0.666666666667'
 */
export function klRegularizedOptimum(
  ref: ArrayLike<number>,
  rewards: ArrayLike<number>,
  options: { beta: number },
): KlRegularizedOptimum {
  checkProbabilities('ref', ref);
  checkVector('rewards', rewards, ref.length);
  const beta = checkPositive('beta', options.beta);
  const K = ref.length;
  let best = -Infinity;
  for (let i = 0; i < K; i++) if (ref[i] > 0 && rewards[i] > best) best = rewards[i];
  const policy = new Float64Array(K);
  for (let i = 0; i < K; i++) policy[i] = ref[i] > 0 ? log(ref[i]) + (rewards[i] - best) / beta : -Infinity;
  const logZ = logSumExp(policy);
  let kl = 0;
  let expectedReward = 0;
  for (let i = 0; i < K; i++) {
    policy[i] = exp(policy[i] - logZ);
    if (policy[i] > 0) {
      kl += policy[i] * ((rewards[i] - best) / beta - logZ);
      expectedReward += policy[i] * rewards[i];
    }
  }
  return { policy, value: best + beta * logZ, kl, expectedReward };
}

/**
 * The objective itself, E_π[r] - β KL(π || ref). It falls short of its maximum by exactly β KL(π || π*).
 *
 * @returns -Infinity where π gives weight to an outcome that ref never gives
 * @throws RangeError as `klRegularizedOptimum`
 *
 * @example
 * klRegularizedValue([1, 0], [0.5, 0.5], [3, 0], { beta: 1 }); //=> 3 - Math.LN2
 */
export function klRegularizedValue(
  policy: ArrayLike<number>,
  ref: ArrayLike<number>,
  rewards: ArrayLike<number>,
  options: { beta: number },
): number {
  checkProbabilities('policy', policy);
  checkProbabilities('ref', ref);
  if (ref.length !== policy.length) throw new RangeError(`ref must have length ${policy.length}, got ${ref.length}`);
  checkVector('rewards', rewards, policy.length);
  const beta = checkPositive('beta', options.beta);
  let value = 0;
  for (let i = 0; i < policy.length; i++) {
    if (policy[i] > 0) value += policy[i] * (rewards[i] - beta * (log(policy[i]) - log(ref[i])));
  }
  return value;
}

/**
 * The reward for which a policy is the optimum: β log(π/π_ref), which is determined up to a constant.
 *
 * Equation 5. -Infinity where only the policy is 0, Infinity where only the reference is.
 *
 * @param options.centered subtract the mean over the outcomes, so that the rewards add up to 0. Default false
 * @throws RangeError if an outcome has probability 0 under both, or `centered` meets an infinite reward
 *
 * @example
 * rewardFromPolicy([0.5, 0.5], [0.5, 0.5], { beta: 1 }); //=> Float64Array.of(0, 0)
 */
export function rewardFromPolicy(
  policy: ArrayLike<number>,
  ref: ArrayLike<number>,
  options: { beta: number; centered?: boolean },
): Float64Array {
  checkProbabilities('policy', policy);
  checkProbabilities('ref', ref);
  if (ref.length !== policy.length) throw new RangeError(`ref must have length ${policy.length}, got ${ref.length}`);
  const beta = checkPositive('beta', options.beta);
  const rewards = new Float64Array(policy.length);
  let total = 0;
  for (let i = 0; i < rewards.length; i++) {
    if (policy[i] === 0 && ref[i] === 0) throw new RangeError(`policy[${i}] and ref[${i}] are both 0`);
    total += rewards[i] = beta * (log(policy[i]) - log(ref[i]));
  }
  if (options.centered === true) {
    if (!Number.isFinite(total)) throw new RangeError('centered must be false where a reward is infinite');
    for (let i = 0; i < rewards.length; i++) rewards[i] -= total / rewards.length;
  }
  return rewards;
}
