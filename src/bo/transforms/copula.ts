import { checkVector } from '../../internal/check.js';
import { normalQuantile } from '../../special/normal.js';

/**
 * Normal scores: the i-th entry becomes Φ^-1((rank_i - ½)/n), ties sharing their mean rank. Only the order counts, so
 * outliers and skewed tails lose their pull. O(n log n).
 *
 * The Gaussian copula transform of D. Salinas, H. Shen, V. Perrone, arXiv:1909.13595, section 3.
 *
 * @throws RangeError if an entry is not finite
 *
 * @example
 * copula([5, 5, 5]); //=> Float64Array.of(0, 0, 0)
 */
export function copula(y: ArrayLike<number>): Float64Array {
  checkVector('y', y);
  const n = y.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => y[i] - y[j] || i - j);
  const out = new Float64Array(n);
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && y[order[to]] === y[order[from]]) to += 1;
    const meanRank = (from + 1 + to) / 2; // ranks from + 1 .. to
    const score = normalQuantile((meanRank - 0.5) / n);
    for (let k = from; k < to; k++) out[order[k]] = score;
  }
  return out;
}
