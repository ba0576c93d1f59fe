import { checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import type { Kernel, KernelHyperparameter, Points } from './kernel.js';
import { checkKernel, toPoints } from './kernel-matrix.js';
import { kernelRules } from './rules.js';

/**
 * The free numbers of a kernel, in a fixed order: path, scale, value, and the bounds of a search. What priors they have is the
 * business of a fit (`priors` and `priorOverrides` of `fitGp`), not of the kernel.
 *
 * @throws TypeError if a field of the kernel is not a number; RangeError if it is not positive where it must be
 *
 * @example
 * kernelHyperparameters(scaleKernel(1, rbf({ lengthscale: [1, 1] }))).map((p) => p.name).join(); //=> 'variance,kernel.lengthscale.0,kernel.lengthscale.1'
 */
export function kernelHyperparameters(kernel: Kernel): KernelHyperparameter[] {
  const list: KernelHyperparameter[] = [];
  kernelRules(kernel).list(kernel, '', list);
  return list;
}

/**
 * The kernel with other hyper-parameters.
 *
 * @param theta one number per entry of `kernelHyperparameters`, in its scale (logarithms, but for task loadings)
 * @throws RangeError if the length is wrong or an entry is not finite
 *
 * @example
 * withHyperparameters(rbf({ lengthscale: 3 }), [0]); //=> { type: 'rbf', lengthscale: 1 }
 */
export function withHyperparameters(kernel: Kernel, theta: ArrayLike<number>): Kernel {
  const rules = kernelRules(kernel);
  checkVector('theta', theta, rules.count(kernel));
  return rules.replace(kernel, theta, 0);
}

/**
 * Σ_ij S_ij ∂K(X, X)_ij/∂θ_p for every hyper-parameter p: what the gradient of any function of K needs.
 *
 * One pass over the lower triangle, O(n² d), without an n x n x p array; composite kernels take O(n²) scratch memory.
 *
 * @param S symmetric n x n; its lower triangle is read
 * @throws RangeError if S is not n x n or has an entry that is not finite
 *
 * @example
 * Array.from(kernelGradContract(constantKernel(2), [[0], [1]], [[1, 5], [5, 1]])); //=> [24]
 */
export function kernelGradContract(kernel: Kernel, X: MatrixLike, S: MatrixLike | Float64Array): Float64Array {
  const points = toPoints('X', X);
  checkKernel(kernel, points.columns);
  const n = points.rows;
  const full = S instanceof Float64Array ? S : toRowMajor(S, 'S').data;
  checkVector('S', full, n * n);
  const doubled = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) doubled[i * n + j] = 2 * full[i * n + j];
    doubled[i * n + i] = full[i * n + i];
  }
  return contractLower(kernel, points, doubled);
}

/** Σ_{j <= i} S_ij ∂K_ij/∂θ_p, arguments trusted: S carries the factor 2 of its off-diagonal entries. */
export function contractLower(kernel: Kernel, X: Points, S: Float64Array): Float64Array {
  const rules = kernelRules(kernel);
  const out = new Float64Array(rules.count(kernel));
  rules.contract(kernel, X, X, true, S, out, 0);
  return out;
}

/**
 * ∂K(X, Z)_ij/∂θ_p as one n x m matrix per hyper-parameter, by path. For tests and small problems: `kernelGradContract`
 * is what a fit needs.
 */
export function kernelGradHyper(kernel: Kernel, X: MatrixLike, Z: MatrixLike): Record<string, Float64Array> {
  const points = toPoints('X', X);
  const others = toPoints('Z', Z, points.columns);
  checkKernel(kernel, points.columns);
  const rules = kernelRules(kernel);
  const d = points.columns;
  const m = others.rows;
  const names = kernelHyperparameters(kernel).map(({ name }) => name);
  const matrices = names.map(() => new Float64Array(points.rows * m));
  const one = Float64Array.of(1);
  for (let i = 0; i < points.rows; i++) {
    const x = row(points, i, d);
    for (let j = 0; j < m; j++) {
      const derivatives = new Float64Array(names.length);
      rules.contract(kernel, x, row(others, j, d), false, one, derivatives, 0);
      for (let p = 0; p < names.length; p++) matrices[p][i * m + j] = derivatives[p];
    }
  }
  return Object.fromEntries(names.map((name, p) => [name, matrices[p]]));
}

function row({ data }: Points, i: number, d: number): Points {
  return { data: data.subarray(i * d, i * d + d), rows: 1, columns: d };
}
