// The clipped surrogates of proximal policy optimization, for the policy and for the value function.
//
// J. Schulman, F. Wolski, P. Dhariwal, A. Radford, O. Klimov, arXiv:1707.06347, equation 7; dual clip: D. Ye et al.,
// arXiv:1912.09729.
//
//   logp, oldLogp log-probability of a token under the policy and under the one that sampled it, r = exp(logp - oldLogp)
//   A advantage, ε clip below, ε_h clip above, c dual clip, n tokens that count

import { checkNumber } from '../internal/check.js';
import { sum } from '../linalg/sum.js';
import { exp } from '../special/exp.js';
import { checkTokens, openMask, reuse, type TokenMask } from './tokens.js';

export interface PolicyBatch {
  logp: ArrayLike<number>;
  oldLogp: ArrayLike<number>;
  advantages: ArrayLike<number>;
  /** Default: every token counts. */
  mask?: TokenMask;
}

export interface PpoClipOptions {
  /** ε in (0, 1]. Default 0.2. */
  epsilon?: number;
  /** ε_h > 0. Default ε; DAPO uses 0.28. */
  epsilonHigh?: number;
  /** c > 1: where A < 0 the term is at least c A. Default none. */
  dualClip?: number;
  /** The log-ratio is clamped to this on both sides, with gradient 0 beyond. Default 20. */
  maxLogRatio?: number;
}

export interface PpoClipResult {
  loss: number;
  /** ∂loss/∂logp, 0 on tokens that do not count. */
  grad: Float64Array;
  /** Share of tokens where the clipped branch is the smaller one; the dual clip is not counted. */
  clipFraction: number;
  /** Mean of oldLogp - logp: the k1 estimate of KL(old to new). */
  approxKL: number;
  /** Loss of every token before the mean, 0 where it does not count. */
  losses: Float64Array;
}

/**
 * L = -mean of min(r A, clip(r, 1 - ε, 1 + ε_h) A). Per token ∂L/∂logp = -r A / n where the unclipped branch is active,
 * 0 where the clipped one is, where the dual clip is (A < 0, r > c), and where the log-ratio was clamped. At r = 1 this is
 * the plain policy gradient. O(n); with `out` of the same length only the mask is allocated.
 *
 * @throws RangeError if the lengths differ, a number is not finite, no token counts, or an option is out of range
 *
 * @example
 * const batch = { logp: [Math.log(0.5), -1], oldLogp: [Math.log(0.25), -1], advantages: [1, 2] };
 * const { loss, grad, clipFraction } = ppoClipLoss(batch);
 * [loss, clipFraction]; //=> [-1.6, 0.5]
 * grad; //=> Float64Array.of(0, -1)
 */
export function ppoClipLoss(batch: PolicyBatch, options: PpoClipOptions = {}, out?: PpoClipResult): PpoClipResult {
  const { logp, oldLogp, advantages } = batch;
  const T = checkTokens({ logp, oldLogp, advantages });
  const { counts, n } = openMask(batch.mask, T);
  const epsilon = checkNumber('epsilon', options.epsilon ?? 0.2, Number.MIN_VALUE, 1);
  const epsilonHigh = checkNumber('epsilonHigh', options.epsilonHigh ?? epsilon, Number.MIN_VALUE);
  const maxLogRatio = checkNumber('maxLogRatio', options.maxLogRatio ?? 20, Number.MIN_VALUE, 700);
  if (options.dualClip !== undefined && !(options.dualClip > 1)) {
    throw new RangeError(`dualClip must be above 1, got ${options.dualClip}`);
  }
  const dualClip = options.dualClip ?? Infinity;
  const grad = reuse(out?.grad, T).fill(0);
  const losses = reuse(out?.losses, T).fill(0);
  let clipped = 0;
  let kl = 0;
  for (let t = 0; t < T; t++) {
    if (counts[t] === 0) continue;
    const logRatio = logp[t] - oldLogp[t];
    kl -= logRatio;
    const clamped = Math.max(-maxLogRatio, Math.min(maxLogRatio, logRatio));
    const r = exp(clamped);
    const A = advantages[t];
    const plain = r * A;
    const bounded = Math.max(1 - epsilon, Math.min(1 + epsilonHigh, r)) * A;
    let value = Math.min(plain, bounded);
    let active = plain <= bounded && clamped === logRatio;
    if (bounded < plain) clipped += 1;
    if (A < 0 && r > dualClip) {
      value = dualClip * A;
      active = false;
    }
    losses[t] = -value;
    if (active) grad[t] = -plain / n;
  }
  return { loss: sum(losses) / n, grad, clipFraction: clipped / n, approxKL: kl / n, losses };
}

export interface ValueBatch {
  values: ArrayLike<number>;
  /** The values when the trajectory was sampled. */
  oldValues: ArrayLike<number>;
  /** The targets R. */
  returns: ArrayLike<number>;
  mask?: TokenMask;
}

export interface ValueClipOptions {
  /** c > 0. Default 0.2. */
  clip?: number;
}

/**
 * Loss of the value function: mean of max((v - R)², (clip(v, v_old ± c) - R)²) / 2, with its gradient in v. The clipped
 * branch is flat outside the interval. O(n).
 *
 * @throws RangeError if the lengths differ, a number is not finite, no token counts, or clip is not positive
 *
 * @example
 * valueClipLoss({ values: [1, 0], oldValues: [1, 1], returns: [0, 0] }).loss; //=> 0.41000000000000003
 */
export function valueClipLoss(
  batch: ValueBatch,
  options: ValueClipOptions = {},
): { loss: number; grad: Float64Array; clipFraction: number } {
  const { values, oldValues, returns } = batch;
  const T = checkTokens({ values, oldValues, returns });
  const { counts, n } = openMask(batch.mask, T);
  const clip = checkNumber('clip', options.clip ?? 0.2, Number.MIN_VALUE);
  const grad = new Float64Array(T);
  const losses = new Float64Array(T);
  let clipped = 0;
  for (let t = 0; t < T; t++) {
    if (counts[t] === 0) continue;
    const near = Math.max(oldValues[t] - clip, Math.min(oldValues[t] + clip, values[t]));
    const free = values[t] - returns[t];
    const bound = near - returns[t];
    if (bound * bound > free * free) {
      losses[t] = 0.5 * bound * bound; // the clipped value is a constant here, so its gradient is 0
      clipped += 1;
    } else {
      losses[t] = 0.5 * free * free;
      grad[t] = free / n;
    }
  }
  return { loss: sum(losses) / n, grad, clipFraction: clipped / n };
}
