// The chain that `hmc` and `nuts` have in common: its options, the burn-in that learns its step, and the record of what is kept.
//
//   θ position, ε step, m masses, one a coordinate

import { checkInteger, checkNumber, checkOption, checkVector } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';
import { adaptation, reasonableStep } from './adaptation.js';
import { type LogDensityGradient, massVector } from './leapfrog.js';

export interface ChainOptions {
  /** Samples kept. Default 500. */
  samples?: number;
  /** Iterations before, in which the step is learned. Default 500; with 0 the step stays as given. */
  burnIn?: number;
  /** ε at the start. Default 0.02. */
  stepSize?: number;
  /** Acceptance rate that the burn-in aims at, in (0, 1). Default 0.8. */
  targetAccept?: number;
  /** One mass or one a coordinate. Default 1. */
  mass?: number | ArrayLike<number>;
  /** 'diagonal' sets each mass to 1 / variance of the second quarter of the burn-in, halfway through it. Default 'fixed'. */
  massAdaptation?: 'fixed' | 'diagonal';
  /** 'reasonable' doubles or halves ε first until the acceptance of one step crosses 1/2. Default 'given'. */
  initialStep?: 'given' | 'reasonable';
  /** Called after every iteration with the number done, burn-in included; returning false stops early. */
  onIteration?: (done: number, total: number) => boolean | void;
}

export interface ChainResult {
  /** One row a sample, flat: samples[s * d + i]. */
  samples: Float64Array;
  logDensities: Float64Array;
  dimension: number;
  /** Samples kept, fewer than asked for if `onIteration` stopped the run. */
  count: number;
  /** Mean acceptance probability after the burn-in. */
  acceptanceRate: number;
  /** ε used after the burn-in. */
  stepSize: number;
  mass: Float64Array;
  /** Iterations after the burn-in whose energy error was not finite or above 1000. */
  divergences: number;
  /** Leapfrog steps after the burn-in. */
  leapfrogs: number;
}

/** Options that are checked. */
export interface ChainSettings {
  samples: number;
  burnIn: number;
  stepSize: number;
  targetAccept: number;
  /** One a coordinate; the burn-in may change them in place. */
  mass: Float64Array;
  adaptMass: boolean;
  /** Whether the first step is searched for. */
  search: boolean;
  onIteration: ChainOptions['onIteration'];
}

/** Checks start and options, those that only one sampler has excepted. */
export function chainSettings(start: ArrayLike<number>, options: ChainOptions): ChainSettings {
  checkVector('start', start);
  const massAdaptation = options.massAdaptation ?? 'fixed';
  const initialStep = options.initialStep ?? 'given';
  return {
    samples: checkInteger('samples', options.samples ?? 500, 1),
    burnIn: checkInteger('burnIn', options.burnIn ?? 500, 0),
    stepSize: checkNumber('stepSize', options.stepSize ?? 0.02, Number.MIN_VALUE),
    targetAccept: options.targetAccept ?? 0.8, // `dualAveraging` checks it
    adaptMass: checkOption('massAdaptation', massAdaptation, ['fixed', 'diagonal']) === 'diagonal',
    search: checkOption('initialStep', initialStep, ['given', 'reasonable']) === 'reasonable',
    mass: massVector(options.mass ?? 1, start.length),
    onIteration: options.onIteration,
  };
}

/** Where a chain is. */
export interface ChainState {
  position: Float64Array;
  gradient: Float64Array;
  logDensity: number;
}

/** What an iteration did. */
export interface Transition {
  next: ChainState;
  acceptProbability: number;
  divergent: boolean;
  /** Leapfrog steps. */
  steps: number;
}

/** Runs `transition`, an iteration at a step ε, from `start` through the burn-in and the samples. */
export function runChain(
  { samples, burnIn, targetAccept, mass, adaptMass, onIteration, ...first }: ChainSettings,
  logDensityGradient: LogDensityGradient,
  start: ArrayLike<number>,
  rng: Rng,
  transition: (current: ChainState, stepSize: number) => Transition,
): ChainResult {
  const d = start.length;
  const position = Float64Array.from(start);
  const gradient = new Float64Array(d);
  const logDensity = logDensityGradient(position, gradient);
  if (!Number.isFinite(logDensity)) throw new RangeError(`start must have a finite log density, got ${logDensity}`);
  let current: ChainState = { position, gradient, logDensity };
  const stepSize = first.search
    ? reasonableStep(logDensityGradient, position, rng, first.stepSize, mass)
    : first.stepSize;
  const adapt = adaptation({ burnIn, stepSize, targetAccept, adaptMass, mass });

  const kept = new Float64Array(samples * d);
  const logDensities = new Float64Array(samples);
  let [count, acceptance, divergences, leapfrogs] = [0, 0, 0, 0];
  const total = burnIn + samples;
  for (let t = 0; t < total; t++) {
    const { next, acceptProbability, divergent, steps } = transition(current, adapt.stepSize);
    current = next;
    if (t < burnIn) adapt.observe(t, acceptProbability, current.position);
    else {
      kept.set(current.position, count * d);
      logDensities[count] = current.logDensity;
      count += 1;
      acceptance += acceptProbability;
      leapfrogs += steps;
      if (divergent) divergences += 1;
    }
    if (onIteration?.(t + 1, total) === false) break;
  }
  return {
    samples: count === samples ? kept : kept.slice(0, count * d),
    logDensities: count === samples ? logDensities : logDensities.slice(0, count),
    dimension: d,
    count,
    acceptanceRate: count === 0 ? 0 : acceptance / count,
    stepSize: adapt.stepSize,
    mass,
    divergences,
    leapfrogs,
  };
}
