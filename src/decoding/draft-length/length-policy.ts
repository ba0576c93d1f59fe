// How many tokens to draft: the contract, and the policies that look at no probabilities.

import { checkInteger, checkOption } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';

/** What a policy is told after each drafted token. The token is submitted whatever the answer is. */
export interface DraftedTokenInfo {
  /** Position in the round, from 0. */
  index: number;
  token: number;
  /** The distribution that the token was drawn from; null if it was chosen without chance. */
  probabilities: ArrayLike<number> | null;
  /** Its probability of the token, 1 if it was chosen without chance. */
  confidence: number;
  /** Prompt, emitted and drafted tokens, this one included. */
  context: readonly number[];
}

/** What a policy is told after a round. */
export interface RoundOutcome {
  /** What `limit` had said. */
  limit: number;
  drafted: number;
  accepted: number;
  emitted: number;
  /** Probabilities that the draft gave to its tokens. */
  confidences: readonly number[];
}

/** Decides how long to draft. The state is plain data and is saved with a run. */
export interface LengthPolicy<State = unknown> {
  init(): State;
  /** State at the start of another call; absent, the state persists. */
  restart?(state: State): State;
  /** Most tokens to draft in this round, an integer >= 0. */
  limit(state: State, rng: Rng): number;
  /** State after a drafted token, before `shouldContinue` is asked; absent, tokens leave no trace. */
  observe?(state: State, info: DraftedTokenInfo): State;
  /** Whether to draft another token after this one; asked while fewer than `limit` are drafted. */
  shouldContinue(state: State, info: DraftedTokenInfo): boolean;
  update(state: State, outcome: RoundOutcome): State;
}

export interface FixedLengthOptions {
  /** Tokens to draft in every round, an integer >= 0. */
  gamma: number;
}

/**
 * γ tokens in every round.
 *
 * @example
 * fixedLength({ gamma: 4 }).limit({}, createRng('demo')); //=> 4
 */
export function fixedLength(options: FixedLengthOptions): LengthPolicy<Record<string, never>> {
  const gamma = checkInteger('gamma', options.gamma, 0);
  return {
    init: () => ({}),
    limit: () => gamma,
    shouldContinue: () => true,
    update: (state) => state,
  };
}

export interface HeuristicLengthOptions {
  /** Tokens in the first round, at least 1. Default 5. */
  initial?: number;
  /** 'heuristic' keeps its length from call to call, 'heuristic-transient' starts afresh, 'constant' never moves. Default 'heuristic'. */
  schedule?: 'heuristic' | 'heuristic-transient' | 'constant';
}

export interface HeuristicLengthState {
  length: number;
}

/**
 * Two more after a round whose drafted tokens were all accepted, one fewer otherwise, at least 1.
 *
 * The schedule of assisted generation in the transformers library (J. Gante, 2023), whose default was 5 and 'heuristic'.
 *
 * @throws RangeError if initial is not an integer >= 1 or the schedule is unknown
 *
 * @example
 * const policy = heuristicLength({ initial: 5 });
 * policy.update({ length: 5 }, { limit: 5, drafted: 5, accepted: 5, emitted: 6, confidences: [] }); //=> { length: 7 }
 */
export function heuristicLength(options: HeuristicLengthOptions = {}): LengthPolicy<HeuristicLengthState> {
  const initial = checkInteger('initial', options.initial ?? 5, 1);
  const schedule = checkOption('schedule', options.schedule ?? 'heuristic', [
    'heuristic',
    'heuristic-transient',
    'constant',
  ]);
  return {
    init: () => ({ length: initial }),
    restart: (state) => (schedule === 'heuristic-transient' ? { length: initial } : state),
    limit: ({ length }) => length,
    shouldContinue: () => true,
    update: ({ length }, { drafted, accepted }) => {
      if (schedule === 'constant') return { length };
      return { length: accepted === drafted ? length + 2 : Math.max(1, length - 1) };
    },
  };
}

export interface OracleLengthOptions {
  /** Whether the next drafted token would be accepted, if that is known. */
  willAccept: (context: readonly number[]) => boolean;
  /** Most tokens in a round. Default 64. */
  maxLength?: number;
}

/**
 * Stops drafting exactly before the first token that will be rejected: the bound that no policy can pass, for simulations.
 *
 * @param options.willAccept told the context with the tokens drafted so far; answers for the token after it
 */
export function oracleLength(options: OracleLengthOptions): LengthPolicy<Record<string, never>> {
  const maxLength = checkInteger('maxLength', options.maxLength ?? 64, 1);
  return {
    init: () => ({}),
    limit: () => maxLength,
    shouldContinue: (_state, { context }) => options.willAccept(context),
    update: (state) => state,
  };
}
