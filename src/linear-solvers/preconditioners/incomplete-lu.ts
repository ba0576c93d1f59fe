/**
 * Incomplete LU factorization without fill, ILU(0): L (unit diagonal) and U have the pattern of A, and L U agrees with
 * A on it.
 *
 * Y. Saad, "Iterative Methods for Sparse Linear Systems", 2nd ed., SIAM 2003, algorithm 10.4.
 */
import type { CsrMatrix } from '../sparse/csr.js';
import { isPrepared, prepareCsr, requireDiagonal } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import type { Preconditioner } from './preconditioner.js';

export interface IncompleteLu {
  /** L without its unit diagonal and U, in one matrix of the pattern of A. */
  factors: CsrMatrix;
  /** z = (L U)⁻¹ r. 2 nnz flops. */
  apply: Preconditioner;
}

/**
 * The factors of A.
 *
 * @throws RangeError if a diagonal entry is zero or missing, or a pivot becomes zero; the message gives the row
 *
 * @example
 * csrToDense(incompleteLu0([[2, 1], [4, 5]]).factors); //=> Float64Array.of(2, 1, 2, 3)
 */
export function incompleteLu0(A: MatrixInput): IncompleteLu {
  const prepared = isPrepared(A) ? A : prepareCsr(toCsr(A));
  requireDiagonal(prepared);
  const { rows, cols, rowPtr, colIdx } = prepared.A;
  const { diagIndex } = prepared;
  const values = prepared.A.values.slice();
  const place = new Int32Array(cols).fill(-1); // where column j of row i is stored
  for (let i = 0; i < rows; i++) {
    for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) place[colIdx[k]] = k;
    for (let k = rowPtr[i]; k < diagIndex[i]; k++) {
      const j = colIdx[k];
      const factor = values[k] / values[diagIndex[j]];
      values[k] = factor;
      for (let q = diagIndex[j] + 1; q < rowPtr[j + 1]; q++) {
        const at = place[colIdx[q]];
        if (at >= 0) values[at] -= factor * values[q];
      }
    }
    const pivot = values[diagIndex[i]];
    if (!(pivot !== 0 && Number.isFinite(pivot)))
      throw new RangeError(`A must have nonzero pivots, got ${pivot} in row ${i}`);
    for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) place[colIdx[k]] = -1;
  }
  const factors: CsrMatrix = { rows, cols, rowPtr, colIdx, values };
  return {
    factors,
    apply: (r, out) => {
      for (let i = 0; i < rows; i++) {
        let sum = r[i];
        for (let k = rowPtr[i]; k < diagIndex[i]; k++) sum -= values[k] * out[colIdx[k]];
        out[i] = sum;
      }
      for (let i = rows - 1; i >= 0; i--) {
        let sum = out[i];
        for (let k = diagIndex[i] + 1; k < rowPtr[i + 1]; k++) sum -= values[k] * out[colIdx[k]];
        out[i] = sum / values[diagIndex[i]];
      }
    },
  };
}
