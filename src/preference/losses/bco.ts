// Binary classifier optimization: logistic loss of the implicit reward against a running mean.

import { checkNumber } from '../../internal/check.js';
import { positivePart, sidePicked } from '../../special/branchless.js';
import { expUnit } from '../../special/exp-unit.js';
import { log1pUnit } from '../../special/log1p-unit.js';
import { arraySize, checkBeta } from './pair-batch.js';
import {
  closeUnpaired,
  openUnpaired,
  type UnpairedBatch,
  type UnpairedLossOptions,
  type UnpairedLossResult,
} from './unpaired-batch.js';

/** Mean of all rewards seen so far, the threshold δ of the classifier, and their number. */
export interface BcoState {
  mean: number;
  count: number;
}

export interface BcoLossResult extends UnpairedLossResult {
  /** Includes this batch; `mean` is the δ that the losses used. */
  state: BcoState;
}

/** The state before the first batch. */
export function bcoInit(): BcoState {
  return { mean: 0, count: 0 };
}

/**
 * BCO: -log σ(r - δ) for a wanted response, -log σ(-(r - δ)) for an unwanted one, r = βρ.
 *
 * S. Jung et al., arXiv:2404.04656. δ is the mean of all rewards, this batch's included, held constant. The
 * state that was passed in is not touched.
 *
 * @throws RangeError as the pair losses do, or if the batch has an infinite reward, which has no mean
 *
 * @example
 * bcoLoss({ policy: [-1, -1], ref: [-1, -1], desirable: [true, false] }, bcoInit()).loss; //=> Math.LN2
 */
export function bcoLoss(
  batch: UnpairedBatch,
  state: BcoState,
  options: UnpairedLossOptions = {},
  out?: BcoLossResult,
): BcoLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  checkNumber('state.mean', state.mean);
  checkNumber('state.count', state.count, 0);
  const result = openUnpaired(batch, options, out, beta) as BcoLossResult;
  const { losses, grad, rewards } = result;
  const { desirable } = batch;
  const n = losses.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += rewards[i];
  if (!(Math.abs(total) < Infinity))
    throw new RangeError('policy must give finite rewards: their mean is the threshold');
  const delta = state.mean + ((total / n - state.mean) * n) / (state.count + n);
  for (let i = 0; i < n; i++) {
    const sign = 2 * Number(desirable[i]) - 1;
    const x = sign * (rewards[i] - delta);
    const t = expUnit(-Math.abs(x));
    losses[i] = log1pUnit(t) + positivePart(-x);
    grad[i] = (-sign * beta * sidePicked(x, t, 1)) / (1 + t);
  }
  const count = state.count + n;
  if (result.state === undefined) result.state = { mean: delta, count };
  else {
    result.state.mean = delta;
    result.state.count = count;
  }
  return closeUnpaired(result, batch, options) as BcoLossResult;
}

/**
 * Weights p/(1-p), clamped, that match unwanted examples to the prompts of wanted ones, p the probability that a prompt
 * is of a wanted example; for `weights` of the unwanted side.
 *
 * S. Jung et al., arXiv:2404.04656 (underlying distribution matching).
 *
 * @param options range of the weights, `min` 0.5 and `max` 10 by default
 * @throws RangeError if a probability is outside [0, 1] or min > max
 *
 * @example
 * udmWeights([0.5, 0.99, 0]); //=> Float64Array.of(1, 10, 0.5)
 */
export function udmWeights(probs: ArrayLike<number>, options: { min?: number; max?: number } = {}): Float64Array {
  const min = checkNumber('min', options.min ?? 0.5, 0);
  const max = checkNumber('max', options.max ?? 10, min);
  const weights = new Float64Array(arraySize('probs', probs));
  for (let i = 0; i < weights.length; i++) {
    const p = checkNumber(`probs[${i}]`, probs[i], 0, 1);
    weights[i] = Math.min(max, Math.max(min, p / (1 - p)));
  }
  return weights;
}
