// Estimates of a Kullback-Leibler divergence from samples, and rewards shaped by them.
//
// J. Schulman, "Approximating KL divergence" (2020); gradients of the estimates: checked in test/policy-gradient.
//
//   samples y ~ p; d = log p(y) - log q(y); k1 = d, k2 = d²/2, k3 = e^-d - 1 + d

import { checkNumber, checkOption } from '../internal/check.js';
import { sum } from '../linalg/sum.js';
import { expm1 } from '../special/expm1.js';
import { checkTokens, openMask, reuse, type TokenMask } from './tokens.js';

export type KlEstimator = 'k1' | 'k2' | 'k3';

export interface KlEstimates {
  k1: Float64Array;
  k2: Float64Array;
  k3: Float64Array;
  meanK1: number;
  meanK2: number;
  meanK3: number;
}

/** e^-d - 1 + d >= 0: by its series for |d| < 1e-4, where the sum would keep no digit. */
export function k3OfLogRatio(d: number): number {
  if (Math.abs(d) < 1e-4) return d * d * (1 / 2 - d * (1 / 6 - d * (1 / 24 - d / 120)));
  return expm1(-d) + d;
}

/**
 * The three estimates of KL(p to q) from samples of p, each sample by sample and on average.
 *
 * k1 and k3 are unbiased, k3 is never negative, and k2 agrees with KL up to third order. Their gradients are another
 * matter, on-policy: E_p[∇k2] = ∇KL(p to q) exactly, E_p[∇k3] = ∇KL(q to p), the forward divergence, and E_p[∇k1] = 0. So
 * a loss that needs the gradient of the reverse divergence takes k2, and k1 belongs into the reward. O(n).
 *
 * @param sample.logp log p of each sample under the policy that drew it
 * @param sample.logq log q of the same sample
 * @throws RangeError if the lengths differ, a number is not finite, or there is no sample
 *
 * @example
 * const { k1, k2, k3 } = klEstimates({ logp: [-1, 0], logq: [-1, -2] });
 * [k1[1], k2[1], k3[0], k3[1].toFixed(6)]; //=> [2, 2, 0, '1.135335']
 */
export function klEstimates(
  { logp, logq }: { logp: ArrayLike<number>; logq: ArrayLike<number> },
  out?: KlEstimates,
): KlEstimates {
  const n = checkTokens({ logp, logq });
  if (n === 0) throw new RangeError('logp must not be empty');
  const k1 = reuse(out?.k1, n);
  const k2 = reuse(out?.k2, n);
  const k3 = reuse(out?.k3, n);
  for (let i = 0; i < n; i++) {
    const d = logp[i] - logq[i];
    k1[i] = d;
    k2[i] = 0.5 * d * d;
    k3[i] = k3OfLogRatio(d);
  }
  return { k1, k2, k3, meanK1: sum(k1) / n, meanK2: sum(k2) / n, meanK3: sum(k3) / n };
}

export interface ShapedRewardsInput {
  logp: ArrayLike<number>;
  refLogp: ArrayLike<number>;
  /** Reward of the whole response. */
  score: number;
  /** Tokens of the response. Default: all. */
  mask?: TokenMask;
}

export interface ShapedRewardsOptions {
  /** Price of a nat of divergence, at least 0. Default 0.05. */
  klCoef?: number;
  /** Default 'k1', whose sum is the log-ratio of the response. */
  estimator?: KlEstimator;
}

/**
 * Rewards of the tokens of one response: -klCoef k_t each, and the score on the last token that counts, which is the end
 * token itself and not one past it. 0 where the mask is 0. O(n).
 *
 * D. M. Ziegler et al., arXiv:1909.08593, equation 2.
 *
 * @throws RangeError if the lengths differ, a number is not finite, no token counts, or klCoef is negative
 *
 * @example
 * const shaped = klShapedRewards({ logp: [-1, -1, 0], refLogp: [-1, -3, 0], score: 5, mask: [1, 1, 0] }, { klCoef: 0.5 });
 * shaped; //=> Float64Array.of(-0, 4, 0)
 */
export function klShapedRewards(
  input: ShapedRewardsInput,
  options: ShapedRewardsOptions = {},
  out?: Float64Array,
): Float64Array {
  const { logp, refLogp } = input;
  const T = checkTokens({ logp, refLogp });
  const score = checkNumber('score', input.score);
  const klCoef = checkNumber('klCoef', options.klCoef ?? 0.05, 0);
  const estimator = checkOption('estimator', options.estimator ?? 'k1', ['k1', 'k2', 'k3']);
  const { counts } = openMask(input.mask, T);
  const rewards = reuse(out, T).fill(0);
  let last = -1;
  for (let t = 0; t < T; t++) {
    if (counts[t] === 0) continue;
    const d = logp[t] - refLogp[t];
    rewards[t] = -klCoef * (estimator === 'k1' ? d : estimator === 'k2' ? 0.5 * d * d : k3OfLogRatio(d));
    last = t;
  }
  rewards[last] += score;
  return rewards;
}
