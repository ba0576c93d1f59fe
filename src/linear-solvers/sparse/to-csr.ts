// The forms in which a matrix may be handed to a solver.
import { csrFromDense, isCsr, type CsrMatrix } from './csr.js';
import { isPrepared, type PreparedCsr } from './prepared-csr.js';

/** A matrix by its rows, or an object such as ml-matrix's `Matrix`. */
export type DenseMatrix =
  | ArrayLike<ArrayLike<number>>
  | { to2DArray(): number[][] }
  | { rows: number; columns: number; get(i: number, j: number): number };

/** Whatever stands for a matrix whose entries can be read. Dense ones are converted at every call: convert once with `toCsr`. */
export type MatrixInput = CsrMatrix | PreparedCsr | DenseMatrix;

/** A matrix known by its action only. `apply` writes A x into `out`, keeps neither, and must not change x. */
export interface LinearOperator {
  readonly rows: number;
  readonly cols: number;
  apply(x: Float64Array, out: Float64Array): void;
}

/**
 * The CSR form of a matrix: itself if it is one already, else a conversion that drops exact zeros.
 *
 * @throws TypeError if the value is none of the forms of `MatrixInput`
 * @throws RangeError if rows differ in length or an entry is not finite
 *
 * @example
 * toCsr([[0, 2], [1, 0]]).values; //=> Float64Array.of(2, 1)
 */
export function toCsr(matrix: MatrixInput): CsrMatrix {
  if (isCsr(matrix)) return matrix;
  if (isPrepared(matrix)) return matrix.A;
  if (typeof matrix === 'object' && matrix !== null) {
    if ('to2DArray' in matrix && typeof matrix.to2DArray === 'function') return csrFromDense(matrix.to2DArray());
    if ('get' in matrix && typeof matrix.get === 'function') return csrFromGetter(matrix);
    if ('length' in matrix && typeof matrix.length === 'number' && (matrix.length === 0 || isRow(matrix[0]))) {
      return csrFromDense(matrix);
    }
  }
  throw new TypeError('A must be a CSR matrix, an array of rows or a dense matrix object');
}

export function isOperator(value: unknown): value is LinearOperator {
  return typeof value === 'object' && value !== null && typeof (value as LinearOperator).apply === 'function';
}

function csrFromGetter(matrix: { rows: number; columns: number; get(i: number, j: number): number }): CsrMatrix {
  return csrFromDense(
    Array.from({ length: matrix.rows }, (_, i) =>
      Float64Array.from({ length: matrix.columns }, (__, j) => matrix.get(i, j)),
    ),
  );
}

function isRow(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as ArrayLike<number>).length === 'number';
}
