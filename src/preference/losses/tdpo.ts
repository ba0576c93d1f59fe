// Token-level direct preference optimization: DPO with the policy's drift along both responses in the margin.

import { checkNumber } from '../../internal/check.js';
import { scaledMargins } from './dpo.js';
import {
  checkBeta,
  checkSize,
  closePairs,
  logisticPairs,
  openPairs,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface TdpoBatch extends PairBatch {
  /** D = Σ_t KL(π_ref(·|y_<t) || π(·|y_<t)) along each response, as `forwardSum` of `sequentialKL` gives it. */
  chosenPositionKL: ArrayLike<number>;
  rejectedPositionKL: ArrayLike<number>;
}

export interface TdpoLossOptions extends PairLossOptions {
  /** 1: x = β(h - (D_l - D_w)); 2 (default): x = β(h - α(D_l - D_w)) with no gradient through D_w. */
  variant?: 1 | 2;
  /** Weight α of variant 2, at least 0. Default 0.5. */
  alpha?: number;
}

export interface TdpoLossResult extends PairLossResult {
  /** ∂(reduced loss)/∂ chosenPositionKL[i]; zero in variant 2. */
  gradChosenKL: Float64Array;
  gradRejectedKL: Float64Array;
}

/**
 * TDPO: -log σ(x), with the difference of the two sequential KL divergences in x. Rewards: β(ρ + D).
 *
 * Y. Zeng et al., arXiv:2404.11999.
 *
 * @throws RangeError if a divergence is negative or not finite
 */
export function tdpoLoss(batch: TdpoBatch, options: TdpoLossOptions = {}, out?: TdpoLossResult): TdpoLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const variant = options.variant ?? 2;
  if (variant !== 1 && variant !== 2) throw new RangeError(`variant must be 1 or 2, got ${String(variant)}`);
  const alpha = variant === 1 ? 1 : checkNumber('alpha', options.alpha ?? 0.5, 0);
  const { chosenPositionKL, rejectedPositionKL } = batch;
  const result = openPairs(batch, options, out) as TdpoLossResult;
  const { losses, chosenRewards, rejectedRewards } = result;
  const n = losses.length;
  checkDivergences('chosenPositionKL', chosenPositionKL, n);
  checkDivergences('rejectedPositionKL', rejectedPositionKL, n);
  if (result.gradChosenKL?.length !== n) {
    result.gradChosenKL = new Float64Array(n);
    result.gradRejectedKL = new Float64Array(n);
  }
  scaledMargins(result, beta, 0);
  for (let i = 0; i < n; i++) {
    losses[i] -= beta * alpha * (rejectedPositionKL[i] - chosenPositionKL[i]);
    chosenRewards[i] += chosenPositionKL[i];
    rejectedRewards[i] += rejectedPositionKL[i];
  }
  logisticPairs(result, 1, 0);
  closePairs(result, batch, options, beta);
  const { gradChosen, gradRejected, gradChosenKL, gradRejectedKL } = result;
  for (let i = 0; i < n; i++) {
    gradChosenKL[i] = variant === 1 ? gradChosen[i] : 0;
    gradRejectedKL[i] = alpha * gradRejected[i];
  }
  return result;
}

function checkDivergences(name: string, x: ArrayLike<number>, n: number): void {
  checkSize(name, x, n);
  for (let i = 0; i < n; i++) {
    if (!(x[i] >= 0 && x[i] < Infinity)) throw new RangeError(`${name}[${i}] must be finite, at least 0, got ${x[i]}`);
  }
}
