import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cg,
  csrFromDense,
  csrToDense,
  csrTranspose,
  incompleteCholesky0,
  incompleteLu0,
  jacobiPreconditioner,
  lShape2d,
  poisson1d,
  poisson2d,
  ssorPreconditioner,
  type CsrMatrix,
  type PreconditionerChoice,
} from '../../../src/linear-solvers/index.js';
import { denseSolve, distance, dominantSystems, norm, spdSystems, times } from '../matrices.js';

const dense = (A: CsrMatrix) => csrToDense(A, { nested: true });
const product = (A: number[][], B: number[][]) =>
  A.map((row) => B[0].map((_, j) => row.reduce((s, v, k) => s + v * B[k][j], 0)));

describe('Jacobi and SSOR', () => {
  it('M z = r with M = (D + ωL) D⁻¹ (D + ωU) / (ω(2 - ω))', () => {
    fc.assert(
      fc.property(dominantSystems(), fc.double({ min: 0.1, max: 1.9, noNaN: true }), ({ A, b, n }, omega) => {
        const a = dense(A);
        const lower = a.map((row, i) => row.map((v, j) => (j === i ? v : j < i ? omega * v : 0)));
        const upper = a.map((row, i) => row.map((v, j) => (j === i ? 1 : j > i ? (omega * v) / a[i][i] : 0)));
        const M = product(lower, upper).map((row) => row.map((v) => v / (omega * (2 - omega))));
        const z = new Float64Array(n);
        ssorPreconditioner(A, { omega })(Float64Array.from(b), z);
        expect(distance(times(M, z), b)).toBeLessThan(1e-11 * (1 + norm(b)));
        jacobiPreconditioner(A)(Float64Array.from(b), z);
        z.forEach((v, i) => expect(v).toBeCloseTo(b[i] / a[i][i], 14));
      }),
    );
  });

  it('in and out may be the same vector', () => {
    const A = poisson2d(4, 4);
    const r = Float64Array.from({ length: 16 }, (_, i) => i - 4);
    for (const apply of [
      jacobiPreconditioner(A),
      ssorPreconditioner(A, { omega: 1.2 }),
      incompleteCholesky0(A).apply,
      incompleteLu0(A).apply,
    ]) {
      const separate = new Float64Array(16);
      apply(r, separate);
      const same = r.slice();
      apply(same, same);
      expect(same).toEqual(separate);
    }
  });
});

