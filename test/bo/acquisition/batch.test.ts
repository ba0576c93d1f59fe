import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cholesky } from '../../../src/linalg/index.js';
import * as bo from '../../../src/bo/index.js';
import { createRng, sobolNormal } from '../../../src/random/index.js';
import boGold from '../../gold/bo.json' with { type: 'json' };

const kernel = bo.matern52({ lengthscale: [0.3, 0.5] });
const X = [
  [0.1, 0.3],
  [0.5, 0.8],
  [0.9, 0.2],
];
const gp = bo.gpCondition(kernel, X, [0.2, -0.6, 0.7], { noise: 1e-3 });

function expectGradient(acquisition: bo.Acquisition, x: Float64Array, tolerance: number): void {
  const gradient = new Float64Array(x.length);
  acquisition.value(x, gradient);
  for (let k = 0; k < x.length; k++) {
    const h = 1e-6;
    const plus = x.slice();
    const minus = x.slice();
    plus[k] += h;
    minus[k] -= h;
    const numeric = (acquisition.value(plus) - acquisition.value(minus)) / (2 * h);
    expect(Math.abs(gradient[k] - numeric)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(numeric)));
  }
}

describe('smooth maxima', () => {
  it('logFatplus is near ln x on the right, increasing, and finite on the left', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
        const value = bo.logFatplus(x, 1e-3);
        expect(Number.isFinite(value)).toBe(true);
        if (x > 0.1) expect(value).toBeCloseTo(Math.log(x), 4);
        expect(bo.logFatplus(x + 0.5, 1e-3)).toBeGreaterThan(value);
      }),
    );
  });

  it('fatmax lies between the maximum and the maximum + τ ln n', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 6 }), (x) => {
        const value = bo.fatmax(x, 0.05);
        expect(value).toBeGreaterThanOrEqual(Math.max(...x));
        expect(value).toBeLessThanOrEqual(Math.max(...x) + 0.05 * Math.log(x.length) + 1e-12);
      }),
    );
    expect(() => bo.fatmax([])).toThrow(/x/);
    expect(() => bo.logFatplus(0, 0)).toThrow(/tau/);
  });
});

