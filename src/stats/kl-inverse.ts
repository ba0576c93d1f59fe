/**
 * Confidence ends from a level of divergence: the largest and the smallest mean q with kl(mean, q) <= level.
 *
 * A. Garivier, O. Cappé, "The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond", arXiv:1102.2490, Algorithm 1;
 * the same inverse in the PAC-Bayes bounds of Seeger (2002) and Maurer (arXiv:cs/0411099).
 *
 * Newton's method from the outer end: kl is convex in q (exponential family: in ln q), so the iterates fall monotonically
 * onto the root; the start is a proved bound on it, and about five evaluations reach the last bit.
 */
import { exp } from '../special/exp.js';
import { expm1 } from '../special/expm1.js';
import { log } from '../special/log.js';
import { log1p } from '../special/log1p.js';
import { xMinusLog1p } from '../special/log-one-plus-minus.js';
import { bernoulliKl, checkKlFamily, checkMean, checkVariance, type KlOptions } from './divergence.js';

/**
 * sup { q >= mean : kl(mean, q) <= level }.
 *
 * Bernoulli: 1 at mean 1, 1 - e^(-level) at mean 0. Absolute error below 1e-15 (Bernoulli), relative error below 1e-14
 * (exponential, Poisson); Gaussian mean + sqrt(2 σ² level).
 *
 * @param mean the family's mean, see `klDivergence`
 * @param level in nats, at least 0; Infinity allowed
 * @throws RangeError if `mean` is outside the family's range or `level` is negative or NaN
 *
 * @example
 * klInverseUpper(0, Math.LN2).toFixed(12); //=> '0.500000000000'
 */
export function klInverseUpper(mean: number, level: number, options?: KlOptions): number {
  const family = options?.family ?? 'bernoulli';
  if (!(level >= 0)) throw badLevel(level);
  if (family === 'bernoulli') {
    if (!(mean >= 0 && mean <= 1)) checkMean('mean', mean, family);
    return bernoulliUpper(mean, level);
  }
  checkKlFamily(family);
  checkMean('mean', mean, family);
  if (family === 'gaussian') return mean + Math.sqrt(2 * checkVariance(options) * level);
  if (level === 0) return mean;
  if (level === Infinity) return mean === 0 && family === 'exponential' ? 0 : Infinity;
  if (family === 'exponential') return mean * exp(rootOfDecay(level)); // kl = e^-s - 1 + s, s = ln(q/p)
  const scaled = level / mean; // kl = p (e^s - 1 - s)
  return scaled < 1e300 ? mean * exp(rootOfGrowth(scaled)) : level;
}

/**
 * inf { q <= mean : kl(mean, q) <= level }; for the Gaussian family mean - sqrt(2 σ² level).
 *
 * Bernoulli: 0 at mean 0, e^(-level) at mean 1; relative error below 1e-13 also for results near 0.
 *
 * @throws RangeError as `klInverseUpper`
 *
 * @example
 * klInverseLower(1, Math.LN2).toFixed(12); //=> '0.500000000000'
 */
export function klInverseLower(mean: number, level: number, options?: KlOptions): number {
  const family = options?.family ?? 'bernoulli';
  if (!(level >= 0)) throw badLevel(level);
  if (family === 'bernoulli') {
    if (!(mean >= 0 && mean <= 1)) checkMean('mean', mean, family);
    return bernoulliLower(mean, level);
  }
  checkKlFamily(family);
  checkMean('mean', mean, family);
  if (family === 'gaussian') return mean - Math.sqrt(2 * checkVariance(options) * level);
  if (level === 0 || mean === 0) return mean;
  if (level === Infinity) return 0;
  if (family === 'exponential') return mean * exp(-rootOfGrowth(level));
  const scaled = level / mean;
  return scaled < 1e300 ? mean * exp(-rootOfDecay(scaled)) : 0;
}

const MAX_EVALUATIONS = 40;
const EPSILON = 2.220446049250313e-16;

/** The upper end for Bernoulli laws, the checks left to the caller: the kernel of KL-UCB. */
export function bernoulliUpper(mean: number, level: number): number {
  if (level === 0 || mean === 1) return mean;
  if (mean === 0) return -expm1(-level);
  // Two upper bounds of the root: Pinsker's, and kl(m, q) >= (1-m) ln(1/(1-q)) - h(m).
  const pinsker = mean + Math.sqrt(level / 2);
  let q = -expm1(-(level + bernoulliEntropy(mean)) / (1 - mean));
  if (pinsker < q) q = pinsker;
  if (q >= 1) return 1;
  for (let evaluation = 0; evaluation < MAX_EVALUATIONS; evaluation++) {
    const excess = bernoulliKl(mean, q) - level;
    if (!(excess > 0)) break; // rounding: convexity keeps exact iterates to the right
    const step = (excess * q * (1 - q)) / (q - mean);
    q = Math.max(mean, q - step);
    if (step <= EPSILON || q === mean) break;
  }
  return q;
}

function bernoulliLower(mean: number, level: number): number {
  if (level === 0 || mean === 0) return mean;
  if (mean === 1) return exp(-level);
  const pinsker = mean - Math.sqrt(level / 2);
  let q = exp(-(level + bernoulliEntropy(mean)) / mean);
  if (pinsker > q) q = pinsker;
  if (q <= 0) return 0;
  for (let evaluation = 0; evaluation < MAX_EVALUATIONS; evaluation++) {
    const excess = bernoulliKl(mean, q) - level;
    if (!(excess > 0)) break;
    const step = (excess * q * (1 - q)) / (mean - q);
    q = Math.min(mean, q + step);
    if (step <= EPSILON * q || q === mean) break;
  }
  return q;
}

/** -m ln m - (1-m) ln(1-m) for m in (0, 1). */
function bernoulliEntropy(m: number): number {
  return -m * log(m) - (1 - m) * log1p(-m);
}

/** The s > 0 with e^-s - 1 + s = k. From e^-s - 1 + s >= s²/(2 + s): s <= (k + sqrt(k² + 8k)) / 2. */
function rootOfDecay(k: number): number {
  let s = 0.5 * (k + Math.sqrt(k * (k + 8)));
  if (k > 1e150) return k;
  for (let evaluation = 0; evaluation < MAX_EVALUATIONS; evaluation++) {
    const t = expm1(-s);
    const excess = (t > -0.999 ? xMinusLog1p(t) : t + s) - k;
    if (!(excess > 0)) break;
    const step = -excess / t;
    s -= step;
    if (step <= EPSILON * s) break;
  }
  return s;
}

/** The r > 0 with e^r - 1 - r = k. From e^r - 1 - r >= r²/2: r <= sqrt(2k), and so r <= ln(1 + k + sqrt(2k)). */
function rootOfGrowth(k: number): number {
  const first = Math.sqrt(2 * k);
  let r = Math.min(first, log1p(k + first));
  for (let evaluation = 0; evaluation < MAX_EVALUATIONS; evaluation++) {
    const t = expm1(r);
    const excess = (t < 1e3 ? xMinusLog1p(t) : t - r) - k;
    if (!(excess > 0)) break;
    const step = excess / t;
    r -= step;
    if (step <= EPSILON * r) break;
  }
  return r;
}

function badLevel(level: number): RangeError {
  return new RangeError(`level must be at least 0, got ${level}`);
}
