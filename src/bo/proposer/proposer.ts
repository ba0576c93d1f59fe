/**
 * Proposers: any asynchronous function that suggests configs and judges them, a language model say, and how to record one
 * and play it back.
 *
 * T. Liu, N. Astorga, N. Seedat, M. van der Schaar, "Large Language Models to Enhance Bayesian Optimization" (LLAMBO),
 * ICLR 2024, arXiv:2402.03921. This module talks to no network: the caller brings the model.
 */
import type { Config, SearchSpace } from '../space/search-space.js';
import type { Direction } from '../test-functions/metrics.js';

/** An evaluated config. */
export interface ProposerTrial {
  config: Config;
  value: number;
}

/** All that a proposer is told. */
export interface ProposerContext {
  space: SearchSpace;
  direction: Direction;
  /** Evaluated configs, in the order of their results. */
  history: readonly ProposerTrial[];
  /** The value to aim at, by `proposerTargetValue`; null while there is no result. */
  target: number | null;
  nCandidates: number;
  /** Configs that are being evaluated. */
  pending: readonly Config[];
}

export interface Proposer {
  /** About `nCandidates` configs that might reach `target`. Some may be wrong or known: they are dropped and counted. */
  propose(context: ProposerContext, signal?: AbortSignal): Promise<Config[]>;
  /**
   * Repeated judgements of each config, NaN for no answer: predictions of its value, or with `scoring: 'probability'`
   * probabilities that it is good.
   */
  score?(context: ProposerContext, configs: readonly Config[], signal?: AbortSignal): Promise<number[][]>;
  /** n configs to begin with, before there is any result. */
  warmstart?(context: ProposerContext, n: number, signal?: AbortSignal): Promise<Config[]>;
}

export type ProposerMethod = 'propose' | 'score' | 'warmstart';

/** One call of a proposer, as plain data. */
export interface ProposerCall {
  method: ProposerMethod;
  /** Results that the proposer knew, to notice when a replay goes another way. */
  history: number;
  /** 'pending' until it settles; 'aborted' when its signal fired before. */
  status: 'ok' | 'error' | 'pending' | 'aborted';
  /** What came back when status is 'ok'. */
  output: Config[] | number[][] | null;
  /** The message when status is 'error'. */
  error: string | null;
}

/**
 * A proposer that passes everything on to another and notes it in `calls`, which `encodeState` can write.
 *
 * @example
 * const { proposer, calls } = recordProposer({ propose: async () => [{ x: 0.5 }] });
 * const space = searchSpace({ x: real(0, 1) });
 * await proposer.propose({ space, direction: 'minimize', history: [], target: null, nCandidates: 1, pending: [] });
 * calls[0].output; //=> [{ x: 0.5 }]
 */
export function recordProposer(proposer: Proposer): { proposer: Proposer; calls: ProposerCall[] } {
  const calls: ProposerCall[] = [];
  async function note<Output extends Config[] | number[][]>(
    method: ProposerMethod,
    context: ProposerContext,
    signal: AbortSignal | undefined,
    run: () => Promise<Output>,
  ): Promise<Output> {
    const call: ProposerCall = {
      method,
      history: context.history.length,
      status: 'pending',
      output: null,
      error: null,
    };
    calls.push(call);
    try {
      const output = await run();
      // An answer after the signal was too late for the run, and has to be too late for its replay.
      if (signal?.aborted) call.status = 'aborted';
      else {
        call.status = 'ok';
        call.output = structuredClone(output);
      }
      return output;
    } catch (error) {
      call.status = signal?.aborted ? 'aborted' : 'error';
      if (!signal?.aborted) call.error = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }
  const { score, warmstart } = proposer;
  const recorded: Proposer = {
    propose: (context, signal) => note('propose', context, signal, () => proposer.propose(context, signal)),
  };
  if (score !== undefined) {
    recorded.score = (context, configs, signal) =>
      note('score', context, signal, () => score.call(proposer, context, configs, signal));
  }
  if (warmstart !== undefined) {
    recorded.warmstart = (context, n, signal) =>
      note('warmstart', context, signal, () => warmstart.call(proposer, context, n, signal));
  }
  return { proposer: recorded, calls };
}

/**
 * A proposer that answers as it did when it was recorded, call by call; what was aborted or still pending then rejects at
 * once. The same optimizer with an equal `rng` makes the same run of it.
 *
 * A call that differs from the recorded one in its method or in the number of results known rejects.
 *
 * @throws TypeError if calls is not a list
 */
export function replayProposer(calls: readonly ProposerCall[]): Proposer {
  if (!Array.isArray(calls)) throw new TypeError('calls must be an array of recorded calls');
  let at = 0;
  const methods = new Set(calls.map(({ method }) => method));
  async function answer(method: ProposerMethod, context: ProposerContext): Promise<unknown> {
    const call = calls[at];
    at += 1;
    if (call === undefined) throw new Error(`replay has no call number ${at}`);
    if (call.method !== method || call.history !== context.history.length) {
      throw new Error(
        `replay expected ${call.method} after ${call.history} results, got ${method} after ${context.history.length}`,
      );
    }
    if (call.status !== 'ok') throw new Error(call.error ?? `recorded call was ${call.status}`);
    return structuredClone(call.output);
  }
  const replay: Proposer = { propose: (context) => answer('propose', context) as Promise<Config[]> };
  if (methods.has('score')) replay.score = (context) => answer('score', context) as Promise<number[][]>;
  if (methods.has('warmstart')) replay.warmstart = (context) => answer('warmstart', context) as Promise<Config[]>;
  return replay;
}
