/** Draws of one index from weights. */
import { checkInteger } from '../internal/check.js';
import { categoricalIndex } from '../special/categorical-index.js';
import type { Rng } from './create-rng.js';

/**
 * One index with probability proportional to its weight: the first whose running sum exceeds u times the total.
 * An index of weight 0 is never drawn. Takes one uniform, O(K).
 *
 * @param weights nonnegative finite weights, at least one positive; they need not sum to 1
 * @throws RangeError if a weight is negative or not finite, or all are 0
 *
 * @example
 * sampleCategorical([0, 2, 6], () => 0.2); //=> 1
 */
export function sampleCategorical(weights: ArrayLike<number>, rng: Rng): number {
  return categoricalIndex(weights, rng());
}

/**
 * A uniform integer in 0..n-1, floor(n u). Takes one uniform; the bias is below n 2^-53.
 *
 * @throws RangeError if n is not an integer >= 1
 *
 * @example
 * sampleIndex(6, () => 0.5); //=> 3
 */
export function sampleIndex(n: number, rng: Rng): number {
  if (!(n >= 1 && Number.isInteger(n))) checkInteger('n', n, 1);
  // u <= 1 - 2^-53, but n u can round up to n once n passes 2^52.
  return Math.min(Math.floor(n * rng()), n - 1);
}
