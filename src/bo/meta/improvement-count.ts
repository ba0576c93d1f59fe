/**
 * How rarely an improvement is seen: the rewards max(y_t - best so far, 0) of a random policy are logarithmically sparse.
 *
 * A. Maraval et al., arXiv:2305.15930, section 4.2: rewards from regret alone starve reinforcement learning. For values
 * y_1..y_T in random order without ties, y_t is a new best with probability 1/t, independently (A. Rényi, 1962), so the
 * number of new bests, the first counted, has mean H_T and the law of the number of cycles of a random permutation.
 */
import { checkInteger } from '../../internal/check.js';

/**
 * H_T = Σ_(t=1)^T 1/t = ln T + 0.5772... + O(1/T). Summed from the smallest term. O(T).
 *
 * @param steps T, at least 0
 *
 * @example
 * expectedImprovementCount(2); //=> 1.5
 */
export function expectedImprovementCount(steps: number): number {
  const T = checkInteger('steps', steps, 0);
  let total = 0;
  for (let t = T; t >= 1; t--) total += 1 / t;
  return total;
}

/**
 * P(m new bests in T steps) for m = 0..T: p_t(m) = p_(t-1)(m) (t - 1)/t + p_(t-1)(m - 1)/t, unsigned Stirling numbers of the
 * first kind over T!. O(T²).
 *
 * @param steps T, at least 0
 *
 * @example
 * improvementCountDistribution(2); //=> Float64Array.of(0, 0.5, 0.5)
 */
export function improvementCountDistribution(steps: number): Float64Array {
  const T = checkInteger('steps', steps, 0);
  const p = new Float64Array(T + 1);
  p[0] = 1;
  for (let t = 1; t <= T; t++) {
    for (let m = t; m >= 1; m--) p[m] = (p[m] * (t - 1)) / t + p[m - 1] / t;
    p[0] = (p[0] * (t - 1)) / t;
  }
  return p;
}
