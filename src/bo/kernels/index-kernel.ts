/**
 * The covariance of tasks, B = W Wᵀ + diag(κ), as a kernel on a column that holds the task's number.
 *
 * E. V. Bonilla, K. M. A. Chai, C. K. I. Williams, "Multi-task Gaussian Process Prediction", NIPS 2007, equation 2.
 */
import { checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import { logHyperparameter } from './kernel.js';

/** B[t, t'] on one column of task numbers 0..T-1. */
export interface IndexKernel extends ActiveDims {
  type: 'index';
  /** T rows of `rank` loadings. */
  W: readonly (readonly number[])[];
  /** T positive task variances κ. */
  kappa: readonly number[];
}

/**
 * The kernel of task numbers, B = W Wᵀ + diag(κ). Its column is named by `activeDims`; a task number is not differentiated.
 *
 * @example
 * kernelValue(indexKernel({ W: [[0.9], [0.6]], kappa: [0.1, 0.2] }), [0], [1]).toFixed(2); //=> '0.54'
 */
export function indexKernel(fields: Omit<IndexKernel, 'type'>): IndexKernel {
  checkOptionNames('fields', fields, { W: true, kappa: true, activeDims: true } satisfies Record<
    keyof typeof fields,
    true
  >);
  checkTasks(fields, '');
  return { type: 'index', ...fields };
}

/** The T x T matrix B = W Wᵀ + diag(κ), row-major. */
export function taskCovariance(tasks: Pick<IndexKernel, 'W' | 'kappa'>): Float64Array {
  checkTasks(tasks, '');
  return covariance(tasks);
}

function covariance({ W, kappa }: Pick<IndexKernel, 'W' | 'kappa'>): Float64Array {
  const tasks = kappa.length;
  const B = new Float64Array(tasks * tasks);
  for (let s = 0; s < tasks; s++) {
    for (let t = 0; t < tasks; t++) {
      let total = 0;
      for (let r = 0; r < W[s].length; r++) total += W[s][r] * W[t][r];
      B[s * tasks + t] = s === t ? total + kappa[s] : total;
    }
  }
  return B;
}

export const indexRules = /* @__PURE__ */ onActiveDims<IndexKernel>({
  check(kernel, columns, path) {
    if (columns !== 1) throw new RangeError(`${path}activeDims must name one column, got ${columns}`);
    checkTasks(kernel, path);
  },
  fill(kernel, X, Z, lower, out) {
    const B = covariance(kernel);
    const tasks = kernel.kappa.length;
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      const row = task(X.data[i], tasks) * tasks;
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) out[i * m + j] = B[row + task(Z.data[j], tasks)];
    }
  },
  diagonal(kernel, X, out) {
    const B = covariance(kernel);
    const tasks = kernel.kappa.length;
    for (let i = 0; i < X.rows; i++) out[i] = B[task(X.data[i], tasks) * (tasks + 1)];
  },
  contract({ W, kappa }, X, Z, lower, S, out, at) {
    const tasks = kappa.length;
    const rank = W[0].length;
    const m = Z.rows;
    const total = new Float64Array(tasks * tasks); // Σ S over the pairs of each two tasks
    for (let i = 0; i < X.rows; i++) {
      const row = task(X.data[i], tasks) * tasks;
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) total[row + task(Z.data[j], tasks)] += S[i * m + j];
    }
    for (let s = 0; s < tasks; s++) {
      for (let t = 0; t < tasks; t++) {
        for (let r = 0; r < rank; r++) {
          out[at + s * rank + r] += total[s * tasks + t] * W[t][r];
          out[at + t * rank + r] += total[s * tasks + t] * W[s][r];
        }
      }
      out[at + tasks * rank + s] += total[s * tasks + s] * kappa[s];
    }
  },
  inputContract() {},
  diagonalInput() {},
  count: ({ W, kappa }) => kappa.length * (W[0].length + 1),
  list({ W, kappa }, path, list) {
    W.forEach((row, t) =>
      row.forEach((value, r) =>
        list.push({ name: `${path}W.${t}.${r}`, transform: 'identity', value, lower: -100, upper: 100 }),
      ),
    );
    kappa.forEach((value, t) => list.push(logHyperparameter(`${path}kappa.${t}`, value, log(value))));
  },
  replace(kernel, theta, at) {
    const rank = kernel.W[0].length;
    const tasks = kernel.kappa.length;
    return {
      ...kernel,
      W: kernel.W.map((row, t) => row.map((_, r) => theta[at + t * rank + r])),
      kappa: kernel.kappa.map((_, t) => exp(theta[at + tasks * rank + t])),
    };
  },
});

/** @throws TypeError or RangeError if W has not one row of loadings per entry of κ, all of one length, or κ is not positive */
export function checkTasks({ W, kappa }: Pick<IndexKernel, 'W' | 'kappa'>, path: string): void {
  checkVector(`${path}kappa`, kappa);
  if (kappa.length === 0) throw new RangeError(`${path}kappa must have a task or more, got none`);
  if (!Array.isArray(W)) throw new TypeError(`${path}W must be rows of numbers`);
  kappa.forEach((value, t) => checkPositive(`${path}kappa[${t}]`, value));
  if (W.length !== kappa.length) throw new RangeError(`${path}W must have ${kappa.length} rows, got ${W.length}`);
  W.forEach((row, t) => checkVector(`${path}W[${t}]`, row, W[0].length));
}

/** The task number in a column, checked. */
export function task(value: number, tasks: number): number {
  if (!(value >= 0 && value < tasks && Number.isInteger(value))) {
    throw new RangeError(`task must be an integer in [0, ${tasks - 1}], got ${value}`);
  }
  return value;
}
