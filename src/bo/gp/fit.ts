/**
 * Hyper-parameters of a Gaussian process by maximum a posteriori.
 *
 * The objective is the log marginal likelihood (or the leave-one-out pseudo-likelihood) plus the log priors, minimized from
 * several starts by bounded quasi-Newton steps in the logarithms. The constant mean, which has no prior, is profiled: it has
 * a closed form for every covariance, and by the envelope theorem the other derivatives are unchanged.
 */
import { checkInteger, checkOption, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import type { Rng } from '../../random/create-rng.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { withHyperparameters } from '../kernels/kernel-hyperparameters.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { matern52 } from '../kernels/matern.js';
import { rbf } from '../kernels/rbf.js';
import { scaleKernel } from '../kernels/scale.js';
import { checkMean, checkNoise, condition, type GpMean, type GpState } from './gp-state.js';
import { evaluateLeaveOneOut } from './leave-one-out.js';
import { evaluateEvidence } from './log-marginal-likelihood.js';
import { fitParameters, type FitParameter, type ModelPriorOptions } from './model-priors.js';
import { priorLogDensity, priorLogSlope, priorSlope, samplePrior } from './priors.js';

export interface FitGpOptions extends ModelPriorOptions {
  /** A kernel whose hyper-parameters are fitted, or the name of an ARD kernel. Default 'matern52'. */
  kernel?: Kernel | 'matern52' | 'rbf';
  /** Multiply a named kernel by a fitted variance. Default false: targets are standardized, the prior variance is 1. */
  outputScale?: boolean;
  /** 'fit' (default), or a fixed noise variance, shared or one per point. */
  noise?: 'fit' | number | ArrayLike<number>;
  /** Fix the noise at 1e-6, for functions without noise. Default false. */
  deterministic?: boolean;
  /** Constant mean 'fit' (default), or a fixed prior mean. */
  mean?: 'fit' | GpMean;
  /** 'evidence' (default): the log marginal likelihood. 'leave-one-out': the pseudo-likelihood, for misspecified models. */
  objective?: 'evidence' | 'leave-one-out';
  /** Hyper-parameters of an earlier fit, in the order of its result: one more start. */
  start?: ArrayLike<number>;
  /** Starts drawn from the prior, besides its mode and `start`. Default 2; they need `rng`. */
  restarts?: number;
  rng?: Rng;
  /** Of each start. Default 100. */
  maxIterations?: number;
}

export interface GpFit {
  gp: GpState;
  /** Objective with priors; -Infinity when status is 'fallback'. */
  logPosterior: number;
  logMarginalLikelihood: number;
  /** In the order of `names`: logarithms of positive fields. */
  hyperparameters: Float64Array;
  names: string[];
  /** Evaluations of the objective over all starts. */
  evaluations: number;
  /** 'fitted', or 'fallback': no start could be evaluated and the model is that of the prior's mode. */
  status: 'fitted' | 'fallback';
}

/**
 * Fits a Gaussian process to targets y at points X, by default with the model that suits standardized targets on the unit
 * cube: constant mean, Matérn 5/2 with one length-scale per dimension and no output scale, length-scale prior of
 * `dimensionScaledPrior`, noise prior LogNormal(-4, 1) above 1e-4.
 *
 * Starts: `start`, the mode of the prior, `restarts` draws from the prior clipped to the inner 98% of the box. A point where
 * the matrix cannot be factored counts as +∞. Each evaluation costs O(n³); the draws take a varying number of uniforms.
 *
 * @throws RangeError if sizes differ, an entry is not finite, or restarts are asked for without `rng`
 *
 * @example
 * const fit = fitGp([[0], [0.25], [0.5], [0.75], [1]], [0, 1, 0, -1, 0], { restarts: 0, deterministic: true });
 * fit.status; //=> 'fitted'
 */
export function fitGp(X: MatrixLike, y: ArrayLike<number>, options: FitGpOptions = {}): GpFit {
  const raw = toPoints('X', X);
  const points: Points = { ...raw, data: raw.data.slice() };
  checkVector('y', y, points.rows);
  return fitChecked(points, Float64Array.from(y), options);
}

/** `fitGp` for points and targets that are already checked. */
export function fitChecked(X: Points, y: Float64Array, options: FitGpOptions): GpFit {
  const { restarts = 2, maxIterations = 100, objective = 'evidence', rng } = options;
  checkInteger('restarts', restarts, 0);
  checkOption('objective', objective, ['evidence', 'leave-one-out']);
  if (restarts > 0 && rng === undefined) throw new RangeError('rng must be given when restarts is above 0');
  const kernel = startKernel(options, X.columns);
  const noiseOption = options.deterministic === true ? 1e-6 : (options.noise ?? 'fit');
  const fixedNoise = noiseOption === 'fit' ? null : checkNoise(noiseOption, X.rows);
  const mean = options.mean === undefined || options.mean === 'fit' ? null : checkMean(options.mean, X.columns);
  if (objective === 'leave-one-out' && mean !== null && typeof mean !== 'number') {
    throw new RangeError(`mean must be 'fit' or a number for the objective 'leave-one-out'`);
  }
  const parameters = fitParameters(kernel, X.columns, fixedNoise === null, options);
  const problem: Problem = { X, y, kernel, parameters, fixedNoise, mean, leaveOneOut: objective === 'leave-one-out' };
  const p = parameters.length;
  const start = Float64Array.from(parameters, (parameter) => parameter.start);
  const starts: Float64Array[] = [start];
  if (options.start !== undefined) starts.unshift(Float64Array.from(checkVector('start', options.start, p)));
  for (let s = 0; s < restarts && rng !== undefined; s++) starts.push(priorDraw(parameters, rng));

  let best: { x: Float64Array; value: number } | undefined;
  let evaluations = 0;
  if (X.rows > 0) {
    const lower = Float64Array.from(parameters, (parameter) => parameter.lower);
    const upper = Float64Array.from(parameters, (parameter) => parameter.upper);
    const objectiveOf = (theta: Float64Array, gradient: Float64Array) => negativeLogPosterior(problem, theta, gradient);
    for (const x0 of p === 0 ? [] : starts) {
      const result = minimizeLbfgsb(objectiveOf, x0, { lower, upper, maxIterations });
      evaluations += result.evaluations;
      if (Number.isFinite(result.value) && (best === undefined || result.value < best.value)) best = result;
    }
    if (p === 0) {
      const value = negativeLogPosterior(problem, start, new Float64Array(0));
      evaluations += 1;
      if (Number.isFinite(value)) best = { x: start, value };
    }
  }
  const theta = best?.x ?? start;
  const { kernel: fitted, noise } = modelAt(problem, theta);
  const evidence = safely(() => evaluateEvidence(fitted, X, y, noise, mean, false));
  const usedMean = problem.leaveOneOut
    ? (safely(() => evaluateLeaveOneOut(fitted, X, y, noise, mean as number | null, false))?.mean ?? 0)
    : (evidence?.mean ?? mean ?? 0);
  return {
    gp: condition(fitted, X, y, noise, usedMean),
    logPosterior: best === undefined ? -Infinity : -best.value,
    logMarginalLikelihood: evidence?.value ?? -Infinity,
    hyperparameters: Float64Array.from(theta),
    names: parameters.map(({ name }) => name),
    evaluations,
    status: best === undefined && X.rows > 0 ? 'fallback' : 'fitted',
  };
}

interface Problem {
  X: Points;
  y: Float64Array;
  kernel: Kernel;
  parameters: FitParameter[];
  fixedNoise: number | Float64Array | null;
  mean: GpMean | null;
  leaveOneOut: boolean;
}

function modelAt(
  { kernel, fixedNoise }: Problem,
  theta: Float64Array,
): { kernel: Kernel; noise: number | Float64Array } {
  if (fixedNoise !== null) return { kernel: withHyperparameters(kernel, theta), noise: fixedNoise };
  const last = theta.length - 1;
  return { kernel: withHyperparameters(kernel, theta.subarray(0, last)), noise: exp(theta[last]) };
}

/** -(log likelihood + log prior), gradient in the search's coordinates; +∞ where the covariance cannot be factored. */
function negativeLogPosterior(problem: Problem, theta: Float64Array, gradient: Float64Array): number {
  const { X, y, parameters, mean } = problem;
  const model = modelAt(problem, theta);
  const evidence = safely(() =>
    problem.leaveOneOut
      ? evaluateLeaveOneOut(model.kernel, X, y, model.noise, mean as number | null, true)
      : evaluateEvidence(model.kernel, X, y, model.noise, mean, true),
  );
  if (evidence === undefined || Number.isNaN(evidence.value)) return Infinity;
  let value = -evidence.value;
  for (let p = 0; p < parameters.length; p++) {
    const { prior, transform } = parameters[p];
    gradient[p] = p < evidence.byKernel.length ? -evidence.byKernel[p] : -evidence.byNoise;
    if (prior === undefined) continue;
    const x = transform === 'log' ? exp(theta[p]) : theta[p];
    value -= priorLogDensity(prior, x);
    gradient[p] -= transform === 'log' ? priorLogSlope(prior, x) : priorSlope(prior, x);
  }
  return Number.isNaN(value) ? Infinity : value;
}

function startKernel({ kernel = 'matern52', outputScale = false }: FitGpOptions, d: number): Kernel {
  if (typeof kernel !== 'string') {
    checkKernel(kernel, d);
    return outputScale ? scaleKernel(1, kernel) : kernel;
  }
  checkOption('kernel', kernel, ['matern52', 'rbf']);
  const lengthscale = new Array<number>(d).fill(1);
  const base = kernel === 'rbf' ? rbf({ lengthscale }) : matern52({ lengthscale });
  return outputScale ? scaleKernel(1, base) : base;
}

/** A draw from the priors, inside the middle 98% of the box; uniform there where there is no prior. */
function priorDraw(parameters: FitParameter[], rng: Rng): Float64Array {
  return Float64Array.from(parameters, ({ prior, transform, lower, upper }) => {
    const margin = 0.01 * (upper - lower);
    let value = lower + (upper - lower) * (prior === undefined ? rng() : 0);
    if (prior !== undefined) {
      const x = samplePrior(prior, rng);
      value = transform === 'identity' ? x : x > 0 ? log(x) : lower;
    }
    return Math.min(upper - margin, Math.max(lower + margin, value));
  });
}

/** A matrix that stays indefinite after the largest jitter is an outcome of the search, not an error of the caller. */
function safely<T>(evaluate: () => T): T | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return undefined;
  }
}
