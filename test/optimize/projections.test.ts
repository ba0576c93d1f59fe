import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { projectBall, projectBallMahalanobis, projectSimplex } from '../../src/optimize/index.js';

const vector = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 8 });
const norm = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));
const distance = (x: ArrayLike<number>, y: ArrayLike<number>) => norm(Array.from(x, (v, i) => v - y[i]));

describe('projectSimplex', () => {
  test('the result is a probability vector with the optimality of a shifted and cut copy', () => {
    fc.assert(
      fc.property(vector, (v) => {
        const x = projectSimplex(v);
        expect(Math.abs(x.reduce((s, value) => s + value, 0) - 1)).toBeLessThan(1e-14);
        // x_i = max(v_i - θ, 0) for one θ
        const shifts = v.flatMap((value, i) => (x[i] > 0 ? [value - x[i]] : []));
        const theta = shifts[0];
        for (const shift of shifts) expect(Math.abs(shift - theta)).toBeLessThan(1e-14);
        v.forEach((value, i) => x[i] > 0 || expect(value).toBeLessThanOrEqual(theta + 1e-14));
      }),
    );
  });

  test('a point of the simplex stays, a tie is shared, and out may be v', () => {
    expect(projectSimplex([0.25, 0.75])).toEqual(Float64Array.of(0.25, 0.75));
    expect(projectSimplex([7, 7])).toEqual(Float64Array.of(0.5, 0.5));
    expect(projectSimplex([-3])).toEqual(Float64Array.of(1));
    const v = Float64Array.of(2, 0);
    expect(projectSimplex(v, v)).toBe(v);
    expect(v).toEqual(Float64Array.of(1, 0));
    expect(() => projectSimplex([])).toThrow(/^v must not be empty/);
    expect(() => projectSimplex([1, NaN])).toThrow(/^v\[1\]/);
  });
});

describe('projectBall', () => {
  test('no point of the ball is nearer', () => {
    fc.assert(
      fc.property(vector, vector, fc.double({ min: 0.1, max: 4, noNaN: true }), (v, w, radius) => {
        const x = projectBall(v, radius);
        expect(norm(x)).toBeLessThanOrEqual(radius * (1 + 1e-15));
        const other = projectBall(
          Array.from(v, (_, i) => w[i % w.length]),
          radius,
        );
        expect(distance(v, x)).toBeLessThanOrEqual(distance(v, other) + 1e-12);
        if (norm(v) <= radius) expect(Array.from(x)).toEqual(v);
      }),
    );
  });

  test('radius 0 is the origin; sizes at the ends of the range survive', () => {
    expect(Array.from(projectBall([3, 4], 0), Math.abs)).toEqual([0, 0]);
    expect(norm(projectBall([3e200, 4e200], 1))).toBeCloseTo(1, 14);
    expect(() => projectBall([1], -1)).toThrow(/^radius must/);
  });
});

describe('projectBallMahalanobis', () => {
  const definite = (n: number, m: number[]) => {
    const at = (i: number, j: number) => m[(i * n + j) % m.length];
    return Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => {
        let s = i === j ? 0.2 : 0;
        for (let k = 0; k < n; k++) s += at(i, k) * at(j, k);
        return s;
      }),
    );
  };

  test('H (x - y) = -μ x with μ >= 0 outside the ball, x on the sphere', () => {
    fc.assert(
      fc.property(
        vector,
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 7, maxLength: 64 }),
        (y, m) => {
          const H = definite(y.length, m);
          const radius = 0.7;
          const x = projectBallMahalanobis(y, H, radius);
          if (norm(y) <= radius) {
            expect(Array.from(x)).toEqual(y);
            return;
          }
          expect(Math.abs(norm(x) - radius)).toBeLessThan(1e-12);
          const pull = H.map((row) => row.reduce((s, h, j) => s + h * (y[j] - x[j]), 0));
          const mu = pull.reduce((s, p, i) => s + p * x[i], 0) / (radius * radius);
          expect(mu).toBeGreaterThanOrEqual(-1e-12);
          pull.forEach((p, i) => expect(Math.abs(p - mu * x[i])).toBeLessThan(1e-9 * (1 + norm(y))));
        },
      ),
    );
  });

  test('the identity gives the Euclidean projection; shapes and definiteness are checked', () => {
    const x = projectBallMahalanobis(
      [3, 4],
      [
        [1, 0],
        [0, 1],
      ],
      2,
    );
    expect(distance(x, projectBall([3, 4], 2))).toBeLessThan(1e-14);
    expect(
      projectBallMahalanobis(
        [3, 4],
        [
          [1, 0],
          [0, 1],
        ],
        0,
      ),
    ).toEqual(new Float64Array(2));
    expect(() => projectBallMahalanobis([3, 4], [[1, 0]], 2)).toThrow(/^H must be 2 x 2/);
    expect(() =>
      projectBallMahalanobis(
        [3, 4],
        [
          [1, 0],
          [0, -1],
        ],
        2,
      ),
    ).toThrow(/^H must be positive definite/);
  });
});
