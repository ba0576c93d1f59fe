/**
 * Priors of positive hyper-parameters, as plain data.
 *
 * Densities are taken in x, not in log x, and a fit maximizes them without the Jacobian, as gpytorch and Optuna do, so that
 * its maximum is theirs. `dimensionScaledPrior` is that of C. Hvarfner, E. O. Hellsten, L. Nardi, arXiv:2402.02229.
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleGamma } from '../../random/gamma.js';
import { sampleNormal } from '../../random/normal.js';
import { exp } from '../../special/exp.js';
import { logGamma } from '../../special/gamma.js';
import { log } from '../../special/log.js';
import { tan } from '../../special/trigonometric.js';

export type Prior =
  | { type: 'logNormal'; mu: number; sigma: number }
  | { type: 'gamma'; concentration: number; rate: number }
  | { type: 'normal'; mean: number; sd: number }
  | { type: 'halfCauchy'; scale: number }
  | { type: 'smoothedBox'; lower: number; upper: number; sigma: number }
  | { type: 'optunaLengthscale' };

const LOG_2PI = 1.8378770664093453;

/** ln x ~ N(mu, sigma²). Mode exp(mu - sigma²). */
export function logNormalPrior(mu: number, sigma: number): Prior {
  return { type: 'logNormal', mu: checkNumber('mu', mu), sigma: checkPositive('sigma', sigma) };
}

/** Density b^a x^(a-1) e^(-bx)/Γ(a). Mode (a - 1)/b for a >= 1. */
export function gammaPrior(concentration: number, rate: number): Prior {
  checkPositive('concentration', concentration);
  return { type: 'gamma', concentration, rate: checkPositive('rate', rate) };
}

/** x ~ N(mean, sd²): of a hyper-parameter that is its own scale, or of a logarithm. */
export function normalPrior(mean: number, sd: number): Prior {
  return { type: 'normal', mean: checkNumber('mean', mean), sd: checkPositive('sd', sd) };
}

/** Density 2/(π scale (1 + (x/scale)²)) on x > 0. Mode 0. */
export function halfCauchyPrior(scale: number): Prior {
  return { type: 'halfCauchy', scale: checkPositive('scale', scale) };
}

/** Uniform on [lower, upper] with normal tails of deviation sigma outside. */
export function smoothedBoxPrior(lower: number, upper: number, sigma: number): Prior {
  checkNumber('lower', lower);
  return {
    type: 'smoothedBox',
    lower,
    upper: checkNumber('upper', upper, lower),
    sigma: checkPositive('sigma', sigma),
  };
}

/** Optuna's penalty -(0.1/q + 0.1 q) on the inverse squared length-scale q = ℓ^-2, as a log density up to a constant. */
export function optunaLengthscalePrior(): Prior {
  return { type: 'optunaLengthscale' };
}

/**
 * The prior of a length-scale in d dimensions, LogNormal(√2 + ln(d)/2, √3): it grows with the diameter √d of the cube.
 *
 * @example
 * priorMode(dimensionScaledPrior(1)).toFixed(4); //=> '0.2048'
 */
export function dimensionScaledPrior(dimension: number): Prior {
  checkInteger('dimension', dimension, 1);
  return logNormalPrior(Math.SQRT2 + log(dimension) / 2, Math.sqrt(3));
}

/**
 * ln p(x); -Infinity outside the support.
 *
 * @example
 * priorLogDensity(gammaPrior(3, 6), 0.5).toFixed(6); //=> '0.295837'
 */
