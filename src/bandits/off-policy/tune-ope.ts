/**
 * Choice of the parameter of a biased estimator by its estimated mean squared error.
 *
 * Y. Su, M. Dimakopoulou, A. Krishnamurthy, M. Dudík, "Doubly Robust Off-policy Evaluation with Shrinkage", ICML 2020, arXiv:1907.09623,
 * Section 5; Y.-X. Wang, A. Agarwal, M. Dudík, arXiv:1612.01205, Section 3.3.
 *
 *   ŵ              weights of the candidate: clipped, switched, shrunk
 *   variance       sample variance of qe + ŵ (r - q), over n
 *   bias           |mean((ŵ - w)(r - q))| ('direct', default), which estimates the bias, or
 *                  mean(|ŵ - w| |r - q|) ('absolute'), whose expectation is above it
 *   mse            variance + bias²
 */
import { checkOption } from '../../internal/check.js';
import { sum } from '../../linalg/index.js';
import { clippedWeight, correctedTerms, shrunkWeight, subgaussianWeight, switchedWeight } from './estimators.js';
import { type LoggedData, weighLog } from './logged-data.js';

export type TunableEstimator = 'clipped-ips' | 'switch-dr' | 'dr-os' | 'sg-ips';

export interface OpeCandidate {
  /** maxWeight, threshold or lambda. */
  parameter: number;
  estimate: number;
  variance: number;
  bias: number;
  mse: number;
}

export interface OpeTuning {
  /** The candidate of least `mse`, the first among equals. */
  best: OpeCandidate;
  candidates: OpeCandidate[];
}

/**
 * Compares the parameters on one log. O(n A + n · parameters).
 *
 * @param estimator 'clipped-ips' (maxWeight), 'switch-dr' (threshold), 'dr-os' and 'sg-ips' (lambda)
 * @param parameters candidates, one or more
 * @throws RangeError as the estimator, if there are no parameters, or fewer than two rounds
 *
 * @example
 * const log = { actions: [0, 1], rewards: [1, 0], propensities: [0.5, 0.5], target: [[1, 0], [1, 0]] };
 * tuneOpe('clipped-ips', log, [1, 2]).best; //=> { parameter: 1, estimate: 0.5, variance: 0.25, bias: 0.5, mse: 0.5 }
 */
export function tuneOpe(
  estimator: TunableEstimator,
  data: LoggedData,
  parameters: ArrayLike<number>,
  options: { bias?: 'direct' | 'absolute' } = {},
): OpeTuning {
  checkOption('estimator', estimator, ['clipped-ips', 'switch-dr', 'dr-os', 'sg-ips']);
  const kind = checkOption('bias', options.bias ?? 'direct', ['direct', 'absolute']);
  if (parameters.length === 0) throw new RangeError('parameters must not be empty');
  const log = weighLog(data, estimator === 'switch-dr' || estimator === 'dr-os');
  const { n, weights, rewards, logged } = log;
  if (n < 2) throw new RangeError('actions must hold two rounds or more');
  const candidates = Array.from(parameters, (parameter): OpeCandidate => {
    const weight = weightOf(estimator, parameter);
    const terms = correctedTerms(log, weight);
    const estimate = sum(terms) / n;
    const variance = sum(terms.map((x) => (x - estimate) * (x - estimate))) / (n - 1) / n;
    const errors = weights.map((w, i) => (weight(w) - w) * (rewards[i] - logged[i]));
    const bias = kind === 'direct' ? Math.abs(sum(errors)) / n : sum(errors.map(Math.abs)) / n;
    return { parameter, estimate, variance, bias, mse: variance + bias * bias };
  });
  let best = candidates[0];
  for (const candidate of candidates) if (candidate.mse < best.mse) best = candidate;
  return { best, candidates };
}

function weightOf(estimator: TunableEstimator, parameter: number): (w: number) => number {
  switch (estimator) {
    case 'clipped-ips':
      return clippedWeight(parameter);
    case 'switch-dr':
      return switchedWeight(parameter);
    case 'dr-os':
      return shrunkWeight(parameter);
    case 'sg-ips':
      return subgaussianWeight(parameter);
  }
}
