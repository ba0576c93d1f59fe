/**
 * Ask and tell with a proposer in front of an optimizer: candidates come from the proposer, gaps are filled by the optimizer.
 *
 * T. Liu et al., arXiv:2402.03921, Algorithm 1. Whatever a proposer does wrong (nonsense, repetitions, exceptions,
 * silence) costs time and not results: the fallback's own suggestion takes its place.
 */
import { checkInteger, checkNumber, checkOption, checkOptionNames, checkPositive } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { logExpectedImprovement } from '../acquisition/expected-improvement.js';
import { bayesianOptimizer, type BayesianOptimizer, type Suggestion } from '../optimizer/bayesian-optimizer.js';
import type { BestTrial } from '../optimizer/best-trials.js';
import type { BayesianOptimizerState } from '../optimizer/optimizer-state.js';
import type { TrialResult } from '../optimizer/trial.js';
import type { Config, SearchSpace } from '../space/search-space.js';
import type { Direction } from '../test-functions/metrics.js';
import { discriminativeSurrogate, generativeSurrogate, proposerTargetValue } from './proposer-surrogates.js';
import type { Proposer, ProposerContext } from './proposer.js';

export interface ProposerOptimizerOptions {
  /** Default 'minimize'; must be that of the fallback. */
  direction?: Direction;
  /** Fills gaps, holds the results. Default `bayesianOptimizer(space, { direction })`. */
  fallback?: BayesianOptimizer;
  /** Longest wait for one call, in milliseconds. Default none. */
  timeoutMs?: number;
  /** Candidates asked for in one call. Default 10. */
  nCandidates?: number;
  /** Further calls of `propose` when one fails or brings too few usable candidates. Default 2. */
  maxRetries?: number;
  /** Drop configs that are known or pending. Default true. */
  dedupe?: boolean;
  /** α of `proposerTargetValue`. Default -0.2. */
  alpha?: number;
  /** Bounds of possible values, for the target. */
  bounds?: readonly [low: number, high: number];
  /**
   * What `score` answers: values, from whose moments the expected improvement ranks the candidates, or probabilities
   * of being good, which rank them directly. Default 'prediction'.
   */
  scoring?: 'prediction' | 'probability';
}

const NAMES = {
  direction: true,
  fallback: true,
  timeoutMs: true,
  nCandidates: true,
  maxRetries: true,
  dedupe: true,
  alpha: true,
  bounds: true,
  scoring: true,
} satisfies Record<keyof ProposerOptimizerOptions, true>;

/** Counts over a run. */
export interface ProposerStats {
  /** Calls of the proposer, of any method. */
  calls: number;
  /** Calls that rejected or were aborted. */
  failures: number;
  /** Configs that came back. */
  proposed: number;
  /** Of them, not of the space. */
  invalid: number;
  /** Of them, known already. */
  duplicates: number;
  /** Suggestions made from them. */
  used: number;
  /** Suggestions made by the fallback. */
  filled: number;
}

/** Plain data. */
export interface ProposerOptimizerState {
  /** State of the fallback, which holds all results. */
  optimizer: BayesianOptimizerState;
  /** Suggestions without a result. `fallbackId` is the fallback's own id where it made the suggestion, else null. */
  pending: { id: number; config: Config; fallbackId: number | null }[];
  nextId: number;
  stats: ProposerStats;
}

export interface ProposerOptimizer {
  readonly space: SearchSpace;
  init(): ProposerOptimizerState;
  /** n suggestions. Never rejects because of the proposer; with an aborted `signal` the fallback answers alone. */
  ask(
    state: ProposerOptimizerState,
    n: number,
    rng: Rng,
    options?: { signal?: AbortSignal },
  ): Promise<[Suggestion[], ProposerOptimizerState]>;
  tell(state: ProposerOptimizerState, results: readonly TrialResult[]): ProposerOptimizerState;
  cancel(state: ProposerOptimizerState, id: number): ProposerOptimizerState;
  best(state: ProposerOptimizerState): BestTrial | null;
}

