import type { BayesianOptimizerState } from './bayesian-optimizer.js';
import { modelOfState, resultsOf, type OptimizerSetup } from './suggest.js';
import { featureCount, spaceFeatures } from '../space/space-kernel.js';

/** The model's view of a config, in the objective's own units. */
export interface ConfigPrediction {
  mean: number;
  /** Deviation of the objective itself, without observation noise. */
  std: number;
}

/**
 * Mean and deviation of the objective at some codes, from the model that a state holds.
 *
 * @throws RangeError if the present run has no result yet
 */
export function predictObjective(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  codes: readonly Float64Array[],
): ConfigPrediction[] {
  if (resultsOf(state).length === 0) throw new RangeError('state must hold a result of the present run');
  const { space, sign } = setup;
  const { posterior, scale } = modelOfState(setup, state);
  const d = featureCount(space);
  const X = new Float64Array(codes.length * d);
  codes.forEach((x, i) => X.set(spaceFeatures(space, x), i * d));
  const { mean, std } = posterior.many(X, codes.length);
  return codes.map((_, i) => ({
    mean: sign * (scale.mean + scale.std * mean[i]),
    std: scale.std * std[i],
  }));
}
