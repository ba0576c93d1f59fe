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
 * The policy of some indices: the largest of what `scores` fills in, arms never played first.
 *
 * @param bounded whether rewards are in [0, 1] by default
 * @param scores fills in the index of every arm, Infinity for one never played; a loop of the policy's own, since an index behind
 * a function call is boxed by the engine
 */
export function indexPolicy(
  name: string,
  options: IndexPolicyOptions,
  bounded: boolean,
  scores: (state: ArmSums, out?: Float64Array) => Float64Array,
): IndexPolicy<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const ties = checkTies(options);
  const scale = rewardScale(options, bounded);
  const scratch = new Float64Array(K);
  return {
    name,
    arms: K,
    init: () => initArmSums(K),
    select: (state, rng) => selectLargest(scores(state, scratch), ties, rng),
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores,
  };
}
