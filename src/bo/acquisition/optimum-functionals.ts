/**
 * What holds at an optimum x*: which derivatives of f there are zero, which have a sign, and how they vary with f elsewhere.
 * `optimum-conditions.ts` says where it comes from, and conditions a process on it.
 */
import { meanValues, type GpState } from '../gp/gp-state.js';
import { kernelDerivatives } from '../kernels/kernel-derivatives.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import type { Bounds } from './bounds.js';

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

/** A functional of f at x*: the coordinates in which it is differentiated, and the side on which it is. */
export interface Inequality {
  list: readonly number[];
  condition?: { side: 1 | -1; bound: number; softness: number };
}

/** Which derivatives at x* are zero, and which have a sign. f(x*) comes first of the latter. */
export function conditionsAt(
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

export interface Functionals {
  /** Prior mean of each, and their prior covariance. */
  mean: Float64Array;
  prior: Float64Array;
  /** Prior covariance of f(x) with each. */
  covariances(x: Float64Array): Float64Array;
  /** out += Σ_i weights_i ∂/∂x of these. */
  slopes(x: Float64Array, weights: Float64Array, out: Float64Array): void;
}

/** The derivatives `lists` of f at x*; with `valuesOnly` that is f(x*) alone, for which any kernel serves. */
export function functionals(
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
