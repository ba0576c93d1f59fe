// How many independent draws a set of Markov chains is worth.
//
// A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner, "Rank-normalization, folding, and localization: an
// improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16 (2021) 667-718, equations 1-4 and 10-13;
// autocorrelations summed to the initial monotone sequence of C. J. Geyer, Statist. Sci. 7 (1992) 473-483.
//
//   N draws in each of M chains (after splitting), W within-chain and B/N between-chain variance,
//   var⁺ = (N - 1)/N W + B/N,   ρ̂_t = 1 - (W - mean autocovariance at lag t)/var⁺,   P̂_k = ρ̂_2k + ρ̂_(2k+1)
//   S_eff = M N / τ̂,   τ̂ = -1 + 2 Σ_k P̂'_k,   P̂' the positive, then the non-increasing part of P̂

import { checkVector } from '../internal/check.js';
import { log10 } from '../special/log10.js';
import { mean as meanOf, variance } from '../stats/moments.js';

/**
 * Effective sample size for the mean of a scalar over several chains of equal length, each split in halves: the number of
 * independent draws whose mean has the same standard error. Chains that disagree lower it. At most S log10 S for S draws in
 * all, as antithetic chains may be worth more than independent draws; S itself when every draw is the same.
 *
 * The autocovariances are summed directly, four lags at a time, and no further than the first pair that is not positive:
 * O(S lags), which is below a Fourier transform of all lags unless a chain hardly moves.
 *
 * @param chains at least one chain, each of the same length, at least 4
 * @throws RangeError if there is no chain, the lengths differ or are below 4, or a value is not finite
 *
 * @example
 * const rng = createRng(2);
 * let x = 0;
 * const chain = Array.from({ length: 4000 }, () => (x = 0.8 * x + sampleNormal(rng)));
 * const worth = effectiveSampleSize([chain]); // (1 - ρ)/(1 + ρ) of 4000 in expectation: 444
 * worth > 300 && worth < 600; //=> true
 */
export function effectiveSampleSize(chains: readonly ArrayLike<number>[]): number {
  checkChains(chains);
  return essOf(splitChains(chains));
}

export function checkChains(chains: readonly ArrayLike<number>[]): void {
  if (chains.length === 0) throw new RangeError('chains must not be empty');
  const n = chains[0].length;
  if (!(n >= 4)) throw new RangeError(`chains[0] must have length at least 4, got ${n}`);
  chains.forEach((chain, c) => checkVector(`chains[${c}]`, chain, n));
}

/** Both halves of every chain; the middle draw of an odd length is left out. */
export function splitChains(chains: readonly ArrayLike<number>[]): Float64Array[] {
  const half = Math.floor(chains[0].length / 2);
  return chains.flatMap((chain) => {
    const values = Float64Array.from(chain);
    return [values.slice(0, half), values.slice(values.length - half)];
  });
}

/** S_eff of chains that are split already. */
export function essOf(chains: readonly Float64Array[]): number {
  const n = chains[0].length;
  const total = chains.length * n;
  const means = chains.map((chain) => meanOf(chain));
  const within = meanOf(chains.map((chain) => variance(chain)));
  const pooled = ((n - 1) / n) * within + variance(means);
  if (!(pooled > 0)) return total; // constant
  const centered = chains.map((chain, c) => chain.map((x) => x - means[c]));
  const covariances = new Float64Array(4);
  let pairSum = 0;
  let previous = Infinity;
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const at = lag & 2; // two pairs are ready at a time
    if (at === 0) lagProducts(centered, lag, covariances);
    const even = lag === 0 ? 1 : 1 - (within - covariances[at] / total) / pooled;
    const pair = even + (1 - (within - covariances[at + 1] / total) / pooled);
    if (!(pair > 0)) break;
    previous = Math.min(previous, pair);
    pairSum += previous;
  }
  return total / Math.max(-1 + 2 * pairSum, 1 / log10(total));
}

/** Σ_chains Σ_i x_i x_(i + lag) at four lags from `lag` on, each with one accumulator in increasing i, chain by chain. */
function lagProducts(chains: readonly Float64Array[], lag: number, out: Float64Array): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (const x of chains) {
    const n = x.length;
    let i = 0;
    for (; i + lag + 3 < n; i++) {
      const v = x[i];
      s0 += v * x[i + lag];
      s1 += v * x[i + lag + 1];
      s2 += v * x[i + lag + 2];
      s3 += v * x[i + lag + 3];
    }
    for (; i + lag < n; i++) {
      s0 += x[i] * x[i + lag];
      if (i + lag + 1 < n) s1 += x[i] * x[i + lag + 1];
      if (i + lag + 2 < n) s2 += x[i] * x[i + lag + 2];
    }
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
}
