import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitSparseGp,
  gpCondition,
  gpLogMarginalLikelihood,
  gpPredict,
  greedyInducing,
  kernelDiag,
  kernelHyperparameters,
  kernelMatrix,
  matern52,
  rbf,
  scaleKernel,
  sparseGp,
  sparseGpPredict,
  sumKernel,
  whiteKernel,
  withHyperparameters,
} from '../../../src/bo/index.js';
import { sparseSystem } from '../../../src/bo/sparse/sparse-gp.js';
import { sparseGradient } from '../../../src/bo/sparse/sparse-gradient.js';
import {
  ALL,
  close,
  difference,
  flat,
  logDetDense,
  randomPoints,
  randomTargets,
  seeded,
  seeds,
  SMOOTH,
  solveDense,
} from '../random-models.js';

const METHODS = ['sgpr', 'fitc', 'dtc'] as const;

describe('sparse processes', () => {
  it.each(METHODS)('%s with Z = X is the exact process', (method) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = SMOOTH.scale(rng);
        const X = randomPoints('', 9, rng);
        const y = randomTargets(9, rng);
        const Xs = randomPoints('', 3, rng);
        const gp = sparseGp(kernel, { X, y, Z: X }, { noise: 0.2, mean: 0.3, method });
        expect(gp.jitter).toBe(0);
        const exact = gpCondition(kernel, X, y, { noise: 0.2, mean: 0.3 });
        close(gp.logMarginalLikelihood, gpLogMarginalLikelihood(kernel, X, y, { noise: 0.2, mean: 0.3 }).value, 1e-8);
        const a = sparseGpPredict(gp, Xs);
        const b = gpPredict(exact, Xs);
        a.mean.forEach((value, s) => close(value, b.mean[s], 1e-8));
        a.variance.forEach((value, s) => close(value, b.variance[s], 1e-8));
        const noisy = sparseGpPredict(gp, Xs, { includeNoise: true });
        noisy.variance.forEach((value, s) => close(value, a.variance[s] + 0.2, 1e-14));
      }),
      { numRuns: 15 },
    );
  });

  it('the bound of Titsias is below the evidence, and never decreases when a point is added to Z', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = SMOOTH.scale(rng);
        const X = randomPoints('', 12, rng);
        const y = randomTargets(12, rng);
        const Z = randomPoints('', 6, rng);
        const exact = gpLogMarginalLikelihood(kernel, X, y, { noise: 0.1 }).value;
        let before = -Infinity;
        for (let m = 1; m <= 6; m++) {
          const { logMarginalLikelihood: bound } = sparseGp(kernel, { X, y, Z: Z.slice(0, m) }, { noise: 0.1 });
          expect(bound).toBeLessThanOrEqual(exact + 1e-8 * Math.abs(exact));
          expect(bound).toBeGreaterThanOrEqual(before - 1e-8 * Math.abs(bound));
          before = bound;
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(METHODS)('%s: evidence and predictions are those of its dense covariance', (method) => {
    const rng = seeded(77);
    const kernel = SMOOTH.rbf(rng);
    const X = randomPoints('', 8, rng);
    const Z = randomPoints('', 3, rng);
    const y = randomTargets(8, rng);
    const both = [...Z, ...X];
    const K = kernelMatrix(kernel, both);
    const at = (i: number, j: number) => K[i * 11 + j];
    const Kuu = [0, 1, 2].map((i) => [0, 1, 2].map((j) => at(i, j)));
    const P = X.map((_, j) => solveDense(Kuu, [0, 1, 2].map((i) => at(i, 3 + j)))); // prettier-ignore
    const Q = X.map((_, i) => X.map((_, j) => [0, 1, 2].reduce((t, u) => t + at(u, 3 + i) * P[j][u], 0)));
    const missing = X.map((_, i) => at(3 + i, 3 + i) - Q[i][i]);
    const Sigma = Q.map((row, i) => row.map((q, j) => q + (i === j ? 0.3 + (method === 'fitc' ? missing[i] : 0) : 0)));
    const alpha = solveDense(Sigma, y);
    let expected = -0.5 * (y.reduce((t, v, i) => t + v * alpha[i], 0) + logDetDense(Sigma) + 8 * Math.log(2 * Math.PI));
    if (method === 'sgpr') expected -= missing.reduce((a, b) => a + b, 0) / 0.6;
    const gp = sparseGp(kernel, { X, y, Z }, { noise: 0.3, method });
    close(gp.logMarginalLikelihood, expected, 1e-9);
    const x = randomPoints('', 1, rng)[0];
    const ku = Array.from(kernelMatrix(kernel, [...Z, x]).subarray(12, 15));
    const weights = solveDense(Kuu, ku);
    const q = X.map((_, j) => [0, 1, 2].reduce((t, u) => t + weights[u] * at(u, 3 + j), 0));
    const { mean, variance } = sparseGpPredict(gp, [x]);
    close(mean[0], q.reduce((t, v, i) => t + v * alpha[i], 0), 1e-9); // prettier-ignore
    const solved = solveDense(Sigma, q);
    // k - q** + (q** - q Σ^-1 q): the prior is corrected by what the inducing points explain.
    close(variance[0], kernelDiag(kernel, [x])[0] - q.reduce((t, v, i) => t + v * solved[i], 0), 1e-9);
  });

  it.each(METHODS)('%s: gradients are those of differences', (method) => {
    fc.assert(
      fc.property(seeds, fc.constantFrom('scale', 'sum', 'nngpRelu', 'warped', 'linear'), (seed, name) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const X = flat(randomPoints('', 9, rng));
        const Z = flat(randomPoints('', 3, rng).map((row) => row.map((v) => 0.02 + 0.96 * v)));
        const y = Float64Array.from(randomTargets(9, rng));
        const noise = 0.2 + rng();
        const theta = kernelHyperparameters(kernel).map(({ value }) => value);
        const value = (t: number[], logNoise = Math.log(noise), mean = 0.1, z: ArrayLike<number> = Z.data) => {
          const points = { ...Z, data: Float64Array.from(z) };
          const changed = withHyperparameters(kernel, t);
          return sparseSystem(changed, X, y, points, Math.exp(logNoise), mean, method).gp.logMarginalLikelihood;
        };
        const system = sparseSystem(kernel, X, y, Z, noise, 0.1, method);
        if (system.gp.jitter > 0) return; // the jitter moves with the parameters
        const by = sparseGradient(system, X, Z, true);
        theta.forEach((_, p) =>
          close(
            by.byKernel[p],
            difference((t) => value(t), theta, p),
            2e-5,
          ),
        );
        close(
          by.byNoise,
          difference(([t]) => value(theta, t), [Math.log(noise)], 0),
          1e-6,
        );
        close(
          by.byMean,
          difference(([t]) => value(theta, Math.log(noise), t), [0.1], 0),
          1e-6,
        );
        Z.data.forEach((_, k) => {
          close(
            by.byZ[k],
            difference((z) => value(theta, Math.log(noise), 0.1, z), Z.data, k),
            2e-5,
          );
        });
      }),
      { numRuns: 10 },
    );
  });

  it('fits: hyper-parameters, and inducing points that move uphill', () => {
    const rng = seeded(5);
    const X = Array.from({ length: 150 }, () => [rng(), rng()]);
    const y = X.map(([a, b]) => Math.sin(6 * a) + 0.5 * b);
    const fixed = fitSparseGp(X, y, { inducing: 20 });
    expect(fixed.status).toBe('fitted');
    expect(fixed.gp.m).toBe(20);
    const probe = [[0.3, 0.4], [0.7, 0.6]]; // prettier-ignore
    sparseGpPredict(fixed.gp, probe).mean.forEach((mean, s) => {
      expect(Math.abs(mean - Math.sin(6 * probe[s][0]) - 0.5 * probe[s][1])).toBeLessThan(0.05);
    });
    const Z = X.slice(0, 5);
    const still = fitSparseGp(X, y, { inducing: Z, maxIterations: 30 });
    const moved = fitSparseGp(X, y, { inducing: Z, moveInducing: true, maxIterations: 30 });
    expect(Array.from(still.gp.Z)).toEqual(Z.flat());
    expect(moved.logPosterior).toBeGreaterThan(still.logPosterior);
    const given = fitSparseGp(X, y, { inducing: 10, method: 'fitc', noise: 0.01, mean: 0.2 });
    expect([given.gp.noise, given.gp.mean]).toEqual([0.01, 0.2]);
  });
});

