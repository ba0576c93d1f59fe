import { checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logHyperparameter, type Kernel, type KernelRules } from './kernel.js';
import { kernelRules } from './rules.js';

/** variance · k. */
export interface ScaleKernel {
  type: 'scale';
  /** Positive factor v. */
  variance: number;
  kernel: Kernel;
}

/**
 * A kernel times a variance.
 *
 * @example
 * kernelValue(scaleKernel(4, rbf({ lengthscale: 1 })), [0], [0]); //=> 4
 */
export function scaleKernel(variance: number, kernel: Kernel): ScaleKernel {
  kernelRules(kernel);
  return { type: 'scale', variance: checkPositive('variance', variance), kernel };
}

export const scaleRules: KernelRules<ScaleKernel> = {
  check({ variance, kernel }, columns, path) {
    checkPositive(`${path}variance`, variance);
    kernelRules(kernel).check(kernel, columns, `${path}kernel.`);
  },
  fill({ variance, kernel }, X, Z, lower, out) {
    kernelRules(kernel).fill(kernel, X, Z, lower, out);
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      const end = i * m + (lower ? i + 1 : m);
      for (let p = i * m; p < end; p++) out[p] *= variance;
    }
  },
  diagonal({ variance, kernel }, X, out) {
    kernelRules(kernel).diagonal(kernel, X, out);
    for (let i = 0; i < X.rows; i++) out[i] *= variance;
  },
  contract({ variance, kernel }, X, Z, lower, S, out, at) {
    const rules = kernelRules(kernel);
    const count = rules.count(kernel);
    const inner = new Float64Array(count);
    let total = 0;
    if (rules.contractWithTotal !== undefined) total = rules.contractWithTotal(kernel, X, Z, lower, S, inner, 0);
    else {
      const m = Z.rows;
      const K = new Float64Array(X.rows * m);
      rules.fill(kernel, X, Z, lower, K);
      for (let i = 0; i < X.rows; i++) {
        const end = i * m + (lower ? i + 1 : m);
        for (let p = i * m; p < end; p++) total += S[p] * K[p];
      }
      rules.contract(kernel, X, Z, lower, S, inner, 0);
    }
    out[at] += variance * total;
    for (let p = 0; p < count; p++) out[at + 1 + p] += variance * inner[p];
  },
  inputContract({ variance, kernel }, x, Z, weights, out) {
    const inner = new Float64Array(x.length);
    kernelRules(kernel).inputContract(kernel, x, Z, weights, inner);
    for (let k = 0; k < x.length; k++) out[k] += variance * inner[k];
  },
  diagonalInput: ({ variance, kernel }, x, weight, out) =>
    kernelRules(kernel).diagonalInput(kernel, x, variance * weight, out),
  count: ({ kernel }) => 1 + kernelRules(kernel).count(kernel),
  list({ variance, kernel }, path, list) {
    list.push(logHyperparameter(`${path}variance`, variance, log(variance)));
    kernelRules(kernel).list(kernel, `${path}kernel.`, list);
  },
  replace: (kernel, theta, at) => ({
    ...kernel,
    variance: exp(theta[at]),
    kernel: kernelRules(kernel.kernel).replace(kernel.kernel, theta, at + 1),
  }),
};
