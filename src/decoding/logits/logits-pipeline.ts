// Logits to the distribution that is sampled from: filters and penalties in a stated order.

import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { softmax } from '../../special/softmax.js';
import { applyEpsilonCutoff, applyEtaCutoff, applyMinP, applyTopA, applyTopNSigma } from './cutoffs.js';
import { applyDynamicTemperature, applyTemperature, type DynamicTemperatureOptions } from './dynamic-temperature.js';
import { applyAllowedMask, applyBitmask, applyLogitBias } from './masks.js';
import {
  applyDry,
  applyFrequencyPresencePenalty,
  applyNoRepeatNgram,
  applyRepetitionPenalty,
  type DryOptions,
} from './penalties.js';
import { applyTopK } from './top-k.js';
import { applyTopP, applyTypicalP } from './top-p.js';
import { receiveRow } from './workspace.js';
import { applyXtc, type XtcOptions } from './xtc.js';

/** The steps of `logitsPipeline`, in the default order. */
export const logitsSteps = [
  'bias',
  'mask',
  'repetition',
  'frequency-presence',
  'dry',
  'no-repeat',
  'temperature',
  'top-k',
  'top-n-sigma',
  'typical-p',
  'top-p',
  'min-p',
  'top-a',
  'epsilon',
  'eta',
  'xtc',
] as const;

export type LogitsStep = (typeof logitsSteps)[number];

/** A step whose option is absent does nothing. */
export interface LogitsPipelineOptions {
  /** Pairs of token and bias, or a Map; `applyLogitBias`. */
  bias?: Iterable<readonly [number, number]>;
  /** One byte a token, or packed bits, of the tokens allowed after this context; undefined allows all. */
  mask?: (context: ArrayLike<number>) => Uint8Array | Uint32Array | Int32Array | undefined;
  repetitionPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  dry?: DryOptions;
  noRepeatNgram?: number;
  /** A number >= 0 (0 is the argmax), or the range of `applyDynamicTemperature`. */
  temperature?: number | DynamicTemperatureOptions;
  topK?: number;
  topNSigma?: number;
  typicalP?: number;
  topP?: number;
  minP?: number;
  topA?: number;
  epsilonCutoff?: number;
  etaCutoff?: number;
  xtc?: XtcOptions;
  /** Of every filter that has it. Default 1. */
  minKeep?: number;
  /** The steps in another order; a step left out is not done. Default `logitsSteps`. */
  order?: readonly LogitsStep[];
}

const NAMES = {
  bias: true,
  mask: true,
  repetitionPenalty: true,
  frequencyPenalty: true,
  presencePenalty: true,
  dry: true,
  noRepeatNgram: true,
  temperature: true,
  topK: true,
  topNSigma: true,
  typicalP: true,
  topP: true,
  minP: true,
  topA: true,
  epsilonCutoff: true,
  etaCutoff: true,
  xtc: true,
  minKeep: true,
  order: true,
} satisfies Record<keyof LogitsPipelineOptions, true>;

/** Probabilities of the next token; they sum to 1 and are what `verifyTokens` wants as a target or draft row. */
export type LogitsPipeline = (
  logits: ArrayLike<number>,
  context: ArrayLike<number>,
  rng: Rng,
  out?: Float64Array,
) => Float64Array;

/**
 * A function from logits and context to the probabilities that are sampled from.
 *
 * The default order is bias, mask, repetition, frequency and presence, DRY, n-grams, temperature, top-k, top-nσ,
 * typical, top-p, min-p, top-a, ε, η, XTC, softmax. O(V) for each step that is on; no sort of the vocabulary, no
 * allocation with `out`. The generator is used by XTC only, one uniform a call if its probability is strictly between 0
 * and 1.
 *
 * In speculative decoding the context must hold the drafted tokens before the position, and the draft row handed to the
 * verifier must be the output of this function, not a plain softmax: only then is the verification lossless.
 *
 * @throws TypeError if an option has an unknown name; RangeError if one is out of range; the function returned throws RangeError if logits holds NaN or +Infinity
 * or every token is masked
 *
 * @example
 * const pipeline = logitsPipeline({ temperature: 1, topK: 2 });
 * pipeline([0, 0, -1], [], createRng('demo')); //=> Float64Array.of(0.5, 0.5, 0)
 */
