/**
 * Divergences between two laws of a one-parameter family, and between two probability vectors. Natural logarithms.
 *
 * O. Cappé, A. Garivier, O.-A. Maillard, R. Munos, G. Stoltz, "Kullback-Leibler Upper Confidence Bounds for Optimal
 * Sequential Allocation", arXiv:1210.1136, Section 2, for the families.
 */
import { checkOption, checkProbabilities } from '../internal/check.js';
import { log } from '../special/log.js';
import { log1p } from '../special/log1p.js';
import { xMinusLog1p } from '../special/log-one-plus-minus.js';

/** A family of laws with one law for each mean. */
export type KlFamily = 'bernoulli' | 'gaussian' | 'exponential' | 'poisson';

export interface KlOptions {
  /** Default 'bernoulli'. */
  family?: KlFamily;
  /** Variance σ² of the Gaussian family. Default 1. */
  variance?: number;
}

/**
 * Kullback-Leibler divergence of the law with mean p from the law with mean q:
 *
 *   bernoulli     p ln(p/q) + (1-p) ln((1-p)/(1-q))
 *   gaussian      (p - q)² / (2 σ²)
 *   exponential   p/q - 1 - ln(p/q)
 *   poisson       q - p + p ln(p/q)
 *
 * with 0 ln 0 = 0, and Infinity where p is not absolutely continuous. Near p = q, where these lose every digit, the same
 * in φ(x) = x - ln(1 + x): bernoulli p φ(d/p) + (1-p) φ(-d/(1-p)) with d = q - p, and so on. Relative error below 1e-13.
 *
 * @param p,q means: in [0, 1], real, positive (0 allowed), nonnegative, by family
 * @throws RangeError if a mean is outside the family's range
 *
 * @example
 * klDivergence(0.5, 0.25).toFixed(6); //=> '0.143841'
 * klDivergence(1, 3, { family: 'gaussian', variance: 4 }); //=> 0.5
 */
export function klDivergence(p: number, q: number, options?: KlOptions): number {
  const family = options?.family ?? 'bernoulli';
  if (family === 'bernoulli') {
    if (!(p >= 0 && p <= 1)) throw badMean('p', p, '[0, 1]');
    if (!(q >= 0 && q <= 1)) throw badMean('q', q, '[0, 1]');
    return bernoulliKl(p, q);
  }
  checkKlFamily(family);
  checkMean('p', p, family);
  checkMean('q', q, family);
  if (family === 'gaussian') return ((p - q) * (p - q)) / (2 * checkVariance(options));
  if (p === q) return 0;
  if (q === 0) return Infinity;
  const d = q - p;
  if (family === 'exponential') {
    if (p === 0) return Infinity;
    return Math.abs(d) < 0.1 * q ? xMinusLog1p(-d / q) : p / q - 1 - log(p / q);
  }
  if (p === 0) return q;
  return Math.abs(d) < 0.1 * p ? p * xMinusLog1p(d / p) : d + p * logRatio(p, q, -d);
}

/**
 * Divergence of two Bernoulli laws, the checks left to the caller: the kernel of index policies.
 *
 * @param p,q probabilities in [0, 1]
 */
export function bernoulliKl(p: number, q: number): number {
  const d = q - p;
  if (d === 0) return 0;
  const r = 1 - p;
  // The φ form is exact to rounding for small d but loses up to 6e-5 at q = 1 - 1e-12; the direct form puts
  // an index off by 2e-10 at level 1e-14. They meet where both are good to 1e-13.
  if (Math.abs(d) < 0.1 * Math.min(p, r)) return p * xMinusLog1p(d / p) + r * xMinusLog1p(-d / r);
  if (q === 0 || q === 1) return Infinity;
  let kl = 0;
  if (p > 0) kl += p * logRatio(p, q, -d);
  if (r > 0) kl += r * logRatio(r, 1 - q, d);
  return kl;
}

/** ln(a / b), difference = a - b: near a = b the quotient would round the difference away. */
function logRatio(a: number, b: number, difference: number): number {
  const x = difference / b;
  if (x > -0.5 && x < 0.5) return log1p(x);
  const ratio = a / b;
  return ratio < Infinity ? log(ratio) : log(a) - log(b);
}

/**
 * Σ p_i ln(p_i / q_i), Infinity if q_i = 0 < p_i somewhere.
 *
 * Summed as Σ (p_i ln(p_i/q_i) - p_i + q_i), whose terms are all nonnegative, so that close vectors keep their digits
 * and the result is never negative.
 *
 * @param p,q probability vectors of one length
 * @throws RangeError if the lengths differ or either is no probability vector
 *
 * @example
 * categoricalKl([0.5, 0.5], [0.25, 0.75]).toFixed(6); //=> '0.143841'
 */
export function categoricalKl(p: ArrayLike<number>, q: ArrayLike<number>): number {
  checkPair(p, q);
  let total = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] === q[i]) continue;
    if (p[i] === 0) {
      total += q[i];
      continue;
    }
    if (q[i] === 0) return Infinity;
    const d = q[i] - p[i];
    total += Math.abs(d) < 0.1 * p[i] ? p[i] * xMinusLog1p(d / p[i]) : Math.max(0, p[i] * log(p[i] / q[i]) + d);
  }
  return total;
}

/**
 * Total variation distance ½ Σ |p_i - q_i|.
 *
 * @throws RangeError if the lengths differ or either is no probability vector
 *
 * @example
 * totalVariation([0.5, 0.5], [0.25, 0.75]); //=> 0.25
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  checkPair(p, q);
  let total = 0;
  for (let i = 0; i < p.length; i++) total += Math.abs(p[i] - q[i]);
  return total / 2;
}

/**
 * Shannon entropy -Σ p_i ln p_i in nats.
 *
 * @throws RangeError if `p` is no probability vector
 *
 * @example
 * entropy([0.5, 0.5]) === Math.LN2; //=> true
 */
export function entropy(p: ArrayLike<number>): number {
  checkProbabilities('p', p);
  let total = 0;
  for (let i = 0; i < p.length; i++) if (p[i] > 0) total -= p[i] * log(p[i]);
  return total + 0; // a point mass gives 0, not -0
}

function checkPair(p: ArrayLike<number>, q: ArrayLike<number>): void {
  checkProbabilities('p', p);
  checkProbabilities('q', q);
  if (p.length !== q.length) throw new RangeError(`q must have length ${p.length}, got ${q.length}`);
}

export function checkKlFamily(family: KlFamily): void {
  checkOption('family', family, ['bernoulli', 'gaussian', 'exponential', 'poisson']);
}

export function checkVariance(options: KlOptions | undefined): number {
  const variance = options?.variance ?? 1;
  if (!(variance > 0 && variance < Infinity)) throw new RangeError(`variance must be positive, got ${variance}`);
  return variance;
}

export function checkMean(name: string, mean: number, family: KlFamily): void {
  if (family === 'gaussian') {
    if (!Number.isFinite(mean)) throw badMean(name, mean, '(-Infinity, Infinity)');
  } else if (family === 'bernoulli') {
    if (!(mean >= 0 && mean <= 1)) throw badMean(name, mean, '[0, 1]');
  } else if (!(mean >= 0 && mean < Infinity)) throw badMean(name, mean, '[0, Infinity)');
}

function badMean(name: string, value: number, range: string): RangeError {
  return new RangeError(`${name} must be in ${range}, got ${value}`);
}
