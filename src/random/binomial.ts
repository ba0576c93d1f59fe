/**
 * Binomial and Poisson numbers, exact and in constant time for n up to 2^53 - 1.
 *
 * W. Hörmann, "The Generation of Binomial Random Variates", Journal of Statistical Computation and Simulation 46 (1993)
 * 101-110 (algorithm BTRS), and "The Transformed Rejection Method for Generating Poisson Random Variables", Insurance:
 * Mathematics and Economics 12 (1993) 39-45 (algorithm PTRS). The ratio of probabilities is written with deviances and
 * Stirling corrections as in C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000):
 *
 *   ln f(k) = const - x(k) - x(n - k) - D(k; np) - D(n - k; nq),   D(x; μ) = x ln(x/μ) + μ - x,   x! = x^x e^-x e^x(x)
 *
 * because differences of ln Γ are wrong by several units at n = 1e15.
 */
import { checkInteger, checkNumber } from '../internal/check.js';
import { exp } from '../special/exp.js';
import { log } from '../special/log.js';
import { log1p } from '../special/log1p.js';
import { xMinusLog1p } from '../special/log-one-plus-minus.js';
import type { Rng } from './create-rng.js';

/**
 * The number of successes in n independent trials of probability p.
 *
 * Inversion (one uniform) while n min(p, 1-p) < 10, else BTRS (about 2.3 uniforms on average, always an even number).
 * n = 0, p = 0 and p = 1 draw nothing.
 *
 * @throws RangeError if n is not an integer in [0, 2^53 - 1] or p is not in [0, 1]
 *
 * @example
 * Math.abs(sampleBinomial(1e15, 0.5, createRng(1)) - 5e14) < 2e8; //=> true
 */
export function sampleBinomial(n: number, p: number, rng: Rng): number {
  if (!(n >= 0 && n <= Number.MAX_SAFE_INTEGER && Number.isInteger(n))) checkInteger('n', n, 0);
  if (!(p >= 0 && p <= 1)) checkNumber('p', p, 0, 1);
  if (p > 0.5) return n - smallerHalf(n, 1 - p, rng);
  return smallerHalf(n, p, rng);
}

/**
 * The mean of n independent 0/1 rewards of probability p, `sampleBinomial(n, p, rng) / n`: a batch of 10^11 plays costs
 * as much as one.
 *
 * @throws RangeError if n is not an integer in [1, 2^53 - 1] or p is not in [0, 1]
 */
export function sampleBatchMean(n: number, p: number, rng: Rng): number {
  if (!(n >= 1)) checkInteger('n', n, 1);
  return sampleBinomial(n, p, rng) / n;
}

/**
 * One Poisson number. Inversion (one uniform) for mean < 10, else PTRS (about 2.3 uniforms, an even number); mean 0
 * draws nothing.
 *
 * @throws RangeError if the mean is negative or above 2^53 - 1
 *
 * @example
 * samplePoisson(0, createRng(1)); //=> 0
 */
export function samplePoisson(mean: number, rng: Rng): number {
  if (!(mean >= 0 && mean <= Number.MAX_SAFE_INTEGER)) checkNumber('mean', mean, 0, Number.MAX_SAFE_INTEGER);
  if (mean === 0) return 0;
  if (mean >= 10) return ptrs(mean, rng);
  let u = rng();
  let f = exp(-mean);
  for (let k = 0; k < SEARCH_LIMIT; k++) {
    if (u < f) return k;
    u -= f;
    f *= mean / (k + 1);
  }
  return SEARCH_LIMIT;
}

function smallerHalf(n: number, p: number, rng: Rng): number {
  if (n === 0 || p === 0) return 0;
  return n * p < 10 ? inversion(n, p, rng) : btrs(n, p, rng);
}

// A law of mean below 10 exceeds 150 with probability below 1e-108; what rounding leaves of u ends there.
const SEARCH_LIMIT = 150;

function inversion(n: number, p: number, rng: Rng): number {
  const odds = p / (1 - p);
  const limit = Math.min(n, SEARCH_LIMIT);
  let u = rng();
  let f = exp(n * log1p(-p));
  for (let k = 0; k < limit; k++) {
    if (u < f) return k;
    u -= f;
    f *= ((n - k) / (k + 1)) * odds;
  }
  return limit;
}

function btrs(n: number, p: number, rng: Rng): number {
  const mean = n * p;
  const spq = Math.sqrt(mean * (1 - p));
  const b = 1.15 + 2.53 * spq;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = mean + 0.5;
  const vr = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spq;
  const m = Math.floor(mean + p);
  let logMode = NaN;
  for (;;) {
    const u = rng() - 0.5;
    let v = rng();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= vr) return k;
    if (!(k >= 0 && k <= n)) continue;
    v = log((v * alpha) / (a / (us * us) + b));
    if (logMode !== logMode) logMode = binomialExponent(n, m, mean);
    if (v <= binomialExponent(n, k, mean) - logMode) return k;
  }
}

/** ln f(k) up to a constant of k. */
function binomialExponent(n: number, k: number, mean: number): number {
  const d = mean - k;
  return -stirlingExcess(k) - stirlingExcess(n - k) - deviance(k, d) - deviance(n - k, -d);
}

function ptrs(mean: number, rng: Rng): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = rng() - 0.5;
    const v = rng();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (!(k >= 0) || (us < 0.013 && v > us)) continue;
    if (log((v * inverseAlpha) / (a / (us * us) + b)) <= -stirlingExcess(k) - deviance(k, mean - k)) return k;
  }
}

/** D(x; x + d) = x ln(x / (x + d)) + d = x (t - ln(1 + t)), t = d/x; its limit d at x = 0. */
function deviance(x: number, d: number): number {
  return x === 0 ? d : x * xMinusLog1p(d / x);
}

/** ln x! - x ln x + x for an integer x >= 0; absolute error below 1e-14. */
function stirlingExcess(x: number): number {
  if (x === 0) return 0;
  if (x < 16) {
    let factorial = 1;
    for (let i = 2; i <= x; i++) factorial *= i;
    return log(factorial) - x * log(x) + x;
  }
  const s = 1 / (x * x);
  // Stirling's series; the next term, 1 / (1188 x^9), is below 2e-14 at 16.
  return 0.5 * log(2 * Math.PI * x) + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / x;
}
