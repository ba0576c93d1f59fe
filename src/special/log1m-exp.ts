// log(1 - e^x): the logarithm of the complement of a probability that is known by its logarithm.

import { exp } from './exp.js';
import { expm1 } from './expm1.js';
import { log } from './log.js';
import { log1p } from './log1p.js';

/**
 * log(1 - e^x) for x <= 0, within 3 ulp.
 *
 * M. Mächler, "Accurately computing log(1 - exp(-|a|))", 2012: above -ln 2 the difference 1 - e^x is small and taken
 * as -expm1(x); below it e^x is small and goes into log1p.
 *
 * @param x log-probability, in [-Infinity, 0]; 0 gives -Infinity
 * @throws RangeError if x is positive or NaN
 *
 * @example
 * log1mExp(0); //=> -Infinity
 */
export function log1mExp(x: number): number {
  if (!(x <= 0)) throw new RangeError(`x must be at most 0, got ${x}`);
  return x > -Math.LN2 ? log(-expm1(x)) : log1p(-exp(x));
}
