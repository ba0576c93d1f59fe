// How often a drafted token is accepted, and what is left of the target when it is not.

import { receiveRow, widen } from '../logits/workspace.js';
import { checkLengths, residualRow, rowSum } from './rows.js';

/**
 * Probability that a drafted token is accepted: Σ_x min(t(x), d(x)) = 1 - TV(t, d). Symmetric.
 *
 * Y. Leviathan, M. Kalman, Y. Matias, arXiv:2211.17192, Theorem 3.5 and Corollary 3.6. O(V), no allocation.
 *
 * @param target probabilities t over the vocabulary, length V
 * @param draft probabilities d over the vocabulary, length V
 * @throws RangeError if the lengths differ, an entry is NaN or negative, or a sum is not 1 within 1e-6
 *
 * @example
 * acceptanceRate([0.5, 0.5], [0.75, 0.25]); //=> 0.75
 */
export function acceptanceRate(target: ArrayLike<number>, draft: ArrayLike<number>): number {
  const t = widen(target, 0);
  const d = widen(draft, 1);
  checkLengths('draft', d, t.length);
  const T = rowSum('target', t);
  const D = rowSum('draft', d);
  let total = 0;
  for (let i = 0; i < t.length; i++) {
    const ti = t[i] / T;
    const di = d[i] / D;
    const both = ti < di ? ti : di;
    if (both > 0) total += both;
  }
  return Math.min(total, 1);
}

/**
 * Probability that a token drawn from the target equals the drafted one: Σ_x t(x) d(x), at most `acceptanceRate`.
 *
 * @throws RangeError if the lengths differ, an entry is NaN or negative, or a sum is not 1 within 1e-6
 *
 * @example
 * matchAcceptanceRate([0.5, 0.5], [0.75, 0.25]); //=> 0.5
 */
export function matchAcceptanceRate(target: ArrayLike<number>, draft: ArrayLike<number>): number {
  const t = widen(target, 0);
  const d = widen(draft, 1);
  checkLengths('draft', d, t.length);
  const T = rowSum('target', t);
  const D = rowSum('draft', d);
  let total = 0;
  for (let i = 0; i < t.length; i++) if (t[i] > 0 && d[i] > 0) total += t[i] * d[i];
  return total / (T * D);
}

/**
 * The distribution of the token that replaces a rejected one: max(t - d, 0) / Σ max(t - d, 0); t itself if t = d.
 *
 * min(t, d) + (1 - acceptanceRate) residual = t. Leviathan et al., arXiv:2211.17192, section 2.3.
 *
 * @param out receives the distribution; may be one of the inputs
 * @throws RangeError if the lengths differ, an entry is NaN or negative, or a sum is not 1 within 1e-6
 *
 * @example
 * residualDistribution([0.5, 0.25, 0.25], [0.75, 0.25, 0]); //=> Float64Array.of(0, 0, 1)
 */
export function residualDistribution(
  target: ArrayLike<number>,
  draft: ArrayLike<number>,
  out?: Float64Array,
): Float64Array {
  return residualRow('target', target, 'draft', draft, 1, receiveRow(target.length, out));
}
