/**
 * Compressed sparse rows (CSR), the one matrix format of this module.
 *
 * Y. Saad, "Iterative Methods for Sparse Linear Systems", 2nd ed., SIAM 2003, section 3.4.
 *
 *   textbook   here        meaning
 *   IA         rowPtr      row i is stored at positions rowPtr[i] .. rowPtr[i + 1] - 1
 *   JA         colIdx      column of each stored entry
 *   AA         values      value of each stored entry
 *   Nz         nnz         number of stored entries, rowPtr[rows]
 *
 * Every matrix made by the library has rowPtr[0] = 0, rowPtr non-decreasing, and strictly increasing column indices
 * inside each row. A stored entry may be zero: the pattern is what was given.
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';

/** A sparse matrix in compressed rows; see the head of this file for the invariant. */
export interface CsrMatrix {
  readonly rows: number;
  readonly cols: number;
  /** Length rows + 1. */
  readonly rowPtr: Int32Array;
  readonly colIdx: Int32Array;
  readonly values: Float64Array;
}

/** Entries of a sparse matrix in any order, 0-based; entries at the same place are added. */
export interface Triplets {
  rows: number;
  cols: number;
  i: ArrayLike<number>;
  j: ArrayLike<number>;
  v: ArrayLike<number>;
}

const MAX_SIZE = 2147483646;

/**
 * The matrix with the given entries. Duplicates are added in order of appearance; an entry that is 0 or cancels to 0
 * stays in the pattern.
 *
 * Two stable counting sorts, by column and then by row: O(nnz + rows + cols) time and memory.
 *
 * @throws RangeError if an index is not an integer inside the matrix, the arrays differ in length, or a value is not finite
 *
 * @example
 * const A = csrFromTriplets({ rows: 2, cols: 2, i: [1, 0, 1], j: [0, 1, 0], v: [3, 1, 4] });
 * csrToDense(A, { nested: true }); //=> [[0, 1], [7, 0]]
 */
export function csrFromTriplets({ rows, cols, i, j, v }: Triplets): CsrMatrix {
  checkInteger('rows', rows, 0, MAX_SIZE);
  checkInteger('cols', cols, 0, MAX_SIZE);
  const count = i.length;
  if (j.length !== count) throw new RangeError(`j must have length ${count}, got ${j.length}`);
  if (v.length !== count) throw new RangeError(`v must have length ${count}, got ${v.length}`);
  const byColumn = new Int32Array(cols + 1);
  const rowPtr = new Int32Array(rows + 1);
  for (let k = 0; k < count; k++) {
    const row = i[k];
    const col = j[k];
    if (!(Number.isInteger(row) && row >= 0 && row < rows)) throw badIndex('i', k, rows, row);
    if (!(Number.isInteger(col) && col >= 0 && col < cols)) throw badIndex('j', k, cols, col);
    if (!Number.isFinite(v[k])) throw new RangeError(`v[${k}] must be finite, got ${v[k]}`);
    byColumn[col + 1] += 1;
    rowPtr[row + 1] += 1;
  }
  for (let col = 0; col < cols; col++) byColumn[col + 1] += byColumn[col];
  for (let row = 0; row < rows; row++) rowPtr[row + 1] += rowPtr[row];

  const columnOrder = new Int32Array(count);
  for (let k = 0; k < count; k++) columnOrder[byColumn[j[k]]++] = k;
  const next = rowPtr.slice(0, rows);
  const colIdx = new Int32Array(count);
  const values = new Float64Array(count);
  for (let s = 0; s < count; s++) {
    const k = columnOrder[s];
    const at = next[i[k]]++;
    colIdx[at] = j[k];
    values[at] = v[k];
  }
  return mergeDuplicates(rows, cols, rowPtr, colIdx, values);
}

/** Adds entries that stand side by side with the same column. */
function mergeDuplicates(
  rows: number,
  cols: number,
  rowPtr: Int32Array,
  colIdx: Int32Array,
  values: Float64Array,
): CsrMatrix {
  let to = 0;
  for (let row = 0, from = 0; row < rows; row++) {
    const start = to;
    for (const end = rowPtr[row + 1]; from < end; from++) {
      if (to > start && colIdx[to - 1] === colIdx[from]) {
        values[to - 1] += values[from];
      } else {
        colIdx[to] = colIdx[from];
        values[to] = values[from];
        to += 1;
      }
    }
    rowPtr[row + 1] = to;
  }
  if (to === colIdx.length) return { rows, cols, rowPtr, colIdx, values };
  return { rows, cols, rowPtr, colIdx: colIdx.slice(0, to), values: values.slice(0, to) };
}

/**
 * The nonzero entries of a dense matrix given by its rows; exact zeros are dropped.
 *
 * @throws RangeError if the rows differ in length or an entry is not finite
 *
 * @example
 * csrFromDense([[0, 2], [1, 0]]).colIdx; //=> Int32Array.of(1, 0)
 */
