/**
 * GLR-klUCB: KL-UCB that starts anew when a likelihood ratio says that an arm has changed.
 *
 * L. Besson, E. Kaufmann, O.-A. Maillard, J. Seznec, "Efficient Change-Point Detection for Tackling Piecewise-Stationary
 * Bandits", JMLR 23 (2022), arXiv:1902.01575, Definition 1 and Algorithm 1.
 *
 *   paper        here                     meaning
 *   τ_i          -                        last restart of arm i; the state holds what came since
 *   n_i          counts[i]                plays of arm i since
 *   β(n, δ)      ln(3 n sqrt(n) / δ)      threshold of the test
 *   α            exploration              share of forced, uniform exploration
 */
import { checkInteger, checkNumber, checkOption } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkKlFamily, klDivergence, type KlOptions } from '../../stats/divergence.js';
import { klInverseUpper } from '../../stats/kl-inverse.js';
import { checkDelta } from '../adversarial/exp3-p.js';
import { checkArm } from '../arm-sums.js';
import { rewardScale, scaledReward } from '../reward-scale.js';
import type { IndexPolicy, IndexPolicyOptions } from '../stochastic/index-policy.js';
import { leastReward } from '../stochastic/kl-ucb.js';
import { checkTies, selectLargest } from '../ties.js';

export interface GlrUcbState {
  /** Plays so far. */
  t: number;
  /** Restarts so far. */
  restarts: number;
  /** Plays since the last restart of each arm. */
  since: Int32Array;
  /** Plays of each arm since its last restart. */
  counts: Int32Array;
  /** Sums of the rewards of each arm since its restart, after each play; in the least power of two of places, at least 4. */
  sums: Float64Array[];
}

export interface GlrUcbOptions extends IndexPolicyOptions, KlOptions {
  /** Probability δ of a false alarm of the test of one arm, in (0, 1). */
  delta: number;
  /** 'global' (default): a change of one arm forgets all arms. 'local': only that one. */
  restart?: 'global' | 'local';
  /** Share α of the rounds that play the arms in turn, in [0, 1). Default 0: changes of arms that are not played go unseen. */
  exploration?: number;
}

/**
 * The policy: in the first K rounds of every floor(K/α), each arm once; else an arm without a play, else the largest q with
 * n_i kl(m_i, q) <= ln(plays since its restart). After each play the test of `glrChangeStatistic` on the arm's rewards decides about a restart.
 *
 * A round costs O(K) roots and O(n) divergences for the test. `select` draws nothing (one uniform with random ties).
 *
 * @throws RangeError if `arms` is not a positive integer, delta is outside (0, 1) or the exploration outside [0, 1)
 *
 * @example
 * const policy = glrUcb({ arms: 2, delta: 0.01 });
 * policy.init().restarts; //=> 0
 */
export function glrUcb(options: GlrUcbOptions): IndexPolicy<GlrUcbState> {
  const K = checkInteger('arms', options.arms, 1);
  const delta = checkDelta(options.delta);
  const local = checkOption('restart', options.restart ?? 'global', ['global', 'local']) === 'local';
  const alpha = checkNumber('exploration', options.exploration ?? 0, 0, 1 - 1e-9);
  const period = alpha > 0 ? Math.floor(K / alpha) : Infinity;
  const family = options.family ?? 'bernoulli';
  checkKlFamily(family);
  const kl: KlOptions = { family, variance: checkNumber('variance', options.variance ?? 1, Number.MIN_VALUE) };
  const ties = checkTies(options);
  const scale = rewardScale(options, family === 'bernoulli', leastReward(family));
  const scratch = new Float64Array(K);
  function scores({ since, counts, sums }: GlrUcbState, out = new Float64Array(K)): Float64Array {
    for (let i = 0; i < K; i++) {
      const n = counts[i];
      out[i] = n === 0 ? Infinity : klInverseUpper(sums[i][n - 1] / n, log(Math.max(1, since[i])) / n, kl);
    }
    return out;
  }
  return {
    name: 'glrUcb',
    arms: K,
    init: () => ({
      t: 0,
      restarts: 0,
      since: new Int32Array(K),
      counts: new Int32Array(K),
      sums: Array.from({ length: K }, () => new Float64Array(4)),
    }),
    select(state, rng) {
      if (state.t % period < K && period < Infinity) return state.t % period;
      return selectLargest(scores(state, scratch), ties, rng);
    },
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = copyState(state, out);
      const { counts, since, sums } = next;
      const n = counts[arm];
      if (n === sums[arm].length) {
        const longer = new Float64Array(2 * n);
        longer.set(sums[arm]);
        sums[arm] = longer;
      }
      sums[arm][n] = (n === 0 ? 0 : sums[arm][n - 1]) + r;
      counts[arm] = n + 1;
      for (let i = 0; i < K; i++) since[i] += 1;
      next.t += 1;
      if (largestRatio(sums[arm], n + 1, kl) > glrThreshold(n + 1, delta)) {
        next.restarts += 1;
        for (let i = local ? arm : 0; i < (local ? arm + 1 : K); i++) {
          counts[i] = 0;
          since[i] = 0;
          sums[i] = new Float64Array(4);
        }
      }
      return next;
    },
    scores,
  };
}

/**
 * max over 0 < s < n of s kl(m_1:s, m_1:n) + (n - s) kl(m_s+1:n, m_1:n): the generalized likelihood ratio of one change of
 * mean against none. 0 with fewer than two rewards. O(n).
 *
 * @param rewards in order
 * @throws RangeError if a reward is outside the family's range
 *
 * @example
 * glrChangeStatistic([0, 0, 1, 1]) === 4 * Math.LN2; //=> true
 */
export function glrChangeStatistic(rewards: ArrayLike<number>, options?: KlOptions): number {
  const sums = new Float64Array(rewards.length);
  for (let s = 0; s < rewards.length; s++) {
    checkNumber(`rewards[${s}]`, rewards[s]);
    sums[s] = (s === 0 ? 0 : sums[s - 1]) + rewards[s];
  }
  return largestRatio(sums, rewards.length, options);
}

/**
 * ln(3 n sqrt(n) / δ), the threshold of the test with n rewards.
 *
 * @example
 * glrThreshold(1, 0.5) === Math.log(6); //=> true
 */
export function glrThreshold(n: number, delta: number): number {
  return log((3 * n * Math.sqrt(n)) / delta);
}

function largestRatio(sums: Float64Array, n: number, kl: KlOptions | undefined): number {
  const total = sums[n - 1];
  const mean = total / n;
  const bernoulli = (kl?.family ?? 'bernoulli') === 'bernoulli';
  let largest = 0;
  for (let s = 1; s < n; s++) {
    const after = (total - sums[s - 1]) / (n - s); // rounding may carry it past 1
    const mean2 = bernoulli && after > 1 ? 1 : after;
    const ratio = s * klDivergence(sums[s - 1] / s, mean, kl) + (n - s) * klDivergence(mean2, mean, kl);
    if (ratio > largest) largest = ratio;
  }
  return largest;
}

function copyState(state: GlrUcbState, out: GlrUcbState | undefined): GlrUcbState {
  if (out === state) return state;
  const sums = state.sums.map((list) => list.slice());
  const { t, restarts } = state;
  if (out === undefined) return { t, restarts, since: state.since.slice(), counts: state.counts.slice(), sums };
  out.t = t;
  out.restarts = restarts;
  out.since.set(state.since);
  out.counts.set(state.counts);
  out.sums = sums;
  return out;
}
