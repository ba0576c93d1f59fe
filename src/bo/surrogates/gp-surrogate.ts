/** The Gaussian process of `fitGp` behind the contract of surrogates. */
import { fitGp, type FitGpOptions } from '../gp/fit.js';
import type { GpState } from '../gp/gp-state.js';
import { gpPredict, gpPredictGradient } from '../gp/predict.js';
import { gpSample } from '../gp/sample.js';
import { type Surrogate, trainingData } from './surrogate.js';

/** Options of `fitGp`, of which `rng` and `start` come from the fit itself. */
export type GpSurrogateOptions = Omit<FitGpOptions, 'rng' | 'start'>;

/**
 * A Gaussian process fitted by `fitGp` with these options: the baseline of every comparison.
 *
 * @example
 * const model = gpSurrogate({ deterministic: true });
 * const state = model.fit([[0], [0.5], [1]], [1, -1, 0], createRng(1));
 * Math.abs(model.predict(state, [[0.5]]).mean[0] + 1) < 1e-3; //=> true
 */
export function gpSurrogate(options: GpSurrogateOptions = {}): Surrogate<GpState> {
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      return fitGp(points, targets, { ...options, rng }).gp;
    },
    predict: (gp, Xs) => {
      const { mean, variance } = gpPredict(gp, Xs);
      return { mean, variance };
    },
    sample: (gp, Xs, n, rng) => gpSample(gp, Xs, n, rng),
    predictGradient(gp, x) {
      const { mean, variance, dMean, dVariance } = gpPredictGradient(gp, x);
      return { mean, variance, dMean, dVariance };
    },
  };
}
