/**
 * Several functions at once: the intrinsic coregionalization model, k((x, t), (z, t')) = B[t, t'] k(x, z), B = W Wᵀ + diag(κ).
 *
 * E. V. Bonilla, K. M. A. Chai, C. K. I. Williams, "Multi-task Gaussian Process Prediction", NIPS 2007; P. Goovaerts,
 * "Geostatistics for Natural Resources Evaluation" (1997). Where all tasks are observed at the same points the covariance is
 * B ⊗ K + D ⊗ I with D the noise of the tasks, and two small eigendecompositions solve it (`multiTaskGpKronecker`):
 * D^-½ B D^-½ = U diag(β) Uᵀ, K = V diag(κ) Vᵀ, and the whole is 1 + β_t κ_i in the basis U ⊗ V.
 */
import { checkInteger, checkNumber, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import { symmetricEigen } from '../../linalg/eigen.js';
import { matMul, transpose } from '../../linalg/mat-mul.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { log } from '../../special/log.js';
import { checkTasks, indexKernel, task as taskNumber, taskCovariance } from '../kernels/index-kernel.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { matern52 } from '../kernels/matern.js';
import { kernelRules } from '../kernels/rules.js';
import { productKernel, sumKernel } from '../kernels/sum-product.js';
import { taskNoiseKernel } from '../kernels/task-noise.js';
import { fitChecked, fitGpNames, type FitGpOptions, type GpFit } from './fit.js';
import { condition, noisyGram, type GpState } from './gp-state.js';
import { GP_PREDICT_NAMES, predict, type GpPrediction, type GpPredictOptions } from './predict.js';

/** The covariance of tasks. */
export interface TaskCovariance {
  /** T rows of loadings. */
  W: readonly (readonly number[])[];
  /** T positive variances κ. */
  kappa: readonly number[];
}

/** Observations: y_i of task `task[i]` at row i of X. */
export interface MultiTaskData {
  X: MatrixLike;
  task: ArrayLike<number>;
  y: ArrayLike<number>;
}

export interface MultiTaskOptions {
  /** Noise variance, one for all tasks or one per task; at least 0. Default 1e-6. */
  noise?: number | readonly number[];
  /** Constant prior mean. Default 0. */
  mean?: number;
}

const MULTI_TASK_NAMES = { noise: true, mean: true } satisfies Record<keyof MultiTaskOptions, true>;

/**
 * The joint posterior of all tasks, as an ordinary process whose points have the task number as a last column. O(n³) in the
 * number of all observations.
 *
 * @throws RangeError if sizes differ, an entry is not finite, or a task is not one of 0..T-1
 *
 * @example
 * const tasks = { W: [[1], [1]], kappa: [1e-6, 1e-6] };
 * const gp = multiTaskGp(rbf({ lengthscale: 1 }), { X: [[0]], task: [0], y: [2] }, tasks);
 * multiTaskGpPredict(gp, [[0]], 1).mean[0].toFixed(3); //=> '2.000'
 */
export function multiTaskGp(
  kernel: Kernel,
  data: MultiTaskData,
  tasks: TaskCovariance,
  options: MultiTaskOptions = {},
): GpState {
  checkOptionNames('options', options, MULTI_TASK_NAMES);
  const { noise = 1e-6, mean = 0 } = options;
  checkTasks(tasks, 'tasks.');
  const { points, y, task } = stacked(data, tasks.kappa.length);
  const whole = multiTaskKernel(kernel, points.columns - 1, tasks);
  checkKernel(whole, points.columns);
  checkNumber('mean', mean);
  return condition(whole, points, y, noisePerPoint(noise, task, tasks.kappa.length), mean);
}

/** Mean and variance of one task at m points. */
export function multiTaskGpPredict(
  gp: GpState,
  Xs: MatrixLike,
  task: number,
  options: GpPredictOptions = {},
): GpPrediction {
  checkOptionNames('options', options, GP_PREDICT_NAMES);
  checkInteger('task', task, 0);
  const points = toPoints('Xs', Xs, gp.d - 1);
  return predict(gp, withTask(points, new Float64Array(points.rows).fill(task)), options);
}

/**
 * k(x, z) B[t, t'] as one kernel on dimension + 1 columns, the last of them the task number. Parts of k without `activeDims` get
 * the first `dimension` columns.
 *
 * @throws RangeError if k has a part that cannot be restricted to some columns
 */
export function multiTaskKernel(kernel: Kernel, dimension: number, { W, kappa }: TaskCovariance): Kernel {
  checkInteger('dimension', dimension, 1);
  return productKernel(restrict(kernel, dimension), indexKernel({ W, kappa, activeDims: [dimension] }));
}

export interface FitMultiTaskGpOptions extends Omit<FitGpOptions, 'kernel' | 'outputScale'> {
  /** Of the inputs, for unit variance. Default: ARD Matérn 5/2. */
  kernel?: Kernel;
  /** Columns of W; 0 < rank <= T. Default T. */
  rank?: number;
  /** Fit one noise variance per task in place of one for all. Default false. */
  noisePerTask?: boolean;
}

/**
 * Fits length-scales, B and the noise to the observations of T tasks. Priors: entries of W ~ N(0, 1), κ as an output variance.
 *
 * @param data T is one more than the largest task number
 */
export function fitMultiTaskGp(data: MultiTaskData, options: FitMultiTaskGpOptions = {}): GpFit {
  checkOptionNames('options', options, multiTaskNames());
  const { rank, noisePerTask = false, kernel, ...fit } = options;
  let T = 1;
  for (let i = 0; i < data.task.length; i++) T = Math.max(T, data.task[i] + 1);
  const { points, y } = stacked(data, T);
  const d = points.columns - 1;
  const columns = checkInteger('rank', rank ?? T, 1, T);
  const tasks: TaskCovariance = {
    W: Array.from({ length: T }, (_, t) => Array.from({ length: columns }, (_, r) => (t % columns === r ? 0.8 : 0.3))),
    kappa: new Array<number>(T).fill(0.3),
  };
  const inputs = kernel ?? matern52({ lengthscale: new Array<number>(d).fill(1) });
  let whole = multiTaskKernel(inputs, d, tasks);
  checkKernel(whole, d + 1);
  if (!noisePerTask) return fitChecked(points, y, { ...fit, kernel: whole });
  whole = sumKernel(whole, taskNoiseKernel({ noise: new Array<number>(T).fill(0.01), activeDims: [d] }));
  return fitChecked(points, y, { ...fit, kernel: whole, noise: 1e-9 });
}

function multiTaskNames(): Record<keyof FitMultiTaskGpOptions, true> {
  const { outputScale: _outputScale, ...names } = fitGpNames();
  return { ...names, rank: true, noisePerTask: true };
}

/** The posterior of T tasks observed at the same n points. */
export interface KroneckerGp {
  kernel: Kernel;
  X: Float64Array;
  n: number;
  d: number;
  tasks: number;
  /** B, T x T, and the noise variance of each task. */
  B: Float64Array;
  noise: Float64Array;
  mean: number;
  /** Eigenvectors V of K (n x n), U of the scaled B (T x T), and 1 + β_t κ_i at [i T + t]. */
  V: Float64Array;
  U: Float64Array;
  spectrum: Float64Array;
  /** (B ⊗ K + D ⊗ I)^-1 (Y - m), n x T. */
  alpha: Float64Array;
  logMarginalLikelihood: number;
}

/**
 * The fast path when every task shares X: O(n³ + T³ + n² T + n T²) in place of O(n³ T³).
 *
 * @param data Y is n x T: row i holds the values of all tasks at row i of X
 * @param options.noise positive, one for all tasks or one per task. Default 1e-6
 * @throws RangeError if sizes differ, an entry is not finite, or a noise variance is not positive
 */
export function multiTaskGpKronecker(
  kernel: Kernel,
  data: { X: MatrixLike; Y: MatrixLike },
  tasks: TaskCovariance,
  options: MultiTaskOptions = {},
): KroneckerGp {
  checkOptionNames('options', options, MULTI_TASK_NAMES);
  const { noise = 1e-6, mean = 0 } = options;
  const X = toPoints('X', data.X);
  checkKernel(kernel, X.columns);
  checkTasks(tasks, 'tasks.');
  const T = tasks.kappa.length;
  const { data: Y, rows } = toPoints('Y', data.Y, T);
  const n = X.rows;
  if (rows !== n) throw new RangeError(`Y must have ${n} rows, got ${rows}`);
  checkNumber('mean', mean);
  const variances = new Float64Array(T);
  if (typeof noise !== 'number') checkVector('noise', noise, T);
  for (let t = 0; t < T; t++) {
    variances[t] = typeof noise === 'number' ? checkPositive('noise', noise) : checkPositive(`noise[${t}]`, noise[t]);
  }
  const B = taskCovariance(tasks);
  const scaledB = B.map((value, p) => value / Math.sqrt(variances[Math.floor(p / T)] * variances[p % T]));
  const { values: beta, vectors: U } = symmetricEigen(scaledB, T);
  const { values: kappa, vectors: V } = symmetricEigen(noisyGram(kernel, X, 0), n);

  const scaledY = new Float64Array(n * T);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < T; t++) scaledY[i * T + t] = (Y[i * T + t] - mean) / Math.sqrt(variances[t]);
  }
  const rotated = matMul(matMul(transpose(V, n, n), scaledY, n, n, T), U, n, T, T);
  const spectrum = new Float64Array(n * T);
  let quadratic = 0;
  let logDet = 0;
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < T; t++) {
      const p = i * T + t;
      spectrum[p] = 1 + Math.max(0, beta[t]) * Math.max(0, kappa[i]); // rounding may make an eigenvalue negative
      quadratic += (rotated[p] * rotated[p]) / spectrum[p];
      logDet += log(spectrum[p]) + log(variances[t]);
      rotated[p] /= spectrum[p];
    }
  }
  const alpha = matMul(matMul(V, rotated, n, n, T), transpose(U, T, T), n, T, T);
  for (let i = 0; i < n; i++) for (let t = 0; t < T; t++) alpha[i * T + t] /= Math.sqrt(variances[t]);
  return {
    kernel,
    X: X.data.slice(),
    n,
    d: X.columns,
    tasks: T,
    B,
    noise: variances,
    mean,
    V,
    U,
    spectrum,
    alpha,
    logMarginalLikelihood: -0.5 * (quadratic + logDet + n * T * 1.8378770664093453),
  };
}

