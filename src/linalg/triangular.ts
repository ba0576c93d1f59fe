// Triangular solves with a lower factor L (n x n, row-major), and what they give: solves with L Lᵀ, its determinant and
// inverse. Every entry has one accumulator that runs in increasing k (for Lᵀ, in decreasing), whatever the blocking.

import { log } from '../special/log.js';
import { rowProduct, rowProducts } from './row-products.js';

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
  let i = 0;
  // Four rows at once are four chains of subtractions side by side, each in its own order.
  for (; i + 3 < n; i += 4) {
    const r0 = i * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    let s0 = b[i];
    let s1 = b[i + 1];
    let s2 = b[i + 2];
    let s3 = b[i + 3];
    for (let k = 0; k < i; k++) {
      const x = out[k];
      s0 -= L[r0 + k] * x;
      s1 -= L[r1 + k] * x;
      s2 -= L[r2 + k] * x;
      s3 -= L[r3 + k] * x;
    }
    const x0 = s0 / L[r0 + i];
    const x1 = (s1 - L[r1 + i] * x0) / L[r1 + i + 1];
    const x2 = (s2 - L[r2 + i] * x0 - L[r2 + i + 1] * x1) / L[r2 + i + 2];
    out[i] = x0;
    out[i + 1] = x1;
    out[i + 2] = x2;
    out[i + 3] = (s3 - L[r3 + i] * x0 - L[r3 + i + 1] * x1 - L[r3 + i + 2] * x2) / L[r3 + i + 3];
  }
  // `finishRows` written out: of the smallest factors these rows are all, and the call would cost a sixth of the time.
  for (; i < n; i++) {
    const row = i * n;
    let s = b[i];
    for (let k = 0; k < i; k++) s -= L[row + k] * out[k];
    out[i] = s / L[row + i];
  }
  return out;
}

/**
 * Overwrites b by L^-1 b and c by L^-1 c, both of length at least n, in one pass over L: each has the bits of `solveLower`, and
 * a large L is read once. 2n² operations.
 */
export function solveLowerTwo(L: Float64Array, b: Float64Array, c: Float64Array, n: number): void {
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const r0 = i * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    let s0 = b[i];
    let s1 = b[i + 1];
    let s2 = b[i + 2];
    let s3 = b[i + 3];
    let t0 = c[i];
    let t1 = c[i + 1];
    let t2 = c[i + 2];
    let t3 = c[i + 3];
    for (let k = 0; k < i; k++) {
      const x = b[k];
      const y = c[k];
      const l0 = L[r0 + k];
      const l1 = L[r1 + k];
      const l2 = L[r2 + k];
      const l3 = L[r3 + k];
      s0 -= l0 * x;
      s1 -= l1 * x;
      s2 -= l2 * x;
      s3 -= l3 * x;
      t0 -= l0 * y;
      t1 -= l1 * y;
      t2 -= l2 * y;
      t3 -= l3 * y;
    }
    b[i] = s0;
    b[i + 1] = s1;
    b[i + 2] = s2;
    b[i + 3] = s3;
    c[i] = t0;
    c[i + 1] = t1;
    c[i + 2] = t2;
    c[i + 3] = t3;
    finishRows(L, n, b, i, i, i + 4);
    finishRows(L, n, c, i, i, i + 4);
  }
  finishRows(L, n, b, 0, i, n);
  finishRows(L, n, c, 0, i, n);
}

