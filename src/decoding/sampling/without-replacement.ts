// Laws of sampling without replacement with probability proportional to size.

import { checkInteger, checkProbabilities } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';

/**
 * P(o_1, ..., o_k) = Π_j p(o_j) / (1 - Σ_{i<j} p(o_i)): the law of `gumbelTopK` and of successive draws without replacement.
 *
 * @param probs probabilities that sum to 1 within 1e-6
 * @param order the indices in the order drawn; a repeated one has probability 0
 * @throws RangeError if probs is not a distribution or order holds no index of it
 *
 * @example
 * orderedSampleProbability([0.5, 0.25, 0.25], [0, 1]); //=> 0.25
 */
export function orderedSampleProbability(probs: ArrayLike<number>, order: ArrayLike<number>): number {
  checkProbabilities('probs', probs, 1e-6);
  const drawn = new Uint8Array(probs.length);
  let result = 1;
  for (let j = 0; j < order.length; j++) {
    const token = checkInteger(`order[${j}]`, order[j], 0, probs.length - 1);
    if (drawn[token] === 1 || probs[token] === 0) return 0;
    // What is left is added up afresh: 1 minus a sum would cancel when little is left.
    let left = 0;
    for (let i = 0; i < probs.length; i++) if (drawn[i] === 0) left += probs[i];
    result *= probs[token] / left;
    drawn[token] = 1;
  }
  return result;
}

/**
 * P(token i is among k draws without replacement), for every i.
 *
 * Up to 20 tokens of positive probability: exact, by recursion over subsets. Beyond: token i is drawn when its exponential
 * clock of rate p_i rings, so P_i = ∫ p_i e^(-p_i t) P(fewer than k of the other clocks rang before t) dt, by the trapezoidal
 * rule in log t, absolute error below 1e-8. O(V k) time a node.
 *
 * @param probs probabilities that sum to 1 within 1e-6
 * @param k number of draws, at least 1; the draws stop when no probability is left
 * @throws RangeError if probs is not a distribution or k is not an integer >= 1
 *
 * @example
 * inclusionProbability([0.5, 0.5], 1); //=> Float64Array.of(0.5, 0.5)
 */
export function inclusionProbability(probs: ArrayLike<number>, k: number): Float64Array {
  checkProbabilities('probs', probs, 1e-6);
  checkInteger('k', k, 1);
  const result = new Float64Array(probs.length);
  const support: number[] = [];
  for (let i = 0; i < probs.length; i++) if (probs[i] > 0) support.push(i);
  const p = Float64Array.from(support, (i) => probs[i]);
  const inclusion =
    support.length <= k ? p.map(() => 1) : support.length <= 20 ? inclusionBySubsets(p, k) : inclusionByClocks(p, k);
  support.forEach((i, j) => void (result[i] = inclusion[j]));
  return result;
}

/** law[S] = P(the first |S| draws are the set S), a sum over which of them came last. */
function inclusionBySubsets(p: Float64Array, k: number): Float64Array {
  const n = p.length;
  const sets = 1 << n;
  const law = new Float64Array(sets);
  const mass = new Float64Array(sets);
  const result = new Float64Array(n);
  let all = 0;
  for (let i = 0; i < n; i++) all += p[i];
  law[0] = 1;
  for (let set = 0; set < sets; set++) {
    let size = 0;
    let first = -1;
    for (let i = n - 1; i >= 0; i--) {
      if (set & (1 << i)) {
        size += 1;
        first = i;
      }
    }
    if (first >= 0) mass[set] = mass[set ^ (1 << first)] + p[first];
    if (size === k) {
      for (let i = 0; i < n; i++) if (set & (1 << i)) result[i] += law[set];
    } else if (size < k) {
      const left = all - mass[set];
      for (let i = 0; i < n; i++) if (!(set & (1 << i))) law[set | (1 << i)] += (law[set] * p[i]) / left;
    }
  }
  return result;
}

/** Step of the trapezoidal rule in log t. */
const STEP = 1 / 16;

function inclusionByClocks(p: Float64Array, k: number): Float64Array {
  const n = p.length;
  const result = new Float64Array(n);
  // forward[i][a] = P(a of the first i clocks rang), a < k; backward: at most a of the clocks from i on.
  const forward = new Float64Array((n + 1) * k);
  const backward = new Float64Array((n + 1) * k);
  for (let x = -45; ; x += STEP) {
    const t = exp(x);
    forward.fill(0);
    forward[0] = 1;
    for (let i = 0; i < n; i++) {
      const rang = -expm1(-p[i] * t);
      const silent = 1 - rang;
      for (let a = 0; a < k; a++) {
        const before = a > 0 ? forward[i * k + a - 1] * rang : 0;
        forward[(i + 1) * k + a] = forward[i * k + a] * silent + before;
      }
    }
    backward.fill(1, n * k);
    for (let i = n - 1; i >= 0; i--) {
      const rang = -expm1(-p[i] * t);
      const silent = 1 - rang;
      for (let a = 0; a < k; a++) {
        const before = a > 0 ? backward[(i + 1) * k + a - 1] * rang : 0;
        backward[i * k + a] = backward[(i + 1) * k + a] * silent + before;
      }
    }
    let largest = 0;
    for (let i = 0; i < n; i++) {
      let fewer = 0;
      for (let a = 0; a < k; a++) fewer += forward[i * k + a] * backward[(i + 1) * k + k - 1 - a];
      const rate = p[i] * t;
      const value = rate * exp(-rate) * fewer;
      result[i] += STEP * value;
      if (value > largest) largest = value;
    }
    if (x > 0 && largest < 1e-13) return result;
  }
}
