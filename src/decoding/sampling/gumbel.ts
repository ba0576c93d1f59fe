// The Gumbel-max trick and its sampling without replacement.

import { checkInteger } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleGumbel } from '../../random/exponential.js';
import { checkLogits } from '../logits/workspace.js';

/**
 * argmax_i l_i + g_i with independent standard Gumbel g_i: a draw from softmax(l).
 *
 * One uniform for every token with a logit above -Infinity, in index order. O(V), no allocation.
 *
 * @throws RangeError if logits is empty, holds NaN or +Infinity, or is all -Infinity
 *
 * @example
 * gumbelMax([-Infinity, 2, -Infinity], createRng('demo')); //=> 1
 */
export function gumbelMax(logits: ArrayLike<number>, rng: Rng): number {
  checkLogits(logits);
  let best = -1;
  let largest = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] === -Infinity) continue;
    const perturbed = logits[i] + sampleGumbel(rng);
    if (best < 0 || perturbed > largest) {
      largest = perturbed;
      best = i;
    }
  }
  return best;
}

/**
 * The k largest of l_i + g_i, in decreasing order: k draws from softmax(l) without replacement, in the order drawn.
 *
 * Fewer than k indices come back if fewer tokens have a logit above -Infinity. One uniform for each of those, in index
 * order. W. Kool, H. van Hoof, M. Welling, arXiv:1903.06059, section 2.3; T. Vieira (2014). O(V log k).
 *
 * @throws RangeError if k is not an integer >= 1 or logits has no softmax
 *
 * @example
 * gumbelTopK([-Infinity, 2, -Infinity], 2, createRng('demo')); //=> Int32Array.of(1)
 */
export function gumbelTopK(logits: ArrayLike<number>, k: number, rng: Rng): Int32Array {
  checkInteger('k', k, 1);
  checkLogits(logits);
  const size = Math.min(k, logits.length);
  const index = new Int32Array(size);
  const value = new Float64Array(size);
  let count = 0;
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] === -Infinity) continue;
    const perturbed = logits[i] + sampleGumbel(rng);
    if (count === size && !(perturbed > value[size - 1])) continue;
    // Insertion among the largest so far: the expected number of insertions is k log(V / k).
    let at = count < size ? count++ : size - 1;
    while (at > 0 && perturbed > value[at - 1]) {
      value[at] = value[at - 1];
      index[at] = index[at - 1];
      at -= 1;
    }
    value[at] = perturbed;
    index[at] = i;
  }
  return index.subarray(0, count);
}
