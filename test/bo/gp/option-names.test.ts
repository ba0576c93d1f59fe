// A misspelt option of a process, a fit, a kernel, a minimizer or a design is refused: none is passed over in silence.
import { expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { minimizeLbfgsb, minimizeMultiStart } from '../../../src/optimize/index.js';
import {
  createRng,
  gridDesign,
  halton,
  latinHypercube,
  sobol,
  sobolNormal,
  sobolSequence,
} from '../../../src/random/index.js';

const rng = createRng(1);
const X = [[0], [0.5], [1]];
const y = [0, 1, 0];
const kernel = bo.rbf({ lengthscale: 1 });
const gp = bo.gpCondition(kernel, X, y);
const tasks = { W: [[1], [1]], kappa: [1, 1] };
const multi = { X: [[0], [1]], task: [0, 1], y: [0, 1] };
const classifier = bo.gpClassifyLaplace(kernel, X, y);
const sparse = bo.sparseGp(kernel, { X, y, Z: X });
const gradients = { X: [[0]], y: [0], XGrad: [[0]], yGrad: [[1]] };
const withGradients = bo.gpConditionWithGradients(kernel, gradients);
const square = (x: Float64Array, g: Float64Array) => ((g[0] = 2 * x[0]), x[0] * x[0]);

const CALLS: [call: string, wrong: string, meant: string, run: (options: never) => unknown][] = [
  ['gpCondition', 'noiseVariance', 'noise', (o) => bo.gpCondition(kernel, X, y, o)],
  ['gpLogMarginalLikelihood', 'gradients', 'gradient', (o) => bo.gpLogMarginalLikelihood(kernel, X, y, o)],
  ['gpPredict', 'includeNoize', 'includeNoise', (o) => bo.gpPredict(gp, X, o)],
  ['gpAppend', 'noize', 'noise', (o) => bo.gpAppend(gp, [0.2], 1, o)],
  ['gpAppendMany', 'noize', 'noise', (o) => bo.gpAppendMany(gp, [[0.2]], [1], o)],
  ['gpDiagnostics', 'level', 'levels', (o) => bo.gpDiagnostics(gp, o)],
  ['gpSamplePaths', 'feature', 'features', (o) => bo.gpSamplePaths(gp, 1, rng, o)],
  ['fitGp', 'prior', 'priors', (o) => bo.fitGp(X, y, o)],
  ['fitGp', 'outputscale', 'outputScale', (o) => bo.fitGp(X, y, o)],
  ['saasMap', 'priors', 'priorOverrides', (o) => bo.saasMap(X, y, o)],
  ['sampleHyperparameters', 'burnin', 'burnIn', (o) => bo.sampleHyperparameters(X, y, rng, o)],
  ['fitHeteroskedasticGp', 'noise', 'maxRounds', (o) => bo.fitHeteroskedasticGp(X, y, o)],
  ['fitRobustGp', 'outliers', 'maxOutliers', (o) => bo.fitRobustGp(X, y, o)],
  ['fitMultiTaskGp', 'ranks', 'rank', (o) => bo.fitMultiTaskGp(multi, o)],
  ['multiTaskGp', 'noises', 'noise', (o) => bo.multiTaskGp(kernel, multi, tasks, o)],
  ['multiTaskGpPredict', 'noise', 'includeNoise', (o) => bo.multiTaskGpPredict(bo.multiTaskGp(kernel, multi, tasks), X, 0, o)], // prettier-ignore
  ['multiTaskGpKronecker', 'means', 'mean', (o) => bo.multiTaskGpKronecker(kernel, { X: [[0]], Y: [[0, 1]] }, tasks, o)], // prettier-ignore
  ['gpConditionWithGradients', 'noiseGradient', 'gradientNoise', (o) => bo.gpConditionWithGradients(kernel, gradients, o)], // prettier-ignore
  ['gpPredictWithGradients', 'gradients', 'gradient', (o) => bo.gpPredictWithGradients(withGradients, X, o)],
  ['gpClassifyLaplace', 'noise', 'mean', (o) => bo.gpClassifyLaplace(kernel, X, y, o)],
  ['gpClassPredict', 'mode', 'method', (o) => bo.gpClassPredict(classifier, X, o)],
  ['fitGpClassifier', 'iterations', 'maxIterations', (o) => bo.fitGpClassifier(X, y, o)],
  ['pairwiseGp', 'sigma', 'noise', (o) => bo.pairwiseGp(kernel, X, [[0, 1]], o)],
  ['fitPairwiseGp', 'sigma', 'noise', (o) => bo.fitPairwiseGp(X, [[0, 1]], o)],
  ['sparseGp', 'methods', 'method', (o) => bo.sparseGp(kernel, { X, y, Z: X }, o)],
  ['sparseGpPredict', 'noise', 'includeNoise', (o) => bo.sparseGpPredict(sparse, X, o)],
  ['fitSparseGp', 'points', 'inducing', (o) => bo.fitSparseGp(X, y, o)],
  ['greedyInducing', 'tol', 'tolerance', (o) => bo.greedyInducing(kernel, X, 2, o)],
  ['minimizeLbfgsb', 'bounds', 'lower', (o) => minimizeLbfgsb(square, [1], o)],
  ['minimizeMultiStart', 'tolerance', 'gradientTolerance', (o) => minimizeMultiStart(square, [[1]], o)],
  ['sobol', 'skip', 'start', (o) => sobol(2, 2, o)],
  ['sobolSequence', 'skip', 'start', (o) => sobolSequence(2, o)],
  ['sobolNormal', 'skip', 'start', (o) => sobolNormal(2, 2, rng, o)],
  ['halton', 'skip', 'start', (o) => halton(2, 2, o)],
  ['latinHypercube', 'centred', 'centered', (o) => latinHypercube(2, 2, rng, o)],
  ['gridDesign', 'centred', 'centered', (o) => gridDesign([2], o)],
  ['rbf', 'lengthScale', 'lengthscale', (o) => bo.rbf(o)],
  ['matern12', 'lengthScale', 'lengthscale', (o) => bo.matern12(o)],
  ['matern32', 'lengthScale', 'lengthscale', (o) => bo.matern32(o)],
  ['matern52', 'active', 'activeDims', (o) => bo.matern52(o)],
  ['rationalQuadratic', 'a', 'alpha', (o) => bo.rationalQuadratic(o)],
  ['periodicKernel', 'p', 'period', (o) => bo.periodicKernel(o)],
  ['linearKernel', 'offset', 'bias', (o) => bo.linearKernel(o)],
  ['polynomialKernel', 'power', 'degree', (o) => bo.polynomialKernel(o)],
  ['hammingKernel', 'scale', 'lengthscale', (o) => bo.hammingKernel(o)],
  ['tanimoto', 'dims', 'activeDims', (o) => bo.tanimoto(o)],
  ['nngpRelu', 'layers', 'depth', (o) => bo.nngpRelu(o)],
  ['nngpErf', 'layers', 'depth', (o) => bo.nngpErf(o)],
  ['indexKernel', 'variances', 'kappa', (o) => bo.indexKernel(o)],
  ['taskNoiseKernel', 'variances', 'noise', (o) => bo.taskNoiseKernel(o)],
  ['exponentialDecay', 'w', 'offset', (o) => bo.exponentialDecay(o)],
  ['linearTruncatedFidelity', 'mode', 'powerMode', (o) => bo.linearTruncatedFidelity(o)],
  ['warpedKernel', 'a', 'warpA', (o) => bo.warpedKernel(kernel, o)],
];

it.each(CALLS)('%s: %s for %s', (_name, wrong, meant, run) => {
  const call = () => run({ [wrong]: 1 } as never);
  expect(call).toThrow(TypeError);
  expect(call).toThrow(new RegExp(` has no '${wrong}'; it may have .*\\b${meant}\\b`));
});
