/**
 * Moments of a deep kernel machine at one point, with their gradients in the point: `dkmPredict` in reverse.
 *
 * With c = G_it, s = G_tt of the layer below, k = K_it, p = K_ii^-1 k and G the Gram matrix of the layer itself,
 *
 *   c' = G p,   s' = K_tt + p·c' - k·p;     mean = k·α,   variance = K_tt - kᵀ (K(G_L) + σ² I)^-1 k   at the top
 */
import { checkVector } from '../../internal/check.js';
import { matVec } from '../../linalg/mat-mul.js';
import { dot } from '../../linalg/sum.js';
import { choleskySolve } from '../../linalg/triangular.js';
import type { SurrogateGradient } from '../surrogates/surrogate.js';
import type { DkmState } from './fit-dkm.js';
import { gramDiagonal, gramEntry, gramSlopes } from './gram-kernel.js';

/** What a point is at one layer. */
interface Layer {
  /** G_it and G_tt, and the kernel of the layer between them and the data. */
  c: Float64Array;
  s: number;
  k: Float64Array;
  /** K_ii^-1 k, and c' - k: what s' is made of. Empty at the top. */
  p: Float64Array;
  rest: Float64Array;
  /** Whether s' was held at 0. */
  clamped: boolean;
}

/**
 * Mean and latent variance of the first column of targets at x, with their gradients. O(L n²).
 *
 * @throws RangeError if x does not have the machine's dimension or is not finite
 *
 * @example
 * const machine = fitDkm([[0, 1], [1, 0], [1, 1]], [1, -1, 0.5], { noise: 0.01, nu: 0.1 });
 * const { mean, dMean } = dkmPredictGradient(machine, [1, 0]);
 * Math.abs(mean - dkmPredict(machine, [[1, 0]]).mean[0]) < 1e-12 && dMean.length === 2; //=> true
 */
export function dkmPredictGradient(state: DkmState, x: ArrayLike<number>): SurrogateGradient {
  const { X, n, d, kernel, grams, factors, top, alphas } = state;
  checkVector('x', x, d);
  const layers: Layer[] = [];
  let c: Float64Array = new Float64Array(n);
  let s = 0;
  for (let q = 0; q < d; q++) s += x[q] * x[q];
  s /= d;
  for (let i = 0; i < n; i++) {
    for (let q = 0; q < d; q++) c[i] += X[i * d + q] * x[q];
    c[i] /= d;
  }
  for (let l = 0; l <= factors.length; l++) {
    const k = new Float64Array(n);
    for (let i = 0; i < n; i++) k[i] = gramEntry(kernel, grams[l][i * n + i], s, c[i]);
    const layer: Layer = { c, s, k, p: new Float64Array(0), rest: new Float64Array(0), clamped: false };
    layers.push(layer);
    if (l === factors.length) break;
    layer.p = choleskySolve(factors[l], k, n);
    c = matVec(grams[l + 1], layer.p, n, n);
    layer.rest = c.map((value, i) => value - k[i]);
    s = gramDiagonal(kernel, s) + dot(layer.p, layer.rest);
    layer.clamped = !(s > 0);
    if (layer.clamped) s = 0;
  }
  const above = layers[layers.length - 1];
  const weights = choleskySolve(top, above.k, n);
  const exact = gramDiagonal(kernel, above.s) - dot(above.k, weights);
  const byVariance = exact > 0 ? weights.map((w) => -2 * w) : new Float64Array(n);
  return {
    mean: dot(above.k, alphas[0]),
    variance: Math.max(0, exact),
    dMean: pullback(state, x, layers, alphas[0], 0),
    dVariance: pullback(state, x, layers, byVariance, exact > 0 ? 1 : 0),
  };
}

/** The gradient in x of a scalar whose gradient is `byK` in K_it and `byOwn` in K_tt at the top. */
function pullback(
  { X, n, d, kernel, grams, factors }: DkmState,
  x: ArrayLike<number>,
  layers: readonly Layer[],
  byK: Float64Array,
  byOwn: number,
): Float64Array {
  const slopes = { byXx: 0, byZz: 0, byXz: 0 };
  for (let l = factors.length; ; l--) {
    const { c, s } = layers[l];
    const byC = new Float64Array(n);
    let byS = kernel === 'rbf' ? 0 : byOwn;
    for (let i = 0; i < n; i++) {
      gramSlopes(kernel, grams[l][i * n + i], s, c[i], slopes);
      byC[i] = byK[i] * slopes.byXz;
      byS += byK[i] * slopes.byZz;
    }
    if (l === 0) {
      const out = new Float64Array(d);
      for (let i = 0; i < n; i++) for (let q = 0; q < d; q++) out[q] += (byC[i] * X[i * d + q]) / d;
      for (let q = 0; q < d; q++) out[q] += (2 * byS * x[q]) / d;
      return out;
    }
    const { p, rest, clamped } = layers[l - 1];
    byOwn = clamped ? 0 : byS;
    // s' = K_tt + p·(c' - k) with c' = G p.
    for (let i = 0; i < n; i++) byC[i] += byOwn * p[i];
    const byP = matVec(grams[l], byC, n, n);
    for (let i = 0; i < n; i++) byP[i] += byOwn * rest[i];
    byK = choleskySolve(factors[l - 1], byP, n);
    for (let i = 0; i < n; i++) byK[i] -= byOwn * p[i];
  }
}
