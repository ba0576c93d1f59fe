/** What an optimizer remembers: plain data, and what is read off it without a model. */
import type { FittedModel } from './model.js';
import type { Trial } from './trial.js';

/** All that an optimizer remembers: plain data, for `encodeState`. */
export interface BayesianOptimizerState {
  trials: Trial[];
  /** Number of the present run, from 0. */
  run: number;
  /** Seed of the present run's design, drawn at its first ask. */
  designSeed: number | null;
  /** Points of the design handed out. */
  designUsed: number;
  /** What the last fit of the present run found, one entry for each modelled output. */
  models: FittedModel[] | null;
  /** Results in the present run when it was found. */
  fittedAt: number;
  /** Seed of the stream in which a surrogate was fitted. */
  modelSeed: number;
  /** Whether the last ask found fewer new configs than it was asked for. */
  exhausted: boolean;
}

/** The state before the first ask. */
export function initialOptimizerState(): BayesianOptimizerState {
  return {
    trials: [],
    run: 0,
    designSeed: null,
    designUsed: 0,
    models: null,
    fittedAt: 0,
    modelSeed: 0,
    exhausted: false,
  };
}

/** The results of the present run. */
export function resultsOf({ trials, run }: BayesianOptimizerState): Trial[] {
  return trials.filter((trial) => trial.run === run && trial.status === 'ok');
}

/** The evaluations that have ended, well or not, in the order of their ids. */
export function endedTrials({ trials }: BayesianOptimizerState): Trial[] {
  return trials.filter(({ status }) => status !== 'pending' && status !== 'cancelled');
}

/** Whether a config has been handed out or told before. */
export function isTaken({ trials }: BayesianOptimizerState, x: Float64Array): boolean {
  return trials.some((trial) => trial.status !== 'cancelled' && trial.x.every((value, k) => value === x[k]));
}
