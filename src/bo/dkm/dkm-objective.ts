/**
 * The objective of a deep kernel machine: how well the top Gram matrix explains the targets, less how far each layer's
 * Gram matrix strays from what the layer below predicts.
 *
 * A. X. Yang et al., arXiv:2108.13097, equation 20:
 *
 *   L(G_1..G_L) = log P(Y | G_L) - Σ_l ν_l KL(N(0, G_l) to N(0, K(G_(l-1)))),
 *   log P = Σ_columns log N(y; 0, K(G_L) + σ² I),   KL = ½ (tr K^-1 G - log det K^-1 G - n)
 *
 *   paper    here      meaning
 *   G_l      grams     Gram matrix of layer l's features, positive definite, n x n; G_0 = X Xᵀ/d
 *   ν_l      nu        width of layer l relative to the number of outputs: ∞ is the infinite network, where G_l = K(G_(l-1))
 *   σ²       noise
 */
import { checkNumber, checkOption, checkPositive, checkVector } from '../../internal/check.js';
import { cholesky, choleskyJittered } from '../../linalg/cholesky.js';
import { matMul } from '../../linalg/mat-mul.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyInverse, choleskyLogDet, choleskySolve } from '../../linalg/triangular.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { gramMap, pullThroughGramMap, type GramKernel } from './gram-kernel.js';

const LOG_2PI = 1.8378770664093453;

export interface DkmOptions {
  /** Default 'relu'. */
  kernel?: GramKernel;
  /** ν, shared or one per layer, each at least 0. Default 1. */
  nu?: number | ArrayLike<number>;
  /** σ² > 0. Default 0.1. */
  noise?: number;
}

/** The names of `DkmOptions`. */
export const DKM_NAMES = { kernel: true, nu: true, noise: true } satisfies Record<keyof DkmOptions, true>;

export interface DkmObjective {
  value: number;
  /** 0 without targets. */
  logLikelihood: number;
  /** Divergence of each layer, before ν. */
  kl: Float64Array;
  /** ∂value/∂G_l, symmetric n x n: value changes by Σ_ij gradient_ij dG_ij for a symmetric change. */
  gradient: Float64Array[];
  /** Added to the diagonal of K(G_(l-1)), l = 1..L, to factor it; 0 as a rule. */
  jitter: Float64Array;
}

/**
 * Value and gradient. O(L n³ + n² columns). With targets `null` the likelihood is off: the maximum is then 0, at
 * G_l = K(G_(l-1)). The value is never above the log likelihood.
 *
 * @param G0 Gram matrix of the inputs, n x n
 * @param grams G_1..G_L
 * @param y n targets, or n rows of them, or null
 * @throws RangeError if a size differs, a number is not finite, a Gram matrix is not positive definite or an option is out of
 * range
 *
 * @example
 * const { value, kl } = dkmObjective([[1]], [[[1]]], null, { kernel: 'linear' });
 * [value, kl[0]]; //=> [0, 0]
 */
export function dkmObjective(
  G0: MatrixLike,
  grams: readonly MatrixLike[],
  y: ArrayLike<number> | MatrixLike | null,
  options: DkmOptions = {},
): DkmObjective {
  const bottom = toPoints('G0', G0);
  const n = bottom.rows;
  square('G0', bottom.columns, n);
  if (grams.length === 0) throw new RangeError('grams must not be empty');
  const layers = grams.map((gram, l) => {
    const points = toPoints(`grams[${l}]`, gram);
    square(`grams[${l}]`, points.rows, n);
    square(`grams[${l}]`, points.columns, n);
    if (cholesky(points.data, n, new Float64Array(n * n)) !== -1) {
      throw new RangeError(`grams[${l}] must be positive definite`);
    }
    return points.data;
  });
  const targets = y === null ? null : targetColumns(y, n);
  return evaluateDkm(bottom.data, layers, targets, n, checkDkm(options, layers.length))!;
}

export interface CheckedDkm {
  kernel: GramKernel;
  nu: Float64Array;
  noise: number;
}

