// Valid calls of kernels, processes, priors and transforms, with what must be refused in them.
import {
  dimensionScaledPrior,
  fitHeteroskedasticGp,
  gpClassifyLaplace,
  gpCondition,
  gpConditionWithGradients,
  gpSamplePaths,
  kernelMatrix,
  logNormalPrior,
  matern52,
  multiTaskGp,
  multiTaskGpKronecker,
  outputTransform,
  pairwiseGp,
  randomFourierFeatures,
  sparseGp,
  type Kernel,
} from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';
import { call, made, type Call } from '../../support/refusals.js';

export const KERNEL = { type: 'matern52', lengthscale: [0.5, 0.7] } as const;
export const X = [
  [0.1, 0.2],
  [0.6, 0.3],
  [0.4, 0.9],
];
export const Y = [1, -1, 0.5];
export const POINT = [0.3, 0.4];
export const GP = made(gpCondition(KERNEL, X, Y, { noise: 0.1 }));
export const rng = () => createRng(1, 'errors');

const KERNEL_PATHS = { positive: ['kernel.lengthscale'] };
/** A kernel by its constructor must be refused there; its matrix is computed for the valid call. */
const kernel = (
  fields: Record<string, unknown>,
  positive: string[],
  points: number[][] = [[0.5], [0.2]],
  free: string[] = [],
) =>
  // prettier-ignore
  call(
    { fields },
    {
      positive: positive.map((name) => `fields.${name}`),
      free: free.map((name) => `fields.${name}`),
      use: (made: Kernel) => kernelMatrix(made, points),
    },
  );

const model = (extra: Record<string, unknown>) => ({ restarts: 0, maxIterations: 5, noise: 0.1, mean: 0.2, ...extra });
const fitted = { nonNegative: ['options.noise', 'options.restarts'], positive: [], free: [] };
const tasks = { W: [[0.9], [0.6]], kappa: [0.1, 0.2] };

