// The logarithm of the gamma function and its first two derivatives.
//
//   log Γ(x),   ψ(x) = (log Γ)'(x),   ψ'(x) = (log Γ)''(x),   x > 0.
//
// NIST Digital Library of Mathematical Functions, 5.7 (series at 2), 5.11 (Stirling's series), 5.15; dlmf.nist.gov.

import { log } from './log.js';
import { log1p } from './log1p.js';
import {
  DIGAMMA_AT_ZERO,
  DIGAMMA_ZERO,
  DIGAMMA_ZERO_LOW,
  LOG_GAMMA_AT_2,
  LOG_GAMMA_AT_INTEGERS,
} from './gamma-series.js';

/** log(2π) / 2. */
const HALF_LOG_2PI = 0.9189385332046728;

// Engines fold the address of a constant of this module, but not that of an import: the aliases save a load each.
const C = LOG_GAMMA_AT_2;
const I = LOG_GAMMA_AT_INTEGERS;

/** log Γ(2 + e) for |e| <= 1/2: the tabulated polynomial of degree 19 in four strands, e^(4j) each. */
function atTwo(e: number): number {
  const s = e * e;
  const t = s * s;
  const a = C[0] + t * (C[4] + t * (C[8] + t * (C[12] + t * C[16])));
  const b = C[1] + t * (C[5] + t * (C[9] + t * (C[13] + t * C[17])));
  const c = C[2] + t * (C[6] + t * (C[10] + t * (C[14] + t * C[18])));
  const d = C[3] + t * (C[7] + t * (C[11] + t * (C[15] + t * C[19])));
  return e * (a + (e * b + s * (c + e * d)));
}

/** log Γ(c + e) for |e| <= 1/2, the coefficients from `at` on. */
function atInteger(at: number, e: number): number {
  const s = e * e;
  const t = s * s;
  const a = I[at] + t * (I[at + 4] + t * (I[at + 8] + t * I[at + 12]));
  const b = I[at + 1] + t * (I[at + 5] + t * (I[at + 9] + t * I[at + 13]));
  const c = I[at + 2] + t * (I[at + 6] + t * (I[at + 10] + t * I[at + 14]));
  const d = I[at + 3] + t * (I[at + 7] + t * (I[at + 11] + t * I[at + 15]));
  return a + (e * b + s * (c + e * d));
}

/** log Γ(1 + a) for a >= 0, without the rounding of 1 + a where that is small. */
export function logGammaOnePlus(a: number): number {
  return a < 0.5 ? atTwo(a) - log1p(a) : logGamma(1 + a);
}

/** From here on Stirling's series is taken; eight terms leave 3e-18. */
const STIRLING = 10;

/**
 * Δ(x) = log Γ(x) - [(x - 1/2) log x - x + log(2π)/2], the remainder of Stirling's formula, about 1/(12x).
 *
 * For x >= 10 its asymptotic series Σ B_2k / (2k (2k-1) x^(2k-1)), within 1e-16 relative to the leading term.
 *
 * @param x at least 10
 */
export function stirlingRemainder(x: number): number {
  const r = 1 / x;
  const y = r * r;
  const z = y * y;
  const even = 1 / 12 + z * (1 / 1260 + z * (1 / 1188 + z * (1 / 156)));
  const odd = -1 / 360 + z * (-1 / 1680 + z * (-691 / 360360 + z * (-3617 / 122400)));
  return r * (even + y * odd);
}

/**
 * log Γ(x), within 5e-16 relative (also where it passes 0, at 1 and 2), for x > 0.
 *
 * Near 1 and 2 a polynomial at 2; up to 10 one at the nearest integer; beyond, Stirling's series.
 *
 * @param x at least 0; 0 and Infinity give Infinity
 * @throws RangeError if x is negative or NaN
 *
 * @example
 * logGamma(1); //=> 0
 * logGamma(11).toFixed(10); //=> '15.1044125731'
 */
export function logGamma(x: number): number {
  if (!(x >= 0)) throw new RangeError(`x must be at least 0, got ${x}`);
  if (x < 2.5) {
    if (x >= 1.5) return atTwo(x - 2);
    if (x >= 0.5) return atTwo(x - 1) - log1p(x - 1);
    return atTwo(x) - log1p(x) - log(x);
  }
  if (x < STIRLING) {
    const c = Math.round(x);
    return atInteger(16 * (c - 3), x - c);
  }
  if (x > 1e306) return x === Infinity ? Infinity : x * (log(x) - 1);
  // (x - 1/2) (log x - 1) - 1/2 + log(2π)/2 + Δ: the subtraction of 1 is exact
  return (x - 0.5) * (log(x) - 1) + (HALF_LOG_2PI - 0.5 + stirlingRemainder(x));
}

/**
 * The digamma function ψ(x) = d/dx log Γ(x), within 4e-15 relative, also where it passes 0 (x = 1.4616...), for x > 0.
 *
 * Near the zero a polynomial in the distance from it; elsewhere the recurrence up to 10, then
 * log x - 1/(2x) - Σ B_2k / (2k x^2k).
 *
 * @param x positive; Infinity gives Infinity
 * @throws RangeError if x is not positive
 *
 * @example
 * digamma(1).toFixed(12); //=> '-0.577215664902'
 */
export function digamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`x must be positive, got ${x}`);
  if (x === Infinity) return Infinity;
  const d = x - DIGAMMA_ZERO - DIGAMMA_ZERO_LOW;
  if (Math.abs(d) <= 0.25) {
    let series = 0;
    for (let k = DIGAMMA_AT_ZERO.length - 1; k >= 0; k--) series = DIGAMMA_AT_ZERO[k] + d * series;
    return d * series;
  }
  let shift = 0;
  while (x < STIRLING) {
    shift += 1 / x;
    x += 1;
  }
  const y = 1 / (x * x);
  const series =
    y *
    (1 / 12 +
      y *
        (-1 / 120 +
          y * (1 / 252 + y * (-1 / 240 + y * (1 / 132 + y * (-691 / 32760 + y * (1 / 12 - y * (3617 / 8160))))))));
  return log(x) - 0.5 / x - series - shift;
}

/**
 * The trigamma function ψ'(x) = Σ_{k >= 0} 1/(x + k)², within 1e-15 relative, for x > 0.
 *
 * Recurrence up to 10, then 1/x + 1/(2x²) + Σ B_2k / x^(2k+1).
 *
 * @param x positive; Infinity gives 0
 * @throws RangeError if x is not positive
 *
 * @example
 * trigamma(1).toFixed(12); //=> '1.644934066848'
 */
export function trigamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`x must be positive, got ${x}`);
  let shift = 0;
  while (x < STIRLING) {
    shift += 1 / (x * x);
    x += 1;
  }
  const r = 1 / x;
  const y = r * r;
  const series =
    y *
    (1 / 6 +
      y * (-1 / 30 + y * (1 / 42 + y * (-1 / 30 + y * (5 / 66 + y * (-691 / 2730 + y * (7 / 6 - y * (3617 / 510))))))));
  return r * (1 + 0.5 * r + series) + shift;
}
