// The logarithm of the gamma function and its first two derivatives.
//
//   log Γ(x),   ψ(x) = (log Γ)'(x),   ψ'(x) = (log Γ)''(x),   x > 0.
//
// NIST Digital Library of Mathematical Functions, 5.7 (series at 2), 5.11 (Stirling's series), 5.15; dlmf.nist.gov.

import { log, logarithmParts, logParts } from './log.js';
import { log1p } from './log1p.js';

/** 1 - γ, γ Euler's constant. */
const ONE_MINUS_GAMMA = 0.42278433509846713;
/** log(2π) / 2. */
const HALF_LOG_2PI = 0.9189385332046728;

/** (-1)^k (ζ(k) - 1) / k, k = 2 ... 29: log Γ(2 + e) = (1 - γ) e + Σ_k of these e^k. */
const AT_TWO = /* @__PURE__ */ Float64Array.of(
  0.3224670334241132,
  -0.0673523010531981,
  0.020580808427784546,
  -0.007385551028673986,
  0.0028905103307415234,
  -0.001192753911703261,
  0.0005096695247430425,
  -0.00022315475845357939,
  9.945751278180853e-5,
  -4.492623673813314e-5,
  2.050721277567069e-5,
  -9.439488275268397e-6,
  4.374866789907488e-6,
  -2.039215753801366e-6,
  9.55141213040742e-7,
  -4.492469198764566e-7,
  2.1207184805554665e-7,
  -1.0043224823968099e-7,
  4.7698101693639804e-8,
  -2.2711094608943164e-8,
  1.0838659214896955e-8,
  -5.183475041970047e-9,
  2.4836745438024785e-9,
  -1.1921401405860912e-9,
  5.731367241678862e-10,
  -2.7595228851242334e-10,
  1.330476437424449e-10,
  -6.4229645638381e-11,
);

/** log Γ(2 + e) for |e| <= 1/2. */
function atTwo(e: number): number {
  let series = AT_TWO[27];
  for (let k = 26; k >= 0; k--) series = AT_TWO[k] + e * series;
  return e * (ONE_MINUS_GAMMA + e * series);
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
  const y = 1 / (x * x);
  return (
    (1 / 12 +
      y *
        (-1 / 360 +
          y *
            (1 / 1260 +
              y * (-1 / 1680 + y * (1 / 1188 + y * (-691 / 360360 + y * (1 / 156 + y * (-3617 / 122400)))))))) /
    x
  );
}

/**
 * log Γ(x), within 5e-16 relative (also where it passes 0, at 1 and 2), for x > 0.
 *
 * Near 1 and 2 the Taylor series at 2; up to 10 its recurrence; beyond, Stirling's series, with log x in two parts.
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
    let product = 1;
    let y = x;
    while (y >= 2.5) {
      y -= 1;
      product *= y;
    }
    return log(product) + atTwo(y - 2);
  }
  if (x > 1e306) return x === Infinity ? Infinity : x * (log(x) - 1);
  logParts(x);
  // (x - 1/2) (log x - 1) - 1/2, with an exact log x - 1
  const high = logarithmParts[0] - 1;
  return (x - 0.5) * high + ((x - 0.5) * logarithmParts[1] + (HALF_LOG_2PI - 0.5 + stirlingRemainder(x)));
}

/**
 * The digamma function ψ(x) = d/dx log Γ(x), within 1e-15 relative and 1e-15 absolute, for x > 0.
 *
 * Recurrence up to 10, then log x - 1/(2x) - Σ B_2k / (2k x^2k).
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
