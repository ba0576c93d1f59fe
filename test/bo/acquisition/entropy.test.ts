import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const kernel = bo.matern52({ lengthscale: 0.15 });
const gp = bo.gpCondition(kernel, [[0.1], [0.35], [0.8]], [0.2, 0.6, -0.5], { noise: 1e-3 });
const bounds = [[0, 1]] as const;
const optima = bo.sampleOptima(gp, bounds, 24, createRng(1));

describe('Thompson sampling', () => {
  it('chooses each candidate as often as it is the best', () => {
    const candidates = [[0.3], [0.5], [0.9]];
    const p = bo.argmaxDistribution(gp, candidates, { samples: 8192, rng: createRng(2) });
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    const rng = createRng(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[bo.thompsonSample(gp, candidates, rng)] += 1 / 4000;
    // Hoeffding at 1e-9: sqrt(ln(2e9)/8000) = 0.0518; the quasi-random p is better than 0.01.
    counts.forEach((count, i) => expect(Math.abs(count - p[i])).toBeLessThan(0.062));
  });

  it('takes the least when smaller is better', () => {
    const sure = bo.gpCondition(kernel, [[0], [1]], [5, -5], { noise: 1e-8 });
    expect(bo.thompsonSample(sure, [[0], [1]], createRng(4), { maximize: false })).toBe(1);
    expect(bo.thompsonPath(sure, bounds, createRng(5), { maximize: false }).value).toBeLessThanOrEqual(-4.9);
    expect(() => bo.thompsonSample(sure, [], createRng(4))).toThrow(/candidates/);
  });

  it('on paths: an optimum is at least the path at the data', () => {
    for (const { value } of optima) expect(value).toBeGreaterThan(0.4);
  });
});

describe('joint entropy search', () => {
  it('has the gradient of its value', () => {
    for (const maximize of [true, false]) {
      const samples = maximize ? optima : bo.sampleOptima(gp, bounds, 8, createRng(6), { maximize });
      const acquisition = bo.jointEntropySearch(gp, { optima: samples, maximize });
      for (const x of [0.05, 0.22, 0.5, 0.66, 0.93]) {
        const gradient = new Float64Array(1);
        acquisition.value(Float64Array.of(x), gradient);
        const numeric =
          (acquisition.value(Float64Array.of(x + 1e-6)) - acquisition.value(Float64Array.of(x - 1e-6))) / 2e-6;
        expect(Math.abs(gradient[0] - numeric)).toBeLessThan(1e-4 * (1 + Math.abs(numeric)));
      }
    }
  });

  it('is at least 0, and near 0 where all is known', () => {
    const acquisition = bo.jointEntropySearch(gp, { optima });
    for (let i = 0; i <= 20; i++) expect(acquisition.value(Float64Array.of(i / 20))).toBeGreaterThanOrEqual(-1e-9);
    expect(acquisition.value(Float64Array.of(0.8))).toBeLessThan(0.5 * acquisition.value(Float64Array.of(0.5)));
  });

  it('does not depend on the units of the values', () => {
    const value = bo.jointEntropySearch(gp, { optima }).value(Float64Array.of(0.5));
    for (const unit of [1e-6, 1e6]) {
      const y = [0.2, 0.6, -0.5].map((v) => unit * v);
      const scaled = bo.gpCondition(bo.scaleKernel(unit * unit, kernel), [[0.1], [0.35], [0.8]], y, {
        noise: 1e-3 * unit * unit,
      });
      const same = optima.map((optimum) => ({ x: optimum.x, value: unit * optimum.value }));
      expect(bo.jointEntropySearch(scaled, { optima: same }).value(Float64Array.of(0.5))).toBeCloseTo(value, 9);
    }
  });

  it('refuses to go without samples', () => {
    expect(() => bo.jointEntropySearch(gp, { optima: [] })).toThrow(/optima/);
    expect(() => bo.predictiveEntropySearch(gp, [0.5], { optima: [] })).toThrow(/optima/);
  });
});

describe('entropy search', () => {
  it('by brute force, predictive and joint entropy search prefer like points', () => {
    const candidates = Array.from({ length: 15 }, (_, i) => [i / 14]);
    const points = [0.05, 0.1, 0.25, 0.45, 0.6, 0.8, 0.95];
    const brute = points.map((x) =>
      bo.entropySearchDiscrete(gp, [x], candidates, { rng: createRng(7), samples: 2048 }),
    );
    const predictive = points.map((x) => bo.predictiveEntropySearch(gp, [x], { optima }).value);
    const joint = bo.jointEntropySearch(gp, { optima });
    const together = points.map((x) => joint.value(Float64Array.of(x)));
    // Known points (0.1 and 0.8) tell least in all three.
    for (const values of [brute, predictive, together]) {
      const known = Math.max(values[1], values[5]);
      const unknown = [values[2], values[3], values[4], values[6]];
      expect(Math.max(...unknown)).toBeGreaterThan(known);
      expect(values.every((value) => value > -0.05)).toBe(true);
    }
    expect(rankCorrelation(brute, predictive)).toBeGreaterThan(0.4);
    expect(rankCorrelation(brute, together)).toBeGreaterThan(0.4);
  });

  it('a point that decides between two candidates takes away their entropy', () => {
    const two = bo.gpCondition(bo.rbf({ lengthscale: 0.05 }), [[0.5]], [0], { noise: 1e-6 });
    // f(0) and f(1) are independent standard normal: ln 2 of entropy, and knowing f(0) exactly leaves E[H(Φ(z))].
    const value = bo.entropySearchDiscrete(two, [0], [[0], [1]], { rng: createRng(8), samples: 8192 });
    let left = 0;
    for (let i = 0; i < 2000; i++) {
      const p = (i + 0.5) / 2000; // Φ(z) is uniform
      left -= (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / 2000;
    }
    // Nine quantiles in place of an integral: 2% of ln 2.
    expect(value).toBeCloseTo(Math.LN2 - left, 1);
    expect(left).toBeCloseTo(0.5, 3);
  });
});

function rankCorrelation(a: number[], b: number[]): number {
  const ranks = (x: number[]) => x.map((value) => x.filter((other) => other < value).length);
  const [r, s] = [ranks(a), ranks(b)];
  const n = a.length;
  return 1 - (6 * r.reduce((sum, value, i) => sum + (value - s[i]) ** 2, 0)) / (n * (n * n - 1));
}

describe('GP-Hedge', () => {
  it('trusts members by their gains', () => {
    const hedge = bo.gpHedge({ members: 3, eta: 2 });
    let state = hedge.init();
    state = hedge.update(state, [1, 0, -1]);
    const p = hedge.probabilities(state);
    expect(p[0] / p[1]).toBeCloseTo(Math.exp(2), 10);
    expect(p[1] / p[2]).toBeCloseTo(Math.exp(2), 10);
    const rng = createRng(9);
    let firsts = 0;
    for (let i = 0; i < 5000; i++) if (hedge.select(state, rng) === 0) firsts += 1;
    expect(Math.abs(firsts / 5000 - p[0])).toBeLessThan(0.0463); // Hoeffding at 1e-9
  });

  it('gives the same state with and without out', () => {
    const hedge = bo.gpHedge({ members: 2 });
    const state = hedge.update(hedge.init(), [1, 2]);
    const fresh = hedge.update(state, [0.5, 0]);
    const spare = hedge.init();
    expect(hedge.update(state, [0.5, 0], spare)).toEqual(fresh);
    expect(hedge.update(state, [0.5, 0], state)).toEqual(fresh);
    expect(state).toEqual(fresh);
  });

  it('refuses rewards that are not numbers, or too few', () => {
    const hedge = bo.gpHedge({ members: 2 });
    expect(() => hedge.update(hedge.init(), [1])).toThrow(/rewards/);
    expect(() => hedge.update(hedge.init(), [1, NaN])).toThrow(/rewards\[1\]/);
    expect(() => bo.gpHedge({ members: 0 })).toThrow(/members/);
  });
});
