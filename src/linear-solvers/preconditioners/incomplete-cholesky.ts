/**
 * Incomplete Cholesky factorization without fill, IC(0): L has the pattern of the lower triangle of A, and L Lᵀ agrees
 * with A on that pattern.
 *
 *   L_ij = (a_ij - Σ_{k<j} L_ik L_jk) / L_jj  for j < i,     L_ii = √(a_ii - Σ_{k<i} L_ik²)
 *
 * J. A. Meijerink, H. A. van der Vorst, "An iterative solution method for linear systems of which the coefficient matrix
 * is a symmetric M-matrix", Math. Comp. 31 (1977) 148-162. For an M-matrix no pivot fails; for another positive definite
 * matrix one may, and A + s diag(A) is factored instead (T. A. Manteuffel, Math. Comp. 34 (1980) 473-497).
 */
import type { CsrMatrix } from '../sparse/csr.js';
import { csrLower } from '../sparse/csr-algebra.js';
import { isPrepared, prepareCsr, requireDiagonal } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import type { Preconditioner } from './preconditioner.js';

export interface IncompleteCholeskyOptions {
  /** On a pivot that is not positive: shift the diagonal and try again ('shift', default), or throw. */
  onBreakdown?: 'shift' | 'throw';
}

export interface IncompleteCholesky {
  /** L with its diagonal. */
  factor: CsrMatrix;
  /** The s of A + s diag(A) that was factored; 0 unless a pivot failed. */
  shift: number;
  /** z = (L Lᵀ)⁻¹ r. 4 nnz(L) flops. */
  apply: Preconditioner;
}

/**
 * The factor of A, whose upper triangle is not looked at. After a failed pivot s = 1e-3, 2e-3, 4e-3, ... up to 1 is tried.
 *
 * @throws RangeError if a diagonal entry is zero, missing or negative, or every shift fails, or one is needed and
 *   `onBreakdown` is 'throw'
 *
 * @example
 * csrToDense(incompleteCholesky0([[4, 2], [2, 5]]).factor); //=> Float64Array.of(2, 0, 1, 2)
 */
export function incompleteCholesky0(
  A: MatrixInput,
  { onBreakdown = 'shift' }: IncompleteCholeskyOptions = {},
): IncompleteCholesky {
  if (onBreakdown !== 'shift' && onBreakdown !== 'throw') {
    throw new RangeError(`onBreakdown must be 'shift' or 'throw', got ${String(onBreakdown)}`);
  }
  const prepared = isPrepared(A) ? A : prepareCsr(toCsr(A));
  requireDiagonal(prepared);
  const lower = csrLower(prepared.A);
  const values = new Float64Array(lower.values.length);
  const factor: CsrMatrix = { ...lower, values };
  let shift = 0;
  for (;;) {
    const failed = factorize(lower, shift, values);
    if (failed < 0) return { factor, shift, apply: solver(factor) };
    if (onBreakdown === 'throw') throw new RangeError(`A must have positive pivots, got a failed one in row ${failed}`);
    shift = shift === 0 ? 1e-3 : 2 * shift;
    if (shift > 1.03) throw new RangeError(`A must have a factor with a shift of at most 1, row ${failed} fails`);
  }
}

/** Fills `out` with the factor of lower + shift diag; returns the first row whose pivot is not positive, or -1. */
function factorize({ rows, rowPtr, colIdx, values }: CsrMatrix, shift: number, out: Float64Array): number {
  const row = new Float64Array(rows); // the entries of row i found so far, by column
  for (let i = 0; i < rows; i++) {
    const start = rowPtr[i];
    const diagonal = rowPtr[i + 1] - 1;
    let pivot = values[diagonal] * (1 + shift);
    for (let p = start; p < diagonal; p++) {
      const j = colIdx[p];
      const end = rowPtr[j + 1] - 1;
      let sum = values[p];
      for (let q = rowPtr[j]; q < end; q++) sum -= out[q] * row[colIdx[q]];
      const entry = sum / out[end];
      out[p] = entry;
      row[j] = entry;
      pivot -= entry * entry;
    }
    for (let p = start; p < diagonal; p++) row[colIdx[p]] = 0;
    if (!(pivot > 0)) return i;
    out[diagonal] = Math.sqrt(pivot);
  }
  return -1;
}

function solver({ rows, rowPtr, colIdx, values }: CsrMatrix): Preconditioner {
  return (r, out) => {
    for (let i = 0; i < rows; i++) {
      const d = rowPtr[i + 1] - 1;
      let sum = r[i];
      for (let k = rowPtr[i]; k < d; k++) sum -= values[k] * out[colIdx[k]];
      out[i] = sum / values[d];
    }
    for (let i = rows - 1; i >= 0; i--) {
      const d = rowPtr[i + 1] - 1;
      const z = out[i] / values[d];
      out[i] = z;
      for (let k = rowPtr[i]; k < d; k++) out[colIdx[k]] -= values[k] * z;
    }
  };
}
