/** What a search has found: its best trial, its Pareto front, and how they came about. */
import { hypervolumeTrace } from '../multi-objective/hypervolume.js';
import { defaultReference, isNonDominated } from '../multi-objective/pareto.js';
import type { Config } from '../space/search-space.js';
import type { OptimizerSetup } from './optimizer-options.js';
import { endedTrials, type BayesianOptimizerState } from './optimizer-state.js';
import { predictObjective } from './predict-objective.js';
import { isFeasible, type Trial } from './trial.js';

export interface BestTrial {
  config: Config;
  /** Observed value, or the posterior mean with `by: 'mean'`. */
  value: number;
  id: number;
}

export interface FrontTrial {
  config: Config;
  values: number[];
  id: number;
}

/** See `BayesianOptimizer.best`. */
export function bestTrial(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  by: 'observed' | 'mean',
): BestTrial | null {
  const { sign, shape } = setup;
  if (shape.objectives > 1) throw new RangeError('objectives must be 1 for a best trial: use front');
  const feasible = state.trials.filter((trial) => isFeasible(trial) && atTarget(setup, trial));
  const inRun = by === 'mean' ? feasible.filter(({ run }) => run === state.run) : feasible;
  // A run that has just begun has no model; the runs before it have their observations.
  const from = inRun.length > 0 ? inRun : feasible;
  const values =
    by === 'mean' && inRun.length > 0
      ? predictObjective(
          setup,
          state,
          from.map(({ x }) => x),
        ).map(({ mean }) => mean)
      : from.map((trial) => trial.values[0]);
  let best: BestTrial | null = null;
  from.forEach(({ config, id }, i) => {
    if (best === null || sign * values[i] > sign * best.value) best = { config, value: values[i], id };
  });
  return best;
}

/** See `BayesianOptimizer.front`. */
export function paretoTrials({ sign }: OptimizerSetup, state: BayesianOptimizerState): FrontTrial[] {
  const feasible = state.trials.filter(isFeasible);
  const kept = isNonDominated(
    feasible.map(({ values }) => values),
    { maximize: sign === 1 },
  );
  const seen = new Set<string>();
  return feasible.flatMap(({ config, values, id }, i) => {
    if (!kept[i] || seen.has(values.join())) return [];
    seen.add(values.join());
    return [{ config, values, id }];
  });
}

/** See `BayesianOptimizer.trace`. */
export function bestTrace(setup: OptimizerSetup, state: BayesianOptimizerState): Float64Array {
  const ended = endedTrials(state);
  if (setup.shape.objectives > 1) return volumeTrace(setup, ended);
  let best = -Infinity;
  return Float64Array.from(ended, (trial) => {
    if (isFeasible(trial) && atTarget(setup, trial)) best = Math.max(best, setup.sign * trial.values[0]);
    return setup.sign * best;
  });
}

/** Whether a trial was run at the target fidelity. */
export function atTarget({ space, options: { fidelity } }: OptimizerSetup, { config }: Trial): boolean {
  if (fidelity === undefined) return true;
  const parameter = space.parameters[fidelity.parameter];
  return parameter.type === 'real' && config[fidelity.parameter] === parameter.high;
}

function volumeTrace({ sign, options }: OptimizerSetup, ended: readonly Trial[]): Float64Array {
  const maximize = sign === 1;
  const values = ended.filter(isFeasible).map((trial) => trial.values);
  if (values.length === 0) return new Float64Array(ended.length);
  const volumes = hypervolumeTrace(values, options.reference ?? defaultReference(values, { maximize }), { maximize });
  let seen = 0;
  return Float64Array.from(ended, (trial) => {
    if (isFeasible(trial)) seen += 1;
    return seen === 0 ? 0 : volumes[seen - 1];
  });
}
