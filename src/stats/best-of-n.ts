/**
 * Best of n: the exact law of the best of n draws, and unbiased estimates of what k draws would reach.
 *
 * A. Beirami et al., "Theoretical Guarantees on the Best-of-n Alignment Policy", arXiv:2401.01879, Lemma 1 and
 * Theorem 1. M. Chen et al., "Evaluating Large Language Models Trained on Code", arXiv:2107.03374, Section 2.1 (pass@k).
 */
import { checkInteger, checkProbabilities, checkVector } from '../internal/check.js';
import { exp } from '../special/exp.js';
import { expm1 } from '../special/expm1.js';
import { log } from '../special/log.js';
import { log1p } from '../special/log1p.js';
import { sortedOrder } from './ranks.js';

export interface BestOfN {
  /** Probability of each outcome to be the one kept. */
  distribution: Float64Array;
  /** Expected value of the one kept. */
  expectedValue: number;
  /** KL divergence of `distribution` from the law of one draw, nats. */
  kl: number;
  /** ln n - (n-1)/n, an upper bound of `kl` that is attained only without ties and atoms. */
  klBound: number;
}

/**
 * Law of the best of n independent draws: value v is kept with probability F(v)^n - F(v-)^n, shared among equal values in
 * proportion to their probabilities.
 *
 * Powers go through n ln F, so n may be 10^6 and more. O(K log K).
 *
 * @param probs probabilities of the K outcomes
 * @param values their values; only the order matters for the law
 * @param n number of draws, an integer >= 1
 * @throws RangeError if the lengths differ, `probs` is no probability vector or n is not an integer >= 1
 *
 * @example
 * bestOfNDistribution([0.5, 0.5], [0, 1], 2).distribution; //=> Float64Array.of(0.25, 0.75)
 */
export function bestOfNDistribution(probs: ArrayLike<number>, values: ArrayLike<number>, n: number): BestOfN {
  checkProbabilities('probs', probs);
  checkVector('values', values, probs.length);
  checkInteger('n', n, 1);
  const K = probs.length;
  const order = sortedOrder(values);
  // Mass above each value, from the top: 1 - F without cancellation where it matters.
  const distribution = new Float64Array(K);
  let expectedValue = 0;
  let kl = 0;
  let above = 0;
  let total = 0;
  for (let i = 0; i < K; i++) total += probs[i];
  for (let end = K; end > 0;) {
    let start = end - 1;
    while (start > 0 && values[order[start - 1]] === values[order[end - 1]]) start--;
    let mass = 0;
    for (let i = start; i < end; i++) mass += probs[order[i]] / total;
    if (mass > 0) {
      // F(v)^n - F(v-)^n = F(v)^n (1 - (1 - mass/F(v))^n), F(v) = 1 - above.
      const F = 1 - above;
      const below = start === 0 || mass >= F ? 0 : 1 - mass / F;
      const gain = exp(n * log1p(-above)) * (below === 0 ? 1 : -expm1(n * log1p(-mass / F)));
      const ratio = gain / mass;
      for (let i = start; i < end; i++) distribution[order[i]] = (probs[order[i]] / total) * ratio;
      expectedValue += gain * values[order[start]];
      if (gain > 0) kl += gain * log(ratio);
    }
    above = Math.min(1, above + mass);
    end = start;
  }
  return { distribution, expectedValue, kl, klBound: log(n) - (n - 1) / n };
}

/**
 * Unbiased estimate of the expected maximum of k draws from n >= k observed values:
 *
 *   Σ_{i=k}^{n} C(i-1, k-1) / C(n, k) r_(i),   r_(1) <= ... <= r_(n),
 *
 * the mean of the maximum over all k-subsets. The weights are built by ratios from the top; O(n log n).
 *
 * @throws RangeError if k is not an integer in [1, n]
 *
 * @example
 * expectedMaxOfK([1, 2, 3], 2); //=> 8 / 3
 */
export function expectedMaxOfK(values: ArrayLike<number>, k: number): number {
  checkVector('values', values);
  const n = values.length;
  checkInteger('k', k, 1, n);
  const sorted = Float64Array.from(values).sort();
  let weight = k / n;
  let total = 0;
  for (let i = n; i >= k; i--) {
    total += weight * sorted[i - 1];
    // C(i-2, k-1) / C(i-1, k-1) = (i - k) / (i - 1)
    if (i > 1) weight *= (i - k) / (i - 1);
  }
  return total;
}

/**
 * Unbiased estimate of pass@k from n samples of which c are correct: 1 - C(n-c, k) / C(n, k)
 * = 1 - Π_{i=n-c+1}^{n} (1 - k/i); 1 if n - c < k.
 *
 * Chen et al. (2021), Equation 1. O(min(c, k)).
 *
 * @throws RangeError if c is not in [0, n] or k not in [1, n]
 *
 * @example
 * passAtK(10, 3, 5).toFixed(12); //=> '0.916666666667'
 */
export function passAtK(n: number, c: number, k: number): number {
  checkInteger('n', n, 1);
  checkInteger('c', c, 0, n);
  checkInteger('k', k, 1, n);
  if (n - c < k) return 1;
  // The product is symmetric in c and k.
  const factors = Math.min(c, k);
  const other = Math.max(c, k);
  // 1 - Π (1 - x_i) as a running sum of what each factor adds: no cancellation when it is small
  let pass = 0;
  for (let i = n - factors + 1; i <= n; i++) pass += (1 - pass) * (other / i);
  return pass;
}
