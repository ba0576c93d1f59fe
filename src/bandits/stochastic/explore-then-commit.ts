/**
 * Explore, then commit: m plays of every arm, and then the best of them for ever.
 *
 * T. Lattimore, C. Szepesvári, "Bandit Algorithms", Cambridge University Press (2020), Algorithm 1 and Theorem 6.1; the
 * number of plays for a known horizon as in Section 6.1 and Exercise 6.8.
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { type ArmSums, checkArm, copyArmSums, initArmSums, meansOf } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';
import { bestMeanArm } from '../ties.js';
import { checkHorizon } from './moss.js';

export interface ExploreThenCommitState extends ArmSums {
  /** The arm played from now on; -1 while exploring. */
  committed: number;
}

export interface ExploreThenCommitOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** m, plays of each arm before the commitment, at least 1. Default: `exploreThenCommitPlays` of horizon and gap. */
  plays?: number;
  /** T; needed when `plays` is not given. At least K. */
  horizon?: number;
  /** The gap between two arms, where it is known. */
  gap?: number;
}

/**
 * The policy: the arm played least, the lowest of several, until each has m plays; then the arm with the largest mean (the
 * lowest of several), whatever it pays later. `select` draws nothing.
 *
 * @throws TypeError if neither `plays` nor `horizon` is given
 * @throws RangeError if `arms` or `plays` is not a positive integer, the horizon is below K or the gap is not positive
 *
 * @example
 * const policy = exploreThenCommit({ arms: 2, plays: 1 });
 * policy.update(policy.update(policy.init(), 0, 0), 1, 1).committed; //=> 1
 */
export function exploreThenCommit(options: ExploreThenCommitOptions): BanditPolicy<ExploreThenCommitState> {
  const K = checkInteger('arms', options.arms, 1);
  const m =
    options.plays !== undefined
      ? checkInteger('plays', options.plays, 1)
      : exploreThenCommitPlays({ ...options, horizon: checkHorizon(options.horizon, K) });
  const scale = rewardScale(options, false);
  return {
    name: 'exploreThenCommit',
    arms: K,
    init: () => ({ ...initArmSums(K), committed: -1 }),
    select: ({ committed, counts }) => (committed >= 0 ? committed : leastPlayed(counts)),
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = copyArmSums(state, out) as ExploreThenCommitState;
      next.committed = state.committed;
      next.t += 1;
      next.counts[arm] += 1;
      next.sums[arm] += r;
      if (next.committed < 0 && next.counts[leastPlayed(next.counts)] >= m) {
        next.committed = bestMeanArm(next.counts, next.sums);
      }
      return next;
    },
    scores: meansOf,
  };
}

/**
 * m for a horizon T. Two arms with a known gap: max(1, ceil((4 / Δ²) ln(T Δ² / 4))), after equation (6.6), for 1-subgaussian
 * rewards. Else ceil((T/K)^(2/3) (ln T)^(1/3)), which gives regret O(K^(1/3) T^(2/3) (ln T)^(1/3)) whatever the gaps.
 *
 * @throws RangeError if a gap is given and there are not two arms, or it is not positive
 *
 * @example
 * exploreThenCommitPlays({ arms: 2, horizon: 10000, gap: 1 }); //=> 32
 * exploreThenCommitPlays({ arms: 10, horizon: 10000 }); //=> 210
 */
export function exploreThenCommitPlays({
  arms,
  horizon,
  gap,
}: {
  arms: number;
  horizon: number;
  gap?: number | undefined;
}): number {
  const K = checkInteger('arms', arms, 1);
  const T = checkHorizon(horizon, K);
  if (gap === undefined) return Math.max(1, Math.ceil(pow(T / K, 2 / 3) * pow(log(T), 1 / 3)));
  checkPositive('gap', gap);
  if (K !== 2) throw new RangeError(`gap is for 2 arms, got ${K} arms`);
  const squared = gap * gap;
  return Math.max(1, Math.ceil((4 / squared) * log((T * squared) / 4)));
}

/**
 * Theorem 6.1: for 1-subgaussian rewards and m K <= T the expected regret is at most
 * m Σ Δ_i + (T - m K) Σ Δ_i exp(-m Δ_i² / 4).
 *
 * @param gaps Δ_i of every arm
 * @throws RangeError if a gap is negative or m K > T
 *
 * @example
 * exploreThenCommitRegretBound([0, 1], { plays: 4, horizon: 8 }); //=> 4
 */
export function exploreThenCommitRegretBound(
  gaps: ArrayLike<number>,
  { plays, horizon }: { plays: number; horizon: number },
): number {
  checkVector('gaps', gaps);
  const m = checkInteger('plays', plays, 1);
  const rest = checkInteger('horizon', horizon, m * gaps.length) - m * gaps.length;
  let explored = 0;
  let wrong = 0;
  for (let i = 0; i < gaps.length; i++) {
    const gap = checkNumber(`gaps[${i}]`, gaps[i], 0);
    explored += gap;
    wrong += gap * exp((-m * gap * gap) / 4);
  }
  return m * explored + rest * wrong;
}

function leastPlayed(counts: Int32Array): number {
  let least = 0;
  for (let i = 1; i < counts.length; i++) if (counts[i] < counts[least]) least = i;
  return least;
}
