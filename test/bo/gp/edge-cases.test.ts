// Data at the edges, on every regression model: results are finite numbers, and predictions stay within the prior's reach.
import { describe, expect, it } from 'vitest';
import {
  fitGp,
  fitHeteroskedasticGp,
  fitRobustGp,
  fitSparseGp,
  gpCondition,
  gpDelete,
  gpAppend,
  gpAppendMany,
  gpDiagnostics,
  gpLeaveOneOut,
  gpLogMarginalLikelihood,
  gpPredict,
  gpPredictGradient,
  gpSample,
  gpSamplePaths,
  heteroskedasticPredict,
  linearKernel,
  matern52,
  pathValue,
  priorMode,
  dimensionScaledPrior,
  rbf,
  sampleHyperparameters,
  sparseGpPredict,
  standardize,
  sumKernel,
  taskNoiseKernel,
  whiteKernel,
} from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';
import { randomPoints, seeded } from '../random-models.js';

interface Data {
  X: number[][];
  y: number[];
}

const N = 8;
const line = Array.from({ length: N }, (_, i) => [i / (N - 1)]);
const plane = randomPoints('', N, seeded(31)).map(([a, b]) => [a, b]);
const wave = ([a, b = 0]: number[]) => Math.sin(5 * a) + b;
/** What the user has: points in a box, taken to the unit cube, and targets, standardized. */
const fromBox = (low: number, width: number): Data => {
  const X = line.map(([u]) => low + u * width);
  return { X: X.map((x) => [(x - low) / width]), y: line.map(wave) };
};

const DATA: Record<string, Data> = {
  'one dimension': { X: line, y: line.map(wave) },
  'one point': { X: [[0.3]], y: [5] },
  'two equal points that agree': { X: [[0.3], [0.3]], y: [1, 1] },
  'equal points that conflict': { X: [...line, ...line], y: [...line.map(wave), ...line.map((x) => -wave(x))] },
  'all points equal': { X: line.map(() => [0.5]), y: line.map(wave) },
  'constant targets': { X: plane, y: plane.map(() => 7) },
  'a constant column': { X: plane.map(([a]) => [a, 0.5]), y: plane.map(wave) },
  'collinear columns': { X: plane.map(([a]) => [a, 0.2 + 0.6 * a]), y: plane.map(wave) },
  'targets of size 1e300': { X: plane, y: plane.map((x) => 1e300 * wave(x)) },
  'targets of size 1e-300': { X: plane, y: plane.map((x) => 1e-300 * wave(x)) },
  'one target far from the others': { X: plane, y: plane.map((x, i) => (i === 3 ? 1e12 : wave(x))) },
  'a box of width 1e-12': fromBox(0, 1e-12),
  'a box of width 1e-12 around 1': fromBox(1, 1e-12),
  'a box of width 1e12': fromBox(-5e11, 1e12),
};

const allFinite = (value: unknown, path = 'result'): void => {
  if (typeof value === 'number') expect(Number.isFinite(value), `${path} is ${value}`).toBe(true);
  else if (ArrayBuffer.isView(value)) {
    (value as Float64Array).forEach((entry, i) =>
      expect(Number.isFinite(entry), `${path}[${i}] is ${entry}`).toBe(true),
    );
  } else if (value !== null && typeof value === 'object') {
    for (const [key, field] of Object.entries(value)) allFinite(field, `${path}.${key}`);
  }
};

