// The functions of bo.json that live in bo/kernels and bo/gp.
import {
  dimensionScaledPrior,
  gammaPrior,
  gpAppend,
  gpClassifyLaplace,
  gpClassPredict,
  gpCondition,
  gpConditionWithGradients,
  gpLeaveOneOut,
  gpLogMarginalLikelihood,
  gpPredict,
  gpPredictGradient,
  gpPredictWithGradients,
  kernelCross,
  kernelGradHyper,
  kernelGradInput,
  kernelMatrix,
  kernelValue,
  linearTruncatedFidelity,
  priorCenter,
  priorLogDensity,
  priorMode,
  multiTaskGp,
  multiTaskGpPredict,
  sparseGp,
  sparseGpPredict,
  standardize,
  yeoJohnson,
} from '../../../src/bo/index.js';
import type { GoldAdapters, GoldInput } from '../adapter.js';
import { rowsOf } from '../agrees.js';

const conditioned = ({ kernel, X, y, noise, mean }: GoldInput) => gpCondition(kernel, X, y, { noise, mean });
const columnsOf = (X: ArrayLike<unknown>) => X.length;

export const adapters: GoldAdapters['adapters'] = {
  kernelMatrix: ({ kernel, X }) => rowsOf(kernelMatrix(kernel, X), columnsOf(X)),
  kernelCross: ({ kernel, X, Z }) => rowsOf(kernelCross(kernel, X, Z), columnsOf(Z)),
  kernelGradHyper: ({ kernel, X, Z }) =>
    Object.fromEntries(
      Object.entries(kernelGradHyper(kernel, X, Z)).map(([path, matrix]) => [path, rowsOf(matrix, columnsOf(Z))]),
    ),
  kernelGradInput: ({ kernel, x, z }) => kernelGradInput(kernel, x, z),
  linearTruncatedFidelityKernel: ({ x, z, fidelityIndex, power, unbiased, biased }) =>
    kernelValue(linearTruncatedFidelity({ fidelityDim: fidelityIndex, power, unbiased, biased }), x, z),
  gpPredict: (input) => {
    const { mean, variance, covariance } = gpPredict(conditioned(input), input.Xs, { covariance: true });
    return { mean, variance, cov: rowsOf(covariance, mean.length) };
  },
  gpLogMarginalLikelihood: ({ kernel, X, y, noise, mean }) =>
    gpLogMarginalLikelihood(kernel, X, y, { noise, mean, gradient: true }),
  gpLeaveOneOut: (input) => gpLeaveOneOut(conditioned(input)),
  gpPredictGradient: (input) => gpPredictGradient(conditioned(input), input.x),
  gpAppend: (input) => {
    const { XNew, yNew, Xs } = input as GoldInput & Record<'XNew' | 'Xs', number[][]> & { yNew: number[] };
    const grown = XNew.reduce((gp, x, i) => gpAppend(gp, x, yNew[i]), conditioned(input));
    return gpPredict(grown, Xs);
  },
  dimensionScaledLogNormalPrior: ({ d, x }) => {
    const prior = dimensionScaledPrior(d);
    return { mode: priorMode(prior), median: priorCenter(prior), logDensity: priorLogDensity(prior, x) };
  },
  gammaPriorLogDensity: ({ concentration, rate, x }) => priorLogDensity(gammaPrior(concentration, rate), x),
  gpPredictWithDerivatives: ({ kernel, X, y, XGrad, yGrad, noise, gradNoise, Xs }) =>
    gpPredictWithGradients(
      gpConditionWithGradients(kernel, { X, y, XGrad, yGrad }, { noise, gradientNoise: gradNoise }),
      Xs,
    ),
  multiTaskGpPredict: ({ kernel, X, task, y, W, kappa, noise, Xs }) => {
    const gp = multiTaskGp(kernel, { X, task, y }, { W, kappa }, { noise });
    const parts = (kappa as number[]).map((_, t) => multiTaskGpPredict(gp, Xs, t));
    return {
      mean: parts.flatMap(({ mean }) => Array.from(mean)),
      variance: parts.flatMap(({ variance }) => Array.from(variance)),
    };
  },
  sparseGp: ({ kernel, X, y, Z, noise, Xs }) => {
    const [sgpr, dtc, fitc] = (['sgpr', 'dtc', 'fitc'] as const).map((method) =>
      sparseGp(kernel, { X, y, Z }, { noise, method }),
    );
    const ofSgpr = sparseGpPredict(sgpr, Xs);
    const ofFitc = sparseGpPredict(fitc, Xs);
    return {
      sgprElbo: sgpr.logMarginalLikelihood,
      dtcLogMarginalLikelihood: dtc.logMarginalLikelihood,
      fitcLogMarginalLikelihood: fitc.logMarginalLikelihood,
      sgprMean: ofSgpr.mean,
      sgprVariance: ofSgpr.variance,
      fitcMean: ofFitc.mean,
      fitcVariance: ofFitc.variance,
    };
  },
  gpClassifyLaplace: ({ kernel, X, labels, Xs }) => {
    const model = gpClassifyLaplace(kernel, X, labels);
    return { ...model, ...gpClassPredict(model, Xs) };
  },
  yeoJohnson: ({ x, lambda }) => yeoJohnson(x, lambda),
  standardize: ({ y }) => standardize(y),
};
