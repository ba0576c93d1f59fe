/**
 * MOSS, the index policy whose worst-case regret is of the minimax order sqrt(K T), and its anytime form.
 *
 * J.-Y. Audibert, S. Bubeck, "Minimax Policies for Adversarial and Stochastic Bandits", COLT 2009;
 * R. Degenne, V. Perchet, "Anytime Optimal Algorithms in Stochastic Multi-Armed Bandits", ICML 2016.
 *
 *   paper      here                     meaning
 *   n, T       horizon                  number of rounds
 *   K          arms                     number of arms
 *   T_i(t)     counts[i]                plays of arm i
 *   α          alpha                    width of the anytime bonus
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { log } from '../../special/log.js';
import type { ArmSums } from '../arm-sums.js';
import { indexPolicy, type IndexPolicy, type IndexPolicyOptions } from './index-policy.js';

export interface MossOptions extends IndexPolicyOptions {
  /** T, the number of rounds; at least the number of arms. */
  horizon: number;
}

export interface MossAnytimeOptions extends IndexPolicyOptions {
  /** Width α of the bonus, above 0. Default 1.35, the paper's. */
  alpha?: number;
}

/**
 * The policy MOSS: each arm once, then the largest `mossIndex`. `select` is O(K) and draws nothing (one uniform with random ties).
 *
 * @throws TypeError if there is no horizon
 * @throws RangeError if `arms` is not a positive integer or the horizon is below it
 *
 * @example
 * const policy = moss({ arms: 2, horizon: 100 });
 * policy.scores(policy.update(policy.init(), 0, 0.5))[1]; //=> Infinity
 */
export function moss(options: MossOptions): IndexPolicy<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const T = checkHorizon(options.horizon, K);
  return indexPolicy('moss', options, false, (state, out) => mossScores(state, T, 1, out));
}

/**
 * The anytime policy: MOSS with the round t in place of the horizon and the bonus sqrt((1+α)/2) times as wide.
 *
 * Regret O(sqrt(K T)) at every T, for independent rewards in [0, 1] (Degenne and Perchet).
 *
 * @throws RangeError if `arms` is not a positive integer or alpha is not positive
 *
 * @example
 * mossAnytime({ arms: 3 }).name; //=> 'mossAnytime'
 */
export function mossAnytime(options: MossAnytimeOptions): IndexPolicy<ArmSums> {
  const width = (1 + checkNumber('alpha', options.alpha ?? 1.35, Number.MIN_VALUE)) / 2;
  return indexPolicy('mossAnytime', options, false, (state, out) => mossScores(state, state.t + 1, width, out));
}

/**
 * m + sqrt(max(0, ln(T / (K n))) / n).
 *
 * @example
 * mossIndex(0.5, 25, { arms: 4, horizon: 100 }); //=> 0.5
 */
export function mossIndex(mean: number, n: number, { arms, horizon }: { arms: number; horizon: number }): number {
  return mean + bonus(horizon / (arms * n), 1, n);
}

/**
 * m + sqrt((1 + α)/2 max(0, ln(t / (K n))) / n), t the round to be played, 1, 2, ...
 *
 * @example
 * mossAnytimeIndex(0.5, 25, { arms: 4, t: 100 }); //=> 0.5
 */
export function mossAnytimeIndex(
  mean: number,
  n: number,
  { arms, t, alpha = 1.35 }: { arms: number; t: number; alpha?: number },
): number {
  return mean + bonus(t / (arms * n), (1 + alpha) / 2, n);
}

/**
 * Audibert and Bubeck: the expected regret of MOSS for rewards in [0, 1] is at most 49 sqrt(K T).
 *
 * @example
 * mossRegretBound({ arms: 4, horizon: 2500 }); //=> 4900
 */
export function mossRegretBound({ arms, horizon }: { arms: number; horizon: number }): number {
  checkInteger('arms', arms, 1);
  return 49 * Math.sqrt(arms * checkInteger('horizon', horizon, 1));
}

/** @throws TypeError without a horizon, RangeError if it is below the number of arms */
export function checkHorizon(horizon: number | undefined, K: number): number {
  if (horizon === undefined) throw new TypeError('horizon must be given');
  return checkInteger('horizon', horizon, K);
}

function mossScores(
  { counts, sums }: ArmSums,
  t: number,
  width: number,
  out: Float64Array = new Float64Array(counts.length),
): Float64Array {
  const K = counts.length;
  for (let i = 0; i < K; i++) {
    const n = counts[i];
    if (n === 0) out[i] = Infinity;
    else out[i] = sums[i] / n + bonus(t / (K * n), width, n);
  }
  return out;
}

function bonus(ratio: number, width: number, n: number): number {
  return ratio > 1 ? Math.sqrt((width * log(ratio)) / n) : 0;
}
