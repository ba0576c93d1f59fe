/**
 * The gradient of a sparse process's log evidence in the kernel's hyper-parameters, the noise, the mean and the inducing points.
 *
 * With Σ = Q + Λ, α = Σ^-1 (y - m), P = K_uu^-1 K_uf and the weight matrix G = ½ (α αᵀ - Σ^-1) + D, D diagonal,
 *
 *   ∂/∂K_uf = 2 P G,   ∂/∂K_uu = -P G Pᵀ,   D = I/(2σ²) for 'sgpr' (from its trace term), -diag(½ (α αᵀ - Σ^-1)) for 'fitc'
 *   (as Λ holds -q_ii), 0 for 'dtc'; and ∂/∂k_ii = -1/(2σ²), ½ (α_i² - Σ^-1_ii), 0.
 *
 * In the factors of `sparse-gp.ts`: P Σ^-1 = L_u^-T B^-1 A Λ^-½, Σ^-1_ii = (1 - |L_B^-1 a_i|²)/Λ_ii,
 * P Σ^-1 Pᵀ = L_u^-T (I - B^-1) L_u^-1. Nothing n x n appears: O(n m²).
 */
import { matMul } from '../../linalg/mat-mul.js';
import { gramOfRows } from '../../linalg/row-products.js';
import { choleskyInverse, solveLowerMany, solveUpperT, solveUpperTMany } from '../../linalg/triangular.js';
import { kernelHyperparameters } from '../kernels/kernel-hyperparameters.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import type { SparseSystem } from './sparse-gp.js';

export interface SparseGradient {
  /** In the order of `kernelHyperparameters`. */
  byKernel: Float64Array;
  /** In the logarithm of the noise variance. */
  byNoise: number;
  byMean: number;
  /** In the inducing points, m x d; empty unless asked for. */
  byZ: Float64Array;
}

export function sparseGradient(system: SparseSystem, X: Points, Z: Points, inducing: boolean): SparseGradient {
  const { gp, A, lambda, root, prior, explained, scaled, c } = system;
  const { kernel, Lu, LB, noise, method } = gp;
  const n = X.rows;
  const m = Z.rows;
  const d = Z.columns;

  // α = Λ^-½ (r - Aᵀ L_B^-T c) with r the scaled residuals; W = L_B^-1 A.
  const t = solveUpperT(LB, c, m);
  const alpha = new Float64Array(n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) alpha[j] -= A[i * n + j] * t[i];
  for (let j = 0; j < n; j++) alpha[j] = (scaled[j] + alpha[j]) * root[j];
  const W = solveLowerMany(LB, A, m, n);
  const inverse = new Float64Array(n).fill(1); // Σ^-1_ii
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) inverse[j] -= W[i * n + j] * W[i * n + j];

  const D = new Float64Array(n);
  const byPrior = new Float64Array(n);
  let byNoise = 0;
  let byMean = 0;
  for (let j = 0; j < n; j++) {
    inverse[j] /= lambda[j];
    const g = 0.5 * (alpha[j] * alpha[j] - inverse[j]);
    byNoise += g;
    byMean += alpha[j];
    if (method === 'sgpr') {
      D[j] = 0.5 / noise;
      byPrior[j] = -0.5 / noise;
      byNoise += (0.5 * Math.max(0, prior[j] - explained[j])) / (noise * noise);
    } else if (method === 'fitc') {
      D[j] = -g;
      byPrior[j] = g;
    }
  }

  // ∂/∂K_uf = w αᵀ - L_u^-T B^-1 A Λ^-½ + 2 L_u^-T (L_u^-1 K_uf) D, w = P α; and L_u^-1 K_uf = A Λ^½.
  const byKuf = solveUpperTMany(LB, W, m, n, W);
  const Aalpha = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const p = i * n + j;
      const plain = A[p] / root[j];
      byKuf[p] = 2 * plain * D[j] - byKuf[p] * root[j];
      Aalpha[i] += plain * alpha[j];
    }
  }
  solveUpperTMany(Lu, byKuf, m, n, byKuf);
  const w = solveUpperT(Lu, Aalpha, m);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) byKuf[i * n + j] += w[i] * alpha[j];

  // ∂/∂K_uu = -½ (w wᵀ - L_u^-T (I - B^-1) L_u^-1) - L_u^-T (L_u^-1 K_uf D K_fu L_u^-T) L_u^-1
  const middle = choleskyInverse(LB, m);
  const correction = method === 'fitc' ? correctionOf(A, D, lambda, m, n) : gramOfRows(LB, m, m); // B = I + A Aᵀ
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const identity = i === j ? 1 : 0;
      const lower = correction[Math.max(i, j) * m + Math.min(i, j)];
      const half = method === 'sgpr' ? 0.5 * (lower - identity) : method === 'fitc' ? lower : 0;
      middle[i * m + j] = 0.5 * (identity - middle[i * m + j]) - half;
    }
  }
  const left = solveUpperTMany(Lu, middle, m, m, middle);
  transposeInPlace(left, m);
  const byKuu = solveUpperTMany(Lu, left, m, m, left);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) byKuu[i * m + j] -= 0.5 * w[i] * w[j];

  const rules = kernelRules(kernel);
  const byKernel = new Float64Array(kernelHyperparameters(kernel).length);
  rules.contract(kernel, Z, X, false, byKuf, byKernel, 0);
  rules.contract(kernel, Z, Z, false, byKuu, byKernel, 0);
  if (method !== 'dtc') {
    for (let j = 0; j < n; j++) {
      const point: Points = { data: X.data.subarray(j * d, (j + 1) * d), rows: 1, columns: d };
      rules.contract(kernel, point, point, false, byPrior.subarray(j, j + 1), byKernel, 0);
    }
  }
  const byZ = new Float64Array(inducing ? m * d : 0);
  if (inducing) {
    for (let i = 0; i < m; i++) {
      const z = Z.data.subarray(i * d, (i + 1) * d);
      const gradient = byZ.subarray(i * d, (i + 1) * d);
      rules.inputContract(kernel, z, X, byKuf.subarray(i * n, (i + 1) * n), gradient);
      // Both sides of k(z_i, z_j) for j ≠ i; and k(z_i, z_i), whose derivative is twice that of one side.
      rules.inputContract(
        kernel,
        z,
        Z,
        byKuu.subarray(i * m, (i + 1) * m).map((value) => 2 * value),
        gradient,
      );
    }
  }
  return { byKernel, byNoise: byNoise * noise, byMean, byZ };
}

/** A Λ D Aᵀ, m x m. */
function correctionOf(A: Float64Array, D: Float64Array, lambda: Float64Array, m: number, n: number): Float64Array {
  const transposed = new Float64Array(n * m);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) transposed[j * m + i] = A[i * n + j] * lambda[j] * D[j];
  return matMul(A, transposed, m, n, m);
}

function transposeInPlace(M: Float64Array, m: number): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) {
      const value = M[i * m + j];
      M[i * m + j] = M[j * m + i];
      M[j * m + i] = value;
    }
  }
}
