/**
 * The log posterior density of a Gaussian process's hyper-parameters: what `fitGp` maximizes and `sampleHyperparameters`
 * samples.
 *
 * The log marginal likelihood (or the leave-one-out pseudo-likelihood) plus the log priors, with its gradient, as a function
 * of θ: logarithms of the positive fields. The constant mean, which has no prior, is profiled: it has a closed form for every
 * covariance, and by the envelope theorem the other derivatives are unchanged.
 */
import { checkOption } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { withHyperparameters } from '../kernels/kernel-hyperparameters.js';
import { checkKernel } from '../kernels/kernel-matrix.js';
import { matern52 } from '../kernels/matern.js';
import { rbf } from '../kernels/rbf.js';
import { scaleKernel } from '../kernels/scale.js';
import { checkMean, checkNoise, type GpMean } from './gp-state.js';
import { evaluateLeaveOneOut } from './leave-one-out.js';
import { evaluateEvidence } from './log-marginal-likelihood.js';
import { fitParameters, type FitParameter, type ModelPriorOptions } from './model-priors.js';
import { priorLogDensity, priorLogSlope, priorSlope } from './priors.js';
import { saasExpand, saasParameters, saasPull } from './saas.js';

/** What defines the density. */
export interface GpModelOptions extends ModelPriorOptions {
  /** A kernel whose hyper-parameters are fitted, or the name of an ARD kernel. Default 'matern52'. */
  kernel?: Kernel | 'matern52' | 'rbf';
  /** Multiply the kernel by a fitted variance. Default false: targets are standardized, the prior variance is 1. */
  outputScale?: boolean;
  /** 'fit' (default), or a fixed noise variance, shared or one per point. */
  noise?: 'fit' | number | ArrayLike<number>;
  /** Fix the noise at 1e-6, for functions without noise. Default false. */
  deterministic?: boolean;
  /** Constant mean 'fit' (default), or a fixed prior mean. */
  mean?: 'fit' | GpMean;
  /** 'evidence' (default): the log marginal likelihood. 'leave-one-out': the pseudo-likelihood, for misspecified models. */
  objective?: 'evidence' | 'leave-one-out';
}

/** The names of `GpModelOptions` beside those of its priors. */
export const GP_MODEL_NAMES = {
  kernel: true,
  outputScale: true,
  noise: true,
  deterministic: true,
  mean: true,
  objective: true,
} satisfies Record<Exclude<keyof GpModelOptions, keyof ModelPriorOptions>, true>;

export interface HyperPosterior {
  X: Points;
  y: Float64Array;
  kernel: Kernel;
  parameters: FitParameter[];
  fixedNoise: number | Float64Array | null;
  /** Fixed prior mean, or null: profiled. */
  mean: GpMean | null;
  leaveOneOut: boolean;
  saas: boolean;
  /** Add Σ θ of the positive fields: the density of the logarithms, which sampling needs, instead of that of the fields. */
  jacobian: boolean;
}

/** @throws as `fitGp` */
export function hyperPosterior(X: Points, y: Float64Array, options: GpModelOptions, jacobian: boolean): HyperPosterior {
  const objective = checkOption('objective', options.objective ?? 'evidence', ['evidence', 'leave-one-out']);
  const saas = options.priors === 'saas';
  const d = X.columns;
  if (saas && options.kernel !== undefined && typeof options.kernel !== 'string') {
    throw new RangeError(`kernel must be 'matern52' or 'rbf' for the priors 'saas'`);
  }
  const kernel = startKernel(saas ? { ...options, outputScale: true } : options, d);
  const noiseOption = options.deterministic === true ? 1e-6 : (options.noise ?? 'fit');
  const fixedNoise = noiseOption === 'fit' ? null : checkNoise(noiseOption, X.rows);
  const mean = options.mean === undefined || options.mean === 'fit' ? null : checkMean(options.mean, d);
  if (objective === 'leave-one-out' && mean !== null && typeof mean !== 'number') {
    throw new RangeError(`mean must be 'fit' or a number for the objective 'leave-one-out'`);
  }
  const noiseFitted = fixedNoise === null;
  const parameters = saas ? saasParameters(d, noiseFitted, options) : fitParameters(kernel, d, noiseFitted, options);
  return { X, y, kernel, parameters, fixedNoise, mean, leaveOneOut: objective === 'leave-one-out', saas, jacobian };
}

/** The model at θ. */
export function modelAt(
  { kernel, fixedNoise, saas, X }: HyperPosterior,
  theta: Float64Array,
): { kernel: Kernel; noise: number | Float64Array } {
  const ofKernel = fixedNoise === null ? theta.subarray(0, theta.length - 1) : theta;
  return {
    kernel: withHyperparameters(kernel, saas ? saasExpand(ofKernel, X.columns) : ofKernel),
    noise: fixedNoise ?? exp(theta[theta.length - 1]),
  };
}

/** ln p(θ | data) up to a constant and its gradient; -Infinity where the covariance cannot be factored. */
export function logPosterior(posterior: HyperPosterior, theta: Float64Array, gradient: Float64Array): number {
  const { X, y, parameters, mean, saas, jacobian } = posterior;
  const model = modelAt(posterior, theta);
  const evidence = safely(() =>
    posterior.leaveOneOut
      ? evaluateLeaveOneOut(model.kernel, X, y, model.noise, mean as number | null, true)
      : evaluateEvidence(model.kernel, X, y, model.noise, mean, true),
  );
  if (evidence === undefined || Number.isNaN(evidence.value)) return -Infinity;
  let value = evidence.value;
  const byKernel = saas ? saasPull(evidence.byKernel, X.columns) : evidence.byKernel;
  for (let p = 0; p < parameters.length; p++) {
    const { prior, transform } = parameters[p];
    gradient[p] = p < byKernel.length ? byKernel[p] : evidence.byNoise;
    if (jacobian && transform === 'log') {
      value += theta[p];
      gradient[p] += 1;
    }
    if (prior === undefined) continue;
    const x = transform === 'log' ? exp(theta[p]) : theta[p];
    value += priorLogDensity(prior, x);
    gradient[p] += transform === 'log' ? priorLogSlope(prior, x) : priorSlope(prior, x);
  }
  return Number.isNaN(value) ? -Infinity : value;
}

/** undefined where a matrix stays indefinite after the largest jitter: an outcome of a search, not an error of the caller. */
export function safely<T>(evaluate: () => T): T | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return undefined;
  }
}

function startKernel({ kernel = 'matern52', outputScale = false }: GpModelOptions, d: number): Kernel {
  if (typeof kernel !== 'string') {
    checkKernel(kernel, d);
    return outputScale ? scaleKernel(1, kernel) : kernel;
  }
  checkOption('kernel', kernel, ['matern52', 'rbf']);
  const lengthscale = new Array<number>(d).fill(1);
  const base = kernel === 'rbf' ? rbf({ lengthscale }) : matern52({ lengthscale });
  return outputScale ? scaleKernel(1, base) : base;
}
