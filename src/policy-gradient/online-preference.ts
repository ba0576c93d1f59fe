// Surrogates for learning from preferences between the policy's own samples.
//
// XPO: T. Xie, D. J. Foster, A. Krishnamurthy, C. Rosset, A. Awadallah, A. Rakhlin, "Exploratory preference
// optimization", arXiv:2405.21046. Nash-MD: R. Munos et al., "Nash learning from human feedback",
// arXiv:2312.00886.
//
//   policyOwn, refOwn            log π, log π_ref of the response that the policy drew
//   policyRefSample, refRefSample    the same of the response that the reference drew

import { checkNumber, checkPositive } from '../internal/check.js';
import { sum } from '../linalg/sum.js';
import { positivePart, sidePicked } from '../special/branchless.js';
import { expUnit } from '../special/exp-unit.js';
import { log1pUnit } from '../special/log1p-unit.js';
import { checkTokens } from './tokens.js';

export interface XpoBatch {
  policyOwn: ArrayLike<number>;
  policyRefSample: ArrayLike<number>;
  refOwn: ArrayLike<number>;
  refRefSample: ArrayLike<number>;
  /** Whether the policy's own response won. */
  ownPreferred: ArrayLike<boolean | number>;
}

export interface XpoOptions {
  /** β > 0. Default 0.1. */
  beta?: number;
  /** Weight α of the exploration bonus, at least 0. Default 1e-5. */
  alpha?: number;
}

export interface XpoResult {
  /** Mean over the pairs. */
  loss: number;
  losses: Float64Array;
  /** ∂loss/∂policyOwn. */
  gradOwn: Float64Array;
  /** ∂loss/∂policyRefSample. */
  gradRefSample: Float64Array;
}

/**
 * DPO between the policy's own sample and the reference's, plus α log π(reference's sample): lowering the probability of
 * what the reference says is the optimism that makes the policy explore. α = 0 is online DPO. O(n).
 *
 * @throws RangeError if the lengths differ, a number is not finite, there is no pair, β <= 0 or α < 0
 *
 * @example
 * const pair = { policyOwn: [-2], policyRefSample: [-3], refOwn: [-2], refRefSample: [-3], ownPreferred: [true] };
 * xpoLoss(pair, { alpha: 0 }).loss; //=> Math.LN2
 */
export function xpoLoss(batch: XpoBatch, options: XpoOptions = {}): XpoResult {
  const { policyOwn, policyRefSample, refOwn, refRefSample, ownPreferred } = batch;
  const n = checkTokens({ policyOwn, policyRefSample, refOwn, refRefSample });
  if (n === 0) throw new RangeError('policyOwn must not be empty');
  if (ownPreferred.length !== n) {
    throw new RangeError(`ownPreferred must have length ${n}, got ${ownPreferred.length}`);
  }
  const beta = checkPositive('beta', options.beta ?? 0.1);
  const alpha = checkNumber('alpha', options.alpha ?? 1e-5, 0);
  const losses = new Float64Array(n);
  const gradOwn = new Float64Array(n);
  const gradRefSample = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const sign = 2 * Number(Boolean(ownPreferred[i])) - 1;
    const x = sign * beta * (policyOwn[i] - refOwn[i] - (policyRefSample[i] - refRefSample[i]));
    // log(1 + e^-x) and σ(-x) from e^-|x|
    const t = expUnit(-Math.abs(x));
    losses[i] = alpha * policyRefSample[i] + (log1pUnit(t) + positivePart(-x));
    const slope = (-sign * beta * sidePicked(x, t, 1)) / (1 + t);
    gradOwn[i] = slope / n;
    gradRefSample[i] = (alpha - slope) / n;
  }
  return { loss: sum(losses) / n, losses, gradOwn, gradRefSample };
}

/**
 * Mean over samples of -(winProb - 1/2) logp + β sg(logp - refLogp) logp: its gradient is the policy gradient of the
 * probability of winning against the opponent minus β KL(policy to reference). O(n).
 *
 * @param batch.logp log-probabilities of samples of the policy
 * @param batch.winProb probability in [0, 1] that each beats the opponent
 * @param options.beta β >= 0. Default 0.1
 * @throws RangeError if the lengths differ, a number is not finite or a probability outside [0, 1], or there is no sample
 *
 * @example
 * nashMdSurrogate({ logp: [-1, -1], refLogp: [-1, -1], winProb: [1, 0] }).grad; //=> Float64Array.of(-0.25, 0.25)
 */
export function nashMdSurrogate(
  batch: { logp: ArrayLike<number>; refLogp: ArrayLike<number>; winProb: ArrayLike<number> },
  options: { beta?: number } = {},
): { loss: number; grad: Float64Array } {
  const { logp, refLogp, winProb } = batch;
  const n = checkTokens({ logp, refLogp, winProb });
  if (n === 0) throw new RangeError('logp must not be empty');
  const beta = checkNumber('beta', options.beta ?? 0.1, 0);
  const grad = new Float64Array(n);
  const terms = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (!(winProb[i] >= 0 && winProb[i] <= 1)) {
      throw new RangeError(`winProb[${i}] must be in [0, 1], got ${winProb[i]}`);
    }
    const slope = -(winProb[i] - 0.5) + beta * (logp[i] - refLogp[i]);
    terms[i] = slope * logp[i];
    grad[i] = slope / n;
  }
  return { loss: sum(terms) / n, grad };
}