describe('greedy inducing points', () => {
  it('are the pivots of the pivoted Cholesky factorization', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = SMOOTH.matern52(rng);
        const X = randomPoints('', 15, rng);
        const chosen = greedyInducing(kernel, X, 6);
        // Residual variances by conditioning on the points chosen so far.
        for (let s = 0; s < chosen.length; s++) {
          const Z = Array.from(chosen.subarray(0, s), (i) => X[i]);
          const { variance } = gpPredict(gpCondition(kernel, Z, new Array(s).fill(0), { noise: 0 }), X);
          expect(variance[chosen[s]]).toBeGreaterThanOrEqual(Math.max(...variance) - 1e-8);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('stop when nothing is left to explain', () => {
    const X = [[0], [0], [1], [1], [0]];
    expect(Array.from(greedyInducing(rbf({ lengthscale: 0.3 }), X, 5))).toEqual([0, 2]);
    expect(greedyInducing(rbf({ lengthscale: 0.3 }), [], 5).length).toBe(0);
  });
});

it.each<[string, () => unknown, RegExp]>([
  ['noise', () => sparseGp(rbf({ lengthscale: 1 }), { X: [[0]], y: [0], Z: [[0]] }, { noise: 0 }), /noise must be positive/],
  ['Z empty', () => sparseGp(rbf({ lengthscale: 1 }), { X: [[0]], y: [0], Z: [] }), /Z must not be empty/],
  ['Z columns', () => sparseGp(rbf({ lengthscale: 1 }), { X: [[0]], y: [0], Z: [[0, 1]] }), /Z must have 1 columns/],
  ['y length', () => sparseGp(rbf({ lengthscale: 1 }), { X: [[0]], y: [], Z: [[0]] }), /y must have length 1/],
  ['method', () => sparseGp(rbf({ lengthscale: 1 }), { X: [[0]], y: [0], Z: [[0]] }, { method: 'x' as never }), /method/],
  ['white noise', () => sparseGp(sumKernel(rbf({ lengthscale: 1 }), whiteKernel(1)), { X: [[0]], y: [0], Z: [[0]] }), /white noise/],
  ['no data to fit', () => fitSparseGp([], []), /X must not be empty/],
  ['inducing', () => fitSparseGp([[0], [1]], [0, 1], { inducing: 0 }), /inducing/],
  ['m', () => greedyInducing(matern52({ lengthscale: 1 }), [[0]], 0), /m must be/],
  ['tolerance', () => greedyInducing(scaleKernel(1, matern52({ lengthscale: 1 })), [[0]], 1, { tolerance: -1 }), /tolerance/],
])('%s is refused by name', (_, call, message) => {
  expect(call).toThrow(message);

}); // prettier-ignore
