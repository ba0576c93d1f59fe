/**
 * Arms whose means wander whether they are played or not.
 *
 * P. Whittle, "Restless Bandits: Activity Allocation in a Changing World", Journal of Applied Probability 25A (1988) 287-298,
 * for the name; A. Slivkins, E. Upfal, "Adapting to a Changing Environment: the Brownian Restless Bandits", COLT 2008, for
 * this one.
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { sampleNormal } from '../../random/normal.js';
import type { Rng } from '../../random/create-rng.js';
import type { BanditEnvironment } from '../bandit.js';
import { checkMeans } from './check-means.js';

/**
 * Arms with 0/1 rewards whose means do independent Gaussian random walks, reflected at 0 and 1.
 *
 * The path is drawn from `rng` here, arms within rounds, so that it is the same for every policy that plays on it; memory is
 * horizon x arms. A pull takes one uniform.
 *
 * @param means the means of round 0, in [0, 1]
 * @param options.horizon number of rounds T
 * @param options.sd deviation of a step, at least 0
 * @throws RangeError if a mean is outside [0, 1], T is not a positive integer or sd is negative; from `pull` and `means` for
 * a round at or after T
 *
 * @example
 * const arms = restlessArms([0.5, 0.9], createRng(1), { horizon: 10, sd: 0.2 });
 * arms.means(0); //=> new Float64Array([0.5, 0.9])
 */
export function restlessArms(
  means: ArrayLike<number>,
  rng: Rng,
  { horizon, sd }: { horizon: number; sd: number },
): BanditEnvironment {
  const start = checkMeans('means', means, 0, 1);
  const T = checkInteger('horizon', horizon, 1);
  checkNumber('sd', sd, 0);
  const K = start.length;
  const path = new Float64Array(T * K);
  path.set(start);
  for (let k = K; k < path.length; k++) path[k] = reflect(path[k - K] + sd * sampleNormal(rng));
  const offset = (t: number): number => {
    if (!(t >= 0 && t < T)) throw new RangeError(`t must be in [0, ${T - 1}], got ${t}`);
    return t * K;
  };
  return {
    arms: K,
    means: (t) => path.subarray(offset(t), offset(t) + K),
    pull: (arm, t, source) => (source() < path[offset(t) + arm] ? 1 : 0),
  };
}

/** The place in [0, 1] of a walker at x that mirrors at 0 and 1 send back: the distance to the nearest even number. */
function reflect(x: number): number {
  return Math.abs(x - 2 * Math.round(x / 2));
}
