// The generation loop: whole runs, synchronous, asynchronous and as a stream.

import { checkInteger, checkOptionNames } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { logitsPipeline, type LogitsPipelineOptions } from '../logits/logits-pipeline.js';
import { driveAsync, driveSync, type LogitsFn, type Steps } from './model.js';
import {
  callModel,
  speculativeDecoder,
  type SpeculativeModels,
  type SpeculativeOptions,
  type SpeculativeState,
} from './speculative-decoder.js';
import type { SpeculativeStats } from './stats.js';

export interface StopOptions {
  /** Most tokens to emit, an integer >= 0. */
  maxTokens: number;
  /** Told the tokens emitted so far, after each one; true ends the run with that token. */
  stop?: (emitted: readonly number[]) => boolean;
}

export interface GenerateOptions extends SpeculativeOptions, StopOptions {
  /** Told after each round. */
  onRound?: (round: SpeculativeRound) => void;
  /** State of the length policy after an earlier run, to go on from. Default: a new one. */
  lengthState?: unknown;
}

export interface GenerateAsyncOptions extends GenerateOptions {
  /** Ends the run before the next call of a model: the promise rejects with an error named 'AbortError'. */
  signal?: AbortSignal;
}

/** One round as a stream yields it. */
export interface SpeculativeRound {
  /** The tokens that this round added to the output. */
  tokens: number[];
  accepted: number;
  /** Number of the round, from 1. */
  round: number;
  stats: SpeculativeStats;
}

export interface Generation {
  /** The tokens emitted, without the prompt. */
  tokens: number[];
  /** Why it ended: `maxTokens` reached, the end of the sequence emitted, or `stop`. */
  finishReason: 'length' | 'eos' | 'stop';
}

export interface SpeculativeGeneration extends Generation {
  /** Counts of whole rounds: tokens that `maxTokens` or `stop` cut off are among the emitted ones. */
  stats: SpeculativeStats;
  /** State of the length policy at the end. */
  lengthState: unknown;
}

/** What a run that a model or a signal broke off throws: the cause, and the tokens emitted until then. */
export interface GenerationError extends Error {
  partial: number[];
}

/**
 * Generates tokens by speculative decoding, with models that may answer later.
 *
 * The tokens have the law of `autoregressiveGenerate` with the same `sampling` (see `speculativeDecoder`). A round that runs past
 * `maxTokens`, or past the token at which `stop` says so, is verified whole and then cut. The prompt is never changed.
 *
 * @param prompt tokens before the first one generated
 * @throws (rejects) what a model throws, or an 'AbortError', with the tokens so far in `partial`; RangeError if the
 * vocabularies differ
 *
 * @example
 * const even = (prefixes) => prefixes.map(() => [0, 0]);
 * (await speculativeGenerate({ target: even, draft: even }, [0], createRng('demo'), { maxTokens: 7 })).tokens.length; //=> 7
 */
export async function speculativeGenerate(
  models: SpeculativeModels,
  prompt: ArrayLike<number>,
  rng: Rng,
  options: GenerateAsyncOptions,
): Promise<SpeculativeGeneration> {
  const run = startRun(models, prompt, options);
  while (run.finishReason === undefined) {
    try {
      await run.decoder.roundAsync(run.state, rng, run.state, options.signal);
    } catch (error) {
      throw withPartial(error, run.tokens);
    }
    const round = takeRound(run); // moves the tokens, whether or not anybody wants to be told
    options.onRound?.(round);
  }
  return finish(run, run.finishReason);
}

/**
 * `speculativeGenerate` for models that answer at once. Same arguments, same tokens.
 *
 * @throws what a model throws, with the tokens so far in `partial`
 *
 * @example
 * const even = (prefixes) => prefixes.map(() => [0, 0]);
 * speculativeGenerateSync({ target: even, draft: even }, [0], createRng('demo'), { maxTokens: 7 }).tokens.length; //=> 7
 */
export function speculativeGenerateSync(
  models: SpeculativeModels,
  prompt: ArrayLike<number>,
  rng: Rng,
  options: GenerateOptions,
): SpeculativeGeneration {
  const run = startRun(models, prompt, options);
  while (run.finishReason === undefined) {
    try {
      run.decoder.round(run.state, rng, run.state);
    } catch (error) {
      throw withPartial(error, run.tokens);
    }
    const round = takeRound(run); // moves the tokens, whether or not anybody wants to be told
    options.onRound?.(round);
  }
  return finish(run, run.finishReason);
}

/**
 * `speculativeGenerate` as a stream that yields each round's tokens as soon as they are verified.
 *
 * @throws (rejects) as `speculativeGenerate`
 *
 * @example
 * const even = (prefixes) => prefixes.map(() => [0, 0]);
 * const stream = speculativeStream({ target: even, draft: even }, [0], createRng('demo'), { maxTokens: 5 });
 * (await stream.next()).value.tokens.length; //=> 5
 */
