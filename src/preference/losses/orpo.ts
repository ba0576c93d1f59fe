// Odds-ratio preference optimization.

import { checkNumber } from '../../internal/check.js';
import { positivePart, sidePicked } from '../../special/branchless.js';
import { exp, exponentialParts, expParts } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';
import { log } from '../../special/log.js';
import { log1pUnit } from '../../special/log1p-unit.js';
import { softplus } from '../../special/logistic.js';
import {
  checkPairLengths,
  closePairs,
  openPairs,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface OrpoLossOptions extends Omit<PairLossOptions, 'beta'> {
  /** Weight λ of the odds-ratio term, at least 0. Default 0.1. */
  lambda?: number;
}

export interface OrpoLossResult extends PairLossResult {
  /** log(odds_w / odds_l) of every pair. */
  logOdds: Float64Array;
}

/**
 * ORPO: -A - λ log σ(log odds_w - log odds_l), A = log π_w/|y_w|, odds = p/(1-p) of the mean log-probability. Reference-free.
 *
 * J. Hong, N. Lee, J. Thorne, arXiv:2403.07691, equations 4 and 7. Rewards: λ times the mean log-probability.
 *
 * @throws TypeError without lengths
 * @throws RangeError if a log-probability is positive, or both of a pair are 0
 */
export function orpoLoss(batch: PairBatch, options: OrpoLossOptions = {}, out?: OrpoLossResult): OrpoLossResult {
  const lambda = checkNumber('lambda', options.lambda ?? 0.1, 0);
  checkPairLengths(batch, 'orpoLoss');
  const result = openPairs(batch, options, out, 0, true) as OrpoLossResult;
  const { losses, gradChosen, gradRejected, chosenRewards } = result;
  const n = losses.length;
  if (result.logOdds?.length !== n) result.logOdds = new Float64Array(n);
  const logOdds = result.logOdds;
  const lw = batch.chosenLengths as ArrayLike<number>;
  const ll = batch.rejectedLengths as ArrayLike<number>;
  oddsRatios(result, lw, ll);
  for (let i = 0; i < n; i++) {
    const upset = logOdds[i];
    if (upset !== upset) {
      edgePair(result, i, lambda);
      gradChosen[i] /= lw[i];
      gradRejected[i] /= ll[i];
      continue;
    }
    const odds = -log(upset);
    const t = sidePicked(odds, upset, 1 / upset); // e^{-|odds|}
    const missed = (lambda * sidePicked(odds, t, 1)) / (1 + t); // λ σ(-odds)
    logOdds[i] = odds;
    losses[i] = lambda * (log1pUnit(t) + positivePart(-odds)) - chosenRewards[i];
    gradChosen[i] = -(gradChosen[i] + missed) / (gradChosen[i] * lw[i]); // (-1 - missed/(1 - p))/|y|
    gradRejected[i] = missed / (gradRejected[i] * ll[i]);
  }
  return closePairs(result, batch, options, lambda === 0 ? 1 : lambda) as OrpoLossResult;
}

/**
 * Mean log-probabilities into the rewards, 1 - p into the gradients, odds_l/odds_w into logOdds: e^A and 1 - e^A from one
 * reduction, in a function of their own, as an engine inlines only so much into one. NaN marks a pair near the edges.
 */
function oddsRatios(
  { gradChosen, gradRejected, chosenRewards, rejectedRewards, logOdds }: OrpoLossResult,
  lw: ArrayLike<number>,
  ll: ArrayLike<number>,
): void {
  for (let i = 0; i < logOdds.length; i++) {
    const a = chosenRewards[i] / lw[i];
    const c = rejectedRewards[i] / ll[i];
    chosenRewards[i] = a;
    rejectedRewards[i] = c;
    let upset = NaN;
    if (a > -300 && c > -300 && a < 0 && c < 0) {
      expParts(a);
      const p = exponentialParts[0] + exponentialParts[1];
      const restA = -(exponentialParts[0] - 1 + exponentialParts[1]);
      expParts(c);
      const q = exponentialParts[0] + exponentialParts[1];
      const restC = -(exponentialParts[0] - 1 + exponentialParts[1]);
      upset = (q * restA) / (p * restC); // odds_l / odds_w
      gradChosen[i] = restA;
      gradRejected[i] = restC;
    }
    logOdds[i] = upset > 1e-290 && upset < 1e290 ? upset : NaN;
  }
}

/** One pair by its definition, for probabilities near 0 and 1 and those that are 0 or 1. Gradients are those in A and C. */
function edgePair(result: OrpoLossResult, i: number, lambda: number): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards, logOdds } = result;
  const a = chosenRewards[i];
  const c = rejectedRewards[i];
  if (a === 0 && c === 0) throw new RangeError(`pair ${i}: both responses have probability 1`);
  if (a === -Infinity && c === -Infinity) throw new RangeError(`pair ${i}: both responses have probability 0`);
  const restA = 0 - expm1(a); // +0 at a = 0
  const restC = 0 - expm1(c);
  const odds = a - c - log(restA / restC); // log(1 - e^A) - log(1 - e^C) without NaN near probability 1
  // D = (1-e^A) + e^{A-C} (1-e^C), the denominator of both slopes.
  const denominator = restA + exp(a - c) * restC;
  logOdds[i] = odds;
  losses[i] = -a + (lambda === 0 ? 0 : lambda * softplus(-odds));
  gradChosen[i] = -1 - (lambda === 0 ? 0 : lambda / denominator);
  gradRejected[i] = lambda === 0 || denominator === Infinity ? 0 : (lambda * (restA / denominator)) / restC;
}
