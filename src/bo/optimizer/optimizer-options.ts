/** The options of `bayesianOptimizer`, and what is made of them once and for all. */
import { checkInteger, checkNumber, checkOption, checkOptionNames, checkVector } from '../../internal/check.js';
import type { Config, SearchSpace } from '../space/search-space.js';
import type { Surrogate } from '../surrogates/surrogate.js';
import type { Direction } from '../test-functions/metrics.js';
import { ACQUISITION_NAMES, type AcquisitionChoice } from './acquisition-choice.js';
import type { ModelOptions } from './model.js';
import { priorEnsemble, type PriorTask } from './prior-data.js';
import type { SearchOptions } from './suggest.js';
import type { TrialShape } from './trial.js';

export interface BayesianOptimizerOptions {
  /** Default 'minimize'. */
  direction?: Direction;
  /** Default 'logExpectedImprovement'. */
  acquisition?: AcquisitionChoice;
  /** Options of the Gaussian process, or another surrogate. */
  model?: ModelOptions | Surrogate;
  /**
   * Results of earlier tasks on the same space, in the same direction: the model is then `rgpe` over them, and `model` must be
   * absent. Results of this very task are told instead: `tell(state, [{ config, value }])`.
   */
  priorData?: readonly PriorTask[];
  /** Results wanted before the model speaks. Default max(5, 2d), d the number of coordinates of a code. */
  nInitial?: number;
  /** Default 'sobol', scrambled. */
  initialDesign?: 'sobol' | 'latin-hypercube' | 'uniform';
  /** Configs to try before the design: what you use today, say. */
  firstConfigs?: readonly Config[];
  /** Number of constraint values in each result; feasible where all are at most 0. Default 0. */
  constraints?: number;
  /**
   * Number of objectives, all in the same direction. Default 1. With more, `front` takes the place of `best`, and the acquisition
   * is 'expectedHypervolumeImprovement' (default) or 'augmentedChebyshev' (ParEGO).
   */
  objectives?: number;
  /** Reference point of the hypervolume, in the objectives' units. Default: `defaultReference` of the results so far. */
  reference?: readonly number[];
  /** Learn where evaluations fail, and multiply the acquisition by the probability of success. Default false. */
  failureModel?: boolean;
  /** Divide the improvement by the predicted cost, which every result then tells. Default false. */
  costAware?: boolean;
  /**
   * What the acquisition improves on: the best value observed, the best posterior mean of the evaluated points, or that of the whole
   * space. Default 'observed' without noise, else 'mean'.
   */
  incumbent?: 'observed' | 'mean' | 'optimum';
  /**
   * A real parameter that says how exactly a run is made, best at its upper end, and what a run costs for each of its values
   * (default: the value itself). The acquisition is then the knowledge gradient about the upper end per cost, the kernel
   * `linearTruncatedFidelity`, and `best` and `trace` look at runs at the upper end.
   */
  fidelity?: { parameter: string; cost?: (value: number) => number };
  /**
   * Begin again with a new design and a model of the new run alone when `patience` results in a row improved the run's best
   * by no more than `tolerance` (default 0.01) sample deviations of the run's values. Default false.
   */
  restart?: false | { patience: number; tolerance?: number };
  /**
   * Results of a run above which the Gaussian processes are sparse, with at most 256 inducing points: a step then costs O(n m²) in
   * place of O(n³). Default 2000.
   */
  exactLimit?: number;
  /** Options of `optimizeAcquisition`. */
  search?: SearchOptions;
}

/** The names of `BayesianOptimizerOptions`. */
export const OPTIMIZER_NAMES = {
  direction: true,
  acquisition: true,
  model: true,
  priorData: true,
  nInitial: true,
  initialDesign: true,
  firstConfigs: true,
  constraints: true,
  objectives: true,
  reference: true,
  failureModel: true,
  costAware: true,
  incumbent: true,
  fidelity: true,
  restart: true,
  exactLimit: true,
  search: true,
} satisfies Record<keyof BayesianOptimizerOptions, true>;

/** Checked options with their defaults. */
export interface OptimizerSetup {
  space: SearchSpace;
  /** 1 to maximize, -1 to minimize. */
  sign: 1 | -1;
  /** As given, save that `priorData` has become the model. */
  options: BayesianOptimizerOptions;
  nInitial: number;
  initialDesign: 'sobol' | 'latin-hypercube' | 'uniform';
  /** Codes of `firstConfigs`. */
  first: readonly Float64Array[];
  restart: false | { patience: number; tolerance: number };
  exactLimit: number;
  /** What a result holds. */
  shape: TrialShape;
}

