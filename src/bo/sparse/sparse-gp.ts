/**
 * Sparse Gaussian processes: n observations seen through m inducing points, O(n m²) in place of O(n³).
 *
 *   'sgpr'  M. K. Titsias, "Variational Learning of Inducing Variables in Sparse Gaussian Processes", AISTATS 2009
 *   'fitc'  E. Snelson, Z. Ghahramani, "Sparse Gaussian Processes using Pseudo-inputs", NIPS 2005
 *   'dtc'   M. Seeger, C. K. I. Williams, N. D. Lawrence, AISTATS 2003
 *
 * In the notation of J. Quiñonero-Candela, C. E. Rasmussen, JMLR 6 (2005), with u at the inducing points Z, f at X:
 *
 *   K_uu = L_u L_uᵀ,   Q = K_fu K_uu^-1 K_uf,   Λ = σ² I ('sgpr', 'dtc') or diag(σ² + k_ii - q_ii) ('fitc')
 *   A = L_u^-1 K_uf Λ^-½,   B = I + A Aᵀ = L_B L_Bᵀ,   c = L_B^-1 A Λ^-½ (y - m)
 *
 *   log evidence = -(n/2) ln 2π - Σ ln L_B,ii - ½ Σ ln Λ_ii - ½ |Λ^-½ (y - m)|² + ½ |c|²
 *   and for 'sgpr' the lower bound of Titsias: the same - (Σ k_ii - tr Q)/(2σ²)
 */
