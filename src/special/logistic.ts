// The logistic function, its logarithm and its inverse, stable on the whole line.

import { exp } from './exp.js';
import { log } from './log.js';
import { log1p } from './log1p.js';

/**
 * σ(x) = 1 / (1 + e^-x), within 2 ulp. For x < 0 it is e^x / (1 + e^x), which does not overflow.
 *
 * @param x any number; ±Infinity gives 1 and 0, NaN gives NaN
 *
 * @example
 * sigmoid(0); //=> 0.5
 */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/**
 * log σ(x) = -softplus(-x), within 2 ulp.
 *
 * @param x any number; -Infinity gives -Infinity, NaN gives NaN
 *
 * @example
 * logSigmoid(-1e6); //=> -1000000
 */
export function logSigmoid(x: number): number {
  return x >= 0 ? -log1p(exp(-x)) : x - log1p(exp(x));
}

/**
 * log(1 + e^x), within 2 ulp: a smooth max(x, 0).
 *
 * @param x any number; -Infinity gives 0, NaN gives NaN
 *
 * @example
 * softplus(1e6); //=> 1000000
 */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/**
 * log(p / (1 - p)), the inverse of σ, within 2 ulp.
 *
 * Between 1/4 and 3/4 as log(1 + (2p - 1)/(1 - p)), where 2p - 1 and 1 - p are exact: the two logarithms of the
 * definition cancel there.
 *
 * @param p probability in [0, 1]; 0 and 1 give -Infinity and Infinity
 * @throws RangeError if p is outside [0, 1] or NaN
 *
 * @example
 * logit(0.5); //=> 0
 */
export function logit(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must be in [0, 1], got ${p}`);
  if (p >= 0.25 && p <= 0.75) return log1p((2 * p - 1) / (1 - p));
  return log(p / (1 - p));
}
