import { expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const X = [[0.1], [0.45], [0.8]];
const kernel = bo.matern52({ lengthscale: 0.3 });
const gp = bo.gpCondition(kernel, X, [0.2, -0.5, 0.9], { noise: 1e-4 });

it('without pending points is the logarithm of expected improvement', () => {
  const plain = bo.momentAcquisition(bo.gpPosterior(gp), bo.logExpectedImprovementRule({ best: 0.9 }));
  const acquisition = bo.pendingImprovement(gp, [], { best: 0.9, rng: createRng(1) });
  for (const x of [0, 0.3, 0.62, 0.9, 1]) {
    expect(acquisition.value(Float64Array.of(x))).toBeCloseTo(plain.value(Float64Array.of(x)), 9);
  }
});

it('with one pending point is the integral over its outcome', () => {
  const pending = 0.62;
  const best = 0.9;
  const acquisition = bo.pendingImprovement(gp, [[pending]], { best, samples: 4096, rng: createRng(2) });
  for (const x of [0.55, 0.6, 0.7, 0.95, 0.3]) {
    const { mean, covariance } = bo.gpPredict(gp, [[pending], [x]], { covariance: true });
    const [spp, spx, , sxx] = covariance;
    // ∫ φ(z) E[(f(x) - max(best, f(p)))⁺ | f(p) = mean_p + √s_pp z] dz by the midpoint rule.
    const slope = spx / spp;
    const std = Math.sqrt(sxx - slope * spx);
    let integral = 0;
    const cells = 20_000;
    for (let i = 0; i < cells; i++) {
      const z = -9 + (18 * (i + 0.5)) / cells;
      const value = mean[0] + Math.sqrt(spp) * z;
      const improvement = bo.expectedImprovement(mean[1] + slope * (value - mean[0]), std, {
        best: Math.max(best, value),
      }).value;
      integral += ((improvement * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)) * (18 / cells);
    }
    // Quasi-Monte Carlo in one dimension with a bounded integrand of total variation V errs by at most V log n/n.
    expect(Math.exp(acquisition.value(Float64Array.of(x)))).toBeCloseTo(integral, 4);
  }
});

it.each([
  ['pending', bo.pendingImprovement(gp, [[0.3], [0.7]], { best: 0.9, samples: 32, rng: createRng(3) })],
  ['pending, minimizing', bo.pendingImprovement(gp, [[0.3]], { best: -0.5, maximize: false, rng: createRng(3) })],
  ['noisy', bo.logNoisyExpectedImprovement(gp, { rng: createRng(4) })],
])('%s: the gradient is that of the value', (_name, acquisition) => {
  for (const at of [0.02, 0.25, 0.5, 0.66, 0.97]) {
    const gradient = new Float64Array(1);
    acquisition.value(Float64Array.of(at), gradient);
    const h = 1e-6;
    const numeric = (acquisition.value(Float64Array.of(at + h)) - acquisition.value(Float64Array.of(at - h))) / (2 * h);
    expect(Math.abs(gradient[0] - numeric)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(numeric)));
  }
});

it('keeps away from a pending point', () => {
  const acquisition = bo.pendingImprovement(gp, [[0.7]], { best: 0.9, rng: createRng(5) });
  expect(acquisition.value(Float64Array.of(0.7))).toBeLessThan(acquisition.value(Float64Array.of(0.75)));
  expect(acquisition.value(Float64Array.of(0.7))).toBeLessThan(acquisition.value(Float64Array.of(0.65)));
});

it('noisy expected improvement without noise is expected improvement over the observed best', () => {
  const exact = bo.gpCondition(kernel, X, [0.2, -0.5, 0.9], { noise: 1e-10 });
  const noisy = bo.logNoisyExpectedImprovement(exact, { rng: createRng(6) });
  const plain = bo.momentAcquisition(bo.gpPosterior(exact), bo.logExpectedImprovementRule({ best: 0.9 }));
  for (const x of [0.2, 0.6, 0.7, 0.95]) {
    expect(noisy.value(Float64Array.of(x))).toBeCloseTo(plain.value(Float64Array.of(x)), 3);
  }
});

it('refuses a process without data, and points of another dimension', () => {
  const empty = bo.gpCondition(kernel, [], []);
  expect(() => bo.logNoisyExpectedImprovement(empty, { rng: createRng(1) })).toThrow(/gp/);
  expect(() => bo.pendingImprovement(gp, [[0.1, 0.2]], { best: 0, rng: createRng(1) })).toThrow(RangeError);
  expect(() => bo.pendingImprovement(gp, [[0.1]], { best: Infinity, rng: createRng(1) })).toThrow(/best/);
});
