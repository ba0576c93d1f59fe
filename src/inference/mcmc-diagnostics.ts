// Whether Markov chains have mixed, and how exact what they say is.
//
// A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner, "Rank-normalization, folding, and localization: an
// improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16 (2021) 667-718, sections 3 and 4.
//
//   S draws in all, r rank of a draw among them;  z = Φ^-1((r - 3/8)/(S + 1/4));  ζ = |θ - median θ| (folded)

import { checkNumber } from '../internal/check.js';
import { betaQuantile } from '../special/beta.js';
import { normalCdf, normalQuantile } from '../special/normal.js';
import { mean as meanOf, quantileOfSorted, variance } from '../stats/moments.js';
import { ranks } from '../stats/ranks.js';
import { checkChains, essOf, splitChains } from './effective-sample-size.js';

export interface McmcDiagnostics {
  /** Over all draws, as is the deviation. */
  mean: number;
  standardDeviation: number;
  /** Rank-normalized split R-hat, the larger of bulk and folded; below 1.01 is good. 1 when every draw is the same, Infinity when each chain stands still elsewhere. */
  rHat: number;
  /** Effective sample size of the bulk, after rank normalization. */
  bulkEss: number;
  /** The smaller of the effective sample sizes of the 5 % and the 95 % quantile. */
  tailEss: number;
  /** standardDeviation / √ess, with the effective sample size of the values themselves. */
  standardErrorOfMean: number;
}

/**
 * Diagnostics of one scalar over several chains of equal length, each split in halves. O(S (log S + lags)).
 *
 * @param chains at least one chain, each of the same length, at least 4
 * @throws RangeError if there is no chain, the lengths differ or are below 4, or a value is not finite
 *
 * @example
 * const rng = createRng(5);
 * const chain = (shift) => Array.from({ length: 500 }, () => sampleNormal(rng) + shift);
 * mcmcDiagnostics([chain(0), chain(0)]).rHat < 1.02; //=> true
 * mcmcDiagnostics([chain(0), chain(1)]).rHat > 1.1; //=> true
 */
export function mcmcDiagnostics(chains: readonly ArrayLike<number>[]): McmcDiagnostics {
  checkChains(chains);
  const halves = splitChains(chains);
  const all = concatenate(chains);
  const standardDeviation = Math.sqrt(variance(all));
  const sorted = all.slice().sort();
  const median = quantileOfSorted(sorted, 0.5);
  const bulk = rankNormalize(halves);
  const folded = rankNormalize(halves.map((half) => half.map((x) => Math.abs(x - median))));
  const ess = (p: number) => essOfLevel(halves, quantileOfSorted(sorted, p));
  return {
    mean: meanOf(all),
    standardDeviation,
    rHat: Math.max(splitRHat(bulk), splitRHat(folded)),
    bulkEss: essOf(bulk),
    tailEss: Math.min(ess(0.05), ess(0.95)),
    standardErrorOfMean: standardDeviation / Math.sqrt(essOf(halves)),
  };
}

export interface McmcQuantile {
  quantile: number;
  /** Effective sample size of the indicator that a draw is at most the quantile. */
  ess: number;
  /** Half the width of [low, high]. */
  standardError: number;
  /** Draws that bracket the quantile as ±1 standard error brackets a mean. */
  low: number;
  high: number;
}

/**
 * A quantile of the draws with its Monte Carlo error, section 4.3: with a and b the Φ(∓1) quantiles of
 * Beta(p S_eff + 1, (1 - p) S_eff + 1), low and high are the order statistics number ⌊a S⌋ and ⌈b S⌉. O(S (log S + lags)).
 *
 * @param p in [0, 1]; type 7, as `quantile` of stats
 * @throws RangeError as `mcmcDiagnostics`, or if p is outside [0, 1]
 *
 * @example
 * const rng = createRng(6);
 * const { quantile, standardError } = mcmcQuantile([Array.from({ length: 1000 }, rng)], 0.9);
 * Math.abs(quantile - 0.9) < 5 * standardError; //=> true
 */
export function mcmcQuantile(chains: readonly ArrayLike<number>[], p: number): McmcQuantile {
  checkChains(chains);
  checkNumber('p', p, 0, 1);
  const sorted = concatenate(chains).sort();
  const S = sorted.length;
  const quantile = quantileOfSorted(sorted, p);
  const ess = essOfLevel(splitChains(chains), quantile);
  const bound = (z: number) => betaQuantile(normalCdf(z), ess * p + 1, ess * (1 - p) + 1);
  const low = sorted[Math.max(Math.floor(bound(-1) * S), 1) - 1];
  const high = sorted[Math.min(Math.ceil(bound(1) * S), S) - 1];
  return { quantile, ess, standardError: (high - low) / 2, low, high };
}

/** Effective sample size of the indicator θ <= level. */
function essOfLevel(chains: readonly Float64Array[], level: number): number {
  return essOf(chains.map((chain) => chain.map((x) => (x <= level ? 1 : 0))));
}

function concatenate(chains: readonly ArrayLike<number>[]): Float64Array {
  const n = chains[0].length;
  const all = new Float64Array(chains.length * n);
  chains.forEach((chain, c) => all.set(chain, c * n));
  return all;
}

/** z = Φ^-1((rank - 3/8) / (S + 1/4)), ranks over all chains, ties averaged. */
function rankNormalize(chains: readonly Float64Array[]): Float64Array[] {
  const n = chains[0].length;
  const order = ranks(concatenate(chains));
  const size = order.length;
  return chains.map((_, c) =>
    Float64Array.from({ length: n }, (_, i) => normalQuantile((order[c * n + i] - 0.375) / (size + 0.25))),
  );
}

/** √(((n - 1)/n W + B/n) / W): between-chain against within-chain variance. */
function splitRHat(chains: readonly Float64Array[]): number {
  const n = chains[0].length;
  const within = meanOf(chains.map((chain) => variance(chain)));
  const between = n * variance(chains.map((chain) => meanOf(chain)));
  if (!(within > 0)) return between > 0 ? Infinity : 1;
  return Math.sqrt((n - 1) / n + between / (n * within));
}
