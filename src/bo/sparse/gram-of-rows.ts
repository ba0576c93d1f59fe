/**
 * The lower triangle of A Aᵀ, A m x n row-major, into a new m x m matrix (zeros above the diagonal). Each entry has one
 * accumulator in increasing index, in tiles of 4 x 4 registers. m² n operations.
 */
export function gramOfRows(A: Float64Array, m: number, n: number): Float64Array {
  const out = new Float64Array(m * m);
  let i = 0;
  for (; i + 3 < m; i += 4) {
    for (let j = 0; j <= i; j += 4) tile(A, n, m, i, j, out);
  }
  for (; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let total = 0;
      for (let k = 0; k < n; k++) total += A[i * n + k] * A[j * n + k];
      out[i * m + j] = total;
    }
  }
  for (let r = 0; r < m; r++) out.fill(0, r * m + r + 1, (r + 1) * m);
  return out;
}

function tile(A: Float64Array, n: number, m: number, i: number, j: number, out: Float64Array): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  const a0 = i * n,
    a1 = a0 + n,
    a2 = a1 + n,
    a3 = a2 + n;
  const b0 = j * n,
    b1 = b0 + n,
    b2 = b1 + n,
    b3 = b2 + n;
  for (let k = 0; k < n; k++) {
    const x0 = A[a0 + k],
      x1 = A[a1 + k],
      x2 = A[a2 + k],
      x3 = A[a3 + k];
    const y0 = A[b0 + k],
      y1 = A[b1 + k],
      y2 = A[b2 + k],
      y3 = A[b3 + k];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  const r0 = i * m + j,
    r1 = r0 + m,
    r2 = r1 + m,
    r3 = r2 + m;
  out[r0] = s00;
  out[r0 + 1] = s01;
  out[r0 + 2] = s02;
  out[r0 + 3] = s03;
  out[r1] = s10;
  out[r1 + 1] = s11;
  out[r1 + 2] = s12;
  out[r1 + 3] = s13;
  out[r2] = s20;
  out[r2 + 1] = s21;
  out[r2 + 2] = s22;
  out[r2 + 3] = s23;
  out[r3] = s30;
  out[r3 + 1] = s31;
  out[r3 + 2] = s32;
  out[r3 + 3] = s33;
}
