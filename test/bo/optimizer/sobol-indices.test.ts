import { expect, it } from 'vitest';
import { sobolIndices } from '../../../src/bo/index.js';

/** f at every row. */
const rowwise = (d: number, f: (x: Float64Array) => number) => (X: Float64Array, rows: number) =>
  Float64Array.from({ length: rows }, (_, i) => f(X.subarray(i * d, (i + 1) * d)));

it('are the shares of a linear function, first order and total alike', () => {
  const { first, total, variance } = sobolIndices(
    rowwise(3, (x) => 3 * x[0] - 2 * x[1]),
    3,
    [[0], [1], [2]],
    { samples: 4096 },
  );
  expect(variance).toBeCloseTo(13 / 12, 2);
  [9 / 13, 4 / 13, 0].forEach((share, k) => {
    expect(Math.abs(first[k] - share)).toBeLessThan(0.01);
    expect(Math.abs(total[k] - share)).toBeLessThan(0.01);
  });
});

it('are those of the Ishigami function, which are known', () => {
  // sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 on [-π, π]³: T. Ishigami, T. Homma (1990).
  const ishigami = (u: Float64Array) => {
    const [x, y, z] = Array.from(u, (v) => Math.PI * (2 * v - 1));
    return Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x);
  };
  const variance = 49 / 8 + Math.PI ** 4 / 50 + Math.PI ** 8 / 1800 + 1 / 2;
  const v1 = (1 + Math.PI ** 4 / 50) ** 2 / 2;
  const v13 = (8 * Math.PI ** 8) / 225 / 100;
  const v2 = 49 / 8;
  const found = sobolIndices(rowwise(3, ishigami), 3, [[0], [1], [2]], { samples: 8192 });
  expect(found.variance / variance).toBeCloseTo(1, 2);
  [v1, v2, 0].forEach((v, k) => expect(Math.abs(found.first[k] - v / variance)).toBeLessThan(0.01));
  [v1 + v13, v2, v13].forEach((v, k) => expect(Math.abs(found.total[k] - v / variance)).toBeLessThan(0.01));
});

it('take groups of coordinates together', () => {
  const product = rowwise(4, (x) => (x[0] - 0.5) * (x[1] - 0.5) + x[2]);
  const { first, total } = sobolIndices(
    product,
    4,
    [
      [0, 1],
      [2, 3],
    ],
    { samples: 4096 },
  );
  // Var of the product 1/144, of x2 1/12: the group of the factors holds 1/13 of the variance, and all of it alone.
  expect(Math.abs(first[0] - 1 / 13)).toBeLessThan(0.01);
  expect(Math.abs(total[0] - 1 / 13)).toBeLessThan(0.01);
});

it('are 0 for a constant, and defined beyond the tables of Sobol points', () => {
  expect([
    ...sobolIndices(
      rowwise(1, () => 3),
      1,
      [[0]],
    ).total,
  ]).toEqual([0]);
  const wide = sobolIndices(
    rowwise(40, (x) => x[7]),
    40,
    [[7], [8]],
    { samples: 512 },
  );
  expect(wide.total[0]).toBeGreaterThan(0.8);
  expect(wide.total[1]).toBe(0);
});

it('refuse coordinates that do not exist', () => {
  expect(() =>
    sobolIndices(
      rowwise(1, () => 0),
      1,
      [[1]],
    ),
  ).toThrow(/groups\[0\]\[0\]/);
  expect(() =>
    sobolIndices(
      rowwise(1, () => 0),
      1,
      [[0]],
      { samples: 1 },
    ),
  ).toThrow(/samples/);
});
