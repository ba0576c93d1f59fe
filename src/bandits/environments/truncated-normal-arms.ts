/** Arms with normal rewards conditioned on an interval. */
import { sampleTruncatedNormal, type TruncationOptions } from '../../random/truncated-normal.js';
import { checkNumber, checkPositive } from '../../internal/check.js';
import { erfcx } from '../../special/error-function.js';
import { exp } from '../../special/exp.js';
import type { BanditEnvironment } from '../bandit.js';
import { checkMeans } from './check-means.js';

/**
 * Arms whose rewards are normal with the given means and deviation, conditioned on [low, high]. One uniform a pull, by inversion.
 *
 * `means()` of the environment is the true mean after truncation, `truncatedNormalMean`, not the parameter.
 *
 * @param means of the normal laws before truncation
 * @param sd their deviation, positive
 * @throws RangeError if there is no mean, one is not finite, sd is not positive, or low is not below high
 *
 * @example
 * truncatedNormalArms([0.5], 0.1, { low: 0, high: 1 }).means(0); //=> new Float64Array([0.5])
 */
export function truncatedNormalArms(
  means: ArrayLike<number>,
  sd: number,
  ends: TruncationOptions = {},
): BanditEnvironment {
  const centers = checkMeans('means', means);
  const mu = centers.map((center) => truncatedNormalMean(center, sd, ends));
  return {
    arms: mu.length,
    means: () => mu,
    pull: (arm, _t, rng) => sampleTruncatedNormal(centers[arm], sd, rng, ends),
  };
}

/**
 * Mean of a normal law conditioned on [low, high]: μ + σ (φ(α) - φ(β)) / (Φ(β) - Φ(α)), α = (low - μ)/σ, β = (high - μ)/σ.
 *
 * With both ends in one tail, numerator and denominator are divided by φ of the nearer end, so that [40, 41] is as exact as
 * [-1, 1].
 *
 * @param mean μ, sd σ of the law before it is conditioned
 * @throws RangeError if sd is not positive or low is not below high
 *
 * @example
 * truncatedNormalMean(0, 1, { low: 0 }).toFixed(12); //=> Math.sqrt(2 / Math.PI).toFixed(12)
 */
export function truncatedNormalMean(
  mean: number,
  sd: number,
  { low = -Infinity, high = Infinity }: TruncationOptions = {},
): number {
  checkNumber('mean', mean);
  checkPositive('sd', sd);
  if (!(low < high)) throw new RangeError(`low must be below high, got ${low} and ${high}`);
  const alpha = (low - mean) / sd;
  const beta = (high - mean) / sd;
  // By symmetry the interval is mirrored so that its end nearer to 0 is on the left.
  const shift = alpha > -beta ? hazard(alpha, beta) : -hazard(-beta, -alpha);
  return Math.min(high, Math.max(low, mean + sd * shift));
}

/** (φ(a) - φ(b)) / (Φ(b) - Φ(a)) for a > -b; both parts divided by φ(a): the upper tail is φ(x) times Mills' ratio. */
function hazard(a: number, b: number): number {
  const ratio = b === Infinity ? 0 : exp(-0.5 * (b - a) * (b + a));
  return (1 - ratio) / (mills(a) - (ratio === 0 ? 0 : ratio * mills(b)));
}

/** (1 - Φ(x)) / φ(x). */
function mills(x: number): number {
  return Math.sqrt(Math.PI / 2) * erfcx(x * Math.SQRT1_2);
}