export function checkDkm(options: DkmOptions, layers: number): CheckedDkm {
  const kernel = checkOption('kernel', options.kernel ?? 'relu', ['relu', 'rbf', 'linear']);
  const given = options.nu ?? 1;
  if (typeof given !== 'number') checkVector('nu', given, layers);
  const nu = Float64Array.from({ length: layers }, (_, l) =>
    typeof given === 'number' ? checkNumber('nu', given, 0) : checkNumber(`nu[${l}]`, given[l], 0),
  );
  return { kernel, nu, noise: checkPositive('noise', options.noise ?? 0.1) };
}

/** The targets as columns, each of length n. */
export function targetColumns(y: ArrayLike<number> | MatrixLike, n: number): Float64Array[] {
  if ('length' in y && (y.length === 0 || typeof y[0] === 'number')) {
    return [Float64Array.from(checkVector('y', y as ArrayLike<number>, n))];
  }
  const { data, rows, columns } = toPoints('y', y as MatrixLike);
  if (rows !== n) throw new RangeError(`y must have ${n} rows, got ${rows}`);
  return Array.from({ length: columns }, (_, c) => Float64Array.from({ length: n }, (_v, i) => data[i * columns + c]));
}

/** The objective for checked arguments; null where a G_l cannot be factored. */
export function evaluateDkm(
  G0: Float64Array,
  grams: readonly Float64Array[],
  targets: readonly Float64Array[] | null,
  n: number,
  { kernel, nu, noise }: CheckedDkm,
): DkmObjective | null {
  const L = grams.length;
  const kl = new Float64Array(L);
  const jitter = new Float64Array(L);
  const gradient = grams.map(() => new Float64Array(n * n));
  const K = new Float64Array(n * n);
  let value = 0;
  for (let l = 0; l < L; l++) {
    const below = l === 0 ? G0 : grams[l - 1];
    const G = grams[l];
    gramMap(kernel, below, n, K);
    const factor = choleskyJittered(K, n);
    const factorG = new Float64Array(n * n);
    if (cholesky(G, n, factorG) !== -1) return null;
    jitter[l] = factor.jitter;
    const inverse = choleskyInverse(factor.L, n);
    const inverseG = choleskyInverse(factorG, n);
    let trace = 0;
    for (let p = 0; p < n * n; p++) trace += inverse[p] * G[p];
    kl[l] = 0.5 * (trace - choleskyLogDet(factorG, n) + choleskyLogDet(factor.L, n) - n);
    value -= nu[l] * kl[l];
    // ∂KL/∂G = ½ (K^-1 - G^-1);  ∂KL/∂K = ½ (K^-1 - K^-1 G K^-1)
    for (let p = 0; p < n * n; p++) gradient[l][p] -= 0.5 * nu[l] * (inverse[p] - inverseG[p]);
    if (l === 0) continue;
    const sandwich = matMul(matMul(inverse, G, n, n, n), inverse, n, n, n);
    const byK = sandwich.map((s, p) => -0.5 * nu[l] * (inverse[p] - s));
    pullThroughGramMap(kernel, below, symmetrize(byK, n), n, gradient[l - 1]);
  }
  let logLikelihood = 0;
  if (targets !== null) {
    const top = grams[L - 1];
    gramMap(kernel, top, n, K);
    for (let i = 0; i < n; i++) K[i * n + i] += noise;
    const factor = choleskyJittered(K, n).L;
    const inverse = choleskyInverse(factor, n);
    const byK = inverse.map((v) => -0.5 * targets.length * v);
    for (const column of targets) {
      const alpha = choleskySolve(factor, column, n);
      let quadratic = 0;
      for (let i = 0; i < n; i++) {
        quadratic += column[i] * alpha[i];
        for (let j = 0; j < n; j++) byK[i * n + j] += 0.5 * alpha[i] * alpha[j];
      }
      logLikelihood -= 0.5 * (quadratic + choleskyLogDet(factor, n) + n * LOG_2PI);
    }
    pullThroughGramMap(kernel, top, byK, n, gradient[L - 1]);
    value += logLikelihood;
  }
  return { value, logLikelihood, kl, gradient, jitter };
}

function symmetrize(A: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = 0.5 * (A[i * n + j] + A[j * n + i]);
      A[i * n + j] = value;
      A[j * n + i] = value;
    }
  }
  return A;
}

function square(name: string, got: number, n: number): void {
  if (got !== n) throw new RangeError(`${name} must be ${n} x ${n}, got ${got}`);
}
