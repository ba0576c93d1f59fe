// The Cholesky factorization A = L Lᵀ of a symmetric positive definite matrix, row-major.
//
// G. H. Golub, C. F. Van Loan, Matrix Computations (4th ed.), section 4.2. Rows of L are computed in panels of four by
// register tiles of 4 x 2; each entry subtracts its products in increasing k with one accumulator, which makes the bits
// those of the plain triple loop.

/**
 * Lower factor L of A. Reads the lower half of A only and writes zeros above the diagonal of L. n³/3 operations.
 *
 * A pivot at or below n · 2.3e-16 · max_i A_ii counts as not positive: rounding alone could have made it.
 *
 * @param a n x n, row-major, finite
 * @param out receives L; default `a` itself, which is then overwritten
 * @returns the index of the first pivot that is not positive, or -1 if there is none; with an index, out is not a factor
 *
 * @example
 * cholesky(Float64Array.of(4, 2, 2, 5), 2); //=> -1
 */
export function cholesky(a: Float64Array, n: number, out: Float64Array = a): number {
  if (out !== a) out.set(n * n === a.length ? a : a.subarray(0, n * n));
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, out[i * n + i]);
  const least = n * 2.3e-16 * largest;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    panel(out, n, i);
    const bad = factorRows(out, n, i, i + 4, i, least);
    if (bad !== -1) return bad;
  }
  const bad = factorRows(out, n, i, n, 0, least);
  if (bad !== -1) return bad;
  for (let r = 0; r < n; r++) out.fill(0, r * n + r + 1, r * n + n);
  return -1;
}

/** Rows i ... i + 3, columns 0 ... i - 1 (i is a multiple of 4): two columns at a time. */
function panel(L: Float64Array, n: number, i: number): void {
  const r0 = i * n;
  const r1 = r0 + n;
  const r2 = r1 + n;
  const r3 = r2 + n;
  for (let j = 0; j < i; j += 2) {
    const c0 = j * n;
    const c1 = c0 + n;
    let s00 = L[r0 + j];
    let s10 = L[r1 + j];
    let s20 = L[r2 + j];
    let s30 = L[r3 + j];
    let s01 = L[r0 + j + 1];
    let s11 = L[r1 + j + 1];
    let s21 = L[r2 + j + 1];
    let s31 = L[r3 + j + 1];
    for (let k = 0; k < j; k++) {
      const x0 = L[c0 + k];
      const x1 = L[c1 + k];
      const y0 = L[r0 + k];
      const y1 = L[r1 + k];
      const y2 = L[r2 + k];
      const y3 = L[r3 + k];
      s00 -= y0 * x0;
      s01 -= y0 * x1;
      s10 -= y1 * x0;
      s11 -= y1 * x1;
      s20 -= y2 * x0;
      s21 -= y2 * x1;
      s30 -= y3 * x0;
      s31 -= y3 * x1;
    }
    const d0 = L[c0 + j];
    const below = L[c1 + j];
    const d1 = L[c1 + j + 1];
    s00 /= d0;
    s10 /= d0;
    s20 /= d0;
    s30 /= d0;
    L[r0 + j] = s00;
    L[r1 + j] = s10;
    L[r2 + j] = s20;
    L[r3 + j] = s30;
    L[r0 + j + 1] = (s01 - s00 * below) / d1;
    L[r1 + j + 1] = (s11 - s10 * below) / d1;
    L[r2 + j + 1] = (s21 - s20 * below) / d1;
    L[r3 + j + 1] = (s31 - s30 * below) / d1;
  }
}

/** Rows from ... to - 1, columns `start` ... diagonal, by the plain loops. */
function factorRows(L: Float64Array, n: number, from: number, to: number, start: number, least: number): number {
  for (let i = from; i < to; i++) {
    const row = i * n;
    for (let j = start; j <= i; j++) {
      const column = j * n;
      let s = L[row + j];
      for (let k = 0; k < j; k++) s -= L[row + k] * L[column + k];
      if (j < i) L[row + j] = s / L[column + j];
      else if (s > least && s < Infinity) L[row + j] = Math.sqrt(s);
      else return i;
    }
  }
  return -1;
}

/**
 * The factor of K + jitter I, with the smallest jitter of 0, s 1e-10, s 1e-9, ..., s 1e-4 that works; s is the mean of
 * the diagonal. Every attempt starts from K, which is left alone.
 *
 * @throws RangeError if K holds a number that is not finite
 * @throws Error if no jitter is enough
 *
 * @example
 * choleskyJittered(Float64Array.of(1, 0, 0, 1), 2).jitter; //=> 0
 */
export function choleskyJittered(K: Float64Array, n: number): { L: Float64Array; jitter: number } {
  let trace = 0;
  let smallest = Infinity;
  for (let i = 0; i < n * n; i++) {
    if (!Number.isFinite(K[i])) throw new RangeError(`K[${i}] must be finite, got ${K[i]}`);
  }
  for (let i = 0; i < n; i++) {
    trace += K[i * n + i];
    smallest = Math.min(smallest, K[i * n + i]);
  }
  const L = new Float64Array(n * n);
  if (cholesky(K, n, L) === -1) return { L, jitter: 0 };
  for (let scale = 1e-10, attempt = 0; attempt < 7; attempt++, scale *= 10) {
    const jitter = (trace / n) * scale;
    L.set(K.length === n * n ? K : K.subarray(0, n * n));
    for (let i = 0; i < n; i++) L[i * n + i] += jitter;
    if (cholesky(L, n) === -1) return { L, jitter };
  }
  throw new Error(`matrix not positive definite after jitter 1e-4: size ${n}, smallest diagonal entry ${smallest}`);
}
