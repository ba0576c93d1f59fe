/**
 * Deep kernel machines: fitting the Gram matrices, and carrying new points through them.
 *
 * A. X. Yang et al., arXiv:2108.13097, sections 3 and 5 and Appendix. A new point t follows the layers below the data's: with
 * i the points the machine was fitted to (data, or inducing points) and K = K(G_(l-1)),
 *
 *   G_ti = K_ti K_ii^-1 G_ii,   G_tt' = K_tt' - K_ti K_ii^-1 K_it' + K_ti K_ii^-1 G_ii K_ii^-1 K_it'
 *
 * These forms are checked for consistency (they give G_ii back at the data, and are Gaussian conditionals), not against the
 * authors' code.
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import { matMul } from '../../linalg/mat-mul.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskySolve, solveLowerMany } from '../../linalg/triangular.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { checkDkm, DKM_NAMES, evaluateDkm, targetColumns, type CheckedDkm, type DkmOptions } from './dkm-objective.js';
import { gramDiagonal, gramEntry, gramMap, type GramKernel } from './gram-kernel.js';

export interface FitDkmOptions extends DkmOptions {
  /** L, hidden layers with a Gram matrix of their own. Default 2. */
  layers?: number;
  /** Of L-BFGS. Default 200. */
  maxIterations?: number;
}

/** The names of `FitDkmOptions`. */
export const FIT_DKM_NAMES = { ...DKM_NAMES, layers: true, maxIterations: true } satisfies Record<
  keyof FitDkmOptions,
  true
>;

/** A fitted machine: plain data. */
export interface DkmState {
  X: Float64Array;
  n: number;
  d: number;
  kernel: GramKernel;
  noise: number;
  /** G_0 and G_1..G_L at the data. */
  grams: Float64Array[];
  /** Lower Cholesky factors of K(G_0)..K(G_(L-1)). */
  factors: Float64Array[];
  /** Lower Cholesky factor of K(G_L) + σ² I. */
  top: Float64Array;
  /** (K(G_L) + σ² I)^-1 y, one for each column of targets. */
  alphas: Float64Array[];
  value: number;
  logLikelihood: number;
  kl: Float64Array;
  /** Added to the diagonal of K(G_(l-1)), l = 1..L, to factor it; 0 as a rule. */
  jitter: Float64Array;
  iterations: number;
  status: string;
}

/**
 * The Gram matrices that maximize `dkmObjective` over G_l = V_l V_lᵀ with V_l lower triangular, by L-BFGS from
 * V_l = chol K(G_(l-1)), the infinitely wide network. O(iterations L n³).
 *
 * @param X n x d inputs; G_0 = X Xᵀ/d. For the 'linear' kernel n must not exceed d, or K is singular and jitter decides
 * @param y n targets or n rows of them
 * @throws RangeError if sizes differ, a number is not finite, or an option is out of range
 *
 * @example
 * const machine = fitDkm([[0, 1], [1, 0], [1, 1]], [1, -1, 0.5], { noise: 0.01, nu: 0.1 });
 * dkmPredict(machine, [[1, 0]]).mean[0] < -0.9; //=> true
 */
export function fitDkm(X: MatrixLike, y: ArrayLike<number> | MatrixLike, options: FitDkmOptions = {}): DkmState {
  checkOptionNames('options', options, FIT_DKM_NAMES);
  const points = toPoints('X', X);
  const n = points.rows;
  if (n === 0) throw new RangeError('X must hold at least one point');
  const targets = targetColumns(y, n);
  const layers = checkInteger('layers', options.layers ?? 2, 1);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 200, 0);
  const checked = checkDkm(options, layers);
  const G0 = innerProducts(points, points);
  const size = (n * (n + 1)) / 2;
  const start = new Float64Array(layers * size);
  const K = new Float64Array(n * n);
  let below: Float64Array = G0;
  for (let l = 0; l < layers; l++) {
    const { L } = choleskyJittered(gramMap(checked.kernel, below, n, K), n);
    pack(L, n, start, l * size);
    below = outer(L, n);
  }
  const grams: Float64Array[] = Array.from({ length: layers }, () => new Float64Array(n * n));
  const V = grams.map(() => new Float64Array(n * n));
  const result = minimizeLbfgsb(
    (theta, gradient) => {
      for (let l = 0; l < layers; l++) {
        unpack(theta, l * size, n, V[l]);
        grams[l] = outer(V[l], n);
      }
      const objective = evaluateDkm(G0, grams, targets, n, checked);
      if (objective === null) return Infinity;
      for (let l = 0; l < layers; l++) {
        // ∂/∂V = 2 (∂/∂G) V for symmetric ∂/∂G
        const byV = matMul(objective.gradient[l], V[l], n, n, n);
        for (let p = 0; p < n * n; p++) byV[p] *= -2;
        pack(byV, n, gradient, l * size);
      }
      return -objective.value;
    },
    start,
    { maxIterations },
  );
  for (let l = 0; l < layers; l++) {
    unpack(result.x, l * size, n, V[l]);
    grams[l] = outer(V[l], n);
  }
  return machineAt(points, G0, grams, targets, checked, result.iterations, result.status);
}

