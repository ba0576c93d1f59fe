/**
 * The distribution of the maximum of the objective, as acquisitions on the maximum's value need it.
 *
 * Z. Wang, S. Jegelka, arXiv:1703.01968, section 3.1: a Gumbel law fitted to the quartiles of the maximum of independent
 * marginals.
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { logNormalCdf } from '../../special/normal.js';

export interface GumbelFit {
  location: number;
  scale: number;
  /** Quartiles of the maximum of the marginals. */
  q25: number;
  q50: number;
  q75: number;
}

/**
 * The Gumbel law with the quartiles of max_i N(mean_i, std_i²), the marginals taken as independent:
 * scale b = (q25 - q75)/(ln ln(4/3) - ln ln 4), location q50 + b ln ln 2. O(m) per step of about 60 bisections.
 *
 * @throws RangeError if there are no marginals, or a std is not positive
 */
export function gumbelFromMarginals(mean: ArrayLike<number>, std: ArrayLike<number>): GumbelFit {
  checkVector('mean', mean);
  checkVector('std', std, mean.length);
  if (mean.length === 0) throw new RangeError('mean must not be empty');
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < mean.length; i++) {
    if (!(std[i] > 0)) throw new RangeError(`std[${i}] must be positive, got ${std[i]}`);
    low = Math.min(low, mean[i] - 3 * std[i]);
    high = Math.max(high, mean[i] + 5 * std[i]);
  }
  const q25 = quantile(mean, std, 0.25, low, high);
  const q50 = quantile(mean, std, 0.5, low, high);
  const q75 = quantile(mean, std, 0.75, low, high);
  const scale = (q25 - q75) / (log(log(4 / 3)) - log(log(4)));
  return { location: q50 + scale * log(Math.LN2), scale, q25, q50, q75 };
}

/** n draws a - b ln(-ln U); a uniform of 0 is replaced by 2^-54. One uniform each. */
export function sampleGumbelFit({ location, scale }: GumbelFit, n: number, rng: Rng): Float64Array {
  checkNumber('location', location);
  checkNumber('scale', scale, 0);
  checkInteger('n', n, 0);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = location - scale * log(-log(Math.max(rng(), 5.551115123125783e-17)));
  return out;
}

/** The y at which Π_i Φ((y - mean_i)/std_i) = p, by bisection of the logarithm until the interval is two neighbours. */
function quantile(mean: ArrayLike<number>, std: ArrayLike<number>, p: number, low: number, high: number): number {
  const target = log(p);
  let a = low;
  let b = high;
  // Each marginal is below 0.99 at mean + 5 std only for very many of them; widen until p is bracketed.
  while (logCdf(mean, std, b) < target) b += high - low + 1;
  while (logCdf(mean, std, a) > target) a -= high - low + 1;
  for (let step = 0; step < 200; step++) {
    const middle = a + (b - a) / 2;
    if (middle <= a || middle >= b) break;
    if (logCdf(mean, std, middle) < target) a = middle;
    else b = middle;
  }
  return a + (b - a) / 2;
}

function logCdf(mean: ArrayLike<number>, std: ArrayLike<number>, y: number): number {
  let total = 0;
  for (let i = 0; i < mean.length; i++) total += logNormalCdf((y - mean[i]) / std[i]);
  return total;
}