/** @throws as `bayesianOptimizer` */
export function optimizerSetup(space: SearchSpace, given: BayesianOptimizerOptions): OptimizerSetup {
  checkOptionNames('options', given, OPTIMIZER_NAMES);
  checkNestedNames(given);
  const direction = checkOption('direction', given.direction ?? 'minimize', ['minimize', 'maximize']);
  const sign = direction === 'maximize' ? 1 : -1;
  if (given.acquisition !== undefined && typeof given.acquisition !== 'function') {
    checkOption('acquisition', given.acquisition, ACQUISITION_NAMES);
  }
  const { priorData = [] } = given;
  if (priorData.length > 0 && given.model !== undefined) throw new RangeError('model must be absent with priorData');
  const options = priorData.length > 0 ? { ...given, model: priorEnsemble(space, priorData, sign) } : given;
  const nInitial = checkInteger('nInitial', options.nInitial ?? Math.max(5, 2 * space.dimension), 1);
  const initialDesign = checkOption('initialDesign', options.initialDesign ?? 'sobol', [
    'sobol',
    'latin-hypercube',
    'uniform',
  ]);
  const constraints = checkInteger('constraints', options.constraints ?? 0, 0);
  const first = (options.firstConfigs ?? []).map((config) => space.encode(config));
  const restart = checkRestart(options.restart ?? false);
  const exactLimit = checkInteger('exactLimit', options.exactLimit ?? 2000, 1);
  const objectives = checkInteger('objectives', options.objectives ?? 1, 1);
  checkObjectives(options, objectives);
  checkFidelity(space, options);
  if (options.incumbent !== undefined) checkOption('incumbent', options.incumbent, ['observed', 'mean', 'optimum']);
  const shape = { objectives, constraints, costs: options.costAware ?? false };
  return { space, sign, options, nInitial, initialDesign, first, restart, exactLimit, shape };
}

const MODEL_NAMES = {
  kernel: true,
  outputTransform: true,
  restarts: true,
  outputScale: true,
  deterministic: true,
  priors: true,
  priorOverrides: true,
  bounds: true,
  objective: true,
  maxIterations: true,
} satisfies Record<keyof ModelOptions, true>;

const SEARCH_NAMES = {
  rawSamples: true,
  restarts: true,
  maxIterations: true,
  constraints: true,
  duplicateTolerance: true,
} satisfies Record<keyof SearchOptions, true>;

function checkNestedNames({ model, search, restart, fidelity, priorData }: BayesianOptimizerOptions): void {
  if (model !== undefined && !isSurrogate(model)) checkOptionNames('model', model, MODEL_NAMES);
  if (search !== undefined) checkOptionNames('search', search, SEARCH_NAMES);
  if (restart !== undefined && restart !== false) {
    checkOptionNames('restart', restart, { patience: true, tolerance: true });
  }
  if (fidelity !== undefined) checkOptionNames('fidelity', fidelity, { parameter: true, cost: true });
  priorData?.forEach((task, t) => checkOptionNames(`priorData[${t}]`, task, { X: true, y: true }));
}

/** Whether a model is a surrogate of its own rather than options of the Gaussian process. */
export function isSurrogate(model: ModelOptions | Surrogate | undefined): model is Surrogate {
  return model !== null && typeof model === 'object' && 'fit' in model && typeof model.fit === 'function';
}

function checkRestart(restart: false | { patience: number; tolerance?: number }): OptimizerSetup['restart'] {
  if (restart === false) return false;
  const { patience, tolerance = 0.01 } = restart;
  checkInteger('restart.patience', patience, 1);
  checkNumber('restart.tolerance', tolerance, 0);
  return { patience, tolerance };
}

function checkObjectives(options: BayesianOptimizerOptions, objectives: number): void {
  const { acquisition, reference, restart = false } = options;
  const several = acquisition === 'expectedHypervolumeImprovement' || acquisition === 'augmentedChebyshev';
  if (objectives === 1 && several)
    throw new RangeError(`objectives must be at least 2 for acquisition '${acquisition}'`);
  if (objectives > 1 && acquisition !== undefined && !several) {
    throw new RangeError(
      "acquisition must be 'expectedHypervolumeImprovement' or 'augmentedChebyshev' for several objectives",
    );
  }
  if (objectives > 1 && restart !== false) throw new RangeError('restart must be false for several objectives');
  if (objectives > 1 && isSurrogate(options.model)) {
    throw new RangeError('model must be a Gaussian process for several objectives');
  }
  if (reference !== undefined) checkVector('reference', reference, objectives);
}

function checkFidelity(
  space: SearchSpace,
  { fidelity, acquisition, model, objectives = 1 }: BayesianOptimizerOptions,
): void {
  if (fidelity === undefined) return;
  const parameter = Object.hasOwn(space.parameters, fidelity.parameter)
    ? space.parameters[fidelity.parameter]
    : undefined;
  if (parameter?.type !== 'real' || parameter.q !== undefined || parameter.when !== undefined) {
    throw new RangeError(`fidelity.parameter must be an unconditional real parameter, got ${fidelity.parameter}`);
  }
  if (space.names.length < 2) throw new RangeError('fidelity.parameter must not be the only parameter');
  if (acquisition !== undefined || objectives > 1 || isSurrogate(model)) {
    throw new RangeError('fidelity needs the default acquisition, one objective and a Gaussian process');
  }
  const { cost = (value: number) => value } = fidelity;
  for (const end of [parameter.low, parameter.high]) {
    const price = cost(end);
    if (!(price > 0 && price < Infinity))
      throw new RangeError(`fidelity.cost must be positive, got ${price} at ${end}`);
  }
}
