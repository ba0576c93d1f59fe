import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csrDiagonal,
  csrFromDense,
  csrToDense,
  estimateRate,
  graphLaplacian,
  convectionDiffusion2d,
  jacobiRadiusFromRate,
  jacobiRadiusPoisson,
  jacobiSpectralRadius,
  lShape2d,
  optimalOmega,
  poisson1d,
  poisson2d,
  poisson3d,
  sor,
  sorIterationSpectralRadius,
  sorSpectralRadius,
  sorSweep,
  ssorSweep,
} from '../../../src/linear-solvers/index.js';
import { eigenvalues } from '../../../src/linalg/index.js';
import { spdSystems } from '../matrices.js';

const betas = fc.double({ min: 0, max: 0.999999, noNaN: true });

describe('optimalOmega', () => {
  it('minimizes the spectral radius, by more than a little', () => {
    fc.assert(
      fc.property(betas, fc.double({ min: 0.01, max: 1.99, noNaN: true }), (beta, omega) => {
        const best = optimalOmega(beta);
        expect(best).toBeCloseTo(2 / (1 + Math.sqrt(1 - beta * beta)), 12);
        expect(sorSpectralRadius({ omega, beta })).toBeGreaterThanOrEqual(best - 1 - 1e-12);
      }),
    );
    for (const beta of [0.5, 0.9, 0.99]) {
      const best = optimalOmega(beta);
      for (const off of [-0.05, 0.05]) {
        expect(sorSpectralRadius({ omega: best + off, beta })).toBeGreaterThan(best - 1);
      }
    }
  });

  it('refuses what is no radius below 1', () => {
    for (const beta of [1, -0.1, NaN, Infinity]) expect(() => optimalOmega(beta)).toThrow(/^beta must be/);
  });
});

describe('sorSpectralRadius', () => {
  it('is the larger root of (λ + ω - 1)² = λ ω² β², or ω - 1', () => {
    fc.assert(
      fc.property(betas, fc.double({ min: 0.01, max: 1.99, noNaN: true }), (beta, omega) => {
        const lambda = sorSpectralRadius({ omega, beta });
        if (omega >= optimalOmega(beta)) expect(lambda).toBe(omega - 1);
        else {
          const left = (lambda + omega - 1) ** 2;
          expect(Math.abs(left - lambda * omega * omega * beta * beta)).toBeLessThan(1e-12);
          expect(lambda).toBeGreaterThanOrEqual(Math.abs(omega - 1) - 1e-12);
        }
      }),
    );
  });

  it('agrees with the eigenvalues of the iteration on consistently ordered matrices', () => {
    for (const A of [poisson1d(9), poisson2d(5, 4), poisson2d(4, 4, { shift: 0.3 }), poisson3d(3, 3, 2), lShape2d(8)]) {
      const beta = jacobiSpectralRadius(A);
      for (const omega of [0.5, 1, 1.1, 1.3, 1.5, 1.8]) {
        expect(Math.abs(sorIterationSpectralRadius(A, omega) - sorSpectralRadius({ omega, beta }))).toBeLessThan(1e-6);
      }
      const best = sorIterationSpectralRadius(A, optimalOmega(beta));
      // At ω* the eigenvalue is double, so rounding of size u moves it by √u.
      expect(Math.abs(best - (optimalOmega(beta) - 1))).toBeLessThan(1e-6);
    }
  });
});

describe('sorIterationSpectralRadius', () => {
  it('is the largest eigenvalue of the map of one sweep', () => {
    fc.assert(
      fc.property(spdSystems(7, 30), fc.double({ min: 0.2, max: 1.8, noNaN: true }), ({ A, n }, omega) => {
        for (const kind of ['sor', 'ssor'] as const) {
          const sweep = kind === 'sor' ? sorSweep : ssorSweep;
          const M = new Float64Array(n * n);
          for (let j = 0; j < n; j++) {
            const e = new Float64Array(n);
            e[j] = 1;
            sweep(A, new Float64Array(n), e, { omega }).forEach((v, i) => (M[i * n + j] = v));
          }
          const { real, imaginary } = eigenvalues(M, n);
          const radius = Math.max(...real.map((re, i) => Math.hypot(re, imaginary[i])));
          expect(sorIterationSpectralRadius(A, omega, { kind })).toBeCloseTo(radius, 8);
        }
      }),
    );
    expect(() => sorIterationSpectralRadius(poisson2d(21, 20), 1)).toThrow(/400/);
    expect(() => sorIterationSpectralRadius(poisson2d(2, 2), 2)).toThrow(/^omega must/);
  });
});

