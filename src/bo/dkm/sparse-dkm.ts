/**
 * Sparse deep kernel machines: Gram matrices at P inducing points only, the data carried past them.
 *
 * A. X. Yang et al., arXiv:2108.13097, section 5 and Appendix: the divergences of G_ii alone, and at the top the bound of
 * M. Titsias, "Variational Learning of Inducing Variables in Sparse Gaussian Processes", AISTATS 2009:
 *
 *   F = log N(y; 0, Q + σ² I) - (tr K_tt - tr Q)/(2σ²),  Q = K_ti K_ii^-1 K_it,   value = F - Σ_l ν_l KL_l
 *
 * For each layer, with A = K_ii^-1 K_it (P x n):  G_it = G_ii A,  g_tt = k_tt - diag(K_ti A) + diag(Aᵀ G_ii A).
 *
 * At Z = X the value is that of `dkmObjective`; otherwise this form is checked by that limit and by differences, not against
 * the authors' code. O(L n P²) an evaluation, where the exact machine costs O(L n³).
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import { matMul, transpose } from '../../linalg/mat-mul.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyInverse, choleskyLogDet, choleskySolve, solveLowerMany } from '../../linalg/triangular.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import { log } from '../../special/log.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { checkDkm, evaluateDkm, targetColumns, type CheckedDkm, type DkmOptions } from './dkm-objective.js';
import {
  FIT_DKM_NAMES,
  carry,
  innerProducts,
  outer,
  pack,
  squaredNorms,
  unpack,
  type DkmPrediction,
  type FitDkmOptions,
} from './fit-dkm.js';
import { gramDiagonal, gramEntry, gramMap, gramSlopes, pullThroughGramMap, type GramKernel } from './gram-kernel.js';

const LOG_2PI = 1.8378770664093453;

export interface SparseDkmObjective {
  value: number;
  /** F, a lower bound of the log likelihood. */
  bound: number;
  kl: Float64Array;
  /** ∂value/∂G_l at the inducing points, symmetric P x P. */
  gradient: Float64Array[];
}

/**
 * @param X n x d inputs
 * @param y n targets or n rows of them
 * @param Z P x d inducing points
 * @param grams G_1..G_L at the inducing points, positive definite
 * @throws RangeError if sizes differ, a number is not finite, or an option is out of range
 */
export function sparseDkmObjective(
  X: MatrixLike,
  y: ArrayLike<number> | MatrixLike,
  Z: MatrixLike,
  grams: readonly MatrixLike[],
  options: DkmOptions = {},
): SparseDkmObjective {
  const data = checkSparse(X, y, Z);
  const P = data.inducing.rows;
  const layers = grams.map((gram, l) => {
    const points = toPoints(`grams[${l}]`, gram);
    if (points.rows !== P || points.columns !== P) {
      throw new RangeError(`grams[${l}] must be ${P} x ${P}, got ${points.rows} x ${points.columns}`);
    }
    return points.data;
  });
  if (layers.length === 0) throw new RangeError('grams must not be empty');
  const objective = evaluateSparse(data, layers, checkDkm(options, layers.length));
  if (objective === null) throw new RangeError('grams must be positive definite');
  return objective;
}

export interface SparseDkmState {
  /** The inducing points. */
  X: Float64Array;
  n: number;
  d: number;
  kernel: GramKernel;
  noise: number;
  /** G_0..G_L at the inducing points. */
  grams: Float64Array[];
  /** Factors of K(G_0)..K(G_(L-1)). */
  factors: Float64Array[];
  /** Factor of K_ii of the top, and of B = K_ii + K_it K_ti / σ². */
  top: Float64Array;
  middle: Float64Array;
  /** B^-1 K_it y / σ², one for each column. */
  alphas: Float64Array[];
  value: number;
  bound: number;
  kl: Float64Array;
  iterations: number;
  status: string;
}

/**
 * The Gram matrices at the inducing points that maximize the bound, by L-BFGS from the infinitely wide network.
 *
 * @example
 * const X = Array.from({ length: 12 }, (_, i) => [i / 11, 1]);
 * const machine = fitSparseDkm(X, X.map(([x]) => Math.sin(6 * x)), X.filter((_, i) => i % 2 === 0), { noise: 0.01, nu: 0.2 });
 * Math.abs(sparseDkmPredict(machine, [[0.5, 1]]).mean[0] - Math.sin(3)) < 0.3; //=> true
 */
