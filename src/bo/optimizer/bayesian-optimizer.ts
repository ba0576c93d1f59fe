/**
 * Bayesian optimization by ask and tell, over a plain state.
 *
 * The loop of R. Garnett, "Bayesian Optimization" (2023) and P. I. Frazier, arXiv:1807.02811, Algorithm 1: an initial design,
 * then the maximizer of an acquisition function of a Gaussian process. The defaults are those of botorch 0.12 and later:
 * LogEI (S. Ament et al., arXiv:2310.20708), Matérn 5/2 with the dimension-scaled length-scale prior (C. Hvarfner et al.,
 * arXiv:2402.02229), scrambled Sobol designs. Results may come in any order, late, not at all, or unasked for.
 */
import { checkInteger, checkOption, checkOptionNames } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import type { Choice } from '../space/parameter.js';
import type { Config, SearchSpace } from '../space/search-space.js';
import { bestTrace, bestTrial, paretoTrials, type BestTrial, type FrontTrial } from './best-trials.js';
import { fixedCode, nextDesignPoint, randomCode } from './initial-design.js';
import { optimizerSetup, type BayesianOptimizerOptions } from './optimizer-options.js';
import { initialOptimizerState, resultsOf, type BayesianOptimizerState } from './optimizer-state.js';
import { modelRegretBound, parameterImportance, predictObjective, type ConfigPrediction } from './predict-objective.js';
import { afterRestart } from './restart.js';
import { modelForSearch, rememberModel, type SearchModel } from './search-model.js';
import { suggest } from './suggest.js';
import { checkResult, newTrial, withResult, type Trial, type TrialResult } from './trial.js';

/** A config to evaluate. */
export interface Suggestion {
  id: number;
  config: Config;
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
  /** The state after some results. @throws TypeError if a result has a field that no result has */
  tell(state: BayesianOptimizerState, results: readonly TrialResult[]): BayesianOptimizerState;
  /** The state in which the pending suggestion `id` will not be evaluated. */
  cancel(state: BayesianOptimizerState, id: number): BayesianOptimizerState;
  /** The best feasible trial, by its value or by the model's mean at it; null while there is none. */
  best(state: BayesianOptimizerState, options?: { by?: 'observed' | 'mean' }): BestTrial | null;
  /** The feasible trials that none dominates, each set of values once. With one objective, the best trial. */
  front(state: BayesianOptimizerState): FrontTrial[];
  /**
   * The model's mean and deviation of the objective at some configs, in the objective's own units; of several objectives, of
   * number `objective` (default 0). The model is that of the last ask, conditioned on the results since then.
   */
  predict(
    state: BayesianOptimizerState,
    configs: readonly Config[],
    options?: { objective?: number },
  ): ConfigPrediction[];
  /**
   * Best feasible value after each ended evaluation, in the order of their ids; infinite until there is one. With several
   * objectives the hypervolume, over `reference` or the default one of all results.
   */
  trace(state: BayesianOptimizerState): Float64Array;
  /**
   * The share of the variation of the model's mean over the space that each parameter takes part in: total Sobol indices,
   * which add up to more than 1 when parameters interact.
   */
  importance(state: BayesianOptimizerState, options?: { objective?: number }): Record<string, number>;
  /**
   * How much better than the best evaluated config the optimum can be, with high probability under the model: the best upper
   * confidence bound of the space minus the best lower bound of the evaluated configs that are feasible. A. Makarova et al.,
   * arXiv:2104.08166, equation 4, with the β of `gpUcbBeta` over 5. Constraints are not used to lower the first, and with a
   * fidelity both are bounds at the target. Infinity while no result is feasible; for one objective.
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
 * States are never changed in place. The model of the last state that was asked for it is kept, so that `predict`, `best` by
 * the mean, `importance` and slices of the state that `ask` returned cost no second fit. Equal states and equal `rng` streams give equal suggestions: store
 * `encodeState({ state, rng: rng.state() })` after each step and a killed run goes on as if it had not been.
 *
 * @throws TypeError if there is no option of that name; RangeError if an option is out of range
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
export function bayesianOptimizer(space: SearchSpace, options: BayesianOptimizerOptions = {}): BayesianOptimizer {
  if (space === null || typeof space !== 'object') throw new TypeError('space must be a search space');
  const setup = optimizerSetup(space, options);

  return {
    space,

    init: initialOptimizerState,

    ask(state, n, rng, options = {}) {
      checkInteger('n', n, 1);
      const { fixed } = checkOptionNames('options', options, { fixed: true });
      const held = fixedCode(space, fixed);
      let next: BayesianOptimizerState = { ...state, trials: [...state.trials], exhausted: false };
      if (next.designSeed === null) next.designSeed = rng();
      const suggestions: Suggestion[] = [];
      let model: SearchModel | null = null;
      while (suggestions.length < n) {
        let origin: Trial['origin'] = 'design';
        let [x, designUsed] = nextDesignPoint(setup, next, held);
        next.designUsed = designUsed;
        if (x === null && resultsOf(next).length > 0) {
          if (model === null) {
            model = modelForSearch(setup, next, rng);
            next = { ...next, ...model.memory };
          }
          origin = 'model';
          x = suggest(setup, next, model, held, rng);
        } else if (x === null) {
          origin = 'random';
          x = randomCode(setup, next, held, rng);
        }
        if (x === null) {
          next.exhausted = true;
          break;
        }
        const trial = newTrial(space, next.trials.length, next.run, x, origin);
        next.trials.push(trial);
        suggestions.push({ id: trial.id, config: trial.config });
      }
      if (model !== null) rememberModel(setup, next, model);
      return [suggestions, next];
    },

    tell(state, results) {
      let next = { ...state, trials: [...state.trials] };
      for (const result of results) checkResult(result);
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
        next.trials[trial.id] = withResult(trial, result, setup.shape);
        next = afterRestart(setup, next);
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

    best(state, options = {}) {
      const { by = 'observed' } = checkOptionNames('options', options, { by: true });
      return bestTrial(setup, state, checkOption('by', by, ['observed', 'mean']));
    },

    front: (state) => paretoTrials(setup, state),

    predict(state, configs, options = {}) {
      const { objective = 0 } = checkOptionNames('options', options, { objective: true });
      return predictObjective(
        setup,
        state,
        configs.map((config) => space.encode(config)),
        objective,
      );
    },

    trace: (state) => bestTrace(setup, state),

    importance(state, options = {}) {
      const { objective = 0 } = checkOptionNames('options', options, { objective: true });
      return parameterImportance(setup, state, objective);
    },

    regretBound: (state) => modelRegretBound(setup, state),
  };
}
