import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { eigenvalues } from '../../src/linalg/eigenvalues.js';

type Complex = [number, number];

function sorted(real: ArrayLike<number>, imaginary: ArrayLike<number>): Complex[] {
  return Array.from(real, (re, i): Complex => [re, imaginary[i]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** The largest distance of a point of one list from the other list. */
function distance(xs: Complex[], ys: Complex[]): number {
  return Math.max(...xs.map(([a, b]) => Math.min(...ys.map(([c, d]) => Math.hypot(a - c, b - d)))));
}

describe('eigenvalues, by hand', () => {
  it('a cyclic shift of order n has the n-th roots of unity', () => {
    const n = 7;
    const A = new Float64Array(n * n);
    for (let i = 0; i < n; i++) A[i * n + ((i + 1) % n)] = 1;
    const { real, imaginary } = eigenvalues(A, n);
    const roots = Array.from({ length: n }, (_, k): Complex => [
      Math.cos((2 * Math.PI * k) / n),
      Math.sin((2 * Math.PI * k) / n),
    ]);
    expect(distance(roots, sorted(real, imaginary))).toBeLessThan(1e-14);
  });

  it('the companion matrix of (x - 1)(x - 2)(x - 3)(x - 4) has 1, 2, 3, 4', () => {
    const A = [10, -35, 50, -24, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    const { real, imaginary } = eigenvalues(A, 4);
    expect(Array.from(imaginary)).toEqual([0, 0, 0, 0]);
    Array.from(real)
      .sort()
      .forEach((value, k) => expect(value).toBeCloseTo(k + 1, 11));
  });

  it('a Jordan block of order 3 is found to the cube root of the rounding error', () => {
    const { real } = eigenvalues([2, 1, 0, 0, 2, 1, 0, 0, 2], 3);
    for (const value of real) expect(Math.abs(value - 2)).toBeLessThan(1e-4);
  });

  it('sizes 0 and 1, zero and badly scaled matrices', () => {
    expect(eigenvalues([], 0).real.length).toBe(0);
    expect(eigenvalues([-3], 1).real[0]).toBe(-3);
    expect(Array.from(eigenvalues(new Float64Array(9), 3).real)).toEqual([0, 0, 0]);
    const { real } = eigenvalues([1, 1e12, 1e-12, 2], 2);
    expect(
      distance(sorted(real, [0, 0]), [
        [(3 - Math.sqrt(5)) / 2, 0],
        [(3 + Math.sqrt(5)) / 2, 0],
      ]),
    ).toBeLessThan(1e-14);
  });

  it('refuses wrong lengths and entries that are not finite', () => {
    expect(() => eigenvalues([1, 2], 2)).toThrow(RangeError);
    expect(() => eigenvalues([NaN], 1)).toThrow('A[0] must be finite');
  });
});

it('agrees with ml-matrix, keeps the trace, and pairs conjugates', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 24 }), fc.integer({ min: 0, max: 1e9 }), (n, seed) => {
      const A = Float64Array.from({ length: n * n }, (_, k) => {
        const t = Math.sin(seed + 12.9898 * (k + 1)) * 43758.5453;
        return t - Math.floor(t) - 0.5;
      });
      const { real, imaginary, converged } = eigenvalues(A, n);
      expect(converged).toBe(true);
      let trace = 0;
      for (let i = 0; i < n; i++) trace += A[i * n + i] - real[i];
      expect(Math.abs(trace)).toBeLessThan(1e-12 * n);
      expect(Math.abs(imaginary.reduce((a, b) => a + b, 0))).toBeLessThan(1e-13);
      const peer = new EigenvalueDecomposition(Matrix.from1DArray(n, n, Array.from(A)));
      // A random matrix has eigenvalues of condition up to a few hundred at this size.
      expect(distance(sorted(real, imaginary), sorted(peer.realEigenvalues, peer.imaginaryEigenvalues))).toBeLessThan(
        1e-9,
      );
    }),
  );
});