/**
 * An optimizer whose candidates come from a proposer.
 *
 * Without results `warmstart` is asked, or the fallback when the proposer has none. With results `propose` is told the
 * history, a target value and what is pending; unusable candidates are dropped and counted, up to `maxRetries` further calls
 * make up for them, and the fallback fills what is missing. With `score` the usable candidates are ranked, else they are
 * taken in their order. Given the same answers of the proposer and an equal `rng`, the run is the same bit for bit.
 *
 * @throws TypeError if there is no option of that name; RangeError if an option is out of range
 *
 * @example
 * const space = searchSpace({ x: real(0, 1) });
 * const optimizer = proposerOptimizer(space, { propose: async () => [{ x: 0.25 }, { x: 7 }] });
 * const rng = createRng(1);
 * const state = optimizer.tell(optimizer.init(), [{ config: { x: 0.9 }, value: 1 }]);
 * const [[suggestion], next] = await optimizer.ask(state, 1, rng);
 * suggestion.config; //=> { x: 0.25 }
 * next.stats.invalid; //=> 1
 */
export function proposerOptimizer(
  space: SearchSpace,
  proposer: Proposer,
  options: ProposerOptimizerOptions = {},
): ProposerOptimizer {
  checkOptionNames('options', options, NAMES);
  const direction = checkOption('direction', options.direction ?? 'minimize', ['minimize', 'maximize']);
  const fallback = options.fallback ?? bayesianOptimizer(space, { direction });
  const nCandidates = checkInteger('nCandidates', options.nCandidates ?? 10, 1);
  const maxRetries = checkInteger('maxRetries', options.maxRetries ?? 2, 0);
  const alpha = checkNumber('alpha', options.alpha ?? -0.2, -1, 1);
  const scoring = checkOption('scoring', options.scoring ?? 'prediction', ['prediction', 'probability']);
  const dedupe = options.dedupe ?? true;
  if (options.timeoutMs !== undefined) checkPositive('timeoutMs', options.timeoutMs);
  if (typeof proposer?.propose !== 'function') throw new TypeError('proposer must have a function propose');

  return {
    space,

    init() {
      const stats = { calls: 0, failures: 0, proposed: 0, invalid: 0, duplicates: 0, used: 0, filled: 0 };
      return { optimizer: fallback.init(), pending: [], nextId: 0, stats };
    },

    async ask(state, n, rng, options = {}) {
      checkInteger('n', n, 1);
      const { signal } = checkOptionNames('options', options, { signal: true });
      const stats = { ...state.stats };
      const next: ProposerOptimizerState = { ...state, pending: [...state.pending], stats };
      const chosen = await candidates(next, n, signal);
      const suggestions: Suggestion[] = [];
      const hand = (config: Config, fallbackId: number | null) => {
        const id = next.nextId;
        next.nextId += 1;
        next.pending.push({ id, config, fallbackId });
        suggestions.push({ id, config });
      };
      for (const config of chosen.slice(0, n)) hand(config, null);
      stats.used += suggestions.length;
      // The fallback does not know what the proposer suggested. What it repeats is one and the same suggestion from now on, so that
      // its result settles both, and the fallback is asked again.
      for (let attempt = 0; suggestions.length < n && attempt < n + 20; attempt++) {
        const [[made], asked] = fallback.ask(next.optimizer, 1, rng);
        next.optimizer = asked;
        if (made === undefined) break;
        const same = next.pending.findIndex(({ config }) => sameConfig(config, made.config));
        if (same === -1) {
          hand(made.config, made.id);
          stats.filled += 1;
        } else if (next.pending[same].fallbackId === null) {
          next.pending[same] = { ...next.pending[same], fallbackId: made.id };
        } else next.optimizer = fallback.cancel(asked, made.id);
      }
      return [suggestions, next];
    },

    tell(state, results) {
      let { optimizer } = state;
      let pending = state.pending;
      for (const result of results) {
        const { id, ...rest } = result;
        if (id === undefined) {
          optimizer = fallback.tell(optimizer, [rest]);
          continue;
        }
        const entry = pending.find((other) => other.id === id);
        if (entry === undefined) throw new RangeError(`id must be one that is pending, got ${id}`);
        const known = entry.fallbackId === null ? { config: entry.config } : { id: entry.fallbackId };
        optimizer = fallback.tell(optimizer, [{ ...rest, ...known }]);
        pending = pending.filter((other) => other !== entry);
      }
      return { ...state, optimizer, pending };
    },

    cancel(state, id) {
      const entry = state.pending.find((other) => other.id === id);
      if (entry === undefined) throw new RangeError(`id must be one that is pending, got ${id}`);
      const optimizer =
        entry.fallbackId === null ? state.optimizer : fallback.cancel(state.optimizer, entry.fallbackId);
      return { ...state, optimizer, pending: state.pending.filter((other) => other !== entry) };
    },

    best: (state) => fallback.best(state.optimizer),
  };

  /** Usable candidates, best first; fewer than n where the proposer brings fewer. */
  async function candidates(
    state: ProposerOptimizerState,
    n: number,
    signal: AbortSignal | undefined,
  ): Promise<Config[]> {
    const context = contextOf(state, Math.max(n, nCandidates));
    const usable: Config[] = [];
    const { warmstart } = proposer;
    if (context.history.length === 0) {
      if (warmstart === undefined) return [];
      const ask = Math.max(1, n);
      for (let call = 0; call <= maxRetries && usable.length < n; call++) {
        const configs = await attempt(state, signal, (s) => warmstart.call(proposer, context, ask, s));
        takeUsable(state, configs, usable);
      }
      return usable;
    }
    for (let call = 0; call <= maxRetries && usable.length < n; call++) {
      const configs = await attempt(state, signal, (s) => proposer.propose(context, s));
      takeUsable(state, configs, usable);
    }
    return rank(state, context, usable, signal);
  }

  async function rank(
    state: ProposerOptimizerState,
    context: ProposerContext,
    usable: Config[],
    signal: AbortSignal | undefined,
  ): Promise<Config[]> {
    const { score } = proposer;
    if (score === undefined || usable.length < 2) return usable;
    const answers = await attempt(state, signal, (s) => score.call(proposer, context, usable, s));
    if (!Array.isArray(answers) || answers.length !== usable.length) return usable;
    try {
      if (scoring === 'probability') return generativeSurrogate(answers).order.map((i) => usable[i]);
      const { mean, std } = discriminativeSurrogate(answers);
      const maximize = direction === 'maximize';
      const values = context.history.map(({ value }) => value);
      const best = maximize ? Math.max(...values) : Math.min(...values);
      const gain = usable.map((_, i) => logExpectedImprovement(mean[i], std[i], { best, maximize }).value);
      const order = usable.map((_, i) => i).sort((a, b) => gain[b] - gain[a] || a - b);
      return order.map((i) => usable[i]);
    } catch {
      return usable; // judgements that make no sense are no judgements
    }
  }

  /** The call's answer, or null when it rejects, is aborted or takes too long. */
  async function attempt<Output>(
    state: ProposerOptimizerState,
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal | undefined) => Promise<Output>,
  ): Promise<Output | null> {
    if (signal?.aborted) return null;
    const signals = [
      ...(signal === undefined ? [] : [signal]),
      ...(options.timeoutMs === undefined ? [] : [AbortSignal.timeout(options.timeoutMs)]),
    ];
    const either = signals.length === 0 ? undefined : AbortSignal.any(signals);
    state.stats.calls += 1;
    try {
      return await Promise.race([call(either), ...(either === undefined ? [] : [whenAborted(either)])]);
    } catch {
      state.stats.failures += 1;
      return null;
    }
  }

  function takeUsable(state: ProposerOptimizerState, configs: Config[] | null, usable: Config[]): void {
    if (!Array.isArray(configs)) return;
    const { stats } = state;
    for (const config of configs) {
      stats.proposed += 1;
      if (config === null || typeof config !== 'object' || !space.contains(config)) {
        stats.invalid += 1;
        continue;
      }
      const known =
        usable.some((other) => sameConfig(other, config)) ||
        state.pending.some((entry) => sameConfig(entry.config, config)) ||
        state.optimizer.trials.some((trial) => trial.status !== 'cancelled' && sameConfig(trial.config, config));
      if (dedupe && known) {
        stats.duplicates += 1;
        continue;
      }
      usable.push({ ...config });
    }
  }

  function contextOf(state: ProposerOptimizerState, count: number): ProposerContext {
    const history = state.optimizer.trials
      .filter(({ status }) => status === 'ok')
      .map(({ config, values }) => ({ config, value: values[0] }));
    const y = history.map(({ value }) => value);
    const bounds = options.bounds === undefined ? {} : { bounds: options.bounds };
    return {
      space,
      direction,
      history,
      target: y.length === 0 ? null : proposerTargetValue(y, { alpha, direction, ...bounds }),
      nCandidates: count,
      pending: state.pending.map(({ config }) => config),
    };
  }
}

function sameConfig(a: Config, b: Config): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
