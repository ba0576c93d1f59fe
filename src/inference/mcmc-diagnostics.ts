// Whether Markov chains have mixed, and how many independent draws they are worth.
//
// A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner, "Rank-normalization, folding, and localization: an
// improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16 (2021); autocorrelations summed to Geyer's
// initial monotone sequence (C. J. Geyer, Statist. Sci. 7 (1992)).

import { checkVector } from '../internal/check.js';
import { log10 } from '../special/log10.js';
import { normalQuantile } from '../special/normal.js';
import { mean as meanOf, quantile, variance } from '../stats/moments.js';
import { ranks } from '../stats/ranks.js';

export interface McmcDiagnostics {
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
 * Diagnostics of one scalar over several chains of equal length, each split in halves. O(C n · lags).
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
export function mcmcDiagnostics(chains: ArrayLike<number>[]): McmcDiagnostics {
  if (chains.length === 0) throw new RangeError('chains must not be empty');
  const n = chains[0].length;
  if (!(n >= 4)) throw new RangeError(`chains[0] must have length at least 4, got ${n}`);
  chains.forEach((chain, c) => checkVector(`chains[${c}]`, chain, n));
  const halves = splitChains(chains);
  const all = concatenate(halves);
  const standardDeviation = Math.sqrt(variance(all));
  const median = quantile(all, 0.5);
  const bulk = rankNormalize(halves);
  const folded = rankNormalize(halves.map((half) => half.map((x) => Math.abs(x - median))));
  const [low, high] = [quantile(all, 0.05), quantile(all, 0.95)];
  const below = (level: number) => halves.map((half) => half.map((x) => (x <= level ? 1 : 0)));
  return {
    mean: meanOf(all),
    standardDeviation,
    rHat: Math.max(splitRHat(bulk), splitRHat(folded)),
    bulkEss: effectiveSampleSize(bulk),
    tailEss: Math.min(effectiveSampleSize(below(low)), effectiveSampleSize(below(high))),
    standardErrorOfMean: standardDeviation / Math.sqrt(effectiveSampleSize(halves)),
  };
}

/** Both halves of every chain; the middle draw of an odd length is left out. */
function splitChains(chains: ArrayLike<number>[]): Float64Array[] {
  const half = Math.floor(chains[0].length / 2);
  return chains.flatMap((chain) => {
    const values = Float64Array.from(chain);
    return [values.slice(0, half), values.slice(values.length - half)];
  });
}

function concatenate(chains: Float64Array[]): Float64Array {
  const n = chains[0].length;
  const all = new Float64Array(chains.length * n);
  chains.forEach((chain, c) => all.set(chain, c * n));
  return all;
}

/** z = Φ^-1((rank - 3/8) / (S + 1/4)), ranks over all chains, ties averaged. */
function rankNormalize(chains: Float64Array[]): Float64Array[] {
  const n = chains[0].length;
  const order = ranks(concatenate(chains));
  const size = order.length;
  return chains.map((_, c) =>
    Float64Array.from({ length: n }, (_, i) => normalQuantile((order[c * n + i] - 0.375) / (size + 0.25))),
  );
}

/** √(((n - 1)/n W + B/n) / W): between-chain against within-chain variance. */
function splitRHat(chains: Float64Array[]): number {
  const n = chains[0].length;
  const within = meanOf(chains.map((chain) => variance(chain)));
  const between = n * variance(chains.map((chain) => meanOf(chain)));
  if (!(within > 0)) return between > 0 ? Infinity : 1;
  return Math.sqrt((n - 1) / n + between / (n * within));
}

/** C n / (1 + 2 Σ ρ_t) with the sum cut at Geyer's initial monotone sequence; C n log10(C n) at most. */
function effectiveSampleSize(chains: Float64Array[]): number {
  const n = chains[0].length;
  const total = chains.length * n;
  const means = chains.map((chain) => meanOf(chain));
  const within = meanOf(chains.map((chain) => variance(chain)));
  const pooled = ((n - 1) / n) * within + variance(means);
  if (!(pooled > 0)) return total; // constant
  const correlation = (lag: number) => {
    let covariance = 0;
    chains.forEach((chain, c) => {
      for (let i = 0; i + lag < n; i++) covariance += (chain[i] - means[c]) * (chain[i + lag] - means[c]);
    });
    return 1 - (within - covariance / total) / pooled;
  };
  let pairSum = 0;
  let previous = Infinity;
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = (lag === 0 ? 1 : correlation(lag)) + correlation(lag + 1);
    if (!(pair > 0)) break;
    previous = Math.min(previous, pair);
    pairSum += previous;
  }
  const tau = Math.max(-1 + 2 * pairSum, 1 / log10(total));
  return total / tau;
}
