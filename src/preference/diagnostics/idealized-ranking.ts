// How well the perfect minimizer of a preference loss would rank, and how far a real policy stays behind it.
//
// A. Chen et al., "Preference Learning Algorithms Do Not Learn Preference Rankings", arXiv:2405.19534:
// the idealized ranking accuracy.
//
//   paper      here                       meaning
//   α(x, …)    agreement                  share of raters who prefer the chosen response
//   π*         -                          minimizer of the DPO loss: log π*(w)/π*(l) = log π_ref(w)/π_ref(l) + logit(α)/β
//   R*         accuracy                   its ranking accuracy

import { checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { median } from '../../stats/moments.js';
import { logit } from '../../special/logistic.js';
import { arraySize, checkLengths, checkLogProbs, type PairBatch } from '../losses/pair-batch.js';

export interface IdealizedRankingData {
  refChosen: ArrayLike<number>;
  refRejected: ArrayLike<number>;
  /** Share of raters who prefer the chosen response, in [0, 1]. */
  agreement: ArrayLike<number>;
  /** Tokens of each response; needed with lengthNormalize. */
  chosenLengths?: ArrayLike<number>;
  rejectedLengths?: ArrayLike<number>;
}

export interface IdealizedRankingOptions {
  /** β > 0. Default 0.1. */
  beta?: number;
  /** Agreement 1 and 0 are replaced by 1 - eps and eps. In (0, 1/2). Default 1e-3. */
  eps?: number;
  /** Divide each reference log-probability by its length. Default false. */
  lengthNormalize?: boolean;
}

/**
 * Ranking accuracy of the ideal policy of DPO: the mean of [log π*(w)/π*(l) > 0], where
 *
 *   log π*(w)/π*(l) = log π_ref(w) - log π_ref(l) + logit(α)/β.
 *
 * Small β and unanimous raters make it 1; where the raters are split (α = 1/2) the reference's ranking stays. The sum is
 * in logarithms, since the ratio itself overflows at β = 0.01. O(B).
 *
 * @returns the accuracy and the log-ratios of the ideal policy
 * @throws RangeError if an agreement is outside [0, 1], lengths differ, a log-probability is not finite, or an option is
 *   out of range
 *
 * @example
 * idealizedRankingAccuracy({ refChosen: [-9], refRejected: [-8], agreement: [0.75] }, { beta: 1 }).accuracy; //=> 1
 * idealizedRankingAccuracy({ refChosen: [-9], refRejected: [-7], agreement: [0.75] }, { beta: 1 }).accuracy; //=> 0
 */
export function idealizedRankingAccuracy(
  data: IdealizedRankingData,
  options: IdealizedRankingOptions = {},
): { accuracy: number; logRatios: Float64Array } {
  const beta = checkPositive('beta', options.beta ?? 0.1);
  const eps = checkPositive('eps', options.eps ?? 1e-3);
  if (!(eps < 0.5)) throw new RangeError(`eps must be below 0.5, got ${eps}`);
  const { refChosen, refRejected, agreement, chosenLengths, rejectedLengths } = data;
  checkVector('refChosen', refChosen);
  const n = refChosen.length;
  if (n === 0) throw new RangeError('refChosen must not be empty');
  checkVector('refRejected', refRejected, n);
  checkVector('agreement', agreement, n);
  const normalize = options.lengthNormalize === true;
  if (normalize) {
    checkLengths('chosenLengths', chosenLengths, n, 'lengthNormalize');
    checkLengths('rejectedLengths', rejectedLengths, n, 'lengthNormalize');
  }
  const logRatios = new Float64Array(n);
  let correct = 0;
  for (let i = 0; i < n; i++) {
    let alpha = checkNumber(`agreement[${i}]`, agreement[i], 0, 1);
    if (alpha === 1) alpha = 1 - eps;
    else if (alpha === 0) alpha = eps;
    const chosen = refChosen[i] / (normalize ? (chosenLengths as ArrayLike<number>)[i] : 1);
    const rejected = refRejected[i] / (normalize ? (rejectedLengths as ArrayLike<number>)[i] : 1);
    logRatios[i] = chosen - rejected + logit(alpha) / beta;
    if (logRatios[i] > 0) correct += 1;
  }
  return { accuracy: correct / n, logRatios };
}

/**
 * The least, median and largest idealized accuracy over several β, as the paper's tables report it.
 *
 * @param betas default 0.01, 0.1, 1, 5, 10, the paper's grid
 * @throws RangeError as `idealizedRankingAccuracy`, or without a β
 *
 * @example
 * idealizedRankingAccuracyRange({ refChosen: [-9], refRejected: [-5], agreement: [0.75] }).perBeta; //=> Float64Array.of(1, 1, 0, 0, 0)
 */
export function idealizedRankingAccuracyRange(
  data: IdealizedRankingData,
  betas: ArrayLike<number> = [0.01, 0.1, 1, 5, 10],
  options: Omit<IdealizedRankingOptions, 'beta'> = {},
): { min: number; median: number; max: number; perBeta: Float64Array } {
  if (arraySize('betas', betas) === 0) throw new RangeError('betas must not be empty');
  for (let k = 0; k < betas.length; k++) checkPositive(`betas[${k}]`, betas[k]);
  const perBeta = Float64Array.from(betas, (beta) => idealizedRankingAccuracy(data, { ...options, beta }).accuracy);
  return { min: Math.min(...perBeta), median: median(perBeta), max: Math.max(...perBeta), perBeta };
}

/**
 * Alignment gap: the idealized ranking accuracy less the observed one, on the same pairs.
 *
 * The observed accuracy is the fraction of pairs with π(y_w) >= π(y_l), per token with lengthNormalize. Positive where
 * training leaves rankings unlearned that the perfect minimizer would have.
 *
 * @param batch with a reference
 * @throws TypeError without a reference; RangeError as `idealizedRankingAccuracy`
 *
 * @example
 * const batch = { policyChosen: [-9], policyRejected: [-8], refChosen: [-9], refRejected: [-8] };
 * alignmentGap(batch, [1]); //=> { idealized: 1, observed: 0, gap: 1 }
 */
export function alignmentGap(
  batch: PairBatch,
  agreement: ArrayLike<number>,
  options: IdealizedRankingOptions = {},
): { idealized: number; observed: number; gap: number } {
  const { policyChosen, policyRejected, refChosen, refRejected, chosenLengths, rejectedLengths } = batch;
  if (refChosen === undefined || refRejected === undefined) {
    throw new TypeError('refChosen and refRejected are required by alignmentGap');
  }
  const lengths = chosenLengths && rejectedLengths ? { chosenLengths, rejectedLengths } : {};
  const idealized = idealizedRankingAccuracy({ refChosen, refRejected, agreement, ...lengths }, options).accuracy;
  const n = refChosen.length;
  checkLogProbs('policyChosen', policyChosen, n);
  checkLogProbs('policyRejected', policyRejected, n);
  const normalize = options.lengthNormalize === true;
  let correct = 0;
  for (let i = 0; i < n; i++) {
    const chosen = policyChosen[i] / (normalize ? (chosenLengths as ArrayLike<number>)[i] : 1);
    const rejected = policyRejected[i] / (normalize ? (rejectedLengths as ArrayLike<number>)[i] : 1);
    if (chosen >= rejected) correct += 1;
  }
  const observed = correct / n;
  return { idealized, observed, gap: idealized - observed };
}