function machineAt(
  { data, rows: n, columns: d }: Points,
  G0: Float64Array,
  grams: Float64Array[],
  targets: Float64Array[],
  checked: CheckedDkm,
  iterations: number,
  status: string,
): DkmState {
  const { value, logLikelihood, kl, jitter } = evaluateDkm(G0, grams, targets, n, checked)!;
  const all = [G0, ...grams];
  const K = new Float64Array(n * n);
  const factors = all.slice(0, -1).map((G) => choleskyJittered(gramMap(checked.kernel, G, n, K), n).L);
  gramMap(checked.kernel, all[all.length - 1], n, K);
  for (let i = 0; i < n; i++) K[i * n + i] += checked.noise;
  const top = choleskyJittered(K, n).L;
  const alphas = targets.map((column) => choleskySolve(top, column, n));
  const { kernel, noise } = checked;
  return {
    X: data.slice(),
    n,
    d,
    kernel,
    noise,
    grams: all,
    factors,
    top,
    alphas,
    value,
    logLikelihood,
    kl,
    jitter,
    iterations,
    status,
  };
}

export interface DkmPrediction {
  /** Of the first column of targets. */
  mean: Float64Array;
  /** Of every column. */
  means: Float64Array[];
  /** Latent variance, the same for every column; at least 0. */
  variance: Float64Array;
}

/** Posterior moments at m new points. O(L m n²). */
export function dkmPredict(state: DkmState, Xs: MatrixLike): DkmPrediction {
  const points = toPoints('Xs', Xs, state.d);
  const m = points.rows;
  const { n, top } = state;
  const { K, diagonal } = carry(state, points);
  const means = state.alphas.map((alpha) => {
    const mean = new Float64Array(m);
    for (let t = 0; t < m; t++) for (let i = 0; i < n; i++) mean[t] += K[i * m + t] * alpha[i];
    return mean;
  });
  const V = solveLowerMany(top, K, n, m);
  const variance = diagonal;
  for (let i = 0; i < n; i++) for (let t = 0; t < m; t++) variance[t] -= V[i * m + t] * V[i * m + t];
  for (let t = 0; t < m; t++) if (!(variance[t] > 0)) variance[t] = 0;
  return { mean: means[0], means, variance };
}

/**
 * The kernel that a fitted machine has learned, as matrices between any points: K(G_L) with the Gram matrices carried along.
 * At the data `matrix` is K(G_L) itself; it is positive semi-definite everywhere. O(L n² m + L n m²).
 *
 * @example
 * const X = [[0, 1], [1, 0], [1, 1]];
 * const kernel = dkmKernel(fitDkm(X, [1, -1, 0.5], { nu: 0.5 }));
 * kernel.matrix(X).length; //=> 9
 */
export function dkmKernel(state: DkmState): {
  /** K(Xs, Xs), m x m row-major. */
  matrix(Xs: MatrixLike): Float64Array;
  /** K(X, Xs) between the data and new points, n x m row-major. */
  cross(Xs: MatrixLike): Float64Array;
  diagonal(Xs: MatrixLike): Float64Array;
} {
  const { d } = state;
  const at = (Xs: MatrixLike) => toPoints('Xs', Xs, d);
  return {
    matrix: (Xs) => carryJointly(state, at(Xs)),
    cross: (Xs) => carry(state, at(Xs)).K,
    diagonal: (Xs) => carry(state, at(Xs)).diagonal,
  };
}

