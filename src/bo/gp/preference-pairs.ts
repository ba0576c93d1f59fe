/**
 * A Gaussian process of utilities, learned from comparisons of pairs.
 *
 * W. Chu, Z. Ghahramani, "Preference Learning with Gaussian Processes", ICML 2005: P(a preferred to b) = Φ((f_a - f_b)/(√2 σ)).
 * The likelihood depends on the scaled differences h = A f alone, A having a row (e_a - e_b)/(√2 σ) for each comparison. So
 * Laplace's approximation is the classifier's, with covariance A K Aᵀ and probit terms, and the utilities follow by
 * conditioning: E f(x) = k(x, X) Aᵀ ∇, Var f(x) = k(x, x) - |L^-1 W^½ A k(X, x)|².
 */
import { checkInteger, checkOptionNames, checkPositive } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { solveLowerMany } from '../../linalg/triangular.js';
import { erfcx } from '../../special/error-function.js';
import { logNormalCdf, normalCdf } from '../../special/normal.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { contractLower, withHyperparameters } from '../kernels/kernel-hyperparameters.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { matern52 } from '../kernels/matern.js';
import { kernelRules } from '../kernels/rules.js';
import { foldLower, maximizeEvidence, type GpClassifierFit } from './classify.js';
import { noisyGram } from './gp-state.js';
import { laplaceContraction, laplaceMode, type LaplaceMode } from './laplace.js';
import { MODEL_PRIOR_NAMES, type ModelPriorOptions } from './model-priors.js';

/** Utilities given comparisons: plain data. */
export interface PairwiseGp {
  kernel: Kernel;
  X: Float64Array;
  n: number;
  d: number;
  /** Row by row: preferred point, other point. */
  pairs: Int32Array;
  /** σ: a comparison of utilities that differ by √2 σ goes the right way with probability Φ(1) = 0.84. */
  noise: number;
  /** Posterior mean of the utilities at X. */
  utilities: Float64Array;
  /** Aᵀ ∇ ln p, length n: weights of predictions. */
  weights: Float64Array;
  /** √W and the factor of I + W^½ A K Aᵀ W^½, one row per comparison. */
  sqrtW: Float64Array;
  L: Float64Array;
  logMarginalLikelihood: number;
  status: 'converged' | 'max-iterations';
}

/**
 * The utilities that explain the comparisons. O(n² P + P³) for P comparisons.
 *
 * Only differences are learned: the mean of the utilities stays near 0, the prior mean.
 *
 * @param pairs rows [preferred, other] of indices into X; a pair may repeat and may contradict another
 * @param options.noise σ. Default 0.1
 * @throws RangeError if an index is out of range or a point is compared with itself
 *
 * @example
 * const gp = pairwiseGp(rbf({ lengthscale: 0.5 }), [[0], [0.5], [1]], [[2, 1], [1, 0]]);
 * Array.from(gp.utilities).every((u, i, all) => i === 0 || u > all[i - 1]); //=> true
 */
export function pairwiseGp(
  kernel: Kernel,
  X: MatrixLike,
  pairs: ArrayLike<ArrayLike<number>>,
  options: { noise?: number } = {},
): PairwiseGp {
  const { noise = 0.1 } = checkOptionNames('options', options, { noise: true });
  const points = toPoints('X', X);
  checkKernel(kernel, points.columns);
  checkPositive('noise', noise);
  return learn(kernel, { ...points, data: points.data.slice() }, checkPairs(pairs, points.rows), noise).model;
}

