/**
 * The Box-Cox power transform of positive numbers: (x^λ - 1)/λ, ln x at λ = 0.
 *
 * G. E. P. Box, D. R. Cox, "An analysis of transformations", J. R. Statist. Soc. B 26 (1964), equation 1.
 */
import { checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { likeliestPower, NO_POWER } from './yeo-johnson.js';

/**
 * The transform of every entry.
 *
 * @throws RangeError if an entry is not a positive finite number
 *
 * @example
 * boxCox([1, 4], 0.5); //=> Float64Array.of(0, 2)
 */
export function boxCox(x: ArrayLike<number>, lambda: number): Float64Array {
  checkEntries(x);
  checkNumber('lambda', lambda);
  return Float64Array.from(x, (value) =>
    Math.abs(lambda) < NO_POWER ? log(value) : expm1(lambda * log(value)) / lambda,
  );
}

/**
 * The x whose transform is y: (1 + λ y)^(1/λ). A y outside the range gives 0 or Infinity, whichever is nearer.
 *
 * @example
 * boxCoxInverse([0, 2], 0.5); //=> Float64Array.of(1, 4)
 */
export function boxCoxInverse(y: ArrayLike<number>, lambda: number): Float64Array {
  checkVector('y', y);
  checkNumber('lambda', lambda);
  return Float64Array.from(y, (value) => {
    if (Math.abs(lambda) < NO_POWER) return exp(value);
    if (1 + lambda * value > 0) return exp(log1p(lambda * value) / lambda);
    return lambda > 0 ? 0 : Infinity;
  });
}

/**
 * The λ in [-5, 5] that maximizes -(n/2) ln Var(x_λ) + (λ - 1) Σ ln x, by golden section to 1e-11.
 *
 * @throws RangeError if an entry is not a positive finite number
 */
export function boxCoxLambda(x: ArrayLike<number>): number {
  checkEntries(x);
  let jacobian = 0;
  for (let i = 0; i < x.length; i++) jacobian += log(x[i]);
  return likeliestPower(x, (lambda) => boxCox(x, lambda), jacobian);
}

function checkEntries(x: ArrayLike<number>): void {
  checkVector('x', x);
  for (let i = 0; i < x.length; i++) checkPositive(`x[${i}]`, x[i]);
}
