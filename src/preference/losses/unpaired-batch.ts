// What every loss over single labelled responses shares: the batch, the result, its checks, weights and reduction.

import { arraySize, checkLogProbs, checkReduction, checkSize, checkWeights, type LossReduction } from './pair-batch.js';

/** Responses each judged by itself, as by a thumb up or down. */
export interface UnpairedBatch {
  /** log π(y | x) of each response, -Infinity allowed. */
  policy: ArrayLike<number>;
  /** The same under the frozen reference. Absent: zeros. */
  ref?: ArrayLike<number>;
  /** Whether the response is wanted. */
  desirable: ArrayLike<boolean>;
  /** Each at least 0, default 1. */
  weights?: ArrayLike<number>;
}

export interface UnpairedLossOptions {
  /** Inverse temperature of the implicit reward β (log π - log π_ref), > 0. Default 0.1. */
  beta?: number;
  /** 'mean' (default) divides by the number of responses, not by the sum of the weights. */
  reduction?: LossReduction;
}

export interface UnpairedLossResult {
  /** The reduced loss; absent with reduction 'none'. */
  loss?: number;
  /** Weighted losses before the reduction. */
  losses: Float64Array;
  /** ∂(reduced loss)/∂ policy[i]; with 'none' ∂ losses[i]/∂ policy[i]. */
  grad: Float64Array;
  /** Implicit rewards β (log π - log π_ref). */
  rewards: Float64Array;
}

/** Checks the batch and puts the rewards β ρ into the result. */
export function openUnpaired(
  batch: UnpairedBatch,
  options: UnpairedLossOptions,
  out: UnpairedLossResult | undefined,
  beta: number,
): UnpairedLossResult {
  const { policy, ref, desirable, weights } = batch;
  const n = arraySize('policy', policy);
  if (n === 0) throw new RangeError('policy must not be empty');
  checkLogProbs('policy', policy, n);
  checkSize('desirable', desirable, n);
  for (let i = 0; i < n; i++) {
    if (typeof desirable[i] !== 'boolean') throw new TypeError(`desirable[${i}] must be a boolean`);
  }
  if (weights !== undefined) checkWeights(weights, n);
  checkReduction(options.reduction);
  const result = out !== undefined && out.losses.length === n ? out : unpairedLossResult(n);
  if (ref !== undefined) checkLogProbs('ref', ref, n);
  for (let i = 0; i < n; i++) {
    const ratio = ref === undefined ? policy[i] : policy[i] - ref[i];
    if (ratio !== ratio) throw new RangeError(`response ${i}: policy and ref are both -Infinity`);
    result.rewards[i] = beta * ratio;
  }
  return result;
}

/** Room for the result of n responses. */
function unpairedLossResult(n: number): UnpairedLossResult {
  return { losses: new Float64Array(n), grad: new Float64Array(n), rewards: new Float64Array(n) };
}

/** Applies the weights and reduces. The sum is compensated, left to right. */
export function closeUnpaired(
  result: UnpairedLossResult,
  batch: UnpairedBatch,
  options: UnpairedLossOptions,
): UnpairedLossResult {
  const { losses, grad } = result;
  const n = losses.length;
  const reduction = options.reduction ?? 'mean';
  const scale = reduction === 'mean' ? 1 / n : 1;
  const weights = batch.weights;
  let total = 0;
  let compensation = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    const loss = weight === 0 ? 0 : losses[i] * weight;
    losses[i] = loss;
    grad[i] = weight === 0 ? 0 : grad[i] * (weight * scale);
    const next = total + loss;
    compensation += Math.abs(total) >= Math.abs(loss) ? total - next + loss : loss - next + total;
    total = next;
  }
  if (reduction === 'none') {
    if (result.loss !== undefined) delete result.loss;
  } else result.loss = (Number.isFinite(compensation) ? total + compensation : total) * scale;
  return result;
}
