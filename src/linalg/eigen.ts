// Eigenvalues, singular values and least squares: the decompositions that are taken off the hot path.
//
// The one file that loads ml-matrix.

import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';

export interface SymmetricEigen {
  /** Ascending. */
  values: Float64Array;
  /** n x n row-major; column j belongs to values[j], and the columns are orthonormal. */
  vectors: Float64Array;
}

/**
 * A = V diag(values) Vᵀ of a symmetric matrix, by Householder reduction and QL steps. O(n³).
 *
 * @param A n x n, row-major, finite
 * @throws RangeError if A does not have n² entries or one is not finite
 *
 * @example
 * symmetricEigen([2, 0, 0, 1], 2).values; //=> Float64Array.of(1, 2)
 */
export function symmetricEigen(A: ArrayLike<number>, n: number): SymmetricEigen {
  const decomposition = new EigenvalueDecomposition(dense('A', A, n, n), { assumeSymmetric: true });
  const found = decomposition.realEigenvalues;
  const order = found.map((_, i) => i).sort((i, j) => found[i] - found[j] || i - j);
  const values = Float64Array.from(order, (i) => found[i]);
  const vectors = new Float64Array(n * n);
  const source = decomposition.eigenvectorMatrix;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[i * n + j] = source.get(i, order[j]);
  return { values, vectors };
}

export interface Svd {
  /** rows x r row-major, orthonormal columns, r = min(rows, columns). */
  u: Float64Array;
  /** Descending, length r. */
  s: Float64Array;
  /** columns x r row-major, orthonormal columns. */
  v: Float64Array;
}

/**
 * A = U diag(s) Vᵀ, thin. O(rows columns min(rows, columns)).
 *
 * @throws RangeError if A does not have rows · columns entries or one is not finite
 *
 * @example
 * svd([3, 0, 0, 4], 2, 2).s; //=> Float64Array.of(4, 3)
 */
export function svd(A: ArrayLike<number>, rows: number, columns: number): Svd {
  const r = Math.min(rows, columns);
  const found = new SingularValueDecomposition(dense('A', A, rows, columns), { autoTranspose: true });
  const flat = (matrix: Matrix, height: number) => {
    const out = new Float64Array(height * r);
    for (let i = 0; i < height; i++) for (let j = 0; j < r; j++) out[i * r + j] = matrix.get(i, j);
    return out;
  };
  return {
    u: flat(found.leftSingularVectors, rows),
    s: Float64Array.from(found.diagonal.slice(0, r)),
    v: flat(found.rightSingularVectors, columns),
  };
}

/**
 * Moore-Penrose inverse, columns x rows: singular values at or below max(rows, columns) · 2.2e-16 · s_1 count as zero.
 *
 * @example
 * pseudoInverse([2, 0], 1, 2); //=> Float64Array.of(0.5, 0)
 */
export function pseudoInverse(A: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const { u, s, v } = svd(A, rows, columns);
  const r = s.length;
  const least = Math.max(rows, columns) * 2.220446049250313e-16 * (r > 0 ? s[0] : 0);
  const out = new Float64Array(columns * rows);
  for (let k = 0; k < r && s[k] > least; k++) {
    for (let i = 0; i < columns; i++) {
      const weight = v[i * r + k] / s[k];
      for (let j = 0; j < rows; j++) out[i * rows + j] += weight * u[j * r + k];
    }
  }
  return out;
}

/**
 * The x of least norm among those that minimise |A x - b|.
 *
 * @example
 * leastSquares([1, 1], [1, 3], 2, 1).map((x) => Math.round(x * 1e12) / 1e12); //=> Float64Array.of(2)
 */
export function leastSquares(A: ArrayLike<number>, b: ArrayLike<number>, rows: number, columns: number): Float64Array {
  if (b.length !== rows) throw new RangeError(`b must have length ${rows}, got ${b.length}`);
  const inverse = pseudoInverse(A, rows, columns);
  const x = new Float64Array(columns);
  for (let i = 0; i < columns; i++) {
    let total = 0;
    for (let j = 0; j < rows; j++) total += inverse[i * rows + j] * b[j];
    x[i] = total;
  }
  return x;
}

function dense(name: string, A: ArrayLike<number>, rows: number, columns: number): Matrix {
  if (A.length !== rows * columns) throw new RangeError(`${name} must have length ${rows * columns}, got ${A.length}`);
  for (let i = 0; i < A.length; i++) {
    if (!Number.isFinite(A[i])) throw new RangeError(`${name}[${i}] must be finite, got ${A[i]}`);
  }
  return Matrix.from1DArray(rows, columns, A as number[]);
}
