// Identity preference optimization and the hinge losses.

import { checkNumber, checkOption } from '../../internal/check.js';
import { positivePart, sidePicked } from '../../special/branchless.js';
import { expUnit } from '../../special/exp-unit.js';
import { log1pUnit } from '../../special/log1p-unit.js';
import {
  checkBeta,
  checkNoSmoothing,
  checkPairLengths,
  closePairs,
  openPairs,
  undefinedPair,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface IpoLossOptions extends PairLossOptions {
  /**
   * 'mean' (default) takes log-ratios per token and needs lengths; 'sum' takes them per response, which makes the
   * effective β depend on the length.
   */
  normalize?: 'mean' | 'sum';
  /** 'target' (default): (h - 1/(2β))²; 'scaled': (βh - 1/2)², β² times that. */
  form?: 'target' | 'scaled';
}

/**
 * Identity preference optimization: (h - 1/(2β))² with h the difference of the log-ratios.
 *
 * M. G. Azar et al., arXiv:2310.12036, equation 17 (τ there is β here). The optimum is at a finite margin even where
 * all labels agree.
 *
 * @throws TypeError without lengths, unless normalize is 'sum'; RangeError if labelSmoothing is given
 *
 * @example
 * ipoLoss({ policyChosen: [-3], policyRejected: [-4] }, { beta: 0.5, normalize: 'sum' }).loss; //=> 0
 */
export function ipoLoss(batch: PairBatch, options: IpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  checkNoSmoothing(options, 'ipoLoss');
  const perToken = checkOption('normalize', options.normalize ?? 'mean', ['mean', 'sum']) === 'mean';
  const scaled = checkOption('form', options.form ?? 'target', ['target', 'scaled']) === 'scaled';
  if (perToken) checkPairLengths(batch, 'ipoLoss');
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const { chosenLengths, rejectedLengths } = batch;
  const unit = scaled ? beta : 1;
  const target = scaled ? 0.5 : 1 / (2 * beta);
  for (let i = 0; i < losses.length; i++) {
    const lw = perToken ? (chosenLengths as ArrayLike<number>)[i] : 1;
    const ll = perToken ? (rejectedLengths as ArrayLike<number>)[i] : 1;
    const residual = unit * (chosenRewards[i] / lw - rejectedRewards[i] / ll) - target;
    if (residual !== residual) throw undefinedPair(i);
    losses[i] = residual * residual;
    gradChosen[i] = (2 * unit * residual) / lw;
    gradRejected[i] = (-2 * unit * residual) / ll;
  }
  return closePairs(result, batch, options, beta);
}

export interface HingeLossOptions extends PairLossOptions {
  /** Margin in units of reward. Default 1. */
  margin?: number;
}

/**
 * Hinge on the implicit rewards: max(0, margin - β h). The derivative at the kink is 0.
 *
 * Y. Zhao et al., arXiv:2305.10425 (SLiC-HF), with the reference of T. Liu et al., arXiv:2309.06657.
 *
 * @throws RangeError if labelSmoothing is given
 */
export function hingeLoss(batch: PairBatch, options: HingeLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  checkNoSmoothing(options, 'hingeLoss');
  const margin = checkNumber('margin', options.margin ?? 1);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const slack = margin - beta * (chosenRewards[i] - rejectedRewards[i]);
    if (slack !== slack) throw undefinedPair(i);
    const slope = beta * Number(slack > 0);
    losses[i] = positivePart(slack);
    gradChosen[i] = 0 - slope;
    gradRejected[i] = slope;
  }
  return closePairs(result, batch, options, beta);
}

export interface SlicLossOptions extends Omit<PairLossOptions, 'beta'> {
  /** Margin δ of log-probabilities. Default 1. */
  delta?: number;
  /** Weight λ of the regularizer. Default 0.1. */
  lambda?: number;
  /** 'nll' -log π_w (default), 'softplus' log(1 + e^{1 - ρ_w}), or 'none'. */
  regularizer?: 'nll' | 'softplus' | 'none';
  /** Use log-probabilities per token. Default false. */
  lengthNormalize?: boolean;
}

/**
 * Sequence likelihood calibration: max(0, δ - log π_w + log π_l) + λ R(y_w). Reference-free but for 'softplus'.
 *
 * Y. Zhao et al., arXiv:2305.10425. Rewards: log π (per token with lengthNormalize).
 *
 * @throws TypeError if lengthNormalize is asked for without lengths
 */
export function slicLoss(batch: PairBatch, options: SlicLossOptions = {}, out?: PairLossResult): PairLossResult {
  checkNoSmoothing(options, 'slicLoss');
  const delta = checkNumber('delta', options.delta ?? 1);
  const lambda = checkNumber('lambda', options.lambda ?? 0.1, 0);
  const regularizer = checkOption('regularizer', options.regularizer ?? 'nll', ['nll', 'softplus', 'none']);
  const normalize = options.lengthNormalize === true;
  if (normalize) checkPairLengths(batch, 'slicLoss');
  const result = openPairs(batch, options, out, regularizer === 'softplus' ? 1 : 0);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const { policyChosen, policyRejected, chosenLengths, rejectedLengths } = batch;
  for (let i = 0; i < losses.length; i++) {
    const lw = normalize ? (chosenLengths as ArrayLike<number>)[i] : 1;
    const ll = normalize ? (rejectedLengths as ArrayLike<number>)[i] : 1;
    const w = policyChosen[i] / lw;
    const l = policyRejected[i] / ll;
    const ratio = chosenRewards[i] / lw;
    const slack = delta - w + l;
    if (slack !== slack) throw undefinedPair(i);
    const active = Number(slack > 0);
    let loss = positivePart(slack);
    let slope = 0 - active;
    if (lambda > 0 && regularizer === 'nll') {
      loss -= lambda * w;
      slope -= lambda;
    } else if (lambda > 0 && regularizer === 'softplus') {
      const x = 1 - ratio;
      const t = expUnit(-Math.abs(x));
      loss += lambda * (log1pUnit(t) + positivePart(x));
      slope -= (lambda * sidePicked(x, 1, t)) / (1 + t);
    }
    losses[i] = loss;
    gradChosen[i] = slope / lw;
    gradRejected[i] = active / ll;
    chosenRewards[i] = w;
    rejectedRewards[i] = l;
  }
  return closePairs(result, batch, options, 1);
}
