/** A model that stands in for the Gaussian process of an optimizer: a network, an ensemble, a forest. */
import type { Posterior, PosteriorAt } from '../acquisition/posterior.js';
import type { Rng } from '../../random/create-rng.js';
import type { Points } from '../kernels/kernel.js';

export interface Surrogate {
  /**
   * Fits standardized targets, larger is better, at features in the unit cube. All randomness through `rng`: the optimizer
   * calls it again with an equal stream when it needs the same model again.
   */
  fit(X: Points, y: Float64Array, rng: Rng): SurrogatePosterior;
}

export interface SurrogatePosterior {
  /** Mean and deviation at each of `rows` points, row-major. */
  many(X: Float64Array, rows: number): { mean: Float64Array; std: Float64Array };
  /** Moments at one point with their gradient; without it the acquisition is searched without gradients. */
  at?(x: Float64Array, gradient: boolean): PosteriorAt;
}

/** A surrogate's posterior as acquisitions take it; pulling back through one without gradients gives 0. */
export function surrogatePosterior(dimension: number, model: SurrogatePosterior): Posterior {
  return {
    dimension,
    many: (X, rows) => model.many(X, rows),
    at(x, gradient) {
      if (model.at !== undefined) return model.at(x, gradient);
      const { mean, std } = model.many(x, 1);
      return { mean: mean[0], std: std[0], pullback() {} };
    },
  };
}
