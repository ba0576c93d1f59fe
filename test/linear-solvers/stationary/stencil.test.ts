import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cg,
  convectionDiffusion2d,
  poisson2d,
  poisson3d,
  redBlackSorSweep,
  sorSweep,
  spmv,
  stencil2d,
  stencil3d,
  stencilResidual,
  stencilSorSweep,
  type CsrMatrix,
  type Stencil,
} from '../../../src/linear-solvers/index.js';
import { distance, norm, residualNormOf } from '../matrices.js';

const values = (n: number, seed: number) => Float64Array.from({ length: n }, (_, i) => ((i * 7 + seed) % 11) / 4 - 1);
const cases = fc.constantFrom<[Stencil, CsrMatrix]>(
  [stencil2d({ nx: 5, ny: 4 }), poisson2d(5, 4)],
  [stencil2d({ nx: 1, ny: 6, diag: 4.5 }), poisson2d(1, 6, { shift: 0.5 })],
  [stencil2d({ nx: 7, ny: 1 }), poisson2d(7, 1)],
  [
    stencil2d({ nx: 4, ny: 4, west: -1.25, east: -0.75, south: -0.9, north: -1.1 }),
    convectionDiffusion2d(4, 4, { px: 0.5, py: -0.2 }),
  ],
  [stencil3d({ nx: 3, ny: 4, nz: 2 }), poisson3d(3, 4, 2)],
);

describe('stencils against their matrices', () => {
  it('sweeps, residuals and products agree', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0.2, max: 1.9, noNaN: true }), fc.nat(10), ([grid, A], omega, seed) => {
        const n = A.rows;
        const b = values(n, seed);
        for (const ordering of ['lexicographic', 'red-black'] as const) {
          const x = grid.pad(values(n, seed + 3));
          const y = values(n, seed + 3);
          for (let k = 0; k < 3; k++) {
            stencilSorSweep(grid, grid.pad(b), x, omega, { ordering });
            if (ordering === 'lexicographic') sorSweep(A, b, y, { omega });
            else redBlackSorSweep(A, b, y, { omega });
          }
          expect(distance(grid.unpad(x), y)).toBeLessThan(1e-12 * (1 + norm(y)));
          expect(stencilResidual(grid, grid.pad(b), x)).toBeCloseTo(residualNormOf(A, b, grid.unpad(x)), 10);
        }
        const product = new Float64Array(n);
        grid.apply(b, product);
        expect(distance(product, spmv(A, b))).toBeLessThan(1e-13);
      }),
    );
  });

  it('the ring of padding stays zero', () => {
    const grid = stencil2d({ nx: 3, ny: 3 });
    const x = grid.pad(values(9, 1));
    stencilSorSweep(grid, grid.pad(values(9, 2)), x, 1.3);
    expect(distance(grid.pad(grid.unpad(x)), x)).toBe(0);
  });

  it('a stencil is an operator for CG', () => {
    const grid = stencil2d({ nx: 12, ny: 9 });
    const b = values(108, 5);
    const free = cg(grid, b);
    const stored = cg(poisson2d(12, 9), b);
    expect(free.iterations).toBe(stored.iterations);
    expect(distance(free.x, stored.x)).toBeLessThan(1e-10 * norm(stored.x));
  });

  it('arguments are checked', () => {
    expect(() => stencil2d({ nx: 0, ny: 2 })).toThrow(/^nx must/);
    expect(() => stencil2d({ nx: 2, ny: 2, diag: 0 })).toThrow(/^diag must/);
    const grid = stencil2d({ nx: 2, ny: 2 });
    const x = grid.pad([0, 0, 0, 0]);
    expect(() => stencilSorSweep(grid, x.slice(), x, 2)).toThrow(/^omega must be in \(0, 2\)/);
    expect(() => stencilSorSweep(grid, x.slice(1), x, 1)).toThrow(/^b must have length/);
    expect(() => stencilSorSweep(grid, x.slice(), x, 1, { ordering: 'zebra' as never })).toThrow(/^ordering must/);
    expect(() => grid.pad([1])).toThrow(RangeError);
  });
});
