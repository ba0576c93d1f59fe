// Products of dense row-major matrices and vectors. Every entry has one accumulator that runs over the inner index in
// increasing order, so that a tiled version has the same bits as the plain loops.

/**
 * C = A B with A n x k and B k x m. O(n k m), by tiles of 4 x 2 entries.
 *
 * @param out receives C, n x m; must not be A or B
 *
 * @example
 * matMul([1, 2, 3, 4], [1, 0, 1, 1], 2, 2, 2); //=> Float64Array.of(3, 2, 7, 4)
 */
export function matMul(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  n: number,
  k: number,
  m: number,
  out: Float64Array = new Float64Array(n * m),
): Float64Array {
  const A = a instanceof Float64Array ? a : Float64Array.from(a);
  const panel = new Float64Array(2 * k); // two columns of B, side by side
  let j = 0;
  for (; j + 1 < m; j += 2) {
    for (let p = 0; p < k; p++) {
      panel[2 * p] = b[p * m + j];
      panel[2 * p + 1] = b[p * m + j + 1];
    }
    let i = 0;
    for (; i + 3 < n; i += 4) tile(A, i * k, k, panel, out, i * m + j, m);
    for (; i < n; i++) {
      let s0 = 0;
      let s1 = 0;
      for (let p = 0; p < k; p++) {
        const x = A[i * k + p];
        s0 += x * panel[2 * p];
        s1 += x * panel[2 * p + 1];
      }
      out[i * m + j] = s0;
      out[i * m + j + 1] = s1;
    }
  }
  if (j < m) {
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let p = 0; p < k; p++) s += A[i * k + p] * b[p * m + j];
      out[i * m + j] = s;
    }
  }
  return out;
}

/** Four rows of A from `row` on by the two columns of the panel: eight sums in registers. */
function tile(
  A: Float64Array,
  row: number,
  k: number,
  panel: Float64Array,
  out: Float64Array,
  to: number,
  m: number,
): void {
  const r1 = row + k;
  const r2 = r1 + k;
  const r3 = r2 + k;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (let p = 0; p < k; p++) {
    const b0 = panel[2 * p];
    const b1 = panel[2 * p + 1];
    const x0 = A[row + p];
    const x1 = A[r1 + p];
    const x2 = A[r2 + p];
    const x3 = A[r3 + p];
    s00 += x0 * b0;
    s01 += x0 * b1;
    s10 += x1 * b0;
    s11 += x1 * b1;
    s20 += x2 * b0;
    s21 += x2 * b1;
    s30 += x3 * b0;
    s31 += x3 * b1;
  }
  out[to] = s00;
  out[to + 1] = s01;
  out[to + m] = s10;
  out[to + m + 1] = s11;
  out[to + 2 * m] = s20;
  out[to + 2 * m + 1] = s21;
  out[to + 3 * m] = s30;
  out[to + 3 * m + 1] = s31;
}

/**
 * A x with A rows x columns, one accumulator a row in increasing order. O(rows columns).
 *
 * @param out receives A x; must not be x
 *
 * @example
 * matVec([1, 2, 3, 4], [1, 1], 2, 2); //=> Float64Array.of(3, 7)
 */
export function matVec(
  a: ArrayLike<number>,
  x: ArrayLike<number>,
  rows: number,
  columns: number,
  out: Float64Array = new Float64Array(rows),
): Float64Array {
  if (a instanceof Float64Array && x instanceof Float64Array) return matVecByFour(a, x, rows, columns, out);
  for (let i = 0; i < rows; i++) {
    let total = 0;
    const start = i * columns;
    for (let j = 0; j < columns; j++) total += a[start + j] * x[j];
    out[i] = total;
  }
  return out;
}

/** The same bits, with the sums of four rows under way at a time. */
function matVecByFour(
  A: Float64Array,
  x: Float64Array,
  rows: number,
  columns: number,
  out: Float64Array,
): Float64Array {
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    const r0 = i * columns;
    const r1 = r0 + columns;
    const r2 = r1 + columns;
    const r3 = r2 + columns;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < columns; j++) {
      const v = x[j];
      s0 += A[r0 + j] * v;
      s1 += A[r1 + j] * v;
      s2 += A[r2 + j] * v;
      s3 += A[r3 + j] * v;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
  }
  for (; i < rows; i++) {
    let total = 0;
    const start = i * columns;
    for (let j = 0; j < columns; j++) total += A[start + j] * x[j];
    out[i] = total;
  }
  return out;
}

/**
 * Aᵀ x with A rows x columns, by rows. O(rows columns).
 *
 * @example
 * matTVec([1, 2, 3, 4], [1, 1], 2, 2); //=> Float64Array.of(4, 6)
 */
export function matTVec(
  a: ArrayLike<number>,
  x: ArrayLike<number>,
  rows: number,
  columns: number,
  out: Float64Array = new Float64Array(columns),
): Float64Array {
  out.fill(0, 0, columns);
  for (let i = 0; i < rows; i++) {
    const weight = x[i];
    const start = i * columns;
    for (let j = 0; j < columns; j++) out[j] += weight * a[start + j];
  }
  return out;
}

/**
 * Aᵀ, columns x rows.
 *
 * @example
 * transpose([1, 2, 3, 4], 2, 2); //=> Float64Array.of(1, 3, 2, 4)
 */
export function transpose(
  a: ArrayLike<number>,
  rows: number,
  columns: number,
  out: Float64Array = new Float64Array(rows * columns),
): Float64Array {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j];
  return out;
}
