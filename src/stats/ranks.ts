/** Ranks with ties in the middle, and the area under the receiver operating characteristic that they give. */
import { checkVector } from '../internal/check.js';

/**
 * Mid-ranks from 1 to n: equal numbers share the mean of the places they take. O(n log n).
 *
 * @throws RangeError if a number is not finite
 *
 * @example
 * ranks([10, 30, 10]); //=> Float64Array.of(1.5, 3, 1.5)
 */
export function ranks(values: ArrayLike<number>): Float64Array {
  checkVector('values', values);
  const n = values.length;
  const order = sortedOrder(values);
  const result = new Float64Array(n);
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) result[order[i]] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}

/**
 * P(score of a positive > score of a negative), ties counted one half: the Mann-Whitney statistic over the number of
 * pairs. O(n log n).
 *
 * J. A. Hanley, B. J. McNeil, Radiology 143 (1982) 29-36.
 *
 * @param labels 1 or true for positive, 0 or false for negative
 * @throws RangeError if the lengths differ, a label is neither 0 nor 1, or one class is empty
 *
 * @example
 * rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); //=> 0.75
 */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<number | boolean>): number {
  if (labels.length !== scores.length) {
    throw new RangeError(`labels must have length ${scores.length}, got ${labels.length}`);
  }
  const rank = ranks(scores);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < rank.length; i++) {
    const label = Number(labels[i]);
    if (label !== 0 && label !== 1) throw new RangeError(`labels[${i}] must be 0 or 1, got ${String(labels[i])}`);
    positives += label;
    if (label === 1) rankSum += rank[i];
  }
  const negatives = rank.length - positives;
  if (positives === 0 || negatives === 0) throw new RangeError('labels must hold both a 0 and a 1');
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Indices in ascending order of value, equal values by index. */
export function sortedOrder(values: ArrayLike<number>): Int32Array {
  const order = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((i, j) => values[i] - values[j] || i - j);
}
