// Slow oracles and matrices for the tests of the solvers: everything dense, by the textbook.
import fc from 'fast-check';
import { csrFromDense, csrToDense, randomSpd, type CsrMatrix } from '../../src/linear-solvers/index.js';
import { createRng } from '../../src/random/index.js';

/** A⁻¹ b by Gaussian elimination with partial pivoting. */
export function denseSolve(A: CsrMatrix, b: ArrayLike<number>): number[] {
  const n = A.rows;
  const M = csrToDense(A, { nested: true }).map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let p = c;
    for (let i = c + 1; i < n; i++) if (Math.abs(M[i][c]) > Math.abs(M[p][c])) p = i;
    [M[c], M[p]] = [M[p], M[c]];
    for (let i = c + 1; i < n; i++) {
      const f = M[i][c] / M[c][c];
      for (let j = c; j <= n; j++) M[i][j] -= f * M[c][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let s = M[i][n];
    for (let j = i + 1; j < n; j++) s -= M[i][j] * x[j];
    x[i] = s / M[i][i];
  }
  return x;
}

/** A x of a dense matrix by rows. */
export function times(A: number[][], x: ArrayLike<number>): number[] {
  return A.map((row) => row.reduce((s, a, j) => s + a * x[j], 0));
}

export function norm(x: ArrayLike<number>): number {
  return Math.sqrt(Array.from(x).reduce((s, v) => s + v * v, 0));
}

export function distance(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return norm(Array.from(x, (v, i) => v - y[i]));
}

/** ‖b - A x‖₂. */
export function residualNormOf(A: CsrMatrix, b: ArrayLike<number>, x: ArrayLike<number>): number {
  return distance(b, times(csrToDense(A, { nested: true }), x));
}

/** √(eᵀ A e). */
export function energyNorm(A: CsrMatrix, e: ArrayLike<number>): number {
  const Ae = times(csrToDense(A, { nested: true }), e);
  return Math.sqrt(
    Math.max(
      0,
      Ae.reduce((s, v, i) => s + v * e[i], 0),
    ),
  );
}

/** Max row sum of |a_ij|. */
export function infinityNorm(A: CsrMatrix): number {
  return Math.max(...csrToDense(A, { nested: true }).map((row) => row.reduce((s, v) => s + Math.abs(v), 0)));
}

/** One SOR sweep in the words of the textbook. */
export function textbookSorSweep(
  A: number[][],
  b: ArrayLike<number>,
  x: number[],
  omega: number,
  rows?: number[],
): void {
  for (const i of rows ?? A.keys()) {
    let s = b[i];
    for (let j = 0; j < A.length; j++) if (j !== i) s -= A[i][j] * x[j];
    x[i] = (1 - omega) * x[i] + (omega * s) / A[i][i];
  }
}

/** Zero or of ordinary size: scaling by a power of two is exact. */
const entry = fc.double({ min: -3, max: 3, noNaN: true }).map((x) => (Math.abs(x) < 1e-3 ? 0 : x));

export function vectors(n: number): fc.Arbitrary<number[]> {
  return fc.array(entry, { minLength: n, maxLength: n });
}

/** A symmetric positive definite matrix with a condition number up to 100, and a right-hand side. */
export function spdSystems(maxOrder = 12, condition = 100): fc.Arbitrary<{ A: CsrMatrix; b: number[]; n: number }> {
  return fc
    .record({
      n: fc.integer({ min: 1, max: maxOrder }),
      seed: fc.integer({ min: 0, max: 1e6 }),
      density: fc.constantFrom(0.2, 0.5, 1),
      conditionNumber: fc.double({ min: 1.5, max: condition, noNaN: true }),
    })
    .chain(({ n, seed, ...options }) => vectors(n).map((b) => ({ n, b, A: randomSpd(n, options, createRng(seed)) })));
}

/** A strictly diagonally dominant matrix, in general not symmetric, and a right-hand side. */
export function dominantSystems(maxOrder = 10): fc.Arbitrary<{ A: CsrMatrix; b: number[]; n: number }> {
  return fc.integer({ min: 1, max: maxOrder }).chain((n) =>
    fc
      .record({
        rows: fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
        b: vectors(n),
      })
      .map(({ rows, b }) => {
        rows.forEach((row, i) => {
          row[i] = 1 + 1.5 * row.reduce((s, v, j) => (j === i ? s : s + Math.abs(v)), 0);
        });
        return { n, b, A: csrFromDense(rows) };
      }),
  );
}

/** Any small dense matrix with zeros among its entries. */
export function denseMatrices(maxSize = 6): fc.Arbitrary<number[][]> {
  return fc
    .record({ rows: fc.integer({ min: 1, max: maxSize }), cols: fc.integer({ min: 1, max: maxSize }) })
    .chain(({ rows, cols }) =>
      fc.array(fc.array(fc.oneof(fc.constant(0), entry), { minLength: cols, maxLength: cols }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
}
