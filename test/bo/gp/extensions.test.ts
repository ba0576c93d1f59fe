import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  collapseReplicates,
  constantKernel,
  fitGp,
  fitGpClassifier,
  fitHeteroskedasticGp,
  fitMultiTaskGp,
  fitPairwiseGp,
  gpClassifyLaplace,
  gpClassPredict,
  gpCondition,
  gpConditionWithGradients,
  gpLogMarginalLikelihood,
  gpPredict,
  gpPredictWithGradients,
  heteroskedasticPredict,
  type Kernel,
  kernelGradContract,
  kernelHyperparameters,
  kernelMatrix,
  kernelValue,
  linearTruncatedFidelity,
  logisticGaussian,
  matern32,
  matern52,
  multiTaskGp,
  multiTaskGpKronecker,
  multiTaskGpPredict,
  kroneckerPredict,
  pairwiseGp,
  pairwiseGpPredict,
  preferenceProbability,
  productKernel,
  rbf,
  scaleKernel,
  sumKernel,
  taskCovariance,
  whiteKernel,
  withHyperparameters,
} from '../../../src/bo/index.js';
import { laplaceContraction, laplaceMode, type FactorizedLikelihood } from '../../../src/bo/gp/laplace.js';
import { LOG_SQUARED_NORMAL_BIAS } from '../../../src/bo/gp/heteroskedastic.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import { digamma, normalCdf } from '../../../src/special/index.js';
import { close, difference, randomPoints, randomTargets, seeded, seeds, SMOOTH } from '../random-models.js';

describe('replicates', () => {
  it('the posterior of collapsed replicates is that of all observations', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const distinct = randomPoints('', 4, rng);
        const X = Array.from({ length: 12 }, () => distinct[Math.floor(4 * rng())]);
        const y = randomTargets(12, rng);
        const noise = X.map(() => 0.05 + rng());
        const kernel = SMOOTH.matern52(rng);
        const Xs = randomPoints('', 3, rng);
        const all = gpPredict(gpCondition(kernel, X, y, { noise }), Xs);
        const collapsed = collapseReplicates(X, y, noise);
        const few = gpPredict(gpCondition(kernel, collapsed.X, collapsed.y, { noise: collapsed.noise }), Xs);
        all.mean.forEach((value, s) => close(few.mean[s], value, 1e-9));
        all.variance.forEach((value, s) => close(few.variance[s], value, 1e-9));
        expect(collapsed.counts.reduce((a, b) => a + b, 0)).toBe(12);
      }),
      { numRuns: 40 },
    );
  });

  it('-0 and 0 are the same point; the noise must be positive', () => {
    expect(collapseReplicates([[0], [-0]], [1, 2], 1).y.length).toBe(1);
    expect(collapseReplicates([[0], [-0]], [1, 3], 1).withinSumOfSquares).toBe(2);
    expect(() => collapseReplicates([[0]], [1], 0)).toThrow(/noise must be positive/);
  });
});

describe('unequal noise', () => {
  it('the bias of a log squared normal is -(digamma(1/2) + ln 2)', () => {
    expect(LOG_SQUARED_NORMAL_BIAS).toBeCloseTo(-(digamma(0.5) + Math.LN2), 13);
  });

  it('finds the noise that grows along the input', () => {
    const rng = createRng(11, 'noise');
    const n = 120;
    const X = Array.from({ length: n }, (_, i) => [i / (n - 1)]);
    const sd = (x: number) => 0.05 + 0.6 * x;
    const y = X.map(([x]) => Math.sin(5 * x) + sd(x) * sampleNormal(rng));
    const model = fitHeteroskedasticGp(X, y);
    expect(model.rounds).toBeGreaterThanOrEqual(3);
    const { mean, noise, variance } = heteroskedasticPredict(model, [[0.1], [0.5], [0.9]]);
    [0.1, 0.5, 0.9].forEach((x, s) => {
      // About 40 residuals speak for each third: a standard error of √(2/40) in ln variance, six of them allowed.
      expect(Math.abs(Math.log(noise[s] / (sd(x) * sd(x))))).toBeLessThan(6 * Math.sqrt(2 / 40));
      expect(Math.abs(mean[s] - Math.sin(5 * x))).toBeLessThan(6 * Math.sqrt(variance[s]) + 0.02);
    });
    expect(noise[2] / noise[0]).toBeGreaterThan(3);
  });

  it('refuses no data and rounds that are no numbers', () => {
    expect(() => fitHeteroskedasticGp([], [])).toThrow(/X must not be empty/);
    expect(() => fitHeteroskedasticGp([[0]], [0], { minRounds: 3, maxRounds: 2 })).toThrow(/maxRounds/);
  });
});