export function fitSparseDkm(
  X: MatrixLike,
  y: ArrayLike<number> | MatrixLike,
  Z: MatrixLike,
  options: FitDkmOptions = {},
): SparseDkmState {
  const data = checkSparse(X, y, Z);
  const P = data.inducing.rows;
  checkOptionNames('options', options, FIT_DKM_NAMES);
  const layers = checkInteger('layers', options.layers ?? 2, 1);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 200, 0);
  const checked = checkDkm(options, layers);
  const size = (P * (P + 1)) / 2;
  const start = new Float64Array(layers * size);
  let below: Float64Array = innerProducts(data.inducing, data.inducing);
  for (let l = 0; l < layers; l++) {
    const { L } = choleskyJittered(gramMap(checked.kernel, below, P, new Float64Array(P * P)), P);
    pack(L, P, start, l * size);
    below = outer(L, P);
  }
  const V = Array.from({ length: layers }, () => new Float64Array(P * P));
  const gramsOf = (theta: Float64Array) =>
    V.map((v, l) => {
      unpack(theta, l * size, P, v);
      return outer(v, P);
    });
  const result = minimizeLbfgsb(
    (theta, gradient) => {
      const objective = evaluateSparse(data, gramsOf(theta), checked);
      if (objective === null) return Infinity;
      for (let l = 0; l < layers; l++) {
        const byV = matMul(objective.gradient[l], V[l], P, P, P);
        for (let p = 0; p < P * P; p++) byV[p] *= -2;
        pack(byV, P, gradient, l * size);
      }
      return -objective.value;
    },
    start,
    { maxIterations },
  );
  const grams = gramsOf(result.x);
  const { value, bound, kl } = evaluateSparse(data, grams, checked)!;
  return { ...machineAt(data, grams, checked), value, bound, kl, iterations: result.iterations, status: result.status };
}

/** Posterior moments at m new points: K_si B^-1 K_it y/σ², and k_ss - K_si K_ii^-1 K_is + K_si B^-1 K_is. O(L m P²). */
export function sparseDkmPredict(state: SparseDkmState, Xs: MatrixLike): DkmPrediction {
  const points = toPoints('Xs', Xs, state.d);
  const m = points.rows;
  const P = state.n;
  const { K, diagonal } = carry(state, points);
  const means = state.alphas.map((alpha) => {
    const mean = new Float64Array(m);
    for (let i = 0; i < P; i++) for (let t = 0; t < m; t++) mean[t] += K[i * m + t] * alpha[i];
    return mean;
  });
  const explained = solveLowerMany(state.top, K, P, m);
  const left = solveLowerMany(state.middle, K, P, m);
  const variance = diagonal;
  for (let i = 0; i < P; i++) {
    for (let t = 0; t < m; t++) {
      variance[t] += left[i * m + t] * left[i * m + t] - explained[i * m + t] * explained[i * m + t];
    }
  }
  for (let t = 0; t < m; t++) if (!(variance[t] > 0)) variance[t] = 0;
  return { mean: means[0], means, variance };
}

interface SparseData {
  points: Points;
  inducing: Points;
  targets: Float64Array[];
  /** G_0 between inducing points (P x P), to the data (P x n), and its diagonal at the data. */
  G0: Float64Array;
  cross: Float64Array;
  own: Float64Array;
}

function checkSparse(X: MatrixLike, y: ArrayLike<number> | MatrixLike, Z: MatrixLike): SparseData {
  const points = toPoints('X', X);
  if (points.rows === 0) throw new RangeError('X must hold at least one point');
  const inducing = toPoints('Z', Z, points.columns);
  if (inducing.rows === 0) throw new RangeError('Z must hold at least one point');
  return {
    points,
    inducing,
    targets: targetColumns(y, points.rows),
    G0: innerProducts(inducing, inducing),
    cross: innerProducts(inducing, points),
    own: squaredNorms(points),
  };
}

/** What one layer computes on the way up, for the way down. */
interface LayerTape {
  G: Float64Array;
  cross: Float64Array;
  own: Float64Array;
  inverse: Float64Array;
  K: Float64Array;
  /** K_ii^-1 K_it. */
  A: Float64Array;
}

