// The logarithm to base 10.

import { logarithmParts, logParts } from './log-parts.js';
import { productLow } from './two-products.js';

const LOG10E_HI = 0.4342944819032518; // log10 e rounded to a double
const LOG10E_LO = 1.098319650216765e-17; // log10 e - LOG10E_HI

/**
 * Base-10 logarithm of x, within 0.51 ulp; exact at the powers of ten.
 *
 * @param x any number; zero gives -Infinity, a negative number or NaN gives NaN (as `Math.log10`)
 *
 * @example
 * log10(1000); //=> 3
 */
export function log10(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  logParts(x);
  const high = logarithmParts[0];
  const product = high * LOG10E_HI;
  return product + (productLow(high, LOG10E_HI, product) + (high * LOG10E_LO + logarithmParts[1] * LOG10E_HI));
}
