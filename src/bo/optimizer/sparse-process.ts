/**
 * A sparse process behind the interface of an exact one, so that all of the optimizer works on it: acquisitions, pending
 * points, fantasies.
 *
 * The variational posterior of M. K. Titsias, AISTATS 2009, through inducing points Z is, outside of them, that of an exact
 * process with the same kernel that has seen m pseudo-targets at Z whose noise has the covariance R:
 *
 *   R = σ² K_uu (K_uf K_fu)^-1 K_uu,     K_uu + R = L Lᵀ,     α = σ^-2 (K_uu + σ^-2 K_uf K_fu)^-1 K_uf (y - m)
 *
 * With Z among the data K_uf K_fu is at least K_uu², so that R is at most σ² I: an inducing point counts for its own result, and
 * for its part of all the others. In the whitened form M = A Aᵀ with A = L_u^-1 K_uf/σ no inverse of K_uu is formed:
 * R = L_u M^-1 L_uᵀ.
 */
import { choleskyJittered } from '../../linalg/cholesky.js';
import { gramOfRows } from '../../linalg/row-products.js';
import { choleskySolve, solveLower, solveLowerMany } from '../../linalg/triangular.js';
import type { GpState } from '../gp/gp-state.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import { selectGreedily } from '../sparse/inducing-points.js';

/** Inducing points of a conditioned process, at most. */
const INDUCING = 256;

/**
 * The process with at most 256 inducing points, chosen greedily from the data until no prior variance is left above 1e-6 of the
 * largest. O(n m²).
 *
 * `noise` is that of a new observation; paths drawn by Matheron's rule take it for R too, and so are a little too wide.
 *
 * @param noise σ² > 0
 */
export function sparseProcess(
  kernel: Kernel,
  X: Points,
  y: Float64Array,
  noise: number,
  mean: number,
  inducing = INDUCING,
): GpState {
  const { rows: n, columns: d } = X;
  const rules = kernelRules(kernel);
  const prior = new Float64Array(n);
  rules.diagonal(kernel, X, prior);
  const chosen = selectGreedily(kernel, X, Math.min(inducing, n), 1e-6 * prior.reduce((a, b) => Math.max(a, b), 0));
  const m = chosen.length;
  const Z: Points = { data: new Float64Array(m * d), rows: m, columns: d };
  chosen.forEach((row, i) => Z.data.set(X.data.subarray(row * d, (row + 1) * d), i * d));

  const Kuu = new Float64Array(m * m);
  rules.fill(kernel, Z, Z, false, Kuu);
  const { L: Lu, jitter } = choleskyJittered(Kuu, m);
  const A = new Float64Array(m * n);
  rules.fill(kernel, Z, X, false, A);
  solveLowerMany(Lu, A, m, n, A);
  const root = 1 / Math.sqrt(noise);
  for (let p = 0; p < A.length; p++) A[p] *= root;
  const projected = new Float64Array(m); // A (y - m)/σ
  for (let i = 0; i < m; i++) {
    for (let t = 0; t < n; t++) projected[i] += A[i * n + t] * (y[t] - mean) * root;
  }

  // R = H Hᵀ with H = L_u L_M^-T, of which the rows are L_M^-1 times the rows of L_u.
  const { L: LM } = choleskyJittered(gramOfRows(A, m, n), m);
  const H = new Float64Array(m * m);
  for (let i = 0; i < m; i++) H.set(solveLower(LM, Lu.slice(i * m, (i + 1) * m), m), i * m);
  const Ky = new Float64Array(m * m);
  rules.fill(kernel, Z, Z, false, Ky);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let total = Ky[i * m + j];
      for (let k = 0; k < m; k++) total += H[i * m + k] * H[j * m + k];
      Ky[i * m + j] = total;
      Ky[j * m + i] = total;
    }
  }
  const { L, jitter: further } = choleskyJittered(Ky, m);

  // Pseudo-targets: M^-1 A (y - m)/σ are those of the whitened values, L_u times them those at Z.
  const whitened = choleskySolve(LM, projected, m);
  const targets = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let total = 0;
    for (let j = 0; j <= i; j++) total += Lu[i * m + j] * whitened[j];
    targets[i] = total;
  }
  const alpha = choleskySolve(L, targets, m);
  return {
    kernel,
    X: Z.data,
    y: targets.map((value) => value + mean),
    n: m,
    d,
    noise,
    mean,
    L,
    alpha,
    jitter: Math.max(jitter, further),
  };
}