/** Value and gradient; null where a Gram matrix cannot be factored. */
function evaluateSparse(
  data: SparseData,
  grams: readonly Float64Array[],
  checked: CheckedDkm,
): SparseDkmObjective | null {
  const { kernel, noise } = checked;
  const P = data.inducing.rows;
  const n = data.points.rows;
  const L = grams.length;
  // The divergences and their gradients are those of the exact machine without a likelihood.
  const divergences = evaluateDkm(data.G0, grams, null, P, checked);
  if (divergences === null) return null;
  const { gradient, kl } = divergences;

  const tapes: LayerTape[] = [];
  let G = data.G0;
  let { cross, own } = data;
  for (let l = 0; l < L; l++) {
    const tape = layerUp(kernel, G, cross, own, P, n);
    tapes.push(tape);
    cross = matMul(grams[l], tape.A, P, P, n);
    const next = own.map((xx) => gramDiagonal(kernel, xx));
    for (let i = 0; i < P; i++) {
      for (let t = 0; t < n; t++) next[t] += tape.A[i * n + t] * (cross[i * n + t] - tape.K[i * n + t]);
    }
    own = next;
    G = grams[l];
  }
  const top = layerUp(kernel, G, cross, own, P, n);
  const { bound, byKii, byK, byOwn } = titsiasBound(top, own, data.targets, kernel, noise, P, n);

  // Down: adjoints of K_ii, K_it, k_tt of the layer above become those of G_ii, G_it, g_tt.
  let adjoint = gramDown(kernel, top, byKii, byK, byOwn, P, n, gradient[L - 1]);
  for (let l = L - 1; l >= 0; l--) {
    const { A, K, inverse } = tapes[l];
    const { byCross: B, byOwn: c } = adjoint;
    const Gl = grams[l];
    // ∂G_l = B Aᵀ + A diag(c) Aᵀ, made symmetric
    const scaled = A.map((a, p) => a * c[p % n]);
    const direct = matMul(B, transpose(A, P, n), P, n, P);
    const through = matMul(scaled, transpose(A, P, n), P, n, P);
    for (let i = 0; i < P; i++) {
      for (let j = 0; j < P; j++) {
        gradient[l][i * P + j] += 0.5 * (direct[i * P + j] + direct[j * P + i]) + through[i * P + j];
      }
    }
    if (l === 0) break;
    // ∂A = G_l B + 2 G_l A diag(c) - K diag(c);  ∂K_it = K_ii^-1 ∂A - A diag(c);  ∂K_ii = -K_ii^-1 ∂A Aᵀ
    const byA = matMul(Gl, B, P, P, n);
    const twice = matMul(Gl, scaled, P, P, n);
    for (let p = 0; p < P * n; p++) byA[p] += 2 * twice[p] - K[p] * c[p % n];
    const W = matMul(inverse, byA, P, P, n);
    const WA = matMul(W, transpose(A, P, n), P, n, P);
    const down = new Float64Array(P * P);
    for (let i = 0; i < P; i++) for (let j = 0; j < P; j++) down[i * P + j] = -0.5 * (WA[i * P + j] + WA[j * P + i]);
    for (let p = 0; p < P * n; p++) W[p] -= scaled[p];
    adjoint = gramDown(kernel, tapes[l], down, W, c, P, n, gradient[l - 1]);
  }
  return { value: divergences.value + bound, bound, kl, gradient };
}

function layerUp(
  kernel: GramKernel,
  G: Float64Array,
  cross: Float64Array,
  own: Float64Array,
  P: number,
  n: number,
): LayerTape {
  const Kii = gramMap(kernel, G, P, new Float64Array(P * P));
  const inverse = choleskyInverse(choleskyJittered(Kii, P).L, P);
  const K = new Float64Array(P * n);
  for (let i = 0; i < P; i++) {
    for (let t = 0; t < n; t++) K[i * n + t] = gramEntry(kernel, G[i * P + i], own[t], cross[i * n + t]);
  }
  return { G, cross, own, inverse, K, A: matMul(inverse, K, P, P, n) };
}

/** Adds to the gradient of G_ii; returns those of G_it and g_tt. */
function gramDown(
  kernel: GramKernel,
  { G, cross, own }: LayerTape,
  byKii: Float64Array,
  byK: Float64Array,
  byKtt: Float64Array,
  P: number,
  n: number,
  gradient: Float64Array,
): { byCross: Float64Array; byOwn: Float64Array } {
  pullThroughGramMap(kernel, G, byKii, P, gradient);
  const byCross = new Float64Array(P * n);
  const byOwn = kernel === 'rbf' ? new Float64Array(n) : byKtt.slice();
  const slopes = { byXx: 0, byZz: 0, byXz: 0 };
  for (let i = 0; i < P; i++) {
    for (let t = 0; t < n; t++) {
      const weight = byK[i * n + t];
      gramSlopes(kernel, G[i * P + i], own[t], cross[i * n + t], slopes);
      byCross[i * n + t] = weight * slopes.byXz;
      gradient[i * P + i] += weight * slopes.byXx;
      byOwn[t] += weight * slopes.byZz;
    }
  }
  return { byCross, byOwn };
}