describe('gradient observations', () => {
  const kernels: Record<string, Kernel> = {
    rbf: rbf({ lengthscale: [0.6, 0.9] }),
    matern52: scaleKernel(1.4, matern52({ lengthscale: 0.8 })),
    sum: sumKernel(constantKernel(0.5), rbf({ lengthscale: [0.6], activeDims: [1] }), matern52({ lengthscale: 0.8 })),
    product: productKernel(
      rbf({ lengthscale: [0.6], activeDims: [0] }),
      scaleKernel(2, matern52({ lengthscale: [0.9], activeDims: [1] })),
    ),
  };

  it.each(Object.entries(kernels))('%s: are the limit of pairs of close values', (_, kernel) => {
    const X = [[0.2, 0.3], [0.7, 0.8]]; // prettier-ignore
    const XGrad = [[0.5, 0.4]];
    const h = 1e-3;
    // Observing (f(x + h e) - f(x - h e))/2h: the covariances of that difference, from the kernel alone.
    const ends = (k: number) => [1, -1].map((s) => XGrad[0].map((v, i) => v + (i === k ? s * h : 0)));
    const functionals: [number[], number][][] = [
      ...X.map((x): [number[], number][] => [[x, 1]]),
      ...[0, 1].map((k): [number[], number][] => ends(k).map((x, i) => [x, (i === 0 ? 1 : -1) / (2 * h)])),
    ];
    const Xs = [[0.4, 0.6], [0.9, 0.1]]; // prettier-ignore
    const covariance = (a: [number[], number][], b: [number[], number][]) =>
      a.reduce((t, [x, w]) => t + b.reduce((u, [z, v]) => u + w * v * kernelValue(kernel, x, z), 0), 0);
    const noise = [0.01, 0.01, 0.02, 0.02];
    const y = [0.3, -0.2, 1, -0.5];
    const N = 4;
    const K = Float64Array.from({ length: N * N }, (_, p) => {
      const [i, j] = [Math.floor(p / N), p % N];
      return covariance(functionals[i], functionals[j]) + (i === j ? noise[i] : 0);
    });
    const gp = gpConditionWithGradients(
      kernel,
      { X, y: y.slice(0, 2), XGrad, yGrad: [y.slice(2)] },
      { noise: 0.01, gradientNoise: 0.02 },
    );
    // Check the stacked covariance through L Lᵀ.
    for (let i = 0; i < N; i++) {
      for (let j = 0; j <= i; j++) {
        let total = 0;
        for (let k = 0; k < N; k++) total += gp.L[i * N + k] * gp.L[j * N + k];
        close(total, K[i * N + j], 2e-5);
      }
    }
    const { mean } = gpPredictWithGradients(gp, Xs);
    Xs.forEach((x, s) => {
      const ks = functionals.map((functional) => covariance([[x, 1]], functional));
      close(mean[s], ks.reduce((t, value, i) => t + value * gp.alpha[i], 0), 1e-5); // prettier-ignore
    });
  });

  it('predicted gradients are the gradients of the predicted mean', () => {
    const gp = gpConditionWithGradients(
      kernels.product,
      { X: [[0.2, 0.3]], y: [1], XGrad: [[0.5, 0.5], [0.1, 0.9]], yGrad: [[1, 2], [0, -1]] }, // prettier-ignore
      { noise: 0.01, gradientNoise: 0.1, mean: 0.4 },
    );
    const x = [0.35, 0.6];
    const { gradientMean, gradientVariance } = gpPredictWithGradients(gp, [x], { gradient: true });
    for (let k = 0; k < 2; k++) {
      close(
        gradientMean[k],
        difference((t) => gpPredictWithGradients(gp, [t]).mean[0], x, k),
        1e-8,
      );
      expect(gradientVariance[k]).toBeGreaterThan(0);
    }
    const at = gpPredictWithGradients(gp, [[0.5, 0.5]], { gradient: true });
    expect(at.gradientVariance[0]).toBeLessThan(0.1); // below the noise of its observation
  });

  it('without gradients is the plain process, evidence included', () => {
    const X = randomPoints('', 5, seeded(3)).map(([a, b]) => [a, b]);
    const y = randomTargets(5, seeded(4));
    const gp = gpConditionWithGradients(kernels.rbf, { X, y, XGrad: [], yGrad: [] }, { noise: 0.1 });
    const plain = gpPredict(gpCondition(kernels.rbf, X, y, { noise: 0.1 }), [[0.3, 0.3]]);
    const predicted = gpPredictWithGradients(gp, [[0.3, 0.3]]);
    close(predicted.mean[0], plain.mean[0], 1e-12);
    close(predicted.variance[0], plain.variance[0], 1e-12);
    close(gp.logMarginalLikelihood, gpLogMarginalLikelihood(kernels.rbf, X, y, { noise: 0.1 }).value, 1e-12);
  });

  it('a function is learned from gradients alone', () => {
    const XGrad = Array.from({ length: 12 }, (_, i) => [i / 11]);
    const yGrad = XGrad.map(([x]) => [3 * Math.cos(3 * x)]);
    const gp = gpConditionWithGradients(rbf({ lengthscale: 0.5 }), { X: [[0]], y: [0], XGrad, yGrad });
    close(gpPredictWithGradients(gp, [[0.9]]).mean[0], Math.sin(2.7), 1e-3);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['matern32', () => gpConditionWithGradients(matern32({ lengthscale: 1 }), { X: [[0]], y: [0], XGrad: [], yGrad: [] }), /matern32/],
    ['white', () => gpConditionWithGradients(sumKernel(kernels.rbf, whiteKernel(1)), { X: [[0, 0]], y: [0], XGrad: [], yGrad: [] }), /white/],
    ['rows', () => gpConditionWithGradients(rbf({ lengthscale: 1 }), { X: [[0]], y: [0], XGrad: [[1]], yGrad: [] }), /yGrad must have 1 rows/],
    ['noise', () => gpConditionWithGradients(rbf({ lengthscale: 1 }), { X: [[0]], y: [0], XGrad: [], yGrad: [] }, { gradientNoise: -1 }), /gradientNoise/],
  ])('%s is refused', (_, call, message) => expect(call).toThrow(message)); // prettier-ignore
});