describe('incomplete factorizations', () => {
  it('(L Lᵀ)_ij = a_ij wherever a_ij is stored, and L has the pattern of the lower triangle', () => {
    fc.assert(
      fc.property(spdSystems(10, 20), ({ A }) => {
        const { factor, shift } = incompleteCholesky0(A);
        if (shift > 0) return;
        const L = dense(factor);
        const LLt = product(L, dense(csrTranspose(factor)));
        for (let i = 0; i < A.rows; i++) {
          for (let k = A.rowPtr[i]; k < A.rowPtr[i + 1]; k++) {
            expect(LLt[i][A.colIdx[k]]).toBeCloseTo(A.values[k], 10);
          }
        }
      }),
    );
  });

  it('without fill the factors are exact: CG takes one iteration', () => {
    const A = poisson1d(30, { shift: 0.1 });
    const b = new Float64Array(30).fill(1);
    expect(cg(A, b, { preconditioner: 'ic0' }).iterations).toBe(1);
    expect(cg(A, b, { preconditioner: 'ilu0' }).iterations).toBe(1);
    const z = new Float64Array(30);
    incompleteLu0(A).apply(b, z);
    expect(distance(z, denseSolve(A, b))).toBeLessThan(1e-12);
  });

  it('(L U)_ij = a_ij wherever a_ij is stored', () => {
    fc.assert(
      fc.property(dominantSystems(), ({ A, n }) => {
        const { factors } = incompleteLu0(A);
        const F = dense(factors);
        const L = F.map((row, i) => row.map((v, j) => (j < i ? v : j === i ? 1 : 0)));
        const U = F.map((row, i) => row.map((v, j) => (j >= i ? v : 0)));
        const LU = product(L, U);
        for (let i = 0; i < n; i++) {
          for (let k = A.rowPtr[i]; k < A.rowPtr[i + 1]; k++) expect(LU[i][A.colIdx[k]]).toBeCloseTo(A.values[k], 10);
        }
      }),
    );
  });

  it('a failed pivot is shifted away, and the shift is told; or thrown when asked', () => {
    // Kershaw's matrix: positive definite, and IC(0) breaks down.
    const A = csrFromDense([
      [3, -2, 0, 2],
      [-2, 3, -2, 0],
      [0, -2, 3, -2],
      [2, 0, -2, 3],
    ]);
    expect(() => incompleteCholesky0(A, { onBreakdown: 'throw' })).toThrow(/positive pivots/);
    const { shift, factor } = incompleteCholesky0(A);
    // The first of 1e-3, 2e-3, 4e-3, ... for which the textbook recurrence has positive pivots.
    const works = (s: number) => {
      const a = dense(A).map((row, i) => row.map((v, j) => (i === j ? v * (1 + s) : v)));
      const L = a.map((row) => row.map(() => 0));
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j <= i; j++) {
          if (a[i][j] === 0) continue;
          let v = a[i][j];
          for (let k = 0; k < j; k++) v -= L[i][k] * L[j][k];
          if (i === j && !(v > 0)) return false;
          L[i][j] = i === j ? Math.sqrt(v) : v / L[j][j];
        }
      }
      return true;
    };
    let expected = 1e-3;
    while (!works(expected)) expected *= 2;
    expect(shift).toBe(expected);
    expect(factor.values.every(Number.isFinite)).toBe(true);
    expect(() =>
      incompleteCholesky0([
        [1, 0],
        [0, -1],
      ]),
    ).toThrow(RangeError);
    expect(() => incompleteCholesky0(A, { onBreakdown: 'ignore' as never })).toThrow(/^onBreakdown must/);
  });

  it('a zero pivot of ILU(0) or a zero diagonal is named', () => {
    expect(() =>
      incompleteLu0([
        [0, 1],
        [1, 1],
      ]),
    ).toThrow(/row 0/);
    expect(() =>
      jacobiPreconditioner([
        [1, 0],
        [0, 0],
      ]),
    ).toThrow(/row 1/);
    expect(() =>
      ssorPreconditioner(
        [
          [1, 0],
          [1, 0],
        ],
        { omega: 1 },
      ),
    ).toThrow(/row 1/);
  });
});

describe('choice by name', () => {
  const A = lShape2d(12);
  const b = Float64Array.from({ length: A.rows }, (_, i) => ((i * 5) % 7) - 2);
  it('a name and an object mean the same', () => {
    const pairs: [PreconditionerChoice, PreconditionerChoice][] = [
      ['none', { kind: 'none' }],
      ['jacobi', { kind: 'jacobi' }],
      ['ssor:1.5', { kind: 'ssor', omega: 1.5 }],
      ['ic0', { kind: 'ic0' }],
      ['ilu0', { kind: 'ilu0' }],
    ];
    for (const [name, object] of pairs) {
      const one = cg(A, b, { preconditioner: name });
      expect(one.converged).toBe(true);
      expect(cg(A, b, { preconditioner: object }).x).toEqual(one.x);
    }
  });

  it('others are refused', () => {
    expect(() => cg(A, b, { preconditioner: 'amg' as never })).toThrow(RangeError);
    expect(() => cg(A, b, { preconditioner: 'ssor:3' })).toThrow(/^omega must be in \(0, 2\)/);
    expect(() => cg(A, b, { preconditioner: { kind: 'amg' } as never })).toThrow(/^preconditioner must be one of/);
    expect(() => cg(A, b, { preconditioner: 3 as never })).toThrow(TypeError);
    const operator = { rows: 1, cols: 1, apply: (x: Float64Array, out: Float64Array) => out.set(x) };
    expect(() => cg(operator, [1], { preconditioner: 'jacobi' })).toThrow(/function when A is an operator/);
  });
});