/** Rows from ... to - 1 of a forward substitution whose products with the entries before `start` are already taken off. */
function finishRows(L: Float64Array, n: number, b: Float64Array, start: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const row = i * n;
    let s = b[i];
    for (let k = start; k < i; k++) s -= L[row + k] * b[k];
    b[i] = s / L[row + i];
  }
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
  let i = n - 1;
  // Four rows at once read and write each entry above them once; it loses their products in the same order.
  for (; i >= 3; i -= 4) {
    const r3 = i * n;
    const r2 = r3 - n;
    const r1 = r2 - n;
    const r0 = r1 - n;
    const x3 = out[i] / L[r3 + i];
    const x2 = (out[i - 1] - L[r3 + i - 1] * x3) / L[r2 + i - 1];
    const x1 = (out[i - 2] - L[r3 + i - 2] * x3 - L[r2 + i - 2] * x2) / L[r1 + i - 2];
    const x0 = (out[i - 3] - L[r3 + i - 3] * x3 - L[r2 + i - 3] * x2 - L[r1 + i - 3] * x1) / L[r0 + i - 3];
    out[i] = x3;
    out[i - 1] = x2;
    out[i - 2] = x1;
    out[i - 3] = x0;
    for (let k = 0; k < i - 3; k++) {
      out[k] = out[k] - L[r3 + k] * x3 - L[r2 + k] * x2 - L[r1 + k] * x1 - L[r0 + k] * x0;
    }
  }
  for (; i >= 0; i--) {
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
 * choleskySolve(Float64Array.of(2, 0, 1, 1), [4, 3], 2); //=> Float64Array.of(0.5, 1)
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
    // Row i loses the rows below it, from the last upwards, four at a time.
    let k = n - 1;
    for (; k - 3 > i; k -= 4) {
      const l3 = L[k * n + i];
      const l2 = L[(k - 1) * n + i];
      const l1 = L[(k - 2) * n + i];
      const l0 = L[(k - 3) * n + i];
      const x3 = k * m;
      const x2 = x3 - m;
      const x1 = x2 - m;
      const x0 = x1 - m;
      for (let j = 0; j < m; j++) {
        out[row + j] = out[row + j] - l3 * out[x3 + j] - l2 * out[x2 + j] - l1 * out[x1 + j] - l0 * out[x0 + j];
      }
    }
    for (; k > i; k--) {
      const l = L[k * n + i];
      const below = k * m;
      for (let j = 0; j < m; j++) out[row + j] -= l * out[below + j];
    }
    const pivot = L[i * n + i];
    for (let j = 0; j < m; j++) out[row + j] /= pivot;
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
  // Row j of N = L^-T is column j of L^-1, so entry (i, j) = Σ_{k >= i} N_ik N_jk (i >= j) runs along rows.
  const N = transposedInverse(L, n);
  let i = 0;
  for (; i + 3 < n; i += 4) {
    // The zeros of rows i + 1 ... i + 3 left of their diagonal change no sum.
    for (let j = 0; j < i; j += 4) rowProducts(N, i * n, n, N, j * n, n, i, n, out, i * n + j, n);
    for (let r = i; r < i + 4; r++) for (let c = i; c <= r; c++) out[r * n + c] = rowProduct(N, r * n, N, c * n, r, n);
  }
  for (; i < n; i++) for (let j = 0; j <= i; j++) out[i * n + j] = rowProduct(N, i * n, N, j * n, i, n);
  for (let r = 0; r < n; r++) for (let c = 0; c < r; c++) out[c * n + r] = out[r * n + c];
  return out;
}

/** L^-T, upper triangular: N_ji = -Σ_{j <= k < i} L_ik N_jk / L_ii for i > j, in tiles of four by four. */
function transposedInverse(L: Float64Array, n: number): Float64Array {
  const N = new Float64Array(n * n);
  const tile = new Float64Array(16);
  let i = 0;
  for (; i + 3 < n; i += 4) {
    for (let j = 0; j < i; j += 4) {
      rowProducts(L, i * n, n, N, j * n, n, j, i, tile, 0, 4);
      for (let c = 0; c < 4; c++) substitute(L, N, n, i, j + c, tile, c);
    }
    for (let r = i; r < i + 4; r++) solveRow(L, N, n, r, i);
  }
  for (; i < n; i++) solveRow(L, N, n, i, 0);
  return N;
}

/** Forward substitution in rows i ... i + 3 for N_ji ... N_j(i+3), column c of the tile being the products with what is above. */
function substitute(
  L: Float64Array,
  N: Float64Array,
  n: number,
  i: number,
  j: number,
  tile: Float64Array,
  c: number,
): void {
  const r0 = i * n + i;
  const r1 = r0 + n;
  const r2 = r1 + n;
  const r3 = r2 + n;
  const x0 = (0 - tile[c]) / L[r0];
  const x1 = (0 - tile[4 + c] - L[r1] * x0) / L[r1 + 1];
  const x2 = (0 - tile[8 + c] - L[r2] * x0 - L[r2 + 1] * x1) / L[r2 + 2];
  const at = j * n + i;
  N[at] = x0;
  N[at + 1] = x1;
  N[at + 2] = x2;
  N[at + 3] = (0 - tile[12 + c] - L[r3] * x0 - L[r3 + 1] * x1 - L[r3 + 2] * x2) / L[r3 + 3];
}

/** N_ji for one i and every j from `start` on. */
function solveRow(L: Float64Array, N: Float64Array, n: number, i: number, start: number): void {
  const row = i * n;
  const pivot = L[row + i];
  for (let j = start; j < i; j++) N[j * n + i] = (0 - rowProduct(L, row, N, j * n, j, i)) / pivot;
  N[row + i] = 1 / pivot;
}
