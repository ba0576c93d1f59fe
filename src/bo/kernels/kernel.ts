/**
 * Covariance functions as plain data.
 *
 * A kernel is a JSON object: `{ type: 'matern52', lengthscale: [0.3, 0.8] }`, or a combination of kernels. What a type
 * does is in its `KernelRules`; `kernelRules` finds them. Every positive hyper-parameter is differentiated with respect
 * to its natural logarithm.
 *
 * C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press (2006), chapter 4.
 */
import { checkPositive } from '../../internal/check.js';
import type { ConstantKernel, WhiteKernel } from './constant.js';
import type { ExponentialDecayKernel, LinearTruncatedFidelityKernel } from './fidelity.js';
import type { HammingKernel } from './hamming.js';
import type { IndexKernel } from './index-kernel.js';
import type { LinearKernel } from './linear.js';
import type { Matern12Kernel, Matern32Kernel, Matern52Kernel } from './matern.js';
import type { NngpKernel } from './nngp.js';
import type { PeriodicKernel } from './periodic.js';
import type { PolynomialKernel } from './polynomial.js';
import type { RationalQuadraticKernel } from './rational-quadratic.js';
import type { RbfKernel } from './rbf.js';
import type { ScaleKernel } from './scale.js';
import type { ProductKernel, SumKernel } from './sum-product.js';
import type { TanimotoKernel } from './tanimoto.js';
import type { TaskNoiseKernel } from './task-noise.js';
import type { WarpedKernel } from './warped.js';

export type Kernel =
  | RbfKernel
  | Matern12Kernel
  | Matern32Kernel
  | Matern52Kernel
  | RationalQuadraticKernel
  | PeriodicKernel
  | LinearKernel
  | PolynomialKernel
  | ConstantKernel
  | WhiteKernel
  | ScaleKernel
  | SumKernel
  | ProductKernel
  | HammingKernel
  | TanimotoKernel
  | NngpKernel
  | IndexKernel
  | LinearTruncatedFidelityKernel
  | ExponentialDecayKernel
  | WarpedKernel
  | TaskNoiseKernel;

/** n points in d dimensions, row-major. */
export interface Points {
  data: Float64Array;
  rows: number;
  columns: number;
}

/** One free number of a kernel. */
export interface KernelHyperparameter {
  /** Path inside the kernel object: 'lengthscale.0', 'kernels.1.variance'. */
  name: string;
  /** Whether `value` is the natural logarithm of the field or the field itself. */
  transform: 'log' | 'identity';
  /** Value in the scale of `transform`, and its bounds there. */
  value: number;
  lower: number;
  upper: number;
}

/**
 * What a kernel type can do. Arguments are trusted; `check` is called once at the public boundary.
 *
 * `lower` says that Z is X and only the entries j <= i of the square matrix are wanted (and, for `contract`, given):
 * this is K(X, X), where white noise has its place. Otherwise the matrix is the rectangular K(X, Z).
 */
export interface KernelRules<K> {
  /** Throws if a field is wrong, or if the kernel does not fit points of `columns` dimensions. */
  check(kernel: K, columns: number, path: string): void;
  /** out[i m + j] = k(x_i, z_j), m = Z.rows. */
  fill(kernel: K, X: Points, Z: Points, lower: boolean, out: Float64Array): void;
  /** out[i] = k(x_i, x_i) without white noise. */
  diagonal(kernel: K, X: Points, out: Float64Array): void;
  /** out[at + p] += Σ_ij S_ij ∂k(x_i, z_j)/∂θ_p over the entries that `fill` writes. */
  contract(kernel: K, X: Points, Z: Points, lower: boolean, S: Float64Array, out: Float64Array, at: number): void;
  /** `contract` that also returns Σ_ij S_ij k(x_i, z_j), where the two share their work; what a scale's own derivative needs. */
  contractWithTotal?(
    kernel: K,
    X: Points,
    Z: Points,
    lower: boolean,
    S: Float64Array,
    out: Float64Array,
    at: number,
  ): number;
  /** out += Σ_j weights_j ∂k(x, z_j)/∂x. */
  inputContract(kernel: K, x: Float64Array, Z: Points, weights: Float64Array, out: Float64Array): void;
  /** out += weight ∂k(x, x)/∂x. */
  diagonalInput(kernel: K, x: Float64Array, weight: number, out: Float64Array): void;
  /** Number of hyper-parameters. */
  count(kernel: K): number;
  /** Appends the hyper-parameters to `list`, names prefixed by `path`. */
  list(kernel: K, path: string, list: KernelHyperparameter[]): void;
  /** The kernel with its hyper-parameters read from theta[at..], in the order of `list`. */
  replace(kernel: K, theta: ArrayLike<number>, at: number): K;
}

/** Search bounds of a positive hyper-parameter when the model says nothing else: exp(±11.5) = 1e±5. */
const LOG_BOUND = 11.512925464970229;

export function logHyperparameter(name: string, value: number, logValue: number): KernelHyperparameter {
  checkPositive(`kernel.${name}`, value);
  // A value outside the usual bounds keeps its own place inside them.
  const lower = Math.min(-LOG_BOUND, value > 0 ? logValue : 0);
  return { name, transform: 'log', value: logValue, lower, upper: Math.max(LOG_BOUND, logValue) };
}
