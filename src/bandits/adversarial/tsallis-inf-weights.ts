/**
 * The sampling law of Tsallis-INF: follow the regularized leader with the 1/2-Tsallis entropy,
 *
 *   w = argmin over the simplex of <L, w> - (4/η) Σ_i sqrt(w_i),   that is   w_i = 4 (η (L_i - x))^-2,
 *
 * with x < min L the one number for which the weights sum to 1.
 *
 * J. Zimmert, Y. Seldin, "Tsallis-INF: An Optimal Algorithm for Stochastic and Adversarial Bandits", JMLR 22 (2021),
 * arXiv:1807.07623, equation (3) and Algorithm 2. The start of Newton's method is not theirs; see `newton`.
 */
import { checkPositive, checkVector } from '../../internal/check.js';

export interface TsallisInfWeights {
  /** w, positive, sum 1. */
  weights: Float64Array;
  /** x. */
  normalizer: number;
}

/**
 * Weights and normalizer for cumulative loss estimates L and a learning rate η. About ten Newton steps of O(K).
 *
 * Weights are within 1e-13 of the exact ones for losses of any size; only their differences matter.
 *
 * @param lossEstimates L, finite, at least one
 * @param eta learning rate, positive
 * @throws RangeError if there is no loss, one is not finite, or eta is not positive
 *
 * @example
 * tsallisInfWeights([0, 0, 0, 0], 1).weights; //=> new Float64Array([0.25, 0.25, 0.25, 0.25])
 * tsallisInfWeights([0, 0, 0, 0], 1).normalizer; //=> -4
 */
export function tsallisInfWeights(
  lossEstimates: ArrayLike<number>,
  eta: number,
  out: Float64Array = new Float64Array(lossEstimates.length),
): TsallisInfWeights {
  checkVector('lossEstimates', lossEstimates);
  if (lossEstimates.length === 0) throw new RangeError('lossEstimates must not be empty');
  checkPositive('eta', eta);
  const shift = smallest(lossEstimates);
  const y = newton(lossEstimates, shift, 1, eta, NaN, out);
  return { weights: out, normalizer: shift + y };
}

/**
 * Solves Σ_i q_i(y)² = 1, q_i = 2 / (η (D_i - y)), D_i = (L_i - min L) / scale, for y = x - min L < 0; fills `out` with
 * the weights q_i² divided by their sum.
 *
 * f(y) = Σ q_i² - 1 is convex and increasing, and f(-2/η) >= 0 because the best arm alone gives 1 there. From any y with
 * f(y) >= 0 Newton's iterates fall monotonically to the root. From the left of the root the first step lands right of it,
 * perhaps beyond the pole at 0, where -2/η takes its place: so every start below 0 is safe, and that of the last round,
 * `warm`, saves most of the steps. (A constant start is not: once left of the root, an unguarded step passes the pole.)
 *
 * @param warm y of the last round, NaN for none
 */
export function newton(
  L: ArrayLike<number>,
  shift: number,
  scale: number,
  eta: number,
  warm: number,
  out: Float64Array,
): number {
  const K = L.length;
  const end = -2 / eta;
  const half = eta / 2;
  let y = warm < end ? warm : end;
  let squares = 0;
  for (let step = 0; step < 100; step++) {
    squares = 0;
    let cubes = 0;
    for (let i = 0; i < K; i++) {
      const D = L[i] - shift;
      const q = 1 / (half * ((scale === 1 ? D : D / scale) - y)); // dividing by 1 is exact, and slow
      const w = q * q;
      out[i] = w;
      squares += w;
      cubes += w * q;
    }
    const f = squares - 1;
    if (Math.abs(f) <= 1e-14) break;
    const next = Math.min(end, y - f / (eta * cubes));
    // Beyond the first step the iterates only fall; one that does not is rounding.
    if (step > 0 && !(next < y)) break;
    y = next;
  }
  for (let i = 0; i < K; i++) out[i] /= squares;
  return y;
}

export function smallest(x: ArrayLike<number>): number {
  let least = Infinity;
  for (let i = 0; i < x.length; i++) if (x[i] < least) least = x[i];
  return least;
}
