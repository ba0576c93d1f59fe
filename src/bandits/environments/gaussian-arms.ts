/** Arms with normal rewards. */
import { sampleNormal } from '../../random/normal.js';
import type { BanditEnvironment } from '../bandit.js';
import { checkMeans, checkSameLength } from './check-means.js';

/**
 * Arms with normal rewards: mean + sd z. 2.55 uniforms per pull on average (`sampleNormal`).
 *
 * @param sds deviations, at least 0; one for each arm, or one number for all. Default 1.
 * @throws RangeError if there is no mean, one is not finite, or a deviation is negative or their number differs
 *
 * @example
 * gaussianArms([1, 2], 0).pull(1, 0, createRng(1)); //=> 2
 */
export function gaussianArms(means: ArrayLike<number>, sds: ArrayLike<number> | number = 1): BanditEnvironment {
  const mu = checkMeans('means', means);
  const sigma = checkMeans('sds', typeof sds === 'number' ? new Float64Array(mu.length).fill(sds) : sds, 0);
  checkSameLength('sds', sigma, mu.length);
  return {
    arms: mu.length,
    means: () => mu,
    pull: (arm, _t, rng) => mu[arm] + sigma[arm] * sampleNormal(rng),
  };
}