export function priorLogDensity(prior: Prior, x: number): number {
  checkNumber('x', x);
  if (prior.type === 'normal') {
    const z = (x - prior.mean) / prior.sd;
    return -0.5 * z * z - log(prior.sd) - LOG_2PI / 2;
  }
  if (prior.type === 'smoothedBox') {
    const z = boxDistance(prior, x) / prior.sigma;
    return -0.5 * z * z - log(prior.upper - prior.lower + Math.sqrt(2 * Math.PI) * prior.sigma);
  }
  if (!(x > 0)) return -Infinity;
  switch (prior.type) {
    case 'logNormal': {
      const z = (log(x) - prior.mu) / prior.sigma;
      return -0.5 * z * z - log(x) - log(prior.sigma) - LOG_2PI / 2;
    }
    case 'gamma': {
      const { concentration: a, rate: b } = prior;
      return a * log(b) + (a - 1) * log(x) - b * x - logGamma(a);
    }
    case 'halfCauchy': {
      const t = x / prior.scale;
      return -log((Math.PI / 2) * prior.scale * (1 + t * t));
    }
    case 'optunaLengthscale':
      return -(0.1 * x * x + 0.1 / (x * x));
  }
}

/** d ln p(x) / d ln x = x p'(x)/p(x). */
export function priorLogSlope(prior: Prior, x: number): number {
  checkNumber('x', x);
  switch (prior.type) {
    case 'logNormal':
      return -(1 + (log(x) - prior.mu) / (prior.sigma * prior.sigma));
    case 'gamma':
      return prior.concentration - 1 - prior.rate * x;
    case 'normal':
      return (-x * (x - prior.mean)) / (prior.sd * prior.sd);
    case 'halfCauchy': {
      const t = (x / prior.scale) * (x / prior.scale);
      return (-2 * t) / (1 + t);
    }
    case 'smoothedBox':
      return (-x * boxDistance(prior, x)) / (prior.sigma * prior.sigma);
    case 'optunaLengthscale':
      return -0.2 * x * x + 0.2 / (x * x);
  }
}

/** d ln p(x) / dx. */
export function priorSlope(prior: Prior, x: number): number {
  if (prior.type === 'normal') return -(x - prior.mean) / (prior.sd * prior.sd);
  if (prior.type === 'smoothedBox') return -boxDistance(prior, x) / (prior.sigma * prior.sigma);
  return priorLogSlope(prior, x) / x;
}

/** The mode of the density in x; for a box its centre; for a density that grows towards 0, 0. */
export function priorMode(prior: Prior): number {
  switch (prior.type) {
    case 'logNormal':
      return exp(prior.mu - prior.sigma * prior.sigma);
    case 'gamma':
      return Math.max(0, (prior.concentration - 1) / prior.rate);
    case 'normal':
      return prior.mean;
    case 'halfCauchy':
      return 0;
    case 'smoothedBox':
      return (prior.lower + prior.upper) / 2;
    case 'optunaLengthscale':
      return 1;
  }
}

/** The median: where a search starts when the mode is at the edge of the support. Gamma: its mean. */
export function priorCenter(prior: Prior): number {
  switch (prior.type) {
    case 'logNormal':
      return exp(prior.mu);
    case 'gamma':
      return prior.concentration / prior.rate;
    case 'halfCauchy':
      return prior.scale;
    default:
      return priorMode(prior);
  }
}

/** A draw from the prior; for Optuna's improper penalty, one of LogNormal(0, 1). */
export function samplePrior(prior: Prior, rng: Rng): number {
  switch (prior.type) {
    case 'logNormal':
      return exp(prior.mu + prior.sigma * sampleNormal(rng));
    case 'gamma':
      return sampleGamma(prior.concentration, rng) / prior.rate;
    case 'normal':
      return prior.mean + prior.sd * sampleNormal(rng);
    case 'halfCauchy':
      return prior.scale * tan((Math.PI / 2) * rng());
    case 'smoothedBox': {
      // Tails and box in proportion to their masses.
      const tails = Math.sqrt(2 * Math.PI) * prior.sigma;
      if (rng() * (prior.upper - prior.lower + tails) >= tails) {
        return prior.lower + (prior.upper - prior.lower) * rng();
      }
      const z = prior.sigma * sampleNormal(rng);
      return z < 0 ? prior.lower + z : prior.upper + z;
    }
    case 'optunaLengthscale':
      return exp(sampleNormal(rng));
  }
}

/** Signed distance to the box: negative below it, positive above it. */
function boxDistance({ lower, upper }: { lower: number; upper: number }, x: number): number {
  return x < lower ? x - lower : x > upper ? x - upper : 0;
}
