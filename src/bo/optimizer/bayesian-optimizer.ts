/**
 * Bayesian optimization by ask and tell, over a plain state.
 *
 * The loop of R. Garnett, "Bayesian Optimization" (2023) and P. I. Frazier, arXiv:1807.02811, Algorithm 1: an initial design,
 * then the maximizer of an acquisition function of a Gaussian process. The defaults are those of botorch 0.12 and later:
 * LogEI (S. Ament et al., arXiv:2310.20708), Matérn 5/2 with the dimension-scaled length-scale prior (C. Hvarfner et al.,
 * arXiv:2402.02229), scrambled Sobol designs. Results may come in any order, late, not at all, or unasked for.
 */
import { checkInteger, checkNumber, checkOption, checkVector } from '../../internal/check.js';
import { createRng, type Rng } from '../../random/create-rng.js';
import { latinHypercube } from '../../random/designs.js';
import { sobol } from '../../random/sobol.js';
import { hypervolumeTrace } from '../multi-objective/hypervolume.js';
import { defaultReference, isNonDominated } from '../multi-objective/pareto.js';
import type { Direction } from '../test-functions/metrics.js';
import type { Config, SearchSpace } from '../space/search-space.js';
import type { Choice } from '../space/parameter.js';
import type { AcquisitionChoice } from './acquisition-choice.js';
import type { FittedModel, ModelOptions } from './model.js';
import { modelRegretBound, parameterImportance, predictObjective, type ConfigPrediction } from './predict-objective.js';
import { isSurrogate, modelForSearch, type OptimizerSetup } from './search-model.js';
import { priorEnsemble, type PriorTask } from './prior-data.js';
import { suggest, type SearchOptions } from './suggest.js';
import type { Surrogate } from '../surrogates/surrogate.js';
import { isFeasible, newTrial, withResult, type Trial, type TrialResult } from './trial.js';

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
  /** Options of `optimizeAcquisition`. */
  search?: SearchOptions;
}

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

/** A config to evaluate. */
export interface Suggestion {
  id: number;
  config: Config;
}

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

export interface BayesianOptimizer {
  readonly space: SearchSpace;
  init(): BayesianOptimizerState;
  /** The next n configs to evaluate. Values in `fixed` are held, as contexts are. */
  ask(
    state: BayesianOptimizerState,
    n: number,
    rng: Rng,
    options?: { fixed?: Readonly<Record<string, Choice>> },
  ): [Suggestion[], BayesianOptimizerState];
  /** The state after some results. */
  tell(state: BayesianOptimizerState, results: readonly TrialResult[]): BayesianOptimizerState;
  /** The state in which the pending suggestion `id` will not be evaluated. */
  cancel(state: BayesianOptimizerState, id: number): BayesianOptimizerState;
  /** The best feasible trial, by its value or by the model's mean at it; null while there is none. */
  best(state: BayesianOptimizerState, options?: { by?: 'observed' | 'mean' }): BestTrial | null;
  /** The feasible trials that none dominates, each set of values once. With one objective, the best trial. */
  front(state: BayesianOptimizerState): FrontTrial[];
  /** The model's mean and deviation of the objective at some configs, in the objective's own units. */
  predict(state: BayesianOptimizerState, configs: readonly Config[]): ConfigPrediction[];
  /**
   * Best feasible value after each ended evaluation, in the order of their ids; infinite until there is one. With several
   * objectives the hypervolume, over `reference` or the default one of all results.
   */
  trace(state: BayesianOptimizerState): Float64Array;
  /**
   * The share of the variation of the model's mean over the space that each parameter takes part in: total Sobol indices,
   * which add up to more than 1 when parameters interact.
   */
  importance(state: BayesianOptimizerState): Record<string, number>;
  /**
   * How much better than the best evaluated config the optimum can be, with high probability under the model: the best upper
   * confidence bound of the space minus the best lower bound of the evaluated configs. A. Makarova et al., arXiv:2104.08166,
   * equation 4, with the β of `gpUcbBeta` over 5.
   */
  regretBound(state: BayesianOptimizerState): number;
}

