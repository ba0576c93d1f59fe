/**
 * Arms whose laws change at a few rounds and stay the same in between.
 *
 * A. Garivier, E. Moulines, "On Upper-Confidence Bound Policies for Switching Bandit Problems", ALT 2011, arXiv:0805.3415,
 * Section 2.
 */
import { checkInteger } from '../../internal/check.js';
import type { BanditEnvironment } from '../bandit.js';
import { bernoulliArms } from './bernoulli-arms.js';

/**
 * One environment for each segment of rounds. `pseudoRegret` then is the dynamic regret, against the best arm of every round.
 *
 * @param breakpoints first rounds of segments 1, 2, ..., increasing; segment 0 starts at round 0
 * @param segments one more than breakpoints: environments with the same arms, or means of 0/1 rewards
 * @throws RangeError if the breakpoints do not increase, or segments are too few or too many or have different arms
 *
 * @example
 * const arms = piecewiseStationaryArms([100], [[0.8, 0.5], [0.2, 0.5]]);
 * arms.means(99); //=> new Float64Array([0.8, 0.5])
 * arms.means(100); //=> new Float64Array([0.2, 0.5])
 */
export function piecewiseStationaryArms(
  breakpoints: ArrayLike<number>,
  segments: readonly (BanditEnvironment | ArrayLike<number>)[],
): BanditEnvironment {
  const starts = Array.from(breakpoints, (t, i) =>
    checkInteger(`breakpoints[${i}]`, t, i === 0 ? 1 : breakpoints[i - 1] + 1),
  );
  if (segments.length !== starts.length + 1) {
    throw new RangeError(`segments must have length ${starts.length + 1}, got ${segments.length}`);
  }
  const parts = segments.map((segment) => ('pull' in segment ? segment : bernoulliArms(segment)));
  const K = parts[0].arms;
  for (const { arms } of parts) if (arms !== K) throw new RangeError(`segments must all have ${K} arms, got ${arms}`);
  const at = (t: number): BanditEnvironment => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (t < starts[middle]) high = middle;
      else low = middle + 1;
    }
    return parts[low];
  };
  return { arms: K, means: (t) => at(t).means(t), pull: (arm, t, rng) => at(t).pull(arm, t, rng) };
}
