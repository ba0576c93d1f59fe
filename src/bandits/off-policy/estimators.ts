/**
 * Off-policy evaluation: the mean reward of a policy from rounds that another one played.
 *
 *   w_i     target(a_i | x_i) / propensity_i
 *   q_i     model's reward of the action taken;  qe_i = Σ_a target(a | x_i) q(x_i, a)
 *
 *   opeIps          mean(w r)                                     D. G. Horvitz, D. J. Thompson (1952)
 *   opeClippedIps   mean(min(w, maxWeight) r)                     E. L. Ionides (2008)
 *   opeSnips        Σ w r / Σ w                                   A. Swaminathan, T. Joachims, NeurIPS 2015
 *   opeDm           mean(qe)                                      direct method
 *   opeDr           mean(qe + w (r - q))                          M. Dudík, J. Langford, L. Li, arXiv:1103.4601
 *   opeSnDr         mean(qe) + Σ w (r - q) / Σ w                  self-normalized DR
 *   opeSwitchDr     mean(qe + w 1[w <= threshold] (r - q))        Y.-X. Wang, A. Agarwal, M. Dudík, arXiv:1612.01205
 *   opeSwitch       mean(w r 1[w <= threshold]) + mean(Σ_a target q 1[target / logging > threshold])   ibid.
 *   opeDrOs         DR with weights λ w / (w² + λ)                Y. Su et al., arXiv:1907.09623
 *   opeSgIps        IPS with weights w / (1 - λ + λ w)            A. M. Metelli, A. Russo, M. Restelli, NeurIPS 2021
 *
 * Nothing is clipped unless the estimator's name says so. Every estimator is O(n A) and returns a standard error and an interval
 * (`OpeOptions`).
 */
import { checkNumber } from '../../internal/check.js';
import { type MatrixLike, sum } from '../../linalg/index.js';
import { checkPolicyRows, type LoggedData, weighLog, type WeightedLog } from './logged-data.js';
import { meanEstimate, type OpeEstimate, type OpeOptions, ratioEstimate } from './ope-interval.js';

/**
 * Inverse propensity scores: mean(w r), unbiased when every action that the target takes has a positive propensity. 0 when no weight is.
 *
 * @throws RangeError if a length, an action, a propensity or a row of `target` is wrong, or there are no rounds
 *
 * @example
 * const log = { actions: [0, 1], rewards: [1, 0], propensities: [0.5, 0.5], target: [[1, 0], [1, 0]] };
 * opeIps(log).estimate; //=> 1
 */
export function opeIps(data: LoggedData, options: OpeOptions = {}): OpeEstimate {
  return corrected(weighLog(data, false), identity, options);
}

/**
 * mean(min(w, maxWeight) r): bias at most mean(w - min(w, maxWeight)) max|r|, terms bounded by maxWeight max|r|.
 *
 * @throws RangeError as `opeIps`, or if maxWeight is negative
 */
export function opeClippedIps(data: LoggedData, options: OpeOptions & { maxWeight: number }): OpeEstimate {
  return corrected(weighLog(data, false), clippedWeight(options.maxWeight), options);
}

/**
 * Self-normalized: Σ w r / Σ w, in the range of the rewards, and moving with them by a constant.
 *
 * @throws RangeError as `opeIps`, or "weights ..." if all weights are 0
 */
export function opeSnips(data: LoggedData, options: OpeOptions = {}): OpeEstimate {
  const log = weighLog(data, false);
  return selfNormalized(log, log.expected, options);
}

/**
 * Direct method: mean(qe), as good as the model.
 *
 * @throws TypeError if there is no model
 * @throws RangeError as `opeIps`
 */
export function opeDm(data: LoggedData, options: OpeOptions = {}): OpeEstimate {
  return meanEstimate(weighLog(data, true).expected, options);
}

/**
 * Doubly robust: mean(qe + w (r - q)), unbiased with right propensities or a right model.
 *
 * @throws TypeError if there is no model
 * @throws RangeError as `opeIps`
 *
 * @example
 * const log = { actions: [0, 1], rewards: [1, 0], propensities: [0.5, 0.5], target: [[1, 0], [1, 0]] };
 * opeDr({ ...log, model: [[0.5, 0], [0.5, 0]] }).estimate; //=> 1
 */
export function opeDr(data: LoggedData, options: OpeOptions = {}): OpeEstimate {
  return corrected(weighLog(data, true), identity, options);
}

/**
 * Self-normalized doubly robust: mean(qe) + Σ w (r - q) / Σ w.
 *
 * @throws TypeError if there is no model
 * @throws RangeError as `opeSnips`
 */
export function opeSnDr(data: LoggedData, options: OpeOptions = {}): OpeEstimate {
  const log = weighLog(data, true);
  return selfNormalized(log, log.expected, options);
}

/**
 * Doubly robust where w <= threshold, the model elsewhere: threshold 0 is `opeDm` (when no weight is 0), Infinity `opeDr`.
 *
 * @throws TypeError if there is no model
 * @throws RangeError as `opeIps`, or if threshold is negative
 */
export function opeSwitchDr(data: LoggedData, options: OpeOptions & { threshold: number }): OpeEstimate {
  return corrected(weighLog(data, true), switchedWeight(options.threshold), options);
}

