/** Rewards in another interval than a policy is written for: they are moved to [0, 1], and refused or clipped outside. */
import { checkNumber } from '../internal/check.js';

export interface RewardRangeOptions {
  /**
   * Interval of the rewards; they are rescaled to [0, 1], and one outside is an error. Default: policies that need
   * bounded rewards take [0, 1], the others take any finite reward as it is.
   */
  range?: readonly [number, number];
  /** Move a reward outside the interval to its nearer end instead of refusing it. Default false. */
  clip?: boolean;
}

export interface RewardScale {
  low: number;
  high: number;
  offset: number;
  width: number;
  clip: boolean;
}

/**
 * @param bounded whether rewards are in [0, 1] when no range is given
 * @param least the least reward when they are not bounded and no range is given
 * @throws RangeError if the ends are not finite and increasing
 */
export function rewardScale(options: RewardRangeOptions, bounded: boolean, least = -Number.MAX_VALUE): RewardScale {
  const clip = options.clip ?? false;
  if (options.range === undefined) {
    return bounded
      ? { low: 0, high: 1, offset: 0, width: 1, clip }
      : { low: least, high: Number.MAX_VALUE, offset: 0, width: 1, clip };
  }
  const low = checkNumber('range[0]', options.range[0]);
  const high = checkNumber('range[1]', options.range[1]);
  const width = high - low;
  if (!(width > 0 && width < Infinity)) throw new RangeError(`range must be increasing, got [${low}, ${high}]`);
  return { low, high, offset: low, width, clip };
}

/** (reward - low) / (high - low); exact when the width is a power of two and low is 0. */
export function scaledReward(scale: RewardScale, reward: number): number {
  if (!(reward >= scale.low && reward <= scale.high)) return outside(scale, reward);
  return (reward - scale.offset) / scale.width;
}

function outside({ low, high, clip }: RewardScale, reward: number): number {
  if (!Number.isFinite(reward)) throw new RangeError(`reward must be finite, got ${reward}`);
  if (!clip)
    throw new RangeError(`reward must be in [${low}, ${high === Number.MAX_VALUE ? Infinity : high}], got ${reward}`);
  return reward < low ? 0 : 1;
}
