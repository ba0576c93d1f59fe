/**
 * IMED, indexed minimum empirical divergence: asymptotically optimal without a horizon, a quantile or a root.
 *
 * J. Honda, A. Takemura, "Non-asymptotic Analysis of a New Bandit Algorithm for Semi-bounded Rewards", JMLR 16 (2015)
 * 3721-3756.
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkKlFamily, klDivergence, type KlOptions } from '../../stats/divergence.js';
import { type ArmSums, initArmSums, updateArmSums } from '../arm-sums.js';
import { rewardScale } from '../reward-scale.js';
import { checkTies, selectLargest } from '../ties.js';
import type { IndexPolicy, IndexPolicyOptions } from './index-policy.js';
import { leastReward } from './kl-ucb.js';

export interface ImedOptions extends IndexPolicyOptions, KlOptions {}

/**
 * The policy IMED: each arm once, then the least `imedIndex`. `scores` are those indices: the minimum is played, and an arm
 * never played has -Infinity.
 *
 * Its regret attains the Lai-Robbins constant (`laiRobbinsConstant`). Deterministic; O(K), a divergence and a logarithm an arm.
 *
 * @throws RangeError if `arms` is not a positive integer, the family is unknown or the variance is not positive
 *
 * @example
 * const policy = imed({ arms: 2 });
 * policy.scores(policy.update(policy.update(policy.init(), 0, 1), 1, 0)); //=> new Float64Array([0, Infinity])
 */
export function imed(options: ImedOptions): IndexPolicy<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const ties = checkTies(options);
  const family = options.family ?? 'bernoulli';
  checkKlFamily(family);
  const kl: KlOptions = { family, variance: checkNumber('variance', options.variance ?? 1, Number.MIN_VALUE) };
  const scale = rewardScale(options, family === 'bernoulli', leastReward(family));
  const scratch = new Float64Array(K);
  function scores({ counts, sums }: ArmSums, out = new Float64Array(K)): Float64Array {
    let bestMean = -Infinity;
    for (let i = 0; i < K; i++) if (counts[i] > 0 && sums[i] / counts[i] > bestMean) bestMean = sums[i] / counts[i];
    for (let i = 0; i < K; i++) {
      const n = counts[i];
      out[i] = n === 0 ? -Infinity : indexOf(sums[i] / n, bestMean, n, kl);
    }
    return out;
  }
  return {
    name: 'imed',
    arms: K,
    init: () => initArmSums(K),
    select(state, rng) {
      scores(state, scratch);
      for (let i = 0; i < K; i++) scratch[i] = -scratch[i];
      return selectLargest(scratch, ties, rng);
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores,
  };
}

/**
 * n kl(m, m*) + ln n, with m* the largest mean; so ln n for the best arm.
 *
 * @throws RangeError if a mean is outside the family's range
 *
 * @example
 * imedIndex(0.5, 0.5, 1); //=> 0
 */
export function imedIndex(mean: number, bestMean: number, n: number, options?: KlOptions): number {
  return indexOf(mean, bestMean, n, options);
}

function indexOf(mean: number, bestMean: number, n: number, kl: KlOptions | undefined): number {
  return n * klDivergence(mean, bestMean, kl) + log(n);
}
