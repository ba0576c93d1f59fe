// Divergence of the policy from the reference at every position of a response.

import { checkInteger, checkMask } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log1p } from '../../special/log1p.js';
import { checkSize } from '../losses/pair-batch.js';
import { badRow, rowLargest, scanRow } from './row-sums.js';

export interface SequentialKLInputs {
  /** T·V logits of the policy, flat row-major. */
  policyLogits: ArrayLike<number>;
  refLogits: ArrayLike<number>;
  /** [T, V]. */
  shape: readonly [number, number];
  /** T; positions with 0 (false) are left out. */
  mask?: ArrayLike<number | boolean>;
}

export interface SequentialKL {
  /** KL(π_ref || π) at each position, 0 where masked; Infinity where the policy lacks a token of the reference. */
  forward: Float64Array;
  /** KL(π || π_ref). */
  reverse: Float64Array;
  forwardSum: number;
  reverseSum: number;
}

/**
 * Σ_v r_v log(r_v/p_v) and Σ_v p_v log(p_v/r_v) at every position; sums along the response.
 *
 * Y. Zeng et al., arXiv:2404.11999 (forwardSum is its D_SeqKL, the divergence that `tdpoLoss` takes).
 * A result below zero, which rounding alone can make, is 0. O(T V).
 *
 * @throws RangeError on wrong lengths, NaN or Infinity among the logits, or a row of -Infinity
 *
 * @example
 * sequentialKL({ policyLogits: [0, 0], refLogits: [0, -Infinity], shape: [1, 2] }).forwardSum; //=> Math.LN2
 */
export function sequentialKL(inputs: SequentialKLInputs): SequentialKL {
  const { policyLogits, refLogits, shape, mask } = inputs;
  const [T, V] = shape;
  checkInteger('shape[0]', T, 1);
  checkInteger('shape[1]', V, 1);
  checkSize('policyLogits', policyLogits, T * V);
  checkSize('refLogits', refLogits, T * V);
  if (mask !== undefined) checkMask('mask', mask, T);
  const forward = new Float64Array(T);
  const reverse = new Float64Array(T);
  let forwardSum = 0;
  let reverseSum = 0;
  for (let t = 0; t < T; t++) {
    if (mask !== undefined && !mask[t]) continue;
    const base = t * V;
    const logZp = rowLogSumExp('policyLogits', policyLogits, base, V);
    const logZr = rowLogSumExp('refLogits', refLogits, base, V);
    let toPolicy = 0;
    let toRef = 0;
    for (let v = base; v < base + V; v++) {
      const logP = policyLogits[v] - logZp;
      const logR = refLogits[v] - logZr;
      const r = exp(logR);
      const p = exp(logP);
      if (r > 0) toPolicy += r * (logR - logP);
      if (p > 0) toRef += p * (logP - logR);
    }
    forward[t] = toPolicy > 0 ? toPolicy : 0;
    reverse[t] = toRef > 0 ? toRef : 0;
    forwardSum += forward[t];
    reverseSum += reverse[t];
  }
  return { forward, reverse, forwardSum, reverseSum };
}

function rowLogSumExp(name: string, x: ArrayLike<number>, base: number, n: number): number {
  const rest = scanRow(x, base, n, 1);
  if (rest !== rest) throw badRow(x, base, n, name);
  return rowLargest[0] + log1p(rest);
}
