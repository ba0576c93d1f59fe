/** Arms of the textbook families: beta, exponential, Poisson, uniform. */
import { sampleExponential } from '../../random/exponential.js';
import { sampleBeta } from '../../random/gamma.js';
import { samplePoisson } from '../../random/binomial.js';
import type { BanditEnvironment } from '../bandit.js';
import { checkMeans, checkSameLength } from './check-means.js';

/**
 * Arms with Beta(a, b) rewards, in [0, 1], of mean a / (a + b). About 7 uniforms a pull (`sampleBeta`).
 *
 * @param a,b positive, one for each arm
 * @throws RangeError if there is no arm, the lengths differ, or a parameter is not positive
 *
 * @example
 * betaArms([1, 3], [1, 1]).means(0); //=> new Float64Array([0.5, 0.75])
 */
export function betaArms(a: ArrayLike<number>, b: ArrayLike<number>): BanditEnvironment {
  const alpha = checkMeans('a', a, Number.MIN_VALUE);
  const beta = checkSameLength('b', checkMeans('b', b, Number.MIN_VALUE), alpha.length);
  const mu = alpha.map((x, i) => x / (x + beta[i]));
  return { arms: mu.length, means: () => mu, pull: (arm, _t, rng) => sampleBeta(alpha[arm], beta[arm], rng) };
}

/**
 * Arms with exponential rewards of the given means. One uniform a pull.
 *
 * @throws RangeError if there is no mean or one is negative or not finite
 *
 * @example
 * exponentialArms([2]).pull(0, 0, () => 0); //=> 0
 */
export function exponentialArms(means: ArrayLike<number>): BanditEnvironment {
  const mu = checkMeans('means', means, 0);
  return { arms: mu.length, means: () => mu, pull: (arm, _t, rng) => mu[arm] * sampleExponential(rng) };
}

/**
 * Arms with Poisson rewards of the given means (`samplePoisson`).
 *
 * @throws RangeError if there is no mean or one is negative or not finite
 *
 * @example
 * poissonArms([0, 3]).pull(0, 0, createRng(1)); //=> 0
 */
export function poissonArms(means: ArrayLike<number>): BanditEnvironment {
  const mu = checkMeans('means', means, 0);
  return { arms: mu.length, means: () => mu, pull: (arm, _t, rng) => samplePoisson(mu[arm], rng) };
}

/**
 * Arms with rewards uniform on [low, high). One uniform a pull.
 *
 * @throws RangeError if there is no arm, the lengths differ, an end is not finite, or a low end is above its high end
 *
 * @example
 * uniformArms([0, 2], [1, 4]).pull(1, 0, () => 0.25); //=> 2.5
 */
export function uniformArms(low: ArrayLike<number>, high: ArrayLike<number>): BanditEnvironment {
  const a = checkMeans('low', low);
  const b = checkSameLength('high', checkMeans('high', high), a.length);
  for (let i = 0; i < a.length; i++) {
    if (!(a[i] <= b[i])) throw new RangeError(`high[${i}] must be at least low[${i}] = ${a[i]}, got ${b[i]}`);
  }
  const mu = a.map((x, i) => x + (b[i] - x) / 2);
  return { arms: mu.length, means: () => mu, pull: (arm, _t, rng) => a[arm] + (b[arm] - a[arm]) * rng() };
}
