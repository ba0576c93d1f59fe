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
  for (; i < n; i++) {
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
    for (let j = 0; j < i; j += 4) productTile(N, n, i, j, out);
    for (let r = i; r < i + 4; r++) for (let c = i; c <= r; c++) out[r * n + c] = rowProduct(N, n, r, c);
  }
  for (; i < n; i++) for (let j = 0; j <= i; j++) out[i * n + j] = rowProduct(N, n, i, j);
  for (let r = 0; r < n; r++) for (let c = 0; c < r; c++) out[c * n + r] = out[r * n + c];
  return out;
}

/** Σ_{k >= i} N_ik N_jk. */
function rowProduct(N: Float64Array, n: number, i: number, j: number): number {
  let s = 0;
  for (let k = i; k < n; k++) s += N[i * n + k] * N[j * n + k];
  return s;
}

/** L^-T, upper triangular: N_ji = -Σ_{j <= k < i} L_ik N_jk / L_ii for i > j, in tiles of four by four. */
function transposedInverse(L: Float64Array, n: number): Float64Array {
  const N = new Float64Array(n * n);
  let i = 0;
  for (; i + 3 < n; i += 4) {
    for (let j = 0; j < i; j += 4) solveTile(L, N, n, i, j);
    for (let r = i; r < i + 4; r++) solveRow(L, N, n, r, i);
  }
  for (; i < n; i++) solveRow(L, N, n, i, 0);
  return N;
}

/** N_ji for one i and every j from `start` on. */
function solveRow(L: Float64Array, N: Float64Array, n: number, i: number, start: number): void {
  const row = i * n;
  const pivot = L[row + i];
  for (let j = start; j < i; j++) {
    let s = 0;
    for (let k = j; k < i; k++) s -= L[row + k] * N[j * n + k];
    N[j * n + i] = s / pivot;
  }
  N[row + i] = 1 / pivot;
}

/** Entries (i..i+3, j..j+3) of N Nᵀ for j + 3 < i. The zeros of rows i + 1 ... i + 3 left of their diagonal change no sum. */
function productTile(N: Float64Array, n: number, i: number, j: number, out: Float64Array): void {
  const a0 = i * n;
  const a1 = a0 + n;
  const a2 = a1 + n;
  const a3 = a2 + n;
  const b0 = j * n;
  const b1 = b0 + n;
  const b2 = b1 + n;
  const b3 = b2 + n;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let k = i; k < n; k++) {
    const x0 = N[b0 + k];
    const x1 = N[b1 + k];
    const x2 = N[b2 + k];
    const x3 = N[b3 + k];
    const y0 = N[a0 + k];
    const y1 = N[a1 + k];
    const y2 = N[a2 + k];
    const y3 = N[a3 + k];
    s00 += y0 * x0;
    s01 += y0 * x1;
    s02 += y0 * x2;
    s03 += y0 * x3;
    s10 += y1 * x0;
    s11 += y1 * x1;
    s12 += y1 * x2;
    s13 += y1 * x3;
    s20 += y2 * x0;
    s21 += y2 * x1;
    s22 += y2 * x2;
    s23 += y2 * x3;
    s30 += y3 * x0;
    s31 += y3 * x1;
    s32 += y3 * x2;
    s33 += y3 * x3;
  }
  out[a0 + j] = s00;
  out[a0 + j + 1] = s01;
  out[a0 + j + 2] = s02;
  out[a0 + j + 3] = s03;
  out[a1 + j] = s10;
  out[a1 + j + 1] = s11;
  out[a1 + j + 2] = s12;
  out[a1 + j + 3] = s13;
  out[a2 + j] = s20;
  out[a2 + j + 1] = s21;
  out[a2 + j + 2] = s22;
  out[a2 + j + 3] = s23;
  out[a3 + j] = s30;
  out[a3 + j + 1] = s31;
  out[a3 + j + 2] = s32;
  out[a3 + j + 3] = s33;
}

/** N_jr for r = i..i+3 and the four rows from j on, j + 3 < i: the sums over k < i, then forward substitution in the tile. */
function solveTile(L: Float64Array, N: Float64Array, n: number, i: number, j: number): void {
  const a0 = i * n;
  const a1 = a0 + n;
  const a2 = a1 + n;
  const a3 = a2 + n;
  const b0 = j * n;
  const b1 = b0 + n;
  const b2 = b1 + n;
  const b3 = b2 + n;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let k = j; k < i; k++) {
    const x0 = N[b0 + k];
    const x1 = N[b1 + k];
    const x2 = N[b2 + k];
    const x3 = N[b3 + k];
    const y0 = L[a0 + k];
    const y1 = L[a1 + k];
    const y2 = L[a2 + k];
    const y3 = L[a3 + k];
    s00 -= y0 * x0;
    s01 -= y0 * x1;
    s02 -= y0 * x2;
    s03 -= y0 * x3;
    s10 -= y1 * x0;
    s11 -= y1 * x1;
    s12 -= y1 * x2;
    s13 -= y1 * x3;
    s20 -= y2 * x0;
    s21 -= y2 * x1;
    s22 -= y2 * x2;
    s23 -= y2 * x3;
    s30 -= y3 * x0;
    s31 -= y3 * x1;
    s32 -= y3 * x2;
    s33 -= y3 * x3;
  }
  const d0 = L[a0 + i];
  const d1 = L[a1 + i + 1];
  const d2 = L[a2 + i + 2];
  const d3 = L[a3 + i + 3];
  const l10 = L[a1 + i];
  const l20 = L[a2 + i];
  const l21 = L[a2 + i + 1];
  const l30 = L[a3 + i];
  const l31 = L[a3 + i + 1];
  const l32 = L[a3 + i + 2];
  s00 = s00 / d0;
  s01 = s01 / d0;
  s02 = s02 / d0;
  s03 = s03 / d0;
  s10 = (s10 - l10 * s00) / d1;
  s11 = (s11 - l10 * s01) / d1;
  s12 = (s12 - l10 * s02) / d1;
  s13 = (s13 - l10 * s03) / d1;
  s20 = (s20 - l20 * s00 - l21 * s10) / d2;
  s21 = (s21 - l20 * s01 - l21 * s11) / d2;
  s22 = (s22 - l20 * s02 - l21 * s12) / d2;
  s23 = (s23 - l20 * s03 - l21 * s13) / d2;
  s30 = (s30 - l30 * s00 - l31 * s10 - l32 * s20) / d3;
  s31 = (s31 - l30 * s01 - l31 * s11 - l32 * s21) / d3;
  s32 = (s32 - l30 * s02 - l31 * s12 - l32 * s22) / d3;
  s33 = (s33 - l30 * s03 - l31 * s13 - l32 * s23) / d3;
  N[b0 + i] = s00;
  N[b0 + i + 1] = s10;
  N[b0 + i + 2] = s20;
  N[b0 + i + 3] = s30;
  N[b1 + i] = s01;
  N[b1 + i + 1] = s11;
  N[b1 + i + 2] = s21;
  N[b1 + i + 3] = s31;
  N[b2 + i] = s02;
  N[b2 + i + 1] = s12;
  N[b2 + i + 2] = s22;
  N[b2 + i + 3] = s32;
  N[b3 + i] = s03;
  N[b3 + i + 1] = s13;
  N[b3 + i + 2] = s23;
  N[b3 + i + 3] = s33;
}