describe.each(Object.entries(DATA))('%s', (_name, { X, y: raw }) => {
  const { y, mean, std } = standardize(raw);
  const Xs = X[0].length === 1 ? [[0.31], [0.77]] : [[0.31, 0.5], [0.77, 0.1]]; // prettier-ignore
  const rng = () => createRng(5, 'edge-cases');

  it('fits, predicts, samples and diagnoses', () => {
    const fit = fitGp(X, y, { restarts: 1, rng: rng() });
    expect(['fitted', 'constant']).toContain(fit.status);
    const prediction = gpPredict(fit.gp, Xs, { covariance: true });
    prediction.mean.forEach((m) => expect(Number.isFinite(mean + std * m)).toBe(true));
    allFinite([fit, prediction, gpPredictGradient(fit.gp, Xs[0]), gpLeaveOneOut(fit.gp), gpDiagnostics(fit.gp)]);
    allFinite(gpSample(fit.gp, [...Xs, ...X], 2, rng()));
    const [path] = gpSamplePaths(fit.gp, 1, rng(), { features: 32 });
    allFinite([path, pathValue(path, Xs[0])]);
  });

  it('without noise: jitter where points repeat, and nowhere else', () => {
    const kernel = matern52({ lengthscale: 0.3 });
    const gp = gpCondition(kernel, X, y, { noise: 0 });
    const repeats = new Set(X.map((x) => x.join())).size < X.length;
    expect(gp.jitter > 0).toBe(repeats);
    allFinite([gp, gpPredict(gp, Xs), gpLogMarginalLikelihood(kernel, X, y, { noise: 0, gradient: true })]);
    allFinite([gpAppend(gp, X[0], y[0]), gpDelete(gp, 0)]);
    expect(gpAppend(gp, X[0], y[0]).jitter).toBeGreaterThan(0);
    allFinite(gpCondition(rbf({ lengthscale: 3 }), X, y, { noise: 0 }));
  });

  it('other models of the same data', () => {
    const sparse = fitSparseGp(X, y, { inducing: 4, maxIterations: 10 });
    allFinite([sparse, sparseGpPredict(sparse.gp, Xs)]);
    const { fit, extraNoise } = fitRobustGp(X, y, {
      restarts: 0,
      maxOutliers: Math.min(1, X.length - 1),
      maxIterations: 10,
    });
    allFinite([gpPredict(fit.gp, Xs), extraNoise]);
    const unequal = fitHeteroskedasticGp(X, y, { minRounds: 1, maxRounds: 2, maxIterations: 10 });
    allFinite(heteroskedasticPredict(unequal, Xs));
    const { gps } = sampleHyperparameters(X, y, rng(), { samples: 1, burnIn: 1, thin: 1 });
    allFinite(gpPredict(gps[0], Xs));
  });
});

describe('joint samples where no variance is left', () => {
  const kernel = rbf({ lengthscale: 1 });

  it('at data without noise they are the data', () => {
    const gp = gpCondition(kernel, [[0], [1]], [2, -1], { noise: 0 });
    const draws = gpSample(gp, [[0], [1]], 3, createRng(1));
    // Rounding leaves variances below 1e-15 and jitter of 1e-16 of the prior variance: deviations of some 1e-8.
    for (let s = 0; s < 3; s++) {
      expect(Math.abs(draws[2 * s] - 2)).toBeLessThan(1e-6);
      expect(Math.abs(draws[2 * s + 1] + 1)).toBeLessThan(1e-6);
    }
  });

  it('between close data without noise they follow the mean', () => {
    const X = Array.from({ length: 20 }, (_, i) => [i / 19]);
    const Xs = Array.from({ length: 60 }, (_, i) => [i / 59]);
    const gp = gpCondition(
      kernel,
      X,
      X.map(([x]) => x),
      { noise: 1e-12 },
    );
    const { mean } = gpPredict(gp, Xs);
    gpSample(gp, Xs, 1, createRng(1)).forEach((value, i) => expect(Math.abs(value - mean[i])).toBeLessThan(1e-4));
  });

  it('a prior without variance gives its mean', () => {
    const gp = gpCondition(linearKernel({ variance: 1 }), [], [], { mean: 3 });
    expect(gpSample(gp, [[0], [0]], 1, createRng(1))).toEqual(Float64Array.of(3, 3));
  });
});

