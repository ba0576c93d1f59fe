// Reference-free losses on average log-probabilities: SimPO and AlphaPO; and CPO with its likelihood term.

import { checkNumber, checkOption } from '../../internal/check.js';
import { exponentialScorePairs } from './divergences.js';
import { perTokenMargins } from './dpo.js';
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

export interface SimpoLossOptions extends PairLossOptions {
  /** Target margin over β, γ/β. Default 0.25. */
  gammaBetaRatio?: number;
  /** As in `dpoLoss`. */
  labelSmoothing?: number;
}

/**
 * SimPO: -log σ(β (log π_w/|y_w| - log π_l/|y_l| - γ/β)). Reference-free; rewards β log π/|y|.
 *
 * Y. Meng, M. Xia, D. Chen, arXiv:2405.14734. Per-token averages are small, so β is 2 to 10, not DPO's 0.01 to 0.5. Default 2.
 *
 * @throws TypeError without lengths
 */
export function simpoLoss(batch: PairBatch, options: SimpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 2);
  const ratio = checkNumber('gammaBetaRatio', options.gammaBetaRatio ?? 0.25);
  const smoothing = checkNumber('labelSmoothing', options.labelSmoothing ?? 0, 0, 1);
  checkPairLengths(batch, 'simpoLoss');
  const result = openPairs(batch, options, out, 0);
  perTokenMargins(result, batch, beta, beta * ratio);
  logisticPairs(result, 1 - smoothing, smoothing);
  return closePairs(result, batch, options, beta);
}

export interface AlphaPoLossOptions extends PairLossOptions {
  /** Target margin over β. Default 0.25. */
  gammaBetaRatio?: number;
  /** Shape α of the reward (1 - e^{-α z})/α; 0 is SimPO. Default 0.25. */
  alpha?: number;
}

/**
 * AlphaPO: SimPO with the reward f(z) = (1 - e^{-αz})/α of the average log-probability z.
 *
 * A. Gupta et al., arXiv:2501.03884. Rewards: β f(log π/|y|).
 *
 * @throws TypeError without lengths
 */
export function alphaPoLoss(batch: PairBatch, options: AlphaPoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 2);
  const ratio = checkNumber('gammaBetaRatio', options.gammaBetaRatio ?? 0.25);
  const alpha = checkNumber('alpha', options.alpha ?? 0.25);
  checkPairLengths(batch, 'alphaPoLoss');
  const result = openPairs(batch, options, out, 0);
  perTokenMargins(result, batch, beta, beta * ratio);
  if (alpha === 0) {
    logisticPairs(result, 1, 0);
    return closePairs(result, batch, options, beta);
  }
  exponentialScorePairs(result, -alpha, 1, beta, ratio);
  return closePairs(result, batch, options, beta, true);
}

export interface CpoLossOptions extends PairLossOptions {
  /** Weight of the negative log-likelihood of the chosen response. Default 1. */
  nllCoef?: number;
  /** 'mean' (default) per token, which needs lengths; 'sum' per response. */
  nllReduction?: 'mean' | 'sum';
  /** As in `dpoLoss`. */
  labelSmoothing?: number;
}

/**
 * Contrastive preference optimization: -log σ(β (log π_w - log π_l)) + c NLL(y_w). Reference-free.
 *
 * H. Xu et al., arXiv:2401.08417.
 *
 * @throws TypeError without lengths, unless nllReduction is 'sum' or nllCoef is 0
 */
export function cpoLoss(batch: PairBatch, options: CpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const smoothing = checkNumber('labelSmoothing', options.labelSmoothing ?? 0, 0, 1);
  const coefficient = checkNumber('nllCoef', options.nllCoef ?? 1, 0);
  const perToken = checkOption('nllReduction', options.nllReduction ?? 'mean', ['mean', 'sum']) === 'mean';
  if (perToken && coefficient > 0) checkPairLengths(batch, 'cpoLoss');
  const result = openPairs(batch, options, out, 0);
  logisticMargins(result, beta, 0, 1 - smoothing, smoothing);
  addNegativeLogLikelihood(result, batch, coefficient, perToken);
  return closePairs(result, batch, options, beta);
}

export interface RpoLossOptions extends PairLossOptions {
  /** Weight of the negative log-likelihood per token of the chosen response. Default 1. */
  nllCoef?: number;
}

/**
 * DPO plus the likelihood of the chosen response: -log σ(β h) - c log π_w/|y_w|.
 *
 * R. Y. Pang et al., "Iterative Reasoning Preference Optimization", arXiv:2404.19733.
 *
 * @throws TypeError without lengths, unless nllCoef is 0
 */
export function rpoLoss(batch: PairBatch, options: RpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const coefficient = checkNumber('nllCoef', options.nllCoef ?? 1, 0);
  if (coefficient > 0) checkPairLengths(batch, 'rpoLoss');
  const result = openPairs(batch, options, out);
  logisticMargins(result, beta, 0, 1, 0);
  addNegativeLogLikelihood(result, batch, coefficient, true);
  return closePairs(result, batch, options, beta);
}

function addNegativeLogLikelihood(
  result: PairLossResult,
  batch: PairBatch,
  coefficient: number,
  perToken: boolean,
): void {
  if (coefficient === 0) return;
  const { losses, gradChosen } = result;
  const { policyChosen, chosenLengths } = batch;
  for (let i = 0; i < losses.length; i++) {
    const each = perToken ? coefficient / (chosenLengths as ArrayLike<number>)[i] : coefficient;
    losses[i] -= each * policyChosen[i];
    gradChosen[i] -= each;
  }
}
