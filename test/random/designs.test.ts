// Halton points, Latin hypercubes, grids.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRng,
  gridDesign,
  halton,
  l2StarDiscrepancy,
  latinHypercube,
  uniformDesign,
} from '../../src/random/index.js';
import { counted } from '../support/fit.js';
import { hoeffdingTolerance } from '../support/statistics.js';

describe('halton', () => {
  it('is the radical inverse in bases 2, 3, 5', () => {
    // 11 = 1011₂ -> 0.1101₂ = 13/16; 102₃ -> 0.201₃ = 19/27; 21₅ -> 0.12₅ = 7/25.
    const [x, y, z] = halton(1, 3, { scramble: 'none', start: 11 });
    expect(x).toBe(13 / 16);
    expect(y).toBeCloseTo(19 / 27, 15);
    expect(z).toBeCloseTo(7 / 25, 15);
  });

  it.each(['none', 'permutation'] as const)(
    "scramble '%s': b^k consecutive points have one in each interval of length b^-k",
    (scramble) => {
      for (const [j, b, k] of [
        [0, 2, 6],
        [1, 3, 4],
        [2, 5, 2],
        [5, 13, 2],
      ]) {
        const n = b ** k;
        const points = halton(n, 6, { scramble, rng: createRng('halton'), start: 17 });
        const cells = new Set<number>();
        for (let i = 0; i < n; i++) cells.add(Math.floor(points[i * 6 + j] * n + 1e-9));
        expect(cells.size).toBe(n);
      }
    },
  );

  it('with permuted digits is uniform in each coordinate', () => {
    const reps = 3000;
    let total = 0;
    for (let r = 0; r < reps; r++) total += halton(1, 3, { rng: createRng('halton', r), start: 4 })[2];
    expect(Math.abs(total / reps - 0.5)).toBeLessThan(hoeffdingTolerance(reps));
  });

  it('needs a source of permutations', () => {
    expect(() => halton(3, 2)).toThrow(TypeError);
    expect(() => halton(3, 0, { scramble: 'none' })).toThrow(/^d must/);
    expect(halton(0, 2, { scramble: 'none' }).length).toBe(0);
    expect(halton(9, 20, { rng: () => 1 - 2 ** -53 }).every((x) => x >= 0 && x < 1)).toBe(true);
  });
});

describe('latinHypercube', () => {
  it('has one point in each of the n intervals of each coordinate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 3 }),
        (n, d, centered, maximin) => {
          const { rng, calls } = counted(createRng(n, d));
          const points = latinHypercube(n, d, rng, { centered, maximin });
          expect(calls()).toBe(maximin * d * (2 * n - 1));
          for (let j = 0; j < d; j++) {
            const cells = new Set<number>();
            for (let i = 0; i < n; i++) cells.add(Math.floor(points[i * d + j] * n + (centered ? 0 : 1e-12)));
            expect(cells.size).toBe(n);
          }
        },
      ),
    );
  });

  it('maximin keeps the widest of its tries', () => {
    const distance = (points: Float64Array) => {
      let least = Infinity;
      for (let i = 0; i < 8; i++) {
        for (let k = 0; k < i; k++) {
          least = Math.min(least, Math.hypot(points[2 * i] - points[2 * k], points[2 * i + 1] - points[2 * k + 1]));
        }
      }
      return least;
    };
    const rng = createRng('maximin');
    const tries = Array.from({ length: 10 }, () => distance(latinHypercube(8, 2, rng)));
    expect(distance(latinHypercube(8, 2, createRng('maximin'), { maximin: 10 }))).toBeCloseTo(Math.max(...tries), 15);
  });
});

describe('gridDesign', () => {
  it('lists the product of the axes, the last fastest', () => {
    expect(Array.from(gridDesign([2, 3]))).toEqual([0, 0, 0, 0.5, 0, 1, 1, 0, 1, 0.5, 1, 1]);
    expect(Array.from(gridDesign([1, 2], { centered: true }))).toEqual([0.5, 0.25, 0.5, 0.75]);
    expect(Array.from(gridDesign([1]))).toEqual([0.5]);
    expect(() => gridDesign([])).toThrow(/^levels must/);
    expect(() => gridDesign([2, 0])).toThrow(/^levels\[1\] must/);
  });
});

describe('l2StarDiscrepancy', () => {
  it('is the root mean square of the local discrepancy, integrated on a grid', () => {
    const points = uniformDesign(5, 2, createRng('grid'));
    const m = 400;
    let total = 0;
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < m; b++) {
        const [x, y] = [(a + 0.5) / m, (b + 0.5) / m];
        let inside = 0;
        for (let i = 0; i < 5; i++) if (points[2 * i] < x && points[2 * i + 1] < y) inside += 1;
        total += (inside / 5 - x * y) ** 2;
      }
    }
    expect(l2StarDiscrepancy(points, 5, 2)).toBeCloseTo(Math.sqrt(total / (m * m)), 3);
  });

  it('of independent points has mean square (2^-d - 3^-d) / n', () => {
    const reps = 2000;
    let total = 0;
    for (let r = 0; r < reps; r++) total += l2StarDiscrepancy(uniformDesign(4, 2, createRng(r)), 4, 2) ** 2;
    // D² is below 1/4 here.
    expect(Math.abs(total / reps - (1 / 4 - 1 / 9) / 4)).toBeLessThan(hoeffdingTolerance(reps, 0.25));
  });
});
