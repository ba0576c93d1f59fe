import { checkOptionNames } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskySolve, solveLower, solveLowerMany } from '../../linalg/triangular.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import { meanValues, queryPoint, queryPoints, trainingPoints, whiteVariances, type GpState } from './gp-state.js';

export interface GpPredictOptions {
  /** Compute variances. Default true. */
  variance?: boolean;
  /** Compute the joint covariance, m x m. Default false. */
  covariance?: boolean;
  /**
   * Add the observation noise to variances: the model's (the mean of it, where it differs by point) and the white noise inside
   * its kernel. Default false: latent values.
   */
  includeNoise?: boolean;
}

/** The names of `GpPredictOptions`. */
export const GP_PREDICT_NAMES = {
  variance: true,
  covariance: true,
  includeNoise: true,
} satisfies Record<keyof GpPredictOptions, true>;

export interface GpPrediction {
  mean: Float64Array;
  /** At least 0; rounding below is set to 0. Empty if not asked for. */
  variance: Float64Array;
  /** m x m, row-major and symmetric; empty if not asked for. */
  covariance: Float64Array;
}

/**
 * Posterior mean and variance at m points: m(x) + k_sᵀ α and k(x, x) - |L^-1 k_s|².
 *
 * Rasmussen and Williams (2006), equations 2.25 and 2.26. O(m n d + m n²). White noise inside the kernel belongs to the
 * observations, not to the latent values that are predicted.
 *
 * @throws RangeError if the points do not have the model's number of columns or are not finite
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 1 }), [[0]], [2], { noise: 1 });
 * gpPredict(gp, [[0]]).mean[0].toFixed(9); //=> '1.000000000'
 */
export function gpPredict(gp: GpState, Xs: MatrixLike, options: GpPredictOptions = {}): GpPrediction {
  checkOptionNames('options', options, GP_PREDICT_NAMES);
  return predict(gp, queryPoints(gp, Xs), options);
}

/** `gpPredict` for points that are already checked. */
export function predict(
  gp: GpState,
  points: Points,
  { variance = true, covariance = false, includeNoise = false }: GpPredictOptions,
): GpPrediction {
  const { n, L, alpha, kernel } = gp;
  const m = points.rows;
  const rules = kernelRules(kernel);
  const Ks = new Float64Array(n * m);
  if (n > 0) rules.fill(kernel, trainingPoints(gp), points, false, Ks);
  const mean = meanValues(gp.mean, points);
  for (let i = 0; i < n; i++) {
    const a = alpha[i];
    for (let j = 0, p = i * m; j < m; j++, p++) mean[j] += Ks[p] * a;
  }
  if (!variance && !covariance) return { mean, variance: new Float64Array(0), covariance: new Float64Array(0) };

  const V = n > 0 ? solveLowerMany(L, Ks, n, m, Ks) : Ks;
  const variances = new Float64Array(m);
  rules.diagonal(kernel, points, variances);
  for (let i = 0; i < n; i++) {
    for (let j = 0, p = i * m; j < m; j++, p++) variances[j] -= V[p] * V[p];
  }
  for (let j = 0; j < m; j++) if (!(variances[j] > 0)) variances[j] = 0;
  if (includeNoise) {
    const noise = averageNoise(gp);
    const white = whiteVariances(kernel, points);
    for (let j = 0; j < m; j++) variances[j] += noise + white[j];
  }
  if (!covariance) return { mean, variance: variances, covariance: new Float64Array(0) };

  const C = new Float64Array(m * m);
  rules.fill(kernel, points, points, false, C);
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < m; s++) {
      const v = V[i * m + s];
      for (let t = 0; t < s; t++) C[s * m + t] -= v * V[i * m + t];
    }
  }
  for (let s = 0; s < m; s++) {
    C[s * m + s] = variances[s];
    for (let t = 0; t < s; t++) C[t * m + s] = C[s * m + t];
  }
  return { mean, variance: variances, covariance: C };
}

export interface GpPointPrediction {
  mean: number;
  variance: number;
  std: number;
  /** Gradients in x, length d. dStd is 0 where std is below 1e-12. */
  dMean: Float64Array;
  dVariance: Float64Array;
  dStd: Float64Array;
}

/**
 * Posterior mean and variance at one point, with their gradients: ∂μ = (∂k_s)ᵀ α and
 * ∂σ² = ∂k(x, x) - 2 (∂k_s)ᵀ K_y^-1 k_s. O(n d + n²).
 */
export function gpPredictGradient(gp: GpState, x: ArrayLike<number>): GpPointPrediction {
  const point = queryPoint(gp, x);
  const { kernel, n, L } = gp;
  const d = point.length;
  const rules = kernelRules(kernel);
  const query: Points = { data: point, rows: 1, columns: d };
  const train = trainingPoints(gp);
  const ks = new Float64Array(n);
  if (n > 0) rules.fill(kernel, train, query, false, ks);
  let mean = meanValues(gp.mean, query)[0];
  for (let i = 0; i < n; i++) mean += ks[i] * gp.alpha[i];
  const v = solveLower(L, ks, n);
  const prior = new Float64Array(1);
  rules.diagonal(kernel, query, prior);
  let variance = prior[0];
  for (let i = 0; i < n; i++) variance -= v[i] * v[i];
  if (!(variance > 0)) variance = 0;
  const std = Math.sqrt(variance);

  const dMean = new Float64Array(d);
  const dVariance = new Float64Array(d);
  if (typeof gp.mean !== 'number' && gp.mean.type === 'linear') {
    for (let k = 0; k < d; k++) dMean[k] = gp.mean.coefficients[k + 1];
  }
  rules.diagonalInput(kernel, point, 1, dVariance);
  if (n > 0) {
    rules.inputContract(kernel, point, train, gp.alpha, dMean);
    const beta = choleskySolve(L, ks, n);
    for (let i = 0; i < n; i++) beta[i] *= -2;
    rules.inputContract(kernel, point, train, beta, dVariance);
  }
  const dStd = new Float64Array(d);
  if (std >= 1e-12) for (let k = 0; k < d; k++) dStd[k] = dVariance[k] / (2 * std);
  return { mean, variance, std, dMean, dVariance, dStd };
}

export function averageNoise({ noise, n }: GpState): number {
  if (typeof noise === 'number') return noise;
  let total = 0;
  for (let i = 0; i < n; i++) total += noise[i];
  return n > 0 ? total / n : 0;
}