/** Latent mean and variance of one task at m points. O(m n (n + T)). */
export function kroneckerPredict(
  gp: KroneckerGp,
  Xs: MatrixLike,
  task: number,
): { mean: Float64Array; variance: Float64Array } {
  const { kernel, n, d, tasks: T, B, noise, V, U, spectrum, alpha } = gp;
  checkInteger('task', task, 0, T - 1);
  const points = toPoints('Xs', Xs, d);
  const m = points.rows;
  const rules = kernelRules(kernel);
  const Ks = new Float64Array(m * n);
  rules.fill(kernel, points, { data: gp.X, rows: n, columns: d }, false, Ks);
  const weights = new Float64Array(n); // Σ_s B[t, s] α_s
  for (let i = 0; i < n; i++) for (let s = 0; s < T; s++) weights[i] += B[task * T + s] * alpha[i * T + s];
  const ofTask = new Float64Array(T); // Uᵀ D^-½ B[:, t]
  for (let s = 0; s < T; s++) {
    for (let t = 0; t < T; t++) ofTask[t] += (U[s * T + t] * B[s * T + task]) / Math.sqrt(noise[s]);
  }
  const rotated = matMul(Ks, V, m, n, n);
  const mean = new Float64Array(m).fill(gp.mean);
  const variance = new Float64Array(m);
  rules.diagonal(kernel, points, variance);
  for (let j = 0; j < m; j++) {
    let explained = 0;
    for (let i = 0; i < n; i++) {
      mean[j] += Ks[j * n + i] * weights[i];
      const k = rotated[j * n + i] * rotated[j * n + i];
      for (let t = 0; t < T; t++) explained += (k * ofTask[t] * ofTask[t]) / spectrum[i * T + t];
    }
    variance[j] = Math.max(0, B[task * T + task] * variance[j] - explained);
  }
  return { mean, variance };
}

