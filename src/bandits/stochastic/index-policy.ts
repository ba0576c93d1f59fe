/** Policies that play the largest index of an arm's mean and count, by a scan of all arms. */
import { checkInteger } from '../../internal/check.js';
import { type ArmSums, initArmSums, updateArmSums } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import { checkTies, selectLargest, type TieOptions } from '../ties.js';

export interface IndexPolicyOptions extends RewardRangeOptions, TieOptions {
  /** Number of arms K, at least 1. */
  arms: number;
}

/** A policy with known indices. */
export type IndexPolicy<State> = BanditPolicy<State> & {
  /** The indices whose maximum is played, Infinity for an arm never played. */
  scores(state: State, out?: Float64Array): Float64Array;
};

/**
 * @param bounded whether rewards are in [0, 1] by default
 * @param index the index of an arm with that mean reward in n > 0 plays out of t in all
 */
export function indexPolicy(
  name: string,
  options: IndexPolicyOptions,
  bounded: boolean,
  index: (mean: number, n: number, t: number) => number,
): IndexPolicy<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const ties = checkTies(options);
  const scale = rewardScale(options, bounded);
  const scratch = new Float64Array(K);
  function scores({ t, counts, sums }: ArmSums, out = new Float64Array(K)): Float64Array {
    for (let i = 0; i < K; i++) out[i] = counts[i] === 0 ? Infinity : index(sums[i] / counts[i], counts[i], t);
    return out;
  }
  return {
    name,
    arms: K,
    init: () => initArmSums(K),
    select(state, rng) {
      const { t, counts, sums } = state;
      if (ties === 'random') return selectLargest(scores(state, scratch), ties, rng);
      let best = 0;
      let largest = -Infinity;
      for (let i = 0; i < K; i++) {
        const n = counts[i];
        if (n === 0) return i;
        const value = index(sums[i] / n, n, t);
        if (value > largest) {
          largest = value;
          best = i;
        }
      }
      return best;
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores,
  };
}
