// DPO under other divergences, and DPO calibrated to absolute rewards.

import { checkNumber, checkOption } from '../../internal/check.js';
import { exp, exponentialParts, expParts } from '../../special/exp.js';
import { expUnit } from '../../special/exp-unit.js';
import { expm1 } from '../../special/expm1.js';
import { log1pUnit } from '../../special/log1p-unit.js';
import { log1mExp } from '../../special/log1m-exp.js';
import { logSigmoid, softplus } from '../../special/logistic.js';
import {
  checkBeta,
  closePairs,
  logisticMargins,
  openPairs,
  positivePart,
  sidePicked,
  undefinedPair,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export type DpoDivergence = 'reverse_kl' | 'forward_kl' | 'js' | 'alpha';

export interface FdpoLossOptions extends PairLossOptions {
  /** Divergence that keeps the policy near the reference. Default 'reverse_kl', which is DPO. */
  divergence?: DpoDivergence;
  /** Order α of 'alpha'. 1 is reverse_kl, 0 is forward_kl. A paper's α' is 1 - α. Default 0.5. */
  alpha?: number;
}

/**
 * f-DPO: -log σ(β (S(ρ_w) - S(ρ_l))), where S = f' of the divergence up to constants.
 *
 *   reverse_kl  S = ρ              forward_kl  S = -e^{-ρ}
 *   js          S = log σ(ρ)       alpha       S = e^{(α-1)ρ}/(α-1)
 *
 * C. Wang et al., arXiv:2309.16240, Table 1. Rewards: β S(ρ). Where both S overflow, their difference is taken by its logarithm.
 */
export function fdpoLoss(batch: PairBatch, options: FdpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const divergence = checkOption('divergence', options.divergence ?? 'reverse_kl', [
    'reverse_kl',
    'forward_kl',
    'js',
    'alpha',
  ]);
  const order = divergence === 'forward_kl' ? 0 : checkNumber('alpha', options.alpha ?? 0.5);
  const result = openPairs(batch, options, out);
  if (divergence === 'reverse_kl' || (divergence === 'alpha' && Math.abs(order - 1) < 1e-6)) {
    logisticMargins(result, beta, 0, 1, 0);
    return closePairs(result, batch, options, beta);
  }
  const { gradChosen, gradRejected } = result;
  gradChosen.fill(beta);
  gradRejected.fill(-beta);
  if (divergence === 'js') logSigmoidScorePairs(result, beta);
  else exponentialScorePairs(result, order - 1, 0, beta, 0);
  return closePairs(result, batch, options, beta, true);
}

/**
 * -log σ(β (S(ρ_w) - S(ρ_l) - target)) with S(ρ) = (e^{cρ} - shift)/c: ρ in the rewards on entry, S(ρ) on exit; β ∂ρ/∂policy
 * in gradChosen and its negative in gradRejected on entry, the gradients on exit. Accuracy and margin are those of S.
 */
export function exponentialScorePairs(
  result: PairLossResult,
  c: number,
  shift: number,
  beta: number,
  target: number,
): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  let correct = 0;
  let margin = 0;
  for (let i = 0; i < losses.length; i++) {
    const w = c * chosenRewards[i];
    const l = c * rejectedRewards[i];
    if (!(Math.abs(w) < 300 && Math.abs(l) < 300)) {
      const difference = farExponentialPair(result, i, c, shift, beta, target);
      correct += Number(difference > 0);
      margin += beta * difference;
      continue;
    }
    // e^w and e^w - 1 from one reduction; slopes are products here, as none of their factors leaves the range
    expParts(w);
    const slopeW = exponentialParts[0] + exponentialParts[1];
    const growthW = exponentialParts[0] - 1 + exponentialParts[1];
    expParts(l);
    const slopeL = exponentialParts[0] + exponentialParts[1];
    const growthL = exponentialParts[0] - 1 + exponentialParts[1];
    const difference = (growthW - growthL) / c;
    const x = beta * (difference - target);
    const size = Math.abs(x);
    if (!(size < 300)) {
      farExponentialPair(result, i, c, shift, beta, target);
    } else {
      const t = expUnit(-size);
      const missed = -sidePicked(x, t, 1) / (1 + t);
      losses[i] = log1pUnit(t) + (0.5 * size - 0.5 * x);
      gradChosen[i] *= missed * slopeW;
      gradRejected[i] *= missed * slopeL;
      chosenRewards[i] = (shift === 1 ? growthW : slopeW) / c;
      rejectedRewards[i] = (shift === 1 ? growthL : slopeL) / c;
    }
    correct += Number(difference > 0);
    margin += beta * difference;
  }
  result.accuracy = correct / losses.length;
  result.margin = margin / losses.length;
}

