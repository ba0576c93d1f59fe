// Inner products of the rows of two matrices, A Bᵀ, by register tiles of four by four: each entry has one accumulator that runs in
// increasing index, so that a tile has the bits of the plain loop. What the Gram matrix, the inverse from a Cholesky factor
// and the inverse of a triangle have in common.

/**
 * The lower triangle of A Aᵀ, A m x n row-major, into a new m x m matrix with zeros above the diagonal. m² n operations.
 */
export function gramOfRows(A: Float64Array, m: number, n: number): Float64Array {
  const out = new Float64Array(m * m);
  let i = 0;
  for (; i + 3 < m; i += 4)
    for (let j = 0; j <= i; j += 4) rowProducts(A, i * n, n, A, j * n, n, 0, n, out, i * m + j, m);
  for (; i < m; i++) for (let j = 0; j <= i; j++) out[i * m + j] = rowProduct(A, i * n, A, j * n, 0, n);
  for (let r = 0; r < m; r++) out.fill(0, r * m + r + 1, (r + 1) * m); // what the tiles on the diagonal wrote above it
  return out;
}

/** Σ_{from <= k < to} A[a + k] B[b + k]. */
export function rowProduct(A: Float64Array, a: number, B: Float64Array, b: number, from: number, to: number): number {
  let s = 0;
  for (let k = from; k < to; k++) s += A[a + k] * B[b + k];
  return s;
}

/** The sixteen `rowProduct`s of four rows of A, from a on, with four rows of B, at the rows of `out` that start at `at`. */
export function rowProducts(
  A: Float64Array,
  a: number,
  strideA: number,
  B: Float64Array,
  b: number,
  strideB: number,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
  stride: number,
): void {
  const a1 = a + strideA;
  const a2 = a1 + strideA;
  const a3 = a2 + strideA;
  const b1 = b + strideB;
  const b2 = b1 + strideB;
  const b3 = b2 + strideB;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let k = from; k < to; k++) {
    const x0 = B[b + k];
    const x1 = B[b1 + k];
    const x2 = B[b2 + k];
    const x3 = B[b3 + k];
    const y0 = A[a + k];
    const y1 = A[a1 + k];
    const y2 = A[a2 + k];
    const y3 = A[a3 + k];
    s00 += y0 * x0;
    s01 += y0 * x1;
    s02 += y0 * x2;
    s03 += y0 * x3;
    s10 += y1 * x0;
    s11 += y1 * x1;
    s12 += y1 * x2;
    s13 += y1 * x3;
    s20 += y2 * x0;
    s21 += y2 * x1;
    s22 += y2 * x2;
    s23 += y2 * x3;
    s30 += y3 * x0;
    s31 += y3 * x1;
    s32 += y3 * x2;
    s33 += y3 * x3;
  }
  const o1 = at + stride;
  const o2 = o1 + stride;
  const o3 = o2 + stride;
  out[at] = s00;
  out[at + 1] = s01;
  out[at + 2] = s02;
  out[at + 3] = s03;
  out[o1] = s10;
  out[o1 + 1] = s11;
  out[o1 + 2] = s12;
  out[o1 + 3] = s13;
  out[o2] = s20;
  out[o2 + 1] = s21;
  out[o2 + 2] = s22;
  out[o2 + 3] = s23;
  out[o3] = s30;
  out[o3 + 1] = s31;
  out[o3 + 2] = s32;
  out[o3 + 3] = s33;
}