/** F and its gradients in K_ii (symmetric), K_it and k_tt. */
function titsiasBound(
  { K, A, inverse, G }: LayerTape,
  own: Float64Array,
  targets: readonly Float64Array[],
  kernel: GramKernel,
  noise: number,
  P: number,
  n: number,
): { bound: number; byKii: Float64Array; byK: Float64Array; byOwn: Float64Array } {
  const columns = targets.length;
  const Kii = gramMap(kernel, G, P, new Float64Array(P * P));
  const factorKii = choleskyJittered(Kii, P).L;
  const KK = matMul(K, transpose(K, P, n), P, n, P);
  const factorB = choleskyJittered(
    Kii.map((k, p) => k + KK[p] / noise),
    P,
  ).L;
  const inverseB = choleskyInverse(factorB, P);
  let trace = 0; // tr K_tt - tr Q
  for (let t = 0; t < n; t++) trace += gramDiagonal(kernel, own[t]);
  for (let p = 0; p < P * n; p++) trace -= K[p] * A[p];
  const logDet = choleskyLogDet(factorB, P) - choleskyLogDet(factorKii, P) + n * log(noise);
  let bound = -0.5 * columns * (n * LOG_2PI + logDet + trace / noise);
  const byB = inverseB.map((v) => -0.5 * columns * v);
  const byK = new Float64Array(P * n);
  for (const y of targets) {
    const b = new Float64Array(P);
    let squares = 0;
    for (let t = 0; t < n; t++) squares += y[t] * y[t];
    for (let i = 0; i < P; i++) for (let t = 0; t < n; t++) b[i] += K[i * n + t] * y[t];
    const u = choleskySolve(factorB, b, P);
    let explained = 0;
    for (let i = 0; i < P; i++) explained += b[i] * u[i];
    bound -= 0.5 * (squares / noise - explained / (noise * noise));
    for (let i = 0; i < P; i++) {
      for (let j = 0; j < P; j++) byB[i * P + j] -= (0.5 * u[i] * u[j]) / (noise * noise);
      for (let t = 0; t < n; t++) byK[i * n + t] += (u[i] * y[t]) / (noise * noise);
    }
  }
  const byBK = matMul(byB, K, P, P, n);
  for (let p = 0; p < P * n; p++) byK[p] += (2 * byBK[p]) / noise + (columns * A[p]) / noise;
  const AA = matMul(A, transpose(A, P, n), P, n, P);
  const byKii = byB.map((v, p) => v + 0.5 * columns * inverse[p] - (0.5 * columns * AA[p]) / noise);
  return { bound, byKii, byK, byOwn: new Float64Array(n).fill((-0.5 * columns) / noise) };
}

function machineAt(
  data: SparseData,
  grams: Float64Array[],
  { kernel, noise }: CheckedDkm,
): Omit<SparseDkmState, 'value' | 'bound' | 'kl' | 'iterations' | 'status'> {
  const P = data.inducing.rows;
  const n = data.points.rows;
  const all = [data.G0, ...grams];
  const factors = all.slice(0, -1).map((G) => choleskyJittered(gramMap(kernel, G, P, new Float64Array(P * P)), P).L);
  const shape = { X: data.inducing.data.slice(), n: P, d: data.inducing.columns, kernel, noise, grams: all, factors };
  const { K } = carry(shape, data.points);
  const Kii = gramMap(kernel, all[all.length - 1], P, new Float64Array(P * P));
  const KK = matMul(K, transpose(K, P, n), P, n, P);
  const middle = choleskyJittered(
    Kii.map((k, p) => k + KK[p] / noise),
    P,
  ).L;
  const alphas = data.targets.map((y) => {
    const b = new Float64Array(P);
    for (let i = 0; i < P; i++) for (let t = 0; t < n; t++) b[i] += (K[i * n + t] * y[t]) / noise;
    return choleskySolve(middle, b, P);
  });
  return { ...shape, top: choleskyJittered(Kii, P).L, middle, alphas };
}
