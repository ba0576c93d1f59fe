// x - log(1 + x), the function in which small divergences are written without cancellation.

import { log } from './log.js';
import { log1p } from './log1p.js';

/**
 * φ(r - 1) = r - 1 - log r for a ratio r = x/y, given also r - 1 = (x - y)/y: near -1 the logarithm of 1 + (r - 1) would
 * bring back the rounding of r - 1, magnified.
 */
export function ratioMinusLog(ratio: number, ratioMinus1: number): number {
  return Math.abs(ratioMinus1) < 0.5 ? xMinusLog1p(ratioMinus1) : ratioMinus1 - log(ratio);
}

/**
 * φ(x) = x - log(1 + x) = x²/2 - x³/3 + ..., within 4 ulp for |x| < 0.1 and 16 ulp elsewhere.
 *
 * For |x| < 0.1 with s = x / (2 + x), log(1 + x) = 2 atanh s and x = 2 s / (1 - s), so that
 * φ = s (x - 2 (s²/3 + s⁴/5 + ...)): the leading terms are subtracted on paper.
 *
 * @param x in [-1, Infinity]; -1 gives Infinity
 * @throws RangeError if x is less than -1 or NaN
 *
 * @example
 * xMinusLog1p(0); //=> 0
 */
export function xMinusLog1p(x: number): number {
  if (!(x >= -1)) throw new RangeError(`x must be at least -1, got ${x}`);
  if (!(Math.abs(x) < 0.1)) return x === Infinity ? Infinity : x - log1p(x);
  const s = x / (2 + x);
  const z = s * s;
  let series = 1 / 15;
  for (let k = 13; k >= 3; k -= 2) series = 1 / k + z * series;
  return s * (x - 2 * z * series);
}
