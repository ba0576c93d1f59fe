// Step sizes that reach a wanted acceptance rate, by dual averaging.
//
// M. D. Hoffman, A. Gelman, "The No-U-Turn Sampler", JMLR 15 (2014), Algorithm 5 (Nesterov's dual averaging).
//
//   ε step, δ target, a acceptance probability, H̄ running mean of δ - a, μ = log(10 ε_0), γ, t_0, κ

import { checkNumber } from '../internal/check.js';
import { exp } from '../special/exp.js';
import { log } from '../special/log.js';
import { pow } from '../special/pow.js';

export interface DualAveragingOptions {
  /** ε_0 > 0. */
  initialStep: number;
  /** δ in (0, 1). Default 0.8. */
  targetAccept?: number;
  /** Shrinkage towards μ, above 0. Default 0.05. */
  gamma?: number;
  /** Damps the first rounds, at least 0. Default 10. */
  t0?: number;
  /** Exponent of the averaging weights, in [0.5, 1]. Default 0.75. */
  kappa?: number;
}

export interface DualAveragingState {
  t: number;
  hBar: number;
  logStep: number;
  logAverage: number;
}

export interface DualAveraging {
  init(): DualAveragingState;
  /** Round t with its acceptance probability: H̄, then log ε = μ - √t/γ H̄, then log ε̄ with weight t^-κ. */
  update(state: DualAveragingState, acceptProbability: number, out?: DualAveragingState): DualAveragingState;
  /** The step to explore with. */
  step(state: DualAveragingState): number;
  /** The averaged step, to sample with once adaptation is over. */
  averagedStep(state: DualAveragingState): number;
}

/**
 * The stochastic approximation that drives the mean acceptance of a sampler to δ; round t = 1, 2, ... does
 *
 *   H̄ ← (1 - 1/(t + t_0)) H̄ + (δ - a)/(t + t_0),   log ε ← μ - √t/γ H̄,   log ε̄ ← t^-κ log ε + (1 - t^-κ) log ε̄.
 *
 * The defaults of γ, t_0, κ are those of the paper; δ = 0.8 is Stan's.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const averaging = dualAveraging({ initialStep: 0.1 });
 * const state = averaging.update(averaging.init(), 1);
 * averaging.step(state).toFixed(6); //=> '1.438551'
 * averaging.step(averaging.update(state, 0)) < averaging.step(state); //=> true
 */
export function dualAveraging(options: DualAveragingOptions): DualAveraging {
  const initialStep = checkNumber('initialStep', options.initialStep, Number.MIN_VALUE);
  const target = checkNumber('targetAccept', options.targetAccept ?? 0.8, Number.MIN_VALUE, 1 - 2e-16);
  const gamma = checkNumber('gamma', options.gamma ?? 0.05, Number.MIN_VALUE);
  const t0 = checkNumber('t0', options.t0 ?? 10, 0);
  const kappa = checkNumber('kappa', options.kappa ?? 0.75, 0.5, 1);
  const mu = log(10 * initialStep);
  return {
    init() {
      return { t: 0, hBar: 0, logStep: log(initialStep), logAverage: 0 };
    },
    update(state, acceptProbability, out) {
      checkNumber('acceptProbability', acceptProbability, 0, 1);
      const next = out ?? { ...state };
      const t = state.t + 1;
      const hBar = (1 - 1 / (t + t0)) * state.hBar + (target - acceptProbability) / (t + t0);
      const logStep = mu - (Math.sqrt(t) / gamma) * hBar;
      const weight = pow(t, -kappa);
      next.logAverage = weight * logStep + (1 - weight) * state.logAverage;
      next.t = t;
      next.hBar = hBar;
      next.logStep = logStep;
      return next;
    },
    step: ({ logStep }) => exp(logStep),
    averagedStep: ({ t, logStep, logAverage }) => exp(t === 0 ? logStep : logAverage),
  };
}
