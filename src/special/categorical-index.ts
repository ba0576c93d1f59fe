// Inversion of a discrete distribution at a given uniform.

/**
 * The first index whose running sum of weights exceeds u Σ w: a draw from the distribution w / Σ w when u is uniform.
 *
 * An index of weight zero is never returned, not even for u = 0 or u = 1 - 2^-53; when rounding leaves every running
 * sum below the mark, the last index of positive weight is. Two passes, left to right; no allocation.
 *
 * @param weights non-negative, not all zero; need not sum to 1
 * @param u in [0, 1)
 * @throws RangeError if a weight is negative or not finite, all are zero, or u is outside [0, 1)
 *
 * @example
 * categoricalIndex([1, 0, 3], 0.25); //=> 2
 */
export function categoricalIndex(weights: ArrayLike<number>, u: number): number {
  if (!(u >= 0 && u < 1)) throw new RangeError(`u must be in [0, 1), got ${u}`);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0)) throw new RangeError(`weights[${i}] must be non-negative, got ${weights[i]}`);
    total += weights[i];
  }
  if (!(total > 0 && total < Infinity)) throw new RangeError(`weights must have a positive finite sum, got ${total}`);
  const mark = u * total;
  let running = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] > 0) {
      running += weights[i];
      if (running > mark) return i;
      last = i;
    }
  }
  return last;
}
