/**
 * Asymptotically optimal UCB for subgaussian rewards.
 *
 * T. Lattimore, C. Szepesvári, "Bandit Algorithms", Cambridge University Press (2020), Algorithm 6 and Theorem 8.1.
 *
 *   book       here             meaning
 *   f(t)       1 + t ln² t      t = plays so far + 1
 *   σ          sigma            rewards are σ-subgaussian; 1/2 for rewards in [0, 1]
 */
import { checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import type { BanditPolicy } from '../bandit.js';
import { type LineIndexOptions, lineIndexPolicy, type LineIndexState } from './line-index-policy.js';

export interface UcbAsymptoticOptions extends LineIndexOptions {
  /** Subgaussian constant σ of the rewards, positive. Default 1/2: rewards in [0, 1] (Hoeffding's lemma). */
  sigma?: number;
}

/**
 * The policy: each arm once, then the largest m_i + σ sqrt(2 ln(1 + t ln² t) / n_i).
 *
 * Deterministic; O(K) a round by the scan, O(log K) by the kinetic tournament, the default from 64 arms on (`ucb1`).
 *
 * @throws RangeError if `arms` is not a positive integer or sigma is not positive
 *
 * @example
 * ucbAsymptotic({ arms: 2 }).select(ucbAsymptotic({ arms: 2 }).init(), () => 0); //=> 0
 */
export function ucbAsymptotic(options: UcbAsymptoticOptions): BanditPolicy<LineIndexState> {
  const sigma = checkPositive('sigma', options.sigma ?? 0.5);
  return lineIndexPolicy('ucbAsymptotic', options, (plays) => exploration(plays + 1, sigma));
}

/**
 * m + σ sqrt(2 ln(1 + t ln² t) / n), t the round to be played, 1, 2, ...
 *
 * @example
 * ucbAsymptoticIndex(0.5, 3, 1); //=> 0.5
 */
export function ucbAsymptoticIndex(mean: number, n: number, t: number, sigma = 0.5): number {
  return mean + Math.sqrt(exploration(t, sigma) / n);
}

/**
 * Theorem 8.1: limsup regret(T) / ln T <= 2 σ² Σ_{i: Δ_i > 0} 1 / Δ_i.
 *
 * @example
 * ucbAsymptoticConstant([0, 0.25]); //=> 2
 */
export function ucbAsymptoticConstant(gaps: ArrayLike<number>, sigma = 0.5): number {
  checkVector('gaps', gaps);
  let total = 0;
  for (let i = 0; i < gaps.length; i++) if (checkNumber(`gaps[${i}]`, gaps[i], 0) > 0) total += 1 / gaps[i];
  return 2 * checkPositive('sigma', sigma) * sigma * total;
}

function exploration(t: number, sigma: number): number {
  const logT = log(t);
  return 2 * sigma * sigma * log1p(t * logT * logT);
}
