/**
 * Thompson sampling with normal priors and normal rewards of known variance.
 *
 * S. Agrawal, N. Goyal, "Further Optimal Regret Bounds for Thompson Sampling", arXiv:1209.3353, Algorithm 2 and Theorem 3
 * (prior variance and noise variance 1); the conjugate posterior as in any textbook.
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { sampleNormal } from '../../random/normal.js';
import { type ArmSums, initArmSums, updateArmSums } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import type { IndexPolicy } from './index-policy.js';

export interface GaussianPrior {
  /** m₀. Default 0. */
  priorMean?: number;
  /** v₀, positive. Default 1e6, close to no prior at all. */
  priorVariance?: number;
  /** σ², the variance of a reward around its arm's mean, positive. Default 1. */
  noiseVariance?: number;
}

export interface ThompsonGaussianOptions extends RewardRangeOptions, GaussianPrior {
  /** Number of arms K, at least 1. */
  arms: number;
}

/**
 * The policy: the largest of one draw from each arm's `gaussianPosterior`, drawn in order of the arms. `scores` are the
 * posterior means.
 *
 * `select` takes one normal number an arm, 2.55 uniforms; O(K). Theorem 3 bounds the regret for rewards in [0, 1] by
 * O(sqrt(K T ln T)) with both variances 1.
 *
 * @throws RangeError if `arms` is not a positive integer or a variance is not positive
 *
 * @example
 * const policy = thompsonGaussian({ arms: 2, priorVariance: 1 });
 * policy.scores(policy.update(policy.init(), 1, 3)); //=> new Float64Array([0, 1.5])
 */
export function thompsonGaussian(options: ThompsonGaussianOptions): IndexPolicy<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const { m0, v0, s2 } = checkPrior(options);
  const scale = rewardScale(options, false);
  return {
    name: 'thompsonGaussian',
    arms: K,
    init: () => initArmSums(K),
    select({ counts, sums }, rng) {
      let best = 0;
      let largest = -Infinity;
      for (let i = 0; i < K; i++) {
        const variance = 1 / (1 / v0 + counts[i] / s2);
        const theta = variance * (m0 / v0 + sums[i] / s2) + Math.sqrt(variance) * sampleNormal(rng);
        if (theta > largest) {
          largest = theta;
          best = i;
        }
      }
      return best;
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores({ counts, sums }, out = new Float64Array(K)) {
      for (let i = 0; i < K; i++) out[i] = (m0 / v0 + sums[i] / s2) / (1 / v0 + counts[i] / s2);
      return out;
    },
  };
}

/**
 * The posterior of a mean with prior N(m₀, v₀) after n observations of variance σ² and the given sum:
 * variance v = 1 / (1/v₀ + n/σ²), mean v (m₀/v₀ + sum/σ²).
 *
 * @param count n >= 0
 * @throws RangeError if the count is no integer >= 0, a variance is not positive or a number is not finite
 *
 * @example
 * gaussianPosterior(1, 3, { priorVariance: 1 }); //=> { mean: 1.5, variance: 0.5 }
 */
export function gaussianPosterior(
  count: number,
  sum: number,
  prior: GaussianPrior = {},
): { mean: number; variance: number } {
  checkInteger('count', count, 0);
  checkNumber('sum', sum);
  const { m0, v0, s2 } = checkPrior(prior);
  const variance = 1 / (1 / v0 + count / s2);
  return { mean: variance * (m0 / v0 + sum / s2), variance };
}

function checkPrior({ priorMean = 0, priorVariance = 1e6, noiseVariance = 1 }: GaussianPrior) {
  return {
    m0: checkNumber('priorMean', priorMean),
    v0: checkPositive('priorVariance', priorVariance),
    s2: checkPositive('noiseVariance', noiseVariance),
  };
}
