/**
 * The Yeo-Johnson power transform: Box-Cox for numbers of any sign.
 *
 * I.-K. Yeo, R. A. Johnson, "A new family of power transformations to improve normality or symmetry", Biometrika 87 (2000).
 *
 *   x >= 0: ((x + 1)^λ - 1)/λ, ln(x + 1) at λ = 0        x < 0: -((1 - x)^(2-λ) - 1)/(2 - λ), -ln(1 - x) at λ = 2
 */
import { checkNumber, checkVector } from '../../internal/check.js';
import { goldenSectionMinimize } from '../../optimize/minimize-scalar.js';
import { expm1 } from '../../special/expm1.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';

/**
 * The transform of every entry. Increasing in x, the identity at λ = 1.
 *
 * @param lambda λ, any finite number
 * @throws RangeError if an entry is not finite
 *
 * @example
 * yeoJohnson([-3, 0, 2], 1); //=> Float64Array.of(-3, 0, 2)
 */
export function yeoJohnson(x: ArrayLike<number>, lambda: number): Float64Array {
  checkVector('x', x);
  checkNumber('lambda', lambda);
  return Float64Array.from(x, (value) => (value >= 0 ? grow(value, lambda) : -grow(-value, 2 - lambda)));
}

/**
 * The x whose transform is y. A y outside the range of the transform, which is bounded for λ < 0 and λ > 2, gives the
 * infinity of its sign.
 *
 * @example
 * yeoJohnsonInverse(yeoJohnson([2], 0.5), 0.5)[0].toFixed(12); //=> '2.000000000000'
 */
export function yeoJohnsonInverse(y: ArrayLike<number>, lambda: number): Float64Array {
  checkVector('y', y);
  checkNumber('lambda', lambda);
  return Float64Array.from(y, (value) => (value >= 0 ? shrink(value, lambda) : -shrink(-value, 2 - lambda)));
}

/**
 * The λ in [-5, 5] that makes the transformed values most likely normal: maximizes
 * -(n/2) ln Var(x_λ) + (λ - 1) Σ sign(x) ln(|x| + 1), by golden section to 1e-11. Values that do not vary give 1.
 *
 * @throws RangeError if an entry is not finite
 */
export function yeoJohnsonLambda(x: ArrayLike<number>): number {
  checkVector('x', x);
  let jacobian = 0;
  for (let i = 0; i < x.length; i++) jacobian += x[i] >= 0 ? log1p(x[i]) : -log1p(-x[i]);
  return likeliestPower(x, (lambda) => yeoJohnson(x, lambda), jacobian);
}

/**
 * The power in [-5, 5] that maximizes the profile likelihood of a normal law of the transformed values; `jacobian` is the
 * derivative of the log Jacobian in λ. 1 for values that do not vary.
 */
export function likeliestPower(
  x: ArrayLike<number>,
  transform: (lambda: number) => Float64Array,
  jacobian: number,
): number {
  const n = x.length;
  if (!(variance(Float64Array.from(x)) > 0)) return 1;
  const negativeLikelihood = (lambda: number) => {
    const spread = variance(transform(lambda));
    const value = (n / 2) * log(spread) - (lambda - 1) * jacobian;
    return spread > 0 && value < Infinity ? value : Infinity; // overflow or collapse at an extreme power
  };
  return goldenSectionMinimize(negativeLikelihood, { low: -5, high: 5, evaluations: 58 }).x;
}

/** Mean squared deviation, scaled by the largest magnitude so that squares do not overflow. */
function variance(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (!(largest > 0 && largest < Infinity)) return largest;
  let mean = 0;
  for (let i = 0; i < x.length; i++) mean += x[i] / largest;
  mean /= x.length;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] / largest - mean) * (x[i] / largest - mean);
  return (squares / x.length) * largest * largest;
}

/** Below this a power transform is the logarithm to the last bit, and p ln x would lose digits to underflow. */
export const NO_POWER = 1e-30;

/** ((1 + x)^p - 1)/p for x >= 0. */
function grow(x: number, p: number): number {
  if (p === 1) return x;
  return Math.abs(p) < NO_POWER ? log1p(x) : expm1(p * log1p(x)) / p;
}

/** The x >= 0 with `grow(x, p)` = y. */
function shrink(y: number, p: number): number {
  if (p === 1) return y;
  if (Math.abs(p) < NO_POWER) return expm1(y);
  return 1 + p * y > 0 ? expm1(log1p(p * y) / p) : Infinity;
}
