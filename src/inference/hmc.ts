// Hamiltonian Monte Carlo with a step size learned in the burn-in.
//
// R. M. Neal, "MCMC using Hamiltonian dynamics" (2011); step sizes by Hoffman and Gelman (2014), Algorithm 5; defaults
// of Y. L. Li, T. G. J. Rudner, A. G. Wilson, "A Study of Bayesian Neural Network Surrogates for Bayesian Optimization",
// arXiv:2305.20028, Appendix.
//
//   θ position, p momentum ~ N(0, m), ε step, L = ceil(pathLength / ε) leapfrog steps

import { checkInteger, checkNumber, checkOption, checkVector } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';
import { sampleNormal } from '../random/normal.js';
import { exp } from '../special/exp.js';
import { adaptation, reasonableStep } from './adaptation.js';
import { integrate, kineticEnergy, type LogDensityGradient, massVector } from './leapfrog.js';

export interface HmcOptions {
  /** Samples kept. Default 500. */
  samples?: number;
  /** Iterations before, in which the step is learned. Default 500; with 0 the step stays as given. */
  burnIn?: number;
  /** ε at the start. Default 0.02. */
  stepSize?: number;
  /** ε L. Default 10 times stepSize. */
  pathLength?: number;
  /** Acceptance rate that the burn-in aims at, in (0, 1). Default 0.8. */
  targetAccept?: number;
  /** One mass or one a coordinate. Default 1. */
  mass?: number | ArrayLike<number>;
  /** 'diagonal' sets each mass to 1 / variance of the second quarter of the burn-in, halfway through it. Default 'fixed'. */
  massAdaptation?: 'fixed' | 'diagonal';
  /** 'reasonable' doubles or halves ε first until the acceptance of one step crosses 1/2. Default 'given'. */
  initialStep?: 'given' | 'reasonable';
  /** L is at most this. Default 200. */
  maxLeapfrog?: number;
  /** Called after every iteration with the number done, burn-in included; returning false stops early. */
  onIteration?: (done: number, total: number) => boolean | void;
}

export interface HmcResult {
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
}

/**
 * Samples from the density whose logarithm and gradient are given.
 *
 * Each iteration draws p, runs L leapfrog steps and accepts with probability min(1, e^(H0 - H1)); a non-finite H1 is
 * rejected. d normal draws and one uniform an iteration, d normal draws more for `initialStep: 'reasonable'`; L gradients
 * an iteration. In the burn-in ε follows `dualAveraging`; after it ε is the averaged one.
 *
 * @param logDensityGradient log π(θ) up to a constant; writes ∇ log π
 * @param start θ with a finite density, length d
 * @throws RangeError if an option is out of range or the density at start is not finite
 *
 * @example
 * const normal = (x, gradient) => {
 *   gradient[0] = -x[0];
 *   return -0.5 * x[0] * x[0];
 * };
 * const run = hmc(normal, [3], createRng(1), { samples: 2000, burnIn: 200, stepSize: 0.5, pathLength: 1.5 });
 * Math.abs(run.samples.reduce((total, x) => total + x * x, 0) / 2000 - 1) < 0.2; //=> true
 */
export function hmc(
  logDensityGradient: LogDensityGradient,
  start: ArrayLike<number>,
  rng: Rng,
  options: HmcOptions = {},
): HmcResult {
  checkVector('start', start);
  const samples = checkInteger('samples', options.samples ?? 500, 1);
  const burnIn = checkInteger('burnIn', options.burnIn ?? 500, 0);
  const givenStep = checkNumber('stepSize', options.stepSize ?? 0.02, Number.MIN_VALUE);
  const pathLength = checkNumber('pathLength', options.pathLength ?? 10 * givenStep, Number.MIN_VALUE);
  const targetAccept = options.targetAccept ?? 0.8;
  const maxLeapfrog = checkInteger('maxLeapfrog', options.maxLeapfrog ?? 200, 1);
  const adaptMass =
    checkOption('massAdaptation', options.massAdaptation ?? 'fixed', ['fixed', 'diagonal']) === 'diagonal';
  const search = checkOption('initialStep', options.initialStep ?? 'given', ['given', 'reasonable']) === 'reasonable';
  const d = start.length;
  const mass = massVector(options.mass ?? 1, d);

  let current = Float64Array.from(start);
  let currentGradient = new Float64Array(d);
  let currentLog = logDensityGradient(current, currentGradient);
  if (!Number.isFinite(currentLog)) throw new RangeError(`start must have a finite log density, got ${currentLog}`);
  let proposal = new Float64Array(d);
  let proposalGradient = new Float64Array(d);
  const momentum = new Float64Array(d);

  const stepSize = search ? reasonableStep(logDensityGradient, current, rng, givenStep, mass) : givenStep;
  const adapt = adaptation({ burnIn, stepSize, targetAccept, adaptMass, mass });

  const kept = new Float64Array(samples * d);
  const logDensities = new Float64Array(samples);
  let count = 0;
  let acceptance = 0;
  let divergences = 0;
  const total = burnIn + samples;
  for (let t = 0; t < total; t++) {
    for (let i = 0; i < d; i++) momentum[i] = Math.sqrt(mass[i]) * sampleNormal(rng);
    const energy = kineticEnergy(momentum, mass) - currentLog;
    proposal.set(current);
    proposalGradient.set(currentGradient);
    const steps = Math.max(1, Math.min(maxLeapfrog, Math.ceil(pathLength / adapt.stepSize)));
    const proposalLog = integrate(
      logDensityGradient,
      proposal,
      momentum,
      proposalGradient,
      adapt.stepSize,
      steps,
      mass,
    );
    const error = kineticEnergy(momentum, mass) - proposalLog - energy;
    const finite = Number.isFinite(error) && Number.isFinite(proposalLog);
    const accept = finite ? (error <= 0 ? 1 : exp(-error)) : 0;
    if (rng() < accept) {
      [current, proposal] = [proposal, current];
      [currentGradient, proposalGradient] = [proposalGradient, currentGradient];
      currentLog = proposalLog;
    }
    if (t < burnIn) {
      adapt.observe(t, accept, current);
    } else {
      kept.set(current, count * d);
      logDensities[count] = currentLog;
      count += 1;
      acceptance += accept;
      if (!finite || error > 1000) divergences += 1;
    }
    if (options.onIteration?.(t + 1, total) === false) break;
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
  };
}
