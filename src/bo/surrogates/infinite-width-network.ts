const NAMES = { kernel: true, deterministic: true } satisfies Record<keyof InfiniteWidthOptions, true>;

/**
 * The infinitely wide Bayesian neural network (I-BNN): exact inference with the kernel of its prior.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, section 3.5 and Appendix; the kernel is `nngpRelu`.
 *
 *   K kernel matrix with fixed weight and bias variances = V diag(λ) Vᵀ, s output scale, σ² noise: K_y = s K + σ² I
 *
 * Only s and σ² are learned. In the basis V the log marginal likelihood costs O(n) for every (s, σ²), so that a fit is one
 * eigendecomposition.
 */
import { checkOptionNames } from '../../internal/check.js';
import { symmetricEigen } from '../../linalg/eigen.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { condition, type GpState } from '../gp/gp-state.js';
import { logNormalPrior, priorLogDensity, priorLogSlope } from '../gp/priors.js';
import type { Kernel } from '../kernels/kernel.js';
import { checkKernel, kernelMatrix } from '../kernels/kernel-matrix.js';
import { ibnnDefaults } from '../kernels/nngp.js';
import { scaleKernel } from '../kernels/scale.js';
import { gpSurrogate } from './gp-surrogate.js';
import { type Surrogate, trainingData } from './surrogate.js';

export interface InfiniteWidthOptions {
  /** Kernel of the network, without noise of its own; `ibnnDefaults(d)` unless given. Its fields stay as they are. */
  kernel?: Kernel;
  /** Noise-free observations: the noise variance is fixed at 1e-6. Default false, it is fitted. */
  deterministic?: boolean;
}

/**
 * The infinitely wide Bayesian neural network: depth, weight and bias variances of the kernel are fixed, output scale and
 * noise are fitted, the constant mean is profiled. It has no length-scale to learn, which helps where there are hundreds of
 * inputs, and it is not stationary.
 *
 * Priors: noise LogNormal(-4, 1) as in `fitGp`; the scale's is LogNormal with deviation 2 and its mode where a draw has
 * variance 1 over the data. O(n³) for a fit; no random numbers.
 *
 * @example
 * const model = infiniteWidthNetwork({ deterministic: true });
 * const state = model.fit([[0, 1], [1, 0], [1, 1]], [0, 1, -1], createRng(1));
 * Math.abs(model.predict(state, [[1, 0]]).mean[0] - 1) < 1e-2; //=> true
 */
export function infiniteWidthNetwork(options: InfiniteWidthOptions = {}): Surrogate<GpState> {
  checkOptionNames('options', options, NAMES);
  const { deterministic = false } = options;
  return {
    ...gpSurrogate(),
    fit(X, y) {
      const { points, targets } = trainingData(X, y);
      const kernel = options.kernel ?? ibnnDefaults(points.columns);
      checkKernel(kernel, points.columns);
      const K = kernelMatrix(kernel, points);
      const { scale, noise, mean } = fitScaleAndNoise(K, targets, deterministic ? 1e-6 : null);
      return condition(scaleKernel(scale, kernel), { ...points, data: points.data.slice() }, targets, noise, mean);
    },
  };
}

const NOISE_PRIOR = /* @__PURE__ */ logNormalPrior(-4, 1);

/** Maximum a posteriori of s and σ² from several starts; `fixedNoise` null fits the noise. */
function fitScaleAndNoise(
  K: Float64Array,
  y: Float64Array,
  fixedNoise: number | null,
): { scale: number; noise: number; mean: number } {
  const n = y.length;
  const { values, vectors } = symmetricEigen(K, n);
  const rotated = new Float64Array(n);
  const ones = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      rotated[k] += vectors[i * n + k] * y[i];
      ones[k] += vectors[i * n + k];
    }
  }
  const unit = 1 / sampleVariance(K, n);
  const scalePrior = logNormalPrior(log(unit) + 4, 2); // the mode of LogNormal(μ, σ) is e^(μ - σ²)
  const meanAt = (scale: number, noise: number) => {
    let [numerator, denominator] = [0, 0];
    for (let k = 0; k < n; k++) {
      const weight = ones[k] / (scale * Math.max(0, values[k]) + noise);
      numerator += weight * rotated[k];
      denominator += weight * ones[k];
    }
    return denominator > 0 ? numerator / denominator : 0;
  };
  const negativeLogPosterior = (theta: Float64Array, gradient: Float64Array) => {
    const scale = exp(theta[0]);
    const noise = fixedNoise ?? exp(theta[1]);
    const mean = meanAt(scale, noise);
    let [value, byScale, byNoise] = [0, 0, 0];
    for (let k = 0; k < n; k++) {
      const lambda = Math.max(0, values[k]);
      const variance = scale * lambda + noise;
      const residual = rotated[k] - mean * ones[k];
      value += 0.5 * ((residual * residual) / variance + log(variance));
      const slope = (0.5 * (1 - (residual * residual) / variance)) / variance;
      byScale += slope * lambda;
      byNoise += slope;
    }
    gradient[0] = scale * byScale - priorLogSlope(scalePrior, scale);
    value -= priorLogDensity(scalePrior, scale);
    if (fixedNoise === null) {
      gradient[1] = noise * byNoise - priorLogSlope(NOISE_PRIOR, noise);
      value -= priorLogDensity(NOISE_PRIOR, noise);
    }
    return value;
  };
  let best: { value: number; x: Float64Array } | undefined;
  for (const factor of [1e-2, 1, 1e2]) {
    for (const noise of fixedNoise === null ? [exp(-5), 0.2] : [fixedNoise]) {
      const start = fixedNoise === null ? [log(unit * factor), log(noise)] : [log(unit * factor)];
      const lower = fixedNoise === null ? [log(unit) - 12, log(1e-4)] : [log(unit) - 12];
      const upper = fixedNoise === null ? [log(unit) + 12, log(100)] : [log(unit) + 12];
      const result = minimizeLbfgsb(negativeLogPosterior, start, { lower, upper });
      if (Number.isFinite(result.value) && (best === undefined || result.value < best.value)) best = result;
    }
  }
  const scale = best === undefined ? unit : exp(best.x[0]);
  const noise = fixedNoise ?? (best === undefined ? exp(-5) : exp(best.x[1]));
  return { scale, noise, mean: meanAt(scale, noise) };
}

/** Expected variance over the points of a draw from the prior: mean of K_ii - mean of K_ij; 1 where that is 0. */
function sampleVariance(K: Float64Array, n: number): number {
  let diagonal = 0;
  let all = 0;
  for (let i = 0; i < n; i++) {
    diagonal += K[i * n + i];
    for (let j = 0; j < n; j++) all += K[i * n + j];
  }
  const variance = diagonal / n - all / (n * n);
  return variance > 1e-12 * (diagonal / n) ? variance : 1;
}
