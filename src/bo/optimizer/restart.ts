/** Runs that stand still begin again elsewhere: the option `restart` of `bayesianOptimizer`. */
import type { OptimizerSetup } from './optimizer-options.js';
import { resultsOf, type BayesianOptimizerState } from './optimizer-state.js';
import { isFeasible } from './trial.js';

/**
 * The state, or the beginning of the next run: when the last `patience` feasible results of a run improved on those before them
 * by no more than `tolerance` sample deviations of the run's values. The design of the new run has a seed of its own.
 */
export function afterRestart(
  { restart, sign, nInitial }: OptimizerSetup,
  state: BayesianOptimizerState,
): BayesianOptimizerState {
  if (restart === false) return state;
  const values = resultsOf(state)
    .filter(isFeasible)
    .map(({ values: [value] }) => sign * value);
  if (values.length < nInitial + restart.patience) return state;
  const before = Math.max(...values.slice(0, values.length - restart.patience));
  const gain = Math.max(...values) - before;
  if (gain > restart.tolerance * sampleDeviation(values)) return state;
  return { ...state, run: state.run + 1, designSeed: null, designUsed: 0, models: null, fittedAt: 0 };
}

function sampleDeviation(values: readonly number[]): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}
