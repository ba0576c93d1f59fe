/**
 * Samples of a Gaussian process's hyper-parameters from their posterior, for predictions and acquisitions that average over
 * them instead of trusting one.
 *
 * I. Murray, R. P. Adams, "Slice sampling covariance hyperparameters of latent Gaussian models", NIPS 2010; J. Snoek,
 * H. Larochelle, R. P. Adams, arXiv:1206.2944, section 3.1 (acquisitions averaged over such samples).
 */
import { checkInteger, checkOption, checkOptionNames, checkVector } from '../../internal/check.js';
import { hmc } from '../../inference/hmc.js';
import { sliceSample } from '../../inference/slice-sample.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { fitChecked } from './fit.js';
import { condition, type GpState } from './gp-state.js';
import { evaluateLeaveOneOut } from './leave-one-out.js';
import { evaluateEvidence } from './log-marginal-likelihood.js';
import { GP_MODEL_NAMES, hyperPosterior, logPosterior, modelAt, type GpModelOptions } from './log-posterior.js';
import { MODEL_PRIOR_NAMES } from './model-priors.js';

export interface SampleHyperparametersOptions extends GpModelOptions {
  /** 'slice' (default): no tuning. 'hmc': fewer evaluations each, for ten parameters and more. */
  method?: 'slice' | 'hmc';
  /** Models returned. Default 16. */
  samples?: number;
  /** Sweeps of the chain before the first. Default 32 for 'slice', 128 for 'hmc'. */
  burnIn?: number;
  /** Every this many sweeps one is kept. Default 4. */
  thin?: number;
  /** Where the chain starts; default the maximum from the prior's mode. */
  start?: ArrayLike<number>;
}

function sampleNames(): Record<keyof SampleHyperparametersOptions, true> {
  const own = { method: true, samples: true, burnIn: true, thin: true, start: true } as const;
  return { ...MODEL_PRIOR_NAMES, ...GP_MODEL_NAMES, ...own };
}

export interface HyperparameterSamples {
  /** One conditioned process per sample. */
  gps: GpState[];
  /** One row per sample: logarithms of positive fields, in the order of `names`. */
  hyperparameters: Float64Array;
  names: string[];
  /** ln p(θ | data) up to a constant, as a density of the logarithms. */
  logPosteriors: Float64Array;
  evaluations: number;
}

/**
 * Conditioned processes whose hyper-parameters are drawn from p(θ | X, y), θ = logarithms inside the bounds of the search.
 *
 * 'slice' updates one coordinate at a time (first interval of width 1, at most 50 steps out); 'hmc' moves all of them along
 * the gradient, with a step learned in the burn-in. Each evaluation costs O(n³). The constant mean is profiled unless fixed.
 *
 * @throws RangeError as `fitGp`, or if X has no rows
 *
 * @example
 * const { gps } = sampleHyperparameters([[0], [0.3], [0.7], [1]], [0, 1, -1, 0], createRng(1), { samples: 3, burnIn: 4 });
 * gps.length; //=> 3
 */
export function sampleHyperparameters(
  X: MatrixLike,
  y: ArrayLike<number>,
  rng: Rng,
  options: SampleHyperparametersOptions = {},
): HyperparameterSamples {
  checkOptionNames('options', options, sampleNames());
  const raw = toPoints('X', X);
  if (raw.rows === 0) throw new RangeError('X must not be empty');
  const points: Points = { ...raw, data: raw.data.slice() };
  const targets = Float64Array.from(checkVector('y', y, points.rows));
  const method = checkOption('method', options.method ?? 'slice', ['slice', 'hmc']);
  const samples = checkInteger('samples', options.samples ?? 16, 1);
  const burnIn = checkInteger('burnIn', options.burnIn ?? (method === 'slice' ? 32 : 128), 0);
  const thin = checkInteger('thin', options.thin ?? 4, 1);
  const posterior = hyperPosterior(points, targets, options, true);
  const { parameters } = posterior;
  const p = parameters.length;
  if (p === 0) throw new RangeError('kernel must have hyper-parameters to sample, or the noise be fitted');
  let start: Float64Array;
  if (options.start !== undefined) start = Float64Array.from(checkVector('start', options.start, p));
  else {
    const { start: _start, method: _method, samples: _samples, burnIn: _burnIn, thin: _thin, ...model } = options;
    start = fitChecked(points, targets, { ...model, restarts: 0 }).hyperparameters;
  }
  for (let q = 0; q < p; q++) start[q] = Math.min(parameters[q].upper, Math.max(parameters[q].lower, start[q]));

  let evaluations = 0;
  const scratch = new Float64Array(p);
  const density = (theta: Float64Array, gradient: Float64Array) => {
    for (let q = 0; q < p; q++)
      if (!(theta[q] >= parameters[q].lower && theta[q] <= parameters[q].upper)) return -Infinity;
    evaluations += 1;
    return logPosterior(posterior, theta, gradient);
  };
  const count = samples * thin;
  const chain =
    method === 'slice'
      ? sliceSample((theta) => density(theta, scratch), start, rng, {
          samples: count,
          burnIn,
          width: 1,
          maxStepsOut: 50,
        })
      : hmc(density, start, rng, { samples: count, burnIn, stepSize: 0.1, pathLength: 1, initialStep: 'reasonable' });

  const hyperparameters = new Float64Array(samples * p);
  const logPosteriors = new Float64Array(samples);
  const gps: GpState[] = [];
  for (let s = 0; s < samples; s++) {
    const at = (s + 1) * thin - 1;
    const theta = chain.samples.slice(at * p, (at + 1) * p);
    hyperparameters.set(theta, s * p);
    logPosteriors[s] = chain.logDensities[at];
    const { kernel, noise } = modelAt(posterior, theta);
    const { mean } = posterior.leaveOneOut
      ? evaluateLeaveOneOut(kernel, points, targets, noise, posterior.mean as number | null, false)
      : evaluateEvidence(kernel, points, targets, noise, posterior.mean, false);
    gps.push(condition(kernel, points, targets, noise, mean));
  }
  return { gps, hyperparameters, names: parameters.map(({ name }) => name), logPosteriors, evaluations };
}