describe('jacobiSpectralRadius', () => {
  it('has the closed form on grids', () => {
    expect(jacobiSpectralRadius(poisson1d(20))).toBeCloseTo(jacobiRadiusPoisson({ nx: 20 }), 9);
    expect(jacobiRadiusPoisson({ nx: 20 })).toBeCloseTo(Math.cos(Math.PI / 21), 14);
    expect(jacobiSpectralRadius(poisson2d(10, 10))).toBeCloseTo(0.95949297, 8);
    expect(jacobiSpectralRadius(poisson2d(30, 17, { shift: 0.2 }))).toBeCloseTo(
      jacobiRadiusPoisson({ nx: 30, ny: 17, shift: 0.2 }),
      9,
    );
    expect(jacobiSpectralRadius(poisson3d(7, 5, 3))).toBeCloseTo(jacobiRadiusPoisson({ nx: 7, ny: 5, nz: 3 }), 9);
    expect(jacobiRadiusPoisson({ nx: 10, ny: 10, shift: -0.15 })).toBeCloseTo(0.99688, 5);
    expect(jacobiRadiusPoisson({ nx: 10, ny: 10, shift: 0.45 })).toBeCloseTo(0.86247, 5);
  });

  it('is the largest modulus of the eigenvalues of I - D⁻¹A, symmetric or not', () => {
    const complete = graphLaplacian(
      5,
      Array.from({ length: 10 }, (_, k) => [k % 5, (k + 1 + Math.floor(k / 5)) % 5, 1] as const),
    );
    const indefinite = csrFromDense([
      [1, 2, 0],
      [2, 1, 1],
      [0, 1, 1],
    ]);
    for (const A of [complete, indefinite, convectionDiffusion2d(5, 5, { px: 3, py: 1 })]) {
      const n = A.rows;
      const d = csrDiagonal(A);
      const J = csrToDense(A).map((v, k) => (k % (n + 1) === 0 ? 0 : -v / d[Math.floor(k / n)]));
      const { real, imaginary } = eigenvalues(J, n);
      const radius = Math.max(...real.map((re, i) => Math.hypot(re, imaginary[i])));
      expect(jacobiSpectralRadius(A)).toBeCloseTo(radius, 8);
    }
    expect(() =>
      jacobiSpectralRadius([
        [0, 1],
        [1, 1],
      ]),
    ).toThrow(/row 0/);
  });
});

describe('rates', () => {
  it('β comes back from the rate below ω*', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 0.999, noNaN: true }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (beta, t) => {
          const omega = 1 + t * (optimalOmega(beta) - 1) * 0.98;
          const rho = sorSpectralRadius({ omega, beta });
          expect(jacobiRadiusFromRate({ omega, rho })).toBeCloseTo(beta, 7);
        },
      ),
    );
    expect(() => jacobiRadiusFromRate({ omega: 1.5, rho: 0.5 })).toThrow(/^rho must be/);
    expect(() => jacobiRadiusFromRate({ omega: 1.5, rho: 1 })).toThrow(RangeError);
    expect(() => jacobiRadiusFromRate({ omega: 1, rho: NaN })).toThrow(RangeError);
  });

  it('the observed rate at ω = 1 is β²', () => {
    const A = poisson2d(10, 10);
    const { residualNorms } = sor(A, new Float64Array(100).fill(1), { omega: 1 });
    expect(estimateRate(residualNorms)).toBeCloseTo(0.95949297 ** 2, 4);
    expect(estimateRate([1, 0.5])).toBeCloseTo(0.5, 15);
    expect(estimateRate([8, 4, 2, 1], { window: 2 })).toBeCloseTo(0.5, 15);
    expect(() => estimateRate([1])).toThrow(RangeError);
    expect(() => estimateRate([0, 1])).toThrow(RangeError);
  });
});
