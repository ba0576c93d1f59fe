/**
 * The knowledge gradient over a continuous domain by one joint search: the point and the maximizers after its outcomes are
 * optimized together.
 *
 * M. Balandat et al., arXiv:1910.06403, section 4.2.
 *
 *   paper     here          meaning
 *   z_m       z             fixed quantiles of the standard normal law
 *   x'_m      maximizers    where μ_{n+1} is largest after outcome m
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import type { Rng } from '../../random/create-rng.js';
import { normalQuantile } from '../../special/normal.js';
import type { GpState } from '../gp/gp-state.js';
import { averageNoise } from '../gp/predict.js';
import type { Acquisition } from './acquisition.js';
import type { Bounds } from './bounds.js';
import { knowledgeGradientAcquisition } from './knowledge-gradient.js';
import { bestOfMean, candidates, lineMaximizers, linesOn, rowsOf, valueOnSet } from './knowledge-gradient-lines.js';
import { optimizeAcquisition } from './optimize-acquisition.js';
import { gpPosterior } from './posterior.js';
import { posteriorCovariance } from './posterior-covariance.js';

export interface KnowledgeGradientSearchOptions {
  rng: Rng;
  /** Fantasies M. Default 16, for the hybrid 8. */
  fantasies?: number;
  /** Noise variance of the observation. Default: the model's. */
  noise?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
  /** Starts of the search. Default 4. */
  restarts?: number;
}

export interface KnowledgeGradientResult {
  x: Float64Array;
  /** Its knowledge gradient, by the finite set of maximizers that was found for it: a lower bound of the true one. */
  value: number;
}

/**
 * One-shot objective of x and the maximizers x'_1..x'_M, as one point of d (M + 1) coordinates:
 * (1/M) Σ_m [μ(x'_m) + σ̃(x'_m, x) z_m] - max μ, with z_m = Φ⁻¹((m - ½)/M) fixed. Its maximum over the x'_m is the
 * knowledge gradient of x, with the expectation replaced by M quantiles.
 *
 * @param bestMean max μ_n over the domain, sign included
 */
export function oneShotKnowledgeGradient(
  gp: GpState,
  {
    fantasies = 16,
    noise = averageNoise(gp),
    maximize = true,
    bestMean,
  }: Omit<KnowledgeGradientSearchOptions, 'rng' | 'restarts'> & { bestMean: number },
): Acquisition {
  const M = checkInteger('fantasies', fantasies, 1);
  checkNumber('noise', noise, 0);
  checkNumber('bestMean', bestMean);
  const d = gp.d;
  const sign = maximize ? 1 : -1;
  // Two of them, as a pullback is good until the next point only.
  const posterior = gpPosterior(gp);
  const atMaximizers = gpPosterior(gp);
  const covariance = posteriorCovariance(gp);
  const z = Float64Array.from({ length: M }, (_, m) => normalQuantile((m + 0.5) / M));
  return {
    value(joint, gradient) {
      const x = joint.slice(0, d);
      gradient?.fill(0);
      const at = posterior.at(x, gradient !== undefined);
      const scale = Math.sqrt(at.std * at.std + noise);
      const slopeX = new Float64Array(d);
      const slopePrime = new Float64Array(d);
      const own = new Float64Array(d);
      let total = 0;
      let shrink = 0;
      for (let m = 0; m < M; m++) {
        const from = d * (m + 1);
        const prime = joint.slice(from, from + d);
        const atPrime = atMaximizers.at(prime, gradient !== undefined);
        slopeX.fill(0);
        slopePrime.fill(0);
        const shared = covariance(prime, x, gradient === undefined ? undefined : [slopePrime, slopeX]);
        total += sign * atPrime.mean + (shared / scale) * z[m];
        if (gradient === undefined) continue;
        own.fill(0);
        atPrime.pullback(sign / M, 0, own);
        for (let k = 0; k < d; k++) {
          gradient[from + k] = own[k] + (z[m] * slopePrime[k]) / (scale * M);
          gradient[k] += (z[m] * slopeX[k]) / (scale * M);
        }
        shrink += (z[m] * shared) / M;
      }
      if (gradient !== undefined) {
        own.fill(0);
        at.pullback(0, (-shrink * at.std) / (scale * scale * scale), own);
        for (let k = 0; k < d; k++) gradient[k] += own[k];
      }
      return total / M - bestMean;
    },
  };
}

/**
 * The point of largest knowledge gradient in a box, by the one-shot form: starts from the best points of the discrete
 * knowledge gradient, with every x'_m at the best point of its own line, then one joint quasi-Newton search.
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 0.3 }), [[0.1], [0.9]], [0, 1], { noise: 0.01 });
 * knowledgeGradient(gp, [[0, 1]], { rng: createRng(1) }).value > 0; //=> true
 */
export function knowledgeGradient(
  gp: GpState,
  bounds: Bounds,
  options: KnowledgeGradientSearchOptions,
): KnowledgeGradientResult {
  const { rng, fantasies = 16, maximize = true, restarts = 4 } = options;
  checkInteger('restarts', restarts, 1);
  const noise = options.noise ?? averageNoise(gp);
  const d = bounds.length;
  const sign = maximize ? 1 : -1;
  const domain = candidates(gp, bounds, 256, rng);
  const bestMean = bestOfMean(gp, bounds, sign, domain);
  const lines = linesOn(gp, domain, noise);
  const objective = oneShotKnowledgeGradient(gp, { fantasies, noise, maximize, bestMean });
  const discrete = knowledgeGradientAcquisition(gp, { domain, noise, maximize });
  const starts: Float64Array[] = [];
  for (let r = 0; r < restarts; r++) {
    starts.push(optimizeAcquisition(discrete, bounds, { rng, rawSamples: 32, restarts: 1, maxIterations: 20 }).x);
  }
  const lower = new Float64Array(d * (fantasies + 1));
  const upper = lower.slice();
  for (let p = 0; p < lower.length; p++) [lower[p], upper[p]] = bounds[p % d];
  let best: KnowledgeGradientResult | undefined;
  for (const x of starts) {
    const joint = new Float64Array(lower.length);
    joint.set(x);
    lineMaximizers(domain, lines(x), sign, fantasies).forEach((prime, m) => joint.set(prime, d * (m + 1)));
    const { x: end } = minimizeLbfgsb(
      (point, gradient) => {
        const value = objective.value(point, gradient);
        for (let p = 0; p < gradient.length; p++) gradient[p] = -gradient[p];
        return -value;
      },
      joint,
      { lower, upper, maxIterations: 60 },
    );
    const found = end.slice(0, d);
    const maximizers = Array.from({ length: fantasies }, (_, m) => end.slice(d * (m + 1), d * (m + 2)));
    const value = valueOnSet(gp, found, [...maximizers, ...rowsOf(domain)], noise, maximize, bestMean);
    if (best === undefined || value > best.value) best = { x: found, value };
  }
  return best!;
}
