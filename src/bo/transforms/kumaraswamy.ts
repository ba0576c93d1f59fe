/**
 * The Kumaraswamy warp of the unit interval, w(x) = 1 - (1 - x^a)^b: a monotone change of an input that lets one
 * stationary kernel serve a function that varies faster at one end.
 *
 * P. Kumaraswamy, J. Hydrology 46 (1980); J. Snoek, K. Swersky, R. Zemel, R. P. Adams, "Input Warping for Bayesian
 * Optimization of Non-Stationary Functions", arXiv:1402.0929 (with the beta distribution, which this one stands for).
 */
import { checkNumber, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';
import { log } from '../../special/log.js';
import { log1mExp } from '../../special/log1m-exp.js';

/**
 * w(x), increasing from 0 to 1; the identity at a = b = 1.
 *
 * @param x in [0, 1]
 * @throws RangeError if x is outside [0, 1] or a or b is not positive
 *
 * @example
 * kumaraswamy(0.25, 0.5, 2); //=> 0.75
 */
export function kumaraswamy(x: number, a: number, b: number): number {
  checkNumber('x', x, 0, 1);
  checkPositive('a', a);
  return warp(x, a, checkPositive('b', b));
}

/**
 * The x with w(x) = y: (1 - (1 - y)^(1/b))^(1/a).
 *
 * @example
 * kumaraswamyInverse(0.75, 0.5, 2).toFixed(12); //=> '0.250000000000'
 */
export function kumaraswamyInverse(y: number, a: number, b: number): number {
  checkNumber('y', y, 0, 1);
  checkPositive('a', a);
  checkPositive('b', b);
  if (y === 0 || y === 1) return y;
  return exp(log1mExp(log1mExp(log(y)) / b) / a);
}

/** w(x) for checked arguments: -expm1(b ln(1 - e^(a ln x))). */
export function warp(x: number, a: number, b: number): number {
  if (x === 0 || x === 1) return x;
  return -expm1(b * log1mExp(a * log(x)));
}

/** Derivatives of w at 0 < x < 1, into out[0..3): in x, in ln a, in ln b. */
export function warpDerivatives(x: number, a: number, b: number, out: Float64Array): void {
  const logX = log(x);
  const logU = log1mExp(a * logX); // ln(1 - x^a)
  const slope = a * b * exp((b - 1) * logU + a * logX); // x ∂w/∂x
  out[0] = slope / x;
  out[1] = slope * logX;
  out[2] = -b * logU * exp(b * logU);
}
