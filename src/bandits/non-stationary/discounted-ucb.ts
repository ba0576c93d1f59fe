/**
 * Discounted UCB: rewards fade by a factor γ a round, so that the policy follows laws that change now and then.
 *
 * L. Kocsis, C. Szepesvári, "Discounted UCB", 2nd PASCAL Challenges Workshop (2006); A. Garivier, E. Moulines, "On Upper-
 * Confidence Bound Policies for Switching Bandit Problems", arXiv:0805.3415, Section 3 and Theorem 1.
 *
 *   paper           here           meaning
 *   N_t(γ, i)       counts[i]      Σ_s γ^(t-s) 1[arm i in round s], s <= t
 *   X̄_t(γ, i)       sums / counts  discounted mean
 *   n_t(γ)          total          Σ_i N_t(γ, i)
 *   B               bound          rewards are in [0, B]
 *   ξ               xi
 *   Υ_T             changes        number of rounds in which some law changes
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkArm } from '../arm-sums.js';
import { rewardScale, scaledReward } from '../reward-scale.js';
import type { IndexPolicy, IndexPolicyOptions } from '../stochastic/index-policy.js';
import { checkTies, selectLargest } from '../ties.js';

export interface DiscountedSums {
  /** Plays so far. */
  t: number;
  /** Discounted plays of all arms, n. */
  total: number;
  /** Discounted plays of each arm. */
  counts: Float64Array;
  /** Discounted sum of the rewards of each arm. */
  sums: Float64Array;
}

export interface DiscountedUcbOptions extends IndexPolicyOptions {
  /** Factor γ, in (0, 1]; `discountedUcbGamma` for a horizon and a number of changes. 1 forgets nothing. */
  gamma: number;
  /** Width ξ of the bonus, positive. Default 0.6; Theorem 1 wants more than 1/2. */
  xi?: number;
  /** Bound B of the rewards, positive. Default 1. */
  bound?: number;
}

/**
 * The policy: the largest X̄(i) + 2 B sqrt(ξ ln n / N(i)), an arm never played (or faded away altogether) first. Deterministic; O(K) a
 * round.
 *
 * @throws RangeError if `arms` is not a positive integer, gamma is outside (0, 1], or xi or bound is not positive
 *
 * @example
 * const policy = discountedUcb({ arms: 2, gamma: 0.5 });
 * policy.update(policy.update(policy.init(), 0, 1), 1, 1).counts; //=> new Float64Array([0.5, 1])
 */
export function discountedUcb(options: DiscountedUcbOptions): IndexPolicy<DiscountedSums> {
  const K = checkInteger('arms', options.arms, 1);
  const gamma = checkNumber('gamma', options.gamma, Number.MIN_VALUE, 1);
  const xi = checkPositive('xi', options.xi ?? 0.6);
  const bound = checkPositive('bound', options.bound ?? 1);
  const ties = checkTies(options);
  const scale = rewardScale(options, false);
  const scratch = new Float64Array(K);
  function scores({ total, counts, sums }: DiscountedSums, out = new Float64Array(K)): Float64Array {
    const level = xi * log(Math.max(1, total));
    for (let i = 0; i < K; i++) {
      const N = counts[i];
      out[i] = N === 0 ? Infinity : sums[i] / N + 2 * bound * Math.sqrt(level / N);
    }
    return out;
  }
  return {
    name: 'discountedUcb',
    arms: K,
    init: () => ({ t: 0, total: 0, counts: new Float64Array(K), sums: new Float64Array(K) }),
    select: (state, rng) => selectLargest(scores(state, scratch), ties, rng),
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = out ?? { t: 0, total: 0, counts: new Float64Array(K), sums: new Float64Array(K) };
      const { counts, sums } = state;
      for (let i = 0; i < K; i++) {
        const N = gamma * counts[i];
        // Below the normal numbers a sum and its count lose their digits together; the arm then counts as forgotten.
        const kept = N > 1e-290;
        next.counts[i] = kept ? N : 0;
        next.sums[i] = kept ? gamma * sums[i] : 0;
      }
      next.counts[arm] += 1;
      next.sums[arm] += r;
      next.total = gamma * state.total + 1;
      next.t = state.t + 1;
      return next;
    },
    scores,
  };
}

/** The plays of a game so far. */
export interface PlayHistory {
  /** Number of arms K. */
  arms: number;
  /** The arm of each round. */
  actions: ArrayLike<number>;
  /** The reward of each round. */
  rewards: ArrayLike<number>;
}

/**
 * The indices of `discountedUcb` after a history.
 *
 * @throws RangeError if there are not as many rewards as actions, or as `discountedUcb`
 *
 * @example
 * discountedUcbIndices({ arms: 2, actions: [0], rewards: [0.5] }, { gamma: 0.9 }); //=> new Float64Array([0.5, Infinity])
 */
export function discountedUcbIndices(history: PlayHistory, options: Omit<DiscountedUcbOptions, 'arms'>): Float64Array {
  return indicesAfter(discountedUcb({ ...options, arms: history.arms }), history);
}

/**
 * γ = 1 - sqrt(Υ/T) / (4 B), with which the regret is O(sqrt(Υ T) ln T) (the paper's remark after Theorem 1).
 *
 * @throws RangeError if T is not a positive integer, there is no change, or γ would not be positive
 *
 * @example
 * discountedUcbGamma({ horizon: 40000, changes: 1 }); //=> 0.99875
 */
export function discountedUcbGamma({
  horizon,
  changes,
  bound = 1,
}: {
  horizon: number;
  changes: number;
  bound?: number;
}): number {
  checkInteger('horizon', horizon, 1);
  checkInteger('changes', changes, 1, horizon);
  checkPositive('bound', bound);
  const gamma = 1 - Math.sqrt(changes / horizon) / (4 * bound);
  if (!(gamma > 0)) throw new RangeError(`bound must be above ${Math.sqrt(changes / horizon) / 4}, got ${bound}`);
  return gamma;
}

/** The indices of a policy after a history. */
export function indicesAfter<State>(
  policy: IndexPolicy<State>,
  { actions, rewards }: Pick<PlayHistory, 'actions' | 'rewards'>,
): Float64Array {
  if (rewards.length !== actions.length) {
    throw new RangeError(`rewards must have length ${actions.length}, got ${rewards.length}`);
  }
  let state = policy.init();
  for (let t = 0; t < actions.length; t++) state = policy.update(state, actions[t], rewards[t], state);
  return policy.scores(state);
}
