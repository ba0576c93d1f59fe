/**
 * Predictive entropy search: what an observation tells about where the optimum is.
 *
 * J. M. Hernández-Lobato, M. W. Hoffman, Z. Ghahramani, NIPS 2014, arXiv:1406.2541, equation 2 and section 2.2. With v(x) the
 * variance of f(x), and v(x | x*) that given that x* is the optimum, for sampled optima,
 *
 *   PES(x) = ½ ln(v(x) + noise) - average over x* of ½ ln(v(x | x*) + noise)
 *
 * `optimum-conditions.ts` conditions on what holds at x* (C1, C2). Here f(x) is kept below f(x*) (C3): with the joint law of
 * the two, σ² = Var(f(x) - f(x*)), γ = (E f(x*) - E f(x))/σ, q = φ(γ)/Φ(γ),
 *
 *   v(x | x*) = Var f(x) - Cov(f(x), f(x) - f(x*))² q (γ + q)/σ²
 */
import { checkNumber, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { queryPoint, trainingPoints, type GpState } from '../gp/gp-state.js';
import { averageNoise } from '../gp/predict.js';
import { kernelRules } from '../kernels/rules.js';
import type { Acquisition, PointValue } from './acquisition.js';
import { checkConditions, optimumConditions, type LatentAt, type OptimumConditions } from './optimum-conditions.js';
import type { OptimumConditionOptions } from './optimum-functionals.js';
import { gpPosterior, leastDeviation, type PosteriorAt } from './posterior.js';
import { lowerTruncation } from './truncated-normal.js';

export interface PredictiveEntropyOptions extends OptimumConditionOptions {
  /** Samples of the optimum; only their places count. `sampleOptima` draws them. */
  optima: readonly { x: ArrayLike<number> }[];
  /** Noise variance of the observation. Default: the model's. */
  noise?: number;
}

/**
 * Predictive entropy search at x, in nats, with its gradient. At least 0, since every condition takes variance away.
 *
 * @throws RangeError if there are no optima, sizes differ, or the kernel is not twice differentiable and the conditions 'local'
 *
 * @example
 * const gp = gpCondition(matern52({ lengthscale: 0.3 }), [[0.1], [0.9]], [0, 1], { noise: 0.01 });
 * predictiveEntropySearch(gp, [0.6], { optima: [{ x: [0.7] }], bounds: [[0, 1]] }).value > 0.1; //=> true
 */
export function predictiveEntropySearch(
  gp: GpState,
  x: ArrayLike<number>,
  options: PredictiveEntropyOptions,
): PointValue {
  const point = queryPoint(gp, x);
  const acquisition = predictiveEntropyAcquisition(gp, options);
  const gradient = new Float64Array(point.length);
  return { value: acquisition.value(point, gradient), gradient };
}

/**
 * `predictiveEntropySearch` as an acquisition: the work at the optima is done once. O(n² + S (n g + g²)) a point for S optima
 * with g = O(d²) functionals each; about 1 ms with its gradient at n = 100, d = 6, S = 8.
 *
 * In an optimizer it is `acquisition: 'predictiveEntropySearch'`.
 */
export function predictiveEntropyAcquisition(gp: GpState, options: PredictiveEntropyOptions): Acquisition {
  const { optima, noise = averageNoise(gp), maximize = true } = options;
  if (optima.length === 0) throw new RangeError('optima must not be empty');
  checkNumber('noise', noise, 0);
  const d = gp.n > 0 ? gp.d : optima[0].x.length;
  const places = optima.map(({ x }, s) => Float64Array.from(checkVector(`optima[${s}].x`, x, d)));
  checkConditions(gp, d, options);
  const conditions = places.map((place) => optimumConditions(gp, place, options));
  const S = places.length;
  const sign = maximize ? 1 : -1;
  const floor = varianceFloor(gp);
  const process = latentProcess(gp);
  return {
    value(x, gradient) {
      const { latent, at } = process(x, gradient !== undefined);
      let value = 0.5 * log(latent.variance + noise);
      let byMean = 0;
      let byVariance = 0.5 / (latent.variance + noise);
      const byRow = new Float64Array(gp.n);
      gradient?.fill(0);
      for (let s = 0; s < S; s++) {
        const given = conditions[s].at(x, latent);
        const below = truncate(given, conditions[s], sign);
        const left = Math.max(floor, below.variance);
        value -= (0.5 * log(left + noise)) / S;
        if (gradient === undefined || !(below.variance > floor)) continue;
        const weight = -0.5 / ((left + noise) * S);
        byMean += weight * below.byMean;
        byVariance += weight * below.byVariance;
        given.pullback(weight * below.byMean, weight * below.byVariance, weight * below.byCross, gradient, byRow);
      }
      if (gradient === undefined) return value;
      at.pullback(byMean, 2 * at.std * byVariance, gradient);
      kernelRules(gp.kernel).inputContract(gp.kernel, x, trainingPoints(gp), byRow, gradient);
      return value;
    },
  };
}

/**
 * Mean and variance of f(x) given the data and that the optimum is at `place`: conditions C1 and C2 by expectation
 * propagation, C3 by truncation.
 *
 * `converged` is false if expectation propagation did not settle within 200 rounds; the moments are then those of its last.
 *
 * @throws RangeError as `predictiveEntropySearch`
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 0.3 }), [[0.1], [0.9]], [0, 0], { noise: 1e-4 });
 * momentsGivenOptimum(gp, [0.5], [0.5]).mean > 0; //=> true
 */
export function momentsGivenOptimum(
  gp: GpState,
  x: ArrayLike<number>,
  place: ArrayLike<number>,
  options: OptimumConditionOptions = {},
): { mean: number; variance: number; converged: boolean } {
  const point = queryPoint(gp, x);
  const star = Float64Array.from(checkVector('place', place, point.length));
  checkConditions(gp, point.length, options);
  const conditions = optimumConditions(gp, star, options);
  const { latent } = latentProcess(gp)(point, false);
  const given = conditions.at(point, latent);
  const { mean, variance } = truncate(given, conditions, (options.maximize ?? true) ? 1 : -1);
  return { mean, variance: Math.max(0, variance), converged: conditions.converged };
}

/** C3: moments of f(x) given that it does not beat f(x*), and the variance's derivatives in those it came from. */
function truncate(
  { mean, variance: vx, cross }: { mean: number; variance: number; cross: number },
  { starMean, starVariance, priorVariance }: OptimumConditions,
  sign: 1 | -1,
): { mean: number; variance: number; byMean: number; byVariance: number; byCross: number } {
  // The paper's stabilizer: beside x* the difference of the two is all rounding.
  const spread = Math.max(0, vx + starVariance - 2 * cross) + 1e-10 * (priorVariance > 0 ? priorVariance : 1);
  const std = Math.sqrt(spread);
  const gamma = (sign * (starMean - mean)) / std;
  const { q, c, variance: kept } = lowerTruncation(gamma);
  const lost = 1 - kept;
  const shared = vx - cross;
  const ratio = shared / spread;
  // ∂(q (γ + q))/∂γ = q (kept - c²); γ falls with the mean by sign/std, and with the spread by γ/(2 spread).
  const byGamma = -shared * ratio * q * (kept - c * c);
  const bySpread = ratio * ratio * lost - (byGamma * gamma) / (2 * spread);
  return {
    mean: mean - (sign * shared * q) / std,
    variance: vx - shared * ratio * lost,
    byMean: (-sign * byGamma) / std,
    byVariance: 1 - 2 * ratio * lost + bySpread,
    byCross: 2 * ratio * lost - 2 * bySpread,
  };
}

/** Moments at x given the data, with k(x, X), which every optimum shares. */
function latentProcess(gp: GpState): (x: Float64Array, gradient: boolean) => { latent: LatentAt; at: PosteriorAt } {
  const posterior = gpPosterior(gp);
  const rules = kernelRules(gp.kernel);
  const train = trainingPoints(gp);
  const row = new Float64Array(gp.n);
  return (x, gradient) => {
    const at = posterior.at(x, gradient);
    if (gp.n > 0) rules.fill(gp.kernel, train, { data: x, rows: 1, columns: x.length }, false, row);
    return { at, latent: { mean: at.mean, variance: at.std * at.std, row } };
  };
}

/** Square of the least deviation of `gpPosterior`. */
function varianceFloor(gp: GpState): number {
  const least = leastDeviation(gp);
  return least * least;
}