/** Mean and variance of the utilities at m points. O(m P²). */
export function pairwiseGpPredict(gp: PairwiseGp, Xs: MatrixLike): { mean: Float64Array; variance: Float64Array } {
  const { n, d, kernel, weights, sqrtW, L, pairs, noise } = gp;
  const points = toPoints('Xs', Xs, n > 0 ? d : undefined);
  const m = points.rows;
  const P = sqrtW.length;
  const rules = kernelRules(kernel);
  const Ks = new Float64Array(n * m);
  rules.fill(kernel, { data: gp.X, rows: n, columns: d }, points, false, Ks);
  const mean = new Float64Array(m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) mean[j] += Ks[i * m + j] * weights[i];
  const V = new Float64Array(P * m);
  for (let p = 0; p < P; p++) {
    const [a, b] = [pairs[2 * p] * m, pairs[2 * p + 1] * m];
    const factor = sqrtW[p] / (Math.SQRT2 * noise);
    for (let j = 0; j < m; j++) V[p * m + j] = factor * (Ks[a + j] - Ks[b + j]);
  }
  solveLowerMany(L, V, P, m, V);
  const variance = new Float64Array(m);
  rules.diagonal(kernel, points, variance);
  for (let p = 0; p < P; p++) for (let j = 0; j < m; j++) variance[j] -= V[p * m + j] * V[p * m + j];
  for (let j = 0; j < m; j++) if (!(variance[j] > 0)) variance[j] = 0;
  return { mean, variance };
}

/**
 * P(x preferred to z): Φ(E(f_x - f_z)/√(2σ² + Var(f_x - f_z))).
 *
 * @example
 * const gp = pairwiseGp(rbf({ lengthscale: 0.5 }), [[0], [1]], [[1, 0]]);
 * preferenceProbability(gp, [1], [1]); //=> 0.5
 */
export function preferenceProbability(gp: PairwiseGp, x: ArrayLike<number>, z: ArrayLike<number>): number {
  const both = toPoints('x, z', [x, z], gp.n > 0 ? gp.d : undefined);
  const { n, d, kernel, weights, sqrtW, L, pairs, noise } = gp;
  const rules = kernelRules(kernel);
  const Ks = new Float64Array(n * 2);
  rules.fill(kernel, { data: gp.X, rows: n, columns: d }, both, false, Ks);
  const corner = new Float64Array(4);
  rules.fill(kernel, both, both, false, corner);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (Ks[2 * i] - Ks[2 * i + 1]) * weights[i];
  const v = new Float64Array(sqrtW.length);
  for (let p = 0; p < v.length; p++) {
    const [a, b] = [2 * pairs[2 * p], 2 * pairs[2 * p + 1]];
    v[p] = ((Ks[a] - Ks[a + 1] - Ks[b] + Ks[b + 1]) * sqrtW[p]) / (Math.SQRT2 * noise);
  }
  solveLowerMany(L, v, v.length, 1, v);
  let variance = corner[0] - corner[1] - corner[2] + corner[3];
  for (let p = 0; p < v.length; p++) variance -= v[p] * v[p];
  return normalCdf(mean / Math.sqrt(2 * noise * noise + Math.max(0, variance)));
}

/**
 * Utilities whose kernel maximizes the approximate evidence of the comparisons plus the log priors. σ stays as given: it sets
 * the unit of the utilities.
 *
 * @param options.kernel default an ARD Matérn 5/2 of variance 1
 */
export function fitPairwiseGp(
  X: MatrixLike,
  pairs: ArrayLike<ArrayLike<number>>,
  options: ModelPriorOptions & { kernel?: Kernel; noise?: number; maxIterations?: number } = {},
): Omit<GpClassifierFit, 'model'> & { model: PairwiseGp } {
  const names = { ...MODEL_PRIOR_NAMES, kernel: true, noise: true, maxIterations: true } as const;
  checkOptionNames('options', options, names satisfies Record<keyof typeof options, true>);
  const raw = toPoints('X', X);
  const points: Points = { ...raw, data: raw.data.slice() };
  const n = points.rows;
  const list = checkPairs(pairs, n);
  const noise = checkPositive('noise', options.noise ?? 0.1);
  const kernel = options.kernel ?? matern52({ lengthscale: new Array<number>(points.columns).fill(1) });
  checkKernel(kernel, points.columns);
  const fit = maximizeEvidence(kernel, points.columns, options, (theta, gradient) => {
    const candidate = withHyperparameters(kernel, theta);
    const { model, C, laplace } = learn(candidate, points, list, noise);
    const P = model.sqrtW.length;
    const S = laplaceContraction(C, laplace, P);
    gradient.set(contractLower(candidate, points, foldLower(pull(S, list, noise, n), n)));
    return model.logMarginalLikelihood;
  });
  return { ...fit, model: learn(withHyperparameters(kernel, fit.hyperparameters), points, list, noise).model };
}