function stacked(data: MultiTaskData, T: number): { points: Points; y: Float64Array; task: Float64Array } {
  const X = toPoints('X', data.X);
  checkVector('task', data.task, X.rows);
  checkVector('y', data.y, X.rows);
  const task = Float64Array.from(data.task);
  task.forEach((value) => taskNumber(value, T));
  return { points: withTask(X, task), y: Float64Array.from(data.y), task };
}

function withTask({ data, rows, columns }: Points, task: Float64Array): Points {
  const out = new Float64Array(rows * (columns + 1));
  for (let i = 0; i < rows; i++) {
    out.set(data.subarray(i * columns, (i + 1) * columns), i * (columns + 1));
    out[i * (columns + 1) + columns] = task[i];
  }
  return { data: out, rows, columns: columns + 1 };
}

function noisePerPoint(noise: number | readonly number[], task: Float64Array, T: number): number | Float64Array {
  if (typeof noise === 'number') return checkNumber('noise', noise, 0);
  checkVector('noise', noise, T);
  noise.forEach((value, t) => checkNumber(`noise[${t}]`, value, 0));
  return task.map((t) => noise[t]);
}

/** The kernel with `activeDims` 0..d-1 wherever it has none. */
function restrict(kernel: Kernel, d: number): Kernel {
  switch (kernel.type) {
    case 'scale':
      return { ...kernel, kernel: restrict(kernel.kernel, d) };
    case 'warped':
      return { ...kernel, kernel: restrict(kernel.kernel, d) };
    case 'sum':
    case 'product':
      return { ...kernel, kernels: kernel.kernels.map((part) => restrict(part, d)) };
    case 'constant':
    case 'white':
      return kernel;
    case 'linearTruncatedFidelity':
      throw new RangeError(`kernel must not be 'linearTruncatedFidelity' in a multi-task process`);
    default:
      return { ...kernel, activeDims: kernel.activeDims ?? Array.from({ length: d }, (_, k) => k) };
  }
}
