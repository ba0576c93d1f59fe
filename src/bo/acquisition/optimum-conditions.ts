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
import { meanValues, trainingPoints, type GpState } from '../gp/gp-state.js';
import type { Points } from '../kernels/kernel.js';
import { isTwiceDifferentiable, kernelDerivatives } from '../kernels/kernel-derivatives.js';
import { kernelRules } from '../kernels/rules.js';
import { checkBounds, type Bounds } from './bounds.js';
import { truncatedNormalEp, type OneSidedCondition } from './truncated-normal-ep.js';

export interface OptimumConditionOptions {
  /**
   * 'local' (default): C1 and C2; the kernel's paths must be twice differentiable (rbf, matern52, rationalQuadratic, periodic,
   * linear, constant, white and their scales, sums and products). 'values': C2 alone, for any kernel.
   */
  conditions?: 'local' | 'values';
  /** Off the Hessian's diagonal: 'zero' (default, the paper's), or 'free' of any condition. */
  offDiagonal?: 'zero' | 'free';
  /** The box of the search, which should be given: without it every optimum counts as interior. */
  bounds?: Bounds;
  /** Whether the optimum is a maximum. Default true. */
  maximize?: boolean;
}

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

/** A functional of f at x*: the coordinates in which it is differentiated, and the side on which it is. */
interface Inequality {
  list: readonly number[];
  condition?: { side: 1 | -1; bound: number; softness: number };
}

/** Which derivatives at x* are zero, and which have a sign. f(x*) comes first of the latter. */
function conditionsAt(
  gp: GpState,
  place: Float64Array,
  { conditions = 'local', offDiagonal = 'zero', bounds, maximize = true }: OptimumConditionOptions,
): { equalities: number[][]; inequalities: Inequality[] } {
  const sign = maximize ? 1 : -1;
  const opposite = maximize ? -1 : 1;
  const best = bestObservation(gp, sign);
  const equalities: number[][] = [];
  const inequalities: Inequality[] = [{ list: [], ...(best !== undefined && { condition: { side: sign, ...best } }) }];
  if (conditions === 'values') return { equalities, inequalities };
  const interior: number[] = [];
  for (let k = 0; k < place.length; k++) {
    const [low, high] = bounds?.[k] ?? [-Infinity, Infinity];
    const close = bounds === undefined ? 0 : 1e-9 * (high - low);
    if (low === high) continue; // the coordinate does not move
    const atLow = place[k] - low <= close;
    const atHigh = high - place[k] <= close;
    if (!atLow && !atHigh) interior.push(k);
    else inequalities.push({ list: [k], condition: { side: atHigh ? sign : opposite, bound: 0, softness: 0 } });
  }
  for (const k of interior) {
    equalities.push([k]);
    inequalities.push({ list: [k, k], condition: { side: opposite, bound: 0, softness: 0 } });
    if (offDiagonal === 'zero') for (const l of interior) if (l > k) equalities.push([k, l]);
  }
  // What does not vary in the prior is known: no condition on it.
  const diagonal = kernelDerivatives(gp.kernel, place, place);
  return {
    equalities: equalities.filter((list) => diagonal(list, list) > 0),
    inequalities: inequalities.filter(({ list }) => list.length === 0 || diagonal(list, list) > 0),
  };
}

/** y_max and the variance of its noise; nothing without data. */
function bestObservation({ y, n, noise }: GpState, sign: 1 | -1): { bound: number; softness: number } | undefined {
  if (n === 0) return undefined;
  let top = 0;
  for (let t = 1; t < n; t++) if (sign * y[t] > sign * y[top]) top = t;
  return { bound: y[top], softness: typeof noise === 'number' ? noise : noise[top] };
}

interface Functionals {
  /** Prior mean of each, and their prior covariance. */
  mean: Float64Array;
  prior: Float64Array;
  /** Prior covariance of f(x) with each. */
  covariances(x: Float64Array): Float64Array;
  /** out += Σ_i weights_i ∂/∂x of these. */
  slopes(x: Float64Array, weights: Float64Array, out: Float64Array): void;
}

/** The derivatives `lists` of f at x*; with `valuesOnly` that is f(x*) alone, for which any kernel serves. */
function functionals(
  gp: GpState,
  place: Float64Array,
  lists: readonly (readonly number[])[],
  valuesOnly: boolean,
): Functionals {
  const { kernel } = gp;
  const query: Points = { data: place, rows: 1, columns: place.length };
  const coefficients = typeof gp.mean !== 'number' && gp.mean.type === 'linear' ? gp.mean.coefficients : undefined;
  const value = meanValues(gp.mean, query)[0];
  const mean = Float64Array.from(lists, (list) =>
    list.length === 0 ? value : list.length === 1 ? (coefficients?.[list[0] + 1] ?? 0) : 0,
  );
  if (valuesOnly) {
    const rules = kernelRules(kernel);
    const prior = new Float64Array(1);
    rules.diagonal(kernel, query, prior);
    return {
      mean,
      prior,
      covariances(x) {
        const out = new Float64Array(1);
        rules.fill(kernel, { data: x, rows: 1, columns: x.length }, query, false, out);
        return out;
      },
      slopes: (x, weights, out) => rules.inputContract(kernel, x, query, weights, out),
    };
  }
  const atStar = kernelDerivatives(kernel, place, place);
  return {
    mean,
    prior: Float64Array.from(lists.flatMap((a) => lists.map((b) => atStar(a, b)))),
    covariances(x) {
      const derivative = kernelDerivatives(kernel, x, place);
      return Float64Array.from(lists, (list) => derivative([], list));
    },
    slopes(x, weights, out) {
      const derivative = kernelDerivatives(kernel, x, place);
      for (let k = 0; k < x.length; k++) {
        for (let i = 0; i < lists.length; i++) out[k] += weights[i] * derivative([k], lists[i]);
      }
    },
  };
}