/** K_it (n x m) and the diagonal of K_tt above the last layer. */
export function carry(
  state: Pick<DkmState, 'X' | 'n' | 'd' | 'kernel' | 'grams' | 'factors'>,
  points: Points,
): { K: Float64Array; diagonal: Float64Array } {
  const { kernel, grams, factors, n } = state;
  const m = points.rows;
  let cross: Float64Array = innerProducts(trainingPoints(state), points); // G_it
  let own: Float64Array = squaredNorms(points);
  for (let l = 0; l < factors.length; l++) {
    const K = kernelBlock(kernel, grams[l], cross, own, n, m);
    const diagonal = own.map((xx) => gramDiagonal(kernel, xx));
    const { projected, prior } = project(factors[l], K, n, m); // L^-1 K_it, K_ii^-1 K_it
    const next = matMul(grams[l + 1], prior, n, n, m);
    own = diagonal;
    for (let i = 0; i < n; i++) {
      for (let t = 0; t < m; t++) {
        own[t] += prior[i * m + t] * next[i * m + t] - projected[i * m + t] * projected[i * m + t];
      }
    }
    for (let t = 0; t < m; t++) if (!(own[t] > 0)) own[t] = 0; // rounding of a variance
    cross = next;
  }
  return {
    K: kernelBlock(kernel, grams[factors.length], cross, own, n, m),
    diagonal: own.map((xx) => gramDiagonal(kernel, xx)),
  };
}

/** K_tt (m x m) above the last layer. */
function carryJointly(state: DkmState, points: Points): Float64Array {
  const { kernel, grams, factors, n } = state;
  const m = points.rows;
  let cross: Float64Array = innerProducts(trainingPoints(state), points);
  let own: Float64Array = innerProducts(points, points);
  for (let l = 0; l < factors.length; l++) {
    const diagonal = Float64Array.from({ length: m }, (_, t) => own[t * m + t]);
    const K = kernelBlock(kernel, grams[l], cross, diagonal, n, m);
    const { projected, prior } = project(factors[l], K, n, m);
    const next = matMul(grams[l + 1], prior, n, n, m);
    own = gramMap(kernel, own, m, new Float64Array(m * m));
    for (let i = 0; i < n; i++) {
      for (let s = 0; s < m; s++) {
        for (let t = 0; t <= s; t++) {
          own[s * m + t] += prior[i * m + s] * next[i * m + t] - projected[i * m + s] * projected[i * m + t];
        }
      }
    }
    for (let s = 0; s < m; s++) {
      if (!(own[s * m + s] > 0)) own[s * m + s] = 0;
      for (let t = 0; t < s; t++) own[t * m + s] = own[s * m + t];
    }
    cross = next;
  }
  return gramMap(kernel, own, m, new Float64Array(m * m));
}

/** L^-1 K_it and K_ii^-1 K_it. */
function project(
  L: Float64Array,
  K: Float64Array,
  n: number,
  m: number,
): { projected: Float64Array; prior: Float64Array } {
  const projected = solveLowerMany(L, K, n, m);
  const prior = new Float64Array(n * m);
  const column = new Float64Array(n);
  for (let t = 0; t < m; t++) {
    for (let i = 0; i < n; i++) column[i] = K[i * m + t];
    const x = choleskySolve(L, column, n);
    for (let i = 0; i < n; i++) prior[i * m + t] = x[i];
  }
  return { projected, prior };
}

/** K of the Gram block between n data and m other points, from the diagonals of both. */
function kernelBlock(
  kernel: GramKernel,
  G: Float64Array,
  cross: Float64Array,
  own: Float64Array,
  n: number,
  m: number,
): Float64Array {
  const K = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < m; t++) K[i * m + t] = gramEntry(kernel, G[i * n + i], own[t], cross[i * m + t]);
  }
  return K;
}

function trainingPoints({ X, n, d }: Pick<DkmState, 'X' | 'n' | 'd'>): Points {
  return { data: X, rows: n, columns: d };
}

/** |x|²/d of every row. */
export function squaredNorms(points: Points): Float64Array {
  const out = new Float64Array(points.rows);
  for (let t = 0; t < points.rows; t++) out[t] = dotRows(points, t, points, t) / points.columns;
  return out;
}

/** X Zᵀ / d. */
export function innerProducts(X: Points, Z: Points): Float64Array {
  const out = new Float64Array(X.rows * Z.rows);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < Z.rows; j++) out[i * Z.rows + j] = dotRows(X, i, Z, j) / X.columns;
  }
  return out;
}

function dotRows(X: Points, i: number, Z: Points, j: number): number {
  const d = X.columns;
  let total = 0;
  for (let k = 0; k < d; k++) total += X.data[i * d + k] * Z.data[j * d + k];
  return total;
}

/** V Vᵀ of a lower triangular matrix. */
export function outer(V: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let total = 0;
      for (let k = 0; k <= j; k++) total += V[i * n + k] * V[j * n + k];
      out[i * n + j] = total;
      out[j * n + i] = total;
    }
  }
  return out;
}

export function pack(V: Float64Array, n: number, out: Float64Array, at: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[at++] = V[i * n + j];
}

export function unpack(theta: Float64Array, at: number, n: number, V: Float64Array): void {
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) V[i * n + j] = theta[at++];
}
