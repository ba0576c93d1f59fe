/**
 * Sliding-window UCB: only the last plays count.
 *
 * A. Garivier, E. Moulines, "On Upper-Confidence Bound Policies for Switching Bandit Problems", arXiv:0805.3415, Section 4
 * and Theorem 2.
 *
 *   paper           here            meaning
 *   τ               window          number of plays remembered
 *   N_t(τ, i)       counts[i]       plays of arm i among them
 *   t ∧ τ           min(t, window)  t plays so far
 *   B               bound           rewards are in [0, B]
 *   ξ               xi
 *   Υ_T             changes         number of rounds in which some law changes
 */
import { checkInteger, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { type ArmSums, checkArm, copyArmSums, initArmSums } from '../arm-sums.js';
import { rewardScale, scaledReward } from '../reward-scale.js';
import type { IndexPolicy, IndexPolicyOptions } from '../stochastic/index-policy.js';
import { checkTies, selectLargest } from '../ties.js';
import { indicesAfter, type PlayHistory } from './discounted-ucb.js';

export interface SlidingWindowState extends ArmSums {
  /** The arms of the last plays; play t is at t mod window. */
  windowArms: Int32Array;
  /** Their rewards. */
  windowRewards: Float64Array;
}

export interface SlidingWindowUcbOptions extends IndexPolicyOptions {
  /** Number of plays τ that count, at least 1; `slidingWindowLength` for a horizon and a number of changes. */
  window: number;
  /** Width ξ of the bonus, positive. Default 0.6; Theorem 2 wants more than 1/2. */
  xi?: number;
  /** Bound B of the rewards, positive. Default 1. */
  bound?: number;
}

/**
 * The policy: the largest mean in the window + B sqrt(ξ ln min(t, τ) / N(i)), an arm without a play in the window first.
 *
 * Deterministic; O(K) a round and memory of τ plays. The sums are taken anew from the window once in τ plays, so that the rounding of what was
 * added and taken away does not build up.
 *
 * @throws RangeError if `arms` or `window` is not a positive integer, or xi or bound is not positive
 *
 * @example
 * const policy = slidingWindowUcb({ arms: 2, window: 1 });
 * policy.update(policy.update(policy.init(), 0, 1), 1, 1).counts; //=> new Int32Array([0, 1])
 */
export function slidingWindowUcb(options: SlidingWindowUcbOptions): IndexPolicy<SlidingWindowState> {
  const K = checkInteger('arms', options.arms, 1);
  const tau = checkInteger('window', options.window, 1);
  const xi = checkPositive('xi', options.xi ?? 0.6);
  const bound = checkPositive('bound', options.bound ?? 1);
  const ties = checkTies(options);
  const scale = rewardScale(options, false);
  const scratch = new Float64Array(K);
  function scores({ t, counts, sums }: SlidingWindowState, out = new Float64Array(K)): Float64Array {
    const level = xi * log(Math.max(1, Math.min(t, tau)));
    for (let i = 0; i < K; i++) {
      const n = counts[i];
      out[i] = n === 0 ? Infinity : sums[i] / n + bound * Math.sqrt(level / n);
    }
    return out;
  }
  return {
    name: 'slidingWindowUcb',
    arms: K,
    init: () => ({ ...initArmSums(K), windowArms: new Int32Array(tau), windowRewards: new Float64Array(tau) }),
    select: (state, rng) => selectLargest(scores(state, scratch), ties, rng),
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = copyState(state, out);
      const { counts, sums, windowArms, windowRewards } = next;
      const place = next.t % tau;
      if (next.t >= tau) {
        counts[windowArms[place]] -= 1;
        sums[windowArms[place]] -= windowRewards[place];
      }
      windowArms[place] = arm;
      windowRewards[place] = r;
      counts[arm] += 1;
      sums[arm] += r;
      next.t += 1;
      if (place === tau - 1) {
        sums.fill(0);
        for (let s = 0; s < tau; s++) sums[windowArms[s]] += windowRewards[s];
      }
      return next;
    },
    scores,
  };
}

/**
 * The indices of `slidingWindowUcb` after a history.
 *
 * @throws RangeError if there are not as many rewards as actions, or as `slidingWindowUcb`
 *
 * @example
 * slidingWindowUcbIndices({ arms: 2, actions: [0], rewards: [0.5] }, { window: 9 }); //=> new Float64Array([0.5, Infinity])
 */
export function slidingWindowUcbIndices(
  history: PlayHistory,
  options: Omit<SlidingWindowUcbOptions, 'arms'>,
): Float64Array {
  return indicesAfter(slidingWindowUcb({ ...options, arms: history.arms }), history);
}

/**
 * τ = 2 B sqrt(T ln T / Υ), rounded, with which the regret is O(sqrt(Υ T ln T)) (the paper's remark after Theorem 2).
 *
 * @throws RangeError if T is not a positive integer or there is no change
 *
 * @example
 * slidingWindowLength({ horizon: 40000, changes: 1 }); //=> 1302
 */
export function slidingWindowLength({
  horizon,
  changes,
  bound = 1,
}: {
  horizon: number;
  changes: number;
  bound?: number;
}): number {
  const T = checkInteger('horizon', horizon, 1);
  checkInteger('changes', changes, 1, T);
  checkPositive('bound', bound);
  return Math.max(1, Math.round(2 * bound * Math.sqrt((T * log(T)) / changes)));
}

function copyState(state: SlidingWindowState, out: SlidingWindowState | undefined): SlidingWindowState {
  if (out === state) return state;
  const next = copyArmSums(state, out) as SlidingWindowState;
  if (out === undefined) {
    next.windowArms = state.windowArms.slice();
    next.windowRewards = state.windowRewards.slice();
  } else {
    next.windowArms.set(state.windowArms);
    next.windowRewards.set(state.windowRewards);
  }
  return next;
}
