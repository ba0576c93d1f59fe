// e^x - 1 without losing the digits of a small x.

import { exp, exponentialParts, expParts } from './exp.js';

/**
 * e^x - 1, within 0.8 ulp.
 *
 * For |x| < 0.03 its series, of which the first term is exact; elsewhere e^x in two parts, less 1.
 *
 * @param x any number; -Infinity gives -1, NaN gives NaN (as `Math.expm1`)
 *
 * @example
 * expm1(1e-20); //=> 1e-20
 */
export function expm1(x: number): number {
  if (Math.abs(x) < 0.03) {
    const s = x * x;
    if (s === 0) return x; // keeps -0
    return (
      x + s * (1 / 2 + x * (1 / 6) + s * (1 / 24 + x * (1 / 120) + s * (1 / 720 + x * (1 / 5040) + s * (1 / 40320))))
    );
  }
  if (!(x < 50)) return exp(x); // the 1 is below half an ulp
  if (x < -45) return -1; // e^x is below a quarter of an ulp of 1
  expParts(x);
  const first = exponentialParts[0];
  const high = first - 1;
  const low = first > 1 ? first - high - 1 : first - (high + 1);
  return high + (low + exponentialParts[1]);
}