export function logitsPipeline(options: LogitsPipelineOptions = {}): LogitsPipeline {
  checkOptionNames('options', options, NAMES);
  const order = options.order ?? logitsSteps;
  const steps = order.flatMap((name) => {
    const step = stepOf(name, options);
    return step === undefined ? [] : [step];
  });
  // Every option is checked now rather than at the first token.
  const probe = Float64Array.of(0, 0);
  for (const step of steps) step(probe.fill(0), [], () => 0.5, true);

  return (logits, context, rng, out) => {
    const row = receiveRow(logits.length, out);
    if ((row as ArrayLike<number>) !== logits) row.set(logits);
    for (const step of steps) step(row, context, rng, false);
    return softmax(row, {}, row);
  };
}

type Step = (row: Float64Array, context: ArrayLike<number>, rng: Rng, probing: boolean) => void;

function stepOf(name: LogitsStep, options: LogitsPipelineOptions): Step | undefined {
  const { minKeep = 1 } = options;
  checkInteger('minKeep', minKeep, 1);
  switch (name) {
    case 'bias': {
      if (options.bias === undefined) return undefined;
      const bias = [...options.bias];
      return (row, _context, _rng, probing) => void (probing || applyLogitBias(row, bias, row));
    }
    case 'mask': {
      const { mask } = options;
      if (mask === undefined) return undefined;
      return (row, context, _rng, probing) => {
        const allowed = probing ? undefined : mask(context);
        if (allowed instanceof Uint8Array) applyAllowedMask(row, allowed, row);
        else if (allowed !== undefined) applyBitmask(row, allowed, row);
      };
    }
    case 'repetition': {
      const { repetitionPenalty: penalty = 1 } = options;
      return penalty === 1 ? undefined : (row, context) => void applyRepetitionPenalty(row, context, penalty, row);
    }
    case 'frequency-presence': {
      const { frequencyPenalty: frequency = 0, presencePenalty: presence = 0 } = options;
      if (frequency === 0 && presence === 0) return undefined;
      checkNumber('frequencyPenalty', frequency);
      checkNumber('presencePenalty', presence);
      const both = { frequency, presence };
      return (row, context) => void applyFrequencyPresencePenalty(row, context, both, row);
    }
    case 'dry': {
      if (options.dry === undefined) return undefined;
      const dry = { ...options.dry, breakers: new Set(options.dry.breakers ?? []) };
      return (row, context) => void applyDry(row, context, dry, row);
    }
    case 'no-repeat': {
      const { noRepeatNgram: n } = options;
      return n === undefined ? undefined : (row, context) => void applyNoRepeatNgram(row, context, n, row);
    }
    case 'temperature': {
      const { temperature = 1 } = options;
      if (typeof temperature !== 'number') return (row) => void applyDynamicTemperature(row, temperature, row);
      return temperature === 1 ? undefined : (row) => void applyTemperature(row, temperature, row);
    }
    case 'top-k':
      return withOption(options.topK, (k) => ({ k, minKeep }), applyTopK);
    case 'top-n-sigma':
      return withOption(options.topNSigma, (n) => ({ n, minKeep }), applyTopNSigma);
    case 'typical-p':
      return withOption(options.typicalP, (p) => ({ p, minKeep }), applyTypicalP);
    case 'top-p':
      return withOption(options.topP, (p) => ({ p, minKeep }), applyTopP);
    case 'min-p':
      return withOption(options.minP, (minP) => ({ minP, minKeep }), applyMinP);
    case 'top-a':
      return withOption(options.topA, (a) => ({ a, minKeep }), applyTopA);
    case 'epsilon':
      return withOption(options.epsilonCutoff, (epsilon) => ({ epsilon, minKeep }), applyEpsilonCutoff);
    case 'eta':
      return withOption(options.etaCutoff, (epsilon) => ({ epsilon, minKeep }), applyEtaCutoff);
    case 'xtc': {
      const { xtc } = options;
      return xtc === undefined ? undefined : (row, _context, rng) => void applyXtc(row, rng, xtc, row);
    }
    default:
      throw new RangeError(`order must hold names of logitsSteps, got ${String(name satisfies never)}`);
  }
}

function withOption<Options>(
  value: number | undefined,
  toOptions: (value: number) => Options,
  filter: (row: Float64Array, options: Options, out: Float64Array) => Float64Array,
): Step | undefined {
  if (value === undefined) return undefined;
  const filterOptions = toOptions(value);
  return (row) => void filter(row, filterOptions, row);
}
