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
import { checkOptionNames } from '../../internal/check.js';
import type { CsrMatrix } from '../sparse/csr.js';
import { csrLower, csrTranspose } from '../sparse/csr-algebra.js';
import { isPrepared, prepareCsr, requireDiagonal } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import type { Preconditioner } from './preconditioner.js';

export interface IncompleteCholeskyOptions {
  /** On a pivot that is not positive: shift the diagonal and try again ('shift', default), or throw. */
  onBreakdown?: 'shift' | 'throw';
}

const NAMES = { onBreakdown: true } satisfies Record<keyof IncompleteCholeskyOptions, true>;

export interface IncompleteCholesky {
  /** L with its diagonal. */
  factor: CsrMatrix;
  /** The s of A + s diag(A) that was factored; 0 unless a pivot failed. */
  shift: number;
  /** z = (L Lᵀ)⁻¹ r. 4 nnz(L) flops; keeps two more copies of the strict triangle, with a diagonal of ones. */
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
export function incompleteCholesky0(A: MatrixInput, options: IncompleteCholeskyOptions = {}): IncompleteCholesky {
  checkOptionNames('options', options, NAMES);
  const { onBreakdown = 'shift' } = options;
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

/**
 * z = (L Lᵀ)⁻¹ r as (I + N) D² (I + N)ᵀ z = r with D the diagonal of L and N = L D⁻¹ - I, so that no substitution divides.
 * N and Nᵀ are both kept by rows: each substitution is then a sum over a row, and never scatters.
 */
function solver({ rows, rowPtr, colIdx, values }: CsrMatrix): Preconditioner {
  const weights = new Float64Array(rows); // 1 / L_ii²
  const N = {
    rows,
    cols: rows,
    rowPtr: new Int32Array(rows + 1),
    colIdx: new Int32Array(rowPtr[rows] - rows),
    values: new Float64Array(rowPtr[rows] - rows),
  };
  for (let i = 0, to = 0; i < rows; i++) {
    const d = rowPtr[i + 1] - 1;
    for (let k = rowPtr[i]; k < d; k++, to++) {
      const j = colIdx[k];
      N.colIdx[to] = j;
      N.values[to] = values[k] / values[rowPtr[j + 1] - 1];
    }
    N.rowPtr[i + 1] = to;
    weights[i] = 1 / (values[d] * values[d]);
  }
  const transposed = csrTranspose(N);
  // No loop here, only calls: V8 compiles a function at its first hot loop without knowing what comes after it, and
  // would come back to the interpreter after that loop at every call.
  return (r, out) => {
    substituteForward(N, r, out);
    substituteBackward(transposed, weights, out);
  };
}

/** y <- (I + N)⁻¹ r for strictly lower N, from the first column of a row to the last. */
function substituteForward({ rows, rowPtr, colIdx, values }: CsrMatrix, r: Float64Array, y: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    let k = rowPtr[i];
    let before = i > 0 ? y[i - 1] : 0;
    // Rows as inside a 5-point grid, in a loop that holds no other (see `sweepForward`), with y_{i-1} in a local.
    for (; i < rows; i++) {
      const end = rowPtr[i + 1];
      if (end - k !== 2 || colIdx[k + 1] !== i - 1) break;
      before = r[i] - values[k] * y[colIdx[k]] - values[k + 1] * before;
      y[i] = before;
      k = end;
    }
    if (i === rows) return;
    let sum = r[i];
    for (const end = rowPtr[i + 1]; k < end; k++) sum -= values[k] * y[colIdx[k]];
    y[i] = sum;
  }
}

/** z <- (I + N)⁻¹ diag(weights) z in place for strictly upper N, from the last column of a row to the first. */
function substituteBackward({ rows, rowPtr, colIdx, values }: CsrMatrix, weights: Float64Array, z: Float64Array): void {
  for (let i = rows - 1; i >= 0; i--) {
    let end = rowPtr[i + 1];
    let after = i + 1 < rows ? z[i + 1] : 0;
    for (; i >= 0; i--) {
      const start = rowPtr[i];
      if (end - start !== 2 || colIdx[start] !== i + 1) break;
      after = weights[i] * z[i] - values[start + 1] * z[colIdx[start + 1]] - values[start] * after;
      z[i] = after;
      end = start;
    }
    if (i < 0) return;
    let sum = weights[i] * z[i];
    const start = rowPtr[i];
    for (let k = end - 1; k >= start; k--) sum -= values[k] * z[colIdx[k]];
    z[i] = sum;
  }
}
