// The landscape of two objectives for the mean of a Gaussian: noise-contrastive estimation is exponentially flat when the
// noise is far from the data, maximum likelihood is not.
//
// W. Jiang et al., arXiv:2306.07485; the flatness: B. Liu et al., arXiv:2110.11271.
//
//   paper     here         meaning
//   θ         theta        mean of the model N(θ, 1)
//   θ*        thetaStar    mean of the data N(θ*, 1)
//   q         noiseMean    mean of the noise N(noiseMean, 1)

import { checkNumber } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { sigmoid, softplus } from '../../special/logistic.js';
import { log } from '../../special/log.js';

const LOG_2PI = log(2 * Math.PI);

/** Standard deviations beyond the outermost mean where the densities are below 1e-38 of their peak. */
const REACH = 13;

export interface LandscapePoint {
  /** NCE with ν = 1 and a normalized model, its first and second derivative in θ. */
  nce: number;
  nceGradient: number;
  nceCurvature: number;
  /** Negative log-likelihood (θ - θ*)²/2 + (log 2π + 1)/2, to which the compositional objective tends; its curvature is 1. */
  compositional: number;
  compositionalGradient: number;
}

/**
 * Both objectives at one θ. With u(x) = log N(x; θ) - log N(x; noise),
 *
 *   NCE(θ) = E_data[log(1 + e^{-u})] + E_noise[log(1 + e^u)].
 *
 * By the trapezoidal rule on the whole line, which converges exponentially for integrands that are analytic in a strip:
 * the nearest singularity lies π/|θ - noiseMean| away, so the step is a fixed fraction of that. Relative error about 1e-12,
 * for the tiny curvature of far noise too. O((30 + range) max(1, |θ - noiseMean|)).
 *
 * @throws RangeError if a mean is not finite or beyond ±1000
 *
 * @example
 * gaussianMeanLandscape(0, 2).nce.toFixed(12); //=> (2 * Math.LN2).toFixed(12)
 */
export function gaussianMeanLandscape(
  theta: number,
  thetaStar: number,
  options: { noiseMean?: number } = {},
): LandscapePoint {
  checkNumber('theta', theta, -1000, 1000);
  checkNumber('thetaStar', thetaStar, -1000, 1000);
  const noise = checkNumber('noiseMean', options.noiseMean ?? 0, -1000, 1000);
  const low = Math.min(theta, thetaStar, noise) - REACH;
  const high = Math.max(theta, thetaStar, noise) + REACH;
  const slope = theta - noise;
  const step = Math.min(0.1, 0.4 / Math.abs(slope));
  const count = Math.ceil((high - low) / step);
  const h = (high - low) / count;
  let value = 0;
  let gradient = 0;
  let curvature = 0;
  for (let i = 0; i <= count; i++) {
    const x = low + i * h;
    const u = slope * (x - 0.5 * (theta + noise));
    const p = density(x - thetaStar);
    const q = density(x - noise);
    const accept = sigmoid(u);
    const reject = sigmoid(-u);
    const z = x - theta;
    value += p * softplus(-u) + q * softplus(u);
    // u' = x - θ, u'' = -1. p σ(-u) and q σ(u) differ in sign and cancel at θ = θ*, point by point.
    const push = q * accept - p * reject;
    gradient += push * z;
    curvature += (p + q) * accept * reject * z * z - push;
  }
  return {
    nce: value * h,
    nceGradient: gradient * h,
    nceCurvature: curvature * h,
    compositional: 0.5 * (theta - thetaStar) * (theta - thetaStar) + 0.5 * (LOG_2PI + 1),
    compositionalGradient: theta - thetaStar,
  };
}

function density(z: number): number {
  return exp(-0.5 * z * z - 0.5 * LOG_2PI);
}
