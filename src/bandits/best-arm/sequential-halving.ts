/**
 * Sequential halving: a fixed budget, and half of the arms dropped in each of log2 K rounds.
 *
 * Z. Karnin, T. Koren, O. Somekh, "Almost Optimal Exploration in Multi-Armed Bandits", ICML 2013, Algorithm 2 and Theorem
 * 4.1.
 *
 *   paper      here                        meaning
 *   T          budget                      number of pulls in all
 *   S_r        state.active                arms of round r
 *   t_r        schedule[r][1]              pulls of each arm in round r: floor(T / (|S_r| ceil(log2 K)))
 */
import { checkInteger } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log2 } from '../../special/log2.js';
import { type ArmSums, checkArm, copyArmSums, initArmSums, meansOf } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';
import { type BestArmIdentifier, bestArmHardness } from './best-arm.js';
import { activeArms, bestActive, leastPulled } from './successive-elimination.js';

export interface HalvingState extends ArmSums {
  /** Rounds that are over. */
  round: number;
  /** 1 for an arm in the race, 0 for one dropped. */
  active: Uint8Array;
  /** Pulls and sums of this round. */
  roundCounts: Int32Array;
  roundSums: Float64Array;
}

export interface SequentialHalvingOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Number of pulls in all; at least K ceil(log2 K). */
  budget: number;
  /** Rank by the means of all rounds instead of the last one's. Default false, which the theorem is about. */
  reuse?: boolean;
}

/**
 * In round r every arm of S_r is pulled t_r times in turn, and the ceil(|S_r|/2) arms with the largest means stay, ties to
 * the lower arm. Stops when one is left; the pulls are at most the budget. Deterministic, O(K) a pull.
 *
 * @throws RangeError if `arms` is not a positive integer or the budget does not allow one pull an arm in some round
 *
 * @example
 * const halving = sequentialHalving({ arms: 2, budget: 2 });
 * halving.recommend(halving.update(halving.update(halving.init(), 0, 0), 1, 1)); //=> 1
 */
export function sequentialHalving(options: SequentialHalvingOptions): BestArmIdentifier<HalvingState> {
  const K = checkInteger('arms', options.arms, 1);
  const schedule = sequentialHalvingSchedule({ arms: K, budget: options.budget });
  const reuse = options.reuse ?? false;
  const scale = rewardScale(options, false);
  return {
    name: 'sequentialHalving',
    arms: K,
    init: () => ({
      ...initArmSums(K),
      round: 0,
      active: new Uint8Array(K).fill(1),
      roundCounts: new Int32Array(K),
      roundSums: new Float64Array(K),
    }),
    select: ({ roundCounts, active }) => leastPulled(roundCounts, active),
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = copyState(state, out);
      next.t += 1;
      next.counts[arm] += 1;
      next.sums[arm] += r;
      next.roundCounts[arm] += 1;
      next.roundSums[arm] += r;
      if (next.round < schedule.length) {
        const least = next.roundCounts[leastPulled(next.roundCounts, next.active)];
        if (least >= schedule[next.round][1]) halve(next, reuse);
      }
      return next;
    },
    scores: meansOf,
    shouldStop: ({ round }) => round === schedule.length,
    recommend: ({ counts, sums, active }) =>
      activeArms(active) === 1 ? active.indexOf(1) : bestActive(counts, sums, active),
  };
}

/**
 * [|S_r|, t_r] of every round; none for a single arm.
 *
 * @throws RangeError if `arms` is not a positive integer or the budget gives some round no pull
 *
 * @example
 * sequentialHalvingSchedule({ arms: 8, budget: 1000 }); //=> [[8, 41], [4, 83], [2, 166]]
 */
export function sequentialHalvingSchedule({ arms, budget }: { arms: number; budget: number }): [number, number][] {
  const K = checkInteger('arms', arms, 1);
  checkInteger('budget', budget, 0);
  let rounds = 0;
  for (let size = 1; size < K; size *= 2) rounds += 1;
  if (budget < K * rounds) throw new RangeError(`budget must be at least ${K * rounds} for ${K} arms, got ${budget}`);
  const schedule: [number, number][] = [];
  for (let size = K; size > 1; size = Math.ceil(size / 2)) {
    schedule.push([size, Math.floor(budget / (size * rounds))]);
  }
  return schedule;
}

/**
 * Theorem 4.1: the answer is wrong with probability at most 3 log2 K exp(-T / (8 H2 log2 K)), for rewards in [0, 1] and a
 * unique best arm; H2 as in `bestArmHardness`. Not more than 1 is returned.
 *
 * @example
 * sequentialHalvingErrorBound([0.5, 0.5, 0.9], 100); //=> 1
 */
export function sequentialHalvingErrorBound(means: ArrayLike<number>, budget: number): number {
  const { h2 } = bestArmHardness(means);
  checkInteger('budget', budget, 0);
  if (means.length === 1) return 0;
  const rounds = log2(means.length);
  return Math.min(1, 3 * rounds * exp(-budget / (8 * h2 * rounds)));
}

function halve(state: HalvingState, reuse: boolean): void {
  const { active } = state;
  const counts = reuse ? state.counts : state.roundCounts;
  const sums = reuse ? state.sums : state.roundSums;
  const keep = Math.ceil(activeArms(active) / 2);
  const arms: number[] = [];
  for (let i = 0; i < active.length; i++) if (active[i] === 1) arms.push(i);
  // Array.prototype.sort is stable: equal means keep the order of the arms.
  arms.sort((i, j) => sums[j] / counts[j] - sums[i] / counts[i]);
  for (const i of arms.slice(keep)) active[i] = 0;
  state.roundCounts.fill(0);
  state.roundSums.fill(0);
  state.round += 1;
}

function copyState(state: HalvingState, out: HalvingState | undefined): HalvingState {
  if (out === state) return state;
  const next = copyArmSums(state, out) as HalvingState;
  next.round = state.round;
  if (out === undefined) {
    next.active = state.active.slice();
    next.roundCounts = state.roundCounts.slice();
    next.roundSums = state.roundSums.slice();
  } else {
    next.active.set(state.active);
    next.roundCounts.set(state.roundCounts);
    next.roundSums.set(state.roundSums);
  }
  return next;
}
