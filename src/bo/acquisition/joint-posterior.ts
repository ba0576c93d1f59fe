/**
 * The joint posterior of several points as a differentiable map: mean and covariance forward, their derivatives back to the
 * points; and the reparametrization y = mean + chol(covariance) z between them and samples.
 *
 * Reverse mode through the Cholesky factor: I. Murray, arXiv:1602.07527, equation 10, S̄ = ½ L^-T (P + Pᵀ) L^-1 with
 * P = tril(Lᵀ L̄), its diagonal halved.
 */
import { checkInteger, checkVector } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import { solveLowerMany, solveUpperTMany } from '../../linalg/triangular.js';
import { meanValues, trainingPoints, type GpState } from '../gp/gp-state.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';

export interface JointMoments {
  mean: Float64Array;
  /** m x m, both triangles. */
  covariance: Float64Array;
  /** out[i d + k] += derivative in coordinate k of point i, for the first `points` points, of byMean·mean + byCovariance·covariance. */
  pullback(byMean: Float64Array, byCovariance: Float64Array, points: number, out: Float64Array): void;
}

/** Mean and covariance of the latent function at m points. O(m n² + m² n); the pullback costs the same. */
export function jointMoments(gp: GpState, X: Points): JointMoments {
  const { kernel, n, L, alpha } = gp;
  const rules = kernelRules(kernel);
  const train = trainingPoints(gp);
  const m = X.rows;
  const d = X.columns;
  const mean = meanValues(gp.mean, X);
  const K = new Float64Array(n * m);
  if (n > 0) rules.fill(kernel, train, X, false, K);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) mean[j] += K[i * m + j] * alpha[i];
  const V = solveLowerMany(L, K, n, m);
  const covariance = new Float64Array(m * m);
  rules.fill(kernel, X, X, false, covariance);
  const prior = new Float64Array(m);
  rules.diagonal(kernel, X, prior);
  for (let s = 0; s < m; s++) covariance[s * m + s] = prior[s];
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < m; s++) {
      const v = V[i * m + s];
      for (let t = 0; t < m; t++) covariance[s * m + t] -= v * V[i * m + t];
    }
  }
  return {
    mean,
    covariance,
    pullback(byMean, byCovariance, points, out) {
      const W = solveUpperTMany(L, V, n, m);
      const linear = typeof gp.mean !== 'number' && gp.mean.type === 'linear' ? gp.mean.coefficients : undefined;
      const ofPoints = new Float64Array(m);
      const ofTrain = new Float64Array(n);
      for (let i = 0; i < points; i++) {
        const x = X.data.slice(i * d, (i + 1) * d);
        const slope = out.subarray(i * d, (i + 1) * d);
        if (linear !== undefined) for (let k = 0; k < d; k++) slope[k] += byMean[i] * linear[k + 1];
        for (let j = 0; j < m; j++) ofPoints[j] = byCovariance[i * m + j] + byCovariance[j * m + i];
        for (let t = 0; t < n; t++) {
          let weight = byMean[i] * alpha[t];
          for (let j = 0; j < m; j++) weight -= ofPoints[j] * W[t * m + j];
          ofTrain[t] = weight;
        }
        ofPoints[i] = 0;
        rules.inputContract(kernel, x, X, ofPoints, slope);
        rules.diagonalInput(kernel, x, byCovariance[i * m + i], slope);
        if (n > 0) rules.inputContract(kernel, x, train, ofTrain, slope);
      }
    },
  };
}

export interface JointSamples {
  /** S x m. */
  y: Float64Array;
  /** Derivatives in the moments, given those in the samples. */
  pullback(byY: Float64Array): { byMean: Float64Array; byCovariance: Float64Array };
}

/** y_s = mean + L z_s for S fixed rows z, S x m. Jitter is added when the covariance is singular. */
export function reparametrize(mean: Float64Array, covariance: Float64Array, z: Float64Array): JointSamples {
  const m = mean.length;
  const S = z.length / m;
  const { L } = choleskyJittered(covariance, m);
  const y = new Float64Array(S * m);
  for (let s = 0; s < S; s++) {
    for (let i = 0; i < m; i++) {
      let value = mean[i];
      for (let j = 0; j <= i; j++) value += L[i * m + j] * z[s * m + j];
      y[s * m + i] = value;
    }
  }
  return {
    y,
    pullback(byY) {
      const byMean = new Float64Array(m);
      const byL = new Float64Array(m * m);
      for (let s = 0; s < S; s++) {
        for (let i = 0; i < m; i++) {
          const g = byY[s * m + i];
          byMean[i] += g;
          if (g !== 0) for (let j = 0; j <= i; j++) byL[i * m + j] += g * z[s * m + j];
        }
      }
      return { byMean, byCovariance: choleskyPullback(L, byL, m) };
    },
  };
}

/** The derivative in a symmetric matrix, given that in its lower Cholesky factor. O(m³). */
export function choleskyPullback(L: Float64Array, byL: Float64Array, m: number): Float64Array {
  checkInteger('m', m, 1);
  checkVector('L', L, m * m);
  checkVector('byL', byL, m * m);
  const P = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let value = 0;
      for (let k = i; k < m; k++) value += L[k * m + i] * byL[k * m + j];
      P[i * m + j] = i === j ? 0.5 * value : value;
    }
  }
  const Q = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) Q[i * m + j] = 0.5 * (P[i * m + j] + P[j * m + i]);
  // L^-T Q, then (L^-T (L^-T Q)ᵀ)ᵀ = L^-T Q L^-1.
  const left = solveUpperTMany(L, Q, m, m);
  const turned = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) turned[i * m + j] = left[j * m + i];
  const both = solveUpperTMany(L, turned, m, m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) Q[i * m + j] = both[j * m + i];
  return Q;
}
