/**
 * Bayesian neural networks whose posterior is sampled: by Hamiltonian Monte Carlo, or by its stochastic-gradient version.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, sections 3.1 and 3.2 and Appendix.
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { hmc, type HmcOptions } from '../../inference/hmc.js';
import { mcmcDiagnostics, type McmcDiagnostics } from '../../inference/mcmc-diagnostics.js';
import { sghmc, type SghmcOptions } from '../../inference/sghmc.js';
import { sampleWithoutReplacement } from '../../random/permutation.js';
import { type Activation, mlp, type Mlp, mlpInit, newTape } from './mlp.js';
import {
  checkVariances,
  mlpLogPosterior,
  mlpMap,
  negativeLogLikelihood,
  type NetworkVariances,
} from './mlp-posterior.js';
import { ensembleQuestions, type NetworkEnsembleState } from './network-ensemble.js';
import { type Surrogate, trainingData } from './surrogate.js';

export interface NetworkOptions extends NetworkVariances {
  /** Default [128, 128, 128]. */
  hidden?: readonly number[];
  /** Default 'tanh'. */
  activation?: Activation;
}

/** The names of `NetworkOptions`. */
export const NETWORK_NAMES = {
  priorVariance: true,
  noiseVariance: true,
  hidden: true,
  activation: true,
} satisfies Record<keyof NetworkOptions, true>;

export interface HmcNetworkOptions extends NetworkOptions {
  /** Options of `hmc`. Study: stepSize 0.02, path 0.008 (Branin), 0.01 (Hartmann), 0.02 (Ackley). */
  hmc?: HmcOptions;
  /** Independent chains, each from its own start; their samples are pooled. Default 1. */
  chains?: number;
  /** Steps of Adam on the log posterior before each chain, so that the burn-in starts at a mode. Default 0. */
  mapSteps?: number;
}

const HMC_NAMES = { ...NETWORK_NAMES, hmc: true, chains: true, mapSteps: true } satisfies Record<
  keyof HmcNetworkOptions,
  true
>;

export interface HmcNetworkState extends NetworkEnsembleState {
  acceptanceRate: number;
  /** ε after the burn-in of each chain. */
  stepSizes: number[];
  /** Of the log posterior over the chains; null when they hold fewer than four samples or unlike numbers of them. */
  diagnostics: McmcDiagnostics | null;
}

/**
 * A network whose parameters are samples of `hmc` on the exact posterior: the study's reference for full Bayesian
 * inference. Each chain starts from a draw of the prior.
 *
 * O(iterations leapfrogs n P) for a fit, O(samples P) for a point.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const model = hmcNetwork({ hidden: [8], priorVariance: 4, hmc: { samples: 60, burnIn: 60, pathLength: 0.4 } });
 * const state = model.fit([[0], [0.5], [1]], [1, -1, 0.5], createRng(1));
 * const prediction = model.predict(state, [[0.5], [1.6]]);
 * prediction.variance[1] > prediction.variance[0]; //=> true
 */
export function hmcNetwork(options: HmcNetworkOptions = {}): Surrogate<HmcNetworkState> {
  checkOptionNames('options', options, HMC_NAMES);
  const chains = checkInteger('chains', options.chains ?? 1, 1);
  const mapSteps = checkInteger('mapSteps', options.mapSteps ?? 0, 0);
  const variances = checkVariances(options);
  return {
    ...ensembleQuestions,
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const net = networkFor(points.columns, options);
      const density = mlpLogPosterior(net, points, targets, variances);
      const runs = Array.from({ length: chains }, () => {
        const drawn = mlpInit(net, rng, { priorVariance: variances.priorVariance });
        const start = mapSteps > 0 ? mlpMap(net, points, targets, drawn, { ...variances, steps: mapSteps }) : drawn;
        return hmc(density, start, rng, options.hmc);
      });
      const parameters = concatenate(runs.map(({ samples }) => samples));
      return {
        net,
        parameters,
        members: parameters.length / net.parameterCount,
        noiseVariance: variances.noiseVariance,
        acceptanceRate: runs.reduce((total, run) => total + run.acceptanceRate, 0) / chains,
        stepSizes: runs.map(({ stepSize }) => stepSize),
        diagnostics: runs.every(({ count }) => count >= 4 && count === runs[0].count)
          ? mcmcDiagnostics(runs.map(({ logDensities }) => logDensities))
          : null,
      };
    },
  };
}

