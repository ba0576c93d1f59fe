// The bounds of "Learning to Relax" against what happens; where a printed bound is none, an example that shows it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cg,
  csrToDense,
  jacobiSpectralRadius,
  lShape2d,
  nearAsymptoticTau,
  omegaGrid,
  optimalOmega,
  poisson2d,
  sor,
  sorEnergyIterationBound,
  sorEnergyNorm,
  sorEnergyNormBound,
  sorSweep,
  ssorEnergyIterationBound,
  ssor,
  ssorPcgConstants,
  ssorPcgIterationBound,
  ssorPreconditionedConditionBound,
  ssorPreconditioner,
  surrogateConstants,
  surrogateIterationBound,
} from '../../../src/linear-solvers/index.js';
import { eigenvalues, symmetricEigen } from '../../../src/linalg/index.js';
import { createRng, sampleNormalInBall } from '../../../src/random/index.js';
import { denseSolve, energyNorm, norm, spdSystems } from '../matrices.js';

const ones = (n: number) => new Float64Array(n).fill(1);

describe('the surrogate U(ω)', () => {
  const A = poisson2d(10, 10);
  const beta = jacobiSpectralRadius(A);

  it('bounds the iterations of SOR at every ω it was calibrated for', () => {
    const omegas = [1, 1.2, 1.4, 1.5, optimalOmega(beta), 1.6, 1.7, 1.8, 1.9];
    const { tau, iterations, taus } = nearAsymptoticTau(A, ones(100), { omegas, epsilon: 1e-8 });
    expect(tau).toBe(Math.max(...taus));
    expect(tau).toBeGreaterThan(0.17);
    expect(tau).toBeLessThan(0.2);
    omegas.forEach((omega, i) => {
      expect(iterations[i]).toBe(sor(A, ones(100), { omega }).iterations);
      expect(iterations[i]).toBeLessThanOrEqual(surrogateIterationBound({ omega, beta, tau, epsilon: 1e-8 }));
    });
    // The asymptotic estimate, τ = 0 without the 1, is no bound at ω*.
    const estimate = Math.log(1e-8) / Math.log(optimalOmega(beta) - 1);
    expect(iterations[4]).toBeGreaterThan(estimate);
  });

  it('a grid that misses ω* can give a τ below e⁻², which the theory asks for', () => {
    // τ depends on b and on the shift: on linspace(1, 1.95, 20) with shift -0.15 it is 0.11 to 0.14.
    const shifted = poisson2d(10, 10, { shift: -0.15 });
    const taus = [1, 2, 3].map((seed) => {
      const b = sampleNormalInBall(100, createRng(seed));
      return nearAsymptoticTau(shifted, b, { omegas: omegaGrid(), epsilon: 1e-8 }).tau;
    });
    expect(Math.min(...taus)).toBeGreaterThan(0.1);
    expect(Math.max(...taus)).toBeLessThan(0.15);
    expect(Math.min(...taus)).toBeLessThan(Math.exp(-2));
  });

  it('has the published constants: U(ω) is at most maxIterations on [1, ω_max] and Lipschitz right of ω*', () => {
    for (const [b, tau] of [
      [0.96, 0.2],
      [0.9, 0.3],
      [0.99, 0.15],
    ]) {
      const omegaMax = 1.95;
      const { maxIterations, lipschitz, omegaStar } = surrogateConstants({ beta: b, tau, epsilon: 1e-8, omegaMax });
      const U = (omega: number) => surrogateIterationBound({ omega, beta: b, tau, epsilon: 1e-8 });
      for (let k = 0; k <= 200; k++) {
        const omega = 1 + (k / 200) * (omegaMax - 1);
        expect(U(omega)).toBeLessThanOrEqual(maxIterations * (1 + 1e-12));
        const next = omega + 1e-3;
        if (omega > omegaStar && next <= omegaMax) {
          expect(Math.abs(U(next) - U(omega))).toBeLessThanOrEqual(lipschitz * 1e-3 * (1 + 1e-9));
        }
      }
    }
    expect(() => surrogateIterationBound({ omega: 1, beta: 0.5, tau: 1, epsilon: 0.1 })).toThrow(/^tau must/);
    expect(() => surrogateIterationBound({ omega: 1, beta: 0.5, tau: 0.1, epsilon: 1 })).toThrow(/^epsilon must/);
    expect(() => surrogateConstants({ beta: 0.5, tau: 0.1, epsilon: 0.1, omegaMax: 2 })).toThrow(/^omegaMax must/);
    expect(() => nearAsymptoticTau(poisson2d(21, 20), ones(420), { omegas: [1], epsilon: 0.1 })).toThrow(/400/);
  });
});

