/**
 * Streaming algorithms that keep one arm, the champion, and pull every arm equally often.
 *
 * C. Wang, arXiv:2306.02208: uniform exploration (Section 1), the single-arm algorithm for expected regret (Section 4) and, with 1/ε²
 * pulls, the baseline of its experiments, which has no guarantee.
 *
 * The champion is replaced when a newcomer's mean over its n pulls is strictly larger; what is left of the T trials goes to the
 * last champion.
 */
import { log } from '../../special/log.js';
import { type ArmMemory, commit, type StreamingRun } from './arm-memory.js';
import { streamingSampleSizes } from './sample-sizes.js';

export interface ChampionOptions {
  /** Accuracy ε. Default (K/T)^(1/3). `streamingUniformExploration` does not use it. */
  epsilon?: number;
}

/**
 * n = (T/K)^(2/3) (ln T)^(1/3) pulls an arm: regret O(K^(1/3) T^(2/3) (ln T)^(1/3)), see `streamingUniformRegretBound`. Stores one arm.
 *
 * Deterministic but for the rewards; O(K) batches.
 *
 * @example
 * const memory = armMemory(armStream([0, 1, 0]), createRng(1), { horizon: 1000, capacity: 2 });
 * streamingUniformExploration(memory).arm; //=> 1
 */
export function streamingUniformExploration(memory: ArmMemory): StreamingRun {
  return champion(memory, streamingSampleSizes(memory.arms, memory.horizon).uniform);
}

/**
 * n = ln K / ε² pulls an arm: expected regret O(K^(1/3) T^(2/3) sqrt(ln K)) for the choice and O(.. ln K) for the pulls, see
 * `streamingNaiveRegretBound`. Stores one arm.
 *
 * @throws RangeError if epsilon is not positive
 */
export function streamingNaiveElimination(memory: ArmMemory, options: ChampionOptions = {}): StreamingRun {
  return champion(memory, streamingSampleSizes(memory.arms, memory.horizon, options).naiveLogK);
}

/**
 * n = 1 / ε² pulls an arm, with no guarantee: the best of K means at this accuracy may be a lucky one. Stores one arm.
 *
 * @throws RangeError if epsilon is not positive
 */
export function streamingConstantChampion(memory: ArmMemory, options: ChampionOptions = {}): StreamingRun {
  return champion(memory, streamingSampleSizes(memory.arms, memory.horizon, options).constant);
}

function champion(memory: ArmMemory, n: number): StreamingRun {
  let best = -1;
  let bestMean = -1;
  for (let arm = memory.read(); arm !== undefined; arm = memory.read()) {
    if (n > memory.remaining()) return commit(memory, best < 0 ? arm : best, true);
    const mean = memory.pull(arm, n);
    if (mean > bestMean) {
      if (best >= 0) memory.discard(best);
      best = arm;
      bestMean = mean;
    } else memory.discard(arm);
  }
  return commit(memory, best, false);
}

/**
 * Expected regret of a champion chosen from n pulls of each arm is at most K n + T (x + 1/(n x)) with x = sqrt(2 ln(2K) / n): the gap of
 * the arm with the best mean is at most twice the largest deviation, P(gap > y) <= 2 K exp(-n y² / 2) by Hoeffding, and the integral
 * of the tail from x on is at most 1/(n x). (Never above T, which is trivial.)
 */
function championRegretBound(arms: number, horizon: number, n: number): number {
  const x = Math.sqrt((2 * log(2 * arms)) / n);
  return Math.min(horizon, arms * n + horizon * (x + 1 / (n * x)));
}

/**
 * Bound of the expected regret of `streamingUniformExploration`, proved in the body of the source: K n + T (x + 1/(n x)),
 * x = sqrt(2 ln(2K)/n), n as there. O(K^(1/3) T^(2/3) (ln T)^(1/3)) for K <= T.
 *
 * @example
 * streamingUniformRegretBound(2, 10); //=> 10
 */
export function streamingUniformRegretBound(arms: number, horizon: number): number {
  return championRegretBound(arms, horizon, streamingSampleSizes(arms, horizon).uniform);
}

/**
 * Bound of the expected regret of `streamingNaiveElimination`: the same with n = ln K / ε², O(K^(1/3) T^(2/3) ln K).
 */
export function streamingNaiveRegretBound(arms: number, horizon: number): number {
  return championRegretBound(arms, horizon, streamingSampleSizes(arms, horizon).naiveLogK);
}
