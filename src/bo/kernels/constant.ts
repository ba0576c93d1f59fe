import { checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logHyperparameter, type KernelRules } from './kernel.js';

/** k(x, z) = value. */
export interface ConstantKernel {
  type: 'constant';
  value: number;
}

/** Independent noise: `variance` on the diagonal of K(X, X), 0 between any two sets of points, also equal ones. */
export interface WhiteKernel {
  type: 'white';
  variance: number;
}

/** The constant kernel: the prior of an unknown level. */
export function constantKernel(value: number): ConstantKernel {
  return { type: 'constant', value: checkPositive('value', value) };
}

/** White noise as a part of a kernel: it counts as observation noise, and is no part of a latent prediction. */
export function whiteKernel(variance: number): WhiteKernel {
  return { type: 'white', variance: checkPositive('variance', variance) };
}

export const constantRules: KernelRules<ConstantKernel> = {
  check: ({ value }, _columns, path) => void checkPositive(`${path}value`, value),
  fill({ value }, X, Z, lower, out) {
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) out.fill(value, i * m, i * m + (lower ? i + 1 : m));
  },
  diagonal: ({ value }, X, out) => void out.fill(value, 0, X.rows),
  contract({ value }, X, Z, lower, S, out, at) {
    const m = Z.rows;
    let total = 0;
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) total += S[i * m + j];
    }
    out[at] += value * total;
  },
  inputContract() {},
  diagonalInput() {},
  count: () => 1,
  list: ({ value }, path, list) => void list.push(logHyperparameter(`${path}value`, value, log(value))),
  replace: (kernel, theta, at) => ({ ...kernel, value: exp(theta[at]) }),
};

export const whiteRules: KernelRules<WhiteKernel> = {
  check: ({ variance }, _columns, path) => void checkPositive(`${path}variance`, variance),
  fill({ variance }, X, Z, lower, out) {
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      out.fill(0, i * m, i * m + (lower ? i + 1 : m));
      if (lower) out[i * m + i] = variance;
    }
  },
  diagonal: (_kernel, X, out) => void out.fill(0, 0, X.rows),
  contract({ variance }, X, Z, lower, S, out, at) {
    if (!lower) return;
    let total = 0;
    for (let i = 0; i < X.rows; i++) total += S[i * Z.rows + i];
    out[at] += variance * total;
  },
  inputContract() {},
  diagonalInput() {},
  count: () => 1,
  list: ({ variance }, path, list) => void list.push(logHyperparameter(`${path}variance`, variance, log(variance))),
  replace: (kernel, theta, at) => ({ ...kernel, variance: exp(theta[at]) }),
};
