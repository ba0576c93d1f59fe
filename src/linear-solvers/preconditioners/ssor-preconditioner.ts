/**
 * The SSOR preconditioner, M = (D + ω L) D⁻¹ (D + ω U) / (ω (2 - ω)).
 *
 * O. Axelsson, "A generalized SSOR method", BIT 12 (1972) 443-467. The factor ω (2 - ω) does not change the iterates
 * of CG; it is kept so that M is the splitting of the SSOR iteration, I - M⁻¹A.
 */
import { checkOptionNames } from '../../internal/check.js';
import { isPrepared, prepareCsr, requireDiagonal } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import { checkOmega } from '../stationary/sweeps.js';
import type { Preconditioner } from './preconditioner.js';

export interface SsorPreconditionerOptions {
  /** ω in (0, 2). */
  omega: number;
  /** A vector of length n to work in. Default: a new one. */
  scratch?: Float64Array;
}

const NAMES = { omega: true, scratch: true } satisfies Record<keyof SsorPreconditionerOptions, true>;

/**
 * z = M⁻¹ r by a forward and a backward substitution with the entries of A where they stand: no factorization, no copy.
 *
 * 2 nnz + 2 n flops an application.
 *
 * @throws RangeError if ω is not in (0, 2) or a diagonal entry is zero or missing
 *
 * @example
 * const z = new Float64Array(2);
 * ssorPreconditioner([[2, 0], [0, 4]], { omega: 1 })(Float64Array.of(2, 2), z);
 * z; //=> Float64Array.of(1, 0.5)
 */
export function ssorPreconditioner(A: MatrixInput, options: SsorPreconditionerOptions): Preconditioner {
  checkOptionNames('options', options, NAMES);
  const { omega, scratch } = options;
  checkOmega(omega);
  const prepared = isPrepared(A) ? A : prepareCsr(toCsr(A));
  requireDiagonal(prepared);
  const { rows: n, rowPtr, colIdx, values } = prepared.A;
  const { diagIndex, invDiag } = prepared;
  const y = scratch ?? new Float64Array(n);
  if (y.length !== n) throw new RangeError(`scratch must have length ${n}, got ${y.length}`);
  const factor = omega * (2 - omega);
  return (r, out) => {
    for (let i = 0; i < n; i++) {
      // (D + ω L) y = ω (2 - ω) r
      const d = diagIndex[i];
      let lower = 0;
      for (let k = rowPtr[i]; k < d; k++) lower += values[k] * y[colIdx[k]];
      y[i] = (factor * r[i] - omega * lower) * invDiag[i];
    }
    for (let i = n - 1; i >= 0; i--) {
      // (D + ω U) z = D y
      const end = rowPtr[i + 1];
      let upper = 0;
      for (let k = diagIndex[i] + 1; k < end; k++) upper += values[k] * out[colIdx[k]];
      out[i] = y[i] - omega * upper * invDiag[i];
    }
  };
}
