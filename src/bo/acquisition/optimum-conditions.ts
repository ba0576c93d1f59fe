/**
 * A Gaussian process under the condition that a given point is its optimum.
 *
 * J. M. Hernández-Lobato, M. W. Hoffman, Z. Ghahramani, "Predictive entropy search for efficient global optimization of
 * black-box functions", NIPS 2014, arXiv:1406.2541, section 2.2. For a maximum x*:
 *
 *   C1  ∇f(x*) = 0, and the Hessian at x* has zeros off its diagonal, negative numbers on it
 *   C2  f(x*) is above the largest observation y_max, up to its noise
 *   C3  f(x) <= f(x*) at the point x asked about
 *
 * Equalities condition the process exactly; inequalities of C1 and C2 enter by expectation propagation on
 * z = (f(x*), diag ∇²f(x*)), and C3 by the moments of a truncated normal (`predictive-entropy.ts`).
 *
 *   paper             here              meaning
 *   c                 equalities        ∇f(x*) and the upper triangle of the Hessian
 *   z                 inequalities      f(x*) and the diagonal of the Hessian
 *   m_0, V_0          m0, V0            law of z given the data and c
 *
 * The paper takes x* for an interior point. Where x* lies on a side of the box that is given, the component of the gradient
 * across that side is not zero there: it points out of the box, one more inequality, and the Hessian's entries of that
 * coordinate are free. (In two dimensions four of five optima of the draws tried were such; without the box the entropies
 * were wrong by 0.04 nats instead of 0.02.)
 */
import { checkOption } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import { solveLower, solveLowerMany, solveUpperT, solveUpperTMany } from '../../linalg/triangular.js';
import { trainingPoints, type GpState } from '../gp/gp-state.js';
import { isTwiceDifferentiable } from '../kernels/kernel-derivatives.js';
import { checkBounds } from './bounds.js';
import { conditionsAt, functionals, type OptimumConditionOptions } from './optimum-functionals.js';
import { truncatedNormalEp, type OneSidedCondition } from './truncated-normal-ep.js';

/** The process at x given its data: moments, and k(x, X). */
export interface LatentAt {
  mean: number;
  variance: number;
  row: Float64Array;
}

/** Moments at x under C1 and C2, before C3. */
export interface GivenOptimum {
  mean: number;
  variance: number;
  /** Covariance of f(x) and f(x*). */
  cross: number;
  /**
   * Derivatives of byMean mean + byVariance variance + byCross cross, apart from those through the latent mean and variance:
   * `out` is increased by those through k(x, x*), `byRow` by those in k(x, X).
   */
  pullback(byMean: number, byVariance: number, byCross: number, out: Float64Array, byRow: Float64Array): void;
}

export interface OptimumConditions {
  /** Mean and variance of f(x*) itself, and its variance before any data. */
  starMean: number;
  starVariance: number;
  priorVariance: number;
  /** Whether expectation propagation settled. */
  converged: boolean;
  at(x: Float64Array, latent: LatentAt): GivenOptimum;
}

/** Checks what does not concern one optimum alone, in d dimensions. */
export function checkConditions(gp: GpState, d: number, options: OptimumConditionOptions): void {
  const { conditions = 'local', offDiagonal = 'zero', bounds } = options;
  checkOption('conditions', conditions, ['local', 'values']);
  checkOption('offDiagonal', offDiagonal, ['zero', 'free']);
  if (conditions === 'local' && !isTwiceDifferentiable(gp.kernel)) {
    throw new RangeError(
      `kernel must be twice differentiable to condition on a gradient and a Hessian, got '${gp.kernel.type}'; conditions: 'values' does without them`,
    );
  }
  if (bounds !== undefined) checkBounds(bounds, d);
}

/**
 * The process given its data and that `place` is its optimum (C1 and C2).
 *
 * With g functionals of f at x*, 1 + 2d + d(d - 1)/2 at most: O(n² g + g³) once, O(n g + g²) a point.
 */
