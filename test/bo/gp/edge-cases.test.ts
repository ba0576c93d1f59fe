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
  gpDiagnostics,
  gpLeaveOneOut,
  gpLogMarginalLikelihood,
  gpPredict,
  gpPredictGradient,
  gpSample,
  gpSamplePaths,
  heteroskedasticPredict,
  matern52,
  pathValue,
  rbf,
  sampleHyperparameters,
  sparseGpPredict,
  standardize,
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
