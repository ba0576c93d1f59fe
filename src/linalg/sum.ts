// Sums whose order is part of the result.

/**
 * Σ x_i with Neumaier's compensation, left to right: the error is about one ulp of the result plus n u² Σ |x_i|.
 *
 * A. Neumaier, ZAMM 54 (1974) 39-51. An empty sum is 0; an infinite or NaN term gives what plain addition gives.
 *
 * @example
 * sum([1, 1e100, 1, -1e100]); //=> 2
 */
export function sum(x: ArrayLike<number>): number {
  const n = x.length;
  let total = 0;
  let compensation = 0;
  for (let i = 0; i < n; i++) {
    const term = x[i];
    const next = total + term;
    compensation += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
    total = next;
  }
  const result = total + compensation;
  return Number.isFinite(result) ? result : total;
}

/**
 * Σ_{i<n} x_i y_i, one accumulator, left to right.
 *
 * @param n number of terms; default the length of x
 *
 * @example
 * dot([1, 2], [3, 4]); //=> 11
 */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>, n: number = x.length): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += x[i] * y[i];
  return total;
}
