// Triangular solves with a lower factor L (n x n, row-major), and what they give: solves with L Lᵀ, its determinant and
// inverse. Every entry has one accumulator that runs in increasing k (for Lᵀ, in decreasing), whatever the blocking.

import { log } from '../special/log.js';

/**
 * x with L x = b. n² operations.
 *
 * @param out receives x; may be b
 *
 * @example
 * solveLower(Float64Array.of(2, 0, 1, 1), [4, 5], 2); //=> Float64Array.of(2, 3)
 */
export function solveLower(
  L: Float64Array,
  b: ArrayLike<number>,
  n: number,
  out: Float64Array = new Float64Array(n),
): Float64Array {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let s = b[i];
    for (let k = 0; k < i; k++) s -= L[row + k] * out[k];
    out[i] = s / L[row + i];
  }
  return out;
}

/**
 * x with Lᵀ x = b, by rows of L: x_i is final before it is taken out of the entries above. n² operations.
 *
 * @param out receives x; may be b
 *
 * @example
 * solveUpperT(Float64Array.of(2, 0, 1, 1), [5, 3], 2); //=> Float64Array.of(1, 3)
 */
export function solveUpperT(
  L: Float64Array,
  b: ArrayLike<number>,
  n: number,
  out: Float64Array = new Float64Array(n),
): Float64Array {
  if (out !== b) for (let i = 0; i < n; i++) out[i] = b[i];
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n;
    const x = out[i] / L[row + i];
    out[i] = x;
    for (let k = 0; k < i; k++) out[k] -= L[row + k] * x;
  }
  return out;
}

/**
 * x with L Lᵀ x = b. 2n² operations.
 *
 * @param out receives x; may be b
 *
 * @example
 * choleskySolve(Float64Array.of(2, 0, 1, 1), [4, 3], 2); //=> Float64Array.of(1.5, 1)
 */
export function choleskySolve(
  L: Float64Array,
  b: ArrayLike<number>,
  n: number,
  out: Float64Array = new Float64Array(n),
): Float64Array {
  return solveUpperT(L, solveLower(L, b, n, out), n, out);
}

/**
 * X with L X = B for m right-hand sides, the columns of B (n x m, row-major). n² m operations.
 *
 * @param out receives X; may be B
 */
export function solveLowerMany(
  L: Float64Array,
  B: ArrayLike<number>,
  n: number,
  m: number,
  out: Float64Array = new Float64Array(n * m),
): Float64Array {
  if (out !== B) for (let i = 0; i < n * m; i++) out[i] = B[i];
  for (let i = 0; i < n; i++) {
    const row = i * m;
    let k = 0;
    for (; k + 3 < i; k += 4) {
      const l0 = L[i * n + k];
      const l1 = L[i * n + k + 1];
      const l2 = L[i * n + k + 2];
      const l3 = L[i * n + k + 3];
      const x0 = k * m;
      const x1 = x0 + m;
      const x2 = x1 + m;
      const x3 = x2 + m;
      for (let j = 0; j < m; j++) {
        out[row + j] = out[row + j] - l0 * out[x0 + j] - l1 * out[x1 + j] - l2 * out[x2 + j] - l3 * out[x3 + j];
      }
    }
    for (; k < i; k++) {
      const l0 = L[i * n + k];
      const x0 = k * m;
      for (let j = 0; j < m; j++) out[row + j] -= l0 * out[x0 + j];
    }
    const pivot = L[i * n + i];
    for (let j = 0; j < m; j++) out[row + j] /= pivot;
  }
  return out;
}

/**
 * X with Lᵀ X = B for m right-hand sides, the columns of B (n x m, row-major). n² m operations.
 *
 * @param out receives X; may be B
 */
export function solveUpperTMany(
  L: Float64Array,
  B: ArrayLike<number>,
  n: number,
  m: number,
  out: Float64Array = new Float64Array(n * m),
): Float64Array {
  if (out !== B) for (let i = 0; i < n * m; i++) out[i] = B[i];
  for (let i = n - 1; i >= 0; i--) {
    const row = i * m;
    const pivot = L[i * n + i];
    for (let j = 0; j < m; j++) out[row + j] /= pivot;
    for (let k = 0; k < i; k++) {
      const l = L[i * n + k];
      const above = k * m;
      for (let j = 0; j < m; j++) out[above + j] -= l * out[row + j];
    }
  }
  return out;
}

/**
 * log det(L Lᵀ) = 2 Σ log L_ii.
 *
 * @example
 * choleskyLogDet(Float64Array.of(1, 0, 5, 1), 2); //=> 0
 */
export function choleskyLogDet(L: Float64Array, n: number): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += log(L[i * n + i]);
  return 2 * total;
}

/**
 * (L Lᵀ)^-1 = L^-T L^-1, symmetric, both halves filled. 2n³/3 operations.
 *
 * @param out receives the inverse, n x n; must not be L
 *
 * @example
 * choleskyInverse(Float64Array.of(2, 0, 0, 1), 2); //=> Float64Array.of(0.25, 0, 0, 1)
 */
export function choleskyInverse(L: Float64Array, n: number, out: Float64Array = new Float64Array(n * n)): Float64Array {
  const inverse = lowerInverse(L, n);
  out.fill(0, 0, n * n);
  // entry (i, j) = Σ_{k >= i} M_ki M_kj with M = L^-1: rows of M are contiguous
  let k = 0;
  for (; k + 3 < n; k += 4) {
    const m0 = k * n;
    const m1 = m0 + n;
    const m2 = m1 + n;
    const m3 = m2 + n;
    for (let i = 0; i <= k + 3; i++) {
      const w0 = inverse[m0 + i];
      const w1 = inverse[m1 + i];
      const w2 = inverse[m2 + i];
      const w3 = inverse[m3 + i];
      const target = i * n;
      for (let j = 0; j <= i; j++) {
        out[target + j] =
          out[target + j] + w0 * inverse[m0 + j] + w1 * inverse[m1 + j] + w2 * inverse[m2 + j] + w3 * inverse[m3 + j];
      }
    }
  }
  for (; k < n; k++) {
    const row = k * n;
    for (let i = 0; i <= k; i++) {
      const weight = inverse[row + i];
      const target = i * n;
      for (let j = 0; j <= i; j++) out[target + j] += weight * inverse[row + j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  return out;
}

/** L^-1, lower triangular, by rows: M_i = (e_i - Σ_{k<i} L_ik M_k) / L_ii. */
function lowerInverse(L: Float64Array, n: number): Float64Array {
  const M = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let k = 0;
    for (; k + 3 < i; k += 4) {
      const l0 = L[row + k];
      const l1 = L[row + k + 1];
      const l2 = L[row + k + 2];
      const l3 = L[row + k + 3];
      const m0 = k * n;
      const m1 = m0 + n;
      const m2 = m1 + n;
      const m3 = m2 + n;
      for (let j = 0; j <= k + 3; j++) {
        M[row + j] = M[row + j] - l0 * M[m0 + j] - l1 * M[m1 + j] - l2 * M[m2 + j] - l3 * M[m3 + j];
      }
    }
    for (; k < i; k++) {
      const l0 = L[row + k];
      const m0 = k * n;
      for (let j = 0; j <= k; j++) M[row + j] -= l0 * M[m0 + j];
    }
    const pivot = L[row + i];
    for (let j = 0; j < i; j++) M[row + j] /= pivot;
    M[row + i] = 1 / pivot;
  }
  return M;
}
