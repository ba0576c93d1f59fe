/**
 * The asymptotic lower bound of stochastic bandits.
 *
 * T. L. Lai, H. Robbins, "Asymptotically Efficient Adaptive Allocation Rules", Advances in Applied Mathematics 6 (1985)
 * 4-22, Theorem 1.
 */
import { checkMean, klDivergence, type KlOptions } from '../../stats/divergence.js';
import { checkMeans } from './check-means.js';

/**
 * Σ_{i: μ_i < μ*} (μ* - μ_i) / kl(μ_i, μ*): no consistent policy has limsup regret(T) / ln T below it, and KL-UCB, Bayes-UCB,
 * IMED and Thompson sampling attain it for Bernoulli rewards.
 *
 * @param means the means of the arms, in the family's range
 * @throws RangeError if there is no mean or one is outside the family's range
 *
 * @example
 * laiRobbinsConstant([1, 0], { family: 'gaussian', variance: 0.25 }); //=> 0.5
 */
export function laiRobbinsConstant(means: ArrayLike<number>, options?: KlOptions): number {
  const mu = checkMeans('means', means);
  mu.forEach((mean, i) => checkMean(`means[${i}]`, mean, options?.family ?? 'bernoulli'));
  const best = mu.reduce((a, b) => Math.max(a, b));
  let constant = 0;
  for (let i = 0; i < mu.length; i++) {
    if (mu[i] < best) constant += (best - mu[i]) / klDivergence(mu[i], best, options);
  }
  return constant;
}
