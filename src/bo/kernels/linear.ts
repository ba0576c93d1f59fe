import { checkOptionNames, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import { logHyperparameter } from './kernel.js';
import {
  checkPerDimension,
  countPerDimension,
  listPerDimension,
  perDimension,
  replacePerDimension,
  type PerDimension,
} from './positive-field.js';

/** bias + Σ_i v_i x_i z_i: Bayesian linear regression. */
export interface LinearKernel extends ActiveDims {
  type: 'linear';
  /** Prior variance v of the slopes, shared or one per active dimension. */
  variance: PerDimension;
  /** Prior variance of the intercept; absent is 0 and no hyper-parameter. */
  bias?: number;
}

/** The linear kernel bias + Σ_i v_i x_i z_i. Rasmussen and Williams (2006), section 4.2.2. */
export function linearKernel(fields: Omit<LinearKernel, 'type'>): LinearKernel {
  checkOptionNames('fields', fields, { variance: true, bias: true, activeDims: true } satisfies Record<
    keyof typeof fields,
    true
  >);
  checkPerDimension('variance', fields.variance);
  if (fields.bias !== undefined) checkPositive('bias', fields.bias);
  return { type: 'linear', ...fields };
}

export const linearRules = /* @__PURE__ */ onActiveDims<LinearKernel>({
  check(kernel, columns, path) {
    checkPerDimension(`${path}variance`, kernel.variance, columns);
    if (kernel.bias !== undefined) checkPositive(`${path}bias`, kernel.bias);
  },
  fill(kernel, X, Z, lower, out) {
    const v = perDimension(kernel.variance, X.columns);
    const bias = kernel.bias ?? 0;
    const d = X.columns;
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        let total = bias;
        for (let k = 0; k < d; k++) total += v[k] * (X.data[i * d + k] * Z.data[j * d + k]);
        out[i * m + j] = total;
      }
    }
  },
  diagonal(kernel, X, out) {
    const v = perDimension(kernel.variance, X.columns);
    const d = X.columns;
    for (let i = 0; i < X.rows; i++) {
      let total = kernel.bias ?? 0;
      for (let k = 0; k < d; k++) total += v[k] * (X.data[i * d + k] * X.data[i * d + k]);
      out[i] = total;
    }
  },
  contract(kernel, X, Z, lower, S, out, at) {
    const v = perDimension(kernel.variance, X.columns);
    const shared = typeof kernel.variance === 'number';
    const d = X.columns;
    const m = Z.rows;
    let total = 0;
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        const s = S[i * m + j];
        total += s;
        for (let k = 0; k < d; k++) {
          out[shared ? at : at + k] += s * v[k] * X.data[i * d + k] * Z.data[j * d + k];
        }
      }
    }
    if (kernel.bias !== undefined) out[at + countPerDimension(kernel.variance)] += kernel.bias * total;
  },
  inputContract(kernel, x, Z, weights, out) {
    const d = x.length;
    const v = perDimension(kernel.variance, d);
    for (let j = 0; j < Z.rows; j++) {
      for (let k = 0; k < d; k++) out[k] += weights[j] * v[k] * Z.data[j * d + k];
    }
  },
  diagonalInput(kernel, x, weight, out) {
    const v = perDimension(kernel.variance, x.length);
    for (let k = 0; k < x.length; k++) out[k] += 2 * weight * v[k] * x[k];
  },
  count: (kernel) => countPerDimension(kernel.variance) + (kernel.bias === undefined ? 0 : 1),
  list(kernel, path, list) {
    listPerDimension(`${path}variance`, kernel.variance, list);
    if (kernel.bias !== undefined) list.push(logHyperparameter(`${path}bias`, kernel.bias, log(kernel.bias)));
  },
  replace(kernel, theta, at) {
    const next = { ...kernel, variance: replacePerDimension(kernel.variance, theta, at) };
    if (kernel.bias !== undefined) next.bias = exp(theta[at + countPerDimension(kernel.variance)]);
    return next;
  },
});
