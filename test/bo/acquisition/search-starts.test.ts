import { describe, expect, it } from 'vitest';
import { optimizeAcquisition, type Acquisition } from '../../../src/bo/index.js';
import { chooseStarts } from '../../../src/bo/acquisition/search-starts.js';
import { createRng } from '../../../src/random/index.js';

/** The raw points of a search in the unit cube, in their order. */
function rawPointsOf(d: number, options: Partial<Parameters<typeof optimizeAcquisition>[2]> = {}): number[][] {
  let points: number[][] = [];
  const acquisition: Acquisition = {
    value: (_x, g) => (g?.fill(0), 0),
    values(X, rows) {
      points = Array.from({ length: rows }, (_, j) => [...X.slice(j * d, (j + 1) * d)]);
      return new Float64Array(rows);
    },
  };
  const bounds = Array.from({ length: d }, () => [0, 1] as const);
  optimizeAcquisition(acquisition, bounds, { rng: createRng('raw', d), restarts: 0, ...options });
  return points;
}

describe('raw points', () => {
  it('are 512, or 1024 above 6 dimensions, one in each interval of every coordinate', () => {
    for (const [d, n] of [
      [1, 512],
      [6, 512],
      [7, 1024],
    ]) {
      // prettier-ignore
      const points = rawPointsOf(d);
      expect(points.length).toBe(n);
      for (let k = 0; k < d; k++) expect(new Set(points.map((x) => Math.floor(x[k] * n))).size).toBe(n);
    }
  });

  it('are a tenth more around the best 5% of the evaluated points, from 1e-3 to 1e-1 of the box, then the user’s', () => {
    const d = 2;
    // 40 evaluated points, best first: the best two count.
    const evaluated = Float64Array.from({ length: 40 * d }, (_, p) => (p < d ? 0.3 : p < 2 * d ? 0.7 : 0.99));
    const points = rawPointsOf(d, { evaluated, candidates: Float64Array.of(0.123, 0.456) });
    expect(points.length).toBe(512 + 52 + 1);
    expect(points[564]).toEqual([0.123, 0.456]);
    const local = points.slice(512, 564);
    const steps = local.map((x, i) => x.map((value) => Math.abs(value - (i % 2 === 0 ? 0.3 : 0.7))));
    // 104 normal steps are within 6.7 deviations of at most 0.1, but for 2e-9; all are inside the box.
    expect(Math.max(...steps.flat())).toBeLessThan(0.67);
    expect(local.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
    // Deviations are uniform in the logarithm, so half of the points move by less than about 1e-2.
    const near = steps.filter((step) => Math.max(...step) < 1.5e-2).length;
    expect(near).toBeGreaterThan(10);
    expect(near).toBeLessThan(45);
  });

  it('from 20 dimensions on move about 20 coordinates', () => {
    const d = 40;
    const evaluated = new Float64Array(d).fill(0.5);
    const local = rawPointsOf(d, { evaluated }).slice(1024);
    expect(local.length).toBe(103);
    const moved = local.map((x) => x.filter((value) => value !== 0.5).length);
    const mean = moved.reduce((a, b) => a + b) / moved.length;
    // Binomial(40, ½) averaged over 103 points: deviation 0.31, six of them.
    expect(Math.abs(mean - 20)).toBeLessThan(1.9);
  });

  it('draw the same uniforms whatever the search is told to do with them', () => {
    const a = rawPointsOf(3, { maxIterations: 7, duplicateTolerance: 0.1 });
    expect(rawPointsOf(3)).toEqual(a);
  });
});

describe('starts', () => {
  it('are the best raw point, and others by the softmax of their standardized values, without replacement', () => {
    const values = Float64Array.of(0.2, 3, -1, 1.1, 0.4);
    const mean = values.reduce((a, b) => a + b) / 5;
    const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 5);
    const weights = values.map((value, j) => (j === 1 ? 0 : Math.exp((value - mean) / std)));
    const total = weights.reduce((a, b) => a + b);
    const N = 20000;
    const rng = createRng('starts');
    const second = new Float64Array(5);
    for (let t = 0; t < N; t++) {
      const [first, next, third] = chooseStarts(values, 3, rng);
      expect(first).toBe(1);
      expect(third).not.toBe(next);
      second[next] += 1 / N;
    }
    // Hoeffding at a false alarm of 1e-9 for each of five: √(ln(1e10)/(2N)).
    for (let j = 0; j < 5; j++) {
      expect(Math.abs(second[j] - weights[j] / total)).toBeLessThan(Math.sqrt(Math.log(1e10) / (2 * N)));
    }
  });

  it('all values equal: an even chance; -Infinity: none; no more than there are', () => {
    const rng = createRng('equal');
    const counts = new Float64Array(4);
    for (let t = 0; t < 8000; t++) counts[chooseStarts(new Float64Array(4).fill(2), 2, rng)[1]] += 1 / 8000;
    expect(counts[0]).toBe(0); // the first of equals is the best raw point
    for (let j = 1; j < 4; j++) expect(Math.abs(counts[j] - 1 / 3)).toBeLessThan(0.038); // Hoeffding, 1e-9
    const some = Float64Array.of(-Infinity, 1, -Infinity, 0);
    expect(chooseStarts(some, 4, rng).sort()).toEqual([1, 3]);
    expect(chooseStarts(new Float64Array(3).fill(-Infinity), 2, rng)).toEqual([0]);
    expect(chooseStarts(some, 0, rng)).toEqual([]);
  });
});

it('what is returned is the best of raw and refined points; among duplicates the next best', () => {
  const peak: Acquisition = {
    value(x, g) {
      g?.set([-2 * (x[0] - 0.5)]);
      return -((x[0] - 0.5) ** 2);
    },
  };
  const search = { rawSamples: 16, restarts: 2 };
  const { x } = optimizeAcquisition(peak, [[0, 1]], { rng: createRng(1), ...search });
  expect(x[0]).toBeCloseTo(0.5, 7);
  const next = optimizeAcquisition(peak, [[0, 1]], {
    rng: createRng(1),
    ...search,
    evaluated: Float64Array.of(0.5),
    duplicateTolerance: 1e-3,
  });
  expect(next.exhausted).toBe(false);
  expect(Math.abs(next.x[0] - 0.5)).toBeGreaterThanOrEqual(1e-3);
  expect(Math.abs(next.x[0] - 0.5)).toBeLessThan(1 / 16);
});
