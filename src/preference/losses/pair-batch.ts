// What every loss over pairs shares: the batch, the result, its checks, weights and reduction.

import { checkNumber, checkOption } from '../../internal/check.js';
import { sidePicked } from '../../special/branchless.js';
import { expUnit } from '../../special/exp-unit.js';
import { log1pUnit } from '../../special/log1p-unit.js';

/** Log-probabilities of B pairs (natural logarithms, summed over the tokens of a response unless a loss says otherwise). */
export interface PairBatch {
  /** log π(y_w | x) of the chosen responses, -Infinity allowed. */
  policyChosen: ArrayLike<number>;
  /** log π(y_l | x) of the rejected responses. */
  policyRejected: ArrayLike<number>;
  /** The same under the frozen reference; both or neither. Absent: reference-free, zeros. */
  refChosen?: ArrayLike<number>;
  refRejected?: ArrayLike<number>;
  /** Tokens of each response, at least 1; required by the losses that use lengths. */
  chosenLengths?: ArrayLike<number>;
  rejectedLengths?: ArrayLike<number>;
  /** Each at least 0, default 1: loss i and its gradients are multiplied by it. */
  weights?: ArrayLike<number>;
}

export type LossReduction = 'mean' | 'sum' | 'none';

export interface PairLossOptions {
  /** Inverse temperature of the implicit reward β (log π - log π_ref), > 0. */
  beta?: number;
  /** 'mean' (default) divides by the number of pairs B, not by the sum of the weights. */
  reduction?: LossReduction;
  /** Refuse positive log-probabilities, which density models may have. Default false. */
  strictLogProbs?: boolean;
}

export interface PairLossResult {
  /** The reduced loss; absent with reduction 'none'. */
  loss?: number;
  /** Weighted losses before the reduction. */
  losses: Float64Array;
  /** ∂(reduced loss)/∂ policyChosen[i]; with 'none' ∂ losses[i]/∂ policyChosen[i]. */
  gradChosen: Float64Array;
  gradRejected: Float64Array;
  /** Implicit rewards β (log π - log π_ref), or the loss's own where it says so. */
  chosenRewards: Float64Array;
  rejectedRewards: Float64Array;
  /** Fraction of the pairs with chosenReward > rejectedReward. */
  accuracy: number;
  /** Mean of chosenReward - rejectedReward; NaN, as there is no mean, where pairs at Infinity and at -Infinity meet. */
  margin: number;
}

/** β of the options, checked. */
export function checkBeta(beta: number): number {
  return checkNumber('beta', beta, Number.MIN_VALUE);
}

/** Refuse a smoothing that would be silently ignored: it means a different thing in every loss that has one. */
export function checkNoSmoothing(options: object, loss: string): void {
  if ((options as { labelSmoothing?: number }).labelSmoothing !== undefined) {
    throw new RangeError(`labelSmoothing has no effect on ${loss}`);
  }
}

/**
 * Checks the batch and puts the log-ratios ρ = log π - γ log π_ref into chosenRewards and rejectedRewards of the
 * result, where the loss's own loop finds them. With γ = 0 the reference is not looked at.
 */
export function openPairs(
  batch: PairBatch,
  options: PairLossOptions,
  out: PairLossResult | undefined,
  gamma = 1,
  strict = options.strictLogProbs === true,
): PairLossResult {
  const { policyChosen, policyRejected, refChosen, refRejected } = batch;
  const n = arraySize('policyChosen', policyChosen);
  if (n === 0) throw new RangeError('policyChosen must not be empty');
  checkReduction(options.reduction);
  const result = out !== undefined && out.losses.length === n ? out : pairLossResult(n);
  // half a reference is a missing array
  const scale = refChosen === undefined && refRejected === undefined ? 0 : gamma;
  logRatios('Chosen', policyChosen, refChosen, scale, strict, result.chosenRewards);
  logRatios('Rejected', policyRejected, refRejected, scale, strict, result.rejectedRewards);
  return result;
}

/** 'mean', 'sum', 'none' or nothing. */
export function checkReduction(reduction: LossReduction = 'mean'): void {
  checkOption('reduction', reduction, ['mean', 'sum', 'none']);
}

/** Room for the result of B pairs. */
export function pairLossResult(n: number): PairLossResult {
  const numbers = () => new Float64Array(n);
  return {
    losses: numbers(),
    gradChosen: numbers(),
    gradRejected: numbers(),
    chosenRewards: numbers(),
    rejectedRewards: numbers(),
    accuracy: 0,
    margin: 0,
  };
}

