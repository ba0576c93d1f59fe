// DPO under other divergences, and DPO calibrated to absolute rewards.

import { checkNumber, checkOption } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';
import { log1mExp } from '../../special/log1m-exp.js';
import { logSigmoid, softplus } from '../../special/logistic.js';
import {
  checkBeta,
  closePairs,
  logisticMargins,
  logisticParts,
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
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const c = order - 1;
  let correct = 0;
  let margin = 0;
  for (let i = 0; i < losses.length; i++) {
    const w = chosenRewards[i];
    const l = rejectedRewards[i];
    if (w === l && !Number.isFinite(w)) throw undefinedPair(i);
    let scoreW: number;
    let scoreL: number;
    let difference: number;
    if (divergence === 'js') {
      scoreW = logSigmoid(w);
      scoreL = logSigmoid(l);
      difference = scoreW === -Infinity && scoreL === -Infinity ? w - l : scoreW - scoreL;
    } else {
      scoreW = exp(c * w) / c;
      scoreL = exp(c * l) / c;
      difference = exponentialDifference(c, w, l);
    }
    const x = beta * difference;
    // σ(-x) S'(ρ) through its logarithm: one factor may overflow while the other vanishes.
    const flat = logisticParts(x);
    const logTail = x > 0 ? -x - flat : -flat;
    const slopeW = divergence === 'js' ? -softplus(w) : c * w;
    const slopeL = divergence === 'js' ? -softplus(l) : c * l;
    losses[i] = x < 0 ? flat - x : flat;
    gradChosen[i] = logTail === -Infinity ? 0 : -beta * exp(logTail + slopeW);
    gradRejected[i] = logTail === -Infinity ? 0 : beta * exp(logTail + slopeL);
    chosenRewards[i] = scoreW;
    rejectedRewards[i] = scoreL;
    if (x > 0) correct += 1;
    margin += x;
  }
  closePairs(result, batch, options, beta, true);
  result.accuracy = correct / losses.length;
  result.margin = margin / losses.length;
  return result;
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
export function exponentialDifference(c: number, w: number, l: number): number {
  const a = c * w;
  const b = c * l;
  if (a === b) return 0;
  const high = Math.max(a, b);
  const low = Math.min(a, b);
  const size = high > 700 ? exp(high + log1mExp(low - high)) : -exp(high) * expm1(low - high);
  return (a > b ? size : -size) / c;
}
