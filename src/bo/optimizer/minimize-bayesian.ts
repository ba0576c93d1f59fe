/** The loop around `bayesianOptimizer`: evaluate, tell, ask; one evaluation at a time or several at once. */
import { checkFunction, checkInteger, checkNumber, checkOptionNames, checkPositive } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import type { Config, SearchSpace } from '../space/search-space.js';
import { bayesianOptimizer, type BayesianOptimizer, type Suggestion } from './bayesian-optimizer.js';
import type { BestTrial, FrontTrial } from './best-trials.js';
import { OPTIMIZER_NAMES, type BayesianOptimizerOptions } from './optimizer-options.js';
import { endedTrials, type BayesianOptimizerState } from './optimizer-state.js';
import type { Trial, TrialResult } from './trial.js';

/** What an objective may return: its value, or a value with cost, noise or constraints. */
export type Evaluation = number | Omit<TrialResult, 'id' | 'config'>;

export interface MinimizeBayesianOptions extends BayesianOptimizerOptions {
  /** Evaluations in all, failed ones and those of `resume` included. */
  evaluations: number;
  rng: Rng;
  /** A state to go on from, with `rng` where it was. Suggestions that were pending in it are evaluated first. */
  resume?: BayesianOptimizerState;
  /**
   * Stop early. `patience`: that many results in a row improved the best value (the hypervolume) by no more than `tolerance`
   * (default 0); as long as nothing is feasible the search goes on. `regretBound`: the model bounds what is left to gain by this
   * much, see `BayesianOptimizer.regretBound`; for one objective.
   */
  earlyStop?: { patience: number; tolerance?: number } | { regretBound: number };
  /** Called after every result; false stops. */
  onProgress?: (progress: BayesianProgress) => boolean | void;
}

export interface BayesianProgress {
  trial: Trial;
  /** Null while there is no feasible result, and with several objectives. */
  best: BestTrial | null;
  /** Evaluations done. */
  evaluations: number;
  /** For a checkpoint, with the state of `rng`. */
  state: BayesianOptimizerState;
}

export interface BayesianRun {
  /** Null if no result was feasible, and with several objectives. */
  best: BestTrial | null;
  /** The feasible trials that none dominates; with one objective the best ones. */
  front: FrontTrial[];
  state: BayesianOptimizerState;
  /** Best value after each evaluation, infinite until there is a feasible one; with several objectives the hypervolume. */
  trace: Float64Array;
  /**
   * 'evaluations': the budget is used up. 'patience', 'regret-bound': `earlyStop`. 'exhausted': no config is left. 'stopped':
   * by `onProgress` or a signal.
   */
  status: 'evaluations' | 'patience' | 'regret-bound' | 'exhausted' | 'stopped';
}

const NAMES = {
  ...OPTIMIZER_NAMES,
  evaluations: true,
  rng: true,
  resume: true,
  earlyStop: true,
  onProgress: true,
} satisfies Record<keyof MinimizeBayesianOptions, true>;

/**
 * Minimizes an expensive function; with `direction: 'maximize'` maximizes it. An exception or a value that is not finite is a failed evaluation, and the search goes on.
 *
 * @throws TypeError if there is no option of that name; RangeError if `evaluations` is not a positive integer or an option is out of range
 *
 * @example
 * const { best } = minimizeBayesian(({ x }) => (x - 2) * (x - 2), searchSpace({ x: real(0, 10) }), {
 *   evaluations: 15,
 *   rng: createRng(3),
 * });
 * Math.abs(best.config.x - 2) < 0.1; //=> true
 */
export function minimizeBayesian(
  objective: (config: Config) => Evaluation,
  space: SearchSpace,
  options: MinimizeBayesianOptions,
): BayesianRun {
  checkFunction('objective', objective);
  checkOptionNames('options', options, NAMES);
  const loop = startLoop(space, options);
  let { state } = loop;
  let status: BayesianRun['status'] | null = done(state) >= options.evaluations ? 'evaluations' : null;
  while (status === null) {
    let suggestion: Suggestion | undefined = loop.waiting.shift();
    if (suggestion === undefined) {
      const [suggestions, asked] = loop.optimizer.ask(state, 1, options.rng);
      state = asked;
      [suggestion] = suggestions;
    }
    if (suggestion === undefined) {
      status = 'exhausted';
      break;
    }
    let result: Evaluation;
    try {
      result = objective(suggestion.config);
    } catch {
      result = { status: 'failed' };
    }
    [state, status] = loop.accept(state, suggestion.id, result);
  }
  return loop.finish(state, status);
}

export interface MinimizeBayesianAsyncOptions extends MinimizeBayesianOptions {
  /** Evaluations under way at once. Default 1. */
  parallel?: number;
  /** Stops the search; evaluations under way are awaited, and told. */
  signal?: AbortSignal;
}

const ASYNC_NAMES = { ...NAMES, parallel: true, signal: true } satisfies Record<
  keyof MinimizeBayesianAsyncOptions,
  true
>;

