import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csrFromDense,
  csrPermute,
  gaussSeidel,
  isConsistentlyOrdered,
  jacobi,
  jacobiSweep,
  lShape2d,
  optimalOmega,
  jacobiRadiusPoisson,
  poisson2d,
  redBlackSor,
  redBlackSorSweep,
  richardson,
  solverWorkspace,
  sor,
  sorSpectralRadius,
  sorSweep,
  ssor,
  ssorSweep,
  type CsrMatrix,
} from '../../../src/linear-solvers/index.js';
import { denseSolve, distance, dominantSystems, infinityNorm, norm, residualNormOf, spdSystems } from '../matrices.js';

const omegas = fc.double({ min: 0.3, max: 1.8, noNaN: true });
const ones = (n: number) => new Float64Array(n).fill(1);

describe('solves and sweeps are the same iteration', () => {
  it('k iterations of a solver are k sweeps', () => {
    fc.assert(
      fc.property(dominantSystems(), omegas, fc.integer({ min: 1, max: 6 }), ({ A, b, n }, omega, k) => {
        if (norm(b) === 0) return;
        const fixed = { rtol: 0, maxIterations: k, x0: Float64Array.from(b) };
        const after = (sweep: (x: Float64Array) => unknown) => {
          const x = Float64Array.from(b);
          for (let s = 0; s < k; s++) sweep(x);
          return x;
        };
        expect(sor(A, b, { ...fixed, omega }).x).toEqual(after((x) => sorSweep(A, b, x, { omega })));
        expect(sor(A, b, { ...fixed, omega, direction: 'backward' }).x).toEqual(
          after((x) => sorSweep(A, b, x, { omega, direction: 'backward' })),
        );
        expect(ssor(A, b, { ...fixed, omega }).x).toEqual(after((x) => ssorSweep(A, b, x, { omega })));
        expect(jacobi(A, b, { ...fixed, omega }).x).toEqual(after((x) => jacobiSweep(A, b, x, { omega })));
        expect(gaussSeidel(A, b, fixed).x).toEqual(sor(A, b, { ...fixed, omega: 1 }).x);
        expect(n).toBe(A.rows);
      }),
    );
    const A = lShape2d(8);
    const b = ones(A.rows);
    const x = new Float64Array(A.rows);
    for (let k = 0; k < 7; k++) redBlackSorSweep(A, b, x, { omega: 1.3 });
    expect(redBlackSor(A, b, { omega: 1.3, rtol: 0, maxIterations: 7 }).x).toEqual(x);
  });

  it('entry k of the history is the norm recomputed from the k-th iterate', () => {
    const solvers = { sor, ssor, jacobi, redBlackSor };
    for (const A of [poisson2d(6, 5), lShape2d(8)]) {
      const b = Float64Array.from({ length: A.rows }, (_, i) => ((i * 5) % 7) - 2);
      for (const [name, solver] of Object.entries(solvers)) {
        const omega = name === 'jacobi' ? 1 : 1.4;
        for (const x0 of [undefined, ones(A.rows)]) {
          const { residualNorms, iterations, residualNorm } = solver(A, b, { omega, x0 });
          expect(residualNorms.length).toBe(iterations + 1);
          expect(residualNorms[iterations]).toBe(residualNorm);
          for (const k of [0, 1, 2, 5, iterations]) {
            const { x } = solver(A, b, { omega, x0, rtol: 0, maxIterations: k });
            const slack = 1e-12 * (norm(b) + infinityNorm(A) * norm(x));
            expect(Math.abs(residualNorms[k] - residualNormOf(A, b, x))).toBeLessThanOrEqual(slack);
          }
        }
      }
    }
  });

  it('stops at the first iterate that meets the tolerance, and returns it', () => {
    fc.assert(
      fc.property(spdSystems(10, 20), omegas, ({ A, b }, omega) => {
        if (norm(b) === 0) return;
        for (const solver of [sor, ssor]) {
          const { x, iterations, converged, residualNorms } = solver(A, b, { omega, rtol: 1e-7 });
          expect(converged).toBe(true);
          expect(residualNorms.findIndex((r) => r <= 1e-7 * norm(b))).toBe(iterations);
          expect(residualNormOf(A, b, x)).toBeLessThanOrEqual(1e-7 * norm(b) * (1 + 1e-6));
          const error = distance(x, denseSolve(A, b));
          expect(error).toBeLessThan(1e-3 * (1 + norm(b)));
        }
      }),
    );
  });
});