describe('several tasks', () => {
  const tasks = { W: [[0.9, 0.1], [0.6, -0.4], [-0.2, 0.8]], kappa: [0.1, 0.2, 0.3] }; // prettier-ignore

  it('the Kronecker path is the joint process, with one noise per task', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = SMOOTH.scale(rng);
        const X = randomPoints('', 5, rng);
        const Y = X.map(() => randomTargets(3, rng));
        const noise = [0.05, 0.2, 0.4];
        const fast = multiTaskGpKronecker(kernel, { X, Y }, tasks, { noise, mean: 0.3 });
        const stacked = [0, 1, 2].flatMap((t) => X.map((x, i) => ({ x, t, y: Y[i][t] })));
        const data = {
          X: stacked.map(({ x }) => x),
          task: stacked.map(({ t }) => t),
          y: stacked.map(({ y }) => y),
        };
        const joint = multiTaskGp(kernel, data, tasks, { noise, mean: 0.3 });
        const Xs = randomPoints('', 3, rng);
        for (const t of [0, 1, 2]) {
          const a = kroneckerPredict(fast, Xs, t);
          const b = multiTaskGpPredict(joint, Xs, t);
          a.mean.forEach((value, s) => close(value, b.mean[s], 1e-9));
          a.variance.forEach((value, s) => close(value, b.variance[s], 1e-9));
        }
        const perPoint = data.task.map((t) => noise[t]);
        const evidence = gpLogMarginalLikelihood(joint.kernel, { data: joint.X, rows: 15, columns: 4 }, data.y, {
          noise: perPoint,
          mean: 0.3,
        });
        close(fast.logMarginalLikelihood, evidence.value, 1e-9);
      }),
      { numRuns: 15 },
    );
  });

  it('the covariance of tasks is W Wᵀ + diag(κ)', () => {
    expect(taskCovariance(tasks)[1]).toBeCloseTo(0.9 * 0.6 - 0.1 * 0.4, 15);
    expect(taskCovariance(tasks)[4]).toBeCloseTo(0.36 + 0.16 + 0.2, 15);
  });

  it('a fit learns that one task follows the other, and helps where it has no data', () => {
    const rng = createRng(31, 'tasks');
    const f = (x: number) => Math.sin(6 * x);
    const first = Array.from({ length: 14 }, (_, i) => i / 13);
    const second = [0.02, 0.1, 0.2, 0.3];
    const data = {
      X: [...first, ...second].map((x) => [x]),
      task: [...first.map(() => 0), ...second.map(() => 1)],
      y: [
        ...first.map((x) => f(x) + 0.02 * sampleNormal(rng)),
        ...second.map((x) => -0.8 * f(x) + 0.1 * sampleNormal(rng)),
      ],
    };
    const fit = fitMultiTaskGp(data, { restarts: 0, rank: 1 });
    expect(fit.status).toBe('fitted');
    const { mean } = multiTaskGpPredict(fit.gp, [[0.75]], 1);
    const alone = fitGp(data.X.slice(14), data.y.slice(14), { restarts: 0 }).gp;
    const error = Math.abs(mean[0] + 0.8 * f(0.75));
    expect(error).toBeLessThan(0.4);
    expect(error).toBeLessThan(Math.abs(gpPredict(alone, [[0.75]]).mean[0] + 0.8 * f(0.75)));
    const perTask = fitMultiTaskGp(data, { restarts: 0, rank: 1, noisePerTask: true });
    expect(perTask.names.slice(-2)).toEqual(['kernels.1.noise.0', 'kernels.1.noise.1']);
    expect(perTask.status).toBe('fitted');
  });

  it.each<[string, () => unknown, RegExp]>([
    ['task out of range', () => multiTaskGp(rbf({ lengthscale: 1 }), { X: [[0]], task: [3], y: [0] }, tasks), /task must be an integer/],
    ['task length', () => multiTaskGp(rbf({ lengthscale: 1 }), { X: [[0]], task: [], y: [0] }, tasks), /task must have length 1/],
    ['noise length', () => multiTaskGp(rbf({ lengthscale: 1 }), { X: [[0]], task: [0], y: [0] }, tasks, { noise: [1] }), /noise must have length 3/],
    ['fidelity kernel', () => multiTaskGp(linearTruncatedFidelity({ fidelityDim: 0, unbiased: rbf({ lengthscale: 1 }), biased: rbf({ lengthscale: 1 }) }), { X: [[0, 1]], task: [0], y: [0] }, tasks), /linearTruncatedFidelity/],
    ['Y rows', () => multiTaskGpKronecker(rbf({ lengthscale: 1 }), { X: [[0]], Y: [[1, 2, 3], [1, 2, 3]] }, tasks), /Y must have 1 rows/],
    ['zero noise', () => multiTaskGpKronecker(rbf({ lengthscale: 1 }), { X: [[0]], Y: [[1, 2, 3]] }, tasks, { noise: 0 }), /noise/],
    ['rank', () => fitMultiTaskGp({ X: [[0]], task: [0], y: [0] }, { rank: 2 }), /rank/],
  ])('%s is refused', (_, call, message) => expect(call).toThrow(message)); // prettier-ignore
});

