/**
 * Laplace's approximation of a latent Gaussian vector whose likelihood factorizes: h ~ N(m, C), p(data | h) = Π p_i(h_i).
 *
 * Rasmussen and Williams (2006), Algorithms 3.1 and 5.1. Newton's method on ψ(h) = ln p(data | h) - ½ (h - m)ᵀ C^-1 (h - m):
 *
 *   book           here       meaning
 *   f              mode       maximum of ψ
 *   ∇ ln p         gradient   C^-1 (mode - m) at the maximum
 *   W              W          -∂² ln p/∂h², at least 0
 *   B, L           L          Cholesky factor of B = I + W^½ C W^½, whose eigenvalues are at least 1
 */
import { cholesky } from '../../linalg/cholesky.js';
import { choleskyInverse, choleskyLogDet, choleskySolve } from '../../linalg/triangular.js';
import { matVec } from '../../linalg/mat-mul.js';

/** ln p(data | h); writes the first derivative, W (at least 0) and the third derivative of each term. */
export type FactorizedLikelihood = (
  h: Float64Array,
  gradient: Float64Array,
  W: Float64Array,
  third: Float64Array,
) => number;

export interface LaplaceMode {
  mode: Float64Array;
  gradient: Float64Array;
  sqrtW: Float64Array;
  third: Float64Array;
  L: Float64Array;
  logMarginalLikelihood: number;
  iterations: number;
  /** 'converged': the last step was below 1e-12 max(1, |h|∞), or rounding allows no better. */
  status: 'converged' | 'max-iterations';
}

/**
 * The maximum of ψ, from h = m. A step that lowers ψ is halved. O(n³) an iteration.
 *
 * @param C n x n covariance, symmetric, positive semidefinite; it is not factored, so it may be singular
 */
export function laplaceMode(C: Float64Array, mean: number, n: number, likelihood: FactorizedLikelihood): LaplaceMode {
  const gradient = new Float64Array(n);
  const W = new Float64Array(n);
  const third = new Float64Array(n);
  const sqrtW = new Float64Array(n);
  let a: Float64Array = new Float64Array(n); // C^-1 (h - m)
  let h: Float64Array = new Float64Array(n).fill(mean);
  let logLikelihood = likelihood(h, gradient, W, third);
  let objective = logLikelihood;
  let L: Float64Array = factor(C, W, sqrtW, n);
  let iterations = 0;
  let status: LaplaceMode['status'] = 'max-iterations';
  while (iterations < 100) {
    iterations += 1;
    // a_new = b - W^½ B^-1 W^½ C b with b = W (h - m) + ∇
    const b = new Float64Array(n);
    for (let i = 0; i < n; i++) b[i] = W[i] * (h[i] - mean) + gradient[i];
    const t = matVec(C, b, n, n);
    for (let i = 0; i < n; i++) t[i] *= sqrtW[i];
    choleskySolve(L, t, n, t);
    for (let i = 0; i < n; i++) t[i] = b[i] - sqrtW[i] * t[i];

    let step = 1;
    let accepted = false;
    let change = 0;
    for (let halvings = 0; halvings < 30 && !accepted; halvings++, step /= 2) {
      const trialA = a.map((value, i) => value + step * (t[i] - value));
      const trial = matVec(C, trialA, n, n);
      let quadratic = 0;
      let size = 1;
      change = 0;
      for (let i = 0; i < n; i++) {
        quadratic += trialA[i] * trial[i];
        trial[i] += mean;
        change = Math.max(change, Math.abs(trial[i] - h[i]));
        size = Math.max(size, Math.abs(trial[i]));
      }
      change /= size;
      const value = likelihood(trial, gradient, W, third);
      // Near the maximum ψ is flat to rounding: a tiny step may lower it by a few ulps.
      if (value - 0.5 * quadratic >= objective - 1e-13 * Math.abs(objective) || change < 1e-12) {
        a = trialA;
        h = trial;
        logLikelihood = value;
        objective = value - 0.5 * quadratic;
        accepted = true;
      }
    }
    if (!accepted) logLikelihood = likelihood(h, gradient, W, third);
    L = factor(C, W, sqrtW, n);
    if (!accepted || change < 1e-12) {
      status = 'converged';
      break;
    }
  }
  return {
    mode: h,
    gradient,
    sqrtW,
    third,
    L,
    logMarginalLikelihood: objective - 0.5 * choleskyLogDet(L, n),
    iterations,
    status,
  };
}

/**
 * The symmetric S with ∂ log marginal likelihood/∂θ = Σ_ij S_ij ∂C_ij/∂θ, both the explicit part and that through the mode:
 * S = ½ (a aᵀ - R) + ½ (u aᵀ + a uᵀ), R = W^½ B^-1 W^½, u = (I - R C) s, s_i = ½ (C - C R C)_ii ∂³ ln p_i.
 */
export function laplaceContraction(
  C: Float64Array,
  { gradient, sqrtW, third, L }: LaplaceMode,
  n: number,
): Float64Array {
  const R = choleskyInverse(L, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) R[i * n + j] *= sqrtW[i] * sqrtW[j];
  const s = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = C.subarray(i * n, (i + 1) * n);
    const RC = matVec(R, row, n, n);
    let variance = row[i];
    for (let j = 0; j < n; j++) variance -= row[j] * RC[j];
    s[i] = 0.5 * variance * third[i];
  }
  const u = matVec(R, matVec(C, s, n, n), n, n);
  for (let i = 0; i < n; i++) u[i] = s[i] - u[i];
  const S = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const explicit = gradient[i] * gradient[j] - R[i * n + j];
      S[i * n + j] = 0.5 * (explicit + u[i] * gradient[j] + gradient[i] * u[j]);
    }
  }
  return S;
}

function factor(C: Float64Array, W: Float64Array, sqrtW: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) sqrtW[i] = Math.sqrt(W[i]);
  const B = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) B[i * n + j] = sqrtW[i] * C[i * n + j] * sqrtW[j];
    B[i * n + i] += 1;
  }
  cholesky(B, n); // eigenvalues at least 1
  return B;
}
