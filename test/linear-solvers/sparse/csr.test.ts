import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csrAdd,
  csrDiagonal,
  csrFromDense,
  csrFromTriplets,
  csrIsSymmetric,
  csrLower,
  csrPermute,
  csrScaleRowsCols,
  csrShiftDiagonal,
  csrSortRows,
  csrToDense,
  csrTranspose,
  csrUpper,
  poisson1d,
  poisson2d,
  prepareCsr,
  residual,
  spmv,
  spmvTranspose,
  toCsr,
  validateCsr,
  type CsrMatrix,
} from '../../../src/linear-solvers/index.js';
import { denseMatrices, distance, times } from '../matrices.js';

const nested = (A: CsrMatrix) => csrToDense(A, { nested: true });
const transposed = (A: number[][]) => A[0].map((_, j) => A.map((row) => row[j]));

describe('building', () => {
  it('entries at one place are added in order of appearance, and the order of the others does not matter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.double({ min: -9, max: 9, noNaN: true })), { maxLength: 40 }),
        (entries) => {
          const expected = Array.from({ length: 5 }, () => [0, 0, 0, 0]);
          for (const [i, j, v] of entries) expected[i][j] += v;
          const A = csrFromTriplets({
            rows: 5,
            cols: 4,
            i: entries.map(([i]) => i),
            j: entries.map(([, j]) => j),
            v: entries.map(([, , v]) => v),
          });
          validateCsr(A);
          expect(distance(nested(A).flat(), expected.flat())).toBe(0);
        },
      ),
    );
  });

  it('a stored zero and an entry that cancels stay in the pattern', () => {
    const A = csrFromTriplets({ rows: 2, cols: 2, i: [0, 1, 1], j: [1, 0, 0], v: [0, 3, -3] });
    expect(A.rowPtr).toEqual(Int32Array.of(0, 1, 2));
    expect(A.values).toEqual(Float64Array.of(0, 0));
  });

  it('dense zeros are dropped, and all forms of a dense matrix give the same CSR', () => {
    fc.assert(
      fc.property(denseMatrices(), (dense) => {
        const A = csrFromDense(dense);
        validateCsr(A);
        expect(A.values.every((v) => v !== 0)).toBe(true);
        expect(distance(nested(A).flat(), dense.flat())).toBe(0);
        expect(toCsr(dense)).toEqual(A);
        expect(toCsr({ to2DArray: () => dense })).toEqual(A);
        expect(toCsr({ rows: dense.length, columns: dense[0].length, get: (i, j) => dense[i][j] })).toEqual(A);
        expect(toCsr(A)).toBe(A);
      }),
    );
  });

  it.each([
    [{ rows: 2, cols: 2, i: [2], j: [0], v: [1] }, /^i\[0\] must be an integer in \[0, 1\], got 2/],
    [{ rows: 2, cols: 2, i: [0], j: [-1], v: [1] }, /^j\[0\] must/],
    [{ rows: 2, cols: 2, i: [0.5], j: [0], v: [1] }, /^i\[0\] must/],
    [{ rows: 2, cols: 2, i: [0], j: [0, 1], v: [1] }, /^j must have length 1/],
    [{ rows: 2, cols: 2, i: [0], j: [0], v: [1, 2] }, /^v must have length 1/],
    [{ rows: 2, cols: 2, i: [0], j: [0], v: [NaN] }, /^v\[0\] must be finite/],
    [{ rows: -1, cols: 2, i: [], j: [], v: [] }, /^rows must/],
  ])('refuses %j', (triplets, message) => {
    expect(() => csrFromTriplets(triplets)).toThrow(RangeError);
    expect(() => csrFromTriplets(triplets)).toThrow(message);
  });

  it('refuses ragged rows, infinities and what is no matrix', () => {
    expect(() => csrFromDense([[1, 2], [3]])).toThrow(/^dense\[1\] must have length 2/);
    expect(() => csrFromDense([[Infinity]])).toThrow(/^dense\[0\]\[0\] must be finite/);
    expect(() => toCsr('matrix' as never)).toThrow(TypeError);
    expect(() => toCsr({} as never)).toThrow(TypeError);
  });

  it('an invariant that is broken is named with its row', () => {
    const A = poisson1d(3);
    expect(() => validateCsr({ ...A, rowPtr: Int32Array.of(0, 2, 1, 7) })).toThrow(
      /^rowPtr must not decrease, got a fall at row 1/,
    );
    expect(() => validateCsr({ ...A, rowPtr: Int32Array.of(1, 2, 5, 7) })).toThrow(/^rowPtr\[0\] must be 0/);
    expect(() => validateCsr({ ...A, rowPtr: Int32Array.of(0, 2) })).toThrow(/^rowPtr must have length 4/);
    expect(() => validateCsr({ ...A, colIdx: Int32Array.of(1, 0, 0, 1, 2, 1, 2) })).toThrow(
      /^colIdx must increase inside row 0/,
    );
    expect(() => validateCsr({ ...A, colIdx: Int32Array.of(0, 3, 0, 1, 2, 1, 2) })).toThrow(/stay below 3/);
    expect(() => validateCsr({ ...A, values: A.values.map((v, k) => (k === 3 ? NaN : v)) })).toThrow(
      /^values must be finite/,
    );
    expect(() => validateCsr([] as never)).toThrow(TypeError);
  });

  it('rows in any order are sorted', () => {
    const shuffled = {
      ...poisson1d(3),
      colIdx: Int32Array.of(1, 0, 2, 0, 1, 2, 1),
      values: Float64Array.of(-1, 2, -1, -1, 2, 2, -1),
    };
    expect(csrSortRows(shuffled)).toEqual(poisson1d(3));
  });
});

