// M = D, the diagonal of A.
import { isPrepared, prepareCsr, requireDiagonal } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import type { Preconditioner } from './preconditioner.js';

/**
 * z = D⁻¹ r. n flops an application.
 *
 * @throws RangeError if a diagonal entry is zero or missing
 *
 * @example
 * const z = new Float64Array(2);
 * jacobiPreconditioner([[2, 1], [1, 4]])(Float64Array.of(2, 2), z);
 * z; //=> Float64Array.of(1, 0.5)
 */
export function jacobiPreconditioner(A: MatrixInput): Preconditioner {
  const prepared = isPrepared(A) ? A : prepareCsr(toCsr(A));
  requireDiagonal(prepared);
  const { invDiag } = prepared;
  return (r, out) => {
    for (let i = 0; i < invDiag.length; i++) out[i] = r[i] * invDiag[i];
  };
}
