/**
 * Hyper-parameters of a sparse process, and its inducing points, by maximum a posteriori with analytic gradients.
 */
import {
  checkInteger,
  checkNumber,
  checkOption,
  checkOptionNames,
  checkPositive,
  checkVector,
} from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import { exp } from '../../special/exp.js';
import { withHyperparameters } from '../kernels/kernel-hyperparameters.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { matern52 } from '../kernels/matern.js';
import { safely } from '../gp/log-posterior.js';
import { fitParameters, MODEL_PRIOR_NAMES, type ModelPriorOptions } from '../gp/model-priors.js';
import { priorLogDensity, priorLogSlope, priorSlope } from '../gp/priors.js';
import { selectGreedily } from './inducing-points.js';
import { checkSparseKernel, sparseSystem, type SparseGp, type SparseMethod } from './sparse-gp.js';
import { sparseGradient } from './sparse-gradient.js';

export interface FitSparseGpOptions extends ModelPriorOptions {
  /** Default: ARD Matérn 5/2 of variance 1. */
  kernel?: Kernel;
  /** Number of inducing points, chosen by `greedyInducing`, or the points themselves. Default 256. */
  inducing?: number | MatrixLike;
  /** Move the inducing points along the gradient too. Default false: they stay where the greedy choice put them. */
  moveInducing?: boolean;
  /** Default 'sgpr'. */
  method?: SparseMethod;
  /** 'fit' (default) or a fixed noise variance. */
  noise?: 'fit' | number;
  /** 'fit' (default: the mean of y) or a fixed prior mean. */
  mean?: 'fit' | number;
  /** Default 50. */
  maxIterations?: number;
}

function fitSparseNames(): Record<keyof FitSparseGpOptions, true> {
  const own = { kernel: true, inducing: true, moveInducing: true, method: true, noise: true, mean: true } as const;
  return { ...MODEL_PRIOR_NAMES, ...own, maxIterations: true };
}

export interface SparseGpFit {
  gp: SparseGp;
  logPosterior: number;
  hyperparameters: Float64Array;
  names: string[];
  evaluations: number;
  status: 'fitted' | 'fallback';
}

/**
 * Fits a sparse process, the model of choice above about 2000 observations. Each evaluation costs O(n m²).
 *
 * Starts at the mode of the prior. Inducing points are chosen greedily for the kernel at that start, and once more for the
 * fitted kernel, after which the fit goes on (unless they are given).
 *
 * @throws RangeError if sizes differ or an entry is not finite
 *
 * @example
 * const X = Array.from({ length: 30 }, (_, i) => [i / 29]);
 * const { gp } = fitSparseGp(X, X.map(([x]) => x * x), { inducing: 8 });
 * Math.abs(sparseGpPredict(gp, [[0.5]]).mean[0] - 0.25) < 0.05; //=> true
 */
export function fitSparseGp(X: MatrixLike, y: ArrayLike<number>, options: FitSparseGpOptions = {}): SparseGpFit {
  checkOptionNames('options', options, fitSparseNames());
  const points = toPoints('X', X);
  if (points.rows === 0) throw new RangeError('X must not be empty');
  const targets = Float64Array.from(checkVector('y', y, points.rows));
  const { method = 'sgpr', inducing = 256, moveInducing = false, maxIterations = 50 } = options;
  checkOption('method', method, ['sgpr', 'fitc', 'dtc']);
  const d = points.columns;
  const kernel = options.kernel ?? matern52({ lengthscale: new Array<number>(d).fill(1) });
  checkSparseKernel(kernel, points);
  const fixedNoise =
    options.noise === undefined || options.noise === 'fit' ? null : checkPositive('noise', options.noise);
  const mean =
    options.mean === undefined || options.mean === 'fit' ? average(targets) : checkNumber('mean', options.mean);
  const parameters = fitParameters(kernel, d, fixedNoise === null, options);
  const p = parameters.length;
  const ofKernel = fixedNoise === null ? p - 1 : p;
  const modelAt = (theta: Float64Array) => ({
    kernel: withHyperparameters(kernel, theta.subarray(0, ofKernel)),
    noise: fixedNoise ?? exp(theta[ofKernel]),
  });
  const given = typeof inducing === 'number' ? undefined : toPoints('inducing', inducing, d);
  const choose = (theta: Float64Array): Points => {
    if (given !== undefined) return { ...given, data: given.data.slice() };
    const m = Math.min(checkInteger('inducing', inducing as number, 1), points.rows);
    const chosen = selectGreedily(modelAt(theta).kernel, points, m, 1e-10);
    const data = new Float64Array(chosen.length * d);
    chosen.forEach((row, i) => data.set(points.data.subarray(row * d, (row + 1) * d), i * d));
    return { data, rows: chosen.length, columns: d };
  };

  let theta: Float64Array = Float64Array.from(parameters, ({ start }) => start);
  let Z = choose(theta);
  let value = -Infinity;
  let evaluations = 0;
  const rounds = given === undefined ? 2 : 1;
  for (let round = 0; round < rounds; round++) {
    if (round > 0) Z = choose(theta);
    const size = moveInducing ? p + Z.data.length : p;
    const x0 = new Float64Array(size);
    x0.set(theta);
    if (moveInducing) x0.set(Z.data, p);
    const objective = (x: Float64Array, gradient: Float64Array) => {
      const { kernel: candidate, noise } = modelAt(x.subarray(0, p));
      const moved: Points = moveInducing ? { ...Z, data: x.slice(p) } : Z;
      const system = safely(() => sparseSystem(candidate, points, targets, moved, noise, mean, method));
      if (system === undefined) return Infinity;
      const by = sparseGradient(system, points, moved, moveInducing);
      let total = system.gp.logMarginalLikelihood;
      for (let q = 0; q < p; q++) {
        const { prior, transform } = parameters[q];
        let slope = q < ofKernel ? by.byKernel[q] : by.byNoise;
        if (prior !== undefined) {
          const field = transform === 'log' ? exp(x[q]) : x[q];
          total += priorLogDensity(prior, field);
          slope += transform === 'log' ? priorLogSlope(prior, field) : priorSlope(prior, field);
        }
        gradient[q] = -slope;
      }
      for (let q = p; q < size; q++) gradient[q] = -by.byZ[q - p];
      return Number.isNaN(total) ? Infinity : -total;
    };
    const lower = new Float64Array(size).fill(-Infinity);
    const upper = new Float64Array(size).fill(Infinity);
    parameters.forEach((parameter, q) => {
      lower[q] = parameter.lower;
      upper[q] = parameter.upper;
    });
    const result = minimizeLbfgsb(objective, x0, { lower, upper, maxIterations });
    evaluations += result.evaluations;
    if (!Number.isFinite(result.value)) break;
    value = -result.value;
    theta = result.x.slice(0, p);
    if (moveInducing) Z = { ...Z, data: result.x.slice(p) };
  }
  const { kernel: fitted, noise } = modelAt(theta);
  return {
    gp: sparseSystem(fitted, points, targets, Z, noise, mean, method).gp,
    logPosterior: value,
    hyperparameters: theta,
    names: parameters.map(({ name }) => name),
    evaluations,
    status: value > -Infinity ? 'fitted' : 'fallback',
  };
}

function average(y: Float64Array): number {
  let total = 0;
  for (let i = 0; i < y.length; i++) total += y[i];
  return total / y.length;
}
