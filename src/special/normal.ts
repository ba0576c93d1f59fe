// The normal law: density, distribution, their logarithms, and the quantile function.
//
//   φ(z) = e^(-z²/2) / √(2π),   Φ(z) = ∫_-∞^z φ = erfc(-z/√2) / 2.

import { erf, erfcx } from './error-function.js';
import { exp, expSum } from './exp.js';
import { expm1 } from './expm1.js';
import { log } from './log.js';
import { log1mExp } from './log1m-exp.js';
import { log1p } from './log1p.js';
import { productLow } from './two-products.js';

const ONE_OVER_SQRT_2PI = 0.3989422804014327;
/** log(2π) / 2. */
const HALF_LOG_2PI = 0.9189385332046728;

/**
 * φ(z) = e^(-z²/2) / √(2π), within 2 ulp.
 *
 * @param z any number; NaN gives NaN
 *
 * @example
 * normalPdf(0); //=> 0.3989422804014327
 */
export function normalPdf(z: number): number {
  return Math.abs(z) > 39 ? 0 : ONE_OVER_SQRT_2PI * expHalfSquare(z);
}

/**
 * log φ(z) = -z²/2 - log(2π)/2, within 2 ulp.
 *
 * @param z any number; NaN gives NaN
 *
 * @example
 * normalLogPdf(2) - normalLogPdf(0); //=> -2
 */
export function normalLogPdf(z: number): number {
  return -0.5 * z * z - HALF_LOG_2PI;
}

/**
 * Φ(z), within 6 ulp: the lower tail keeps its digits down to the subnormal numbers (z about -38.4).
 *
 * @param z any number; NaN gives NaN
 *
 * @example
 * normalCdf(0); //=> 0.5
 */
export function normalCdf(z: number): number {
  const x = z * Math.SQRT1_2;
  if (Math.abs(z) < 0.8) return 0.5 + 0.5 * erf(x);
  if (z > 0) return z > 9 ? 1 : 1 - 0.5 * expHalfSquare(z) * erfcx(x);
  return z < -39 ? 0 : 0.5 * expHalfSquare(z) * erfcx(-x);
}

/**
 * log Φ(z), within 1e-15 relative for z in [-1e150, 37] (below, z² overflows; above, the value is subnormal or 0).
 *
 * @param z any number; -Infinity gives -Infinity, NaN gives NaN
 *
 * @example
 * logNormalCdf(-40).toFixed(9); //=> '-804.608442014'
 */
export function logNormalCdf(z: number): number {
  if (z > -1) return z > 0 ? log1p(-normalCdf(-z)) : log(normalCdf(z));
  // e^(-z²/2) leaves the logarithm before it underflows
  return z < -1e154 ? -Infinity : -0.5 * z * z + log(0.5 * erfcx(-z * Math.SQRT1_2));
}

export interface NormalQuantileOptions {
  /** The first argument is log p. Default false. */
  logP?: boolean;
  /** p is the upper tail 1 - Φ(z) instead of Φ(z). Default false. */
  upper?: boolean;
}

/**
 * The quantile Φ^-1(p), within 1e-15 relative, also where z passes 0 and in both tails (through `upper`).
 *
 * Rational approximations in three ranges, algorithm PPND16 of M. J. Wichura, "Algorithm AS 241", Applied Statistics 37
 * (1988) 477-484; below e^-700, where they end, Newton's method on log Φ.
 *
 * @param p probability in [0, 1], or its logarithm in [-Infinity, 0]; 0, 1/2 and 1 give -Infinity, 0 and Infinity
 * @throws RangeError if p is outside its range or NaN
 *
 * @example
 * normalQuantile(0.975).toFixed(12); //=> '1.959963984540'
 * normalQuantile(1e-300, { upper: true }) === -normalQuantile(1e-300); //=> true
 */
export function normalQuantile(p: number, options: NormalQuantileOptions = {}): number {
  if (options.logP === true) {
    if (!(p <= 0)) throw new RangeError(`p must be a logarithm in [-Infinity, 0], got ${p}`);
    // p - 1/2 = (e^(l + ln 2) - 1)/2, with ln 2 in two parts
    const q = 0.5 * expm1(p + Math.LN2 + 2.3190468138462996e-17);
    const z = Math.abs(q) <= 0.425 ? central(q) : q < 0 ? tailQuantile(p) : -tailQuantile(log1mExp(p));
    return options.upper === true ? 0 - z : z;
  }
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must be in [0, 1], got ${p}`);
  const q = p - 0.5;
  const z = Math.abs(q) <= 0.425 ? central(q) : q < 0 ? tailQuantile(log(p)) : -tailQuantile(log(1 - p));
  return options.upper === true ? 0 - z : z;
}

/** Φ^-1(e^l) for e^l <= 0.075. */
function tailQuantile(l: number): number {
  if (l === -Infinity) return -Infinity;
  const r = Math.sqrt(-l);
  return r <= 5 ? -near(r - 1.6) : l > -700 ? -far(r - 5) : newton(l);
}

/** |q| <= 0.425, q = p - 1/2. */
function central(q: number): number {
  const r = 0.180625 - q * q;
  return (
    (q *
      (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
        45921.953931549871457) *
        r +
        13731.693765509461125) *
        r +
        1971.5909503065514427) *
        r +
        133.14166789178437745) *
        r +
        3.387132872796366608)) /
    (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) *
      r +
      5394.1960214247511077) *
      r +
      687.1870074920579083) *
      r +
      42.313330701600911252) *
      r +
      1)
  );
}

/** -Φ^-1(e^(-t²)) with t <= 5, at r = t - 1.6. */
function near(r: number): number {
  return (
    (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
      1.27045825245236838258) *
      r +
      3.64784832476320460504) *
      r +
      5.7694972214606914055) *
      r +
      4.6303378461565452959) *
      r +
      1.42343711074968357734) /
    (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r +
      0.14810397642748007459) *
      r +
      0.68976733498510000455) *
      r +
      1.6763848301838038494) *
      r +
      2.05319162663775882187) *
      r +
      1)
  );
}

/** -Φ^-1(e^(-t²)) with 5 < t <= 27, at r = t - 5. */
function far(r: number): number {
  return (
    (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
      0.026532189526576123093) *
      r +
      0.29656057182850489123) *
      r +
      1.7848265399172913358) *
      r +
      5.4637849111641143699) *
      r +
      6.6579046435011037772) /
    (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
      7.868691311456132591e-4) *
      r +
      0.0148753612908506148525) *
      r +
      0.13692988092273580531) *
      r +
      0.59983220655588793769) *
      r +
      1)
  );
}

/** Newton's method on log Φ(z) = l, l <= -700, from z² + log(2π z²) = -2l. The derivative of log Φ is φ/Φ. */
function newton(l: number): number {
  const s = -2 * l;
  let z = -Math.sqrt(s - log(2 * Math.PI * s));
  if (s > 1e17) return z;
  for (let step = 0; step < 3; step++) {
    const mills = erfcx(-z * Math.SQRT1_2) / SQRT_2_OVER_PI; // Φ(z) / φ(z)
    z -= (-0.5 * z * z - HALF_LOG_2PI + log(mills) - l) * mills;
  }
  return z;
}

const SQRT_2_OVER_PI = 0.7978845608028654;

/** e^(-z²/2), |z| <= 39, with z² in two parts. */
function expHalfSquare(z: number): number {
  const square = z * z;
  const low = -0.5 * productLow(z, z, square);
  if (square > 1380) return expSum(-0.5 * square, low, 0); // near underflow: rounded once
  const value = exp(-0.5 * square);
  return value + value * low;
}