/**
 * The sigmoid family's second pass: on entry losses holds x, gradChosen ∂x/∂policyChosen, gradRejected
 * ∂x/∂policyRejected; on exit the loss -a log σ(x) - b log σ(-x) and its gradients. One exp and one log1p a pair.
 *
 * With t = e^{-|x|}, σ(-|x|) = t/(1 + t), σ(|x|) = 1/(1 + t) and -log σ(|x|) = log1p(t). The sign of x picks among them by
 * multiplication, and max(-x, 0) is (|x| - x)/2: no processor can predict a branch on it.
 */
export function logisticPairs(result: PairLossResult, a: number, b: number): void {
  const { losses, gradChosen, gradRejected } = result;
  for (let i = 0; i < losses.length; i++) {
    const x = losses[i];
    const size = Math.abs(x);
    const t = expUnit(-size);
    const flat = log1pUnit(t);
    const slope = (b * sidePicked(x, 1, t) - a * sidePicked(x, t, 1)) / (1 + t);
    losses[i] =
      size < Infinity
        ? a * (flat + (0.5 * size - 0.5 * x)) + b * (flat + (0.5 * size + 0.5 * x))
        : infiniteLoss(i, x, a, b);
    gradChosen[i] *= slope;
    gradRejected[i] *= slope;
  }
}

/**
 * `logisticPairs` for x = beta (ρ_w - ρ_l) - margin. The exponentials have a loop to themselves: two short chains of
 * operations overlap better from pair to pair than a long one.
 */
export function logisticMargins(result: PairLossResult, beta: number, margin: number, a: number, b: number): void {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const x = beta * (chosenRewards[i] - rejectedRewards[i]) - margin;
    losses[i] = x;
    gradChosen[i] = expUnit(-Math.abs(x));
  }
  for (let i = 0; i < losses.length; i++) {
    const x = losses[i];
    const size = Math.abs(x);
    const t = gradChosen[i];
    const flat = log1pUnit(t);
    const slope = (beta * (b * sidePicked(x, 1, t) - a * sidePicked(x, t, 1))) / (1 + t);
    losses[i] =
      size < Infinity
        ? a * (flat + (0.5 * size - 0.5 * x)) + b * (flat + (0.5 * size + 0.5 * x))
        : infiniteLoss(i, x, a, b);
    gradChosen[i] = slope;
    gradRejected[i] = -slope;
  }
}

/** The loss at x = ±Infinity, where terms with coefficient 0 are 0; NaN is refused. */
function infiniteLoss(i: number, x: number, a: number, b: number): number {
  if (x !== x) throw undefinedPair(i);
  return (x < 0 ? a : b) * Infinity || 0;
}

/** The error of a pair whose two log-ratios are infinite together. */
export function undefinedPair(i: number): RangeError {
  return new RangeError(`pair ${i}: infinite minus infinite`);
}

/**
 * Turns log-ratios into rewards by the factor `beta`, applies the weights, reduces. Sums are compensated, left to right.
 *
 * @param measured the loss has set `accuracy` and `margin` itself: the rewards of a pair may both overflow although
 *   their difference is known
 */
export function closePairs(
  result: PairLossResult,
  batch: PairBatch,
  options: PairLossOptions,
  beta: number,
  measured = false,
): PairLossResult {
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const n = losses.length;
  const reduction = options.reduction ?? 'mean';
  const scale = reduction === 'mean' ? 1 / n : 1;
  if (batch.weights !== undefined) weigh(result, batch.weights);
  let correct = 0;
  let margin = 0;
  let total = 0;
  let compensation = 0;
  for (let i = 0; i < n; i++) {
    const chosen = beta * chosenRewards[i];
    const rejected = beta * rejectedRewards[i];
    chosenRewards[i] = chosen;
    rejectedRewards[i] = rejected;
    const gap = chosen - rejected;
    if (gap !== gap && !measured) throw undefinedPair(i);
    correct += Number(gap > 0);
    margin += gap;
    const loss = losses[i];
    gradChosen[i] *= scale;
    gradRejected[i] *= scale;
    const next = total + loss;
    const part = next - total;
    compensation += total - (next - part) + (loss - part); // D. E. Knuth's two-sum
    total = next;
  }
  if (!measured) {
    result.accuracy = correct / n;
    result.margin = margin / n;
  }
  if (reduction === 'none') {
    delete result.loss;
    return result;
  }
  if (total !== total) throw new RangeError('losses Infinity and -Infinity have no total');
  result.loss = (compensation - compensation === 0 ? total + compensation : total) * scale;
  return result;
}

