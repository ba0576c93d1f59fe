/**
 * The G-optimal design: how often to pull each of some actions so that the worst predicted one is predicted best.
 *
 * J. Kiefer, J. Wolfowitz, "The Equivalence of Two Extremum Problems", Canadian Journal of Mathematics 12 (1960): minimizing
 * max_i x_iᵀV(π)^-1x_i and maximizing ln det V(π), V(π) = Σ π_i x_i x_iᵀ, have the same solution, where the maximum is d. Frank-Wolfe steps
 * with away steps: V. Fedorov (1972); C. L. Atwood (1973); M. J. Todd, "Minimum-Volume Ellipsoids" (SIAM 2016), Chapter 3.
 *
 *   g_i   x_iᵀ V(π)^-1 x_i
 *   step  towards the largest g or away from the smallest one of the support, λ = (g/d - 1) / (g - 1) of the way: exact line search
 */
import { checkInteger, checkPositive, checkVector } from '../../internal/check.js';
import { cholesky, choleskyInverse, choleskyLogDet, type MatrixLike, toRowMajor } from '../../linalg/index.js';
import { spanBasis } from './span-basis.js';

export interface GOptimalDesign {
  /** Weights π of the actions, summing to 1. */
  weights: Float64Array;
  /** Dimension of the span of the actions, d where they span. */
  rank: number;
  /** max_i x_iᵀ V(π)^-1 x_i (in the span); at least `rank`, and `rank` at the optimum. */
  maxVariance: number;
  /** ln det V(π); in an orthonormal basis of the span where the actions do not span. */
  logDet: number;
  iterations: number;
  converged: boolean;
  /** 'converged': maxVariance <= rank (1 + tolerance). */
  status: 'converged' | 'max-iterations';
}

/**
 * The design. Deterministic; O(K d) an iteration, 400 iterations are a lot. Starts from a basis of actions, so few of them get weight:
 * d (d + 1) / 2 suffice for an optimum.
 *
 * @param actions K × d, finite, not all 0
 * @param options.tolerance default 1e-7
 * @param options.maxIterations default 10000
 * @throws RangeError if the actions are none, all 0, or not finite
 *
 * @example
 * gOptimalDesign([[1, 0], [0, 1]]).weights; //=> Float64Array.of(0.5, 0.5)
 */
export function gOptimalDesign(
  actions: MatrixLike,
  options: { tolerance?: number; maxIterations?: number } = {},
): GOptimalDesign {
  const { data, rows: K, columns } = toRowMajor(actions, 'actions');
  checkVector('actions', data);
  const tolerance = checkPositive('tolerance', options.tolerance ?? 1e-7);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 10_000, 0);
  const { rank: d, coordinates: X, pivots } = spanBasis(data, K, columns);
  if (d === 0) throw new RangeError('actions must hold one that is not 0');
  const pi = new Float64Array(K);
  for (const i of pivots) pi[i] = 1 / d;

  const inverse = new Float64Array(d * d);
  const g = new Float64Array(K);
  const u = new Float64Array(d);
  let logDet = refresh();
  let iterations = 0;
  let status: GOptimalDesign['status'] = 'max-iterations';
  for (;;) {
    let most = 0;
    let least = -1;
    for (let i = 1; i < K; i++) if (g[i] > g[most]) most = i;
    for (let i = 0; i < K; i++) if (pi[i] > 0 && (least < 0 || g[i] < g[least])) least = i;
    if (g[most] <= d * (1 + tolerance)) {
      logDet = refresh();
      if (largest() <= d * (1 + tolerance)) {
        status = 'converged';
        break;
      }
    }
    if (iterations === maxIterations) {
      logDet = refresh();
      break;
    }
    iterations += 1;
    const away = 1 - g[least] / d > g[most] / d - 1 && pi[least] < 1;
    const i = away ? least : most;
    let step = (g[i] / d - 1) / (g[i] - 1);
    if (away) {
      const all = -pi[i] / (1 - pi[i]);
      if (g[i] <= 1 || step <= all) step = all;
    } else if (d === 1) step = 1;
    move(i, step);
    if (iterations % 100 === 0) refresh();
  }
  return {
    weights: pi,
    rank: d,
    maxVariance: largest(),
    logDet,
    iterations,
    converged: status === 'converged',
    status,
  };

  /** V^-1 and g from π; returns ln det V. */
  function refresh(): number {
    const V = new Float64Array(d * d);
    for (let i = 0; i < K; i++) {
      if (pi[i] === 0) continue;
      for (let p = 0; p < d; p++) for (let q = 0; q <= p; q++) V[p * d + q] += pi[i] * X[i * d + p] * X[i * d + q];
    }
    cholesky(V, d, V);
    choleskyInverse(V, d, inverse);
    for (let i = 0; i < K; i++) {
      let total = 0;
      for (let p = 0; p < d; p++) {
        let s = 0;
        for (let q = 0; q < d; q++) s += inverse[p * d + q] * X[i * d + q];
        total += X[i * d + p] * s;
      }
      g[i] = total;
    }
    return choleskyLogDet(V, d);
  }

  function largest(): number {
    let most = 0;
    for (let i = 0; i < K; i++) if (g[i] > most) most = g[i];
    return most;
  }

  /** π <- (1 - step) π + step e_i, V^-1 and g with it. */
  function move(i: number, step: number): void {
    const keep = 1 - step;
    if (!(keep > 0)) {
      pi.fill(0);
      pi[i] = 1;
      refresh();
      return;
    }
    for (let j = 0; j < K; j++) pi[j] *= keep;
    pi[i] += step;
    if (pi[i] < 1e-15) pi[i] = 0;
    const ratio = step / keep;
    for (let p = 0; p < d; p++) {
      let s = 0;
      for (let q = 0; q < d; q++) s += inverse[p * d + q] * X[i * d + q];
      u[p] = s;
    }
    const scale = ratio / (1 + ratio * g[i]);
    for (let p = 0; p < d; p++) {
      for (let q = 0; q < d; q++) inverse[p * d + q] = (inverse[p * d + q] - scale * u[p] * u[q]) / keep;
    }
    for (let j = 0; j < K; j++) {
      let s = 0;
      for (let p = 0; p < d; p++) s += X[j * d + p] * u[p];
      g[j] = (g[j] - scale * s * s) / keep;
    }
  }
}
