import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csrDiagonal,
  csrFromDense,
  csrPermute,
  csrScaleRowsCols,
  csrToDense,
  greedyTwoColoring,
  jacobiSweep,
  lShape2d,
  poisson2d,
  redBlackSorSweep,
  sorIterationSpectralRadius,
  sorSweep,
  ssorSweep,
  type CsrMatrix,
} from '../../../src/linear-solvers/index.js';
import { denseSolve, distance, dominantSystems, energyNorm, norm, spdSystems, textbookSorSweep } from '../matrices.js';

const omegas = fc.double({ min: 0.05, max: 1.95, noNaN: true });
const starts = (n: number) => Float64Array.from({ length: n }, (_, i) => 1 - ((i * 7) % 5) / 2);
type Sweep = (A: CsrMatrix, b: ArrayLike<number>, x: Float64Array, omega: number) => Float64Array;
const SWEEPS: [string, Sweep][] = [
  ['jacobi', (A, b, x, omega) => jacobiSweep(A, b, x, { omega })],
  ['sor', (A, b, x, omega) => sorSweep(A, b, x, { omega })],
  ['sor backward', (A, b, x, omega) => sorSweep(A, b, x, { omega, direction: 'backward' })],
  ['ssor', (A, b, x, omega) => ssorSweep(A, b, x, { omega })],
];

describe('sweeps against the textbook', () => {
  it('forward, backward and symmetric SOR, and damped Jacobi', () => {
    fc.assert(
      fc.property(dominantSystems(), omegas, ({ A, b, n }, omega) => {
        const dense = csrToDense(A, { nested: true });
        const backward = Array.from({ length: n }, (_, i) => n - 1 - i);
        const expected = Array.from(starts(n));
        textbookSorSweep(dense, b, expected, omega);
        expect(distance(sorSweep(A, b, starts(n), { omega }), expected)).toBeLessThan(1e-12 * (1 + norm(expected)));
        textbookSorSweep(dense, b, expected, omega, backward);
        expect(distance(ssorSweep(A, b, starts(n), { omega }), expected)).toBeLessThan(1e-12 * (1 + norm(expected)));
        const back = Array.from(starts(n));
        textbookSorSweep(dense, b, back, omega, backward);
        expect(distance(sorSweep(A, b, starts(n), { omega, direction: 'backward' }), back)).toBeLessThan(
          1e-12 * (1 + norm(back)),
        );
        const x0 = starts(n);
        const damped = dense.map((row, i) => {
          const r = b[i] - row.reduce((s, v, j) => s + v * x0[j], 0);
          return x0[i] + (omega * r) / row[i];
        });
        expect(distance(jacobiSweep(A, b, starts(n), { omega }), damped)).toBeLessThan(1e-12 * (1 + norm(damped)));
      }),
    );
  });

  it('red-black SOR is SOR on the permuted matrix', () => {
    fc.assert(
      fc.property(omegas, fc.constantFrom(poisson2d(4, 3), lShape2d(8)), (omega, A) => {
        const colors = Array.from(greedyTwoColoring(A) ?? []);
        const perm = [0, 1].flatMap((color) => colors.flatMap((c, i) => (c === color ? [i] : [])));
        const b = starts(A.rows).map((v) => v * v + 0.1);
        const x = redBlackSorSweep(A, b, starts(A.rows), { omega });
        const permuted = sorSweep(
          csrPermute(A, perm),
          perm.map((i) => b[i]),
          Float64Array.from(perm, (i) => starts(A.rows)[i]),
          { omega },
        );
        expect(
          distance(
            perm.map((i) => x[i]),
            permuted,
          ),
        ).toBeLessThan(1e-13);
      }),
    );
  });

  it('SSOR is forward and then backward, bit for bit', () => {
    fc.assert(
      fc.property(dominantSystems(), omegas, ({ A, b, n }, omega) => {
        const twice = sorSweep(A, b, starts(n), { omega });
        sorSweep(A, b, twice, { omega, direction: 'backward' });
        expect(ssorSweep(A, b, starts(n), { omega })).toEqual(twice);
      }),
    );
  });
});