import { checkNumber, checkOption, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import { cholesky, choleskyJittered } from '../../linalg/cholesky.js';
import { gramOfRows } from '../../linalg/row-products.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyLogDet, solveLower, solveLowerMany, solveUpperT } from '../../linalg/triangular.js';
import { log } from '../../special/log.js';
import { whiteVariances } from '../gp/gp-state.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { kernelRules } from '../kernels/rules.js';

export type SparseMethod = 'sgpr' | 'fitc' | 'dtc';

/** A sparse process: plain data of size O(m²). */
export interface SparseGp {
  kernel: Kernel;
  method: SparseMethod;
  /** m x d inducing points. */
  Z: Float64Array;
  m: number;
  d: number;
  /** Number of observations. */
  n: number;
  noise: number;
  /** Constant prior mean. */
  mean: number;
  /** Factors of K_uu + jitter I and of B, m x m. */
  Lu: Float64Array;
  LB: Float64Array;
  /** K_uu^-1-weights of predictions: L_u^-T L_B^-T c. */
  weights: Float64Array;
  /** For 'sgpr' the lower bound of the log marginal likelihood; for the others that of their own model. */
  logMarginalLikelihood: number;
  jitter: number;
}

export interface SparseGpOptions {
  /** Default 'sgpr': a lower bound that cannot overfit through Z. */
  method?: SparseMethod;
  /** Noise variance, positive. Default 1e-2. */
  noise?: number;
  /** Constant prior mean. Default 0. */
  mean?: number;
}

/**
 * The sparse posterior of targets y at X through the inducing points Z. O(n m² + n m d) time, O(n m) memory.
 *
 * @throws RangeError if sizes differ, an entry is not finite, noise is not positive, Z is empty, or the kernel has white noise
 *   (which belongs to `noise` here)
 *
 * @example
 * const X = [[0], [0.5], [1]];
 * const gp = sparseGp(rbf({ lengthscale: 0.3 }), { X, y: [0, 1, 0], Z: X }, { noise: 0.1 });
 * const exact = gpLogMarginalLikelihood(rbf({ lengthscale: 0.3 }), X, [0, 1, 0], { noise: 0.1 }).value;
 * Math.abs(gp.logMarginalLikelihood - exact) < 1e-9; //=> true
 */
export function sparseGp(
  kernel: Kernel,
  data: { X: MatrixLike; y: ArrayLike<number>; Z: MatrixLike },
  options: SparseGpOptions = {},
): SparseGp {
  checkOptionNames('options', options, { method: true, noise: true, mean: true } satisfies Record<
    keyof SparseGpOptions,
    true
  >);
  const X = toPoints('X', data.X);
  checkVector('y', data.y, X.rows);
  const inducing = toPoints('Z', data.Z, X.rows > 0 ? X.columns : undefined);
  if (inducing.rows === 0) throw new RangeError('Z must not be empty');
  const Z: Points = { ...inducing, data: inducing.data.slice() };
  checkSparseKernel(kernel, Z);
  const method = checkOption('method', options.method ?? 'sgpr', ['sgpr', 'fitc', 'dtc']);
  const noise = checkPositive('noise', options.noise ?? 1e-2);
  const mean = checkNumber('mean', options.mean ?? 0);
  return sparseSystem(kernel, X, Float64Array.from(data.y), Z, noise, mean, method).gp;
}

export interface SparsePrediction {
  mean: Float64Array;
  /** Latent variance, at least 0; with `includeNoise` that of an observation. */
  variance: Float64Array;
}

/**
 * Posterior mean and variance at s points: k_su K_uu^-1-weights, and k_ss - |L_u^-1 k_us|² + |L_B^-1 L_u^-1 k_us|². O(s m²).
 *
 * @throws RangeError if the points do not have the model's number of columns or are not finite
 */
export function sparseGpPredict(
  gp: SparseGp,
  Xs: MatrixLike,
  options: { includeNoise?: boolean } = {},
): SparsePrediction {
  const { includeNoise = false } = checkOptionNames('options', options, { includeNoise: true });
  const points = toPoints('Xs', Xs, gp.d);
  const { kernel, m, Lu, LB, weights } = gp;
  const s = points.rows;
  const rules = kernelRules(kernel);
  const V = new Float64Array(m * s);
  rules.fill(kernel, { data: gp.Z, rows: m, columns: gp.d }, points, false, V);
  const mean = new Float64Array(s).fill(gp.mean);
  for (let i = 0; i < m; i++) for (let j = 0; j < s; j++) mean[j] += V[i * s + j] * weights[i];
  solveLowerMany(Lu, V, m, s, V);
  const variance = new Float64Array(s);
  rules.diagonal(kernel, points, variance);
  for (let i = 0; i < m; i++) for (let j = 0; j < s; j++) variance[j] -= V[i * s + j] * V[i * s + j];
  for (let j = 0; j < s; j++) if (!(variance[j] > 0)) variance[j] = 0;
  solveLowerMany(LB, V, m, s, V);
  for (let i = 0; i < m; i++) for (let j = 0; j < s; j++) variance[j] += V[i * s + j] * V[i * s + j];
  if (includeNoise) for (let j = 0; j < s; j++) variance[j] += gp.noise;
  return { mean, variance };
}

/** Everything that the evidence and its gradient need. */
export interface SparseSystem {
  gp: SparseGp;
  /** A = L_u^-1 K_uf Λ^-½, m x n. */
  A: Float64Array;
  /** Λ_ii and Λ_ii^-½. */
  lambda: Float64Array;
  root: Float64Array;
  /** k_ii and q_ii. */
  prior: Float64Array;
  explained: Float64Array;
  /** Λ^-½ (y - m), and c. */
  scaled: Float64Array;
  c: Float64Array;
}

/** The system for checked arguments. */
export function sparseSystem(
  kernel: Kernel,
  X: Points,
  y: Float64Array,
  Z: Points,
  noise: number,
  mean: number,
  method: SparseMethod,
): SparseSystem {
  const n = X.rows;
  const m = Z.rows;
  const rules = kernelRules(kernel);
  const Kuu = new Float64Array(m * m);
  rules.fill(kernel, Z, Z, false, Kuu);
  const { L: Lu, jitter } = choleskyJittered(Kuu, m);
  const A = new Float64Array(m * n);
  if (n > 0) rules.fill(kernel, Z, X, false, A);
  solveLowerMany(Lu, A, m, n, A);
  const prior = new Float64Array(n);
  rules.diagonal(kernel, X, prior);
  const explained = new Float64Array(n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) explained[j] += A[i * n + j] * A[i * n + j];

  const lambda = new Float64Array(n);
  const root = new Float64Array(n);
  const scaled = new Float64Array(n);
  let logLambda = 0;
  let squares = 0;
  let missing = 0;
  for (let j = 0; j < n; j++) {
    const rest = Math.max(0, prior[j] - explained[j]);
    lambda[j] = method === 'fitc' ? noise + rest : noise;
    root[j] = 1 / Math.sqrt(lambda[j]);
    scaled[j] = (y[j] - mean) * root[j];
    logLambda += log(lambda[j]);
    squares += scaled[j] * scaled[j];
    missing += rest;
  }
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) A[i * n + j] *= root[j];
  const LB = gramOfRows(A, m, n);
  for (let i = 0; i < m; i++) LB[i * m + i] += 1;
  cholesky(LB, m); // eigenvalues at least 1
  const projected = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let total = 0;
    for (let j = 0; j < n; j++) total += A[i * n + j] * scaled[j];
    projected[i] = total;
  }
  const c = solveLower(LB, projected, m);
  let cc = 0;
  for (let i = 0; i < m; i++) cc += c[i] * c[i];
  const weights = solveUpperT(Lu, solveUpperT(LB, c, m), m);
  let value = -0.5 * (n * 1.8378770664093453 + choleskyLogDet(LB, m) + logLambda + squares - cc);
  if (method === 'sgpr') value -= missing / (2 * noise);
  const gp: SparseGp = {
    kernel,
    method,
    Z: Z.data,
    m,
    d: Z.columns,
    n,
    noise,
    mean,
    Lu,
    LB,
    weights,
    logMarginalLikelihood: value,
    jitter,
  };
  return { gp, A, lambda, root, prior, explained, scaled, c };
}

/** @throws if the kernel is not valid for the points or has white noise */
export function checkSparseKernel(kernel: Kernel, Z: Points): void {
  checkKernel(kernel, Z.columns);
  const first: Points = { data: Z.data.subarray(0, Z.columns), rows: 1, columns: Z.columns };
  if (whiteVariances(kernel, first)[0] !== 0) {
    throw new RangeError('kernel must have no white noise in a sparse process: give it as noise');
  }
}
