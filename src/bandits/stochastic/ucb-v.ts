/**
 * UCB-V: optimism with empirical variances.
 *
 * J.-Y. Audibert, R. Munos, C. Szepesvári, "Exploration-Exploitation Tradeoff Using Variance Estimates in Multi-Armed
 * Bandits", Theoretical Computer Science 410 (2009) 1876-1902.
 *
 *   paper      here                       meaning
 *   V_{k,s}    squares[i] / counts[i]     empirical (population) variance of arm i
 *   ζ          zeta                       exploration rate; the exploration function is ζ ln t
 *   c          c                          weight of the third term
 *   b          rangeWidth                 rewards are in an interval of this width
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { type ArmSums, checkArm, copyArmSums, initArmSums } from '../arm-sums.js';
import { rewardScale, scaledReward } from '../reward-scale.js';
import { checkTies, selectLargest } from '../ties.js';
import type { IndexPolicy, IndexPolicyOptions } from './index-policy.js';

export interface UcbVState extends ArmSums {
  /** Σ (r - mean)² over the plays of each arm, by Welford's update. */
  squares: Float64Array;
}

export interface UcbVOptions extends IndexPolicyOptions {
  /** ζ, positive. Default 1; the theorem has 1.2. */
  zeta?: number;
  /** c, at least 0. Default 1. */
  c?: number;
  /** Width b of the interval of rewards, positive. Default 1. */
  rangeWidth?: number;
}

/**
 * The policy UCB-V: each arm once, then the largest `ucbVIndex`. Deterministic, O(K) a round.
 *
 * @throws RangeError if `arms` is not a positive integer, zeta or rangeWidth is not positive, or c is negative
 *
 * @example
 * const policy = ucbV({ arms: 1 });
 * policy.update(policy.update(policy.init(), 0, 1), 0, 0).squares; //=> new Float64Array([0.5])
 */
export function ucbV(options: UcbVOptions): IndexPolicy<UcbVState> {
  const K = checkInteger('arms', options.arms, 1);
  const zeta = checkPositive('zeta', options.zeta ?? 1);
  const c = checkNumber('c', options.c ?? 1, 0);
  const b = checkPositive('rangeWidth', options.rangeWidth ?? 1);
  const ties = checkTies(options);
  const scale = rewardScale(options, false);
  const scratch = new Float64Array(K);
  function scores({ t, counts, sums, squares }: UcbVState, out = new Float64Array(K)): Float64Array {
    const level = zeta * log(t + 1);
    for (let i = 0; i < K; i++) {
      const n = counts[i];
      out[i] = n === 0 ? Infinity : sums[i] / n + bonus(squares[i] / n, n, level, 3 * c * b);
    }
    return out;
  }
  return {
    name: 'ucbV',
    arms: K,
    init: () => ({ ...initArmSums(K), squares: new Float64Array(K) }),
    select: (state, rng) => selectLargest(scores(state, scratch), ties, rng),
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = copyArmSums(state, out) as UcbVState;
      if (out === undefined) next.squares = state.squares.slice();
      else if (out !== state) next.squares.set(state.squares);
      const n = next.counts[arm];
      const before = n === 0 ? r : next.sums[arm] / n;
      next.t += 1;
      next.counts[arm] = n + 1;
      next.sums[arm] += r;
      // (r - old mean)(r - new mean) >= 0 but for rounding
      const square = (r - before) * (r - next.sums[arm] / (n + 1));
      if (square > 0) next.squares[arm] += square;
      return next;
    },
    scores,
  };
}

/**
 * m + sqrt(2 ζ V ln t / n) + 3 c ζ b ln t / n, t the round to be played, 1, 2, ...
 *
 * @param variance V, the population variance of the rewards of the arm
 *
 * @example
 * ucbVIndex(0.5, 0, 10, 1); //=> 0.5
 */
export function ucbVIndex(
  mean: number,
  variance: number,
  n: number,
  t: number,
  { zeta = 1, c = 1, rangeWidth = 1 }: { zeta?: number; c?: number; rangeWidth?: number } = {},
): number {
  return mean + bonus(variance, n, zeta * log(t), 3 * c * rangeWidth);
}

/**
 * The paper's bound for ζ = 1.2 and c = 1: the expected regret is at most 10 Σ_{i: Δ_i > 0} (σ_i² / Δ_i + 2 b) ln T.
 *
 * @param gaps Δ_i of every arm
 * @param variances σ_i² of every arm
 *
 * @example
 * ucbVRegretBound([0, 0.5], [0.25, 0.25], 1000).toFixed(3); //=> '172.694'
 */
export function ucbVRegretBound(
  gaps: ArrayLike<number>,
  variances: ArrayLike<number>,
  horizon: number,
  rangeWidth = 1,
): number {
  checkVector('gaps', gaps);
  checkVector('variances', variances, gaps.length);
  const logT = log(checkInteger('horizon', horizon, 1));
  let total = 0;
  for (let i = 0; i < gaps.length; i++) {
    checkNumber(`variances[${i}]`, variances[i], 0);
    if (checkNumber(`gaps[${i}]`, gaps[i], 0) > 0) total += variances[i] / gaps[i] + 2 * rangeWidth;
  }
  return 10 * total * logT;
}

function bonus(variance: number, n: number, level: number, third: number): number {
  return Math.sqrt((2 * variance * level) / n) + (third * level) / n;
}
