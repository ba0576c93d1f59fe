// Hamiltonian Monte Carlo with a step size learned in the burn-in.
//
// R. M. Neal, "MCMC using Hamiltonian dynamics" (2011); step sizes by Hoffman and Gelman (2014), Algorithm 5; defaults
// of Y. L. Li, T. G. J. Rudner, A. G. Wilson, "A Study of Bayesian Neural Network Surrogates for Bayesian Optimization",
// arXiv:2305.20028, Appendix.
//
//   θ position, p momentum ~ N(0, m), ε step, L = ceil(pathLength / ε) leapfrog steps

import { checkInteger, checkNumber } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';
import { sampleNormal } from '../random/normal.js';
import { exp } from '../special/exp.js';
import { type ChainOptions, type ChainResult, chainSettings, type ChainState, runChain } from './chain.js';
import { integrate, kineticEnergy, type LogDensityGradient } from './leapfrog.js';

export interface HmcOptions extends ChainOptions {
  /** ε L. Default 10 times stepSize. */
  pathLength?: number;
  /** L is at most this. Default 200. */
  maxLeapfrog?: number;
}

export type HmcResult = ChainResult;

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
  const chain = chainSettings(start, options);
  const pathLength = checkNumber('pathLength', options.pathLength ?? 10 * chain.stepSize, Number.MIN_VALUE);
  const maxLeapfrog = checkInteger('maxLeapfrog', options.maxLeapfrog ?? 200, 1);
  const { mass } = chain;
  const d = start.length;
  const momentum = new Float64Array(d);
  // The two states take turns: a rejected proposal is written over.
  let proposal: ChainState = { position: new Float64Array(d), gradient: new Float64Array(d), logDensity: NaN };
  return runChain(chain, logDensityGradient, start, rng, (current, stepSize) => {
    for (let i = 0; i < d; i++) momentum[i] = Math.sqrt(mass[i]) * sampleNormal(rng);
    const energy = kineticEnergy(momentum, mass) - current.logDensity;
    const { position, gradient } = proposal;
    position.set(current.position);
    gradient.set(current.gradient);
    const steps = Math.max(1, Math.min(maxLeapfrog, Math.ceil(pathLength / stepSize)));
    const logDensity = integrate(logDensityGradient, position, momentum, gradient, stepSize, steps, mass);
    proposal.logDensity = logDensity;
    const error = kineticEnergy(momentum, mass) - logDensity - energy;
    const finite = Number.isFinite(error) && Number.isFinite(logDensity);
    const acceptProbability = finite ? (error <= 0 ? 1 : exp(-error)) : 0;
    let next = current;
    if (rng() < acceptProbability) [next, proposal] = [proposal, current];
    return { next, acceptProbability, divergent: !finite || error > 1000, steps };
  });
}