describe('algebra', () => {
  it('agrees entry by entry with the same on dense matrices', () => {
    fc.assert(
      fc.property(denseMatrices(), fc.double({ min: -2, max: 2, noNaN: true }), (dense, c) => {
        const A = csrFromDense(dense);
        expect(distance(nested(csrTranspose(A)).flat(), transposed(dense).flat())).toBe(0);
        expect(csrTranspose(csrTranspose(A))).toEqual(A);
        for (const strict of [false, true]) {
          const lower = dense.map((row, i) => row.map((v, j) => (j < i || (j === i && !strict) ? v : 0)));
          const upper = dense.map((row, i) => row.map((v, j) => (j > i || (j === i && !strict) ? v : 0)));
          expect(distance(nested(csrLower(A, { strict })).flat(), lower.flat())).toBe(0);
          expect(distance(nested(csrUpper(A, { strict })).flat(), upper.flat())).toBe(0);
        }
        const unit = dense.map((row, i) => row.map((v, j) => (j === i ? 1 : j < i ? v : 0)));
        expect(distance(nested(csrLower(A, { unit: true })).flat(), unit.flat())).toBe(0);
        const d = csrDiagonal(A);
        d.forEach((v, i) => expect(v).toBe(dense[i][i] + 0));
        const combined = dense.map((row) => row.map((v) => c * v + 0.5 * v));
        expect(distance(nested(csrAdd(c, A, 0.5, A)).flat(), combined.flat())).toBeLessThan(1e-14);
        const r = dense.map((_, i) => 1 + i);
        const s = dense[0].map((_, j) => 2 - j);
        const scaled = dense.map((row, i) => row.map((v, j) => r[i] * v * s[j]));
        expect(distance(nested(csrScaleRowsCols(A, r, s)).flat(), scaled.flat())).toBe(0);
      }),
    );
  });

  it('P A Pᵀ has entry (k, l) a_{perm k, perm l}; a shift adds to the diagonal, stored or not', () => {
    const dense = [
      [0, 2, 0],
      [3, 4, 0],
      [0, 5, 6],
    ];
    const A = csrFromDense(dense);
    const perm = [2, 0, 1];
    expect(nested(csrPermute(A, perm))).toEqual(perm.map((i) => perm.map((j) => dense[i][j])));
    expect(nested(csrShiftDiagonal(A, 1.5))).toEqual([
      [1.5, 2, 0],
      [3, 5.5, 0],
      [0, 5, 7.5],
    ]);
    expect(() => csrShiftDiagonal(A, 1, csrShiftDiagonal(A, 0))).toThrow(/^out must have the pattern of A/);
    expect(() => csrShiftDiagonal(A, 1, A)).toThrow(/row 0 does not/);
    const P = poisson1d(3);
    const out = { ...P, values: P.values.slice() };
    expect(csrShiftDiagonal(P, 0.25, out)).toBe(out);
    expect(csrDiagonal(out)).toEqual(Float64Array.of(2.25, 2.25, 2.25));
    expect(() => csrPermute(P, [0, 0, 1])).toThrow(/^perm must be a permutation/);
    expect(() => csrPermute(P, [0, 1])).toThrow(/^perm must have length 3/);
    expect(() => csrAdd(1, P, 1, poisson1d(2))).toThrow(/^B must be 3 x 3/);
    expect(() => csrAdd(NaN, P, 1, P)).toThrow(/^alpha must be finite/);
    expect(() => csrScaleRowsCols(P, [1], [1, 1, 1])).toThrow(/^r must have length 3/);
    expect(() => csrShiftDiagonal(csrFromDense([[1, 2]]), 1)).toThrow(/^A must be square/);
    expect(() => csrLower(P, { strict: true, unit: true })).toThrow(RangeError);
  });

  it('is pure', () => {
    const A = poisson2d(3, 3);
    const before = structuredClone(A);
    csrTranspose(A);
    csrAdd(2, A, 3, A);
    csrScaleRowsCols(A, new Float64Array(9).fill(2), new Float64Array(9).fill(3));
    csrShiftDiagonal(A, 3);
    csrPermute(A, [8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(A).toEqual(before);
  });

  it('symmetry is exact unless a tolerance is given', () => {
    const A = csrFromDense([
      [1, 2],
      [2 + 1e-12, 1],
    ]);
    expect(csrIsSymmetric(A)).toBe(false);
    expect(csrIsSymmetric(A, 1e-11)).toBe(true);
    expect(csrIsSymmetric(csrFromDense([[1, 2]]))).toBe(false);
  });
});

describe('products', () => {
  it('agree with the dense product', () => {
    fc.assert(
      fc.property(denseMatrices(), (dense) => {
        const A = csrFromDense(dense);
        const x = dense[0].map((_, j) => 1 + j / 3);
        const y = dense.map((_, i) => 2 - i / 3);
        expect(distance(spmv(A, x), times(dense, x))).toBeLessThan(1e-13);
        expect(distance(spmvTranspose(A, y), times(transposed(dense), y))).toBeLessThan(1e-13);
        const r = times(dense, x).map((v, i) => y[i] - v);
        expect(distance(residual(A, y, x), r)).toBeLessThan(1e-13);
        const out = new Float64Array(dense.length);
        expect(spmv(A, x, out)).toBe(out);
      }),
    );
  });

  it('refuse lengths that do not fit', () => {
    expect(() => spmv(poisson1d(3), [1, 2])).toThrow(/^x must have length 3/);
    expect(() => spmvTranspose(poisson1d(3), [1, 2])).toThrow(/^x must have length 3/);
    expect(() => residual(poisson1d(3), [1], [1, 2, 3])).toThrow(/^b must have length 3/);
  });
});

describe('prepareCsr', () => {
  it('remembers a zero or missing diagonal and throws only for a matrix that is not square', () => {
    const prepared = prepareCsr(csrFromTriplets({ rows: 3, cols: 3, i: [0, 1, 2], j: [0, 1, 1], v: [2, 0, 1] }));
    expect(prepared.diagIndex).toEqual(Int32Array.of(0, 1, -1));
    expect(prepared.invDiag).toEqual(Float64Array.of(0.5, 0, 0));
    expect(prepared.zeroDiagonalRow).toBe(1);
    expect(() => prepareCsr(csrFromDense([[1, 2]]))).toThrow(/^A must be square, got 1 x 2/);
  });
});