/** Multiplies losses and gradients by the weights; a pair of weight 0 is gone even where its loss is infinite. */
function weigh({ losses, gradChosen, gradRejected }: PairLossResult, weights: ArrayLike<number>): void {
  checkWeights(weights, losses.length);
  for (let i = 0; i < losses.length; i++) {
    const weight = weights[i];
    losses[i] = losses[i] * weight || 0; // Infinity · 0
    gradChosen[i] = gradChosen[i] * weight || 0;
    gradRejected[i] = gradRejected[i] * weight || 0;
  }
}

/**
 * Log-ratios of one side; with γ = 0 the reference is not looked at. Arguments are looked at one by one only where a ratio
 * is not finite, or by `strict`.
 */
function logRatios(
  side: string,
  policy: ArrayLike<number>,
  reference: ArrayLike<number> | undefined,
  gamma: number,
  strict: boolean,
  ratios: Float64Array,
): void {
  const n = ratios.length;
  checkSize('policy' + side, policy, n);
  if (gamma !== 0) checkSize('ref' + side, reference, n);
  let finite = 0; // stays 0: 0 · x is NaN for x infinite, and NaN stays
  for (let i = 0; i < n; i++) {
    const ratio = gamma === 0 ? policy[i] : policy[i] - gamma * (reference as ArrayLike<number>)[i];
    finite += 0 * ratio;
    ratios[i] = ratio;
  }
  if (finite === 0 && !strict) return;
  checkLogProbs('policy' + side, policy, n, strict);
  if (gamma !== 0) checkLogProbs('ref' + side, reference as ArrayLike<number>, n, strict);
  for (let i = 0; i < n; i++) {
    if (ratios[i] !== ratios[i]) throw new RangeError(`pair ${i}: policy${side} and ref${side} are both -Infinity`);
  }
}

/** Log-probabilities: n numbers, not NaN, not +Infinity. */
export function checkLogProbs(name: string, x: ArrayLike<number>, n: number, strict = false): void {
  checkSize(name, x, n);
  for (let i = 0; i < n; i++) {
    const value = x[i];
    if (!(value < Infinity)) throw new RangeError(`${name}[${i}] is ${value}`);
    if (strict && value > 0) throw new RangeError(`${name}[${i}] must be at most 0, got ${value}`);
  }
}

/** Exactly n entries. */
export function checkSize(name: string, x: ArrayLike<unknown> | undefined, n: number): void {
  const length = arraySize(name, x);
  if (length !== n) throw new RangeError(`${name} must have length ${n}, got ${length}`);
}

/** n finite numbers, at least 0. */
export function checkWeights(weights: ArrayLike<number>, n: number): void {
  checkSize('weights', weights, n);
  for (let i = 0; i < n; i++) {
    if (!(weights[i] >= 0 && weights[i] < Infinity)) checkNumber(`weights[${i}]`, weights[i], 0);
  }
}

/** Length of what must be an array. */
export function arraySize(name: string, x: ArrayLike<unknown> | undefined): number {
  if (typeof x !== 'object' || typeof x?.length !== 'number') {
    throw new TypeError(`${name} must be an array`);
  }
  return x.length;
}

/** Lengths of both sides, needed by the loss of that name. */
export function checkPairLengths(batch: PairBatch, loss: string): void {
  const n = arraySize('policyChosen', batch.policyChosen);
  checkLengths('chosenLengths', batch.chosenLengths, n, loss);
  checkLengths('rejectedLengths', batch.rejectedLengths, n, loss);
}

/** n integers of at least 1. */
export function checkLengths(name: string, x: ArrayLike<number> | undefined, n: number, loss: string): void {
  if (x === undefined) throw new TypeError(`${name} is required by ${loss}`);
  checkSize(name, x, n);
  for (let i = 0; i < n; i++) {
    if (!(Number.isInteger(x[i]) && x[i] >= 1)) {
      throw new RangeError(`${name}[${i}] must be an integer of at least 1, got ${x[i]}`);
    }
  }
}
