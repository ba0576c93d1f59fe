/**
 * What a surrogate is: a regression model that says how sure it is. Gaussian processes, networks and ensembles share this
 * contract, and every acquisition function works on it: the analytic ones through moments, the Monte-Carlo ones through
 * samples.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, "A Study of Bayesian Neural Network Surrogates for Bayesian Optimization",
 * arXiv:2305.20028, sections 3 and 4.
 */
import { checkInteger, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import type { Posterior } from '../acquisition/posterior.js';
import { toPoints } from '../kernels/kernel-matrix.js';

export interface SurrogatePrediction {
  /** Length m. */
  mean: Float64Array;
  /** Variance of the latent function, at least 0; noise of the observations is not part of it. */
  variance: Float64Array;
}

export interface SurrogateGradient {
  mean: number;
  variance: number;
  /** Length d. */
  dMean: Float64Array;
  dVariance: Float64Array;
}

/**
 * A model with its options; what it learns is the plain `State`.
 *
 * Targets are expected standardized and inputs in the unit cube: the defaults of every surrogate assume it, and
 * the optimizer does it.
 */
export interface Surrogate<State = unknown> {
  /** All randomness through `rng`: equal data and an equal stream give an equal state. */
  fit(X: MatrixLike, y: ArrayLike<number>, rng: Rng): State;
  /** Moments of the latent function at m points. */
  predict(state: State, Xs: MatrixLike): SurrogatePrediction;
  /** n joint draws of the latent function at m points, row-major n x m. */
  sample(state: State, Xs: MatrixLike, n: number, rng: Rng): Float64Array;
  /** Moments at one point with their gradients; a surrogate without it is searched without gradients. */
  predictGradient?(state: State, x: ArrayLike<number>): SurrogateGradient;
}

/**
 * A fitted surrogate as acquisition functions take it: `momentAcquisition(surrogatePosterior(model, state, d), rule)`.
 * Deviations are at least `floor`, so that acquisitions stay finite; where the floor acts their gradient is 0. Without
 * `predictGradient` all gradients are 0.
 *
 * @param dimension d, number of columns of the points
 * @param options.floor default 1e-9, for standardized targets
 *
 * @example
 * const model = gpSurrogate();
 * const state = model.fit([[0], [0.5], [1]], [1, -1, 0], createRng(1));
 * const posterior = surrogatePosterior(model, state, 1);
 * const acquisition = momentAcquisition(posterior, logExpectedImprovementRule({ best: 1 }));
 * acquisition.value(Float64Array.of(0.1)) > acquisition.value(Float64Array.of(0.5)); //=> true
 */
export function surrogatePosterior<State>(
  surrogate: Surrogate<State>,
  state: State,
  dimension: number,
  options: { floor?: number } = {},
): Posterior {
  if (typeof surrogate?.predict !== 'function') throw new TypeError('surrogate must be a surrogate, with predict');
  checkInteger('dimension', dimension, 1);
  checkOptionNames('options', options, { floor: true });
  const floor = checkPositive('floor', options.floor ?? 1e-9);
  const many = (X: Float64Array, rows: number) => {
    const { mean, variance } = surrogate.predict(state, { data: X, rows, columns: dimension });
    return { mean, std: variance.map((v) => Math.max(floor, Math.sqrt(v))) };
  };
  return {
    dimension,
    many,
    at(x, gradient) {
      if (!gradient || surrogate.predictGradient === undefined) {
        const { mean, std } = many(x, 1);
        return { mean: mean[0], std: std[0], pullback() {} };
      }
      const { mean, variance, dMean, dVariance } = surrogate.predictGradient(state, x);
      const exact = Math.sqrt(variance);
      return {
        mean,
        std: Math.max(exact, floor),
        pullback(byMean, byStd, out) {
          const byVariance = exact > floor ? byStd / (2 * exact) : 0;
          for (let k = 0; k < out.length; k++) out[k] += byMean * dMean[k] + byVariance * dVariance[k];
        },
      };
    },
  };
}

/** Rows of data for a fit, checked: as many targets as points, all finite, at least one. */
export function trainingData(X: MatrixLike, y: ArrayLike<number>) {
  const points = toPoints('X', X);
  if (points.rows === 0) throw new RangeError('X must hold at least one point');
  return { points, targets: Float64Array.from(checkVector('y', y, points.rows)) };
}
