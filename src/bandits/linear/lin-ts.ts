/**
 * Linear Thompson sampling: θ̃ ~ N(θ̂, v² V^-1), then the best arm under θ̃.
 *
 * S. Agrawal, N. Goyal, "Thompson Sampling for Contextual Bandits with Linear Payoffs", ICML 2013, arXiv:1209.3352, Algorithm 1 and
 * Theorem 1 (v = R sqrt(9 d ln(t/δ)), here with the horizon for t); the Bayesian posterior for noise N(0, σ²) and prior
 * N(0, σ² Λ^-1) has v = σ.
 *
 * θ̃ = θ̂ + v L^-T z with V = L Lᵀ and z standard normal: the factor is unique, so samples are the same on every machine, which those
 * through eigenvectors are not.
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { solveUpperT } from '../../linalg/index.js';
import { sampleNormal } from '../../random/normal.js';
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import type { ContextualPolicy } from '../bandit.js';
import { armModels, type LinUcbState, type VariantOptions } from './arm-models.js';
import { innerProduct, type RidgeOptions, ridgeOf, squaredWidth } from './ridge-model.js';

export interface LinTsOptions extends Omit<RidgeOptions, 'engine'>, VariantOptions {
  /** Number of arms K. */
  arms: number;
  /** Noise deviation σ (also R of the frequentist width). Default 1/2. */
  noise?: number;
  /** Widens v to R sqrt(9 d ln(T/δ)), for the regret bound of Agrawal and Goyal. Absent: v = σ. */
  inflate?: { horizon: number; delta: number };
}

/**
 * The policy. Features are K × d numbers, row by row. 'shared' samples θ̃, d normals, O(K d + d²). 'disjoint' samples xᵀθ̃_i ~ N(xᵀθ̂_i, v² ||x||²) in
 * the norm of V_i^-1, one normal an arm in their order, which is the law of K independent θ̃_i for a cost of O(K d²). `update` O(d²).
 * `scores` are the posterior means.
 *
 * @throws RangeError if an option is out of range; by `select` and `update`, "features ..." if they have another length or are not finite
 *
 * @example
 * const policy = linTs({ arms: 2, dimension: 1, noise: 1e-9 });
 * policy.select(policy.update(policy.init(), [1, -1], 0, 1), [1, -1], createRng(1)); //=> 0
 */
export function linTs(options: LinTsOptions): ContextualPolicy<LinUcbState, ArrayLike<number>> & {
  scores(state: LinUcbState, features: ArrayLike<number>, out?: Float64Array): Float64Array;
} {
  const K = checkInteger('arms', options.arms, 1);
  const ridge = ridgeOf({ ...options, engine: 'cholesky' });
  const { d } = ridge;
  const { policy, disjoint, modelOf, check, place } = armModels(ridge, K, options);
  const v = linTsWidth({ ...options, dimension: d });
  const sampled = new Float64Array(d);
  return {
    ...policy,
    name: 'linTs',
    select({ models }, features, rng) {
      check(features);
      if (!disjoint) sampleAround(models[0].theta, models[0].factor, v, rng, sampled);
      let best = 0;
      let bestScore = -Infinity;
      for (let i = 0; i < K; i++) {
        const at = place(features, i);
        let s = innerProduct(disjoint ? models[i].theta : sampled, features, at);
        if (disjoint) s += v * Math.sqrt(squaredWidth(ridge, models[i], features, at)) * sampleNormal(rng);
        if (s > bestScore) {
          bestScore = s;
          best = i;
        }
      }
      return best;
    },
    scores(state, features, out = new Float64Array(K)) {
      check(features);
      for (let i = 0; i < K; i++) out[i] = innerProduct(modelOf(state, i).theta, features, place(features, i));
      return out;
    },
  };
}

/**
 * v: the noise, or R sqrt(9 d ln(T/δ)).
 *
 * @example
 * linTsWidth({ dimension: 3, noise: 2 }); //=> 2
 */
export function linTsWidth(options: {
  dimension: number;
  noise?: number;
  inflate?: { horizon: number; delta: number };
}): number {
  const noise = checkPositive('noise', options.noise ?? 0.5);
  if (options.inflate === undefined) return noise;
  const d = checkInteger('dimension', options.dimension, 1);
  const T = checkInteger('horizon', options.inflate.horizon, 1);
  const delta = checkNumber('delta', options.inflate.delta, 0, 1);
  if (delta === 0 || delta === 1) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
  return noise * Math.sqrt(9 * d * log(T / delta));
}

/** mean + scale L^-T z with z standard normal; one sample of N(mean, scale² (L Lᵀ)^-1). */
export function sampleAround(
  mean: Float64Array,
  L: Float64Array,
  scale: number,
  rng: Rng,
  out: Float64Array,
): Float64Array {
  const d = mean.length;
  for (let j = 0; j < d; j++) out[j] = sampleNormal(rng);
  solveUpperT(L, out, d, out);
  for (let j = 0; j < d; j++) out[j] = mean[j] + scale * out[j];
  return out;
}
