// Losses that look at each log-ratio by itself and so anchor the likelihoods: binary classifier, APO, SPPO.

import { checkNumber } from '../../internal/check.js';
import { positivePart, sidePicked } from '../../special/branchless.js';
import { expUnit } from '../../special/exp-unit.js';
import { log1pUnit } from '../../special/log1p-unit.js';
import {
  checkBeta,
  checkSize,
  closePairs,
  openPairs,
  undefinedPair,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface BcoPairLossOptions extends PairLossOptions {
  /** Reward shift δ. Default 0. */
  delta?: number;
}

/**
 * Binary classifier on pairs: -log σ(βρ_w - δ) - log σ(-(βρ_l - δ)).
 *
 * S. Jung et al., arXiv:2404.04656, both halves from one pair.
 */
export function bcoPairLoss(batch: PairBatch, options: BcoPairLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const delta = checkNumber('delta', options.delta ?? 0);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const a = beta * chosenRewards[i] - delta;
    const c = beta * rejectedRewards[i] - delta;
    const s = expUnit(-Math.abs(a));
    const t = expUnit(-Math.abs(c));
    losses[i] = log1pUnit(s) + positivePart(-a) + (log1pUnit(t) + positivePart(c));
    gradChosen[i] = (-beta * sidePicked(a, s, 1)) / (1 + s);
    gradRejected[i] = (beta * sidePicked(c, 1, t)) / (1 + t);
  }
  return closePairs(result, batch, options, beta);
}

/**
 * Anchored preference optimization, zero variant: σ(-βρ_w) + σ(βρ_l). Chosen responses go up, rejected ones down.
 *
 * K. D'Oosterlinck et al., arXiv:2408.06266, equation 7.
 */
export function apoZeroLoss(batch: PairBatch, options: PairLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const a = beta * chosenRewards[i];
    const c = beta * rejectedRewards[i];
    const s = expUnit(-Math.abs(a));
    const t = expUnit(-Math.abs(c));
    const bulkA = 1 / (1 + s);
    const bulkC = 1 / (1 + t);
    losses[i] = sidePicked(a, s, 1) * bulkA + sidePicked(c, 1, t) * bulkC;
    gradChosen[i] = -beta * (s * bulkA) * bulkA; // σ(a) σ(-a), of either sign
    gradRejected[i] = beta * (t * bulkC) * bulkC;
  }
  return closePairs(result, batch, options, beta);
}

/**
 * Anchored preference optimization, down variant: σ(βρ_w) + σ(-βh). Both responses go down, the rejected one faster.
 *
 * K. D'Oosterlinck et al., arXiv:2408.06266, equation 8. For policies better than the chosen responses.
 */
export function apoDownLoss(batch: PairBatch, options: PairLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const a = beta * chosenRewards[i];
    const x = beta * (chosenRewards[i] - rejectedRewards[i]);
    if (x !== x) throw undefinedPair(i);
    const s = expUnit(-Math.abs(a));
    const t = expUnit(-Math.abs(x));
    const bulkA = 1 / (1 + s);
    const bulkX = 1 / (1 + t);
    const slope = t * bulkX * bulkX;
    losses[i] = sidePicked(a, 1, s) * bulkA + sidePicked(x, t, 1) * bulkX;
    gradChosen[i] = beta * (s * bulkA * bulkA - slope);
    gradRejected[i] = beta * slope;
  }
  return closePairs(result, batch, options, beta);
}

export interface SppoLossOptions extends PairLossOptions {
  /** Probability that the chosen response beats the policy, a number or one a pair. Default 1. */
  chosenWinProb?: number | ArrayLike<number>;
  /** Probability that the rejected response does. Default 0. */
  rejectedWinProb?: number | ArrayLike<number>;
  /** Half the sum of the two squares instead of the sum. Default false. */
  average?: boolean;
}

/**
 * Self-play preference optimization: (ρ_w - (q_w - 1/2)/β)² + (ρ_l - (q_l - 1/2)/β)².
 *
 * Y. Wu et al., arXiv:2405.00675. The optimum is at finite log-ratios.
 */
export function sppoLoss(batch: PairBatch, options: SppoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const wins = winProbabilities('chosenWinProb', options.chosenWinProb ?? 1, losses.length);
  const upsets = winProbabilities('rejectedWinProb', options.rejectedWinProb ?? 0, losses.length);
  const unit = options.average === true ? 0.5 : 1;
  for (let i = 0; i < losses.length; i++) {
    const qw = typeof wins === 'number' ? wins : wins[i];
    const ql = typeof upsets === 'number' ? upsets : upsets[i];
    const w = chosenRewards[i] - (qw - 0.5) / beta;
    const l = rejectedRewards[i] - (ql - 0.5) / beta;
    losses[i] = unit * (w * w + l * l);
    gradChosen[i] = 2 * unit * w;
    gradRejected[i] = 2 * unit * l;
  }
  return closePairs(result, batch, options, beta);
}

function winProbabilities(name: string, value: number | ArrayLike<number>, n: number): number | ArrayLike<number> {
  if (typeof value === 'number') return checkNumber(name, value, 0, 1);
  checkSize(name, value, n);
  for (let i = 0; i < n; i++) checkNumber(`${name}[${i}]`, value[i], 0, 1);
  return value;
}