describe('Laplace’s approximation', () => {
  it('classification: the mode is a stationary point, and derivatives are those of differences', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = scaleKernel(0.5 + 3 * rng(), SMOOTH.matern52(rng));
        const X = randomPoints('', 8, rng);
        const labels = X.map(() => (rng() < 0.5 ? 0 : 1));
        const model = gpClassifyLaplace(kernel, X, labels, { mean: 0.2 });
        expect(model.status).toBe('converged');
        // ∇ψ = 0: f - m = K ∇ ln p
        const K = kernelMatrix(kernel, X);
        model.latentMode.forEach((f, i) => {
          const p = 1 / (1 + Math.exp(-f));
          close(model.gradient[i], labels[i] - p, 1e-10);
          let total = 0.2;
          for (let j = 0; j < 8; j++) total += K[i * 8 + j] * model.gradient[j];
          close(f, total, 1e-9);
        });
        const theta = kernelHyperparameters(kernel).map(({ value }) => value);
        const evidence = (t: number[]) => gpClassifyLaplace(withHyperparameters(kernel, t), X, labels, { mean: 0.2 }).logMarginalLikelihood; // prettier-ignore
        const laplace = laplaceMode(K, 0.2, 8, logistic(labels));
        close(laplace.logMarginalLikelihood, model.logMarginalLikelihood, 1e-10);
        const gradient = kernelGradContract(kernel, X, laplaceContraction(K, laplace, 8));
        theta.forEach((_, p) => close(gradient[p], difference(evidence, theta, p, 1e-4), 2e-6));
      }),
      { numRuns: 15 },
    );
  });

  it('relabelling turns p into 1 - p', () => {
    const X = randomPoints('', 7, seeded(2));
    const labels = [0, 1, 1, 0, 1, 0, 0];
    const kernel = scaleKernel(3, matern52({ lengthscale: 0.5 }));
    const Xs = randomPoints('', 4, seeded(5));
    const a = gpClassPredict(gpClassifyLaplace(kernel, X, labels), Xs).probability;
    const b = gpClassPredict(
      gpClassifyLaplace(
        kernel,
        X,
        labels.map((l) => 1 - l),
      ),
      Xs,
    ).probability;
    a.forEach((p, s) => close(b[s], 1 - p, 1e-12));
  });

  it('learns where a problem can be evaluated', () => {
    const X = Array.from({ length: 30 }, (_, i) => [i / 29]);
    const labels = X.map(([x]) => (x > 0.6 ? 0 : 1));
    const fit = fitGpClassifier(X, labels, { priorOverrides: { variance: { type: 'logNormal', mu: 3, sigma: 1 } } });
    expect(fit.status).toBe('fitted');
    const { probability } = gpClassPredict(fit.model, [[0.2], [0.6], [0.95]]);
    expect(probability[0]).toBeGreaterThan(0.9);
    expect(probability[2]).toBeLessThan(0.1);
    expect(Math.abs(probability[1] - 0.5)).toBeLessThan(0.35);
  });

  it('one class only, no data, and huge variances are no trouble', () => {
    const kernel = scaleKernel(1e6, rbf({ lengthscale: 1 }));
    const model = gpClassifyLaplace(kernel, [[0], [1], [2]], [1, 1, 1]);
    expect(model.latentMode.every(Number.isFinite)).toBe(true);
    expect(gpClassPredict(model, [[0]]).probability[0]).toBeGreaterThan(0.5);
    expect(gpClassPredict(gpClassifyLaplace(rbf({ lengthscale: 1 }), [], []), [[0]]).probability[0]).toBe(0.5);
  });

  it('the logistic-Gaussian integral agrees with fine quadrature, and the probit rule is near', () => {
    for (const variance of [0, 0.01, 1, 3.99, 4.01, 30, 1e4]) {
      for (const mean of [-5, -0.3, 0, 2]) {
        const sd = Math.sqrt(variance);
        let total = 0;
        const N = 20000;
        for (let k = 0; k <= N; k++) {
          const z = -9 + (18 * k) / N;
          total += Math.exp((-z * z) / 2) / (1 + Math.exp(-(mean + sd * z)));
        }
        const expected = (total * 18) / N / Math.sqrt(2 * Math.PI);
        close(logisticGaussian(mean, variance), expected, 1e-12);
        close(logisticGaussian(-mean, variance), 1 - logisticGaussian(mean, variance), 1e-14);
        close(logisticGaussian(mean, variance, { method: 'probit' }), expected, 2e-2);
      }
    }
  });

  it.each<[string, () => unknown, RegExp]>([
    ['labels', () => gpClassifyLaplace(rbf({ lengthscale: 1 }), [[0]], [2]), /labels\[0\] must be 0 or 1/],
    ['label count', () => gpClassifyLaplace(rbf({ lengthscale: 1 }), [[0]], []), /labels must have length 1/],
    ['variance', () => logisticGaussian(0, -1), /variance/],
    ['method', () => logisticGaussian(0, 1, { method: 'x' as never }), /method/],
    ['pair index', () => pairwiseGp(rbf({ lengthscale: 1 }), [[0], [1]], [[0, 2]]), /pairs\[0\]\[1\]/],
    ['pair of one', () => pairwiseGp(rbf({ lengthscale: 1 }), [[0], [1]], [[1, 1]]), /pairs\[0\] must compare two points/],
    ['pair length', () => pairwiseGp(rbf({ lengthscale: 1 }), [[0], [1]], [[1]]), /pairs\[0\] must have length 2/],
    ['pair noise', () => pairwiseGp(rbf({ lengthscale: 1 }), [[0], [1]], [[1, 0]], { noise: 0 }), /noise/],
  ])('%s: refused by name', (_, call, message) => expect(call).toThrow(message)); // prettier-ignore
});

