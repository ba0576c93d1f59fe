// Products of a CSR matrix with a vector, one pass over the stored entries, each sum in column order.
import type { CsrMatrix } from './csr.js';

/**
 * y = A x.
 *
 * O(nnz). `out` must not be `x`.
 *
 * @throws RangeError if x or out has the wrong length
 *
 * @example
 * spmv(poisson1d(3), [1, 1, 1]); //=> Float64Array.of(1, 0, 1)
 */
export function spmv(A: CsrMatrix, x: ArrayLike<number>, out?: Float64Array): Float64Array {
  const y = vectors(A.cols, x, A.rows, out);
  const v = x instanceof Float64Array ? x : Float64Array.from(x);
  spmvInto(A, v, y);
  return y;
}

/** The kernel of `spmv`, without checks. */
export function spmvInto({ rows, rowPtr, colIdx, values }: CsrMatrix, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    let k = rowPtr[i];
    // Rows of five entries, as inside a 5-point grid, in a loop that holds no other loop: what V8 checks of every array
    // it then checks once before the loop, not at every access. The sums are the same.
    for (; i < rows; i++) {
      const end = rowPtr[i + 1];
      if (end - k !== 5) break;
      y[i] =
        values[k] * x[colIdx[k]] +
        values[k + 1] * x[colIdx[k + 1]] +
        values[k + 2] * x[colIdx[k + 2]] +
        values[k + 3] * x[colIdx[k + 3]] +
        values[k + 4] * x[colIdx[k + 4]];
      k = end;
    }
    if (i === rows) return;
    let sum = 0;
    for (const end = rowPtr[i + 1]; k < end; k++) sum += values[k] * x[colIdx[k]];
    y[i] = sum;
  }
}

/**
 * y = Aᵀ x, without forming Aᵀ.
 *
 * O(nnz). `out` must not be `x`.
 *
 * @throws RangeError if x or out has the wrong length
 *
 * @example
 * spmvTranspose(csrFromDense([[1, 2], [0, 3]]), [1, 1]); //=> Float64Array.of(1, 5)
 */
export function spmvTranspose(A: CsrMatrix, x: ArrayLike<number>, out?: Float64Array): Float64Array {
  const y = vectors(A.rows, x, A.cols, out).fill(0);
  const { rows, rowPtr, colIdx, values } = A;
  for (let i = 0, k = 0; i < rows; i++) {
    const xi = x[i];
    for (const end = rowPtr[i + 1]; k < end; k++) y[colIdx[k]] += values[k] * xi;
  }
  return y;
}

/**
 * r = b - A x.
 *
 * O(nnz). `out` may be `b`; it must not be `x`.
 *
 * @throws RangeError if b, x or out has the wrong length
 *
 * @example
 * residual(poisson1d(3), [1, 1, 1], [1, 1, 1]); //=> Float64Array.of(0, 1, 0)
 */
export function residual(A: CsrMatrix, b: ArrayLike<number>, x: ArrayLike<number>, out?: Float64Array): Float64Array {
  const r = vectors(A.cols, x, A.rows, out);
  if (b.length !== A.rows) throw new RangeError(`b must have length ${A.rows}, got ${b.length}`);
  const { rows, rowPtr, colIdx, values } = A;
  for (let i = 0, k = 0; i < rows; i++) {
    let sum = 0;
    for (const end = rowPtr[i + 1]; k < end; k++) sum += values[k] * x[colIdx[k]];
    r[i] = b[i] - sum;
  }
  return r;
}

function vectors(
  lengthIn: number,
  x: ArrayLike<number>,
  lengthOut: number,
  out: Float64Array | undefined,
): Float64Array {
  if (x.length !== lengthIn) throw new RangeError(`x must have length ${lengthIn}, got ${x.length}`);
  if (out === undefined) return new Float64Array(lengthOut);
  if (out.length !== lengthOut) throw new RangeError(`out must have length ${lengthOut}, got ${out.length}`);
  return out;
}
