import { checkInteger } from '../../internal/check.js';
import { createRng } from '../../random/create-rng.js';
import { momentAcquisition } from '../acquisition/acquisition.js';
import { confidenceBoundRule, gpUcbBeta } from '../acquisition/confidence-bound.js';
import { optimizeAcquisition } from '../acquisition/optimize-acquisition.js';
import { gpPosterior, type Posterior } from '../acquisition/posterior.js';
import { spaceAcquisition } from '../space/space-acquisition.js';
import { featureRows } from '../space/space-kernel.js';
import { inUnits, kernelLengthscales, type OutputScale } from './model.js';
import type { OptimizerSetup } from './optimizer-options.js';
import { resultsOf, type BayesianOptimizerState } from './optimizer-state.js';
import { modelOfState } from './search-model.js';
import { sobolIndices } from './sobol-indices.js';
import { isFeasible } from './trial.js';

/** The model's view of a config, in the objective's own units. */
export interface ConfigPrediction {
  mean: number;
  /** Deviation of the objective itself, without observation noise. */
  std: number;
}

/**
 * Mean and deviation of an objective at some codes, from the model that a state holds.
 *
 * @throws RangeError if the present run has no result yet, or there is no objective of that number
 */
export function predictObjective(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  codes: readonly Float64Array[],
  objective = 0,
): ConfigPrediction[] {
  const { space } = setup;
  const { posterior, scale } = objectiveModel(setup, state, objective);
  const { data, rows } = featureRows(space, codes.length, (i) => codes[i]);
  const { mean, std } = posterior.many(data, rows);
  return codes.map((_, i) => inUnits(scale, mean[i], std[i]));
}

/** Total Sobol indices of the model's mean, by parameter. */
export function parameterImportance(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  objective = 0,
): Record<string, number> {
  const { space } = setup;
  const { posterior } = objectiveModel(setup, state, objective);
  const d = space.dimension;
  const mean = (X: Float64Array, rows: number): Float64Array => {
    const { data } = featureRows(space, rows, (i) => X.subarray(i * d, (i + 1) * d));
    return posterior.many(data, rows).mean;
  };
  const groups = space.names.map((name) => {
    const { at, width } = space.columns[name];
    return Array.from({ length: width }, (_, k) => at + k);
  });
  const { total } = sobolIndices(mean, d, groups);
  return Object.fromEntries(space.names.map((name, i) => [name, total[i]]));
}

/** See `BayesianOptimizer.regretBound`. */
export function modelRegretBound(setup: OptimizerSetup, state: BayesianOptimizerState): number {
  const { space, options, shape } = setup;
  if (shape.objectives > 1) throw new RangeError('objectives must be 1 for a bound of the regret');
  const { posterior, scale } = objectiveModel(setup, state, 0);
  const { objectives, differentiable } = modelOfState(setup, state);
  const results = resultsOf(state);
  const feasible = results.filter(isFeasible);
  if (feasible.length === 0) return Infinity;
  const fixed = new Float64Array(space.dimension).fill(NaN);
  if (options.fidelity !== undefined) fixed[space.columns[options.fidelity.parameter].at] = 1;
  const beta = gpUcbBeta(results.length + 1, posterior.dimension, 0.1) / 5;
  const width = Math.sqrt(beta);
  const evaluated = featureRows(space, feasible.length, (i) =>
    feasible[i].x.map((value, k) => (Number.isNaN(fixed[k]) ? value : fixed[k])),
  );
  const { mean, std } = posterior.many(evaluated.data, evaluated.rows);
  let safe = -Infinity;
  for (let i = 0; i < feasible.length; i++) safe = Math.max(safe, mean[i] - width * std[i]);
  const upper = momentAcquisition(posterior, confidenceBoundRule({ beta }));
  const { value } = optimizeAcquisition(
    spaceAcquisition(space, upper),
    Array.from({ length: space.dimension }, () => [0, 1] as const),
    {
      ...options.search,
      rng: createRng('regretBound'),
      fixed,
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

function objectiveModel(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  objective: number,
): { posterior: Posterior; scale: OutputScale } {
  checkInteger('objective', objective, 0, setup.shape.objectives - 1);
  if (resultsOf(state).length === 0) throw new RangeError('state must hold a result of the present run');
  const { posterior, scale, objectives } = modelOfState(setup, state);
  if (objective === 0) return { posterior, scale };
  return { posterior: gpPosterior(objectives[objective].gp), scale: objectives[objective].scale };
}