function learn(
  kernel: Kernel,
  X: Points,
  pairs: Int32Array,
  noise: number,
): { model: PairwiseGp; C: Float64Array; laplace: LaplaceMode } {
  const n = X.rows;
  const P = pairs.length / 2;
  const K = noisyGram(kernel, X, 0);
  const C = push(K, pairs, noise, n);
  const laplace = laplaceMode(C, 0, P, probitLikelihood);
  const weights = new Float64Array(n);
  for (let p = 0; p < P; p++) {
    const w = laplace.gradient[p] / (Math.SQRT2 * noise);
    weights[pairs[2 * p]] += w;
    weights[pairs[2 * p + 1]] -= w;
  }
  const utilities = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) utilities[i] += K[i * n + j] * weights[j];
  const { sqrtW, L, logMarginalLikelihood, status } = laplace;
  const model: PairwiseGp = {
    kernel,
    X: X.data,
    n,
    d: X.columns,
    pairs,
    noise,
    utilities,
    weights,
    sqrtW,
    L,
    logMarginalLikelihood,
    status,
  };
  return { model, C, laplace };
}

/** Σ ln Φ(h_p). With N = φ/Φ: gradient N, W = N (N + h), third derivative N (N + h)² + N (N (N + h) - 1). */
function probitLikelihood(h: Float64Array, gradient: Float64Array, W: Float64Array, third: Float64Array): number {
  let total = 0;
  for (let p = 0; p < h.length; p++) {
    // √(2/π)/erfcx(-h/√2); erfcx is infinite from h = 37 on, where N is 0.
    const N = Math.sqrt(2 / Math.PI) / erfcx(-h[p] / Math.SQRT2);
    const slope = Math.max(0, N + h[p]);
    total += logNormalCdf(h[p]);
    gradient[p] = N;
    W[p] = N * slope;
    third[p] = N * slope * slope + N * (N * slope - 1);
  }
  return total;
}

/** A K Aᵀ. */
function push(K: Float64Array, pairs: Int32Array, noise: number, n: number): Float64Array {
  const P = pairs.length / 2;
  const C = new Float64Array(P * P);
  const scale = 1 / (2 * noise * noise);
  for (let p = 0; p < P; p++) {
    const [a, b] = [pairs[2 * p] * n, pairs[2 * p + 1] * n];
    for (let q = 0; q <= p; q++) {
      const [s, t] = [pairs[2 * q], pairs[2 * q + 1]];
      C[p * P + q] = (K[a + s] - K[a + t] - K[b + s] + K[b + t]) * scale;
      C[q * P + p] = C[p * P + q];
    }
  }
  return C;
}

/** Aᵀ S A: the contraction in K that S is in A K Aᵀ. */
function pull(S: Float64Array, pairs: Int32Array, noise: number, n: number): Float64Array {
  const P = pairs.length / 2;
  const out = new Float64Array(n * n);
  const scale = 1 / (2 * noise * noise);
  for (let p = 0; p < P; p++) {
    const [a, b] = [pairs[2 * p] * n, pairs[2 * p + 1] * n];
    for (let q = 0; q < P; q++) {
      const value = S[p * P + q] * scale;
      const [s, t] = [pairs[2 * q], pairs[2 * q + 1]];
      out[a + s] += value;
      out[a + t] -= value;
      out[b + s] -= value;
      out[b + t] += value;
    }
  }
  return out;
}

function checkPairs(pairs: ArrayLike<ArrayLike<number>>, n: number): Int32Array {
  const out = new Int32Array(2 * pairs.length);
  for (let p = 0; p < pairs.length; p++) {
    const pair = pairs[p];
    if (pair.length !== 2) throw new RangeError(`pairs[${p}] must have length 2, got ${pair.length}`);
    out[2 * p] = checkInteger(`pairs[${p}][0]`, pair[0], 0, n - 1);
    out[2 * p + 1] = checkInteger(`pairs[${p}][1]`, pair[1], 0, n - 1);
    if (pair[0] === pair[1]) throw new RangeError(`pairs[${p}] must compare two points, got ${pair[0]} twice`);
  }
  return out;
}
