// Top-k truncation.

import { checkInteger } from '../../internal/check.js';
import { kthLargest } from './radix-select.js';
import { checkLogits, receiveRow, widen } from './workspace.js';

export interface FilterOptions {
  /** The first `minKeep` tokens in the filter's own order survive whatever it says. Default 1. */
  minKeep?: number;
}

export interface TopKOptions extends FilterOptions {
  /** How many of the largest logits stay, at least 1. */
  k: number;
}

/**
 * Keeps the tokens whose logit is at least the k-th largest, all ties with the k-th included; the rest become -Infinity.
 *
 * A. Fan, M. Lewis, Y. Dauphin, "Hierarchical Neural Story Generation", arXiv:1805.04833. O(V), no sorting.
 *
 * @param out receives the logits kept; may be `logits` itself
 * @throws RangeError if k is not an integer >= 1, or logits is empty, holds NaN or +Infinity, or is all -Infinity
 *
 * @example
 * applyTopK([1, 3, 2, 2], { k: 2 }); //=> Float64Array.of(-Infinity, 3, 2, 2)
 */
export function applyTopK(logits: ArrayLike<number>, options: TopKOptions, out?: Float64Array): Float64Array {
  const k = checkInteger('k', options.k, 1);
  const minKeep = checkInteger('minKeep', options.minKeep ?? 1, 1);
  const result = receiveRow(logits.length, out);
  const row = widen(logits);
  checkLogits(row);
  const n = row.length;
  const threshold = kthLargest(row, Math.min(n, Math.max(k, minKeep)));
  for (let i = 0; i < n; i++) result[i] = row[i] >= threshold ? row[i] : -Infinity;
  return result;
}

/**
 * The indices of the tokens that a filter kept: those with a logit above -Infinity, ascending.
 *
 * @example
 * keptIndices([0, -Infinity, 2]); //=> Int32Array.of(0, 2)
 */
export function keptIndices(logits: ArrayLike<number>): Int32Array {
  let count = 0;
  for (let i = 0; i < logits.length; i++) if (logits[i] > -Infinity) count += 1;
  const kept = new Int32Array(count);
  let next = 0;
  for (let i = 0; i < logits.length; i++) if (logits[i] > -Infinity) kept[next++] = i;
  return kept;
}
