// The logarithm of h(z) = φ(z) + z Φ(z), expected improvement in standard units, and its derivative.
//
// S. Ament, S. Daulton, D. Eriksson, M. Balandat, E. Bakshy, "Unexpected improvements to expected improvement for Bayesian
// optimization", arXiv:2310.20708, equation 9. Their form for z < -1 subtracts two numbers that agree to 1/z² and loses all
// digits by z = -1e8; below -5 the continued fraction of Mills' ratio takes its place here, which subtracts nothing.

import { erfcx } from './error-function.js';
import { log } from './log.js';
import { log1p } from './log1p.js';
import { normalCdf, normalLogPdf, normalPdf } from './normal.js';

const SQRT_HALF_PI = 1.2533141373155003;

/**
 * log h(z) = log(φ(z) + z Φ(z)), within 1e-15 relative and 1e-15 absolute.
 *
 * @param z any number but NaN; past -1e154, where z² overflows, -Infinity
 * @throws RangeError if z is NaN
 *
 * @example
 * logEiStandard(0).toFixed(12); //=> '-0.918938533205'
 */
export function logEiStandard(z: number): number {
  if (Number.isNaN(z)) throw new RangeError('z must be a number, got NaN');
  if (z > -1) return log(normalPdf(z) + z * normalCdf(z));
  const a = -z;
  // between, 1 - a Φ/φ is at least 0.03 and loses little
  if (a < 5) return normalLogPdf(z) + log1p(-a * SQRT_HALF_PI * erfcx(a * Math.SQRT1_2));
  // h/φ = c/(a + c) = 1/(a u + 1); from 1e8 on 1/a² to the last digit
  return normalLogPdf(z) - (a < 1e8 ? log(a * reciprocalTail(a) + 1) : 2 * log(a));
}

/**
 * d/dz log h(z) = Φ(z) / h(z), within 1e-14 relative: positive, decreasing, about 1/z to the right and -z to the left.
 *
 * @param z any number but NaN
 * @throws RangeError if z is NaN
 *
 * @example
 * logEiStandardDerivative(-1e8).toFixed(6); //=> '100000000.000000'
 */
export function logEiStandardDerivative(z: number): number {
  if (Number.isNaN(z)) throw new RangeError('z must be a number, got NaN');
  if (z > -1) return z === Infinity ? 0 : normalCdf(z) / (normalPdf(z) + z * normalCdf(z));
  const a = -z;
  if (a < 5) {
    const mills = SQRT_HALF_PI * erfcx(a * Math.SQRT1_2);
    return mills / (1 - a * mills);
  }
  return reciprocalTail(a); // Mills' ratio 1/(a + c) over h/φ = c/(a + c)
}

/** u = 1/c, c in Mills' ratio Φ(-a)/φ(a) = 1/(a + c): u = a + 2/(a + 3/(a + ...)) to 30 terms, for a >= 5. */
function reciprocalTail(a: number): number {
  let u = a;
  for (let k = 30; k >= 2; k--) u = a + k / u;
  return u;
}
