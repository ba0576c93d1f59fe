// Changing a Cholesky factor when the matrix changes by a rank one, a row and column more, or one less.
//
// P. E. Gill, G. H. Golub, W. Murray, M. A. Saunders, "Methods for modifying matrix factorizations", Math. Comp. 28 (1974).

import { cholesky } from './cholesky.js';
import { solveLower } from './triangular.js';

/**
 * Replaces L by the factor of L Lᵀ + sign v vᵀ, in place. O(n²).
 *
 * @param v length n; overwritten
 * @param sign 1 adds, -1 takes away
 * @returns false if the result is not positive definite; L is then left half done
 *
 * @example
 * const L = Float64Array.of(3);
 * choleskyRankOne(L, Float64Array.of(4), 1, 1); //=> true
 * L[0]; //=> 5
 */
export function choleskyRankOne(L: Float64Array, v: Float64Array, n: number, sign: 1 | -1): boolean {
  for (let k = 0; k < n; k++) {
    const pivot = L[k * n + k];
    const square = pivot * pivot + sign * v[k] * v[k];
    if (!(square > 0)) return false;
    const root = Math.sqrt(square);
    const c = root / pivot;
    const s = v[k] / pivot;
    L[k * n + k] = root;
    for (let i = k + 1; i < n; i++) {
      const entry = (L[i * n + k] + sign * s * v[i]) / c;
      L[i * n + k] = entry;
      v[i] = c * v[i] - s * entry;
    }
  }
  return true;
}

/**
 * The factor of [[A, c], [cᵀ, d]] from that of A: the new row is L^-1 c, then √(d - |L^-1 c|²). O(n²).
 *
 * @param column c, length n
 * @param diagonal d
 * @returns the factor of size n + 1, or undefined if the larger matrix is not positive definite
 *
 * @example
 * choleskyAppend(Float64Array.of(2), [2], 5, 1); //=> Float64Array.of(2, 0, 1, 2)
 * choleskyAppend(Float64Array.of(1), [1], 1, 1); //=> undefined
 */
export function choleskyAppend(
  L: Float64Array,
  column: ArrayLike<number>,
  diagonal: number,
  n: number,
): Float64Array | undefined {
  return choleskyAppendMany(L, column, [diagonal], n, 1);
}

/**
 * The factor of [[A, Cᵀ], [C, D]] from that of A. O(n² m + n m² + m³).
 *
 * @param rows C, m x n row-major: the covariances of the new entries with the old
 * @param corner D, m x m row-major
 * @returns the factor of size n + m, or undefined if the larger matrix is not positive definite
 */
export function choleskyAppendMany(
  L: Float64Array,
  rows: ArrayLike<number>,
  corner: ArrayLike<number>,
  n: number,
  m: number,
): Float64Array | undefined {
  const size = n + m;
  const out = new Float64Array(size * size);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[i * size + j] = L[i * n + j];
  const schur = new Float64Array(m * m);
  const solved = new Float64Array(m * n);
  const row = new Float64Array(n);
  for (let r = 0; r < m; r++) {
    for (let j = 0; j < n; j++) row[j] = rows[r * n + j];
    solveLower(L, row, n, row);
    solved.set(row, r * n);
    out.set(row, (n + r) * size);
    for (let q = 0; q <= r; q++) {
      let s = corner[r * m + q];
      for (let k = 0; k < n; k++) s -= solved[r * n + k] * solved[q * n + k];
      schur[r * m + q] = s;
    }
    if (!(schur[r * m + r] > size * 2.3e-16 * corner[r * m + r])) return undefined;
  }
  if (cholesky(schur, m) !== -1) return undefined;
  for (let r = 0; r < m; r++) for (let q = 0; q <= r; q++) out[(n + r) * size + n + q] = schur[r * m + q];
  return out;
}

/**
 * The factor of A without row and column `index`, by a rank-one update of the trailing block. O((n - index)²).
 *
 * @returns the factor of size n - 1
 *
 * @example
 * choleskyDelete(Float64Array.of(2, 0, 3, 4), 0, 2); //=> Float64Array.of(5)
 */
export function choleskyDelete(L: Float64Array, index: number, n: number): Float64Array {
  const size = n - 1;
  const out = new Float64Array(size * size);
  for (let i = 0; i < index; i++) for (let j = 0; j <= i; j++) out[i * size + j] = L[i * n + j];
  for (let i = index + 1; i < n; i++) for (let j = 0; j < index; j++) out[(i - 1) * size + j] = L[i * n + j];
  // The trailing block S satisfies S Sᵀ + l lᵀ = S' S'ᵀ with l the deleted column below the diagonal.
  const rest = n - index - 1;
  const trailing = new Float64Array(rest * rest);
  const column = new Float64Array(rest);
  for (let i = 0; i < rest; i++) {
    const source = (index + 1 + i) * n;
    column[i] = L[source + index];
    for (let j = 0; j <= i; j++) trailing[i * rest + j] = L[source + index + 1 + j];
  }
  choleskyRankOne(trailing, column, rest, 1);
  for (let i = 0; i < rest; i++) {
    for (let j = 0; j <= i; j++) out[(index + i) * size + index + j] = trailing[i * rest + j];
  }
  return out;
}
