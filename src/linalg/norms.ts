// Vector norms.

/**
 * √Σ x_i², one accumulator, left to right; scaled by the largest entry only where squares would overflow or vanish.
 *
 * @example
 * norm2([3, 4]); //=> 5
 */
export function norm2(x: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  if (squares > 1e-290 && squares < Infinity) return Math.sqrt(squares);
  const largest = normInf(x);
  if (!(largest > 0 && largest < Infinity)) return largest;
  squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] / largest) * (x[i] / largest);
  return largest * Math.sqrt(squares);
}

/**
 * max |x_i|, 0 for an empty vector; NaN if an entry is NaN.
 *
 * @example
 * normInf([1, -3]); //=> 3
 */
export function normInf(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]);
    if (!(size <= largest)) largest = size;
    if (Number.isNaN(largest)) return NaN;
  }
  return largest;
}
