// Matrices from matrices: transpose, triangles, sums, scalings, permutations. All are pure and O(nnz + rows + cols).
import { checkVector, checkOptionNames } from '../../internal/check.js';
import { csrFromTriplets, type CsrMatrix } from './csr.js';

/**
 * Aᵀ.
 *
 * @example
 * csrToDense(csrTranspose(csrFromDense([[1, 2], [0, 3]])), { nested: true }); //=> [[1, 0], [2, 3]]
 */
export function csrTranspose({ rows, cols, rowPtr, colIdx, values }: CsrMatrix): CsrMatrix {
  const nnz = rowPtr[rows];
  const ptr = new Int32Array(cols + 1);
  for (let k = 0; k < nnz; k++) ptr[colIdx[k] + 1] += 1;
  for (let j = 0; j < cols; j++) ptr[j + 1] += ptr[j];
  const next = ptr.slice(0, cols);
  const idx = new Int32Array(nnz);
  const val = new Float64Array(nnz);
  for (let i = 0, k = 0; i < rows; i++) {
    for (const end = rowPtr[i + 1]; k < end; k++) {
      const at = next[colIdx[k]]++;
      idx[at] = i;
      val[at] = values[k];
    }
  }
  return { rows: cols, cols: rows, rowPtr: ptr, colIdx: idx, values: val };
}

/** The diagonal of A, with 0 where no entry is stored; length min(rows, cols). */
export function csrDiagonal({ rows, cols, rowPtr, colIdx, values }: CsrMatrix): Float64Array {
  const d = new Float64Array(Math.min(rows, cols));
  for (let i = 0; i < d.length; i++) {
    for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) if (colIdx[k] === i) d[i] += values[k];
  }
  return d;
}

export interface TriangleOptions {
  /** Leave the diagonal out. Default false. */
  strict?: boolean;
  /** Put ones on the diagonal, whatever A has there. Default false; not together with `strict`. */
  unit?: boolean;
}

/**
 * The lower triangle of A, with the diagonal unless `strict`.
 *
 * @throws RangeError if both `strict` and `unit` are true
 *
 * @example
 * csrToDense(csrLower(poisson1d(2), { unit: true }), { nested: true }); //=> [[1, 0], [-1, 1]]
 */
export function csrLower(A: CsrMatrix, options: TriangleOptions = {}): CsrMatrix {
  return triangle(A, options, -1);
}

/** The upper triangle of A; options as `csrLower`. */
export function csrUpper(A: CsrMatrix, options: TriangleOptions = {}): CsrMatrix {
  return triangle(A, options, 1);
}

const TRIANGLE_NAMES = { strict: true, unit: true } satisfies Record<keyof TriangleOptions, true>;

function triangle(A: CsrMatrix, options: TriangleOptions, side: -1 | 1): CsrMatrix {
  checkOptionNames('options', options, TRIANGLE_NAMES);
  const { strict = false, unit = false } = options;
  if (strict && unit) throw new RangeError('strict must be false when unit is true, got true');
  const { rows, cols, rowPtr, colIdx, values } = A;
  const ptr = new Int32Array(rows + 1);
  const idx = new Int32Array(rowPtr[rows] + (unit ? Math.min(rows, cols) : 0));
  const val = new Float64Array(idx.length);
  let to = 0;
  for (let i = 0; i < rows; i++) {
    if (unit && side === 1 && i < cols) {
      idx[to] = i;
      val[to++] = 1;
    }
    for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) {
      const distance = (colIdx[k] - i) * side;
      if (distance > 0 || (distance === 0 && !strict && !unit)) {
        idx[to] = colIdx[k];
        val[to++] = values[k];
      }
    }
    if (unit && side === -1 && i < cols) {
      idx[to] = i;
      val[to++] = 1;
    }
    ptr[i + 1] = to;
  }
  return { rows, cols, rowPtr: ptr, colIdx: idx.slice(0, to), values: val.slice(0, to) };
}

/**
 * alpha A + beta B. The pattern is the union of both.
 *
 * @throws RangeError if the sizes differ or a factor is not finite
 *
 * @example
 * csrToDense(csrAdd(2, poisson1d(2), -1, poisson1d(2))); //=> Float64Array.of(2, -1, -1, 2)
 */
export function csrAdd(alpha: number, A: CsrMatrix, beta: number, B: CsrMatrix): CsrMatrix {
  if (!Number.isFinite(alpha)) throw new RangeError(`alpha must be finite, got ${alpha}`);
  if (!Number.isFinite(beta)) throw new RangeError(`beta must be finite, got ${beta}`);
  if (A.rows !== B.rows || A.cols !== B.cols) {
    throw new RangeError(`B must be ${A.rows} x ${A.cols} as A, got ${B.rows} x ${B.cols}`);
  }
  const { rows, cols } = A;
  const rowPtr = new Int32Array(rows + 1);
  const colIdx = new Int32Array(A.rowPtr[rows] + B.rowPtr[rows]);
  const values = new Float64Array(colIdx.length);
  let to = 0;
  for (let i = 0; i < rows; i++) {
    let p = A.rowPtr[i];
    let q = B.rowPtr[i];
    while (p < A.rowPtr[i + 1] || q < B.rowPtr[i + 1]) {
      const a = p < A.rowPtr[i + 1] ? A.colIdx[p] : cols;
      const b = q < B.rowPtr[i + 1] ? B.colIdx[q] : cols;
      colIdx[to] = Math.min(a, b);
      values[to] = (a <= b ? alpha * A.values[p++] : 0) + (b <= a ? beta * B.values[q++] : 0);
      to += 1;
    }
    rowPtr[i + 1] = to;
  }
  return { rows, cols, rowPtr, colIdx: colIdx.slice(0, to), values: values.slice(0, to) };
}

