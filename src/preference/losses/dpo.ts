// Direct preference optimization and the losses that are the logistic loss of a shifted or rescaled margin.
//
//   paper          here                          meaning
//   π_θ(y_w|x)     policyChosen (its logarithm)  policy's probability of the chosen response
//   π_ref          refChosen, refRejected        frozen reference
//   ρ              log π - log π_ref             log-ratio; β ρ is the implicit reward
//   h              ρ_w - ρ_l                     margin before β

import { checkNumber } from '../../internal/check.js';
import { positivePart } from '../../special/branchless.js';
import {
  checkBeta,
  checkPairLengths,
  closePairs,
  logisticMargins,
  logisticPairs,
  openPairs,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface DpoLossOptions extends PairLossOptions {
  /** Conservative DPO: the label is believed wrong with this probability, in [0, 1]. Optimum at x = log((1-e)/e). */
  labelSmoothing?: number;
  /** Weight of the reference's log-ratio: 1 is DPO, 0 is reference-free. Default 1. */
  gamma?: number;
  /** Target margin m in units of reward, as in DPO with an offset. Default 0. */
  margin?: number;
}

/**
 * Direct preference optimization: -(1-e) log σ(x) - e log σ(-x) with x = β ((log π_w - log π_l) - γ (log π_ref,w - log π_ref,l)) - m.
 *
 * R. Rafailov et al., arXiv:2305.18290, equation 7. ∂loss/∂x = -(1-e) σ(-x) + e σ(x). O(B); with `out` of the same B
 * nothing is allocated. A chosen response of probability 0 gives loss Infinity and gradient -β(1-e).
 *
 * The rewards of the chosen responses often fall while training succeeds: E_ref[log π/π_ref] = -KL <= 0.
 *
 * @throws RangeError on NaN, +Infinity, unequal lengths, an empty batch, β <= 0 or labelSmoothing outside [0, 1]
 *
 * @example
 * dpoLoss({ policyChosen: [-3], policyRejected: [-4], refChosen: [-3], refRejected: [-4] }).loss; //=> Math.LN2
 */
export function dpoLoss(batch: PairBatch, options: DpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const smoothing = checkNumber('labelSmoothing', options.labelSmoothing ?? 0, 0, 1);
  const gamma = checkNumber('gamma', options.gamma ?? 1);
  const margin = checkNumber('margin', options.margin ?? 0);
  const result = openPairs(batch, options, out, gamma);
  logisticMargins(result, beta, margin, 1 - smoothing, smoothing);
  return closePairs(result, batch, options, beta);
}

export interface RobustDpoLossOptions extends PairLossOptions {
  /** Probability that a label is flipped, in [0, 1/2). Required. */
  labelSmoothing: number;
}

/**
 * Robust DPO: (-(1-e) log σ(x) + e log σ(-x)) / (1 - 2e), unbiased under labels flipped with probability e.
 *
 * S. R. Chowdhury, A. Kini, N. Natarajan, arXiv:2403.00409. Unbounded below: the slope tends to
 * -e/(1-2e) as x grows, so the loss becomes negative.
 *
 * @throws RangeError if labelSmoothing is missing or outside [0, 0.5)
 */
export function robustDpoLoss(batch: PairBatch, options: RobustDpoLossOptions, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const e = options.labelSmoothing;
  if (!(e >= 0 && e < 0.5)) throw new RangeError(`labelSmoothing must be in [0, 0.5), got ${e}`);
  const result = openPairs(batch, options, out);
  logisticMargins(result, beta, 0, (1 - e) / (1 - 2 * e), -e / (1 - 2 * e));
  return closePairs(result, batch, options, beta);
}

/**
 * DPO with log-ratios per token: -log σ(β (ρ_w/|y_w| - ρ_l/|y_l|)).
 *
 * N. Lambert et al., arXiv:2411.15124. Rewards: β ρ per token.
 *
 * @throws TypeError without lengths
 */
export function lengthNormalizedDpoLoss(
  batch: PairBatch,
  options: PairLossOptions = {},
  out?: PairLossResult,
): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  checkPairLengths(batch, 'lengthNormalizedDpoLoss');
  const result = openPairs(batch, options, out, 1);
  perTokenMargins(result, batch, beta, 0);
  logisticPairs(result, 1, 0);
  return closePairs(result, batch, options, beta);
}

export interface RdpoLossOptions extends PairLossOptions {
  /** Penalty α per token of the reward, at least 0. Default 0.01. */
  alpha?: number;
}

/**
 * Length-regularized DPO: -log σ(β h + α (|y_w| - |y_l|)), which follows from penalizing α|y| in the reward.
 *
 * R. Park, R. Rafailov, S. Ermon, C. Finn, arXiv:2403.19159.
 *
 * @throws TypeError without lengths
 */
export function rdpoLoss(batch: PairBatch, options: RdpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const alpha = checkNumber('alpha', options.alpha ?? 0.01);
  checkPairLengths(batch, 'rdpoLoss');
  const result = openPairs(batch, options, out, 1);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const lw = batch.chosenLengths as ArrayLike<number>;
  const ll = batch.rejectedLengths as ArrayLike<number>;
  for (let i = 0; i < losses.length; i++) {
    losses[i] = beta * (chosenRewards[i] - rejectedRewards[i]) + alpha * (lw[i] - ll[i]);
    gradChosen[i] = beta;
    gradRejected[i] = -beta;
  }
  logisticPairs(result, 1, 0);
  return closePairs(result, batch, options, beta);
}

export interface DpopLossOptions extends PairLossOptions {
  /** Weight λ of the penalty on a chosen response that has become less likely, at least 0. Default 50. */
  lambda?: number;
}

/**
 * DPO-positive: -log σ(β (h - λ max(0, log π_ref,w - log π_w))), which keeps the chosen response likely.
 *
 * A. Pal et al., arXiv:2402.13228.
 */
export function dpopLoss(batch: PairBatch, options: DpopLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const lambda = checkNumber('lambda', options.lambda ?? 50, 0);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const ratio = chosenRewards[i];
    const penalty = lambda === 0 ? 0 : lambda * positivePart(-ratio);
    losses[i] = beta * (ratio - rejectedRewards[i] - penalty);
    gradChosen[i] = beta * (1 + lambda * Number(ratio < 0));
    gradRejected[i] = -beta;
  }
  logisticPairs(result, 1, 0);
  return closePairs(result, batch, options, beta);
}

/** x = β (ρ_w - ρ_l) - margin and its derivatives ±β, for logisticPairs. */
export function scaledMargins(result: PairLossResult, beta: number, margin: number): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    losses[i] = beta * (chosenRewards[i] - rejectedRewards[i]) - margin;
    gradChosen[i] = beta;
    gradRejected[i] = -beta;
  }
}

/** x = β (ρ_w/|y_w| - ρ_l/|y_l|) - margin; the log-ratios become per-token ones. */
export function perTokenMargins(result: PairLossResult, batch: PairBatch, beta: number, margin: number): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const lw = batch.chosenLengths as ArrayLike<number>;
  const ll = batch.rejectedLengths as ArrayLike<number>;
  for (let i = 0; i < losses.length; i++) {
    chosenRewards[i] /= lw[i];
    rejectedRewards[i] /= ll[i];
    losses[i] = beta * (chosenRewards[i] - rejectedRewards[i]) - margin;
    gradChosen[i] = beta / lw[i];
    gradRejected[i] = -beta / ll[i];
  }
}