export function optimumConditions(
  gp: GpState,
  place: Float64Array,
  options: OptimumConditionOptions,
): OptimumConditions {
  const { n, L, alpha } = gp;
  const { equalities, inequalities } = conditionsAt(gp, place, options);
  const lists = [...equalities, ...inequalities.map(({ list }) => list)];
  const f = functionals(gp, place, lists, (options.conditions ?? 'local') === 'values');
  const g = lists.length;
  const C = equalities.length;
  const Z = g - C;
  const star = C; // f(x*), the first of z

  // Law of the functionals given the data, in units of their prior deviations.
  const unit = Float64Array.from({ length: g }, (_, i) => {
    const variance = f.prior[i * g + i];
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  const K = new Float64Array(n * g);
  const X = trainingPoints(gp);
  for (let t = 0; t < n; t++) {
    const row = f.covariances(gp.X.subarray(t * X.columns, (t + 1) * X.columns));
    for (let i = 0; i < g; i++) K[t * g + i] = row[i] / unit[i];
  }
  const mean = f.mean.map((value, i) => value / unit[i]);
  for (let t = 0; t < n; t++) for (let i = 0; i < g; i++) mean[i] += K[t * g + i] * alpha[t];
  const V = solveLowerMany(L, K, n, g, K);
  const S = f.prior.map((value, p) => value / (unit[Math.floor(p / g)] * unit[p % g]));
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < g; i++) for (let j = 0; j < g; j++) S[i * g + j] -= V[t * g + i] * V[t * g + j];
  }
  const W = solveUpperTMany(L, V, n, g);

  // C1's equalities: Gaussian conditioning on c = 0.
  const block = (rows: number, at: number, columns: number, from: number) =>
    Float64Array.from(
      { length: rows * columns },
      (_, p) => S[(at + Math.floor(p / columns)) * g + from + (p % columns)],
    );
  const Lc = C > 0 ? choleskyJittered(block(C, 0, C, 0), C).L : new Float64Array(0);
  const B = solveLowerMany(Lc, block(C, 0, Z, C), C, Z);
  const residual = solveLower(Lc, mean.subarray(0, C), C);
  const m0 = mean.slice(C);
  const V0 = block(Z, C, Z, C);
  for (let a = 0; a < C; a++) {
    for (let i = 0; i < Z; i++) {
      m0[i] -= B[a * Z + i] * residual[a];
      for (let j = 0; j < Z; j++) V0[i * Z + j] -= B[a * Z + i] * B[a * Z + j];
    }
  }

  // The inequalities: sites N(z_i; ν/τ, 1/τ).
  const conditions = inequalities.flatMap(({ condition }, i): OneSidedCondition[] => {
    if (condition === undefined || !(V0[i * Z + i] > 1e-12)) return [];
    const { side, bound, softness } = condition;
    const u = unit[C + i];
    return [{ index: i, side, bound: bound / u, softness: softness / (u * u) }];
  });
  const ep = truncatedNormalEp(m0, { data: V0, rows: Z, columns: Z }, conditions);
  const root = ep.precision.map((tau) => Math.sqrt(Math.max(0, tau)));
  const shift = ep.shift.map((nu, i) => nu - ep.precision[i] * ep.mean[i]);
  const A = V0.map((value, p) => value * root[Math.floor(p / Z)] * root[p % Z]);
  for (let i = 0; i < Z; i++) A[i * Z + i] += 1;
  const La = choleskyJittered(A, Z).L;
  const starColumn = solveLower(
    La,
    root.map((t, i) => t * V0[i * Z]),
    Z,
  );

  return {
    starMean: ep.mean[0] * unit[star],
    starVariance: Math.max(0, ep.covariance[0]) * unit[star] * unit[star],
    priorVariance: f.prior[star * g + star],
    converged: ep.converged,
    at(x, latent) {
      const a = f.covariances(x);
      for (let i = 0; i < g; i++) {
        a[i] /= unit[i];
        for (let t = 0; t < n; t++) a[i] -= latent.row[t] * W[t * g + i];
      }
      const bc = solveLower(Lc, a.subarray(0, C), C);
      const az = a.slice(C);
      for (let c = 0; c < C; c++) for (let i = 0; i < Z; i++) az[i] -= B[c * Z + i] * bc[c];
      const bz = solveLower(
        La,
        az.map((value, i) => value * root[i]),
        Z,
      );
      let { mean: m, variance } = latent;
      let cross = az[0];
      for (let c = 0; c < C; c++) {
        m -= bc[c] * residual[c];
        variance -= bc[c] * bc[c];
      }
      for (let i = 0; i < Z; i++) {
        m += az[i] * shift[i];
        variance -= bz[i] * bz[i];
        cross -= bz[i] * starColumn[i];
      }
      return {
        mean: m,
        variance,
        cross: cross * unit[star],
        pullback(byMean, byVariance, byCross, out, byRow) {
          const byBz = bz.map((b, i) => -2 * byVariance * b - byCross * unit[star] * starColumn[i]);
          const byA = new Float64Array(g);
          solveUpperT(La, byBz, Z).forEach((value, i) => (byA[C + i] = value * root[i] + byMean * shift[i]));
          byA[star] += byCross * unit[star];
          const byBc = new Float64Array(C);
          for (let c = 0; c < C; c++) {
            byBc[c] = -byMean * residual[c] - 2 * byVariance * bc[c];
            for (let i = 0; i < Z; i++) byBc[c] -= B[c * Z + i] * byA[C + i];
          }
          byA.set(solveUpperT(Lc, byBc, C));
          for (let t = 0; t < n; t++) for (let i = 0; i < g; i++) byRow[t] -= W[t * g + i] * byA[i];
          f.slopes(
            x,
            byA.map((value, i) => value / unit[i]),
            out,
          );
        },
      };
    },
  };
}