/**
 * diag(r) A diag(c): row i is multiplied by r[i], column j by c[j].
 *
 * @throws RangeError if r or c has the wrong length or an entry that is not finite
 */
export function csrScaleRowsCols(A: CsrMatrix, r: ArrayLike<number>, c: ArrayLike<number>): CsrMatrix {
  checkVector('r', r, A.rows);
  checkVector('c', c, A.cols);
  const values = A.values.slice(0, A.rowPtr[A.rows]);
  for (let i = 0, k = 0; i < A.rows; i++) {
    for (; k < A.rowPtr[i + 1]; k++) values[k] = r[i] * values[k] * c[A.colIdx[k]];
  }
  return { rows: A.rows, cols: A.cols, rowPtr: A.rowPtr.slice(), colIdx: A.colIdx.slice(0, values.length), values };
}

/**
 * P A Pᵀ for a square A: entry (k, l) of the result is entry (perm[k], perm[l]) of A, and the matching vectors are
 * x'[k] = x[perm[k]].
 *
 * @throws RangeError if A is not square or perm is not a permutation of 0 .. rows - 1
 *
 * @example
 * csrToDense(csrPermute(csrFromDense([[1, 2], [3, 4]]), [1, 0])); //=> Float64Array.of(4, 3, 2, 1)
 */
export function csrPermute(A: CsrMatrix, perm: ArrayLike<number>): CsrMatrix {
  const n = A.rows;
  if (A.cols !== n) throw new RangeError(`A must be square, got ${n} x ${A.cols}`);
  if (perm.length !== n) throw new RangeError(`perm must have length ${n}, got ${perm.length}`);
  const inverse = new Int32Array(n).fill(-1);
  for (let k = 0; k < n; k++) {
    const old = perm[k];
    if (!(Number.isInteger(old) && old >= 0 && old < n && inverse[old] === -1)) {
      throw new RangeError(`perm must be a permutation of 0 .. ${n - 1}, got ${old} at ${k}`);
    }
    inverse[old] = k;
  }
  const nnz = A.rowPtr[n];
  const i = new Int32Array(nnz);
  const j = new Int32Array(nnz);
  for (let row = 0, k = 0; row < n; row++) {
    for (; k < A.rowPtr[row + 1]; k++) {
      i[k] = inverse[row];
      j[k] = inverse[A.colIdx[k]];
    }
  }
  return csrFromTriplets({ rows: n, cols: n, i, j, v: A.values.subarray(0, nnz) });
}

/**
 * A + c I for a square A; missing diagonal entries are inserted.
 *
 * With `out`, a matrix of the same pattern (from an earlier call, or A itself) whose values are overwritten, nothing is
 * allocated: a sequence of shifted systems calls this thousands of times. A must then store its whole diagonal.
 *
 * @throws RangeError if A is not square, c is not finite, or `out` has another pattern
 *
 * @example
 * csrDiagonal(csrShiftDiagonal(poisson1d(2), 0.5)); //=> Float64Array.of(2.5, 2.5)
 */
export function csrShiftDiagonal(A: CsrMatrix, c: number, out?: CsrMatrix): CsrMatrix {
  const n = A.rows;
  if (A.cols !== n) throw new RangeError(`A must be square, got ${n} x ${A.cols}`);
  if (!Number.isFinite(c)) throw new RangeError(`c must be finite, got ${c}`);
  const { rowPtr, colIdx, values } = A;
  if (out === undefined) {
    const d = new Int32Array(n + 1);
    for (let i = 0; i <= n; i++) d[i] = i;
    return csrAdd(1, A, 1, { rows: n, cols: n, rowPtr: d, colIdx: d.slice(0, n), values: new Float64Array(n).fill(c) });
  }
  const samePattern = out.rowPtr === rowPtr && out.colIdx === colIdx;
  if (!samePattern && (out.rows !== n || out.rowPtr[n] !== rowPtr[n])) {
    throw new RangeError('out must have the pattern of A');
  }
  const to = out.values;
  for (let i = 0, k = 0; i < n; i++) {
    let found = false;
    for (const end = rowPtr[i + 1]; k < end; k++) {
      const j = colIdx[k];
      if (!samePattern && out.colIdx[k] !== j)
        throw new RangeError(`out must have the pattern of A, differs in row ${i}`);
      to[k] = j === i ? values[k] + c : values[k];
      if (j === i) found = true;
    }
    if (!found) throw new RangeError(`A must store its whole diagonal when out is given, row ${i} does not`);
  }
  return out;
}

/**
 * Whether |a_ij - a_ji| <= tol for all i, j. An entry that is not stored counts as 0.
 *
 * @example
 * csrIsSymmetric(poisson2d(3, 3)); //=> true
 */
export function csrIsSymmetric(A: CsrMatrix, tol = 0): boolean {
  if (A.rows !== A.cols) return false;
  const { values } = csrAdd(1, A, -1, csrTranspose(A));
  for (let k = 0; k < values.length; k++) if (!(Math.abs(values[k]) <= tol)) return false;
  return true;
}
