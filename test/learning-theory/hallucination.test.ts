import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hallucinationLowerBound, miscalibration, simulateMonofacts } from '../../src/learning-theory/index.js';
import { createRng } from '../../src/random/index.js';

describe('hallucinationLowerBound', () => {
  it("has the paper's headline terms at δ = 0.01: 300 e^{-s} and at most 7 / sqrt(n)", () => {
    const bound = (sparsity: number, n: number) =>
      hallucinationLowerBound({ missingFacts: 1, miscalibration: 0, delta: 0.01, sparsity, n });
    expect(1 - bound(10, 1e30)).toBeCloseTo(300 * Math.exp(-10), 12);
    expect(1 - bound(700, 1e4)).toBeLessThan(7 / 100);
    expect(1 - bound(700, 1e4)).toBeGreaterThan(6.19 / 100);
  });

  it('names the argument it refuses', () => {
    const good = { missingFacts: 0.1, miscalibration: 0.1, delta: 0.1, sparsity: 1, n: 10 };
    for (const key of ['missingFacts', 'miscalibration', 'delta', 'sparsity', 'n'] as const) {
      for (const value of [-1, NaN]) {
        expect(() => hallucinationLowerBound({ ...good, [key]: value })).toThrow(new RegExp(`^${key} must`));
      }
    }
  });
});

describe('miscalibration', () => {
  const pair = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 12,
    })
    .filter((weights) => weights.some(([g]) => g > 0) && weights.some(([, p]) => p > 0))
    .map((weights) =>
      [0, 1].map((side) => {
        const sum = weights.reduce((total, w) => total + w[side], 0);
        return weights.map((w) => w[side] / sum);
      }),
    );

  it('is the total variation after coarsening to level sets', () => {
    fc.assert(
      fc.property(pair, ([g, p]) => {
        const levels = [...new Set(g)];
        const gap = levels.map((v) => g.reduce((d, x, i) => d + (x === v ? x - p[i] : 0), 0));
        expect(miscalibration(g, p)).toBeCloseTo(gap.reduce((sum, d) => sum + Math.abs(d), 0) / 2, 12);
      }),
    );
  });

  it('is at most the total variation, zero for a model that is the data, and coarser bins see less', () => {
    fc.assert(
      fc.property(pair, fc.integer({ min: 1, max: 5 }), ([g, p], bins) => {
        const tv = g.reduce((sum, x, i) => sum + Math.abs(x - p[i]), 0) / 2;
        expect(miscalibration(g, p)).toBeLessThanOrEqual(tv + 1e-12);
        expect(miscalibration(g, p, { bins })).toBeLessThanOrEqual(miscalibration(g, p) + 1e-12);
        expect(miscalibration(p, p)).toBe(0);
        expect(miscalibration(g, p, { bins: 1 })).toBeCloseTo(0, 12);
      }),
    );
  });

  it('names the argument it refuses', () => {
    expect(() => miscalibration([1], [0.5, 0.5])).toThrow(/^data must have length 1/);
    expect(() => miscalibration([0.4], [1])).toThrow(/^model must sum/);
    expect(() => miscalibration([1], [1], { bins: 0 })).toThrow(/^bins must/);
  });
});

describe('simulateMonofacts', () => {
  const world = { subjects: 400, objects: 1000, n: 800 };

  it('a model smoothed by the missing mass hallucinates above the bound, a memorizer does not hallucinate and is miscalibrated', () => {
    for (const model of ['unigram', 'bigram'] as const) {
      const calibrated = simulateMonofacts({ ...world, model }, createRng('world', model));
      expect(calibrated.violated).toBe(false);
      expect(calibrated.hallucinationRate).toBeGreaterThan(0.5 * calibrated.monofactRate);
      const memorizer = simulateMonofacts({ ...world, model: 'unigram', smoothing: 0 }, createRng('world', model));
      expect(memorizer.hallucinationRate).toBe(0);
      expect(memorizer.miscalibration).toBeGreaterThan(0.5 * memorizer.monofactRate);
      expect(memorizer.violated).toBe(false);
    }
  });

  it('the rate of falsehoods of a smoothed unigram is λ (1 - 1/objects), exactly', () => {
    const { hallucinationRate } = simulateMonofacts({ ...world, smoothing: 0.3 }, createRng('exact'));
    expect(hallucinationRate).toBeCloseTo(0.3 * (1 - 1 / 1000), 12);
  });

  it('gives the same world for the same seed', () => {
    expect(simulateMonofacts(world, createRng(1))).toEqual(simulateMonofacts(world, createRng(1)));
  });

  it('names the argument it refuses', () => {
    for (const key of ['subjects', 'objects', 'n', 'exponent', 'smoothing', 'delta'] as const) {
      expect(() => simulateMonofacts({ ...world, [key]: NaN }, createRng(1))).toThrow(new RegExp(`^${key} must`));
    }
  });
});
