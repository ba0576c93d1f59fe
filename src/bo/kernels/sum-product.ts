import type { Kernel, KernelRules, Points } from './kernel.js';
import { kernelRules } from './rules.js';

/** k_1 + k_2 + ... */
export interface SumKernel {
  type: 'sum';
  kernels: readonly Kernel[];
}

/** k_1 · k_2 · ... */
export interface ProductKernel {
  type: 'product';
  kernels: readonly Kernel[];
}

/** The sum of kernels: independent effects that add up. */
export function sumKernel(...kernels: Kernel[]): SumKernel {
  checkParts(kernels);
  return { type: 'sum', kernels };
}

/**
 * The product of kernels, positive semidefinite by Schur's theorem.
 *
 * @example
 * const k = productKernel(rbf({ lengthscale: 1, activeDims: [0] }), rbf({ lengthscale: 1, activeDims: [1] }));
 * kernelValue(k, [0, 0], [1, 1]).toFixed(6); //=> '0.367879'
 */
export function productKernel(...kernels: Kernel[]): ProductKernel {
  checkParts(kernels);
  return { type: 'product', kernels };
}

/** What the constructors check: that there are kernels, of known types. */
function checkParts(kernels: readonly Kernel[]): void {
  if (kernels.length === 0) throw new RangeError('kernels must not be empty');
  kernels.forEach(kernelRules);
}

function checkKernels(kernels: readonly Kernel[], columns: number, path: string): void {
  if (!Array.isArray(kernels)) throw new TypeError(`${path}kernels must be an array of kernels`);
  if (kernels.length === 0) throw new RangeError(`${path}kernels must not be empty`);
  kernels.forEach((kernel, i) => kernelRules(kernel).check(kernel, columns, `${path}kernels.${i}.`));
}

const count = ({ kernels }: SumKernel | ProductKernel): number =>
  kernels.reduce((total, kernel) => total + kernelRules(kernel).count(kernel), 0);

const list: KernelRules<SumKernel | ProductKernel>['list'] = ({ kernels }, path, hyperparameters) =>
  kernels.forEach((kernel, i) => kernelRules(kernel).list(kernel, `${path}kernels.${i}.`, hyperparameters));

function replaceAll(kernels: readonly Kernel[], theta: ArrayLike<number>, at: number): Kernel[] {
  let next = at;
  return kernels.map((kernel) => {
    const rules = kernelRules(kernel);
    const replaced = rules.replace(kernel, theta, next);
    next += rules.count(kernel);
    return replaced;
  });
}

export const sumRules: KernelRules<SumKernel> = {
  check: ({ kernels }, columns, path) => checkKernels(kernels, columns, path),
  fill({ kernels }, X, Z, lower, out) {
    kernelRules(kernels[0]).fill(kernels[0], X, Z, lower, out);
    if (kernels.length === 1) return;
    const part = new Float64Array(X.rows * Z.rows);
    for (let q = 1; q < kernels.length; q++) {
      kernelRules(kernels[q]).fill(kernels[q], X, Z, lower, part);
      combine(out, part, X, Z, lower, false);
    }
  },
  diagonal({ kernels }, X, out) {
    kernelRules(kernels[0]).diagonal(kernels[0], X, out);
    const part = new Float64Array(X.rows);
    for (let q = 1; q < kernels.length; q++) {
      kernelRules(kernels[q]).diagonal(kernels[q], X, part);
      for (let i = 0; i < X.rows; i++) out[i] += part[i];
    }
  },
  contract({ kernels }, X, Z, lower, S, out, at) {
    let next = at;
    for (const kernel of kernels) {
      const rules = kernelRules(kernel);
      rules.contract(kernel, X, Z, lower, S, out, next);
      next += rules.count(kernel);
    }
  },
  inputContract({ kernels }, x, Z, weights, out) {
    for (const kernel of kernels) kernelRules(kernel).inputContract(kernel, x, Z, weights, out);
  },
  diagonalInput({ kernels }, x, weight, out) {
    for (const kernel of kernels) kernelRules(kernel).diagonalInput(kernel, x, weight, out);
  },
  count,
  list,
  replace: (kernel, theta, at) => ({ ...kernel, kernels: replaceAll(kernel.kernels, theta, at) }),
};

