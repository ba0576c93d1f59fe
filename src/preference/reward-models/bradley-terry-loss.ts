// The loss that a scalar reward model is trained with, and the accuracy that it is judged by.

import { checkNumber } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log1p } from '../../special/log1p.js';
import { arraySize, checkSize, type LossReduction } from '../losses/pair-batch.js';

/** Rewards of chosen and rejected responses. */
export interface RewardPairs {
  chosen: ArrayLike<number>;
  rejected: ArrayLike<number>;
  /** How much better the chosen response is, in units of reward; the loss asks for that much more. Default 0. */
  margins?: ArrayLike<number>;
}

export interface BradleyTerryLossOptions {
  /** Weight c of (r_w + r_l)², which keeps rewards near 0. Default 0. */
  centerCoef?: number;
  reduction?: LossReduction;
}

export interface BradleyTerryLossResult {
  loss?: number;
  losses: Float64Array;
  /** ∂(reduced loss)/∂ chosen[i]. */
  gradChosen: Float64Array;
  gradRejected: Float64Array;
  /** Fraction with chosen > rejected. */
  accuracy: number;
}

/**
 * -log σ(r_w - r_l - m) + c (r_w + r_l)².
 *
 * R. A. Bradley, M. E. Terry, Biometrika 39 (1952); the margin: H. Touvron et al., arXiv:2307.09288; the
 * centering: J. Eisenstein et al., arXiv:2312.09244. O(B).
 *
 * @throws RangeError if a reward is not finite or lengths differ
 *
 * @example
 * bradleyTerryLoss({ chosen: [1], rejected: [1] }).loss; //=> Math.LN2
 */
export function bradleyTerryLoss(
  pairs: RewardPairs,
  options: BradleyTerryLossOptions = {},
  out?: BradleyTerryLossResult,
): BradleyTerryLossResult {
  const n = checkRewards(pairs);
  const { chosen, rejected, margins } = pairs;
  const coefficient = checkNumber('centerCoef', options.centerCoef ?? 0, 0);
  const reduction = options.reduction ?? 'mean';
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none') {
    throw new RangeError(`reduction must be 'mean', 'sum' or 'none', got ${String(reduction)}`);
  }
  const scale = reduction === 'mean' ? 1 / n : 1;
  const result =
    out !== undefined && out.losses.length === n
      ? out
      : {
          losses: new Float64Array(n),
          gradChosen: new Float64Array(n),
          gradRejected: new Float64Array(n),
          accuracy: 0,
        };
  const { losses, gradChosen, gradRejected } = result;
  let correct = 0;
  let total = 0;
  let compensation = 0;
  for (let i = 0; i < n; i++) {
    const x = chosen[i] - rejected[i] - (margins === undefined ? 0 : margins[i]);
    const level = chosen[i] + rejected[i];
    const t = exp(-Math.abs(x));
    const slope = -(x < 0 ? 1 : t) / (1 + t);
    const loss = log1p(t) + (x < 0 ? -x : 0) + coefficient * level * level;
    losses[i] = loss;
    gradChosen[i] = scale * (slope + 2 * coefficient * level);
    gradRejected[i] = scale * (-slope + 2 * coefficient * level);
    if (chosen[i] > rejected[i]) correct += 1;
    const next = total + loss;
    compensation += Math.abs(total) >= Math.abs(loss) ? total - next + loss : loss - next + total;
    total = next;
  }
  result.accuracy = correct / n;
  if (reduction !== 'none') result.loss = (total + compensation) * scale;
  else if (result.loss !== undefined) delete result.loss;
  return result;
}

/**
 * Share of pairs that a reward model ranks as the label does.
 *
 * @param options `ties` counts equal rewards as 0 (default, strict) or 0.5
 *
 * @example
 * rewardBenchAccuracy({ chosen: [1, 2, 0], rejected: [0, 2, 1] }, { ties: 0.5 }); //=> 0.5
 */
export function rewardBenchAccuracy(pairs: RewardPairs, options: { ties?: 0 | 0.5 } = {}): number {
  const n = checkRewards(pairs);
  const ties = options.ties ?? 0;
  if (ties !== 0 && ties !== 0.5) throw new RangeError(`ties must be 0 or 0.5, got ${String(ties)}`);
  let correct = 0;
  for (let i = 0; i < n; i++) {
    if (pairs.chosen[i] > pairs.rejected[i]) correct += 1;
    else if (pairs.chosen[i] === pairs.rejected[i]) correct += ties;
  }
  return correct / n;
}

function checkRewards({ chosen, rejected, margins }: RewardPairs): number {
  const n = arraySize('chosen', chosen);
  if (n === 0) throw new RangeError('chosen must not be empty');
  checkFinite('chosen', chosen, n);
  checkFinite('rejected', rejected, n);
  if (margins !== undefined) checkFinite('margins', margins, n);
  return n;
}

function checkFinite(name: string, x: ArrayLike<number>, n: number): void {
  checkSize(name, x, n);
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(x[i])) throw new RangeError(`${name}[${i}] must be finite, got ${x[i]}`);
  }
}
