import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitGp,
  fitRobustGp,
  gpLeaveOneOut,
  gpCondition,
  gpLogMarginalLikelihood,
  gpPredict,
  optimalExtraNoise,
} from '../../../src/bo/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import { randomPoints, randomTargets, seeded, SMOOTH } from '../random-models.js';

describe('the noise of one observation', () => {
  it('its gain is that of the evidence, and no other noise gains more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.nat(6), (seed, i) => {
        const rng = seeded(seed);
        const kernel = SMOOTH.matern52(rng);
        const X = randomPoints('', 7, rng);
        const y = randomTargets(7, rng);
        const evidence = (extra: number) =>
          gpLogMarginalLikelihood(kernel, X, y, { noise: X.map((_, j) => 0.1 + (j === i ? extra : 0)) }).value;
        const loo = gpLeaveOneOut(gpCondition(kernel, X, y, { noise: 0.1 }));
        const { noise, gain } = optimalExtraNoise(y[i] - loo.mean[i], loo.variance[i]);
        const before = evidence(0);
        expect(Math.abs(evidence(noise) - before - gain)).toBeLessThan(1e-9);
        for (const other of [0, noise / 2, noise * 1.1, noise + 0.01]) {
          expect(evidence(other)).toBeLessThanOrEqual(before + gain + 1e-10);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is 0 for a residual within its standard deviation', () => {
    expect(optimalExtraNoise(0.9, 1)).toEqual({ noise: 0, gain: 0 });
    expect(() => optimalExtraNoise(1, 0)).toThrow(/variance must be positive/);
  });
});

describe('fitRobustGp', () => {
  const rng = createRng(17, 'robust');
  const X = Array.from({ length: 30 }, (_, i) => [i / 29]);
  const clean = X.map(([x]) => Math.sin(6 * x) + 0.05 * sampleNormal(rng));

  it('finds gross outliers and predicts as if they were not there', () => {
    const y = clean.slice();
    for (const [i, shift] of [[4, 5], [13, -4], [22, 6]]) y[i] += shift; // prettier-ignore
    const { fit, outliers, extraNoise, scores } = fitRobustGp(X, y, { restarts: 0 });
    expect(outliers).toEqual([4, 13, 22]);
    expect(scores.length).toBe(8);
    expect(Math.sqrt(extraNoise[22])).toBeGreaterThan(4);
    expect(scores[outliers.length]).toBe(Math.max(...scores));
    const grid = Array.from({ length: 9 }, (_, i) => [0.1 + i / 10]);
    const error = (mean: Float64Array) => Math.max(...mean.map((m, i) => Math.abs(m - Math.sin(6 * grid[i][0]))));
    const robust = error(gpPredict(fit.gp, grid).mean);
    const plain = error(gpPredict(fitGp(X, y, { restarts: 0 }).gp, grid).mean);
    expect(robust).toBeLessThan(0.15);
    expect(robust).toBeLessThan(plain / 2);
  });

  it('without outliers is close to the plain fit', () => {
    const { fit, outliers } = fitRobustGp(X, clean, { restarts: 0, maxOutliers: 4 });
    expect(outliers).toEqual([]);
    const plain = fitGp(X, clean, { restarts: 0 });
    const a = gpPredict(fit.gp, X).mean;
    gpPredict(plain.gp, X).mean.forEach((mean, i) => expect(Math.abs(mean - a[i])).toBeLessThan(1e-3));
    const none = fitRobustGp(X, clean, { restarts: 0, maxOutliers: 0 });
    expect([none.outliers, none.scores.length]).toEqual([[], 1]);
    // The white part of the kernel is the fitted noise of the plain model.
    expect(none.fit.logPosterior).toBeCloseTo(plain.logPosterior, 4);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['no data', () => fitRobustGp([], []), /X must not be empty/],
    ['maxOutliers', () => fitRobustGp([[0], [1]], [0, 1], { maxOutliers: 2 }), /maxOutliers/],
    ['expectedOutliers', () => fitRobustGp([[0], [1]], [0, 1], { expectedOutliers: 0 }), /expectedOutliers/],
    ['y', () => fitRobustGp([[0], [1]], [0]), /y must have length 2/],
  ])('%s is refused by name', (_, call, message) => expect(call).toThrow(message));
});
