import { createRng } from '../../random/create-rng.js';
import { momentAcquisition } from '../acquisition/acquisition.js';
import { confidenceBoundRule, gpUcbBeta } from '../acquisition/confidence-bound.js';
import { optimizeAcquisition } from '../acquisition/optimize-acquisition.js';
import { spaceAcquisition } from '../space/space-acquisition.js';
import { featureCount, spaceFeatures } from '../space/space-kernel.js';
import type { BayesianOptimizerState } from './bayesian-optimizer.js';
import { inUnits, kernelLengthscales } from './model.js';
import { sobolIndices } from './sobol-indices.js';
import { featuresOf, modelOfState, resultsOf, type OptimizerSetup } from './search-model.js';

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
  checkResults(state);
  const { space } = setup;
  const { posterior, scale } = modelOfState(setup, state);
  const d = featureCount(space);
  const X = new Float64Array(codes.length * d);
  codes.forEach((x, i) => X.set(spaceFeatures(space, x), i * d));
  const { mean, std } = posterior.many(X, codes.length);
  return codes.map((_, i) => inUnits(scale, mean[i], std[i]));
}

/** Total Sobol indices of the model's mean, by parameter. */
export function parameterImportance(setup: OptimizerSetup, state: BayesianOptimizerState): Record<string, number> {
  checkResults(state);
  const { space } = setup;
  const { posterior } = modelOfState(setup, state);
  const features = featureCount(space);
  const mean = (X: Float64Array, rows: number): Float64Array => {
    const F = new Float64Array(rows * features);
    const d = space.dimension;
    for (let i = 0; i < rows; i++) F.set(spaceFeatures(space, X.subarray(i * d, (i + 1) * d)), i * features);
    return posterior.many(F, rows).mean;
  };
  const groups = space.names.map((name) => {
    const { at, width } = space.columns[name];
    return Array.from({ length: width }, (_, k) => at + k);
  });
  const { total } = sobolIndices(mean, space.dimension, groups);
  return Object.fromEntries(space.names.map((name, i) => [name, total[i]]));
}

/** See `BayesianOptimizer.regretBound`. */
export function modelRegretBound(setup: OptimizerSetup, state: BayesianOptimizerState): number {
  checkResults(state);
  const { space, options } = setup;
  const { posterior, scale, objectives, differentiable } = modelOfState(setup, state);
  const results = resultsOf(state);
  const beta = gpUcbBeta(results.length + 1, posterior.dimension, 0.1) / 5;
  const width = Math.sqrt(beta);
  const evaluated = featuresOf(space, results);
  const { mean, std } = posterior.many(evaluated.data, evaluated.rows);
  let safe = -Infinity;
  for (let i = 0; i < evaluated.rows; i++) safe = Math.max(safe, mean[i] - width * std[i]);
  const upper = momentAcquisition(posterior, confidenceBoundRule({ beta }));
  const { value } = optimizeAcquisition(
    spaceAcquisition(space, upper),
    Array.from({ length: space.dimension }, () => [0, 1] as const),
    {
      ...options.search,
      rng: createRng('regretBound'),
      blocks: space.blocks,
      gradientFree: !differentiable,
      ...(objectives.length === 0
        ? {}
        : { lengthscales: kernelLengthscales(objectives[0].gp.kernel, space.dimension) }),
    },
  );
  // In the objective's own units, across the best evaluated config.
  const ends = [inUnits(scale, value, 0).mean, inUnits(scale, safe, 0).mean];
  return Math.max(0, scale.sign * (ends[0] - ends[1]));
}

function checkResults(state: BayesianOptimizerState): void {
  if (resultsOf(state).length === 0) throw new RangeError('state must hold a result of the present run');
}