/**
 * IPS for actions whose ratio target / logging is at most the threshold, the model for the others.
 *
 * @throws TypeError if there is no model or no matrix `logging`
 * @throws RangeError as `opeIps`, if a row of `logging` is no probability vector, gives an action that was taken another probability than
 *   its propensity (by more than 1e-9), or threshold is negative
 */
export function opeSwitch(data: LoggedData, options: OpeOptions & { threshold: number }): OpeEstimate {
  const log = weighLog(data, true);
  if (data.logging === undefined) throw new TypeError('logging must be given');
  const { n, actions: A, target, model } = log;
  const weight = switchedWeight(options.threshold);
  const { data: logging, columns } = checkPolicyRows('logging', data.logging as MatrixLike, n);
  if (columns !== A) throw new RangeError(`logging must have ${A} columns, got ${columns}`);
  const terms = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const p = logging[i * A + data.actions[i]];
    if (!(Math.abs(p - data.propensities[i]) <= 1e-9)) {
      throw new RangeError(`logging[${i}] must give the action taken its propensity ${data.propensities[i]}, got ${p}`);
    }
    let rest = 0;
    for (let a = 0; a < A; a++) {
      const t = target[i * A + a];
      // An action that is never logged has an infinite ratio when the target takes it. That of the action taken is its weight, to
      // the bit: it is counted on one side, not on both and not on neither.
      const ratio = t === 0 ? 0 : a === data.actions[i] ? log.weights[i] : t / logging[i * A + a];
      if (ratio > options.threshold) rest += t * (model as Float64Array)[i * A + a];
    }
    terms[i] = weight(log.weights[i]) * log.rewards[i] + rest;
  }
  return meanEstimate(terms, options);
}

/**
 * Doubly robust with optimistic shrinkage: weights λ w / (w² + λ), from the direct method at λ = 0 to `opeDr` at λ = Infinity.
 *
 * @throws TypeError if there is no model
 * @throws RangeError as `opeIps`, or if lambda is negative
 */
export function opeDrOs(data: LoggedData, options: OpeOptions & { lambda: number }): OpeEstimate {
  return corrected(weighLog(data, true), shrunkWeight(options.lambda), options);
}

/**
 * Subgaussian IPS: weights w / (1 - λ + λ w), from `opeIps` at λ = 0 to weights 1[w > 0] at λ = 1.
 *
 * @throws RangeError as `opeIps`, or if lambda is not in [0, 1]
 */
export function opeSgIps(data: LoggedData, options: OpeOptions & { lambda: number }): OpeEstimate {
  return corrected(weighLog(data, false), subgaussianWeight(options.lambda), options);
}

/**
 * (Σ w)² / Σ w²: how many rounds of the target policy the log is worth. 0 when all weights are 0.
 *
 * @throws RangeError as `opeIps`
 *
 * @example
 * opeEffectiveSampleSize({ actions: [0, 0], rewards: [0, 0], propensities: [1, 1], target: [[1], [1]] }); //=> 2
 */
export function opeEffectiveSampleSize(data: LoggedData): number {
  const { weights } = weighLog(data, false);
  const total = sum(weights);
  return total === 0 ? 0 : (total * total) / sum(weights.map((w) => w * w));
}

/** qe + weight(w) (r - q): IPS without a model, doubly robust with one. */
export function correctedTerms(log: WeightedLog, weight: (w: number) => number): Float64Array {
  const { n, weights, rewards, logged, expected } = log;
  const terms = new Float64Array(n);
  for (let i = 0; i < n; i++) terms[i] = expected[i] + weight(weights[i]) * (rewards[i] - logged[i]);
  return terms;
}

function corrected(log: WeightedLog, weight: (w: number) => number, options: OpeOptions): OpeEstimate {
  return meanEstimate(correctedTerms(log, weight), options);
}

function selfNormalized(log: WeightedLog, base: Float64Array, options: OpeOptions): OpeEstimate {
  const { n, weights, rewards, logged } = log;
  if (!(sum(weights) > 0)) throw new RangeError('weights must not all be 0');
  const numerator = new Float64Array(n);
  for (let i = 0; i < n; i++) numerator[i] = weights[i] * (rewards[i] - logged[i]);
  return ratioEstimate(base, numerator, weights, options);
}

function identity(w: number): number {
  return w;
}

export function clippedWeight(maxWeight: number): (w: number) => number {
  atLeastZero('maxWeight', maxWeight);
  return (w) => Math.min(w, maxWeight);
}

export function switchedWeight(threshold: number): (w: number) => number {
  atLeastZero('threshold', threshold);
  return (w) => (w <= threshold ? w : 0);
}

export function shrunkWeight(lambda: number): (w: number) => number {
  atLeastZero('lambda', lambda);
  return (w) => (w === 0 ? 0 : w / (1 + w * (w / lambda))); // in this form no number overflows that should not
}

export function subgaussianWeight(lambda: number): (w: number) => number {
  checkNumber('lambda', lambda, 0, 1);
  return (w) => (w === 0 ? 0 : w / (1 - lambda + lambda * w));
}

function atLeastZero(name: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!(value >= 0)) throw new RangeError(`${name} must be at least 0, got ${value}`);
}