describe('SOR in the energy norm', () => {
  it('no error shrinks less than ‖M‖_A says, and some shrink about as little', () => {
    fc.assert(
      fc.property(spdSystems(6, 20), fc.double({ min: 0.2, max: 1.8, noNaN: true }), ({ A, b, n }, omega) => {
        const nu = sorEnergyNorm(A, omega);
        expect(nu).toBeLessThanOrEqual(1 + 1e-10);
        // Power iteration on MᵀAM x = λ A x by hand: the worst of many errors.
        let worst = 0;
        const rng = createRng(n);
        for (let trial = 0; trial < 40; trial++) {
          const e = Float64Array.from({ length: n }, (_, i) => (trial === 0 ? b[i] + 1 : rng() - 0.5));
          const before = energyNorm(A, e);
          const ratio = energyNorm(A, sorSweep(A, new Float64Array(n), e, { omega })) / before;
          worst = Math.max(worst, ratio);
        }
        expect(worst).toBeLessThanOrEqual(nu * (1 + 1e-9) + 1e-12);
        if (n <= 2) expect(worst).toBeGreaterThan(0.8 * nu - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('the corrected bound holds; the published one does not', () => {
    const violations: number[] = [];
    for (const A of [poisson2d(10, 10), poisson2d(6, 6, { shift: 0.4 }), poisson2d(4, 4), lShape2d(8)]) {
      for (let omega = 0.1; omega < 1.96; omega += 0.15) {
        const norm = sorEnergyNorm(A, omega);
        expect(norm).toBeLessThanOrEqual(sorEnergyNormBound(A, omega) * (1 + 1e-9));
        if (norm > sorEnergyNormBound(A, omega, { variant: 'paper' })) violations.push(omega);
      }
    }
    expect(violations.length).toBeGreaterThan(3);
    // Named examples: from ω = 1.75 on poisson2d(10, 10), from 1.4 on poisson2d(6, 6) + 0.4 I.
    const grid = poisson2d(10, 10);
    expect(sorEnergyNorm(grid, 1.75)).toBeGreaterThan(sorEnergyNormBound(grid, 1.75, { variant: 'paper' }));
    expect(sorEnergyNorm(grid, 1.7)).toBeLessThan(sorEnergyNormBound(grid, 1.7, { variant: 'paper' }));
    const shifted = poisson2d(6, 6, { shift: 0.4 });
    expect(sorEnergyNorm(shifted, 1.4)).toBeGreaterThan(sorEnergyNormBound(shifted, 1.4, { variant: 'paper' }));
    expect(() =>
      sorEnergyNormBound(
        [
          [1, 2],
          [0, 1],
        ],
        1,
      ),
    ).toThrow(/^A must be symmetric/);
    expect(() =>
      sorEnergyNorm(
        [
          [1, 2],
          [2, 1],
        ],
        1,
      ),
    ).toThrow(/positive definite/);
  });

  it('the iteration bounds built on it hold', () => {
    const A = poisson2d(8, 8);
    const { kappa } = ssorPcgConstants(A);
    for (const omega of [0.8, 1, 1.3, 1.6]) {
      const nu = sorEnergyNormBound(A, omega);
      const b = sampleNormalInBall(64, createRng(5));
      const bound = sorEnergyIterationBound({ nu, kappa, epsilon: 1e-8 });
      expect(sor(A, b, { omega }).iterations).toBeLessThanOrEqual(bound);
      const absolute = ssorEnergyIterationBound({ nu, kappa, epsilon: 1e-6, rhsNorm: norm(b) });
      expect(ssor(A, b, { omega, rtol: 0, atol: 1e-6 }).iterations).toBeLessThanOrEqual(absolute);
    }
  });
});

describe('SSOR-preconditioned CG', () => {
  it.each([
    ['L, s = 12', 12, 0, 14.499, -0.01042, 27.998, 1.4625],
    ['L, s = 32', 32, 0, 105.04, -0.00129, 209.08, 1.7578],
    ['L, s = 12, + I/2', 12, 0.5, 5.8, undefined, undefined, undefined],
    ['L, s = 32, + I/2', 32, 0.5, 8.363, undefined, undefined, undefined],
  ])('has the published constants on %s', (_, size, shift, mu, nu, kappa, omegaStar) => {
    const L = lShape2d(size);
    const A = { ...L, values: L.values.map((v) => (v > 0 ? v + shift : v)) };
    const found = ssorPcgConstants(A);
    expect(Math.abs(found.mu / mu - 1)).toBeLessThan(1e-4);
    if (nu !== undefined) expect(Math.abs(found.nu - nu)).toBeLessThan(1e-5);
    if (kappa !== undefined) expect(Math.abs(found.kappa / kappa - 1)).toBeLessThan(1e-4);
    if (omegaStar !== undefined) expect(Math.abs(found.omegaStar - omegaStar)).toBeLessThan(1e-4);
  });

  it('μ, ν and κ are the eigenvalues they are defined by', () => {
    fc.assert(
      fc.property(spdSystems(6, 20), ({ A, n }) => {
        const { mu, nu, kappa } = ssorPcgConstants(A);
        const a = csrToDense(A, { nested: true });
        const column = (X: number[][], j: number) =>
          denseSolve(
            A,
            X.map((row) => row[j]),
          );
        const largest = (X: number[][]) => {
          // A⁻¹ X has the eigenvalues of X A⁻¹.
          const flat = new Float64Array(n * n);
          for (let j = 0; j < n; j++) column(X, j).forEach((v, i) => (flat[i * n + j] = v));
          return Math.max(...eigenvalues(flat, n).real);
        };
        const D = a.map((row, i) => row.map((v, j) => (i === j ? v : 0)));
        const T = a.map((row, i) =>
          a.map((other, j) => {
            let s = i === j ? -row[i] / 4 : 0;
            for (let k = 0; k < Math.min(i, j); k++) s += (row[k] * other[k]) / a[k][k];
            return s;
          }),
        );
        expect(mu).toBeCloseTo(largest(D), 7);
        expect(nu).toBeCloseTo(largest(T), 7);
        const { values } = symmetricEigen(csrToDense(A), n);
        const sorted = Array.from(values).sort((x, y) => x - y);
        expect(kappa / (sorted[n - 1] / sorted[0])).toBeCloseTo(1, 8);
      }),
      { numRuns: 40 },
    );
  });

  it('the bounds of the condition number and of the iterations hold', () => {
    for (const A of [lShape2d(12), poisson2d(6, 6), poisson2d(6, 6, { shift: 0.5 })]) {
      const n = A.rows;
      const dense = csrToDense(A);
      const { mu, nu, kappa } = ssorPcgConstants(A);
      for (const omega of [0.7, 1, 1.3, 1.6, 1.9]) {
        const apply = ssorPreconditioner(A, { omega });
        const MA = new Float64Array(n * n);
        const z = new Float64Array(n);
        for (let j = 0; j < n; j++) {
          const column = Float64Array.from({ length: n }, (_, i) => dense[i * n + j]);
          apply(column, z);
          z.forEach((v, i) => (MA[i * n + j] = v));
        }
        const { real } = eigenvalues(MA, n);
        const condition = Math.max(...real) / Math.min(...real);
        expect(condition).toBeLessThanOrEqual(ssorPreconditionedConditionBound({ omega, mu, nu }) * (1 + 1e-8));
        const bound = ssorPcgIterationBound({ omega, mu, nu, kappa, epsilon: 1e-8 });
        for (const seed of [1, 2]) {
          const b = sampleNormalInBall(n, createRng(seed));
          expect(cg(A, b, { preconditioner: { kind: 'ssor', omega } }).iterations).toBeLessThanOrEqual(bound);
        }
      }
    }
  });

  it.each([
    [12, 12],
    [32, 20],
  ])('the best count over ω on the L of size %d is %d, give or take one', (size, best) => {
    const A = lShape2d(size);
    const b = sampleNormalInBall(A.rows, createRng(7));
    const counts = Array.from({ length: 20 }, (_, i) => 1 + i * 0.05).map(
      (omega) => cg(A, b, { preconditioner: { kind: 'ssor', omega } }).iterations,
    );
    expect(Math.abs(Math.min(...counts) - best)).toBeLessThanOrEqual(1);
  });
});
