// The leapfrog integrator of Hamiltonian dynamics.
//
// R. M. Neal, "MCMC using Hamiltonian dynamics", Handbook of Markov Chain Monte Carlo (2011), section 5.2.3.
//
//   θ position, p momentum, m mass (diagonal), ε step, L steps; H(θ, p) = -log π(θ) + Σ p_i² / (2 m_i)

import { checkInteger, checkNumber, checkVector } from '../internal/check.js';

/** Returns log π(θ) up to a constant and writes its gradient. */
export type LogDensityGradient = (theta: Float64Array, gradient: Float64Array) => number;

export interface PhasePoint {
  position: Float64Array;
  momentum: Float64Array;
}

export interface LeapfrogOptions {
  /** ε > 0. */
  step: number;
  /** L, at least 1. */
  steps: number;
  /** One positive mass for all coordinates or one each. Default 1. */
  mass?: number | ArrayLike<number>;
}

export interface LeapfrogResult extends PhasePoint {
  /** log π at the end. */
  logDensity: number;
  /** H(end) - H(start): O(ε²) at a fixed path length ε L; not finite where the density or its gradient is not. */
  energyError: number;
}

/**
 * L leapfrog steps: p += ε/2 ∇log π; then (θ += ε p/m; p += ε ∇log π) L - 1 times; θ += ε p/m; p += ε/2 ∇log π.
 *
 * Reversible (negate the momentum and run it again to come back) and volume-preserving. L + 1 gradients.
 *
 * @throws RangeError if the lengths differ, or step, steps or mass are out of range
 */
export function leapfrog(
  logDensityGradient: LogDensityGradient,
  start: { position: ArrayLike<number>; momentum: ArrayLike<number> },
  { step, steps, mass = 1 }: LeapfrogOptions,
): LeapfrogResult {
  checkVector('position', start.position);
  checkVector('momentum', start.momentum, start.position.length);
  checkNumber('step', step, Number.MIN_VALUE);
  checkInteger('steps', steps, 1);
  const position = Float64Array.from(start.position);
  const momentum = Float64Array.from(start.momentum);
  const masses = massVector(mass, position.length);
  const gradient = new Float64Array(position.length);
  const before = logDensityGradient(position, gradient) - kineticEnergy(momentum, masses);
  const logDensity = integrate(logDensityGradient, position, momentum, gradient, step, steps, masses);
  return { position, momentum, logDensity, energyError: before - (logDensity - kineticEnergy(momentum, masses)) };
}

/** The steps in place; `gradient` holds the gradient at `position` before and after. Returns log π at the end. */
export function integrate(
  logDensityGradient: LogDensityGradient,
  position: Float64Array,
  momentum: Float64Array,
  gradient: Float64Array,
  step: number,
  steps: number,
  masses: Float64Array,
): number {
  const n = position.length;
  let logDensity = NaN;
  const unit = masses.every((m) => m === 1); // x / 1 = x: the same bits without the division
  for (let i = 0; i < n; i++) momentum[i] += 0.5 * step * gradient[i];
  for (let l = 1; l <= steps; l++) {
    if (unit) for (let i = 0; i < n; i++) position[i] += step * momentum[i];
    else for (let i = 0; i < n; i++) position[i] += (step * momentum[i]) / masses[i];
    logDensity = logDensityGradient(position, gradient);
    const kick = l === steps ? 0.5 * step : step;
    for (let i = 0; i < n; i++) momentum[i] += kick * gradient[i];
  }
  return logDensity;
}

/** Σ p_i² / (2 m_i). */
export function kineticEnergy(momentum: Float64Array, masses: Float64Array): number {
  let energy = 0;
  for (let i = 0; i < momentum.length; i++) energy += (momentum[i] * momentum[i]) / masses[i];
  return 0.5 * energy;
}

export function massVector(mass: number | ArrayLike<number>, n: number): Float64Array {
  if (typeof mass === 'number') return new Float64Array(n).fill(checkNumber('mass', mass, Number.MIN_VALUE));
  checkVector('mass', mass, n);
  for (let i = 0; i < n; i++) checkNumber(`mass[${i}]`, mass[i], Number.MIN_VALUE);
  return Float64Array.from(mass);
}