export const productRules: KernelRules<ProductKernel> = {
  check: ({ kernels }, columns, path) => checkKernels(kernels, columns, path),
  fill: ({ kernels }, X, Z, lower, out) => fillProduct(kernels, -1, X, Z, lower, out),
  diagonal: ({ kernels }, X, out) => diagonalProduct(kernels, -1, X, out),
  contract({ kernels }, X, Z, lower, S, out, at) {
    // ∂(Π k)/∂θ of the q-th factor: its own derivative times the others, so S is multiplied by the others.
    const others = new Float64Array(X.rows * Z.rows);
    let next = at;
    for (let q = 0; q < kernels.length; q++) {
      const rules = kernelRules(kernels[q]);
      const parameters = rules.count(kernels[q]);
      if (parameters > 0) {
        fillProduct(kernels, q, X, Z, lower, others);
        combine(others, S, X, Z, lower, true);
        rules.contract(kernels[q], X, Z, lower, others, out, next);
      }
      next += parameters;
    }
  },
  inputContract({ kernels }, x, Z, weights, out) {
    const point: Points = { data: x, rows: 1, columns: x.length };
    const others = new Float64Array(Z.rows);
    for (let q = 0; q < kernels.length; q++) {
      fillProduct(kernels, q, point, Z, false, others);
      for (let j = 0; j < Z.rows; j++) others[j] *= weights[j];
      kernelRules(kernels[q]).inputContract(kernels[q], x, Z, others, out);
    }
  },
  diagonalInput({ kernels }, x, weight, out) {
    const point: Points = { data: x, rows: 1, columns: x.length };
    const others = new Float64Array(1);
    for (let q = 0; q < kernels.length; q++) {
      diagonalProduct(kernels, q, point, others);
      kernelRules(kernels[q]).diagonalInput(kernels[q], x, weight * others[0], out);
    }
  },
  count,
  list,
  replace: (kernel, theta, at) => ({ ...kernel, kernels: replaceAll(kernel.kernels, theta, at) }),
};

/** The product of all kernels but the one at `skip`. */
function fillProduct(
  kernels: readonly Kernel[],
  skip: number,
  X: Points,
  Z: Points,
  lower: boolean,
  out: Float64Array,
): void {
  let part: Float64Array | undefined;
  let started = false;
  for (let q = 0; q < kernels.length; q++) {
    if (q === skip) continue;
    if (!started) {
      kernelRules(kernels[q]).fill(kernels[q], X, Z, lower, out);
      started = true;
      continue;
    }
    part ??= new Float64Array(X.rows * Z.rows);
    kernelRules(kernels[q]).fill(kernels[q], X, Z, lower, part);
    combine(out, part, X, Z, lower, true);
  }
  if (!started) out.fill(1, 0, X.rows * Z.rows);
}

function diagonalProduct(kernels: readonly Kernel[], skip: number, X: Points, out: Float64Array): void {
  const part = new Float64Array(X.rows);
  out.fill(1, 0, X.rows);
  for (let q = 0; q < kernels.length; q++) {
    if (q === skip) continue;
    kernelRules(kernels[q]).diagonal(kernels[q], X, part);
    for (let i = 0; i < X.rows; i++) out[i] *= part[i];
  }
}

/** out += part, or out *= part, over the entries in use. */
function combine(out: Float64Array, part: Float64Array, X: Points, Z: Points, lower: boolean, multiply: boolean): void {
  const m = Z.rows;
  for (let i = 0; i < X.rows; i++) {
    const end = i * m + (lower ? i + 1 : m);
    if (multiply) for (let p = i * m; p < end; p++) out[p] *= part[p];
    else for (let p = i * m; p < end; p++) out[p] += part[p];
  }
}
