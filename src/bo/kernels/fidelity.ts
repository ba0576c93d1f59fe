/**
 * Kernels of problems that can be evaluated at a reduced fidelity s in [0, 1], s = 1 being the target.
 *
 * J. Wu, S. Toscano-Palmerin, P. I. Frazier, A. G. Wilson, arXiv:1903.04703, section 3; the forms of botorch's
 * LinearTruncatedFidelityKernel and ExponentialDecayKernel.
 */
import { checkInteger, checkOptionNames, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import { logHyperparameter, type Kernel, type KernelRules, type Points } from './kernel.js';
import { kernelRules } from './rules.js';

/** k_0(x, z) + (1 - s)(1 - t)(1 + s t)^p k_1(x, z). */
export interface LinearTruncatedFidelityKernel {
  type: 'linearTruncatedFidelity';
  /** Column of the fidelities s and t, in [0, 1]. */
  fidelityDim: number;
  /** Exponent p. The kernel is positive semidefinite for integers p >= 1; other values rely on the jitter. */
  power: number;
  /** 'fixed' (default): p is no hyper-parameter. 'fit': log p is one. */
  powerMode?: 'fixed' | 'fit';
  /** k_0, of the target. It and `biased` see the points without the column of the fidelity. */
  unbiased: Kernel;
  /** k_1, of the error at reduced fidelity. */
  biased: Kernel;
}

/** w + β^α/(s + t + β)^α on one column of fidelities or steps, at least 0: a learning curve that settles. */
export interface ExponentialDecayKernel extends ActiveDims {
  type: 'exponentialDecay';
  offset: number;
  alpha: number;
  beta: number;
}

/** The kernel k_0 + (1 - s)(1 - t)(1 + s t)^p k_1 with p = 1 unless given. */
export function linearTruncatedFidelity(
  fields: Omit<LinearTruncatedFidelityKernel, 'type' | 'power'> & { power?: number },
): LinearTruncatedFidelityKernel {
  checkOptionNames('fields', fields, {
    fidelityDim: true,
    power: true,
    powerMode: true,
    unbiased: true,
    biased: true,
  } satisfies Record<keyof typeof fields, true>);
  const kernel: LinearTruncatedFidelityKernel = { type: 'linearTruncatedFidelity', power: 1, ...fields };
  checkInteger('fidelityDim', kernel.fidelityDim, 0);
  checkPositive('power', kernel.power);
  kernelRules(kernel.unbiased);
  kernelRules(kernel.biased);
  return kernel;
}

/** The kernel w + β^α/(s + t + β)^α of K. Swersky, J. Snoek, R. P. Adams, arXiv:1406.3896, equation 6, with an offset w. */
export function exponentialDecay(fields: Omit<ExponentialDecayKernel, 'type'>): ExponentialDecayKernel {
  checkOptionNames('fields', fields, { offset: true, alpha: true, beta: true, activeDims: true } satisfies Record<
    keyof typeof fields,
    true
  >);
  checkDecay(fields, '');
  return { type: 'exponentialDecay', ...fields };
}

export const linearTruncatedFidelityRules: KernelRules<LinearTruncatedFidelityKernel> = {
  check(kernel, columns, path) {
    checkInteger(`${path}fidelityDim`, kernel.fidelityDim, 0, columns - 1);
    checkPositive(`${path}power`, kernel.power);
    kernelRules(kernel.unbiased).check(kernel.unbiased, columns - 1, `${path}unbiased.`);
    kernelRules(kernel.biased).check(kernel.biased, columns - 1, `${path}biased.`);
  },
  fill(kernel, X, Z, lower, out) {
    const parts = split(kernel, X, Z, lower);
    kernelRules(kernel.unbiased).fill(kernel.unbiased, parts.A, parts.B, lower, out);
    const biased = new Float64Array(X.rows * Z.rows);
    kernelRules(kernel.biased).fill(kernel.biased, parts.A, parts.B, lower, biased);
    eachPair(X.rows, Z.rows, lower, (i, j, p) => {
      out[p] += weight(kernel.power, parts.s[i], parts.t[j]) * biased[p];
    });
  },
  diagonal(kernel, X, out) {
    const { A, s } = split(kernel, X, X, true);
    const biased = new Float64Array(X.rows);
    kernelRules(kernel.unbiased).diagonal(kernel.unbiased, A, out);
    kernelRules(kernel.biased).diagonal(kernel.biased, A, biased);
    for (let i = 0; i < X.rows; i++) out[i] += weight(kernel.power, s[i], s[i]) * biased[i];
  },
  contract(kernel, X, Z, lower, S, out, at) {
    const { A, B, s, t } = split(kernel, X, Z, lower);
    const fit = kernel.powerMode === 'fit' ? 1 : 0;
    const rules0 = kernelRules(kernel.unbiased);
    rules0.contract(kernel.unbiased, A, B, lower, S, out, at + fit);
    const rules1 = kernelRules(kernel.biased);
    const weighted = new Float64Array(X.rows * Z.rows);
    eachPair(X.rows, Z.rows, lower, (i, j, p) => {
      weighted[p] = S[p] * weight(kernel.power, s[i], t[j]);
    });
    rules1.contract(kernel.biased, A, B, lower, weighted, out, at + fit + rules0.count(kernel.unbiased));
    if (fit === 0) return;
    const biased = new Float64Array(X.rows * Z.rows);
    rules1.fill(kernel.biased, A, B, lower, biased);
    eachPair(X.rows, Z.rows, lower, (i, j, p) => {
      out[at] += weighted[p] * biased[p] * kernel.power * log1p(s[i] * t[j]);
    });
  },
  inputContract(kernel, x, Z, weights, out) {
    const X: Points = { data: x, rows: 1, columns: x.length };
    const { A, B, s, t, dims } = split(kernel, X, Z, false);
    const part = new Float64Array(dims.length);
    kernelRules(kernel.unbiased).inputContract(kernel.unbiased, A.data, B, weights, part);
    const weighted = new Float64Array(Z.rows);
    const biased = new Float64Array(Z.rows);
    kernelRules(kernel.biased).fill(kernel.biased, A, B, false, biased);
    for (let j = 0; j < Z.rows; j++) {
      weighted[j] = weights[j] * weight(kernel.power, s[0], t[j]);
      out[kernel.fidelityDim] += weights[j] * weightSlope(kernel.power, s[0], t[j]) * biased[j];
    }
    kernelRules(kernel.biased).inputContract(kernel.biased, A.data, B, weighted, part);
    for (let k = 0; k < dims.length; k++) out[dims[k]] += part[k];
  },
  diagonalInput(kernel, x, w, out) {
    const X: Points = { data: x, rows: 1, columns: x.length };
    const { A, s, dims } = split(kernel, X, X, true);
    const part = new Float64Array(dims.length);
    kernelRules(kernel.unbiased).diagonalInput(kernel.unbiased, A.data, w, part);
    kernelRules(kernel.biased).diagonalInput(kernel.biased, A.data, w * weight(kernel.power, s[0], s[0]), part);
    for (let k = 0; k < dims.length; k++) out[dims[k]] += part[k];
    const biased = new Float64Array(1);
    kernelRules(kernel.biased).diagonal(kernel.biased, A, biased);
    out[kernel.fidelityDim] += 2 * w * weightSlope(kernel.power, s[0], s[0]) * biased[0];
  },
  count: (kernel) =>
    (kernel.powerMode === 'fit' ? 1 : 0) +
    kernelRules(kernel.unbiased).count(kernel.unbiased) +
    kernelRules(kernel.biased).count(kernel.biased),
  list(kernel, path, list) {
    if (kernel.powerMode === 'fit') list.push(logHyperparameter(`${path}power`, kernel.power, log(kernel.power)));
    kernelRules(kernel.unbiased).list(kernel.unbiased, `${path}unbiased.`, list);
    kernelRules(kernel.biased).list(kernel.biased, `${path}biased.`, list);
  },
  replace(kernel, theta, at) {
    const fit = kernel.powerMode === 'fit' ? 1 : 0;
    const rules0 = kernelRules(kernel.unbiased);
    return {
      ...kernel,
      power: fit === 1 ? exp(theta[at]) : kernel.power,
      unbiased: rules0.replace(kernel.unbiased, theta, at + fit),
      biased: kernelRules(kernel.biased).replace(kernel.biased, theta, at + fit + rules0.count(kernel.unbiased)),
    };
  },
};

export const exponentialDecayRules = /* @__PURE__ */ onActiveDims<ExponentialDecayKernel>({
  check(kernel, columns, path) {
    if (columns !== 1) throw new RangeError(`${path}activeDims must name one column, got ${columns}`);
    checkDecay(kernel, path);
  },
  fill({ offset, alpha, beta }, X, Z, lower, out) {
    checkFidelities(X.data, X.rows, Infinity);
    if (!lower) checkFidelities(Z.data, Z.rows, Infinity);
    eachPair(X.rows, Z.rows, lower, (i, j, p) => {
      out[p] = offset + exp(-alpha * log1p((X.data[i] + Z.data[j]) / beta));
    });
  },
  diagonal({ offset, alpha, beta }, X, out) {
    checkFidelities(X.data, X.rows, Infinity);
    for (let i = 0; i < X.rows; i++) out[i] = offset + exp(-alpha * log1p((2 * X.data[i]) / beta));
  },
  contract({ offset, alpha, beta }, X, Z, lower, S, out, at) {
    eachPair(X.rows, Z.rows, lower, (i, j, p) => {
      const total = X.data[i] + Z.data[j];
      const L = log1p(total / beta);
      const decay = S[p] * exp(-alpha * L);
      out[at] += S[p] * offset;
      out[at + 1] -= decay * alpha * L;
      out[at + 2] += (decay * alpha * total) / (total + beta);
    });
  },
  inputContract({ alpha, beta }, x, Z, weights, out) {
    checkFidelities(x, 1, Infinity);
    checkFidelities(Z.data, Z.rows, Infinity);
    for (let j = 0; j < Z.rows; j++) {
      const total = x[0] + Z.data[j];
      out[0] -= (weights[j] * alpha * exp(-alpha * log1p(total / beta))) / (total + beta);
    }
  },
  diagonalInput({ alpha, beta }, x, w, out) {
    out[0] -= (2 * w * alpha * exp(-alpha * log1p((2 * x[0]) / beta))) / (2 * x[0] + beta);
  },
  count: () => 3,
  list({ offset, alpha, beta }, path, list) {
    list.push(logHyperparameter(`${path}offset`, offset, log(offset)));
    list.push(logHyperparameter(`${path}alpha`, alpha, log(alpha)));
    list.push(logHyperparameter(`${path}beta`, beta, log(beta)));
  },
  replace: (kernel, theta, at) => ({
    ...kernel,
    offset: exp(theta[at]),
    alpha: exp(theta[at + 1]),
    beta: exp(theta[at + 2]),
  }),
});

function checkDecay({ offset, alpha, beta }: Omit<ExponentialDecayKernel, 'type'>, path: string): void {
  checkPositive(`${path}offset`, offset);
  checkPositive(`${path}alpha`, alpha);
  checkPositive(`${path}beta`, beta);
}

/** (1 - s)(1 - t)(1 + s t)^p. */
function weight(power: number, s: number, t: number): number {
  return (1 - s) * (1 - t) * exp(power * log1p(s * t));
}

/** Derivative of `weight` in s. */
function weightSlope(power: number, s: number, t: number): number {
  return (1 - t) * exp(power * log1p(s * t)) * ((1 - s) * power * (t / (1 + s * t)) - 1);
}

function split({ fidelityDim }: LinearTruncatedFidelityKernel, X: Points, Z: Points, lower: boolean) {
  const dims: number[] = [];
  for (let k = 0; k < X.columns; k++) if (k !== fidelityDim) dims.push(k);
  const A = without(X, dims);
  const s = column(X, fidelityDim);
  return { A, B: lower ? A : without(Z, dims), s, t: lower ? s : column(Z, fidelityDim), dims };
}

function without({ data, rows, columns }: Points, dims: readonly number[]): Points {
  const out = new Float64Array(rows * dims.length);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < dims.length; k++) out[i * dims.length + k] = data[i * columns + dims[k]];
  }
  return { data: out, rows, columns: dims.length };
}

function column({ data, rows, columns }: Points, k: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = data[i * columns + k];
  checkFidelities(out, rows, 1);
  return out;
}

/** Outside its range a fidelity has no covariance: (1 + s t)^p and (s + t + β)^-α are no numbers where the base is negative. */
function checkFidelities(values: Float64Array, rows: number, most: number): void {
  for (let i = 0; i < rows; i++) {
    if (!(values[i] >= 0 && values[i] <= most)) {
      throw new RangeError(`fidelity must be ${most === 1 ? 'in [0, 1]' : 'at least 0'}, got ${values[i]}`);
    }
  }
}

function eachPair(n: number, m: number, lower: boolean, visit: (i: number, j: number, p: number) => void): void {
  for (let i = 0; i < n; i++) {
    const end = lower ? i + 1 : m;
    for (let j = 0; j < end; j++) visit(i, j, i * m + j);
  }
}
