/**
 * The Gaussian processes behind an optimizer: one for each objective, constraint and, when asked for, the logarithm of the
 * cost; each on the features of the space and on standardized targets.
 *
 * What a fit found (`FittedModel`) is plain data inside the optimizer's state; the process itself is conditioned again from
 * it and the trials, so that a run resumed from a checkpoint has the same model to the last bit.
 */
import type { Rng } from '../../random/create-rng.js';
import { fitGp, type FitGpOptions } from '../gp/fit.js';
import { condition, type GpMean, type GpState } from '../gp/gp-state.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { scaleKernel } from '../kernels/scale.js';
import { featureRows, spaceKernel } from '../space/space-kernel.js';
import type { SearchSpace } from '../space/search-space.js';
import { fitSparseGp } from '../sparse/fit-sparse-gp.js';
import {
  invertOutput,
  outputTransform,
  type OutputTransform,
  type OutputTransformKind,
} from '../transforms/output-transform.js';
import { sparseProcess } from './sparse-process.js';
import type { Trial } from './trial.js';

/** Options of the Gaussian process; those of `fitGp`. */
export type ModelOptions = Pick<
  FitGpOptions,
  'outputScale' | 'deterministic' | 'priors' | 'priorOverrides' | 'bounds' | 'objective' | 'maxIterations'
> & {
  /** 'matern52' (default) or 'rbf' on the numeric coordinates, or a kernel of your own on the features of the space. */
  kernel?: 'matern52' | 'rbf' | Kernel;
  /** Of the objective, before the model sees it. Default 'standardize'; 'hebo', 'yeoJohnson' and 'copula' tame outliers. */
  outputTransform?: OutputTransformKind;
  /** Starts of a fit drawn from the prior, besides its mode and the last optimum. Default 2; a refit uses half of them. */
  restarts?: number;
};

/** The outcome of a fit, as an optimizer's state keeps it. */
export interface FittedModel {
  kernel: Kernel;
  /** Noise variance on the standardized scale. */
  noise: number;
  mean: GpMean;
  /** Logarithms of the hyper-parameters: a start of the next fit. */
  hyperparameters: Float64Array;
}

/** Observations of one output. */
export interface Observations {
  X: Points;
  /** Raw values. */
  y: Float64Array;
  /** -1 where smaller is better: the model sees the opposite of the transformed values. */
  sign: 1 | -1;
  /** A kernel in place of the usual one of the space. */
  kernel?: (base: 'matern52' | 'rbf') => Kernel;
  /** How values are transformed. */
  transform: OutputTransformKind;
  /** Known noise variances of the raw values, or null. */
  noise: Float64Array | null;
}

/** A conditioned output: `gp` is on the transformed scale, where larger is better for objectives. */
export interface OutputModel {
  gp: GpState;
  scale: OutputScale;
}

/** From values to what the model sees, and back. */
export interface OutputScale {
  /** Transformed values, sign included. */
  y: Float64Array;
  sign: 1 | -1;
  transform: OutputTransform;
}

/** The scale of some observations. */
export function outputScale({ y, sign, transform: kind }: Pick<Observations, 'y' | 'sign' | 'transform'>): OutputScale {
  const { transform, y: z } = outputTransform(y, kind);
  return { y: sign === 1 ? z : z.map((value) => -value), sign, transform };
}

/** A prediction in the output's own units: exact for affine transforms, else the median and half the width of ± one std. */
export function inUnits({ sign, transform }: OutputScale, mean: number, std: number): { mean: number; std: number } {
  const [middle, low, high] = invertOutput(transform, [sign * mean, sign * mean - std, sign * mean + std]);
  return { mean: middle, std: transform.type === 'identity' ? std * transform.std * transform.unit : (high - low) / 2 };
}

/** Features and values of some trials; noise is used when at least one trial knows its own. */
export function observations(
  space: SearchSpace,
  trials: readonly Trial[],
  value: (trial: Trial) => number,
  { sign = 1, transform = 'standardize' }: { sign?: 1 | -1; transform?: OutputTransformKind } = {},
): Observations {
  const X = featureRows(space, trials.length, (i) => trials[i].x);
  const y = new Float64Array(trials.length);
  let known = 0;
  let total = 0;
  trials.forEach((trial, i) => {
    y[i] = value(trial);
    if (trial.noise !== null) {
      known += 1;
      total += trial.noise;
    }
  });
  // Trials that do not know their noise get the mean of those that do.
  const noise = known === 0 ? null : Float64Array.from(trials, (trial) => trial.noise ?? total / known);
  return { X, y, noise, sign, transform };
}

