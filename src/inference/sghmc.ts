// Stochastic-gradient Hamiltonian Monte Carlo with scale adaptation.
//
// T. Chen, E. B. Fox, C. Guestrin, "Stochastic Gradient Hamiltonian Monte Carlo", ICML 2014; preconditioning learned in
// the burn-in by J. T. Springenberg, A. Klein, S. Falkner, F. Hutter, "Bayesian Optimization with Robust Bayesian Neural
// Networks", NeurIPS 2016, section 4.1; settings of arXiv:2305.20028.
//
//   θ parameters, v momentum, η step, a friction; ĝ, V running mean of the gradient and of its square, τ their window

import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';
import { sampleNormal } from '../random/normal.js';

/** Writes an unbiased estimate of the gradient of the negative log posterior, from a mini-batch that it draws. */
export type StochasticGradient = (theta: Float64Array, rng: Rng, gradient: Float64Array) => void;

export interface SghmcOptions {
  /** Steps in all. Default 2000. */
  steps?: number;
  /** Steps of them in which the scales are learned and nothing is kept. Default 1000. */
  burnIn?: number;
  /** Every how many steps a sample is kept. Default 5. */
  keepEvery?: number;
  /** η > 0. Default 0.01. */
  step?: number;
  /** a in (0, 1]. Default 0.05. */
  friction?: number;
}

export interface SghmcResult {
  /** One row a sample, flat. */
  samples: Float64Array;
  dimension: number;
  count: number;
  /** 'diverged' when a parameter stopped being finite: the samples are those before. */
  status: 'completed' | 'diverged';
}

/** The variance of the noise is at least this (Springenberg et al., section 4.1, leave it open; this value is arXiv:2305.20028's). */
const LEAST_NOISE = 1e-16;
/** ε beside V. */
const EPSILON = 1e-16;

/**
 * Samples by mini-batch gradients. In the burn-in, per parameter and with τ = ĝ = V = 1 at first:
 * w = 1/(τ + 1); τ += 1 - τ ĝ²/(V + ε); ĝ += w (g - ĝ); V += w (g² - V); then `sghmcStep`. One normal draw a parameter and step.
 *
 * Unlike `hmc` it has no accept step: the samples carry a bias that vanishes with η.
 *
 * @param gradientEstimate of the full negative log posterior: the batch's sum scaled by n / batch, plus the prior's
 * @throws RangeError if an option is out of range
 */
export function sghmc(
  gradientEstimate: StochasticGradient,
  start: ArrayLike<number>,
  rng: Rng,
  options: SghmcOptions = {},
): SghmcResult {
  checkVector('start', start);
  const steps = checkInteger('steps', options.steps ?? 2000, 1);
  const burnIn = checkInteger('burnIn', options.burnIn ?? 1000, 0, steps);
  const keepEvery = checkInteger('keepEvery', options.keepEvery ?? 5, 1);
  const step = checkNumber('step', options.step ?? 0.01, Number.MIN_VALUE);
  const friction = checkNumber('friction', options.friction ?? 0.05, Number.MIN_VALUE, 1);
  const d = start.length;
  const position = Float64Array.from(start);
  const velocity = new Float64Array(d);
  const gradient = new Float64Array(d);
  const window = new Float64Array(d).fill(1);
  const mean = new Float64Array(d).fill(1);
  const square = new Float64Array(d).fill(1);
  const kept = new Float64Array(Math.floor((steps - burnIn) / keepEvery) * d);
  let count = 0;
  for (let t = 0; t < steps; t++) {
    gradientEstimate(position, rng, gradient);
    if (t < burnIn) adaptScales(gradient, window, mean, square);
    for (let i = 0; i < d; i++) {
      const inverseMass = 1 / (Math.sqrt(square[i]) + EPSILON);
      velocity[i] = nextVelocity(velocity[i], gradient[i], step, friction, inverseMass, sampleNormal(rng));
      position[i] += velocity[i];
    }
    for (let i = 0; i < d; i++) {
      if (!Number.isFinite(position[i])) {
        return { samples: kept.slice(0, count * d), dimension: d, count, status: 'diverged' };
      }
    }
    if (t >= burnIn && (t - burnIn + 1) % keepEvery === 0) {
      kept.set(position, count * d);
      count += 1;
    }
  }
  return { samples: kept, dimension: d, count, status: 'completed' };
}

/**
 * One step for one parameter: v' = v - η² g / √V - a v + N(0, max(2 η² a / √V - η⁴, 1e-16)), θ' = θ + v'.
 *
 * @param gradient of the negative log posterior
 * @param normal a standard normal number
 * @throws RangeError if a number is not finite, step is not positive, or friction or gradientSquareMean is negative
 *
 * @example
 * const moving = { position: 1, velocity: 0.5 };
 * sghmcStep(moving, 0, 0, { step: 0.1, friction: 0.5, gradientSquareMean: 1 }); //=> { position: 1.25, velocity: 0.25 }
 */
export function sghmcStep(
  { position, velocity }: { position: number; velocity: number },
  gradient: number,
  normal: number,
  { step, friction, gradientSquareMean }: { step: number; friction: number; gradientSquareMean: number },
): { position: number; velocity: number } {
  checkNumber('position', position);
  checkNumber('velocity', velocity);
  checkNumber('gradient', gradient);
  checkNumber('normal', normal);
  checkNumber('step', step, Number.MIN_VALUE);
  checkNumber('friction', friction, 0);
  checkNumber('gradientSquareMean', gradientSquareMean, 0);
  const next = nextVelocity(velocity, gradient, step, friction, 1 / (Math.sqrt(gradientSquareMean) + EPSILON), normal);
  return { position: position + next, velocity: next };
}

function nextVelocity(
  velocity: number,
  gradient: number,
  step: number,
  friction: number,
  inverseMass: number,
  normal: number,
): number {
  const square = step * step;
  const noise = Math.max(2 * square * friction * inverseMass - square * square, LEAST_NOISE);
  return velocity - square * inverseMass * gradient - friction * velocity + Math.sqrt(noise) * normal;
}

function adaptScales(gradient: Float64Array, window: Float64Array, mean: Float64Array, square: Float64Array): void {
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i];
    const weight = 1 / (window[i] + 1);
    window[i] += 1 - (window[i] * mean[i] * mean[i]) / (square[i] + EPSILON);
    mean[i] += weight * (g - mean[i]);
    square[i] += weight * (g * g - square[i]);
  }
}
