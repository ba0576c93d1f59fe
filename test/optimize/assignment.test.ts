import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minCostAssignment } from '../../src/optimize/index.js';
import { createRng } from '../../src/random/index.js';

/** The least cost over all ways to pair off, by brute force. */
function least(
  costs: number[][],
  from = 0,
  taken = new Set<number>(),
  left = Math.max(0, costs.length - costs[0].length),
): number {
  if (from === costs.length) return 0;
  let best = left > 0 ? least(costs, from + 1, taken, left - 1) : Infinity;
  for (let j = 0; j < costs[0].length; j++) {
    if (taken.has(j)) continue;
    best = Math.min(best, costs[from][j] + least(costs, from + 1, new Set([...taken, j]), left));
  }
  return best;
}

const matrices = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
  fc.array(fc.array(fc.integer({ min: -4, max: 6 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  }),
);

test('is the cheapest by brute force, one to one, and its duals prove it', () => {
  fc.assert(
    fc.property(matrices, (costs) => {
      const { columns, cost, duals } = minCostAssignment(costs);
      const used = Array.from(columns).filter((j) => j >= 0);
      expect(used.length).toBe(Math.min(costs.length, costs[0].length));
      expect(new Set(used).size).toBe(used.length);
      expect(cost).toBe(least(costs));
      let bound = 0;
      costs.forEach((row, i) => {
        bound += duals.rows[i];
        row.forEach((c, j) => {
          expect(duals.rows[i] + duals.columns[j]).toBeLessThanOrEqual(c);
          if (columns[i] === j) expect(duals.rows[i] + duals.columns[j]).toBe(c);
        });
        if (columns[i] < 0) expect(duals.rows[i]).toBeCloseTo(0, 12);
      });
      for (const v of duals.columns) bound += v;
      expect(bound).toBe(cost);
    }),
  );
});

test('500 rows and columns of real costs: the duals bound the cost to rounding', () => {
  const rng = createRng('assignment');
  const n = 500;
  const data = Float64Array.from({ length: n * n }, rng);
  const { cost, duals } = minCostAssignment({ data, rows: n, columns: n });
  let bound = 0;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    bound += duals.rows[i] + duals.columns[i];
    for (let j = 0; j < n; j++) worst = Math.max(worst, duals.rows[i] + duals.columns[j] - data[i * n + j]);
  }
  expect(worst).toBeLessThan(1e-12);
  expect(Math.abs(bound - cost)).toBeLessThan(1e-11);
  // the mean for uniform costs tends to π²/6 = 1.645 (Aldous 2001); its spread at n = 500 is about 0.05
  expect(Math.abs(cost - Math.PI ** 2 / 6)).toBeLessThan(0.4);
});

test('no rows, one row, and wrong costs', () => {
  expect(minCostAssignment([])).toMatchObject({ cost: 0, columns: new Int32Array(0) });
  expect(minCostAssignment([[3, -1, 2]])).toMatchObject({ cost: -1, columns: Int32Array.of(1) });
  expect(minCostAssignment([[3], [-1], [2]])).toMatchObject({ cost: -1, columns: Int32Array.of(-1, 0, -1) });
  expect(() => minCostAssignment([[1, NaN]])).toThrow(/^costs\[1\]/);
  expect(() => minCostAssignment([[1], [1, 2]])).toThrow(/^costs\[1\] must have length/);
});
