/**
 * KL-UCB, the index policy whose regret attains the Lai-Robbins constant for Bernoulli rewards.
 *
 * A. Garivier, O. Cappé, "The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond", COLT 2011, arXiv:1102.2490,
 * Algorithm 1 and Theorem 1; the families and KL-UCB+ in O. Cappé, A. Garivier, O.-A. Maillard, R. Munos, G. Stoltz,
 * arXiv:1210.1136.
 *
 *   paper      here                  meaning
 *   t          state.t + 1           the round to be played, 1, 2, ...
 *   N[a]       state.counts[a]       plays of arm a so far
 *   S[a]       state.sums[a]         sum of the rewards of arm a
 *   d(p, q)    klDivergence(p, q)
 *   c          c                     weight of ln ln t
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { bernoulliKl, checkKlFamily, type KlFamily, type KlOptions } from '../../stats/divergence.js';
import { bernoulliUpper, klInverseUpper } from '../../stats/kl-inverse.js';
import { type ArmSums, initArmSums, updateArmSums } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import { checkTies, selectLargest, type TieOptions } from '../ties.js';

export interface KlUcbState extends ArmSums {
  /** The arm played last, from which the search for the largest index starts; -1 at first. */
  last: number;
}

export interface KlUcbOptions extends RewardRangeOptions, TieOptions, KlOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Weight of ln ln t in the level, at least 0. Default 0, as the paper recommends in practice; Theorem 1 has 3. */
  c?: number;
}

/**
 * The policy KL-UCB: each arm once; then the arm with the largest q such that
 * N[a] d(S[a]/N[a], q) <= ln t + c ln max(1, ln t), ties to the lowest arm.
 *
 * For Bernoulli divergences (any rewards in [0, 1]) the root is found only for arms that can win: with b the largest
 * index so far, N[a] d(S[a]/N[a], b) above the level puts the arm's index below b. A round costs K divergences and, on
 * average, one to three roots. `select` draws nothing (one uniform with random ties).
 *
 * @throws RangeError if `arms` is not a positive integer, `c` is negative or the variance is not positive
 *
 * @example
 * const policy = klUcb({ arms: 2 });
 * let state = policy.update(policy.update(policy.init(), 0, 1), 1, 0);
 * policy.select(state, createRng('demo')); //=> 0
 */
export function klUcb(options: KlUcbOptions): BanditPolicy<KlUcbState> {
  const c = checkNumber('c', options.c ?? 0, 0);
  return klPolicy('klUcb', options, (t) => {
    const logT = log(t);
    return logT + c * log(Math.max(1, logT));
  });
}

/**
 * The policy KL-UCB+, the level ln(t / N[a]) in place of ln t (0 where that is negative). arXiv:1210.1136, Section 3.
 *
 * @throws RangeError as `klUcb`
 */
export function klUcbPlus(options: Omit<KlUcbOptions, 'c'>): BanditPolicy<KlUcbState> {
  return klPolicy('klUcbPlus', options, undefined);
}

/** @param level N[a] d(., q) at most this in round t; undefined stands for ln(t / N[a]) */
function klPolicy(
  name: string,
  options: Omit<KlUcbOptions, 'c'>,
  level: ((t: number) => number) | undefined,
): BanditPolicy<KlUcbState> {
  const K = checkInteger('arms', options.arms, 1);
  const ties = checkTies(options);
  const family = options.family ?? 'bernoulli';
  checkKlFamily(family);
  const kl: KlOptions = { family, variance: checkNumber('variance', options.variance ?? 1, Number.MIN_VALUE) };
  const scale = rewardScale(options, family === 'bernoulli', leastReward(family));
  const lazy = family === 'bernoulli' && ties === 'first';
  const scratch = new Float64Array(lazy ? 0 : K);
  const memo = rootMemo((sum, count, budget) => bernoulliUpper(sum / count, budget / count));

  function scores({ t, counts, sums }: KlUcbState, out = new Float64Array(K)): Float64Array {
    const shared = level === undefined ? 0 : level(t + 1);
    for (let a = 0; a < K; a++) {
      const n = counts[a];
      const budget = level === undefined ? Math.max(0, log((t + 1) / n)) : shared;
      out[a] = n === 0 ? Infinity : klInverseUpper(sums[a] / n, budget / n, kl);
    }
    return out;
  }

  return {
    name,
    arms: K,
    init: () => ({ ...initArmSums(K), last: -1 }),
    select(state, rng) {
      if (!lazy) return selectLargest(scores(state, scratch), ties, rng);
      const { t, counts, sums } = state;
      for (let a = 0; a < K; a++) if (counts[a] === 0) return a;
      const shared = level === undefined ? 0 : level(t + 1);
      memo.clear();
      let best = Math.max(0, state.last);
      const first = level === undefined ? Math.max(0, log((t + 1) / counts[best])) : shared;
      let b = memo.root(sums[best], counts[best], first);
      for (let a = 0, start = best; a < K; a++) {
        if (a === start) continue;
        const n = counts[a];
        const budget = level === undefined ? Math.max(0, log((t + 1) / n)) : shared;
        const mean = sums[a] / n;
        if (mean < b && b <= NEAR_ONE) {
          const d = b - mean;
          if (2 * d * d * n > budget * MARGIN) continue; // Pinsker: d(mean, b) >= 2 (b - mean)²
          if (bernoulliKl(mean, b) * n > budget * MARGIN) continue;
        }
        const q = memo.root(sums[a], n, budget);
        if (q > b || (q === b && a < best)) {
          b = q;
          best = a;
        }
      }
      return best;
    },
    update(state, arm, reward, out) {
      const next = updateArmSums(state, arm, reward, out, K, scale) as KlUcbState;
      next.last = arm;
      return next;
    },
    scores,
  };
}

/** The least reward that a family allows. */
export function leastReward(family: KlFamily): number {
  return family === 'gaussian' ? -Number.MAX_VALUE : 0;
}

// An arm is passed over only if its index is below b by more than the rounding of either, 1e-9 of the level; next to 1,
// where different roots can round to one number, none is passed over.
const MARGIN = 1 + 1e-9;
const NEAR_ONE = 1 - 1e-6;

/** Roots of this round by (sum, count): arms with one history share one. Scratch only, cleared before every use. */
export function rootMemo(rootOf: (sum: number, count: number, budget: number) => number): {
  clear(): void;
  root(sum: number, count: number, budget: number): number;
} {
  const SLOTS = 64;
  const sums = new Float64Array(SLOTS);
  const counts = new Int32Array(SLOTS);
  const roots = new Float64Array(SLOTS);
  return {
    clear() {
      counts.fill(0);
    },
    root(sum, count, budget) {
      const slot = (Math.imul(count, 0x9e3779b1) ^ Math.imul(sum | 0, 0x85ebca6b)) >>> 26;
      if (counts[slot] !== count || sums[slot] !== sum) {
        counts[slot] = count;
        sums[slot] = sum;
        roots[slot] = rootOf(sum, count, budget);
      }
      return roots[slot];
    },
  };
}
