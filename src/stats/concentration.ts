/**
 * Concentration inequalities as functions: radii at a confidence, and tail bounds at a deviation.
 *
 * All radii are one-sided: P(mean of the sample - μ > radius) <= delta. For both sides give delta / 2. The radius of
 * Chernoff's bound for [0, 1] variables is `klInverseUpper(mean, ln(1/delta) / n)`.
 */
import { checkInteger, checkNumber, checkPositive } from '../internal/check.js';
import { exp } from '../special/exp.js';
import { log } from '../special/log.js';
import { bernoulliKl } from './divergence.js';

/**
 * Hoeffding: range sqrt(ln(1/δ) / (2n)) for n independent variables in an interval of width `range`.
 *
 * W. Hoeffding, Journal of the American Statistical Association 58 (1963) 13-30, Theorem 2.
 *
 * @param delta in (0, 1)
 * @throws RangeError if n is not at least 1 or delta is not in (0, 1)
 *
 * @example
 * hoeffdingRadius(200, Math.exp(-4)).toFixed(12); //=> '0.100000000000'
 */
export function hoeffdingRadius(n: number, delta: number, range = 1): number {
  checkNumber('n', n, 1);
  checkNumber('range', range, 0);
  return range * Math.sqrt(logInverse(delta) / (2 * n));
}

/** Hoeffding's tail: P(mean - μ >= epsilon) <= exp(-2 n ε² / range²), ibid. */
export function hoeffdingTail(n: number, epsilon: number, range = 1): number {
  checkNumber('n', n, 1);
  checkNumber('epsilon', epsilon, 0);
  checkPositive('range', range);
  const ratio = epsilon / range;
  return exp(-2 * n * ratio * ratio);
}

/**
 * Chernoff's tail for independent variables in [0, 1] with mean μ: P(mean >= q) <= exp(-n kl(q, μ)) for q >= μ, and the
 * same for P(mean <= q) when q <= μ. Hoeffding (1963), Theorem 1.
 *
 * @throws RangeError if a mean is outside [0, 1]
 */
export function chernoffTail(n: number, q: number, mu: number): number {
  checkNumber('n', n, 1);
  checkNumber('q', q, 0, 1);
  checkNumber('mu', mu, 0, 1);
  return exp(-n * bernoulliKl(q, mu));
}

export interface BernsteinOptions {
  /** The variance: the true one for Bernstein, the sample's unbiased one for the empirical bound. */
  variance: number;
  /** Width of the interval of the variables. Default 1. */
  range?: number;
}

/**
 * Bernstein: sqrt(2 σ² ln(1/δ) / n) + range ln(1/δ) / (3n), for variables with x - μ <= range.
 *
 * S. Boucheron, G. Lugosi, P. Massart, "Concentration Inequalities" (2013), Corollary 2.11.
 *
 * @throws RangeError as `hoeffdingRadius`, or if the variance is negative
 */
export function bernsteinRadius(n: number, delta: number, { variance, range = 1 }: BernsteinOptions): number {
  checkNumber('n', n, 1);
  checkNumber('variance', variance, 0);
  checkNumber('range', range, 0);
  const L = logInverse(delta);
  return Math.sqrt((2 * variance * L) / n) + (range * L) / (3 * n);
}

/**
 * Empirical Bernstein: sqrt(2 V ln(2/δ) / n) + 7 range ln(2/δ) / (3 (n - 1)), V the sample variance with n - 1.
 *
 * A. Maurer, M. Pontil, arXiv:0907.3740, Theorem 4.
 *
 * @throws RangeError as `bernsteinRadius`, or if n < 2
 */
export function empiricalBernsteinRadius(n: number, delta: number, { variance, range = 1 }: BernsteinOptions): number {
  checkNumber('n', n, 2);
  checkNumber('variance', variance, 0);
  checkNumber('range', range, 0);
  const L = logInverse(delta) + Math.LN2;
  return Math.sqrt((2 * variance * L) / n) + (7 * range * L) / (3 * (n - 1));
}

/**
 * Azuma-Hoeffding: a martingale with |differences| <= c ends above c sqrt(2 n ln(1/δ)) with probability at most δ.
 *
 * K. Azuma, Tohoku Mathematical Journal 19 (1967) 357-367.
 */
export function azumaRadius(n: number, delta: number, c = 1): number {
  checkNumber('n', n, 1);
  checkNumber('c', c, 0);
  return c * Math.sqrt(2 * n * logInverse(delta));
}

/**
 * McDiarmid: P(f - E f >= ε) <= exp(-2 ε² / Σ c_i²) when changing argument i changes f by at most c_i.
 *
 * C. McDiarmid, "On the Method of Bounded Differences" (1989), Lemma 1.2.
 */
export function mcDiarmidTail(differences: ArrayLike<number>, epsilon: number): number {
  checkNumber('epsilon', epsilon, 0);
  let squares = 0;
  for (let i = 0; i < differences.length; i++) {
    const c = checkNumber(`differences[${i}]`, differences[i], 0);
    squares += c * c;
  }
  if (epsilon === 0) return 1;
  return squares === 0 ? 0 : exp((-2 * epsilon * epsilon) / squares);
}

/**
 * Serfling: n draws without replacement from N numbers in an interval of width `range`:
 * range sqrt((1 - (n-1)/N) ln(1/δ) / (2n)).
 *
 * R. J. Serfling, Annals of Statistics 2 (1974) 39-48, Corollary 1.1.
 */
export function serflingRadius(
  n: number,
  delta: number,
  { population, range = 1 }: { population: number; range?: number },
): number {
  checkInteger('n', n, 1);
  checkInteger('population', population, n);
  checkNumber('range', range, 0);
  return range * Math.sqrt(((1 - (n - 1) / population) * logInverse(delta)) / (2 * n));
}

function logInverse(delta: number): number {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
  return -log(delta);
}