/** One pair of `exponentialScorePairs` in logarithms: one factor may overflow while the other vanishes. Returns S(ρ_w) - S(ρ_l). */
function farExponentialPair(
  { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards }: PairLossResult,
  i: number,
  c: number,
  shift: number,
  beta: number,
  target: number,
): number {
  const w = chosenRewards[i];
  const l = rejectedRewards[i];
  if (w === l && !Number.isFinite(w)) throw undefinedPair(i);
  const difference = exponentialDifference(c, w, l);
  const x = beta * (difference - target);
  const logTail = logSigmoid(-x);
  losses[i] = softplus(-x);
  gradChosen[i] *= logTail === -Infinity ? 0 : -exp(logTail + c * w);
  gradRejected[i] *= logTail === -Infinity ? 0 : -exp(logTail + c * l);
  chosenRewards[i] = (shift === 1 ? expm1(c * w) : exp(c * w)) / c;
  rejectedRewards[i] = (shift === 1 ? expm1(c * l) : exp(c * l)) / c;
  return difference;
}

/**
 * -log σ(β (log σ(ρ_w) - log σ(ρ_l))), otherwise as `exponentialScorePairs`. Three exponentials and three logarithms a
 * pair, and no fewer: both scores and the loss are logarithms, and all three are in the result.
 */
function logSigmoidScorePairs(result: PairLossResult, beta: number): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  let correct = 0;
  let margin = 0;
  for (let i = 0; i < losses.length; i++) {
    const w = chosenRewards[i];
    const l = rejectedRewards[i];
    const s = expUnit(-Math.abs(w));
    const t = expUnit(-Math.abs(l));
    const scoreW = -log1pUnit(s) - positivePart(-w);
    const scoreL = -log1pUnit(t) - positivePart(-l);
    chosenRewards[i] = scoreW;
    rejectedRewards[i] = scoreL;
    if (w === l && !Number.isFinite(w)) throw undefinedPair(i);
    const difference = scoreW - scoreL;
    const x = beta * difference;
    const u = expUnit(-Math.abs(x));
    losses[i] = log1pUnit(u) + positivePart(-x);
    if (Math.abs(w) < 300 && Math.abs(l) < 300 && Math.abs(x) < 100) {
      const missed = -sidePicked(x, u, 1) / (1 + u);
      gradChosen[i] *= (missed * sidePicked(w, s, 1)) / (1 + s);
      gradRejected[i] *= (missed * sidePicked(l, t, 1)) / (1 + t);
    } else {
      const logTail = logSigmoid(-x);
      gradChosen[i] *= logTail === -Infinity ? 0 : -exp(logTail - softplus(w));
      gradRejected[i] *= logTail === -Infinity ? 0 : -exp(logTail - softplus(l));
    }
    correct += Number(difference > 0);
    margin += x;
  }
  result.accuracy = correct / losses.length;
  result.margin = margin / losses.length;
}

export interface CalDpoLossOptions extends PairLossOptions {
  /** Weight of the calibration terms. Default 0.5. */
  calCoef?: number;
}

/**
 * Calibrated DPO: -log σ(h) + c ((ρ_w - 1/(2β))² + (ρ_l + 1/(2β))²), h without β. Rewards: β ρ.
 *
 * T. Xiao et al., arXiv:2412.14516, equation 9.
 */
export function calDpoLoss(batch: PairBatch, options: CalDpoLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const coefficient = checkNumber('calCoef', options.calCoef ?? 0.5, 0);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const target = 1 / (2 * beta);
  logisticMargins(result, 1, 0, 1, 0);
  if (coefficient > 0) {
    for (let i = 0; i < losses.length; i++) {
      const w = chosenRewards[i] - target;
      const l = rejectedRewards[i] + target;
      losses[i] += coefficient * (w * w + l * l);
      gradChosen[i] += 2 * coefficient * w;
      gradRejected[i] += 2 * coefficient * l;
    }
  }
  return closePairs(result, batch, options, beta);
}

/** (e^{c w} - e^{c l})/c without Infinity - Infinity and without cancellation near w = l. */
function exponentialDifference(c: number, w: number, l: number): number {
  const a = c * w;
  const b = c * l;
  if (a === b) return 0;
  const high = Math.max(a, b);
  const low = Math.min(a, b);
  const size = high > 700 ? exp(high + log1mExp(low - high)) : -exp(high) * expm1(low - high);
  return (a > b ? size : -size) / c;
}
