// Products of dense row-major matrices and vectors. Every entry has one accumulator that runs over the inner index in
// increasing order, so that a tiled version has the same bits as the plain loops.

/**
 * C = A B with A n x k and B k x m. O(n k m).
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
  out.fill(0, 0, n * m);
  for (let i = 0; i < n; i++) {
    const row = i * m;
    let p = 0;
    for (; p + 3 < k; p += 4) {
      const a0 = a[i * k + p];
      const a1 = a[i * k + p + 1];
      const a2 = a[i * k + p + 2];
      const a3 = a[i * k + p + 3];
      const b0 = p * m;
      const b1 = b0 + m;
      const b2 = b1 + m;
      const b3 = b2 + m;
      for (let j = 0; j < m; j++) {
        out[row + j] = out[row + j] + a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
      }
    }
    for (; p < k; p++) {
      const a0 = a[i * k + p];
      const b0 = p * m;
      for (let j = 0; j < m; j++) out[row + j] += a0 * b[b0 + j];
    }
  }
  return out;
}

/**
 * A x with A rows x columns. O(rows columns).
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
  for (let i = 0; i < rows; i++) {
    let total = 0;
    const start = i * columns;
    for (let j = 0; j < columns; j++) total += a[start + j] * x[j];
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