describe('white noise inside a kernel', () => {
  it('is part of the variance of an observation, not of the latent function', () => {
    const latent = rbf({ lengthscale: 1 });
    const inside = gpCondition(sumKernel(latent, whiteKernel(0.5)), [[0], [2]], [1, 0], { noise: 0.1 });
    const outside = gpCondition(latent, [[0], [2]], [1, 0], { noise: 0.6 });
    for (const includeNoise of [false, true]) {
      const a = gpPredict(inside, [[0.3], [2]], { includeNoise, covariance: true });
      const b = gpPredict(outside, [[0.3], [2]], { includeNoise, covariance: true });
      expect(a.variance[0]).toBeCloseTo(b.variance[0], 14);
      a.covariance.forEach((value, p) => expect(value).toBeCloseTo(b.covariance[p], 14));
    }
  });

  it('may depend on the task', () => {
    const kernel = sumKernel(rbf({ lengthscale: 1, activeDims: [0] }), taskNoiseKernel({ noise: [0.25, 4], activeDims: [1] })); // prettier-ignore
    const gp = gpCondition(kernel, [[0, 0]], [1], { noise: 0 });
    const Xs = [
      [0.3, 0],
      [0.3, 1],
    ];
    const latent = gpPredict(gp, Xs).variance;
    const observed = gpPredict(gp, Xs, { includeNoise: true }).variance;
    expect(observed[0] - latent[0]).toBeCloseTo(0.25, 14);
    expect(observed[1] - latent[1]).toBeCloseTo(4, 14);
  });
});

describe('a process without data', () => {
  const threeScales = gpCondition(rbf({ lengthscale: [1, 1, 1] }), [], []);
  const linearMean = gpCondition(rbf({ lengthscale: 1 }), [], [], { mean: { type: 'linear', coefficients: [1, 2] } });
  const wrong: [string, () => unknown, RegExp][] = [
    ['gpPredict', () => gpPredict(linearMean, [[1, 2]]), /mean.coefficients must have length 3/],
    ['gpPredictGradient', () => gpPredictGradient(linearMean, [1, 2]), /mean.coefficients must have length 3/],
    ['gpPredictGradient', () => gpPredictGradient(threeScales, [1, 2]), /lengthscale must have length 2/],
    ['gpAppend', () => gpAppend(threeScales, [1, 2], 1), /lengthscale must have length 2/],
    ['gpAppendMany', () => gpAppendMany(threeScales, [[1, 2]], [1]), /lengthscale must have length 2/],
  ];
  it.each(wrong)('%s refuses points that do not fit kernel or mean', (_name, run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });

  it('has the prior mean where it fits', () => {
    expect(gpPredict(linearMean, [[3]]).mean[0]).toBe(7);
    expect(gpAppend(linearMean, [3], 7).alpha[0]).toBe(0);
  });
});

describe('priors and bounds of a fit', () => {
  const fit = (options: object) => () => fitGp([[0], [1]], [1, 2], { restarts: 0, ...options });
  const prior = dimensionScaledPrior(1);
  const wrong: [string, object, RegExp][] = [
    ['a misspelt prior', { priorOverrides: { lenghtscale: prior } }, /priorOverrides has no 'lenghtscale'; it may have lengthscale, noise/], // prettier-ignore
    ['bounds of another kernel', { bounds: { 'kernel.lengthscale': [1, 2] } }, /bounds has no 'kernel.lengthscale'/],
    ['a prior of another family', { priors: 'saas', priorOverrides: { lengthscale: prior } }, /priorOverrides has no 'lengthscale'; it may have rho, tau, variance/], // prettier-ignore
    ['a bound below 0', { bounds: { lengthscale: [-1, 1] } }, /bounds.lengthscale.0\[0\] must be positive/],
    ['bounds that are no numbers', { bounds: { noise: [1e-3, NaN] } }, /bounds.noise\[1\] must be a finite number/],
    ['bounds that descend', { bounds: { lengthscale: [2, 1] } }, /bounds.lengthscale.0 must ascend/],
  ];
  it.each(wrong)('%s is refused', (_name, options, message) => expect(fit(options)).toThrow(message));

  it('are taken by path, by last word, and for a noise that is fixed', () => {
    const { hyperparameters } = fit({
      bounds: { 'lengthscale.0': [0.3, 0.3], noise: [1e-3, 1] },
      noise: 0.1,
    })();
    expect(hyperparameters.length).toBe(1);
    expect(Math.exp(hyperparameters[0])).toBeCloseTo(0.3, 14);
    expect(priorMode(prior)).toBeLessThan(0.3);
  });
});
