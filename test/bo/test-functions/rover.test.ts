import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

/** Control points on the segment from start to goal, at the abscissae that make the spline run along it. */
const straight = (points: number) =>
  Array.from({ length: 2 * points }, (_, p) => 0.05 + (0.9 * (p >> 1)) / (points - 1));

describe('rover', () => {
  it('costs 0.05 a unit of length where nothing is in the way', () => {
    for (const points of [4, 5, 30]) {
      const free = bo.rover({ points, obstacles: [] });
      expect(free.dim).toBe(2 * points);
      expect(free.evaluate(straight(points))).toBeCloseTo(0.05 * 0.9 * Math.SQRT2 - 5, 12);
    }
  });

  it('has the length of a Bézier curve for four control points', () => {
    const control = [0.05, 0.05, 0.1, 0.9, 0.8, 0.2, 0.95, 0.95];
    const cells = 20_000;
    let length = 0;
    for (let i = 0; i < cells; i++) {
      const t = (i + 0.5) / cells;
      const slope = (c: number) => {
        const [a, b, e, f] = [control[c], control[2 + c], control[4 + c], control[6 + c]];
        return 3 * (1 - t) * (1 - t) * (b - a) + 6 * (1 - t) * t * (e - b) + 3 * t * t * (f - e);
      };
      length += Math.hypot(slope(0), slope(1)) / cells;
    }
    const cost = bo.rover({ points: 4, obstacles: [] }).evaluate(control);
    // A thousand chords are short of the arc by a part in a million or so.
    expect((cost + 5) / 0.05).toBeLessThan(length);
    expect((cost + 5) / 0.05).toBeGreaterThan(length * (1 - 1e-5));
  });

  it('costs 20 more a unit of length inside an obstacle, and 10 a unit of missing start and goal', () => {
    const free = bo.rover({ points: 6, obstacles: [] });
    const barred = bo.rover({ points: 6, obstacles: [[0.4, 0.4]], side: 0.2 });
    const x = straight(6);
    // √2 · 0.2 of the way, to within two chords.
    expect(Math.abs(barred.evaluate(x) - free.evaluate(x) - 20 * 0.2 * Math.SQRT2)).toBeLessThan(2 * 20 * 0.002);
    const still = new Array<number>(12).fill(0.5);
    expect(free.evaluate(still)).toBeCloseTo(10 * 4 * 0.45 - 5, 12);
  });

  it('is at least the straight way, which is barred by default', () => {
    const problem = bo.rover();
    const least = 0.05 * 0.9 * Math.SQRT2 - 5;
    expect(problem.evaluate(straight(30))).toBeGreaterThan(least + 1);
    const rng = createRng(1);
    for (let i = 0; i < 200; i++)
      expect(problem.evaluate(Float64Array.from({ length: 60 }, rng))).toBeGreaterThan(least);
  });

  it('refuses bad arguments', () => {
    expect(() => bo.rover({ points: 3 })).toThrow(/points/);
    expect(() => bo.rover({ side: 0 })).toThrow(/side/);
    expect(() => bo.rover({ obstacles: [[0.1, NaN]] })).toThrow(/obstacles\[0\]/);
    expect(() => bo.rover().evaluate([0.5])).toThrow(/x/);
  });
});
