// A finite-element matrix from outside: a heat step on a disc with a jump in conductivity, 331 unknowns. It is not consistently ordered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cg,
  csrDiagonal,
  csrIsSymmetric,
  isConsistentlyOrdered,
  jacobiSpectralRadius,
  parseMatrixMarket,
  sor,
  sorIterationSpectralRadius,
  ssor,
  type PreconditionerChoice,
} from '../../src/linear-solvers/index.js';
import { norm } from './matrices.js';

interface Expected {
  n: number;
  nnz: number;
  jacobiSpectralRadius: number;
  xNorm2: number;
  xSum: number;
  x0to4: number[];
  sor: { omega: number; iterations: number; spectralRadius: number }[];
  ssor: { omega: number; iterations: number }[];
  cg: {
    preconditioner: PreconditionerChoice;
    iterations?: number;
    iterationsAtLeast?: number;
    iterationsAtMost?: number;
  }[];
}

const folder = join(import.meta.dirname, '../gold');
const A = parseMatrixMarket(readFileSync(join(folder, 'linear-solvers-heat-disc.mtx'), 'utf8'));
const expected = JSON.parse(readFileSync(join(folder, 'linear-solvers-heat-disc.json'), 'utf8')) as Expected;
const b = new Float64Array(A.rows).fill(1);

describe('heat on a disc', () => {
  it('is read as it was written', () => {
    expect([A.rows, A.values.length]).toEqual([expected.n, expected.nnz]);
    expect(csrIsSymmetric(A)).toBe(true);
    expect(isConsistentlyOrdered(A)).toBe(false);
    const diagonal = csrDiagonal(A);
    let positive = 0;
    for (let i = 0; i < A.rows; i++) {
      for (let k = A.rowPtr[i]; k < A.rowPtr[i + 1]; k++) if (A.colIdx[k] !== i && A.values[k] > 0) positive += 1;
    }
    expect(positive).toBe(10);
    expect(Math.min(...diagonal)).toBeGreaterThan(0);
  });

  it('has the solution', () => {
    const { x } = cg(A, b, { rtol: 1e-13 });
    expect(norm(x)).toBeCloseTo(expected.xNorm2, 9);
    expect(x.reduce((s, v) => s + v, 0)).toBeCloseTo(expected.xSum, 7);
    expected.x0to4.forEach((v, i) => expect(x[i]).toBeCloseTo(v, 10));
  });

  it('has the spectral radii', () => {
    expect(jacobiSpectralRadius(A)).toBeCloseTo(expected.jacobiSpectralRadius, 9);
    for (const { omega, spectralRadius } of expected.sor.slice(1, 8).filter((_, i) => i % 3 === 0)) {
      expect(sorIterationSpectralRadius(A, omega)).toBeCloseTo(spectralRadius, 8);
    }
  });

  it('takes SOR and SSOR the counts of the reference', () => {
    for (const { omega, iterations } of expected.sor) expect(sor(A, b, { omega }).iterations).toBe(iterations);
    for (const { omega, iterations } of expected.ssor) expect(ssor(A, b, { omega }).iterations).toBe(iterations);
  });

  it('takes preconditioned CG the counts of the reference', () => {
    for (const { preconditioner, iterations, iterationsAtLeast, iterationsAtMost } of expected.cg) {
      const found = cg(A, b, { preconditioner }).iterations;
      if (iterations !== undefined) expect(found).toBe(iterations);
      expect(found).toBeGreaterThanOrEqual(iterationsAtLeast ?? 0);
      expect(found).toBeLessThanOrEqual(iterationsAtMost ?? Infinity);
    }
  });
});
