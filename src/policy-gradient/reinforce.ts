// Surrogates whose gradient is the score-function estimate, with and without a weight for stale samples.
//
// REINFORCE: R. J. Williams, Machine Learning 8 (1992) 229-256. CISPO: MiniMax-M1, arXiv:2506.13585. The
// reductions and defaults are this library's own.

import { checkNumber } from '../internal/check.js';
import { sum } from '../linalg/sum.js';
import { exp } from '../special/exp.js';
import type { PolicyBatch } from './ppo.js';
import { checkTokens, openMask, type TokenMask } from './tokens.js';

export interface SurrogateResult {
  loss: number;
  /** ∂loss/∂logp, 0 on tokens that do not count. */
  grad: Float64Array;
}

/**
 * -mean of (A - baseline) logp: its gradient is the score-function estimate of the policy gradient when the tokens were
 * drawn from the policy. A baseline that does not depend on the token leaves its expectation alone. O(n).
 *
 * @throws RangeError if the lengths differ, a number is not finite, or no token counts
 *
 * @example
 * reinforceLoss({ logp: [-1, -2], advantages: [3, 1] }, { baseline: 2 }); //=> { loss: -0.5, grad: Float64Array.of(-0.5, 0.5) }
 */
export function reinforceLoss(
  batch: { logp: ArrayLike<number>; advantages: ArrayLike<number>; mask?: TokenMask },
  options: { baseline?: number } = {},
): SurrogateResult {
  const { logp, advantages } = batch;
  const T = checkTokens({ logp, advantages });
  const { counts, n } = openMask(batch.mask, T);
  const baseline = checkNumber('baseline', options.baseline ?? 0);
  const grad = new Float64Array(T);
  const terms = new Float64Array(T);
  for (let t = 0; t < T; t++) {
    if (counts[t] === 0) continue;
    const A = advantages[t] - baseline;
    terms[t] = -A * logp[t];
    grad[t] = -A / n;
  }
  return { loss: sum(terms) / n, grad };
}

/**
 * -mean of sg(min(r, maxRatio)) A logp with r = exp(logp - oldLogp) held constant (sg: no gradient flows through it):
 * clipping the weight, where PPO's clip silences the token. O(n).
 *
 * @param options.maxRatio upper bound of r, above 0. Default 5
 * @throws RangeError if the lengths differ, a number is not finite, no token counts, or maxRatio is not positive
 *
 * @example
 * cispoLoss({ logp: [-1], oldLogp: [-9], advantages: [2] }).grad; //=> Float64Array.of(-10)
 */
export function cispoLoss(batch: PolicyBatch, options: { maxRatio?: number } = {}): SurrogateResult {
  const { logp, oldLogp, advantages } = batch;
  const T = checkTokens({ logp, oldLogp, advantages });
  const { counts, n } = openMask(batch.mask, T);
  const maxRatio = checkNumber('maxRatio', options.maxRatio ?? 5, Number.MIN_VALUE);
  const grad = new Float64Array(T);
  const terms = new Float64Array(T);
  for (let t = 0; t < T; t++) {
    if (counts[t] === 0) continue;
    const weight = Math.min(exp(logp[t] - oldLogp[t]), maxRatio) * advantages[t];
    terms[t] = -weight * logp[t];
    grad[t] = -weight / n;
  }
  return { loss: sum(terms) / n, grad };
}