describe('laws of sweeps', () => {
  it('the solution is a fixed point', () => {
    fc.assert(
      fc.property(spdSystems(), omegas, ({ A, b }, omega) => {
        const solution = denseSolve(A, b);
        for (const [, sweep] of SWEEPS) {
          const x = sweep(A, b, Float64Array.from(solution), omega);
          expect(distance(x, solution)).toBeLessThanOrEqual(1e-12 * norm(solution));
        }
      }),
    );
  });

  it('sweep(x, b) - sweep(y, b) does not depend on b', () => {
    fc.assert(
      fc.property(dominantSystems(), omegas, ({ A, b, n }, omega) => {
        const zero = new Float64Array(n);
        for (const [, sweep] of SWEEPS) {
          const difference = (rhs: ArrayLike<number>) => {
            const x = sweep(A, rhs, starts(n), omega);
            const y = sweep(A, rhs, zero.slice(), omega);
            return x.map((v, i) => v - y[i]);
          };
          expect(distance(difference(b), difference(zero))).toBeLessThan(1e-11 * (1 + norm(b)));
        }
      }),
    );
  });

  it('on SPD matrices with ω in (0, 2) the energy norm of the error never grows, but for Jacobi', () => {
    fc.assert(
      fc.property(spdSystems(), omegas, ({ A, b, n }, omega) => {
        const solution = denseSolve(A, b);
        for (const [name, sweep] of SWEEPS) {
          if (name === 'jacobi') continue;
          const x = starts(n);
          let before = energyNorm(
            A,
            x.map((v, i) => v - solution[i]),
          );
          for (let k = 0; k < 5; k++) {
            sweep(A, b, x, omega);
            const after = energyNorm(
              A,
              x.map((v, i) => v - solution[i]),
            );
            expect(after).toBeLessThanOrEqual(before * (1 + 1e-9) + 1e-11 * (1 + norm(solution)));
            before = after;
          }
        }
      }),
    );
    const A = csrFromDense([
      [1, 0.9, 0.9],
      [0.9, 1, 0.9],
      [0.9, 0.9, 1],
    ]);
    const x = Float64Array.of(1, 1, 1);
    for (let k = 0; k < 20; k++) jacobiSweep(A, [0, 0, 0], x);
    expect(norm(x)).toBeGreaterThan(1e4); // ρ = 1.8
  });

  it('scaling A and b by a power of two changes no bit of x; scaling b scales x', () => {
    fc.assert(
      fc.property(dominantSystems(), omegas, fc.constantFrom(0.125, 2, 1024), ({ A, b, n }, omega, s) => {
        const scaledA = { ...A, values: A.values.map((v) => v * s) };
        const scaledB = b.map((v) => v * s);
        for (const [, sweep] of SWEEPS) {
          const x = sweep(A, b, starts(n), omega);
          expect(sweep(scaledA, scaledB, starts(n), omega)).toEqual(x);
          const scaledX = sweep(
            A,
            scaledB,
            starts(n).map((v) => v * s),
            omega,
          );
          expect(scaledX).toEqual(x.map((v) => v * s));
        }
      }),
    );
  });

  it('a symmetric diagonal scaling transforms SOR iterates exactly', () => {
    fc.assert(
      fc.property(spdSystems(), omegas, ({ A, b, n }, omega) => {
        const s = Float64Array.from({ length: n }, (_, i) => 2 ** ((i % 5) - 2));
        const scaled = csrScaleRowsCols(A, s, s);
        const x = sorSweep(A, b, starts(n), { omega });
        const y = sorSweep(
          scaled,
          b.map((v, i) => s[i] * v),
          starts(n).map((v, i) => v / s[i]),
          { omega },
        );
        expect(y).toEqual(x.map((v, i) => v / s[i]));
      }),
    );
  });

  it('Jacobi does not see the numbering', () => {
    fc.assert(
      fc.property(dominantSystems(), ({ A, b, n }) => {
        const perm = Array.from({ length: n }, (_, i) => (i * 3 + 1) % n);
        if (new Set(perm).size < n) return;
        const x = jacobiSweep(A, b, starts(n));
        const y = jacobiSweep(
          csrPermute(A, perm),
          perm.map((i) => b[i]),
          Float64Array.from(perm, (i) => starts(n)[i]),
        );
        expect(
          distance(
            y,
            perm.map((i) => x[i]),
          ),
        ).toBeLessThan(1e-12 * (1 + norm(x)));
      }),
    );
  });

  it('row order and red-black order have the same spectral radius on a 5-point grid, at any ω', () => {
    const A = poisson2d(5, 4, { shift: 0.1 });
    const colors = Array.from(greedyTwoColoring(A) ?? []);
    const perm = [0, 1].flatMap((color) => colors.flatMap((c, i) => (c === color ? [i] : [])));
    const redBlack = csrPermute(A, perm);
    for (const omega of [0.4, 0.9, 1, 1.2, 1.5, 1.9]) {
      const natural = sorIterationSpectralRadius(A, omega);
      expect(Math.abs(sorIterationSpectralRadius(redBlack, omega) - natural)).toBeLessThan(1e-6);
    }
  });
});

describe('errors of sweeps', () => {
  const A = poisson2d(2, 2);
  const x = new Float64Array(4);
  it.each([0, 2, -1, NaN, Infinity])('omega = %d is refused', (omega) => {
    expect(() => sorSweep(A, [1, 1, 1, 1], x, { omega })).toThrow(`omega must be in (0, 2), got ${omega}`);
    expect(() => ssorSweep(A, [1, 1, 1, 1], x, { omega })).toThrow(RangeError);
    expect(() => redBlackSorSweep(A, [1, 1, 1, 1], x, { omega })).toThrow(RangeError);
  });

  it('lengths, diagonals and colours are checked', () => {
    expect(() => sorSweep(A, [1], x, { omega: 1 })).toThrow(/^b must have length 4/);
    expect(() => sorSweep(A, [1, 1, 1, 1], new Float64Array(3), { omega: 1 })).toThrow(/^x must have length 4/);
    expect(() =>
      sorSweep(
        [
          [0, 1],
          [1, 1],
        ],
        [1, 1],
        new Float64Array(2),
        { omega: 1 },
      ),
    ).toThrow('A must have a nonzero diagonal, got none in row 0');
    expect(() => sorSweep(A, [1, 1, 1, 1], x, { omega: 1, direction: 'up' as never })).toThrow(/^direction must/);
    const triangle = [
      [2, 1, 1],
      [1, 2, 1],
      [1, 1, 2],
    ];
    expect(() => redBlackSorSweep(triangle, [1, 1, 1], new Float64Array(3), { omega: 1 })).toThrow(/odd cycle/);
    expect(() => redBlackSorSweep(A, [1, 1, 1, 1], x, { omega: 1, colors: [0, 0, 1, 1] })).toThrow(
      /^colors must differ/,
    );
    expect(() => redBlackSorSweep(A, [1, 1, 1, 1], x, { omega: 1, colors: [0, 1, 1, 2] })).toThrow(/^colors\[3\] must/);
    expect(csrDiagonal(A)).toEqual(Float64Array.of(4, 4, 4, 4));
  });
});