export async function* speculativeStream(
  models: SpeculativeModels,
  prompt: ArrayLike<number>,
  rng: Rng,
  options: GenerateAsyncOptions,
): AsyncGenerator<SpeculativeRound, SpeculativeGeneration, undefined> {
  const run = startRun(models, prompt, options);
  while (run.finishReason === undefined) {
    try {
      await run.decoder.roundAsync(run.state, rng, run.state, options.signal);
    } catch (error) {
      throw withPartial(error, run.tokens);
    }
    const round = takeRound(run);
    options.onRound?.(round);
    yield round;
  }
  return finish(run, run.finishReason);
}

interface Run {
  decoder: ReturnType<typeof speculativeDecoder>;
  state: SpeculativeState;
  tokens: number[];
  finishReason: Generation['finishReason'] | undefined;
  options: StopOptions;
}

function startRun(models: SpeculativeModels, prompt: ArrayLike<number>, options: GenerateAsyncOptions): Run {
  const { maxTokens, stop: _stop, onRound: _onRound, lengthState, signal: _signal, ...decoding } = options;
  checkInteger('maxTokens', maxTokens, 0);
  const decoder = speculativeDecoder(models, decoding);
  const state = decoder.init(prompt);
  if (lengthState !== undefined) state.length = options.length?.restart?.(lengthState as never) ?? lengthState;
  return { decoder, state, tokens: [], finishReason: maxTokens === 0 ? 'length' : undefined, options };
}

function finish(run: Run, finishReason: Generation['finishReason']): SpeculativeGeneration {
  return { tokens: run.tokens, stats: run.state.stats, finishReason, lengthState: run.state.length };
}

/** Moves the tokens of the last round to the output, up to the one that ends the run. */
function takeRound(run: Run): SpeculativeRound {
  const { state, tokens, options } = run;
  const added: number[] = [];
  for (const token of state.round.tokens) {
    tokens.push(token);
    added.push(token);
    if (options.stop?.(tokens) === true) run.finishReason = 'stop';
    else if (tokens.length === options.maxTokens) run.finishReason = 'length';
    if (run.finishReason !== undefined) break;
  }
  if (state.ended && added.length === state.round.tokens.length && run.finishReason !== 'stop')
    run.finishReason = 'eos';
  return { tokens: added, accepted: state.round.accepted, round: state.stats.rounds, stats: state.stats };
}

function withPartial(error: unknown, partial: readonly number[]): GenerationError {
  const known = error instanceof Error ? error : new Error('a model failed', { cause: error });
  return Object.assign(known, { partial: [...partial] });
}

export interface AutoregressiveOptions extends StopOptions {
  /** Filters and penalties. */
  sampling?: LogitsPipelineOptions;
  /** The token that ends a sequence. Default none. */
  eos?: number;
}

const NAMES = { maxTokens: true, stop: true, sampling: true, eos: true, signal: true } satisfies Record<
  keyof AutoregressiveOptions | 'signal',
  true
>;

/**
 * Generates tokens from one model, one call and one uniform a token (more with XTC).
 *
 * @throws (rejects) what the model throws, with the tokens so far in `partial`
 *
 * @example
 * (await autoregressiveGenerate(() => [[0, 9e9]], [], createRng('demo'), { maxTokens: 2 })).tokens; //=> [1, 1]
 */
export async function autoregressiveGenerate(
  target: LogitsFn,
  prompt: ArrayLike<number>,
  rng: Rng,
  options: AutoregressiveOptions & { signal?: AbortSignal },
): Promise<Generation> {
  return driveAsync(autoregressiveSteps(target, prompt, rng, options));
}

/**
 * `autoregressiveGenerate` for a model that answers at once. Same arguments, same tokens.
 *
 * @throws what the model throws, with the tokens so far in `partial`
 *
 * @example
 * autoregressiveGenerateSync(() => [[0, 9e9]], [], createRng('demo'), { maxTokens: 2 }).tokens; //=> [1, 1]
 */
export function autoregressiveGenerateSync(
  target: LogitsFn,
  prompt: ArrayLike<number>,
  rng: Rng,
  options: AutoregressiveOptions,
): Generation {
  return driveSync(autoregressiveSteps(target, prompt, rng, options));
}

function* autoregressiveSteps(
  target: LogitsFn,
  prompt: ArrayLike<number>,
  rng: Rng,
  options: AutoregressiveOptions & { signal?: AbortSignal },
): Steps<Generation> {
  checkOptionNames('options', options, NAMES);
  const { maxTokens, stop, sampling = {}, eos = -1, signal } = options;
  checkInteger('maxTokens', maxTokens, 0);
  const pipeline = logitsPipeline(sampling);
  const context = Array.from(prompt);
  const tokens: number[] = [];
  while (tokens.length < maxTokens) {
    let token: number;
    try {
      const [logits] = yield* callModel('target', target, [context.slice()], signal);
      token = categoricalIndex(pipeline(logits, context, rng), rng());
    } catch (error) {
      throw withPartial(error, tokens);
    }
    tokens.push(token);
    context.push(token);
    if (stop?.(tokens) === true) return { tokens, finishReason: 'stop' };
    if (token === eos) return { tokens, finishReason: 'eos' };
  }
  return { tokens, finishReason: 'length' };
}
