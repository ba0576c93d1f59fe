// The group-relative surrogate and its relatives: GRPO, DAPO, Dr. GRPO, GSPO.
//
// GRPO: Z. Shao et al., arXiv:2402.03300; DAPO: Q. Yu et al., arXiv:2503.14476; Dr. GRPO: Z. Liu et
// al., arXiv:2503.20783; GSPO: C. Zheng et al., arXiv:2507.18071; two-sided clipping: INTELLECT-2, arXiv:2505.07291.
//
//   B sequences of T tokens, r ratio of a token (or of a sequence), A advantage of a sequence, ε, ε_h clips, β price of KL

import { checkInteger, checkNumber, checkOption, checkVector } from '../internal/check.js';
import { sum } from '../linalg/sum.js';
import { exp } from '../special/exp.js';
import { k3OfLogRatio } from './kl-estimates.js';
import { checkTokens, openMask, type TokenMask } from './tokens.js';

export interface GrpoBatch {
  /** Flat B x T. */
  logp: ArrayLike<number>;
  oldLogp: ArrayLike<number>;
  /** Needed when beta is above 0. */
  refLogp?: ArrayLike<number>;
  /** One a sequence, length B; constants for the gradient. */
  advantages: ArrayLike<number>;
  /** Flat B x T. Default: every token counts. */
  mask?: TokenMask;
  /** [B, T]. */
  shape: readonly [number, number];
}

export interface GrpoOptions {
  /** Price β of the k3 estimate of KL(policy to reference), at least 0. Default 0. */
  beta?: number;
  /** ε in (0, 1]. Default 0.2. */
  epsilon?: number;
  /** ε_h > 0. Default ε. */
  epsilonHigh?: number;
  /** Two-sided clipping: the unclipped branch uses min(r, delta). Above 1 + ε_h. Default none. */
  delta?: number;
  /**
   * 'grpo': mean over sequences of the mean over their tokens; 'dapo' and 'bnpo': sum over tokens / tokens that count;
   * 'dr-grpo': sum over tokens / (B maxLength). Default 'dapo'.
   */
  aggregation?: 'grpo' | 'dapo' | 'bnpo' | 'dr-grpo';
  /** r token by token, or exp of the mean log-ratio of the sequence (GSPO). Default 'token'. */
  importance?: 'token' | 'sequence';
  /** Longest response that can be generated, for 'dr-grpo'. Default T. */
  maxLength?: number;
}

export interface GrpoResult {
  loss: number;
  /** ∂loss/∂logp, flat B x T; 0 on tokens that do not count. */
  grad: Float64Array;
  /** Share of tokens where the clipped branch is the smaller one. */
  clipFraction: number;
  /** Mean over tokens of the k3 estimate; 0 without refLogp. */
  meanKl: number;
}

/**
 * Loss of a token: -min(min(r, δ) A, clip(r, 1 - ε, 1 + ε_h) A) + β (e^{ref - logp} - (ref - logp) - 1), aggregated.
 *
 * With importance 'sequence' all tokens of a sequence share r and the gradient flows through all of them. A sequence
 * without tokens that count adds 0 and counts among the B. O(B T).
 *
 * @throws RangeError if the lengths differ, a number is not finite, no token counts, refLogp is missing for beta > 0, or
 * an option is out of range
 *
 * @example
 * const batch = { logp: [-1, -1], oldLogp: [-1, -1], advantages: [1, -1], shape: [2, 1] };
 * grpoLoss(batch).grad; //=> Float64Array.of(-0.5, 0.5)
 */
export function grpoLoss(batch: GrpoBatch, options: GrpoOptions = {}): GrpoResult {
  const B = checkInteger('shape[0]', batch.shape[0], 1);
  const T = checkInteger('shape[1]', batch.shape[1], 1);
  const { logp, oldLogp, refLogp, advantages } = batch;
  checkVector('logp', logp, B * T);
  checkTokens({ logp, oldLogp, ...(refLogp === undefined ? {} : { refLogp }) });
  checkVector('advantages', advantages, B);
  const { counts, n } = openMask(batch.mask, B * T);
  const beta = checkNumber('beta', options.beta ?? 0, 0);
  if (beta > 0 && refLogp === undefined) throw new RangeError('refLogp is required when beta is above 0');
  const epsilon = checkNumber('epsilon', options.epsilon ?? 0.2, Number.MIN_VALUE, 1);
  const epsilonHigh = checkNumber('epsilonHigh', options.epsilonHigh ?? epsilon, Number.MIN_VALUE);
  const delta = options.delta ?? Infinity;
  if (!(delta > 1 + epsilonHigh)) throw new RangeError(`delta must be above ${1 + epsilonHigh}, got ${delta}`);
  const aggregation = checkOption('aggregation', options.aggregation ?? 'dapo', ['grpo', 'dapo', 'bnpo', 'dr-grpo']);
  const sequence = checkOption('importance', options.importance ?? 'token', ['token', 'sequence']) === 'sequence';
  const maxLength = checkInteger('maxLength', options.maxLength ?? T, 1);

  const grad = new Float64Array(B * T);
  const terms = new Float64Array(B * T);
  let clipped = 0;
  let kl = 0;
  for (let b = 0; b < B; b++) {
    const start = b * T;
    const A = advantages[b];
    let length = 0;
    let total = 0;
    for (let t = start; t < start + T; t++) {
      if (counts[t] === 0) continue;
      length += 1;
      total += logp[t] - oldLogp[t];
    }
    if (length === 0) continue;
    const weight = aggregation === 'grpo' ? 1 / (B * length) : aggregation === 'dr-grpo' ? 1 / (B * maxLength) : 1 / n;
    const shared = sequence ? exp(total / length) : 1;
    for (let t = start; t < start + T; t++) {
      if (counts[t] === 0) continue;
      const r = sequence ? shared : exp(logp[t] - oldLogp[t]);
      let value = 0;
      let slope = 0;
      if (A !== 0) {
        const plain = Math.min(r, delta) * A;
        const bounded = Math.max(1 - epsilon, Math.min(1 + epsilonHigh, r)) * A;
        value = -Math.min(plain, bounded);
        // In a sequence each of `length` equal terms moves by r / length, which adds up to the slope of one token.
        if (plain <= bounded && r <= delta) slope = -A * r;
        if (bounded < plain) clipped += 1;
      }
      if (refLogp !== undefined) {
        const d = logp[t] - refLogp[t];
        const k3 = k3OfLogRatio(d);
        kl += k3;
        if (beta > 0) {
          value += beta * k3;
          slope += beta * (1 - exp(-d));
        }
      }
      terms[t] = weight * value;
      grad[t] = weight * slope;
    }
  }
  return { loss: sum(terms), grad, clipFraction: clipped / n, meanKl: kl / n };
}
