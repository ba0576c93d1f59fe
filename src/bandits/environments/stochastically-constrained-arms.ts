/**
 * The stochastically constrained adversary: gaps between arms stay fixed while all means jump together.
 *
 * J. Zimmert, Y. Seldin, "Tsallis-INF", arXiv:1807.07623, Section 6: an adversary against which UCB1 and Thompson
 * sampling, made for stochastic rewards, lose their logarithmic regret. C.-Y. Wei, H. Luo, COLT 2018, for the notion.
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import type { BanditEnvironment } from '../bandit.js';

/**
 * Arm 0 is better than every other by `gap` in every round. Phase n = 1, 2, ... lasts floor(1.6^(n+1)) rounds (2, 4, 6,
 * 10, 16, ...). In odd phases arm 0 pays `gap` on average and the others nothing, in even phases arm 0 always pays 1 and
 * the others 1 - gap. Rewards are 0/1, one uniform per pull.
 *
 * @param arms number of arms K, at least 1
 * @param gap in [0, 1]
 * @throws RangeError if `arms` is not a positive integer or `gap` is outside [0, 1]
 *
 * @example
 * const adversary = stochasticallyConstrainedArms(3, 0.25);
 * adversary.means(1); //=> new Float64Array([0.25, 0, 0])
 * adversary.means(2); //=> new Float64Array([1, 0.75, 0.75])
 */
export function stochasticallyConstrainedArms(arms: number, gap: number): BanditEnvironment {
  const K = checkInteger('arms', arms, 1);
  const delta = checkNumber('gap', gap, 0, 1);
  const odd = Float64Array.from({ length: K }, (_, i) => (i === 0 ? delta : 0));
  const even = Float64Array.from({ length: K }, (_, i) => (i === 0 ? 1 : 1 - delta));
  const ends: number[] = [];
  for (let power = 1.6 * 1.6, end = 0; end < Number.MAX_SAFE_INTEGER; power *= 1.6) {
    end += Math.floor(power);
    ends.push(end);
  }
  const means = (t: number): Float64Array => {
    // The number of phases that are over; a binary search in about 75 ends.
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (t < ends[middle]) high = middle;
      else low = middle + 1;
    }
    return low % 2 === 0 ? odd : even;
  };
  return { arms: K, means, pull: (arm, t, rng) => (rng() < means(t)[arm] ? 1 : 0) };
}
