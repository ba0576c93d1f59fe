// DPO under other divergences, and DPO calibrated to absolute rewards.

import { checkNumber, checkOption } from '../../internal/check.js';
import { positivePart, sidePicked } from '../../special/branchless.js';
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
  logisticPairs,
  openPairs,
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
 * C. Wang et al., arXiv:2309.16240. Rewards: β S(ρ). Where both S overflow, their difference is taken by its logarithm.
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
  if (divergence === 'js') logSigmoidScorePairs(result, beta);
  else {
    result.gradChosen.fill(beta);
    result.gradRejected.fill(-beta);
    exponentialScorePairs(result, order - 1, 0, beta, 0);
  }
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
  exponentialScores(result, c, shift, beta, target);
  const { losses, gradChosen, gradRejected } = result;
  for (let i = 0; i < losses.length; i++) {
    const x = losses[i];
    if (x !== x) {
      farExponentialPair(result, i, c, shift, beta, target);
      continue;
    }
    const size = Math.abs(x);
    const t = expUnit(-size);
    const missed = -sidePicked(x, t, 1) / (1 + t);
    losses[i] = log1pUnit(t) + (0.5 * size - 0.5 * x);
    gradChosen[i] *= missed;
    gradRejected[i] *= missed;
  }
}

/**
 * The scores and their slopes, in a function of their own: an engine inlines only so much into one. x goes into the
 * losses; NaN there marks a pair that needs logarithms.
 */
function exponentialScores(result: PairLossResult, c: number, shift: number, beta: number, target: number): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const n = losses.length;
  let correct = 0;
  let margin = 0;
  for (let i = 0; i < n; i++) {
    const w = c * chosenRewards[i];
    const l = c * rejectedRewards[i];
    let difference = NaN;
    let x = NaN;
    if (Math.abs(w) < 300 && Math.abs(l) < 300) {
      // e^w and e^w - 1 from one reduction; slopes are products here, as none of their factors leaves the range
      expParts(w);
      const slopeW = exponentialParts[0] + exponentialParts[1];
      const growthW = exponentialParts[0] - 1 + exponentialParts[1];
      expParts(l);
      const slopeL = exponentialParts[0] + exponentialParts[1];
      const growthL = exponentialParts[0] - 1 + exponentialParts[1];
      difference = (growthW - growthL) / c;
      x = beta * (difference - target);
      // between: σ(-x) loses digits or vanishes while a slope may be large; beyond, any slope times it is 0
      if (x >= 300 && x < 1100) x = NaN;
      else {
        gradChosen[i] *= slopeW;
        gradRejected[i] *= slopeL;
        chosenRewards[i] = (shift === 1 ? growthW : slopeW) / c;
        rejectedRewards[i] = (shift === 1 ? growthL : slopeL) / c;
      }
    } else difference = exponentialDifference(c, chosenRewards[i], rejectedRewards[i]);
    losses[i] = x;
    correct += Number(difference > 0);
    margin += beta * difference;
  }
  result.accuracy = correct / n;
  result.margin = margin / n;
}

/** One pair of `exponentialScorePairs` in logarithms: one factor may overflow while the other vanishes. */
function farExponentialPair(
  { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards }: PairLossResult,
  i: number,
  c: number,
  shift: number,
  beta: number,
  target: number,
): void {
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
}

/**
 * -log σ(β (log σ(ρ_w) - log σ(ρ_l))), otherwise as `exponentialScorePairs`. Three exponentials and three logarithms a
 * pair, and no fewer: both scores and the loss are logarithms, and all three are in the result. No factor of a slope
 * exceeds β, so that products do for infinite ratios too.
 */
function logSigmoidScorePairs(result: PairLossResult, beta: number): void {
  const { gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < gradChosen.length; i++) {
    gradChosen[i] = expUnit(-Math.abs(chosenRewards[i]));
    gradRejected[i] = expUnit(-Math.abs(rejectedRewards[i]));
  }
  logSigmoidScores(result, beta);
  logisticPairs(result, 1, 0);
}

/** From e^-|ρ| in the gradients: log σ(ρ) into the rewards, x into the losses, ∂x/∂policy = ±β σ(-ρ) into the gradients. */
function logSigmoidScores(result: PairLossResult, beta: number): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const n = losses.length;
  let correct = 0;
  let margin = 0;
  for (let i = 0; i < n; i++) {
    const w = chosenRewards[i];
    const l = rejectedRewards[i];
    if (w - l !== w - l) throw undefinedPair(i);
    const s = gradChosen[i];
    const t = gradRejected[i];
    const scoreW = -log1pUnit(s) - positivePart(-w);
    const scoreL = -log1pUnit(t) - positivePart(-l);
    const difference = scoreW - scoreL;
    const x = beta * difference;
    chosenRewards[i] = scoreW;
    rejectedRewards[i] = scoreL;
    gradChosen[i] = (beta * sidePicked(w, s, 1)) / (1 + s);
    gradRejected[i] = (-beta * sidePicked(l, t, 1)) / (1 + t);
    losses[i] = x;
    correct += Number(difference > 0);
    margin += x;
  }
  result.accuracy = correct / n;
  result.margin = margin / n;
}

export interface CalDpoLossOptions extends PairLossOptions {
  /** Weight of the calibration terms. Default 0.5. */
  calCoef?: number;
}

/**
 * Calibrated DPO: -log σ(h) + c ((ρ_w - 1/(2β))² + (ρ_l + 1/(2β))²), h without β. Rewards: β ρ.
 *
 * T. Xiao et al., arXiv:2412.14516.
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
