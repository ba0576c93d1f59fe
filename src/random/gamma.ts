/**
 * Gamma, beta, Student and Dirichlet numbers.
 *
 * G. Marsaglia, W. W. Tsang, "A Simple Method for Generating Gamma Variables", ACM Transactions on Mathematical
 * Software 26 (2000) 363-372, doi:10.1145/358407.358414.
 *
 *   paper      here      meaning
 *   α          shape     shape of the gamma law, scale 1
 *   d, c       d, c      α - 1/3 and 1/sqrt(9 d)
 *   v          v         (1 + c x)³ for a standard normal x
 */
import { checkPositive, checkVector } from '../internal/check.js';
import { exp } from '../special/exp.js';
import { log } from '../special/log.js';
import { log1p } from '../special/log1p.js';
import { xMinusLog1p } from '../special/log-one-plus-minus.js';
import type { Rng } from './create-rng.js';
import { sampleNormal } from './normal.js';

/**
 * One number with density x^(shape-1) e^(-x) / Γ(shape).
 *
 * Shapes below 1 go through Gamma(shape + 1) U^(1/shape), in logarithms; the result may then underflow to 0, for which
 * there is `sampleLogGamma`. Takes about 3.6 uniforms on average for shape >= 1 (one normal and one more a try, at
 * least 95 % of the tries accepted), one more below 1.
 *
 * @throws RangeError if `shape` is not positive and finite
 *
 * @example
 * sampleGamma(2.5, createRng(1)) > 0; //=> true
 */
export function sampleGamma(shape: number, rng: Rng): number {
  if (!(shape > 0 && shape < Infinity)) throw badShape('shape', shape);
  return shape >= 1 ? marsagliaTsang(shape, rng) : exp(logGammaBelowOne(shape, rng));
}

/**
 * The logarithm of `sampleGamma(shape, rng)`, from the same uniforms, without underflow: at shape 1e-3 half of the
 * gamma numbers are below 1e-301.
 *
 * @throws RangeError if `shape` is not positive and finite
 */
export function sampleLogGamma(shape: number, rng: Rng): number {
  if (!(shape > 0 && shape < Infinity)) throw badShape('shape', shape);
  return shape >= 1 ? log(marsagliaTsang(shape, rng)) : logGammaBelowOne(shape, rng);
}

/**
 * One number with density x^(a-1) (1-x)^(b-1) / B(a, b), as X / (X + Y) of two gammas, first a's and then b's.
 *
 * When both shapes are below 1 the quotient is formed in logarithms, so that 0/0 never occurs; the result can be exactly
 * 0 or 1 when the law puts that much of its mass within rounding of the ends. About 7.2 uniforms on average (shapes >= 1).
 *
 * @throws RangeError if a or b is not positive and finite
 *
 * @example
 * const x = sampleBeta(2, 6, createRng(1));
 * x > 0 && x < 1; //=> true
 */
export function sampleBeta(a: number, b: number, rng: Rng): number {
  if (!(a > 0 && a < Infinity)) throw badShape('a', a);
  if (!(b > 0 && b < Infinity)) throw badShape('b', b);
  if (a < 1 && b < 1) {
    const logX = logGammaBelowOne(a, rng);
    const logY = logGammaBelowOne(b, rng);
    return 1 / (1 + exp(logY - logX));
  }
  const x = a >= 1 ? marsagliaTsang(a, rng) : exp(logGammaBelowOne(a, rng));
  const y = b >= 1 ? marsagliaTsang(b, rng) : exp(logGammaBelowOne(b, rng));
  return x / (x + y);
}

/**
 * One number from Student's t law with `df` degrees of freedom: Z / sqrt(2 G / df), Z normal and then G gamma(df / 2).
 *
 * @throws RangeError if `df` is not positive and finite
 */
export function sampleStudentT(df: number, rng: Rng): number {
  if (!(df > 0 && df < Infinity)) throw badShape('df', df);
  const z = sampleNormal(rng);
  const shape = df / 2;
  if (shape >= 1) return z / Math.sqrt(marsagliaTsang(shape, rng) / shape);
  return z * exp(-0.5 * (logGammaBelowOne(shape, rng) - log(shape)));
}

/**
 * One probability vector with density proportional to Π x_i^(alpha_i - 1): gammas in index order, normalized in
 * logarithms, so that tiny shapes give a one-hot vector and never 0/0.
 *
 * @throws RangeError if `alpha` is empty or holds a number that is not positive and finite
 *
 * @example
 * const p = sampleDirichlet([1, 1, 1], createRng(1));
 * Math.abs(p[0] + p[1] + p[2] - 1) < 1e-15; //=> true
 */
export function sampleDirichlet(
  alpha: ArrayLike<number>,
  rng: Rng,
  out: Float64Array = new Float64Array(alpha.length),
): Float64Array {
  checkVector('alpha', alpha);
  const K = alpha.length;
  if (K === 0) throw new RangeError('alpha must not be empty');
  for (let i = 0; i < K; i++) checkPositive(`alpha[${i}]`, alpha[i]);
  let largest = -Infinity;
  for (let i = 0; i < K; i++) {
    out[i] = sampleLogGamma(alpha[i], rng);
    if (out[i] > largest) largest = out[i];
  }
  let total = 0;
  for (let i = 0; i < K; i++) {
    out[i] = exp(out[i] - largest);
    total += out[i];
  }
  for (let i = 0; i < K; i++) out[i] /= total;
  return out;
}

function marsagliaTsang(shape: number, rng: Rng): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    let x: number;
    let t: number;
    // v = (1 + y)³ = 1 + t with y = c x must be positive; for y within 1e-5 of -1 it may round below 0.
    do {
      x = sampleNormal(rng);
      const y = c * x;
      t = y > -1 ? y * (3 + y * (3 + y)) : -1;
    } while (!(t > -1));
    // The squeeze first, then ln u < x²/2 + d (1 - v + ln v), where 1 - v + ln v is -(t - ln(1 + t)): the plain difference
    // loses all its digits once d passes 1e8.
    const x2 = x * x;
    const u = rng();
    if (u < 1 - 0.0331 * x2 * x2 || log(u) < 0.5 * x2 - d * xMinusLog1p(t)) return d * (1 + t);
  }
}

/** ln of Gamma(shape + 1) U^(1/shape); 1 - u, which is never 0, takes the place of the uniform. */
function logGammaBelowOne(shape: number, rng: Rng): number {
  const g = marsagliaTsang(shape + 1, rng);
  return log(g) + log1p(-rng()) / shape;
}

function badShape(name: string, value: number): RangeError {
  return new RangeError(`${name} must be a positive finite number, got ${value}`);
}
