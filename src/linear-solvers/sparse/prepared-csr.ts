// What all sweeps need to know of a square matrix, found in one pass: where its diagonal is, and 1 / a_ii.
import { validateCsr, type CsrMatrix } from './csr.js';

/** A square CSR matrix with its diagonal located. Accepted by every solver in place of the matrix. */
export interface PreparedCsr {
  readonly A: CsrMatrix;
  /** Position of a_ii in `values`; -1 where it is not stored. */
  readonly diagIndex: Int32Array;
  /** 1 / a_ii; 0 where a_ii is zero or missing. */
  readonly invDiag: Float64Array;
  /** The first row whose diagonal is zero or missing; -1 if there is none. */
  readonly zeroDiagonalRow: number;
}

/**
 * Checks A and locates its diagonal. A zero or missing diagonal is remembered, not thrown: methods that divide by it
 * throw when they are called. `values` of A must not change afterwards.
 *
 * O(nnz).
 *
 * @throws RangeError if A is not square or breaks the invariant of CSR
 *
 * @example
 * prepareCsr(poisson1d(3)).diagIndex; //=> Int32Array.of(0, 3, 6)
 */
export function prepareCsr(A: CsrMatrix): PreparedCsr {
  validateCsr(A);
  if (A.rows !== A.cols) throw new RangeError(`A must be square, got ${A.rows} x ${A.cols}`);
  const diagIndex = locateDiagonal(A, new Int32Array(A.rows));
  const invDiag = new Float64Array(A.rows);
  return { A, diagIndex, invDiag, zeroDiagonalRow: invertDiagonal(A, diagIndex, invDiag) };
}

export function isPrepared(value: unknown): value is PreparedCsr {
  const prepared = value as PreparedCsr | null;
  return typeof prepared === 'object' && prepared !== null && prepared.diagIndex instanceof Int32Array;
}

/** Fills diagIndex from the pattern. */
export function locateDiagonal({ rows, rowPtr, colIdx }: CsrMatrix, diagIndex: Int32Array): Int32Array {
  for (let i = 0; i < rows; i++) {
    let low = rowPtr[i];
    let high = rowPtr[i + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (colIdx[middle] < i) low = middle + 1;
      else high = middle;
    }
    diagIndex[i] = low < rowPtr[i + 1] && colIdx[low] === i ? low : -1;
  }
  return diagIndex;
}

/** Fills invDiag from the values; returns the first row that cannot be inverted, or -1. */
export function invertDiagonal({ rows, values }: CsrMatrix, diagIndex: Int32Array, invDiag: Float64Array): number {
  let bad = -1;
  for (let i = rows - 1; i >= 0; i--) {
    const d = diagIndex[i] < 0 ? 0 : values[diagIndex[i]];
    invDiag[i] = d === 0 ? 0 : 1 / d;
    if (d === 0) bad = i;
  }
  return bad;
}

/** Throws for methods that divide by the diagonal. */
export function requireDiagonal({ A, diagIndex, zeroDiagonalRow: row }: PreparedCsr): void {
  if (row < 0) return;
  const found = diagIndex[row] < 0 ? 'none' : String(A.values[diagIndex[row]]);
  throw new RangeError(`A must have a nonzero diagonal, got ${found} in row ${row}`);
}
