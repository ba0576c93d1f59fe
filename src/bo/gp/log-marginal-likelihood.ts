import { checkOptionNames, checkVector } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyInverse, choleskyLogDet, choleskySolve } from '../../linalg/triangular.js';
import { log } from '../../special/log.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { contractLower, kernelHyperparameters } from '../kernels/kernel-hyperparameters.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { checkMean, checkNoise, GP_NAMES, noisyGram, residuals, type GpMean, type GpOptions } from './gp-state.js';

const LOG_2PI = 1.8378770664093453;

export interface LogMarginalLikelihoodOptions extends GpOptions {
  /** Compute the gradient. Default false. */
  gradient?: boolean;
  /** Take the constant mean that is best for these hyper-parameters, in place of `mean`. Default false. */
  profile?: boolean;
}

export interface LogMarginalLikelihood {
  value: number;
  /**
   * By path of the hyper-parameter, in its natural logarithm; `noise` in the logarithm of the noise (absent when the noise
   * is given per point or is 0), `mean` in the constant of the mean. Empty unless asked for.
   */
  gradient: Record<string, number>;
  /** The prior mean that was used, with `profile` the best one m* = (1ᵀ K_y^-1 y)/(1ᵀ K_y^-1 1). */
  mean: GpMean;
  /** The factor of K_y that would fit best, s²* = rᵀ K_y^-1 r / n. */
  scale: number;
  jitter: number;
}

/**
 * ln p(y | X) = -½ rᵀ K_y^-1 r - Σ ln L_ii - (n/2) ln 2π with r = y - m(X), and its gradient
 * ½ Σ_ij (α_i α_j - (K_y^-1)_ij) ∂K_ij/∂θ.
 *
 * Rasmussen and Williams (2006), equations 2.30 and 5.9. O(n³ + n² d) with the gradient, O(n²) memory for any number of
 * hyper-parameters.
 *
 * @example
 * gpLogMarginalLikelihood(rbf({ lengthscale: 1 }), [[0]], [0], { noise: 0 }).value.toFixed(6); //=> '-0.918939'
 */
export function gpLogMarginalLikelihood(
  kernel: Kernel,
  X: MatrixLike,
  y: ArrayLike<number>,
  options: LogMarginalLikelihoodOptions = {},
): LogMarginalLikelihood {
  checkOptionNames('options', options, { ...GP_NAMES, gradient: true, profile: true } satisfies Record<
    keyof LogMarginalLikelihoodOptions,
    true
  >);
  const points = toPoints('X', X);
  checkVector('y', y, points.rows);
  checkKernel(kernel, points.columns);
  const noise = checkNoise(options.noise ?? 1e-6, points.rows);
  const mean = options.profile === true ? null : checkMean(options.mean ?? 0, points.columns);
  const evidence = evaluateEvidence(kernel, points, Float64Array.from(y), noise, mean, options.gradient ?? false);
  const gradient: Record<string, number> = {};
  if (options.gradient === true) {
    kernelHyperparameters(kernel).forEach(({ name }, p) => (gradient[name] = evidence.byKernel[p]));
    if (typeof noise === 'number' && noise > 0) gradient.noise = evidence.byNoise;
    gradient.mean = evidence.byMean;
  }
  return { value: evidence.value, gradient, mean: evidence.mean, scale: evidence.scale, jitter: evidence.jitter };
}

export interface Evidence {
  value: number;
  mean: GpMean;
  scale: number;
  jitter: number;
  /** Derivatives; empty and 0 unless asked for. */
  byKernel: Float64Array;
  byNoise: number;
  byMean: number;
}

/** The log marginal likelihood for checked arguments; `mean` null is profiled. */
export function evaluateEvidence(
  kernel: Kernel,
  X: Points,
  y: Float64Array,
  noise: number | Float64Array,
  mean: GpMean | null,
  gradient: boolean,
): Evidence {
  const n = X.rows;
  if (n === 0) {
    const byKernel = new Float64Array(kernelHyperparameters(kernel).length);
    return { value: 0, mean: mean ?? 0, scale: 1, jitter: 0, byKernel, byNoise: 0, byMean: 0 };
  }
  const { L, jitter } = choleskyJittered(noisyGram(kernel, X, noise), n);
  const used = mean ?? profiledMean(L, y, n);
  const r = residuals(X, y, used);
  const alpha = choleskySolve(L, r, n);
  let quadratic = 0;
  let byMean = 0;
  for (let i = 0; i < n; i++) {
    quadratic += r[i] * alpha[i];
    byMean += alpha[i];
  }
  const value = -0.5 * quadratic - 0.5 * choleskyLogDet(L, n) - (n / 2) * LOG_2PI;
  const scale = quadratic / n;
  const result: Evidence = { value, mean: used, scale, jitter, byKernel: new Float64Array(0), byNoise: 0, byMean };
  if (!gradient) return result;

  // S = ½ (α αᵀ - K_y^-1); off-diagonal entries of the lower triangle stand for both halves.
  const S = choleskyInverse(L, n);
  let trace = 0;
  for (let i = 0; i < n; i++) {
    const a = alpha[i];
    for (let j = 0, p = i * n; j < i; j++, p++) S[p] = a * alpha[j] - S[p];
    const p = i * n + i;
    S[p] = 0.5 * (a * a - S[p]);
    trace += S[p];
  }
  result.byKernel = contractLower(kernel, X, S);
  result.byNoise = typeof noise === 'number' ? noise * trace : 0;
  return result;
}

/**
 * The constant mean that maximizes the likelihood for a given covariance, (1ᵀ K^-1 y)/(1ᵀ K^-1 1).
 *
 * @param L lower Cholesky factor of K, n x n
 */
export function profiledMean(L: Float64Array, y: Float64Array, n: number): number {
  const ones = choleskySolve(L, new Float64Array(n).fill(1), n);
  let numerator = 0;
  let denominator = 0;
  for (let i = 0; i < n; i++) {
    numerator += ones[i] * y[i];
    denominator += ones[i];
  }
  // 1ᵀ K^-1 1 > 0 in exact arithmetic; a matrix at the edge of singularity may round it away.
  return denominator > 0 ? numerator / denominator : 0;
}

/** ln N(y; mean, variance). */
export function logNormalDensity(y: number, mean: number, variance: number): number {
  const r = y - mean;
  return -0.5 * ((r * r) / variance + log(variance) + LOG_2PI);
}