/**
 * Settings of the study for `hmcNetwork`, by problem (arXiv:2305.20028, Appendix): small ones with the default network, the
 * high-dimensional ones with two layers of 256.
 */
export const studySettings = {
  branin: { priorVariance: 10, noiseVariance: 0.1, hmc: { stepSize: 0.02, pathLength: 0.008 } },
  hartmann: { priorVariance: 1, hmc: { stepSize: 0.02, pathLength: 0.01 } },
  ackley: { priorVariance: 0.1, hmc: { stepSize: 0.02, pathLength: 0.02 } },
  highDimension: {
    hidden: [256, 256],
    activation: 'tanh',
    priorVariance: 10,
    noiseVariance: 1,
    hmc: { samples: 100, burnIn: 200, stepSize: 0.002, pathLength: 0.01 },
  },
} as const satisfies Record<string, HmcNetworkOptions>;

export interface SghmcNetworkOptions extends NetworkOptions {
  /** Options of `sghmc`. */
  sghmc?: SghmcOptions;
  /** Points in a mini-batch, drawn without replacement at every step; all of them when there are fewer. Default 5. */
  batchSize?: number;
}

const SGHMC_NAMES = { ...NETWORK_NAMES, sghmc: true, batchSize: true } satisfies Record<
  keyof SghmcNetworkOptions,
  true
>;

export interface SghmcNetworkState extends NetworkEnsembleState {
  status: 'completed' | 'diverged';
}

/**
 * A network whose parameters are samples of `sghmc`, on mini-batch gradients n/b Σ_batch ∂(y - f)²/(2s) + θ/v. A run that
 * diverged predicts with the samples before, and with its start when there are none.
 *
 * O(steps b P) for a fit; b + P draws a step.
 *
 * @throws RangeError if an option is out of range
 */
export function sghmcNetwork(options: SghmcNetworkOptions = {}): Surrogate<SghmcNetworkState> {
  checkOptionNames('options', options, SGHMC_NAMES);
  const batchSize = checkInteger('batchSize', options.batchSize ?? 5, 1);
  const { priorVariance: v, noiseVariance: s } = checkVariances(options);
  return {
    ...ensembleQuestions,
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const { rows: n, columns: d, data } = points;
      const net = networkFor(d, options);
      const b = Math.min(batchSize, n);
      const tape = newTape(net, b);
      const batch = new Float64Array(b);
      const start = mlpInit(net, rng);
      const run = sghmc(
        (theta, stream, gradient) => {
          const chosen = sampleWithoutReplacement(n, b, stream);
          for (let i = 0; i < b; i++) {
            tape.a[0].set(data.subarray(chosen[i] * d, (chosen[i] + 1) * d), i * d);
            batch[i] = targets[chosen[i]];
          }
          negativeLogLikelihood(net, theta, tape, batch, n / (b * s), gradient);
          for (let p = 0; p < theta.length; p++) gradient[p] += theta[p] / v;
        },
        start,
        rng,
        options.sghmc,
      );
      const parameters = run.count > 0 ? run.samples : start;
      return { net, parameters, members: Math.max(1, run.count), noiseVariance: s, status: run.status };
    },
  };
}

export function networkFor(inputs: number, { hidden, activation }: NetworkOptions): Mlp {
  return mlp({
    inputs,
    ...(hidden === undefined ? {} : { hidden }),
    ...(activation === undefined ? {} : { activation }),
  });
}

function concatenate(parts: Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
