/**
 * Which prior, bounds and start each hyper-parameter gets, by the last word of its path.
 *
 *   'dimension-scaled'  C. Hvarfner, E. O. Hellsten, L. Nardi, arXiv:2402.02229, as adopted by botorch 0.12
 *   'gamma'             the older defaults of botorch: Gamma(3, 6), Gamma(2, 0.15), Gamma(1.1, 0.05)
 *   'optuna'            those of Optuna's GPSampler: -(0.1/q + 0.1 q), Gamma(2, 1), Gamma(1.1, 30)
 *   'saas'              the sparse axis-aligned subspaces of saas.ts; noise and scale as 'dimension-scaled'
 */
import { checkOption, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { kernelHyperparameters } from '../kernels/kernel-hyperparameters.js';
import type { Kernel } from '../kernels/kernel.js';
import {
  dimensionScaledPrior,
  gammaPrior,
  logNormalPrior,
  normalPrior,
  optunaLengthscalePrior,
  priorCenter,
  priorMode,
  type Prior,
} from './priors.js';

export type PriorFamily = 'dimension-scaled' | 'gamma' | 'optuna' | 'saas';

/** A hyper-parameter as a fit sees it: values in the scale of `transform`. */
export interface FitParameter {
  /** Path inside the kernel, or 'noise'. */
  name: string;
  transform: 'log' | 'identity';
  lower: number;
  upper: number;
  /** Where the search starts: the prior's mode, without a prior the kernel's own value. */
  start: number;
  /** Prior of the field itself, not of its logarithm. */
  prior?: Prior;
}

export interface ModelPriorOptions {
  /** Default 'dimension-scaled'. */
  priors?: PriorFamily;
  /** Priors by path, or by the last word of a path ('lengthscale', 'variance', 'noise'); they replace the family's. */
  priorOverrides?: Readonly<Record<string, Prior>>;
  /** Bounds of the fields themselves, by path or last word. */
  bounds?: Readonly<Record<string, readonly [lower: number, upper: number]>>;
}

/** The names of `ModelPriorOptions`. */
export const MODEL_PRIOR_NAMES = {
  priors: true,
  priorOverrides: true,
  bounds: true,
} satisfies Record<keyof ModelPriorOptions, true>;

export interface PriorDefaults {
  prior?: Prior;
  bounds: readonly [number, number];
}

export function fitParameters(
  kernel: Kernel,
  dimension: number,
  noiseFitted: boolean,
  { priors = 'dimension-scaled', priorOverrides = {}, bounds = {} }: ModelPriorOptions,
): FitParameter[] {
  checkOption('priors', priors, ['dimension-scaled', 'gamma', 'optuna', 'saas']);
  checkParameterNames(
    kernelHyperparameters(kernel).map(({ name }) => name),
    priorOverrides,
    bounds,
  );
  const parameters: FitParameter[] = [];
  for (const { name, transform, value } of kernelHyperparameters(kernel)) {
    const word = lastWord(name);
    if (transform === 'identity') {
      const [lower, upper] = bounds[name] ?? bounds[word] ?? [-10, 10];
      parameters.push(withPrior({ name, transform, lower, upper, start: value }, priorOverrides, normalPrior(0, 1)));
      continue;
    }
    const defaults = familyDefaults(priors, word, dimension);
    parameters.push(logParameter(name, word, defaults, priorOverrides, bounds, exp(value)));
  }
  if (noiseFitted) {
    parameters.push(
      logParameter('noise', 'noise', familyDefaults(priors, 'noise', dimension), priorOverrides, bounds, 1e-2),
    );
  }
  return parameters;
}

/**
 * Refuses a prior or bounds for a hyper-parameter that is not there; those of 'noise' may be given for a fixed noise too.
 *
 * @throws TypeError if a key is neither one of the paths, nor the last word of one, nor 'noise'
 */
export function checkParameterNames(
  paths: readonly string[],
  priorOverrides: Readonly<Record<string, Prior>>,
  bounds: Readonly<Record<string, readonly [number, number]>>,
): void {
  const known = new Set([...paths.map(lastWord), 'noise', ...paths]);
  for (const [option, given] of Object.entries({ priorOverrides, bounds })) {
    for (const key of Object.keys(given)) {
      if (!known.has(key)) throw new TypeError(`${option} has no '${key}'; it may have ${[...known].join(', ')}`);
    }
  }
}

export function familyDefaults(family: PriorFamily, word: string, dimension: number): PriorDefaults {
  switch (word) {
    case 'lengthscale': {
      const bounds = [0.025, 1e3] as const;
      if (family === 'gamma') return { prior: gammaPrior(3, 6), bounds };
      if (family === 'optuna') return { prior: optunaLengthscalePrior(), bounds };
      return { prior: dimensionScaledPrior(Math.max(1, dimension)), bounds };
    }
    case 'kappa':
      // What a task has of its own: small unless the data say otherwise.
      return { prior: logNormalPrior(-1.5, 1), bounds: [1e-4, 1e2] };
    case 'variance': {
      const bounds = [1e-3, 1e3] as const;
      if (family === 'gamma') return { prior: gammaPrior(2, 0.15), bounds };
      if (family === 'optuna') return { prior: gammaPrior(2, 1), bounds };
      return { prior: logNormalPrior(0, 1), bounds };
    }
    case 'noise':
      if (family === 'gamma') return { prior: gammaPrior(1.1, 0.05), bounds: [1e-4, 1e2] };
      if (family === 'optuna') return { prior: gammaPrior(1.1, 30), bounds: [1e-6, 1e2] };
      return { prior: logNormalPrior(-4, 1), bounds: [1e-4, 1e2] };
    case 'warpA':
    case 'warpB':
      // ln a ~ N(0, σ²) as a density in ln a; in a it is the log-normal whose mode is 1.
      return { prior: logNormalPrior(0.75 * 0.75, 0.75), bounds: [1e-2, 1e2] };
    case 'power':
      return { prior: gammaPrior(3, 3), bounds: [1e-2, 1e2] };
    default:
      return { bounds: [1e-3, 1e3] };
  }
}

/** @param value of the field itself: where the search starts if there is no prior */
export function logParameter(
  name: string,
  word: string,
  defaults: PriorDefaults,
  priorOverrides: Readonly<Record<string, Prior>>,
  bounds: Readonly<Record<string, readonly [number, number]>>,
  value: number,
): FitParameter {
  const [low, high] = bounds[name] ?? bounds[word] ?? defaults.bounds;
  checkPositive(`bounds.${name}[0]`, low);
  checkPositive(`bounds.${name}[1]`, high);
  if (low > high) throw new RangeError(`bounds.${name} must ascend, got ${low} and ${high}`);
  const parameter = withPrior(
    { name, transform: 'log', lower: log(low), upper: log(high), start: 0 },
    priorOverrides,
    defaults.prior,
  );
  const { prior } = parameter;
  let start = value;
  if (prior !== undefined) start = priorMode(prior) > 0 ? priorMode(prior) : priorCenter(prior);
  parameter.start = Math.min(parameter.upper, Math.max(parameter.lower, start > 0 ? log(start) : parameter.lower));
  return parameter;
}

function withPrior(
  parameter: FitParameter,
  overrides: Readonly<Record<string, Prior>>,
  fallback: Prior | undefined,
): FitParameter {
  const prior = overrides[parameter.name] ?? overrides[lastWord(parameter.name)] ?? fallback;
  return prior === undefined ? parameter : { ...parameter, prior };
}

/** 'kernels.0.lengthscale.2' is a 'lengthscale'. */
function lastWord(path: string): string {
  const words = path.split('.').filter((word) => !/^\d+$/.test(word));
  return words[words.length - 1] ?? path;
}
