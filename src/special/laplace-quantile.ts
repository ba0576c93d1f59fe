// The quantile function of the Laplace distribution.

import { log } from './log.js';
import { log1p } from './log1p.js';

/**
 * -b sign(u - 1/2) log(1 - 2 |u - 1/2|): the Laplace(0, b) number at the uniform u; u = 1/2 gives 0.
 *
 * u = 0 is read as 2^-54, so that a draw is always finite.
 *
 * @param u in [0, 1)
 * @param scale b > 0
 * @throws RangeError if u is outside [0, 1) or scale is not positive and finite
 *
 * @example
 * laplaceQuantile(0.5, 1); //=> 0
 */
export function laplaceQuantile(u: number, scale: number): number {
  if (!(u >= 0 && u < 1)) throw new RangeError(`u must be in [0, 1), got ${u}`);
  if (!(scale > 0 && scale < Infinity)) throw new RangeError(`scale must be positive and finite, got ${scale}`);
  if (u === 0.5) return 0;
  if (u === 0) return scale * log(1.1102230246251565e-16); // 2 · 2^-54
  const v = u - 0.5;
  // 1 - 2|v| is 2u or 2(1 - u); near 1/2 the logarithm is that of 1 + small
  const magnitude = Math.abs(v) < 0.25 ? log1p(-2 * Math.abs(v)) : log(v < 0 ? 2 * u : 2 * (1 - u));
  return v < 0 ? scale * magnitude : -scale * magnitude;
}