/**
 * `minimizeBayesian` for an asynchronous objective, `parallel` evaluations at once: a new one starts when any ends. A rejection
 * is a failed evaluation. The suggestions depend on the order in which results arrive, and on nothing else.
 */
export async function minimizeBayesianAsync(
  objective: (config: Config, signal?: AbortSignal) => Promise<Evaluation> | Evaluation,
  space: SearchSpace,
  options: MinimizeBayesianAsyncOptions,
): Promise<BayesianRun> {
  checkFunction('objective', objective);
  checkOptionNames('options', options, ASYNC_NAMES);
  const { parallel: most = 1, signal, ...rest } = options;
  const { evaluations, rng } = rest;
  const parallel = checkInteger('parallel', most, 1);
  const loop = startLoop(space, rest);
  let { state } = loop;
  let status: BayesianRun['status'] | null = done(state) >= evaluations ? 'evaluations' : null;
  const running = new Map<number, Promise<{ id: number; result: Evaluation }>>();
  for (;;) {
    if (status === null && signal?.aborted === true) status = 'stopped';
    while (status === null && running.size < parallel && done(state) + running.size < evaluations) {
      let suggestion: Suggestion | undefined = loop.waiting.shift();
      if (suggestion === undefined) {
        const [suggestions, asked] = loop.optimizer.ask(state, 1, rng);
        state = asked;
        [suggestion] = suggestions;
      }
      if (suggestion === undefined) {
        status = 'exhausted';
        break;
      }
      const { id, config } = suggestion;
      running.set(
        id,
        settle(id, () => objective(config, signal)),
      );
    }
    if (running.size === 0) break;
    const { id, result } = await Promise.race(running.values());
    running.delete(id);
    const [next, verdict] = loop.accept(state, id, result);
    state = next;
    status ??= verdict;
  }
  return loop.finish(state, status ?? 'evaluations');
}

async function settle(
  id: number,
  evaluate: () => Promise<Evaluation> | Evaluation,
): Promise<{ id: number; result: Evaluation }> {
  try {
    return { id, result: await evaluate() };
  } catch {
    return { id, result: { status: 'failed' } };
  }
}

interface Loop {
  optimizer: BayesianOptimizer;
  state: BayesianOptimizerState;
  /** Suggestions that were pending when the run was resumed. */
  waiting: Suggestion[];
  accept(
    state: BayesianOptimizerState,
    id: number,
    result: Evaluation,
  ): [BayesianOptimizerState, BayesianRun['status'] | null];
  finish(state: BayesianOptimizerState, status: BayesianRun['status']): BayesianRun;
}

function startLoop(space: SearchSpace, options: MinimizeBayesianOptions): Loop {
  const { evaluations, rng, resume, earlyStop, onProgress, ...rest } = options;
  checkInteger('evaluations', evaluations, 1);
  if (typeof rng !== 'function') throw new TypeError('rng must be a function');
  if (earlyStop !== undefined) {
    checkOptionNames('earlyStop', earlyStop, { patience: true, tolerance: true, regretBound: true });
    if ('patience' in earlyStop) {
      checkInteger('earlyStop.patience', earlyStop.patience, 1);
      checkNumber('earlyStop.tolerance', earlyStop.tolerance ?? 0, 0);
    } else {
      checkPositive('earlyStop.regretBound', earlyStop.regretBound);
      if ((rest.objectives ?? 1) > 1) throw new RangeError('earlyStop.regretBound needs one objective');
    }
  }
  const optimizer = bayesianOptimizer(space, rest);
  const best = (at: BayesianOptimizerState) => ((rest.objectives ?? 1) > 1 ? null : optimizer.best(at));
  const state = resume ?? optimizer.init();
  const waiting = state.trials.filter(({ status }) => status === 'pending').map(({ id, config }) => ({ id, config }));
  return {
    optimizer,
    state,
    waiting,
    accept(before, id, evaluation) {
      const result = typeof evaluation === 'number' ? { value: evaluation } : evaluation;
      const after = optimizer.tell(before, [{ ...result, id }]);
      const count = done(after);
      const progress = { trial: after.trials[id], best: best(after), evaluations: count, state: after };
      if (onProgress?.(progress) === false) return [after, 'stopped'];
      if (earlyStop !== undefined && 'patience' in earlyStop) {
        const trace = optimizer.trace(after);
        const { patience, tolerance = 0 } = earlyStop;
        const last = trace.length - 1;
        // Not a number where nothing is feasible yet.
        if (last >= patience && Math.abs(trace[last - patience] - trace[last]) <= tolerance) return [after, 'patience'];
      } else if (earlyStop !== undefined && after.models !== null) {
        // Its search draws from a stream of its own, so that stopping early or not leaves the suggestions as they are.
        if (optimizer.regretBound(after) <= earlyStop.regretBound) return [after, 'regret-bound'];
      }
      return [after, count >= evaluations ? 'evaluations' : null];
    },
    finish: (after, status) => ({
      best: best(after),
      front: optimizer.front(after),
      state: after,
      trace: optimizer.trace(after),
      status,
    }),
  };
}

function done(state: BayesianOptimizerState): number {
  return endedTrials(state).length;
}
