/**
 * Exact Gaussian process regression.
 *
 * Rasmussen and Williams (2006), Algorithm 2.1. With K_y = K(X, X) + diag(noise) = L Lᵀ and α = K_y^-1 (y - m),
 *
 *   book         here             meaning
 *   X, y         X, y             n points in d dimensions (row-major), n targets
 *   σ_n²         noise            noise variance, one for all or one per point
 *   m(x)         mean             prior mean
 *   L, α         L, alpha         Cholesky factor of K_y, weights
 */
import { checkNumber, checkOptionNames, checkVector } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskySolve } from '../../linalg/triangular.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { checkKernel, gram, toPoints } from '../kernels/kernel-matrix.js';
import { kernelRules } from '../kernels/rules.js';

/** Prior mean: a constant, or `coefficients` [c] of a constant, [c, b_1..b_d] of c + b·x. */
export type GpMean = number | { type: 'constant' | 'linear'; coefficients: readonly number[] };

/** A Gaussian process conditioned on n observations: plain data. */
export interface GpState {
  kernel: Kernel;
  /** n x d, row-major. */
  X: Float64Array;
  y: Float64Array;
  n: number;
  d: number;
  /** Noise variance, shared or one per point. */
  noise: number | Float64Array;
  mean: GpMean;
  /** Lower Cholesky factor of K(X, X) + diag(noise + jitter), n x n row-major; entries above the diagonal are 0. */
  L: Float64Array;
  /** (K(X, X) + diag(noise + jitter))^-1 (y - m(X)). */
  alpha: Float64Array;
  /** What had to be added to the diagonal to factor it; 0 as a rule. */
  jitter: number;
}

export interface GpOptions {
  /** Noise variance, shared or one per point; at least 0. Default 1e-6. */
  noise?: number | ArrayLike<number>;
  /** Prior mean. Default 0. */
  mean?: GpMean;
}

/** The names of `GpOptions`. */
export const GP_NAMES = { noise: true, mean: true } satisfies Record<keyof GpOptions, true>;

/**
 * The posterior of a Gaussian process given targets y at the points X. O(n² d + n³/3) time, O(n²) memory.
 *
 * Equal points are allowed. When K_y is singular in floating point, jitter of 1e-10 to 1e-4 times its mean diagonal is added
 * and reported; n = 0 gives the prior.
 *
 * @throws RangeError if sizes differ, an entry is not finite, or a noise variance is negative; Error if the matrix stays
 *   indefinite after the largest jitter
 *
 * @example
 * const gp = gpCondition(matern52({ lengthscale: 0.5 }), [[0], [1]], [1, -1]);
 * gpPredict(gp, [[0]]).mean[0].toFixed(3); //=> '1.000'
 */
export function gpCondition(kernel: Kernel, X: MatrixLike, y: ArrayLike<number>, options: GpOptions = {}): GpState {
  checkOptionNames('options', options, GP_NAMES);
  const points = toPoints('X', X);
  checkVector('y', y, points.rows);
  checkKernel(kernel, points.columns);
  const noise = checkNoise(options.noise ?? 1e-6, points.rows);
  const mean = checkMean(options.mean ?? 0, points.rows === 0 ? undefined : points.columns);
  return condition(kernel, { ...points, data: points.data.slice() }, Float64Array.from(y), noise, mean);
}

/** `gpCondition` for arguments that are already checked; X and y are kept, not copied. */
export function condition(
  kernel: Kernel,
  X: Points,
  y: Float64Array,
  noise: number | Float64Array,
  mean: GpMean,
): GpState {
  const n = X.rows;
  const K = noisyGram(kernel, X, noise);
  const { L, jitter } = n === 0 ? { L: K, jitter: 0 } : choleskyJittered(K, n);
  const alpha = choleskySolve(L, residuals(X, y, mean), n);
  return { kernel, X: X.data, y, n, d: X.columns, noise, mean, L, alpha, jitter };
}

/** K(X, X) + diag(noise), both triangles. */
export function noisyGram(kernel: Kernel, X: Points, noise: number | Float64Array): Float64Array {
  const n = X.rows;
  const K = new Float64Array(n * n);
  gram(kernel, X, K);
  for (let i = 0; i < n; i++) {
    K[i * n + i] += typeof noise === 'number' ? noise : noise[i];
    for (let j = 0; j < i; j++) K[j * n + i] = K[i * n + j];
  }
  return K;
}

/** m(x_i) for every row. */
export function meanValues(mean: GpMean, { data, rows, columns }: Points): Float64Array {
  const out = new Float64Array(rows);
  if (typeof mean === 'number') return out.fill(mean);
  const c = mean.coefficients;
  for (let i = 0; i < rows; i++) {
    let value = c[0];
    if (mean.type === 'linear') for (let k = 0; k < columns; k++) value += c[k + 1] * data[i * columns + k];
    out[i] = value;
  }
  return out;
}

export function residuals(X: Points, y: Float64Array, mean: GpMean): Float64Array {
  const out = meanValues(mean, X);
  for (let i = 0; i < out.length; i++) out[i] = y[i] - out[i];
  return out;
}

export function trainingPoints({ X, n, d }: GpState): Points {
  return { data: X, rows: n, columns: d };
}

/** Points of a prediction, with as many columns as the model has. */
export function queryPoints(gp: GpState, Xs: MatrixLike, name = 'Xs'): Points {
  const points = toPoints(name, Xs, gp.n > 0 ? gp.d : undefined);
  if (gp.n === 0) checkColumns(gp, points.columns);
  return points;
}

/** The point of a prediction. */
export function queryPoint(gp: GpState, x: ArrayLike<number>): Float64Array {
  checkVector('x', x, gp.n > 0 ? gp.d : undefined);
  if (gp.n === 0) checkColumns(gp, x.length);
  return Float64Array.from(x);
}

/** Without data the first points tell the number of columns. */
function checkColumns({ kernel, mean }: GpState, columns: number): void {
  checkKernel(kernel, columns);
  if (columns > 0) checkMean(mean, columns);
}

/** The variance of the white noise inside a kernel at each point: what K(X, X) has on its diagonal beyond k(x, x). */
export function whiteVariances(kernel: Kernel, { data, rows, columns }: Points): Float64Array {
  const rules = kernelRules(kernel);
  const out = new Float64Array(rows);
  const [observed, latent] = [new Float64Array(1), new Float64Array(1)];
  for (let i = 0; i < rows; i++) {
    const point: Points = { data: data.subarray(i * columns, (i + 1) * columns), rows: 1, columns };
    rules.fill(kernel, point, point, true, observed);
    rules.fill(kernel, point, point, false, latent);
    out[i] = observed[0] - latent[0];
  }
  return out;
}

export function checkNoise(noise: number | ArrayLike<number>, n: number): number | Float64Array {
  if (typeof noise === 'number') return checkNumber('noise', noise, 0);
  checkVector('noise', noise, n);
  for (let i = 0; i < n; i++) checkNumber(`noise[${i}]`, noise[i], 0);
  return Float64Array.from(noise);
}

export function checkMean(mean: GpMean, d: number | undefined): GpMean {
  if (typeof mean === 'number') return checkNumber('mean', mean);
  if (mean?.type !== 'constant' && mean?.type !== 'linear') {
    throw new TypeError(`mean must be a number or { type: 'constant' | 'linear', coefficients }`);
  }
  const length = mean.type === 'constant' ? 1 : d === undefined ? undefined : d + 1;
  checkVector('mean.coefficients', mean.coefficients, length);
  return { type: mean.type, coefficients: Array.from(mean.coefficients) };
}
