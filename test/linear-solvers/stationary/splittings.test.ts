// The matrix forms of the iterations: x' = x + W⁻¹ (b - A x), each W multiplied out.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  csrToDense,
  jacobiSweep,
  sorSweep,
  ssorPreconditioner,
  ssorSweep,
  type CsrMatrix,
} from '../../../src/linear-solvers/index.js';
import { distance, dominantSystems, infinityNorm, norm, times } from '../matrices.js';

const omegas = fc.double({ min: 0.2, max: 1.9, noNaN: true });

/** Rows of D/ω + L, D/ω + U or D/ω. */
function part(A: CsrMatrix, omega: number, keep: (i: number, j: number) => boolean): number[][] {
  return csrToDense(A, { nested: true }).map((row, i) => row.map((v, j) => (i === j ? v / omega : keep(i, j) ? v : 0)));
}

it('Jacobi has W = D/ω, SOR W = D/ω + L forward and D/ω + U backward', () => {
  fc.assert(
    fc.property(dominantSystems(), omegas, ({ A, b, n }, omega) => {
      const x = Float64Array.from({ length: n }, (_, i) => ((i * 3) % 5) - 1);
      const Ax = times(csrToDense(A, { nested: true }), x);
      const r = b.map((v, i) => v - Ax[i]);
      const after: [Float64Array, (i: number, j: number) => boolean][] = [
        [jacobiSweep(A, b, x.slice(), { omega }), () => false],
        [sorSweep(A, b, x.slice(), { omega }), (i, j) => j < i],
        [sorSweep(A, b, x.slice(), { omega, direction: 'backward' }), (i, j) => j > i],
      ];
      for (const [next, keep] of after) {
        const step = next.map((v, i) => v - x[i]);
        const size = (norm(b) + infinityNorm(A) * (norm(x) + norm(next))) / Math.min(1, omega);
        expect(distance(times(part(A, omega, keep), step), r)).toBeLessThanOrEqual(1e-13 * size);
      }
    }),
  );
});

it('SSOR has W = ω/(2 - ω) (D/ω + L) D⁻¹ (D/ω + U), which is the matrix of its preconditioner', () => {
  fc.assert(
    fc.property(dominantSystems(), omegas, ({ A, b, n }, omega) => {
      const x = Float64Array.from({ length: n }, (_, i) => ((i * 3) % 5) - 1);
      const rows = csrToDense(A, { nested: true });
      const Ax = times(rows, x);
      const r = Float64Array.from(b, (v, i) => v - Ax[i]);
      const next = ssorSweep(A, b, x.slice(), { omega });
      const step = next.map((v, i) => v - x[i]);
      const upper = times(
        part(A, omega, (i, j) => j > i),
        step,
      ).map((v, i) => v / rows[i][i]);
      const W = times(
        part(A, omega, (i, j) => j < i),
        upper,
      ).map((v) => (omega / (2 - omega)) * v);
      const size = (norm(b) + infinityNorm(A) * (norm(x) + norm(next))) / (Math.min(1, omega) * (2 - omega));
      expect(distance(W, r)).toBeLessThanOrEqual(1e-12 * size);
      const z = new Float64Array(n);
      ssorPreconditioner(A, { omega })(r, z);
      expect(distance(z, step)).toBeLessThanOrEqual(1e-12 * (norm(x) + norm(next)) * n);
    }),
  );
});
