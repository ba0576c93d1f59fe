// The logarithm to base 2.

import { logarithmParts, logParts } from './log-parts.js';
import { productLow } from './two-products.js';

const LOG2E_HI = 1.4426950408889634; // log2 e rounded to a double
const LOG2E_LO = 2.0355273740931033e-17; // log2 e - LOG2E_HI

/**
 * Base-2 logarithm of x, within 0.51 ulp; exact at the powers of two.
 *
 * @param x any number; zero gives -Infinity, a negative number or NaN gives NaN (as `Math.log2`)
 *
 * @example
 * log2(1024); //=> 10
 */
export function log2(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
  logParts(x);
  const high = logarithmParts[0];
  const product = high * LOG2E_HI;
  return product + (productLow(high, LOG2E_HI, product) + (high * LOG2E_LO + logarithmParts[1] * LOG2E_HI));
}