describe('preferences between pairs', () => {
  it('the mode solves f = K ∇ ln p, and derivatives of the evidence are those of differences', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = scaleKernel(0.5 + rng(), SMOOTH.matern52(rng));
        const n = 5;
        const X = randomPoints('', n, rng);
        const pairs = Array.from({ length: 7 }, () => {
          const a = Math.floor(n * rng());
          return [a, (a + 1 + Math.floor((n - 1) * rng())) % n];
        });
        const noise = 0.3;
        const gp = pairwiseGp(kernel, X, pairs, { noise });
        const K = kernelMatrix(kernel, X);
        // The gradient of the log likelihood in the utilities themselves.
        const gradient = new Float64Array(n);
        for (const [a, b] of pairs) {
          const h = (gp.utilities[a] - gp.utilities[b]) / (Math.SQRT2 * noise);
          const slope = Math.exp((-h * h) / 2) / Math.sqrt(2 * Math.PI) / normalCdf(h) / (Math.SQRT2 * noise);
          gradient[a] += slope;
          gradient[b] -= slope;
        }
        gp.utilities.forEach((f, i) => {
          let total = 0;
          for (let j = 0; j < n; j++) total += K[i * n + j] * gradient[j];
          close(f, total, 1e-8);
        });
        const { mean, variance } = pairwiseGpPredict(gp, X);
        mean.forEach((value, i) => close(value, gp.utilities[i], 1e-10));
        variance.forEach((value, i) => expect(value).toBeLessThanOrEqual(K[i * n + i] * (1 + 1e-12)));
      }),
      { numRuns: 20 },
    );
  });

  it('the variance of a difference agrees with the posterior precision K^-1 + Aᵀ W A', () => {
    const kernel = rbf({ lengthscale: 0.7 });
    const X = [[0], [0.6], [1.3]];
    const pairs = [[0, 1], [1, 2], [0, 1]]; // prettier-ignore
    const gp = pairwiseGp(kernel, X, pairs, { noise: 0.4 });
    // Direct: precision of the utilities, inverted by a process that observes A f with noise 1/W.
    const functional = (p: number) => pairs[p];
    const c = 1 / (Math.SQRT2 * 0.4);
    const k = (i: number, j: number) => kernelValue(kernel, X[i], X[j]);
    const A = (p: number, i: number) => c * ((functional(p)[0] === i ? 1 : 0) - (functional(p)[1] === i ? 1 : 0));
    const Cyy = [0, 1, 2].map((p) =>
      [0, 1, 2].map((q) => {
        let total = p === q ? 1 / (gp.sqrtW[p] * gp.sqrtW[p]) : 0;
        for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) total += A(p, i) * k(i, j) * A(q, j);
        return total;
      }),
    );
    const x = 2;
    const cross = [0, 1, 2].map((p) => [0, 1, 2].reduce((t, i) => t + A(p, i) * k(i, x), 0));
    // 3 x 3 solve by Cramer's rule
    const det = (M: number[][]) =>
      M[0][0] * (M[1][1] * M[2][2] - M[1][2] * M[2][1]) -
      M[0][1] * (M[1][0] * M[2][2] - M[1][2] * M[2][0]) +
      M[0][2] * (M[1][0] * M[2][1] - M[1][1] * M[2][0]);
    const solved = [0, 1, 2].map(
      (q) => det(Cyy.map((row, i) => row.map((v, j) => (j === q ? cross[i] : v)))) / det(Cyy),
    );
    const variance = k(x, x) - cross.reduce((t, value, p) => t + value * solved[p], 0);
    close(pairwiseGpPredict(gp, [X[x]]).variance[0], variance, 1e-9);
  });

  it('orders what it has seen compared, probabilities of two orders add up to 1', () => {
    const X = Array.from({ length: 8 }, (_, i) => [i / 7]);
    const u = (x: number) => -((x - 0.6) ** 2);
    const pairs: number[][] = [];
    for (let i = 0; i < 8; i++) for (let j = 0; j < i; j++) pairs.push(u(X[i][0]) > u(X[j][0]) ? [i, j] : [j, i]);
    const { model, status } = fitPairwiseGp(X, pairs, { noise: 0.1 });
    expect(status).toBe('fitted');
    const order = X.map((_, i) => i).sort((a, b) => model.utilities[b] - model.utilities[a]);
    expect(order[0]).toBe(4);
    const p = preferenceProbability(model, [0.6], [0.1]);
    expect(p).toBeGreaterThan(0.9);
    close(preferenceProbability(model, [0.1], [0.6]), 1 - p, 1e-12);
  });

  it('evidence gradients of the fit are those of differences', () => {
    const X = randomPoints('', 4, seeded(8));
    const pairs = [[0, 1], [2, 1], [3, 2], [3, 0]]; // prettier-ignore
    const kernel = scaleKernel(1.3, matern52({ lengthscale: [0.5, 0.8, 1.2] }));
    const theta = kernelHyperparameters(kernel).map(({ value }) => value);
    const evidence = (t: number[]) =>
      pairwiseGp(withHyperparameters(kernel, t), X, pairs, { noise: 0.3 }).logMarginalLikelihood;
    // A fit with flat priors and one iteration moves uphill from its start only if the gradient is right; check it directly.
    const fit = fitPairwiseGp(X, pairs, { kernel, noise: 0.3, maxIterations: 60 });
    const flat = theta.map((_, p) => difference(evidence, Array.from(fit.hyperparameters), p, 1e-4));
    // At the maximum of evidence + prior the slopes of both cancel.
    const slopes = [
      -(1 + fit.hyperparameters[0]),
      ...[0, 1, 2].map((k) => -(1 + (fit.hyperparameters[1 + k] - Math.SQRT2 - Math.log(3) / 2) / 3)),
    ];
    flat.forEach((g, p) => expect(Math.abs(g + slopes[p])).toBeLessThan(2e-3));
  });
});

function logistic(labels: number[]): FactorizedLikelihood {
  return (f, gradient, W, third) =>
    labels.reduce((total, label, i) => {
      const p = 1 / (1 + Math.exp(-f[i]));
      gradient[i] = label - p;
      W[i] = p * (1 - p);
      third[i] = -p * (1 - p) * (1 - 2 * p);
      return total + Math.log(label === 1 ? p : 1 - p);
    }, 0);
}