/**
 * Fits one output; without `rng` from the mode of the prior and the last optimum alone. O(n³) per evaluation of the likelihood.
 *
 * With more than `exactLimit` results by the bound of the sparse process instead, from the mode of the prior, O(n m²) with
 * m = 128 inducing points; known noise variances are then replaced by their mean.
 */
export function fitOutput(
  space: SearchSpace,
  data: Observations,
  options: ModelOptions,
  previous: FittedModel | null,
  rng: Rng | null,
  exactLimit: number,
): FittedModel {
  const { kernel: given = 'matern52', restarts = 2, outputTransform: _, ...rest } = options;
  const kernel = typeof given === 'string' ? (data.kernel?.(given) ?? spaceKernel(space, given)) : given;
  const scale = outputScale(data);
  if (data.X.rows > exactLimit) return fitSparse(data, scale, kernel, rest);
  const fit = fitGp(data.X, scale.y, {
    ...rest,
    kernel,
    ...(rng === null ? { restarts: 0 } : { rng, restarts: previous === null ? restarts : Math.floor(restarts / 2) }),
    ...(previous === null ? {} : { start: previous.hyperparameters }),
    ...(data.noise === null ? {} : { noise: scaledNoise(data.noise, scale), deterministic: false }),
  });
  const { gp, hyperparameters } = fit;
  return {
    kernel: gp.kernel,
    noise: typeof gp.noise === 'number' ? gp.noise : 0,
    mean: gp.mean,
    hyperparameters,
  };
}

/** Hyper-parameters of a sparse process, in the order of an exact fit. */
function fitSparse(
  data: Observations,
  scale: OutputScale,
  kernel: Kernel,
  { outputScale: scaled = false, deterministic = false, priors, priorOverrides, bounds }: ModelOptions,
): FittedModel {
  const noise = data.noise !== null ? average(scaledNoise(data.noise, scale)) : deterministic ? 1e-6 : 'fit';
  const { gp, hyperparameters } = fitSparseGp(data.X, scale.y, {
    kernel: scaled ? scaleKernel(1, kernel) : kernel,
    noise,
    inducing: 128,
    ...(priors === undefined ? {} : { priors }),
    ...(priorOverrides === undefined ? {} : { priorOverrides }),
    ...(bounds === undefined ? {} : { bounds }),
  });
  return { kernel: gp.kernel, noise: data.noise === null ? gp.noise : 0, mean: gp.mean, hyperparameters };
}

/** The process of one output, given what a fit found. O(n³); with more than `exactLimit` results a sparse one, O(n m²). */
export function conditionOutput(data: Observations, fitted: FittedModel, exactLimit: number): OutputModel {
  const scale = outputScale(data);
  if (data.X.rows > exactLimit) {
    const noise = data.noise === null ? fitted.noise : average(scaledNoise(data.noise, scale));
    const { mean } = fitted;
    const level = typeof mean === 'number' ? mean : mean.coefficients[0]; // `fitGp` and `fitSparseGp` find constant means
    return { gp: sparseProcess(fitted.kernel, data.X, scale.y, Math.max(1e-8, noise), level), scale };
  }
  const variances = data.noise === null ? fitted.noise : scaledNoise(data.noise, scale);
  return { gp: condition(fitted.kernel, data.X, scale.y, variances, fitted.mean), scale };
}

function scaledNoise(noise: Float64Array, { transform }: OutputScale): Float64Array {
  if (transform.type !== 'identity') {
    throw new RangeError("outputTransform must be 'standardize' where results tell their noise");
  }
  const std = transform.std * transform.unit;
  // A floor of 1e-8 keeps the covariance matrix well conditioned where an evaluation is said to be exact.
  return noise.map((variance) => Math.max(1e-8, variance / std / std));
}

function average(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total / values.length;
}

/** One length-scale for each of the first `d` features, from the stationary parts of a kernel; 1 where there is none. */
export function kernelLengthscales(kernel: Kernel, d: number): Float64Array {
  const out = new Float64Array(d).fill(1);
  const visit = (part: Kernel): void => {
    if (part.type === 'scale') visit(part.kernel);
    else if (part.type === 'sum' || part.type === 'product') part.kernels.forEach(visit);
    else if (part.type !== 'hamming' && 'lengthscale' in part) {
      const { lengthscale } = part;
      const dims = 'activeDims' in part && part.activeDims !== undefined ? part.activeDims : out.map((_, k) => k);
      for (let i = 0; i < dims.length; i++) {
        if (dims[i] < d) out[dims[i]] = typeof lengthscale === 'number' ? lengthscale : lengthscale[i];
      }
    }
  };
  visit(kernel);
  return out;
}
