import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxLeastSquares } from '../../src/optimize/index.js';

const number = fc.double({ min: -3, max: 3, noNaN: true }).map((x) => (Math.abs(x) < 1e-3 ? 0 : x));
const problems = fc.integer({ min: 1, max: 6 }).chain((m) =>
  fc.integer({ min: 0, max: 10 }).chain((samples) =>
    fc.record({
      X: fc.array(fc.array(number, { minLength: m, maxLength: m }), { minLength: samples, maxLength: samples }),
      y: fc.array(number, { minLength: samples, maxLength: samples }),
      bound: fc.array(
        fc.double({ min: 0, max: 2, noNaN: true }).map((u) => (u < 1e-3 ? 0 : u)),
        { minLength: m, maxLength: m },
      ),
    }),
  ),
);

/** XᵀX and Xᵀy. */
function normalEquations(X: number[][], y: number[], m: number) {
  const index = Array.from({ length: m }, (_, i) => i);
  const gram = index.map((i) => index.map((j) => X.reduce((s, row) => s + row[i] * row[j], 0)));
  const rhs = index.map((i) => X.reduce((s, row, k) => s + row[i] * y[k], 0));
  return { gram, rhs };
}

describe('boxLeastSquares', () => {
  it('satisfies the conditions of Karush, Kuhn and Tucker', () => {
    fc.assert(
      fc.property(problems, ({ X, y, bound }) => {
        const m = bound.length;
        const { gram, rhs } = normalEquations(X, y, m);
        const theta = boxLeastSquares(gram, rhs, bound);
        const trace = gram.reduce((s, row, i) => s + row[i], 0);
        const ridge = (1e-8 * trace) / m;
        for (let j = 0; j < m; j++) {
          expect(Math.abs(theta[j])).toBeLessThanOrEqual(bound[j]);
          let gradient = ridge * theta[j] - rhs[j];
          let size = Math.abs(gradient) + trace;
          for (let k = 0; k < m; k++) {
            gradient += gram[j][k] * theta[k];
            size += Math.abs(gram[j][k] * theta[k]);
          }
          const slack = 1e-8 * size;
          if (theta[j] < bound[j]) expect(gradient).toBeGreaterThanOrEqual(-slack);
          if (theta[j] > -bound[j]) expect(gradient).toBeLessThanOrEqual(slack);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is no worse than any point of a fine grid in the box', () => {
    fc.assert(
      fc.property(problems, ({ X, y, bound: wide }) => {
        const m = Math.min(2, wide.length);
        const bound = wide.slice(0, m);
        const { gram, rhs } = normalEquations(X, y, m);
        const value = (t: ArrayLike<number>) => {
          let v = 0;
          for (let i = 0; i < m; i++) {
            v -= rhs[i] * t[i];
            for (let j = 0; j < m; j++) v += 0.5 * t[i] * gram[i][j] * t[j];
          }
          return v;
        };
        const best = value(boxLeastSquares(gram, rhs, bound));
        for (let a = -10; a <= 10; a++) {
          for (let b = -10; b <= 10; b++) {
            const point = [a, b].slice(0, m).map((s, j) => (s / 10) * bound[j]);
            expect(best).toBeLessThanOrEqual(value(point) + 1e-6 * (1 + Math.abs(best)));
          }
        }
      }),
    );
  });

  it('G = 0 gives 0, no samples too few, and a box of size 0 the origin', () => {
    expect(
      boxLeastSquares(
        [
          [0, 0],
          [0, 0],
        ],
        [0, 0],
        [1, 1],
      ),
    ).toEqual(Float64Array.of(0, 0));
    expect(
      boxLeastSquares(
        [
          [1, 1],
          [1, 1],
        ],
        [1, 1],
        [0, 0],
      ),
    ).toEqual(Float64Array.of(0, 0));
    // One sample for two features: the one of least norm.
    boxLeastSquares(
      [
        [1, 1],
        [1, 1],
      ],
      [1, 1],
      [9, 9],
    ).forEach((v) => expect(v).toBeCloseTo(0.5, 7));
    expect(boxLeastSquares({ data: Float64Array.of(4), rows: 1, columns: 1 }, [2], [9])[0]).toBeCloseTo(0.5, 7);
  });

  it('refuses sizes that do not fit and bounds below 0', () => {
    expect(() =>
      boxLeastSquares(
        [
          [1, 0],
          [0, 1],
        ],
        [1],
        [1, 1],
      ),
    ).toThrow(/^rhs must have length 2/);
    expect(() => boxLeastSquares([[1, 0]], [1], [1])).toThrow(/^gram must be square/);
    expect(() => boxLeastSquares([[1]], [1], [-1])).toThrow(/^bound\[0\] must be at least 0/);
    expect(() => boxLeastSquares([[NaN]], [1], [1])).toThrow(RangeError);
  });
});
