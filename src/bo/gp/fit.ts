/**
 * Hyper-parameters of a Gaussian process by maximum a posteriori: bounded quasi-Newton steps in the logarithms from several
 * starts, on the density of `log-posterior.ts`.
 */
import { checkInteger, checkOptionNames, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { kernelRules } from '../kernels/rules.js';
import { condition, type GpMean, type GpState } from './gp-state.js';
import { evaluateLeaveOneOut } from './leave-one-out.js';
import { evaluateEvidence } from './log-marginal-likelihood.js';
import { GP_MODEL_NAMES, hyperPosterior, logPosterior, modelAt, safely, type GpModelOptions } from './log-posterior.js';
import { MODEL_PRIOR_NAMES, type FitParameter } from './model-priors.js';
import { samplePrior } from './priors.js';

export interface FitGpOptions extends GpModelOptions {
  /** Maximize the density of the logarithms in place of that of the fields: adds Σ θ. Default false, as other libraries. */
  jacobian?: boolean;
  /** Hyper-parameters of an earlier fit, in the order of its result: one more start. */
  start?: ArrayLike<number>;
  /** Starts drawn from the prior, besides its mode and `start`. Default 2; they need `rng`. */
  restarts?: number;
  rng?: Rng;
  /** Of each start. Default 100. */
  maxIterations?: number;
}

/** The names of `FitGpOptions`. */
export function fitGpNames(): Record<keyof FitGpOptions, true> {
  const own = { jacobian: true, start: true, restarts: true, rng: true, maxIterations: true } as const;
  return { ...MODEL_PRIOR_NAMES, ...GP_MODEL_NAMES, ...own };
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
  /**
   * 'fitted'; 'constant': targets that do not vary say nothing of scales, and the model is that of the prior's mode;
   * 'fallback': no start could be evaluated, and the model is that of the prior's mode, with as much noise as it needs.
   */
  status: 'fitted' | 'constant' | 'fallback';
}

/**
 * Fits a Gaussian process to targets y at points X, by default with the model that suits standardized targets on the unit
 * cube: constant mean, Matérn 5/2 with one length-scale per dimension and no output scale, length-scale prior of
 * `dimensionScaledPrior`, noise prior LogNormal(-4, 1) above 1e-4.
 *
 * Starts: `start`, the mode of the prior, `restarts` draws from the prior clipped to the inner 98% of the box. A point where
 * the matrix cannot be factored counts as +∞. Each evaluation costs O(n³) time and O(n²) memory, whatever the number of
 * hyper-parameters; the draws take a varying number of uniforms.
 *
 * @throws RangeError if sizes differ, an entry is not finite, or restarts are asked for without `rng`
 *
 * @example
 * const fit = fitGp([[0], [0.25], [0.5], [0.75], [1]], [0, 1, 0, -1, 0], { restarts: 0, deterministic: true });
 * fit.status; //=> 'fitted'
 */
export function fitGp(X: MatrixLike, y: ArrayLike<number>, options: FitGpOptions = {}): GpFit {
  checkOptionNames('options', options, fitGpNames());
  const raw = toPoints('X', X);
  const points: Points = { ...raw, data: raw.data.slice() };
  checkVector('y', y, points.rows);
  return fitChecked(points, Float64Array.from(y), options);
}

/**
 * `fitGp` under the sparse axis-aligned subspace prior (`priors: 'saas'`), with an output scale: for tens to hundreds of
 * dimensions of which few matter.
 *
 * D. Eriksson, M. Jankowiak, arXiv:2103.00229; its fully Bayesian form is `sampleHyperparameters` with the same priors.
 */
export function saasMap(X: MatrixLike, y: ArrayLike<number>, options: Omit<FitGpOptions, 'priors'> = {}): GpFit {
  const { priors: _priors, ...names } = fitGpNames();
  checkOptionNames('options', options, names);
  return fitGp(X, y, { ...options, priors: 'saas' });
}

/** `fitGp` for points and targets that are already checked. */
export function fitChecked(X: Points, y: Float64Array, options: FitGpOptions): GpFit {
  const { restarts = 2, maxIterations = 100, jacobian = false, rng } = options;
  checkInteger('restarts', restarts, 0);
  if (restarts > 0 && rng === undefined) throw new RangeError('rng must be given when restarts is above 0');
  const posterior = hyperPosterior(X, y, options, jacobian);
  const { parameters, leaveOneOut, mean } = posterior;
  const p = parameters.length;
  const start = Float64Array.from(parameters, (parameter) => parameter.start);
  const starts: Float64Array[] = [start];
  if (options.start !== undefined) starts.unshift(Float64Array.from(checkVector('start', options.start, p)));
  for (let s = 0; s < restarts && rng !== undefined; s++) starts.push(priorDraw(parameters, rng));

  const constant = y.every((value) => value === y[0]);
  const objective = (theta: Float64Array, gradient: Float64Array) => {
    const value = -logPosterior(posterior, theta, gradient);
    for (let q = 0; q < p; q++) gradient[q] = -gradient[q];
    return value;
  };
  let best: { x: Float64Array; value: number } | undefined;
  let evaluations = 0;
  if (constant || p === 0) {
    const value = X.rows === 0 ? 0 : objective(start, new Float64Array(p));
    evaluations = X.rows === 0 ? 0 : 1;
    if (Number.isFinite(value)) best = { x: start, value };
  } else {
    const lower = Float64Array.from(parameters, (parameter) => parameter.lower);
    const upper = Float64Array.from(parameters, (parameter) => parameter.upper);
    for (const x0 of starts) {
      const result = minimizeLbfgsb(objective, x0, { lower, upper, maxIterations });
      evaluations += result.evaluations;
      if (Number.isFinite(result.value) && (best === undefined || result.value < best.value)) best = result;
    }
  }
  const theta = best?.x ?? start;
  const { kernel, noise } = modelAt(posterior, theta);
  const evidence = safely(() => evaluateEvidence(kernel, X, y, noise, mean, false));
  const usedMean = leaveOneOut
    ? (safely(() => evaluateLeaveOneOut(kernel, X, y, noise, mean as number | null, false))?.mean ?? 0)
    : (evidence?.mean ?? mean ?? 0);
  return {
    gp: best === undefined ? conditionAnyway(kernel, X, y, noise, usedMean) : condition(kernel, X, y, noise, usedMean),
    logPosterior: best === undefined ? -Infinity : -best.value,
    logMarginalLikelihood: evidence?.value ?? -Infinity,
    hyperparameters: Float64Array.from(theta),
    names: parameters.map(({ name }) => name),
    evaluations,
    status: best === undefined ? 'fallback' : constant ? 'constant' : 'fitted',
  };
}

/** The process with the least extra noise of 0, 1e-3, 1e-2, ... times the mean prior variance that lets it be factored. */
function conditionAnyway(
  kernel: Kernel,
  X: Points,
  y: Float64Array,
  noise: number | Float64Array,
  mean: GpMean,
): GpState {
  const diagonal = new Float64Array(X.rows);
  kernelRules(kernel).diagonal(kernel, X, diagonal);
  let size = 0;
  for (let i = 0; i < X.rows; i++) size += diagonal[i] / X.rows;
  for (let extra = 0; ; extra = extra === 0 ? 1e-3 * size : 10 * extra) {
    const more = typeof noise === 'number' ? noise + extra : noise.map((value) => value + extra);
    const gp = safely(() => condition(kernel, X, y, more, mean));
    if (gp !== undefined) return gp;
  }
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
