/**
 * Successive elimination: pull every arm still in the race, and drop those that are surely worse.
 *
 * E. Even-Dar, S. Mannor, Y. Mansour, "Action Elimination and Stopping Conditions for the Multi-Armed Bandit and
 * Reinforcement Learning Problems", JMLR 7 (2006) 1079-1105, Algorithm 3 and Theorem 8; the radius by Hoeffding's inequality
 * for rewards in [0, 1].
 *
 *   paper      here               meaning
 *   S          state.active       arms still in the race
 *   t          counts of these    round
 *   α_t        radius             sqrt(ln(4 K n² / δ) / (2 n)) after n pulls
 */
import { checkInteger } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkDelta } from '../adversarial/exp3-p.js';
import { type ArmSums, initArmSums, meansOf, updateArmSums } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import type { BestArmIdentifier } from './best-arm.js';

export interface EliminationState extends ArmSums {
  /** 1 for an arm in the race, 0 for one dropped. */
  active: Uint8Array;
}

export interface SuccessiveEliminationOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Probability δ of a wrong answer, in (0, 1). */
  delta: number;
}

/**
 * Each round pulls every active arm once, in order; then arm i is dropped if the largest mean - m_i >= 2 radius(n). Stops
 * when one arm is left. Deterministic, O(K) a pull.
 *
 * The answer is wrong with probability at most δ: the radii fail with probability at most Σ_n 2 K δ/(4 K n²) = δ π²/12. Pulls:
 * O(Σ Δ_i^-2 ln(K/(δ Δ_i))). With two best arms it does not stop.
 *
 * @throws RangeError if `arms` is not a positive integer or delta is outside (0, 1)
 *
 * @example
 * const race = successiveElimination({ arms: 1, delta: 0.1 });
 * race.shouldStop(race.init()); //=> true
 */
export function successiveElimination(options: SuccessiveEliminationOptions): BestArmIdentifier<EliminationState> {
  const K = checkInteger('arms', options.arms, 1);
  const delta = checkDelta(options.delta);
  const scale = rewardScale(options, true);
  return {
    name: 'successiveElimination',
    arms: K,
    init: () => ({ ...initArmSums(K), active: new Uint8Array(K).fill(1) }),
    select: ({ counts, active }) => leastPulled(counts, active),
    update(state, arm, reward, out) {
      const next = updateArmSums(state, arm, reward, out, K, scale) as EliminationState;
      if (out === undefined) next.active = state.active.slice();
      else if (out !== state) next.active.set(state.active);
      const n = commonCount(next.counts, next.active);
      if (n > 0) eliminate(next, 2 * eliminationRadius(n, { arms: K, delta }));
      return next;
    },
    scores: meansOf,
    shouldStop: ({ active }) => activeArms(active) === 1,
    recommend: ({ counts, sums, active }) => bestActive(counts, sums, active),
  };
}

/**
 * sqrt(ln(4 K n² / δ) / (2 n)): all means stay within it of their arms' means, at every n, with probability 1 - δ.
 *
 * @example
 * eliminationRadius(1, { arms: 1, delta: 0.5 }) === Math.sqrt(Math.log(8) / 2); //=> true
 */
export function eliminationRadius(n: number, { arms, delta }: { arms: number; delta: number }): number {
  return Math.sqrt(log((4 * arms * n * n) / delta) / (2 * n));
}

/**
 * Pulls after which all arms but the best are dropped, with probability 1 - δ: Σ_i n_i with n_i the least n for which
 * 4 radius(n) <= Δ_i, and the best arm pulled as often as the last other one. Every mean is then within the radius, so the
 * observed gap is at least Δ_i - 2 radius >= 2 radius.
 *
 * @param gaps Δ_i of every arm, exactly one of them 0
 * @throws RangeError if not exactly one gap is 0
 *
 * @example
 * successiveEliminationPulls([0, 0.5], 0.1); //=> 1088
 */
export function successiveEliminationPulls(gaps: ArrayLike<number>, delta: number): number {
  checkDelta(delta);
  const positive = Array.from(gaps).filter((gap) => gap > 0);
  if (positive.length !== gaps.length - 1) throw new RangeError('gaps must hold exactly one 0');
  let total = 0;
  let longest = 0;
  for (const gap of positive) {
    // The radius falls with n from n = 2 on; double, then halve.
    const enough = (n: number) => 4 * eliminationRadius(n, { arms: gaps.length, delta }) <= gap;
    let high = 2;
    while (!enough(high)) high *= 2;
    let low = high / 2;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (enough(middle)) high = middle;
      else low = middle;
    }
    total += high;
    longest = Math.max(longest, high);
  }
  return total + longest;
}

/** The active arm with the fewest pulls, the lowest of several. */
export function leastPulled(counts: Int32Array, active: Uint8Array): number {
  let least = -1;
  for (let i = 0; i < counts.length; i++) {
    if (active[i] === 1 && (least < 0 || counts[i] < counts[least])) least = i;
  }
  return least;
}

/** The number of pulls of every active arm when it is the same for all, else -1. */
function commonCount(counts: Int32Array, active: Uint8Array): number {
  let n = -1;
  for (let i = 0; i < counts.length; i++) {
    if (active[i] === 0) continue;
    if (n >= 0 && counts[i] !== n) return -1;
    n = counts[i];
  }
  return n;
}

export function activeArms(active: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < active.length; i++) total += active[i];
  return total;
}

/** The active arm with the largest mean; before any pull the lowest one. */
export function bestActive(counts: Int32Array, sums: Float64Array, active: Uint8Array): number {
  let best = -1;
  for (let i = 0; i < counts.length; i++) {
    if (active[i] === 0 || counts[i] === 0) continue;
    if (best < 0 || sums[i] / counts[i] > sums[best] / counts[best]) best = i;
  }
  return best >= 0 ? best : active.indexOf(1);
}

/** Drops the arms whose mean is below the best active one's by `width` or more. */
function eliminate({ counts, sums, active }: EliminationState, width: number): void {
  const best = bestActive(counts, sums, active);
  const bestMean = sums[best] / counts[best];
  for (let i = 0; i < counts.length; i++) {
    if (active[i] === 1 && i !== best && bestMean - sums[i] / counts[i] >= width) active[i] = 0;
  }
}