export const MODELS: Record<string, Call> = {
  // kernels
  rbf: kernel({ lengthscale: 0.5 }, ['lengthscale']),
  matern12: kernel({ lengthscale: [0.5, 2] }, ['lengthscale'], X),
  matern32: kernel({ lengthscale: [0.5] }, ['lengthscale'], [[0.5], [0.2]]),
  matern52: kernel({ lengthscale: 0.5 }, ['lengthscale']),
  rationalQuadratic: kernel({ lengthscale: 0.5, alpha: 2 }, ['lengthscale', 'alpha']),
  periodicKernel: kernel({ lengthscale: 0.5, period: 2 }, ['lengthscale', 'period']),
  linearKernel: kernel({ variance: 2, bias: 1 }, ['variance', 'bias']),
  polynomialKernel: kernel({ gamma: 1, offset: 1, degree: 2 }, ['gamma', 'offset', 'degree']),
  constantKernel: call({ value: 2 }, { positive: ['value'] }),
  whiteKernel: call({ variance: 2 }, { positive: ['variance'] }),
  hammingKernel: kernel({ lengthscale: 0.5 }, ['lengthscale']),
  tanimoto: call({ fields: {} }),
  nngpRelu: kernel({ weightVariance: 2, biasVariance: 1, depth: 2 }, ['weightVariance', 'biasVariance', 'depth']),
  nngpErf: kernel({ weightVariance: 2, biasVariance: 1, depth: 2 }, ['weightVariance', 'biasVariance', 'depth']),
  indexKernel: kernel({ ...tasks, activeDims: [0] }, ['kappa'], [[0], [1]]),
  taskNoiseKernel: kernel({ noise: [1, 4], activeDims: [0] }, ['noise'], [[0], [0]], ['noise']),
  exponentialDecay: kernel({ offset: 1, alpha: 1, beta: 1 }, ['offset', 'alpha', 'beta']),
  linearTruncatedFidelity: kernel(
    { fidelityDim: 1, power: 1, unbiased: { type: 'rbf', lengthscale: 1 }, biased: { type: 'rbf', lengthscale: 1 } },
    ['power'],
    X,
  ),
  scaleKernel: call({ variance: 2, kernel: made(matern52({ lengthscale: 1 })) }, { positive: ['variance'] }),
  sumKernel: call({ kernel: made(matern52({ lengthscale: 1 })) }),
  productKernel: call({ kernel: made(matern52({ lengthscale: 1 })) }),
  warpedKernel: call(
    { kernel: made(matern52({ lengthscale: 1 })), fields: { dims: [0, 1], warpA: [1, 2], warpB: [1, 1] } },
    { positive: ['fields.warpA', 'fields.warpB'] },
  ),
  ibnnDefaults: call({ dimension: 2 }, { positive: ['dimension'] }),
  taskCovariance: call({ tasks }, { positive: ['tasks.kappa'] }),
  kernelMatrix: call({ kernel: KERNEL, X }, { ...KERNEL_PATHS, free: ['X'] }),
  kernelCross: call({ kernel: KERNEL, X, Z: X }, { ...KERNEL_PATHS, free: ['X', 'Z'] }),
  kernelDiag: call({ kernel: KERNEL, X }, { ...KERNEL_PATHS, free: ['X'] }),
  kernelValue: call({ kernel: KERNEL, x: POINT, z: POINT }, KERNEL_PATHS),
  kernelGradInput: call({ kernel: KERNEL, x: POINT, z: POINT }, KERNEL_PATHS),
  kernelGradHyper: call({ kernel: KERNEL, X, Z: X }, { ...KERNEL_PATHS, free: ['X', 'Z'] }),
  kernelGradContract: call({ kernel: KERNEL, X: X.slice(0, 2), S: [[1, 2], [2, 1]] }, KERNEL_PATHS), // prettier-ignore
  kernelHyperparameters: call({ kernel: KERNEL }, { ...KERNEL_PATHS, free: ['kernel.lengthscale'] }),
  withHyperparameters: call(
    { kernel: { type: 'rbf', lengthscale: 1 }, theta: [0.3] },
    { ignored: ['kernel.lengthscale'] },
  ),

  // exact processes
  gpCondition: call(
    { kernel: KERNEL, X, y: Y, options: { noise: [0.1, 0.2, 0.3], mean: { type: 'linear', coefficients: [1, 2, 3] } } },
    { ...KERNEL_PATHS, nonNegative: ['options.noise'] },
  ),
  gpPredict: call({ gp: GP, Xs: X }, { free: ['Xs'] }),
  gpPredictGradient: call({ gp: GP, x: POINT }),
  gpLogMarginalLikelihood: call(
    { kernel: KERNEL, X, y: Y, options: { noise: 0.1, mean: 1, gradient: true } },
    { ...KERNEL_PATHS, nonNegative: ['options.noise'] },
  ),
  gpLeaveOneOut: call({ gp: GP }),
  gpAppend: call({ gp: GP, x: POINT, y: 1, options: { noise: 0.2 } }, { nonNegative: ['options.noise'] }),
  gpAppendMany: call({ gp: GP, X, y: Y, options: { noise: 0.2 } }, { nonNegative: ['options.noise'] }),
  gpDelete: call({ gp: GP, i: 1 }, { nonNegative: ['i'] }),
  gpFantasize: call({ gp: GP, x: POINT, ySamples: [1, 2] }, { free: ['ySamples'] }),
  gpReplaceTargets: call({ gp: GP, y: Y }),
  gpDiagnostics: call(
    { gp: GP, options: { levels: [0.5] } },
    { positive: ['options.levels'], free: ['options.levels'] },
  ),
  standardize: call({ y: Y }, { free: ['y'] }),
  gpSample: call({ gp: GP, Xs: X, n: 2, rng: rng() }, { free: ['Xs'], nonNegative: ['n'] }),
  gpSamplePaths: call(
    { gp: GP, n: 2, rng: rng(), options: { features: 8 } },
    { nonNegative: ['n'], positive: ['options.features'] },
  ),
  pathValue: call({ path: made(gpSamplePaths(GP.value as never, 1, rng(), { features: 8 })[0]), x: POINT }),
  randomFourierFeatures: call(
    { kernel: KERNEL, dimension: 2, features: 8, rng: rng() },
    { ...KERNEL_PATHS, positive: ['dimension', 'features', 'kernel.lengthscale'] },
  ),
  fourierFeatures: call({ features: made(randomFourierFeatures(KERNEL, 2, 8, rng())), x: POINT }),

  // priors and fits
  logNormalPrior: call({ mu: 0, sigma: 1 }, { positive: ['sigma'] }),
  gammaPrior: call({ concentration: 2, rate: 1 }, { positive: ['concentration', 'rate'] }),
  normalPrior: call({ mean: 0, sd: 1 }, { positive: ['sd'] }),
  halfCauchyPrior: call({ scale: 1 }, { positive: ['scale'] }),
  smoothedBoxPrior: call({ lower: 0, upper: 1, sigma: 1 }, { positive: ['sigma'] }),
  optunaLengthscalePrior: call({}),
  dimensionScaledPrior: call({ dimension: 2 }, { positive: ['dimension'] }),
  priorLogDensity: call({ prior: made(logNormalPrior(0, 1)), x: 1 }),
  priorLogSlope: call({ prior: made(logNormalPrior(0, 1)), x: 1 }),
  priorMode: call({ prior: made(dimensionScaledPrior(2)) }),
  priorCenter: call({ prior: made(dimensionScaledPrior(2)) }),
  samplePrior: call({ prior: made(dimensionScaledPrior(2)), rng: rng() }),
  fitGp: call({ X, y: Y, options: model({ kernel: 'matern52', priors: 'gamma', objective: 'evidence' }) }, fitted),
  saasMap: call({ X, y: Y, options: model({}) }, fitted),
  sampleHyperparameters: call(
    { X, y: Y, rng: rng(), options: { method: 'slice', samples: 2, burnIn: 1, thin: 1, noise: 0.1 } },
    { nonNegative: ['options.noise', 'options.burnIn'], positive: ['options.samples', 'options.thin'] },
  ),
  fitRobustGp: call(
    { X, y: Y, options: { restarts: 0, maxOutliers: 1, expectedOutliers: 1, maxIterations: 5 } },
    { nonNegative: ['options.maxOutliers', 'options.restarts'], positive: ['options.expectedOutliers'] },
  ),
  optimalExtraNoise: call({ residual: 3, variance: 1 }, { positive: ['variance'] }),

  // extensions
  collapseReplicates: call({ X, y: Y, noise: [0.1, 0.2, 0.3] }, { positive: ['noise'] }),
  fitHeteroskedasticGp: call(
    { X, y: Y, options: { minRounds: 1, maxRounds: 2, tolerance: 0.1, maxIterations: 5 } },
    { positive: ['options.minRounds', 'options.maxRounds'], nonNegative: ['options.tolerance'] },
  ),
  heteroskedasticPredict: call(
    { model: made(fitHeteroskedasticGp(X, Y, { minRounds: 1, maxRounds: 1, maxIterations: 3 })), Xs: X },
    { free: ['Xs'] },
  ),
  gpConditionWithGradients: call(
    { kernel: KERNEL, data: { X, y: Y, XGrad: X, yGrad: X }, options: { noise: 0.1, gradientNoise: 0.1, mean: 1 } },
    { ...KERNEL_PATHS, nonNegative: ['options.noise', 'options.gradientNoise'] },
  ),
  gpPredictWithGradients: call(
    { gp: made(gpConditionWithGradients(KERNEL, { X, y: Y, XGrad: X, yGrad: X })), Xs: X },
    { free: ['Xs'] },
  ),
  multiTaskGp: call(
    { kernel: KERNEL, data: { X, task: [0, 1, 0], y: Y }, tasks, options: { noise: [0.1, 0.2], mean: 1 } },
    { ...KERNEL_PATHS, nonNegative: ['options.noise', 'data.task'], positive: ['kernel.lengthscale', 'tasks.kappa'] },
  ),
  multiTaskGpPredict: call(
    { gp: made(multiTaskGp(KERNEL, { X, task: [0, 1, 0], y: Y }, tasks)), Xs: X, task: 1 },
    { free: ['Xs'], nonNegative: ['task'] },
  ),
  multiTaskKernel: call(
    { kernel: made(matern52({ lengthscale: 1 })), dimension: 2, tasks },
    { positive: ['dimension', 'tasks.kappa'] },
  ),
  fitMultiTaskGp: call(
    { data: { X, task: [0, 1, 0], y: Y }, options: { rank: 1, restarts: 0, maxIterations: 3 } },
    { positive: ['options.rank'], nonNegative: ['data.task'] },
  ),
  multiTaskGpKronecker: call(
    { kernel: KERNEL, data: { X, Y: X }, tasks, options: { noise: [0.1, 0.2], mean: 1 } },
    { positive: ['kernel.lengthscale', 'tasks.kappa', 'options.noise'] },
  ),
  kroneckerPredict: call(
    { gp: made(multiTaskGpKronecker(KERNEL, { X, Y: X }, tasks)), Xs: X, task: 1 },
    { free: ['Xs'], nonNegative: ['task'] },
  ),
  gpClassifyLaplace: call(
    { kernel: KERNEL, X, labels: [0, 1, 1], options: { mean: 0.1 } },
    { ...KERNEL_PATHS, nonNegative: ['labels'] },
  ),
  gpClassPredict: call(
    { model: made(gpClassifyLaplace(KERNEL, X, [0, 1, 1])), Xs: X, options: { method: 'probit' } },
    { free: ['Xs'] },
  ),
  fitGpClassifier: call(
    { X, labels: [0, 1, 1], options: { mean: 0.1, maxIterations: 3 } },
    { nonNegative: ['labels'] },
  ),
  logisticGaussian: call({ mean: 1, variance: 2, options: { method: 'exact' } }, { nonNegative: ['variance'] }),
  pairwiseGp: call(
    { kernel: KERNEL, X, pairs: [[0, 1], [2, 1]], options: { noise: 0.1 } }, // prettier-ignore
    { nonNegative: ['pairs'], positive: ['kernel.lengthscale', 'options.noise'], free: ['pairs', 'X'] },
  ),
  pairwiseGpPredict: call({ gp: made(pairwiseGp(KERNEL, X, [[0, 1]])), Xs: X }, { free: ['Xs'] }),
  preferenceProbability: call({ gp: made(pairwiseGp(KERNEL, X, [[0, 1]])), x: POINT, z: POINT }),
  fitPairwiseGp: call(
    { X, pairs: [[0, 1], [2, 1]], options: { noise: 0.1, maxIterations: 3 } }, // prettier-ignore
    { nonNegative: ['pairs'], positive: ['options.noise'], free: ['pairs', 'X'] },
  ),

  // sparse processes
  sparseGp: call(
    { kernel: KERNEL, data: { X, y: Y, Z: X }, options: { method: 'fitc', noise: 0.1, mean: 1 } },
    { positive: ['kernel.lengthscale', 'options.noise'], free: ['data.Z'] },
  ),
  sparseGpPredict: call({ gp: made(sparseGp(KERNEL, { X, y: Y, Z: X })), Xs: X }, { free: ['Xs'] }),
  fitSparseGp: call(
    { X, y: Y, options: { inducing: 2, method: 'sgpr', noise: 0.1, mean: 1, maxIterations: 3 } },
    { positive: ['options.inducing', 'options.noise'] },
  ),
  greedyInducing: call(
    { kernel: KERNEL, X, m: 2, options: { tolerance: 0.1 } },
    { positive: ['kernel.lengthscale', 'm'], nonNegative: ['options.tolerance'], free: ['X'] },
  ),

  // transforms of the output and of the input
  boxCox: call({ x: [1, 2], lambda: 0.5 }, { positive: ['x'], free: ['x'] }),
  boxCoxInverse: call({ y: [1, 2], lambda: 0.5 }, { free: ['y'] }),
  boxCoxLambda: call({ x: [1, 2, 5] }, { positive: ['x'], free: ['x'] }),
  yeoJohnson: call({ x: [1, 2], lambda: 0.5 }, { free: ['x'] }),
  yeoJohnsonInverse: call({ y: [1, 2], lambda: 0.5 }, { free: ['y'] }),
  yeoJohnsonLambda: call({ x: [1, 2, 5] }, { free: ['x'] }),
  copula: call({ y: Y }, { free: ['y'] }),
  kumaraswamy: call({ x: 0.2, a: 2, b: 3 }, { nonNegative: ['x'], positive: ['a', 'b'] }),
  kumaraswamyInverse: call({ y: 0.2, a: 2, b: 3 }, { nonNegative: ['y'], positive: ['a', 'b'] }),
  outputTransform: call({ y: [1, 2, 5], kind: 'logRatio', options: { reference: 1 } }, { free: ['y'] }),
  applyOutput: call({ transform: made(outputTransform([1, -2, 5], 'hebo').transform), y: Y }, { free: ['y'] }),
  invertOutput: call({ transform: made(outputTransform([1, 2, 5], 'hebo').transform), z: Y }, { free: ['z'] }),
};