export function csrFromDense(dense: ArrayLike<ArrayLike<number>>): CsrMatrix {
  const rows = dense.length;
  const cols = rows === 0 ? 0 : dense[0].length;
  let nnz = 0;
  for (let i = 0; i < rows; i++) {
    if (dense[i].length !== cols) {
      throw new RangeError(`dense[${i}] must have length ${cols} as the first row, got ${dense[i].length}`);
    }
    for (let j = 0; j < cols; j++) {
      if (!Number.isFinite(dense[i][j])) throw new RangeError(`dense[${i}][${j}] must be finite, got ${dense[i][j]}`);
      if (dense[i][j] !== 0) nnz += 1;
    }
  }
  const rowPtr = new Int32Array(rows + 1);
  const colIdx = new Int32Array(nnz);
  const values = new Float64Array(nnz);
  let k = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      if (dense[i][j] === 0) continue;
      colIdx[k] = j;
      values[k++] = dense[i][j];
    }
    rowPtr[i + 1] = k;
  }
  return { rows, cols, rowPtr, colIdx, values };
}

/**
 * All entries, row-major in one array; with `nested`, an array of rows.
 *
 * @example
 * csrToDense(poisson1d(2)); //=> Float64Array.of(2, -1, -1, 2)
 */
export function csrToDense(A: CsrMatrix): Float64Array;
export function csrToDense(A: CsrMatrix, options: { nested: true }): number[][];
export function csrToDense(A: CsrMatrix, options?: { nested?: boolean }): Float64Array | number[][];
export function csrToDense(A: CsrMatrix, options: { nested?: boolean } = {}): Float64Array | number[][] {
  checkOptionNames('options', options, { nested: true });
  const { nested = false } = options;
  const { rows, cols, rowPtr, colIdx, values } = A;
  const flat = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) flat[i * cols + colIdx[k]] += values[k];
  }
  if (!nested) return flat;
  return Array.from({ length: rows }, (_, i) => Array.from(flat.subarray(i * cols, (i + 1) * cols)));
}

/**
 * Throws unless A is a CSR matrix that keeps the invariant; returns A. O(nnz).
 *
 * @throws TypeError if A is not of this shape
 * @throws RangeError if the pointers, the column indices or the values break the invariant; the message names the row
 */
export function validateCsr(A: CsrMatrix): CsrMatrix {
  if (!isCsr(A)) throw new TypeError('A must be a CSR matrix { rows, cols, rowPtr, colIdx, values }');
  const { rows, cols, rowPtr, colIdx, values } = A;
  checkInteger('rows', rows, 0, MAX_SIZE);
  checkInteger('cols', cols, 0, MAX_SIZE);
  if (rowPtr.length !== rows + 1) throw new RangeError(`rowPtr must have length ${rows + 1}, got ${rowPtr.length}`);
  const nnz = rowPtr[rows];
  if (rowPtr[0] !== 0) throw new RangeError(`rowPtr[0] must be 0, got ${rowPtr[0]}`);
  for (let i = 0; i < rows; i++) {
    if (rowPtr[i + 1] < rowPtr[i]) throw new RangeError(`rowPtr must not decrease, got a fall at row ${i}`);
  }
  if (colIdx.length < nnz) throw new RangeError(`colIdx must have length ${nnz}, got ${colIdx.length}`);
  if (values.length < nnz) throw new RangeError(`values must have length ${nnz}, got ${values.length}`);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let last = -1; k < rowPtr[i + 1]; k++) {
      if (!(colIdx[k] > last && colIdx[k] < cols)) {
        throw new RangeError(
          `colIdx must increase inside row ${i} and stay below ${cols}, got ${colIdx[k]} after ${last}`,
        );
      }
      last = colIdx[k];
      if (!Number.isFinite(values[k])) {
        throw new RangeError(`values must be finite, got ${values[k]} at row ${i}, column ${colIdx[k]}`);
      }
    }
  }
  return A;
}

/** Whether a value has the shape of a CSR matrix; its contents are not looked at. */
export function isCsr(value: unknown): value is CsrMatrix {
  const A = value as CsrMatrix | null;
  return (
    typeof A === 'object' &&
    A !== null &&
    typeof A.rows === 'number' &&
    typeof A.cols === 'number' &&
    A.rowPtr instanceof Int32Array &&
    A.colIdx instanceof Int32Array &&
    A.values instanceof Float64Array
  );
}

/**
 * The same matrix with the entries of each row in increasing column order; equal columns are added. For matrices that
 * come from elsewhere with unsorted rows. O(nnz + rows + cols).
 */
export function csrSortRows(A: CsrMatrix): CsrMatrix {
  const nnz = A.rowPtr[A.rows];
  const i = new Int32Array(nnz);
  for (let row = 0; row < A.rows; row++) i.fill(row, A.rowPtr[row], A.rowPtr[row + 1]);
  return csrFromTriplets({
    rows: A.rows,
    cols: A.cols,
    i,
    j: A.colIdx.subarray(0, nnz),
    v: A.values.subarray(0, nnz),
  });
}

function badIndex(name: string, k: number, size: number, value: number): RangeError {
  return new RangeError(`${name}[${k}] must be an integer in [0, ${size - 1}], got ${value}`);
}
