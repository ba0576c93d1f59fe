// The beta function and the beta law.
//
//   B(a, b) = Γ(a) Γ(b) / Γ(a + b),   I_x(a, b) = 1/B(a, b) ∫_0^x t^(a-1) (1-t)^(b-1) dt.
//
// NIST Digital Library of Mathematical Functions 8.17.22 (the continued fraction), Abramowitz and Stegun 26.5.22 (the start
// of the quantile).

import { exp } from './exp.js';
import { logGamma, stirlingRemainder } from './gamma.js';
import { log } from './log.js';
import { ratioMinusLog, xMinusLog1p } from './log-one-plus-minus.js';
import { log1p } from './log1p.js';
import { normalQuantile } from './normal.js';

/** log(2π) / 2. */
const HALF_LOG_2PI = 0.9189385332046728;

/**
 * log B(a, b), within 2e-15 relative and 2e-15 absolute: large arguments go through Stirling's remainders, without a difference of
 * large logarithms.
 *
 * @param a positive and finite
 * @param b positive and finite
 * @throws RangeError if an argument is not positive and finite
 *
 * @example
 * logBeta(1, 4) === -log(4); //=> true
 */
export function logBeta(a: number, b: number): number {
  checkShape('a', a);
  checkShape('b', b);
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (small === 1) return -log(large);
  if (small >= 10) {
    const remainders = stirlingRemainder(small) + (stirlingRemainder(large) - stirlingRemainder(small + large));
    const ratio = small / large;
    return (
      HALF_LOG_2PI - 0.5 * log(large) + remainders + (small - 0.5) * log(ratio / (1 + ratio)) - large * log1p(ratio)
    );
  }
  if (large < 10) return logGamma(small) + (logGamma(large) - logGamma(small + large));
  // log Γ(b) - log Γ(a + b) = b φ(a/b) + log(1 + a/b)/2 - a log(a + b) + Δ(b) - Δ(a + b)
  const ratio = small / large;
  return (
    logGamma(small) +
    (large * xMinusLog1p(ratio) + 0.5 * log1p(ratio) - small * log(small + large)) +
    (stirlingRemainder(large) - stirlingRemainder(small + large))
  );
}

/**
 * I_x(a, b): the probability that a Beta(a, b) variable is at most x. O(√max(a, b)).
 *
 * Relative error 5e-14 (1 + |log I| / 50) below the mean, absolute above it, up to shapes of 1e4; for the upper tail take
 * I_{1-x}(b, a).
 *
 * @param x in [0, 1]
 * @param a in (0, 1e10]
 * @param b in (0, 1e10]
 * @throws RangeError if an argument is outside its range or NaN
 *
 * @example
 * betaInc(0.5, 2, 2).toFixed(12); //=> '0.500000000000'
 */
export function betaInc(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`x must be in [0, 1], got ${x}`);
  checkModerate('a', a);
  checkModerate('b', b);
  if (x === 0 || x === 1) return x;
  // The fraction converges fast below the mean; above it the tail on the other side is taken.
  const y = 1 - x;
  if (x <= (a + 1) / (a + b + 2)) return Math.min(1, (betaFactor(x, y, a, b) * fraction(x, a, b)) / a);
  return Math.max(0, 1 - (betaFactor(y, x, b, a) * fraction(y, b, a)) / b);
}

/** x^a y^b / B(a, b) with y = 1 - x. */
function betaFactor(x: number, y: number, a: number, b: number): number {
  if (a < 10 || b < 10) return exp(a * log(x) + b * (x < 0.5 ? log1p(-x) : log(y)) - logBeta(a, b));
  // Both shapes large: (x/x̄)^a (y/ȳ)^b = exp(-a φ(x/x̄ - 1) - b φ(y/ȳ - 1)), as a (x/x̄ - 1) + b (y/ȳ - 1) = 0 at the mean x̄.
  const d = x - a / (a + b);
  const u = (d * (a + b)) / a;
  const v = (-d * (a + b)) / b;
  const exponent = a * ratioMinusLog((x * (a + b)) / a, u) + b * ratioMinusLog((y * (a + b)) / b, v);
  const remainders = stirlingRemainder(a + b) - stirlingRemainder(a) - stirlingRemainder(b);
  return Math.sqrt((a / (2 * Math.PI)) * (b / (a + b))) * exp(remainders - exponent);
}

/** The continued fraction 8.17.22 by Lentz's method. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let k = 1; ; k++) {
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 3e-16) return h;
  }
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/**
 * The quantile of the Beta(a, b) law: x with I_x(a, b) = p, to 1e-13 relative (1e-11 at a + b = 1e5).
 *
 * Halley's method inside a bracket that bisects whenever a step would leave it.
 *
 * @param p in [0, 1]
 * @param a in (0, 1e10]
 * @param b in (0, 1e10]
 * @throws RangeError if an argument is outside its range or NaN
 *
 * @example
 * betaQuantile(0.5, 3, 3); //=> 0.5
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must be in [0, 1], got ${p}`);
  checkModerate('a', a);
  checkModerate('b', b);
  if (p === 0 || p === 1) return p;
  if (p === 0.5 && a === b) return 0.5;
  let low = 0;
  let high = 1;
  let x = quantileStart(p, a, b);
  if (x < 1e-17) return x; // there I_x = x^a / (a B) to the last digit
  for (let step = 0; step < 200; step++) {
    if (!(x > low && x < high)) {
      // geometric while the ends differ in size, so that a quantile of 1e-200 is found as well
      x = high > 4 * low ? (low > 0 ? Math.sqrt(low * high) : high / 16) : (low + high) / 2;
      if (!(x > low && x < high)) return x;
    }
    const error = betaInc(x, a, b) - p;
    if (error === 0) return x;
    if (error < 0) low = x;
    else high = x;
    const y = 1 - x;
    const density = betaFactor(x, y, a, b) / (x * y);
    const newton = error / density;
    const curvature = newton * ((a - 1) / x - (b - 1) / y);
    const next = x - newton / Math.max(0.5, 1 - 0.5 * curvature);
    if (Math.abs(next - x) <= 1e-16 * x) return next;
    x = next;
  }
  return x;
}

function quantileStart(p: number, a: number, b: number): number {
  if (a > 1 && b > 1) {
    const z = normalQuantile(p, { upper: true });
    const lambda = (z * z - 3) / 6;
    const s = 1 / (2 * a - 1);
    const t = 1 / (2 * b - 1);
    const h = 2 / (s + t);
    const w = (z * Math.sqrt(h + lambda)) / h - (t - s) * (lambda + 5 / 6 - 2 / (3 * h));
    return a / (a + b * exp(2 * w));
  }
  // the law is x^a / (a B) near 0 and its mirror image near 1
  const left = exp((log(p) + log(a) + logBeta(a, b)) / a);
  if (left < 0.5) return left;
  const right = exp((log1p(-p) + log(b) + logBeta(a, b)) / b);
  return right < 0.5 ? 1 - right : 0.5;
}

/** The fraction takes about √(a + b) terms: 1e5 of them at the limit. */
function checkModerate(name: string, value: number): void {
  if (!(value > 0 && value <= 1e10)) throw new RangeError(`${name} must be in (0, 1e10], got ${value}`);
}

function checkShape(name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be positive and finite, got ${value}`);
}
