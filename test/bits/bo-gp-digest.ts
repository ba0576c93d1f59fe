import * as bo from '../../src/bo/index.js';
import { createRng } from '../../src/random/create-rng.js';
import { bitsOf } from './bits-of.js';

/** Matrices and gradients of every kernel; fits, predictions, samples and every kind of process on small seeded data. */
export function boGpDigest(): string {
  const values: number[] = [];
  const add = (...lists: ArrayLike<number>[]) => lists.forEach((list) => values.push(...Array.from(list)));
  const rng = createRng('bo-gp', 'design');
  const d = 3;
  const X = Array.from({ length: 14 }, () => Array.from({ length: d }, () => rng()));
  const y = X.map(([a, b, c]) => 4 * (a - 0.4) * (a - 0.4) + b * c);
  const Xs = Array.from({ length: 4 }, () => Array.from({ length: d }, () => rng()));
  const lengthscale = [0.4, 0.7, 1.1];
  const kernels: bo.Kernel[] = [
    bo.rbf({ lengthscale }),
    bo.matern12({ lengthscale }),
    bo.matern32({ lengthscale: 0.6 }),
    bo.scaleKernel(1.7, bo.matern52({ lengthscale })),
    bo.rationalQuadratic({ lengthscale, alpha: 1.3 }),
    bo.periodicKernel({ lengthscale, period: [0.5, 0.8, 1.2] }),
    bo.linearKernel({ variance: [0.5, 1, 2], bias: 0.3 }),
    bo.polynomialKernel({ gamma: 0.7, offset: 0.4, degree: 3 }),
    bo.sumKernel(bo.constantKernel(0.4), bo.hammingKernel({ lengthscale: 0.5 }), bo.whiteKernel(0.1)),
    bo.productKernel(bo.tanimoto(), bo.rbf({ lengthscale: 0.5, activeDims: [1] })),
    bo.nngpRelu({ weightVariance: 2, biasVariance: 0.3, depth: 3 }),
    bo.nngpErf({ weightVariance: 2, biasVariance: 0.3, depth: 2 }),
    bo.warpedKernel(bo.matern52({ lengthscale }), { dims: [0, 2], warpA: [0.8, 1.5], warpB: [1.2, 0.7] }),
    bo.linearTruncatedFidelity({
      fidelityDim: 2,
      unbiased: bo.rbf({ lengthscale: 0.5 }),
      biased: bo.matern32({ lengthscale: 1 }),
    }),
    bo.exponentialDecay({ offset: 0.2, alpha: 0.9, beta: 0.6, activeDims: [1] }),
  ];
  for (const kernel of kernels) {
    add(bo.kernelMatrix(kernel, X), bo.kernelCross(kernel, Xs, X), bo.kernelGradInput(kernel, Xs[0], X[0]));
    const { value, gradient } = bo.gpLogMarginalLikelihood(kernel, X, y, { noise: 0.1, gradient: true });
    add([value], Object.values(gradient));
    const gp = bo.gpCondition(kernel, X, y, { noise: 0.1, mean: 0.2 });
    const { mean, variance, covariance } = bo.gpPredict(gp, Xs, { covariance: true });
    const { dMean, dVariance } = bo.gpPredictGradient(gp, Xs[1]);
    add(mean, variance, covariance, dMean, dVariance);
  }

  const gp = bo.gpCondition(kernels[3], X, y, { noise: 0.05 });
  const loo = bo.gpLeaveOneOut(gp);
  add(loo.mean, loo.logDensity, bo.gpDelete(bo.gpAppend(gp, Xs[0], 0.5), 3).alpha);
  add(bo.gpSample(gp, Xs, 3, createRng('bo-gp', 'sample')));
  for (const path of bo.gpSamplePaths(gp, 2, createRng('bo-gp', 'paths'), { features: 32 }))
    add([bo.pathValue(path, Xs[2])]);

  const restarts = { restarts: 1, rng: createRng('bo-gp', 'fit') };
  for (const options of [
    {},
    { outputScale: true, priors: 'gamma' },
    { priors: 'optuna' },
    { priors: 'saas' },
    { objective: 'leave-one-out' },
    { kernel: kernels[12] },
  ] as const) {
    const fit = bo.fitGp(X, y, { ...options, ...restarts });
    add(fit.hyperparameters, [fit.logPosterior, fit.evaluations], fit.gp.alpha);
  }
  for (const method of ['slice', 'hmc'] as const) {
    const options = { method, samples: 2, burnIn: 3, thin: 1 };
    add(bo.sampleHyperparameters(X, y, createRng('bo-gp', method), options).hyperparameters);
  }

  for (const method of ['sgpr', 'fitc', 'dtc'] as const) {
    const { gp: sparse, hyperparameters } = bo.fitSparseGp(X, y, {
      inducing: 5,
      method,
      maxIterations: 5,
      moveInducing: true,
    });
    const { mean, variance } = bo.sparseGpPredict(sparse, Xs);
    add(hyperparameters, sparse.Z, mean, variance);
  }
  const labels = y.map((value) => (value > 0.5 ? 1 : 0));
  const classes = bo.gpClassPredict(bo.fitGpClassifier(X, labels, { maxIterations: 4 }).model, Xs);
  add(classes.latentMean, classes.latentVariance, classes.probability);
  const pairs = [[0, 1], [2, 3], [5, 4], [0, 6]]; // prettier-ignore
  const { model } = bo.fitPairwiseGp(X, pairs, { maxIterations: 4 });
  add(model.utilities, [bo.preferenceProbability(model, Xs[0], Xs[1])]);
  const hetero = bo.fitHeteroskedasticGp(X, y, { maxRounds: 3, maxIterations: 10 });
  add(bo.heteroskedasticPredict(hetero, Xs).noise);
  const gradients = bo.gpConditionWithGradients(
    kernels[3],
    { X, y, XGrad: Xs, yGrad: Xs },
    { noise: 0.1, gradientNoise: 0.2 },
  );
  add(bo.gpPredictWithGradients(gradients, X.slice(0, 3), { gradient: true }).gradientMean);
  const tasks = { W: [[0.9, 0.1], [0.4, -0.5]], kappa: [0.2, 0.3] }; // prettier-ignore
  const kronecker = bo.multiTaskGpKronecker(kernels[3], { X, Y: X.map(([a, b]) => [a, b]) }, tasks, {
    noise: [0.1, 0.2],
  });
  add(bo.kroneckerPredict(kronecker, Xs, 1).variance, [kronecker.logMarginalLikelihood]);
  const task = X.map((_, i) => i % 2);
  add(bo.fitMultiTaskGp({ X, task, y }, { restarts: 0, maxIterations: 5 }).hyperparameters);
  for (const kind of ['yeoJohnson', 'boxCox', 'copula', 'hebo'] as const)
    add(
      bo.outputTransform(
        y.map((v) => v + 0.1),
        kind,
      ).y,
    );
  return bitsOf(values);
}