describe('qExpectedImprovement', () => {
  const draws = sobolNormal(2048, 3, createRng(1));
  const law = (a: number, b: number, c: number, r: number) => ({
    mean: [a, b, c],
    covariance: [
      [1, r, r / 2],
      [r, 1, r],
      [r / 2, r, 1],
    ],
  });

  it('is at least each single improvement and at most their sum, over the same samples', () => {
    const mean = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(mean, mean, mean, fc.double({ min: -0.4, max: 0.75, noNaN: true }), mean, (a, b, c, r, best) => {
        const { mean: m, covariance } = law(a, b, c, r);
        const all = bo.qExpectedImprovement({ mean: m, covariance }, draws, { best });
        // The samples of each coordinate, from the same base samples.
        const L = Float64Array.from(covariance.flat());
        expect(cholesky(L, 3)).toBe(-1);
        const single = [0, 0, 0];
        for (let s = 0; s < 2048; s++) {
          for (let i = 0; i < 3; i++) {
            let y = m[i];
            for (let j = 0; j <= i; j++) y += L[i * 3 + j] * draws[s * 3 + j];
            single[i] += Math.max(0, y - best) / 2048;
          }
        }
        expect(all).toBeGreaterThanOrEqual(Math.max(...single) - 1e-12);
        expect(all).toBeLessThanOrEqual(single[0] + single[1] + single[2] + 1e-12);
      }),
    );
  });

  it('of a point and its copy is that of the point', () => {
    const two = sobolNormal(1024, 2, createRng(2));
    const copy = bo.qExpectedImprovement(
      {
        mean: [0.2, 0.2],
        covariance: [
          [1, 1],
          [1, 1],
        ],
      },
      two,
      { best: 0.5 },
    );
    const one = bo.expectedImprovement(0.2, 1, { best: 0.5 }).value;
    // 1024 scrambled points in one dimension that counts: error below 2e-3 (Koksma, variation at most 4, discrepancy 1/1024 · 2).
    expect(Math.abs(copy - one)).toBeLessThan(0.008);
  });

  it('minimizing is maximizing the opposite', () => {
    const a = bo.qExpectedImprovement(law(0.1, -0.2, 0.3, 0.4), draws, { best: 0.2 });
    const b = bo.qExpectedImprovement(law(-0.1, 0.2, -0.3, 0.4), draws, { best: -0.2, maximize: false });
    // The law is symmetric but the samples are mirrored, so the two agree as estimates.
    expect(b).toBe(a);
  });

  it('errs less than n^-0.75 as the samples grow, on the exact cases', () => {
    const gold = boGold as unknown as { cases: { fn: string; input: unknown; expected: unknown }[] };
    const cases = gold.cases.filter(({ fn }) => fn === 'qExpectedImprovement');
    expect(cases.length).toBe(6);
    const meanError = (n: number) => {
      let total = 0;
      for (const { input, expected } of cases) {
        const { mean, cov, best } = input as { mean: number[]; cov: number[][]; best: number };
        const { value } = expected as { value: number };
        for (let scramble = 0; scramble < 20; scramble++) {
          const z = sobolNormal(n, mean.length, createRng('scramble', scramble));
          total += Math.abs(bo.qExpectedImprovement({ mean, covariance: cov }, z, { best }) / value - 1) / 120;
        }
      }
      return total;
    };
    // 120 errors each: the ratio of the means is known to about 15%.
    expect(meanError(4096)).toBeLessThan(meanError(64) * 64 ** -0.75);
  });

  it.each([
    ['an infinite best', () => bo.qExpectedImprovement(law(0, 0, 0, 0), draws, { best: Infinity }), /best/],
    [
      'a covariance of another size',
      () => bo.qExpectedImprovement({ mean: [0, 0], covariance: [[1]] }, draws, { best: 0 }),
      /covariance/,
    ],
    [
      'base samples of another width',
      () => bo.qExpectedImprovement(law(0, 0, 0, 0), draws.subarray(1), { best: 0 }),
      /baseSamples/,
    ],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('batch acquisitions', () => {
  const base = { q: 2, samples: 64 };
  const x = Float64Array.of(0.7, 0.35, 0.3, 0.15);
  const all: [string, () => bo.Acquisition, number][] = [
    [
      'qExpectedImprovement',
      () => bo.qExpectedImprovementAcquisition(gp, { ...base, best: 0.7, rng: createRng(1) }),
      1e-4,
    ],
    ['qLogExpectedImprovement', () => bo.qLogExpectedImprovement(gp, { ...base, best: 0.7, rng: createRng(2) }), 1e-2],
    [
      'with a pending point',
      () => bo.qLogExpectedImprovement(gp, { ...base, best: 0.7, pending: [[0.6, 0.5]], rng: createRng(3) }),
      1e-2,
    ],
    [
      'minimizing',
      () => bo.qLogExpectedImprovement(gp, { ...base, best: -0.6, maximize: false, rng: createRng(4) }),
      1e-2,
    ],
    ['qNoisyExpectedImprovement', () => bo.qNoisyExpectedImprovement(gp, { ...base, rng: createRng(5) }), 1e-3],
    ['qLogNoisyExpectedImprovement', () => bo.qLogNoisyExpectedImprovement(gp, { ...base, rng: createRng(6) }), 1e-2],
    ['qUpperConfidenceBound', () => bo.qUpperConfidenceBound(gp, { ...base, beta: 2, rng: createRng(7) }), 1e-4],
    [
      'minimizing a confidence bound',
      () => bo.qUpperConfidenceBound(gp, { ...base, beta: 2, maximize: false, rng: createRng(7) }),
      1e-4,
    ],
    [
      'qProbabilityOfImprovement',
      () => bo.qProbabilityOfImprovement(gp, { ...base, best: 0.7, tau: 0.1, rng: createRng(8) }),
      1e-4,
    ],
    ['qSimpleRegret', () => bo.qSimpleRegret(gp, { ...base, rng: createRng(9) }), 1e-4],
  ];

  it.each(all)('%s has the gradient of its value', (_name, make, tolerance) => {
    expectGradient(make(), x, tolerance);
  });

  it('through a linear mean and a kernel that is not stationary as well', () => {
    const other = bo.gpCondition(
      bo.sumKernel(kernel, bo.linearKernel({ variance: [0.5, 2], bias: 0.1 })),
      X,
      [0.2, -0.6, 0.7],
      {
        noise: 0.01,
        mean: { type: 'linear', coefficients: [0.1, 0.5, -1] },
      },
    );
    expectGradient(bo.qSimpleRegret(other, { ...base, rng: createRng(10) }), x, 1e-4);
    expectGradient(bo.qUpperConfidenceBound(other, { ...base, beta: 1, rng: createRng(11) }), x, 1e-4);
  });

  it('one point: the confidence bound is that of the formula, within the sampling error', () => {
    const q1 = bo.qUpperConfidenceBound(gp, { q: 1, samples: 4096, beta: 4, rng: createRng(12) });
    const exact = bo.upperConfidenceBound(gp, [0.7, 0.35], { beta: 4 }).value;
    expect(q1.value(Float64Array.of(0.7, 0.35))).toBeCloseTo(exact, 2);
    const log = bo.qLogExpectedImprovement(gp, { q: 1, samples: 4096, best: 0.7, rng: createRng(13) });
    const ei = bo.logExpectedImprovement(gp, [0.7, 0.35], { best: 0.7 }).value;
    expect(log.value(Float64Array.of(0.7, 0.35))).toBeCloseTo(ei, 1);
  });

  it('are searched as one point of q d coordinates', () => {
    const acquisition = bo.qLogExpectedImprovement(gp, { q: 2, samples: 64, best: 0.7, rng: createRng(14) });
    const { x: found, value } = bo.optimizeAcquisition(
      acquisition,
      Array.from({ length: 4 }, () => [0, 1] as const),
      {
        rng: createRng(15),
        rawSamples: 32,
        restarts: 2,
        maxIterations: 20,
      },
    );
    expect(value).toBeGreaterThan(acquisition.value(x));
    expect(Math.max(Math.abs(found[0] - found[2]), Math.abs(found[1] - found[3]))).toBeGreaterThan(0.02);
  });
});

it('choleskyPullback is the reverse of a directional derivative', () => {
  const A = Float64Array.of(2, 0.5, 0.2, 0.5, 1.5, -0.3, 0.2, -0.3, 1);
  const W = Float64Array.of(1, 0, 0, 0.4, -2, 0, 0.3, 0.7, 1.1);
  const D = Float64Array.of(0.3, -0.1, 0.2, -0.1, 0.5, 0.4, 0.2, 0.4, -0.2);
  const f = (t: number) => {
    const L = A.map((value, p) => value + t * D[p]);
    cholesky(L, 3);
    return W.reduce((sum, w, p) => sum + w * L[p], 0);
  };
  const L = A.slice();
  cholesky(L, 3);
  const byA = bo.choleskyPullback(L, W, 3);
  expect(byA.reduce((sum, w, p) => sum + w * D[p], 0)).toBeCloseTo((f(1e-6) - f(-1e-6)) / 2e-6, 7);
});

describe('batches made point by point', () => {
  const bounds = [
    [0, 1],
    [0, 1],
  ] as const;
  const options = { best: 0.7, rawSamples: 64, restarts: 2, maxIterations: 30 };

  it.each(['min', 'max', 'mean'] as const)('a constant liar (%s) does not repeat itself', (lie) => {
    const batch = bo.constantLiar(gp, 3, bounds, { ...options, lie, rng: createRng(20) });
    expect(batch.length).toBe(3);
    expect(new Set(batch.map((point) => point.join())).size).toBe(3);
  });

  it('a believer neither', () => {
    const batch = bo.krigingBeliever(gp, 3, bounds, { ...options, rng: createRng(21) });
    expect(new Set(batch.map((point) => point.join())).size).toBe(3);
  });

  it('local penalization keeps away from pending points, with the gradient of its value', () => {
    const log = bo.momentAcquisition(bo.gpPosterior(gp), bo.logExpectedImprovementRule({ best: 0.7 }));
    const pending = [[0.75, 0.3]];
    const penalized = bo.localPenalization(gp, log, { pending, optimum: 0.7, bounds, rng: createRng(22) });
    for (const point of [Float64Array.of(0.7, 0.32), Float64Array.of(0.2, 0.9)]) {
      expect(penalized.value(point)).toBeLessThanOrEqual(log.value(point));
      expectGradient(penalized, point, 1e-4);
    }
    const near = Float64Array.of(0.74, 0.3);
    const far = Float64Array.of(0.1, 0.9);
    expect(log.value(near) - penalized.value(near)).toBeGreaterThan(log.value(far) - penalized.value(far));
  });

  it('GIBBON adds what a point tells beyond the pending ones', () => {
    const samples = { optimumSamples: [1, 1.4], noise: 1e-3 };
    const alone = bo.gibbonPending(gp, [], samples);
    const after = bo.gibbonPending(gp, [[0.3, 0.6]], samples);
    const there = Float64Array.of(0.3, 0.61);
    const away = Float64Array.of(0.99, 0.99);
    expect(after.value(there)).toBeLessThan(alone.value(there) - 1);
    expect(after.value(away)).toBeCloseTo(alone.value(away), 1);
    expectGradient(after, Float64Array.of(0.5, 0.4), 1e-4);
  });

  it('max-value entropy: every point is the best addition to the batch before it', () => {
    for (const maximize of [true, false]) {
      const batch = bo.qMaxValueEntropy(gp, 3, bounds, { optima: 8, maximize, rng: createRng(23) });
      expect(batch.length).toBe(3);
      const optimumSamples = bo.sampleOptima(gp, bounds, 8, createRng(23), { maximize }).map(({ value }) => value);
      batch.forEach((point, j) => {
        const acquisition = bo.gibbonPending(gp, batch.slice(0, j), { optimumSamples, noise: 1e-3, maximize });
        const found = acquisition.value(point);
        let onGrid = -Infinity;
        for (let i = 0; i <= 20; i++) {
          for (let k = 0; k <= 20; k++) onGrid = Math.max(onGrid, acquisition.value(Float64Array.of(i / 20, k / 20)));
        }
        // A rough search may stop at a slightly lower summit.
        expect(found).toBeGreaterThan(onGrid - 0.02 * Math.abs(onGrid));
        // Choosing a point twice is worth less than choosing it once, by far.
        const again = bo.gibbonPending(gp, batch.slice(0, j + 1), { optimumSamples, noise: 1e-3, maximize });
        expect(again.value(point)).toBeLessThan(found - 1);
      });
    }
    const exact = bo.gpCondition(kernel, X, [0.2, -0.6, 0.7], { noise: 0 });
    expect(() => bo.qMaxValueEntropy(exact, 2, bounds, { rng: createRng(1) })).toThrow(/noise/);
    expect(() => bo.qMaxValueEntropy(gp, 0, bounds, { rng: createRng(1) })).toThrow(/q/);
    expect(() => bo.qMaxValueEntropy(gp, 2, bounds, { optima: 0, rng: createRng(1) })).toThrow(/optima/);
  });
});
