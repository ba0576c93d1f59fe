/**
 * Gaussian processes behind the contract of surrogates: the default model of `fitGp`, and the infinitely wide Bayesian
 * neural network.
 *
 * I-BNN: Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, section 3.5 and Appendix; the kernel is `nngpRelu`.
 */
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { fitGp, type FitGpOptions } from '../gp/fit.js';
import type { GpState } from '../gp/gp-state.js';
import { gpPredict, gpPredictGradient } from '../gp/predict.js';
import { gpSample } from '../gp/sample.js';
import { logNormalPrior } from '../gp/priors.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { kernelHyperparameters } from '../kernels/kernel-hyperparameters.js';
import { kernelMatrix } from '../kernels/kernel-matrix.js';
import { ibnnDefaults } from '../kernels/nngp.js';
import { type Surrogate, trainingData } from './surrogate.js';

/** Options of `fitGp`, of which `rng` and `start` come from the fit itself. */
export type GpSurrogateOptions = Omit<FitGpOptions, 'rng' | 'start'>;

/**
 * A Gaussian process fitted by `fitGp` with these options: the baseline of every comparison.
 *
 * @example
 * const model = gpSurrogate({ deterministic: true });
 * const state = model.fit([[0], [0.5], [1]], [1, -1, 0], createRng(1));
 * Math.abs(model.predict(state, [[0.5]]).mean[0] + 1) < 1e-3; //=> true
 */
export function gpSurrogate(options: GpSurrogateOptions = {}): Surrogate<GpState> {
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      return fitGp(points, targets, { ...options, rng }).gp;
    },
    predict: (gp, Xs) => {
      const { mean, variance } = gpPredict(gp, Xs);
      return { mean, variance };
    },
    sample: (gp, Xs, n, rng) => gpSample(gp, Xs, n, rng),
    predictGradient(gp, x) {
      const { mean, variance, dMean, dVariance } = gpPredictGradient(gp, x);
      return { mean, variance, dMean, dVariance };
    },
  };
}

export interface InfiniteWidthOptions {
  /** Kernel of the network; `ibnnDefaults(d)` unless given. Its weight and bias variances stay fixed. */
  kernel?: Kernel;
  /** Noise-free observations: the noise variance is fixed at 1e-6. Default false, it is fitted. */
  deterministic?: boolean;
}

/**
 * The infinitely wide Bayesian neural network: exact inference with the kernel of its prior, whose depth, weight and bias
 * variances are fixed and whose output scale and noise are fitted. It has no length-scale to learn, which helps where
 * there are hundreds of inputs, and it is not stationary.
 *
 * @example
 * const model = infiniteWidthNetwork({ deterministic: true });
 * const state = model.fit([[0, 1], [1, 0], [1, 1]], [0, 1, -1], createRng(1));
 * Math.abs(model.predict(state, [[1, 0]]).mean[0] - 1) < 1e-2; //=> true
 */
export function infiniteWidthNetwork(options: InfiniteWidthOptions = {}): Surrogate<GpState> {
  const { deterministic = false } = options;
  return {
    ...gpSurrogate(),
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const kernel = options.kernel ?? ibnnDefaults(points.columns);
      const bounds: Record<string, readonly [number, number]> = {};
      for (const { name, transform, value } of kernelHyperparameters(kernel)) {
        const fixed = transform === 'log' ? exp(value) : value;
        bounds[`kernel.${name}`] = [fixed, fixed];
      }
      // Standardized targets have variance 1, so the scale is sought about the one that gives the prior's draws variance 1
      // over the data; three orders of magnitude either way are left open.
      const scale = 1 / sampleVariance(kernel, points);
      bounds.variance = [scale * 1e-4, scale * 1e4];
      return fitGp(points, targets, {
        kernel,
        outputScale: true,
        deterministic,
        bounds,
        priorOverrides: { variance: logNormalPrior(log(scale) + 4, 2) },
        rng,
      }).gp;
    },
  };
}

/** Expected variance over the points of a draw from the prior: mean of K_ii - mean of K_ij; 1 where that is 0. */
function sampleVariance(kernel: Kernel, points: Points): number {
  const n = points.rows;
  const K = kernelMatrix(kernel, points);
  let diagonal = 0;
  let all = 0;
  for (let i = 0; i < n; i++) {
    diagonal += K[i * n + i];
    for (let j = 0; j < n; j++) all += K[i * n + j];
  }
  const variance = diagonal / n - all / (n * n);
  return variance > 1e-12 * (diagonal / n) ? variance : 1;
}