describe('the numbering of the unknowns', () => {
  it('does not matter to Jacobi and Richardson, and does to SOR', () => {
    fc.assert(
      fc.property(dominantSystems(), ({ A, b, n }) => {
        if (norm(b) === 0) return;
        const perm = Array.from({ length: n }, (_, i) => n - 1 - i);
        const permuted = csrPermute(A, perm);
        const c = perm.map((i) => b[i]);
        const alpha = 0.5 / infinityNorm(A);
        const fixed = { rtol: 0, maxIterations: 9 };
        for (const solve of [
          (M: CsrMatrix, rhs: number[]) => jacobi(M, rhs, fixed).x,
          (M: CsrMatrix, rhs: number[]) => richardson(M, rhs, { ...fixed, alpha }).x,
        ]) {
          const x = solve(A, b);
          expect(
            distance(
              solve(permuted, c),
              perm.map((i) => x[i]),
            ),
          ).toBeLessThanOrEqual(1e-12 * (norm(x) + 1e-300));
        }
        const { iterations, residualNorms } = jacobi(A, b);
        const close = residualNorms.some((r) => Math.abs(r / norm(b) / 1e-8 - 1) < 1e-6);
        if (!close) expect(jacobi(permuted, c).iterations).toBe(iterations);
      }),
    );
    const A = [
      [2, 1],
      [0, 2],
    ];
    const once = { rtol: 0, maxIterations: 1, omega: 1 };
    expect(sor(A, [1, 2], once).x).toEqual(Float64Array.of(0.5, 1));
    expect(sor(csrPermute(csrFromDense(A), [1, 0]), [2, 1], once).x).toEqual(Float64Array.of(1, 0));
  });
});

describe('SOR and Young', () => {
  it('counts on the 10 x 10 grid with b = 1', () => {
    // Reference counts from an independent numpy transcription.
    const A = poisson2d(10, 10);
    const expected = new Map([
      [1, 223],
      [1.2, 145],
      [1.4, 88],
      [1.5, 62],
      [1.56039, 41],
      [1.6, 43],
      [1.7, 58],
      [1.8, 89],
      [1.9, 187],
    ]);
    for (const [omega, count] of expected) expect(sor(A, ones(100), { omega }).iterations).toBe(count);
  });

  it('away from ω* the counts are near log ε / log ρ', () => {
    for (const [nx, ny, shift] of [
      [10, 10, 0],
      [8, 6, 0.2],
      [14, 5, 0],
    ]) {
      const A = poisson2d(nx, ny, { shift });
      expect(isConsistentlyOrdered(A)).toBe(true);
      const beta = jacobiRadiusPoisson({ nx, ny, shift });
      for (const omega of [1, 1.15, 1.8, 1.9]) {
        if (Math.abs(omega - optimalOmega(beta)) < 0.08) continue;
        const estimate = Math.log(1e-8) / Math.log(sorSpectralRadius({ omega, beta }));
        const { iterations } = sor(A, ones(nx * ny), { omega });
        expect(Math.abs(iterations - estimate)).toBeLessThan(Math.max(0.25 * estimate, 12));
      }
    }
  });
});

describe('Richardson', () => {
  it('is x + α (b - A x), with α = 2/(λ_min + λ_max) when bounds are given', () => {
    const A = poisson2d(3, 3);
    const b = ones(9);
    const low = 4 - 4 * Math.cos(Math.PI / 4);
    const high = 4 + 4 * Math.cos(Math.PI / 4);
    const one = richardson(A, b, { alpha: 0.2, rtol: 0, maxIterations: 1 });
    expect(
      distance(
        one.x,
        b.map((v) => 0.2 * v),
      ),
    ).toBeLessThan(1e-15);
    const byBounds = richardson(A, b, { lambdaMin: low, lambdaMax: high });
    const byAlpha = richardson(A, b, { alpha: 2 / (low + high) });
    expect(byBounds.iterations).toBe(byAlpha.iterations);
    expect(byBounds.converged).toBe(true);
    // Contraction (κ - 1)/(κ + 1) in the 2-norm of the residual.
    const rate = (high - low) / (high + low);
    byBounds.residualNorms.forEach((r, k) => expect(r).toBeLessThanOrEqual(3 * rate ** k * (1 + 1e-10)));
    expect(() => richardson(A, b, {})).toThrow(/alpha/);
    expect(() => richardson(A, b, { alpha: 0 })).toThrow(RangeError);
  });
});

describe('the colours that a workspace remembers', () => {
  it('are those that would be found anew, also when zeros are stored', () => {
    const path = poisson2d(5, 1);
    const b = Float64Array.of(1, -2, 3, 0, 1);
    const cut = { ...path, values: path.values.map((v, k) => (k === 4 ? 0 : v)) }; // a_12 = 0 and stored
    cut.values[5] = 0; // and a_21: two parts, the second of which starts with colour 0 of its own
    const shifted = { ...path, values: path.values.map((v) => (v > 0 ? v + 1 : v)) };
    const workspace = solverWorkspace();
    for (const A of [path, shifted, cut, path, cut, poisson2d(1, 5), path]) {
      const fresh = redBlackSor(A, b, { omega: 1.3 });
      const kept = redBlackSor(A, b, { omega: 1.3, workspace });
      expect(kept.x).toEqual(fresh.x);
      expect([...kept.residualNorms]).toEqual([...fresh.residualNorms]);
    }
    // The order of colours matters here: given the other way round the iterates differ.
    const other = redBlackSor(path, b, { omega: 1.3, workspace, colors: [1, 0, 1, 0, 1] });
    expect(other.x).not.toEqual(redBlackSor(path, b, { omega: 1.3, workspace }).x);
  });
});
