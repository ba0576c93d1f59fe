/**
 * Bayes-UCB: the quantile of the posterior as an index.
 *
 * E. Kaufmann, O. Cappé, A. Garivier, "On Bayesian Upper Confidence Bounds for Bandit Problems", AISTATS 2012, Algorithm 1
 * and Theorem 1 (Bernoulli rewards, Beta priors).
 *
 *   paper             here                                meaning
 *   t                 state.t + 1                         the round to be played, 1, 2, ...
 *   S_t(j), N_t(j)    sums[j], counts[j]
 *   Q(1 - 1/(t (ln n)^c), Beta(S+1, N-S+1))               the index; ln t, at least 1, stands for ln n, the horizon's
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { betaInc, betaQuantile } from '../../special/beta.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { initArmSums, updateArmSums } from '../arm-sums.js';
import { rewardScale } from '../reward-scale.js';
import { checkTies, selectLargest } from '../ties.js';
import type { IndexPolicy, IndexPolicyOptions } from './index-policy.js';
import { type KlUcbState, rootMemo } from './kl-ucb.js';

export interface BayesUcbOptions extends IndexPolicyOptions {
  /** First parameter of every prior, positive. Default 1: uniform. */
  priorA?: number;
  /** Second parameter of every prior, positive. Default 1. */
  priorB?: number;
  /** Power of ln t in the level, at least 0. Default 0, as the paper recommends in practice; Theorem 1 has 5. */
  c?: number;
}

/**
 * The policy Bayes-UCB for rewards in [0, 1]: each arm once, then the largest `bayesUcbIndex`, ties to the lowest arm.
 *
 * A quantile is found only for arms that can win: with b the largest index so far, an arm whose posterior puts less than
 * the level above b has its index below b. A round costs K incomplete beta functions at most, most of them saved by the
 * sub-Gaussian bound of the beta law, and a few quantiles. `select` draws nothing (one uniform with random ties).
 *
 * @throws RangeError if `arms` is not a positive integer, a prior parameter is not positive or c is negative
 *
 * @example
 * const policy = bayesUcb({ arms: 2 });
 * policy.select(policy.update(policy.update(policy.init(), 0, 0), 1, 1), () => 0); //=> 1
 */
export function bayesUcb(options: BayesUcbOptions): IndexPolicy<KlUcbState> {
  const K = checkInteger('arms', options.arms, 1);
  const a0 = checkPositive('priorA', options.priorA ?? 1);
  const b0 = checkPositive('priorB', options.priorB ?? 1);
  const c = checkNumber('c', options.c ?? 0, 0);
  const ties = checkTies(options);
  const scale = rewardScale(options, true);
  const scratch = new Float64Array(ties === 'random' ? K : 0);
  const memo = rootMemo((sum, count, tail) => upperQuantile(tail, a0 + sum, b0 + (count - sum)));
  // A Beta(A, B) law is sub-Gaussian with variance proxy 1/(4 (A + B + 1)) (Marchal, Arbel 2017); so with tail δ its quantile is at most
  // mean + sqrt(ln(1/δ) / (2 (A + B + 1))).
  function scores({ t, counts, sums }: KlUcbState, out = new Float64Array(K)): Float64Array {
    const tail = tailOf(t + 1, c);
    for (let i = 0; i < K; i++) {
      out[i] = counts[i] === 0 ? Infinity : upperQuantile(tail, a0 + sums[i], b0 + (counts[i] - sums[i]));
    }
    return out;
  }
  return {
    name: 'bayesUcb',
    arms: K,
    init: () => ({ ...initArmSums(K), last: -1 }),
    select(state, rng) {
      if (ties === 'random') return selectLargest(scores(state, scratch), ties, rng);
      const { t, counts, sums } = state;
      for (let i = 0; i < K; i++) if (counts[i] === 0) return i;
      const tail = tailOf(t + 1, c);
      const reach = -log(tail) / 2;
      memo.clear();
      let best = Math.max(0, state.last);
      let b = memo.root(sums[best], counts[best], tail);
      for (let i = 0, start = best; i < K; i++) {
        if (i === start) continue;
        const A = a0 + sums[i];
        const B = b0 + (counts[i] - sums[i]);
        if (b <= NEAR_ONE) {
          const d = b - A / (A + B);
          if (d > 0 && d * d * (A + B + 1) > reach * MARGIN) continue;
          if (d > 0 && betaInc(1 - b, B, A) * MARGIN < tail) continue;
        }
        const q = memo.root(sums[i], counts[i], tail);
        if (q > b || (q === b && i < best)) {
          b = q;
          best = i;
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

/**
 * The quantile of Beta(priorA + successes, priorB + failures) at 1 - 1/(t (max(1, ln t))^c).
 *
 * It is found from the other end, as 1 - the quantile of the mirrored law at 1/(t ...), which keeps its digits when t is large.
 *
 * @param t the round to be played, at least 1
 * @throws RangeError if a count is negative, t is below 1 or a prior parameter is not positive
 *
 * @example
 * bayesUcbIndex(0, 0, 4); //=> 0.75
 */
export function bayesUcbIndex(
  successes: number,
  failures: number,
  t: number,
  { priorA = 1, priorB = 1, c = 0 }: { priorA?: number; priorB?: number; c?: number } = {},
): number {
  checkNumber('successes', successes, 0);
  checkNumber('failures', failures, 0);
  checkNumber('t', t, 1);
  return upperQuantile(
    tailOf(t, checkNumber('c', c, 0)),
    checkPositive('priorA', priorA) + successes,
    checkPositive('priorB', priorB) + failures,
  );
}

// An arm is passed over only if its posterior puts clearly less than the level above b: the quantile is good to 1e-13, which
// moves the tail by less than 1e-6 of itself for up to 1e6 plays. Next to 1 different quantiles can round to one number.
const MARGIN = 1 + 1e-6;
const NEAR_ONE = 1 - 1e-6;

function tailOf(t: number, c: number): number {
  return c === 0 ? 1 / t : 1 / (t * pow(Math.max(1, log(t)), c));
}

function upperQuantile(tail: number, A: number, B: number): number {
  return 1 - betaQuantile(tail, B, A);
}