/**
 * An optimizer of an expensive function over a search space.
 *
 * `ask` returns design points first, then maximizers of the acquisition function, and counts what it handed out as pending
 * until `tell` or `cancel`; asking again gives other points. Failed and pruned trials do not enter the model of the
 * objective; the model is as if their value were its own mean, so that the search moves elsewhere. The model is refitted at
 * every ask that has new results up to 100 of them, then at every ceil(n/50)-th, and conditioned in between.
 *
 * States are never changed in place. Equal states and equal `rng` streams give equal suggestions: store
 * `encodeState({ state, rng: rng.state() })` after each step and a killed run goes on as if it had not been.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const space = searchSpace({ x: real(-5, 10), y: real(0, 15) });
 * const optimizer = bayesianOptimizer(space);
 * const rng = createRng(1);
 * let state = optimizer.init();
 * for (let t = 0; t < 8; t++) {
 *   const [[{ id, config }], asked] = optimizer.ask(state, 1, rng);
 *   state = optimizer.tell(asked, [{ id, value: branin.evaluate([config.x, config.y]) }]);
 * }
 * optimizer.best(state).value < 30; //=> true
 */
export function bayesianOptimizer(space: SearchSpace, given: BayesianOptimizerOptions = {}): BayesianOptimizer {
  const direction = checkOption('direction', given.direction ?? 'minimize', ['minimize', 'maximize']);
  const sign: 1 | -1 = direction === 'maximize' ? 1 : -1;
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
  const { restart = false } = options;
  if (restart !== false) {
    checkInteger('restart.patience', restart.patience, 1);
    checkNumber('restart.tolerance', restart.tolerance ?? 0.01, 0);
  }
  const objectives = checkInteger('objectives', options.objectives ?? 1, 1);
  checkObjectives(options, objectives);
  checkFidelity(space, options);
  const shape = { objectives, constraints, costs: options.costAware ?? false };
  const setup: OptimizerSetup = { space, sign, options };

  return {
    space,

    init() {
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
    },

    ask(state, n, rng, { fixed } = {}) {
      checkInteger('n', n, 1);
      const held = fixedCode(space, fixed);
      let next: BayesianOptimizerState = { ...state, trials: [...state.trials], exhausted: false };
      if (next.designSeed === null) next.designSeed = rng();
      const suggestions: Suggestion[] = [];
      let model: ReturnType<typeof modelForSearch> | null = null;
      while (suggestions.length < n) {
        let origin: Trial['origin'] = 'design';
        let x = nextDesignPoint(next, held);
        if (x === null && hasResult(next)) {
          if (model === null) {
            model = modelForSearch(setup, next, rng);
            next = { ...next, ...model.memory };
          }
          origin = 'model';
          x = suggest(setup, next, model, held, rng);
        } else if (x === null) {
          origin = 'random';
          x = randomCode(next, held, rng);
        }
        if (x === null) {
          next.exhausted = true;
          break;
        }
        const trial = newTrial(space, next.trials.length, next.run, x, origin);
        next.trials.push(trial);
        suggestions.push({ id: trial.id, config: trial.config });
      }
      return [suggestions, next];
    },

    tell(state, results) {
      let next = { ...state, trials: [...state.trials] };
      for (const result of results) {
        let trial: Trial;
        if (result.id !== undefined) {
          const known = next.trials[checkInteger('id', result.id, 0)];
          if (known === undefined) throw new RangeError(`id must be one that was asked for, got ${result.id}`);
          if (known.status !== 'pending')
            throw new RangeError(`id ${result.id} has been told already: ${known.status}`);
          trial = known;
        } else {
          if (result.config === undefined) throw new RangeError('result must have an id or a config');
          trial = newTrial(space, next.trials.length, next.run, space.encode(result.config), 'told');
          // The code of a value need not decode to it in the last bit.
          trial.config = { ...result.config };
        }
        next.trials[trial.id] = withResult(trial, result, shape);
        next = afterRestart(next);
      }
      return next;
    },

    cancel(state, id) {
      const trial = state.trials[checkInteger('id', id, 0)];
      if (trial?.status !== 'pending') throw new RangeError(`id must be that of a pending suggestion, got ${id}`);
      const trials = [...state.trials];
      trials[id] = { ...trial, status: 'cancelled' };
      return { ...state, trials };
    },

    best(state, { by = 'observed' } = {}) {
      checkOption('by', by, ['observed', 'mean']);
      if (objectives > 1) throw new RangeError('objectives must be 1 for a best trial: use front');
      const feasible = state.trials.filter((trial) => isFeasible(trial) && atTarget(trial));
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
    },

    predict(state, configs) {
      return predictObjective(
        setup,
        state,
        configs.map((config) => space.encode(config)),
      );
    },

    front(state) {
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
    },

    trace(state) {
      const ended = state.trials.filter(({ status }) => status !== 'pending' && status !== 'cancelled');
      const out = new Float64Array(ended.length);
      if (objectives > 1) return volumeTrace(ended);
      let best = -Infinity;
      ended.forEach((trial, i) => {
        if (isFeasible(trial) && atTarget(trial)) best = Math.max(best, sign * trial.values[0]);
        out[i] = sign * best;
      });
      return out;
    },

    importance(state) {
      return parameterImportance(setup, state);
    },

    regretBound(state) {
      return modelRegretBound(setup, state);
    },
  };

  /** Whether a trial was run at the target fidelity. */
  function atTarget({ config }: Trial): boolean {
    const { fidelity } = options;
    if (fidelity === undefined) return true;
    const parameter = space.parameters[fidelity.parameter];
    return parameter.type === 'real' && config[fidelity.parameter] === parameter.high;
  }

  function volumeTrace(ended: readonly Trial[]): Float64Array {
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

  function hasResult({ trials, run }: BayesianOptimizerState): boolean {
    return trials.some((trial) => trial.run === run && trial.status === 'ok');
  }

  /** The next unused point of the design while the run wants one; null when it does not. */
  function nextDesignPoint(state: BayesianOptimizerState, held: Float64Array): Float64Array | null {
    const present = state.trials.filter(({ run }) => run === state.run);
    const useful = present.filter(({ status }) => status === 'ok' || status === 'pending').length;
    if (useful >= nInitial) return null;
    // Failures may use up more points than the design was meant to have.
    for (let attempt = 0; attempt < 100; attempt++) {
      const i = state.designUsed;
      state.designUsed += 1;
      const fromCaller = state.run === 0 && i < first.length;
      const index = state.run === 0 ? i - first.length : i;
      const x = hold(fromCaller ? first[i] : designPoint(state.designSeed!, index), held);
      if (!isTaken(state, x)) return x;
    }
    return null;
  }

  function designPoint(seed: number, index: number): Float64Array {
    const d = space.dimension;
    if (initialDesign === 'latin-hypercube' && index < nInitial) {
      return latinHypercube(nInitial, d, createRng(seed, 'design')).slice(index * d, (index + 1) * d);
    }
    if (initialDesign === 'sobol' && d <= 64) return sobol(1, d, { rng: createRng(seed, 'design'), start: index });
    const rng = createRng(seed, 'design', index);
    return Float64Array.from({ length: d }, rng);
  }

  function randomCode(state: BayesianOptimizerState, held: Float64Array, rng: Rng): Float64Array | null {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const x = hold(Float64Array.from({ length: space.dimension }, rng), held);
      if (!isTaken(state, x)) return x;
    }
    const left = space.cardinality() <= 1e5 ? space.configs().map((config) => hold(space.encode(config), held)) : [];
    return left.find((x) => !isTaken(state, x)) ?? null;
  }

  function hold(x: Float64Array, held: Float64Array): Float64Array {
    return space.canonical(x.map((value, k) => (Number.isNaN(held[k]) ? value : held[k])));
  }

  function isTaken({ trials }: BayesianOptimizerState, x: Float64Array): boolean {
    return trials.some((trial) => trial.status !== 'cancelled' && trial.x.every((value, k) => value === x[k]));
  }

  /** The state, or the beginning of the next run when the present one stands still. */
  function afterRestart(state: BayesianOptimizerState): BayesianOptimizerState {
    if (restart === false) return state;
    const results = state.trials.filter(({ run, status }) => run === state.run && status === 'ok');
    const values = results.filter(isFeasible).map(({ values: [value] }) => sign * value);
    if (values.length < nInitial + restart.patience) return state;
    const before = Math.max(...values.slice(0, values.length - restart.patience));
    const gain = Math.max(...values) - before;
    if (gain > (restart.tolerance ?? 0.01) * sampleDeviation(values)) return state;
    return { ...state, run: state.run + 1, designSeed: null, designUsed: 0, models: null, fittedAt: 0 };
  }
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

function sampleDeviation(values: readonly number[]): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

/** Codes of held values, NaN elsewhere. */
function fixedCode(space: SearchSpace, fixed: Readonly<Record<string, Choice>> | undefined): Float64Array {
  const code = new Float64Array(space.dimension).fill(NaN);
  for (const [name, value] of Object.entries(fixed ?? {})) {
    const column = space.columns[name];
    if (column === undefined) throw new RangeError(`fixed.${name} is not a parameter of the space`);
    code.set(space.encodeValue(name, value), column.at);
  }
  return code;
}
