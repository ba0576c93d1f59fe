/**
 * UCB1, optimism in the face of uncertainty for stochastic K-armed bandits.
 *
 * P. Auer, N. Cesa-Bianchi, P. Fischer, "Finite-time Analysis of the Multiarmed Bandit Problem",
 * Machine Learning 47 (2002) 235-256, doi:10.1023/A:1013689704352. Figure 1 and Theorem 1.
 *
 *   paper      here                     meaning
 *   K          arms                     number of arms
 *   n          state.t                  plays so far
 *   n_j        state.counts[j]          plays of arm j so far
 *   x̄_j        sums[j] / counts[j]      mean reward of arm j so far
 *   Δ_j        gaps[j]                  μ* - μ_j
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import type { BanditPolicy } from '../bandit.js';
import { type LineIndexOptions, lineIndexPolicy, type LineIndexState } from './line-index-policy.js';

/** All that UCB1 remembers. */
export type Ucb1State = LineIndexState;

export interface Ucb1Options extends LineIndexOptions {
  /** Width c of the bonus sqrt(c ln t / n_j). Default 2, the constant for which Theorem 1 holds. */
  exploration?: number;
}

/**
 * The policy UCB1: play an arm never played; else the arm with the largest `ucb1Index`, ties to the lowest arm.
 *
 * Deterministic: `select` draws nothing from `rng` (one uniform with random ties). Theorem 1 asks for rewards in [0, 1];
 * any finite reward is accepted. A round costs O(K) with the scan and O(log K) with the kinetic tournament, which is the
 * default from 64 arms on and plays the same arms.
 *
 * @throws RangeError if `arms` is not a positive integer or `exploration` is negative or not finite
 *
 * @example
 * const policy = ucb1({ arms: 3 });
 * let state = policy.init();
 * policy.select(state, createRng('demo')); //=> 0
 * state = policy.update(state, 0, 1);
 * policy.select(state, createRng('demo')); //=> 1
 */
export function ucb1(options: Ucb1Options): BanditPolicy<Ucb1State> {
  const c = checkNumber('exploration', options.exploration ?? 2, 0);
  return lineIndexPolicy('ucb1', options, (t) => c * log(t));
}

/** The index of Figure 1, x̄ + sqrt(c ln t / n), for an arm with mean reward `mean` in n plays out of t. */
export function ucb1Index(mean: number, n: number, t: number, exploration = 2): number {
  return mean + Math.sqrt((exploration * log(t)) / n);
}

/**
 * Theorem 1: the expected regret of UCB1 after `horizon` plays is at most
 *
 *   8 Σ_{j: Δ_j > 0} ln(n) / Δ_j + (1 + π²/3) Σ_j Δ_j,
 *
 * for independent rewards in [0, 1] and exploration 2.
 *
 * @param gaps Δ_j = μ* - μ_j for every arm, the best arm's zero included or not
 *
 * @example
 * ucb1RegretBound([0, 0.2], 1000).toFixed(3); //=> '277.168'
 */
export function ucb1RegretBound(gaps: ArrayLike<number>, horizon: number): number {
  checkVector('gaps', gaps);
  checkInteger('horizon', horizon, 1);
  let inverses = 0;
  let total = 0;
  for (let j = 0; j < gaps.length; j++) {
    const gap = checkNumber(`gaps[${j}]`, gaps[j], 0);
    if (gap > 0) inverses += 1 / gap;
    total += gap;
  }
  return 8 * log(horizon) * inverses + (1 + (Math.PI * Math.PI) / 3) * total;
}
