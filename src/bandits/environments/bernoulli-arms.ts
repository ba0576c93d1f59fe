/** Arms with 0/1 rewards. */
import type { BanditEnvironment } from '../bandit.js';
import { checkMeans } from './check-means.js';

/**
 * Arms with 0/1 rewards and the given success probabilities. One uniform per pull.
 *
 * @throws RangeError if there is no mean or one is outside [0, 1]
 *
 * @example
 * bernoulliArms([0.2, 0.8]).pull(1, 0, () => 0.5); //=> 1
 */
export function bernoulliArms(means: ArrayLike<number>): BanditEnvironment {
  const mu = checkMeans('means', means, 0, 1);
  return { arms: mu.length, means: () => mu, pull: (arm, _t, rng) => (rng() < mu[arm] ? 1 : 0) };
}
