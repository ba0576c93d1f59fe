// Kahneman-Tversky optimization: losses over single labelled responses, measured from a reference point.
//
//   paper      here                        meaning
//   z_0        kl                          reference point, an estimate of KL(π || π_ref); no gradient
//   λ_D, λ_U   desirableWeight, ...        weights of wanted and unwanted responses

import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { sidePicked } from '../../special/branchless.js';
import { expUnit } from '../../special/exp-unit.js';
import { arraySize, checkBeta, checkLogProbs } from './pair-batch.js';
import {
  closeUnpaired,
  openUnpaired,
  type UnpairedBatch,
  type UnpairedLossOptions,
  type UnpairedLossResult,
} from './unpaired-batch.js';

export interface KtoBatch extends UnpairedBatch {
  /**
   * Log-probabilities of mismatched responses (that of another prompt of the batch, see `ktoMismatchedPairs`) under the
   * policy and the reference, which estimate the reference point. Both or neither.
   */
  klPolicy?: ArrayLike<number>;
  klRef?: ArrayLike<number>;
}

export interface KtoLossOptions extends UnpairedLossOptions {
  /** Weight λ_D of wanted responses, at least 0. Default 1. */
  desirableWeight?: number;
  /** Weight λ_U of unwanted ones. Default 1. */
  undesirableWeight?: number;
  /** Reference point z_0 when the batch has no mismatched responses; negative values count as 0. Default 0. */
  kl?: number;
}

export interface KtoLossResult extends UnpairedLossResult {
  /** Reference point z_0 = max(0, mean(klPolicy - klRef)). */
  kl: number;
}

/**
 * KTO: λ_D σ(-β(ρ - z_0)) for a wanted response, λ_U σ(-β(z_0 - ρ)) for an unwanted one.
 *
 * K. Ethayarajh et al., arXiv:2402.01306, equation 7. z_0 is held constant. O(B); with `out` of the same size nothing is
 * allocated. The reference point of one response alone, or from a reversed batch (of odd size, whose middle response
 * then meets itself), is biased: `ktoMismatchedPairs` shifts instead.
 *
 * @throws RangeError on NaN, +Infinity, unequal lengths, an empty batch or β <= 0
 * @throws TypeError if only one of klPolicy and klRef is given, or a label is not a boolean
 *
 * @example
 * ktoLoss({ policy: [-3, -4], ref: [-3, -4], desirable: [true, false] }).loss; //=> 0.5
 */
export function ktoLoss(batch: KtoBatch, options: KtoLossOptions = {}, out?: KtoLossResult): KtoLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const wanted = checkNumber('desirableWeight', options.desirableWeight ?? 1, 0);
  const unwanted = checkNumber('undesirableWeight', options.undesirableWeight ?? 1, 0);
  const kl = referencePoint(batch, checkNumber('kl', options.kl ?? 0));
  const result = openUnpaired(batch, options, out, beta) as KtoLossResult;
  result.kl = kl;
  missedUtilities(result, batch.desirable, beta, kl, wanted, unwanted);
  return closeUnpaired(result, batch, options) as KtoLossResult;
}

/**
 * The zero variant of anchored preference optimization on single responses: σ(-βρ) wanted, σ(βρ) unwanted.
 *
 * K. D'Oosterlinck et al., arXiv:2408.06266, equation 7 on single responses: KTO with unit weights and z_0 = 0.
 */
export function apoZeroUnpairedLoss(
  batch: UnpairedBatch,
  options: UnpairedLossOptions = {},
  out?: UnpairedLossResult,
): UnpairedLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const result = openUnpaired(batch, options, out, beta);
  missedUtilities(result, batch.desirable, beta, 0, 1, 1);
  return closeUnpaired(result, batch, options);
}

/** weight · σ(-z), z = ±(βρ - βz_0) with + for a wanted response, and its gradient. No branch on the label or the sign. */
function missedUtilities(
  { losses, grad, rewards }: UnpairedLossResult,
  desirable: ArrayLike<boolean>,
  beta: number,
  kl: number,
  wanted: number,
  unwanted: number,
): void {
  for (let i = 0; i < losses.length; i++) {
    const label = Number(desirable[i]);
    const sign = 2 * label - 1;
    const weight = wanted * label + unwanted * (1 - label);
    const z = sign * (rewards[i] - beta * kl);
    const t = expUnit(-Math.abs(z));
    const bulk = 1 / (1 + t);
    losses[i] = weight * (sidePicked(z, t, 1) * bulk);
    grad[i] = -sign * weight * beta * (t * bulk * bulk); // σ(z) σ(-z)
  }
}

/**
 * For prompt i of a batch, the index (i + shift) mod n of the response that serves as its mismatched one.
 *
 * @throws RangeError for n < 2 or a shift that is a multiple of n
 *
 * @example
 * ktoMismatchedPairs(3); //=> Int32Array.of(1, 2, 0)
 */
export function ktoMismatchedPairs(n: number, shift = 1): Int32Array {
  checkInteger('n', n, 2);
  checkInteger('shift', shift, -Number.MAX_SAFE_INTEGER);
  const step = ((shift % n) + n) % n;
  if (step === 0) throw new RangeError(`shift must not be a multiple of ${n}, got ${shift}`);
  return Int32Array.from({ length: n }, (_, i) => (i + step) % n);
}

/** Upper end of the recommended band of λ_D n_D : λ_U n_U, to two decimals as the paper's appendix uses 4/3. */
const WIDEST_RATIO = 1.33;

/**
 * The bands in which one weight may lie when the other is kept, so that λ_D n_D : λ_U n_U is between 1 : 1 and 1.33 : 1.
 *
 * K. Ethayarajh et al., arXiv:2402.01306 (4/3 there; 1.33 in the programs in use, as here).
 *
 * @param desirable number of wanted examples, positive
 * @param undesirable number of unwanted examples, positive
 *
 * @example
 * ktoWeightRange(10, 10).desirableWeight; //=> [1, 1.33]
 */
export function ktoWeightRange(
  desirable: number,
  undesirable: number,
  options: { desirableWeight?: number; undesirableWeight?: number } = {},
): { desirableWeight: [number, number]; undesirableWeight: [number, number] } {
  checkInteger('desirable', desirable, 1);
  checkInteger('undesirable', undesirable, 1);
  const wanted = checkPositive('desirableWeight', options.desirableWeight ?? 1) * desirable;
  const unwanted = checkPositive('undesirableWeight', options.undesirableWeight ?? 1) * undesirable;
  return {
    desirableWeight: [unwanted / desirable, (WIDEST_RATIO * unwanted) / desirable],
    undesirableWeight: [wanted / (WIDEST_RATIO * undesirable), wanted / undesirable],
  };
}

function referencePoint({ klPolicy, klRef }: KtoBatch, fallback: number): number {
  if ((klPolicy === undefined) !== (klRef === undefined)) {
    throw new TypeError('klPolicy and klRef must be given together');
  }
  if (klPolicy === undefined || klRef === undefined) return Math.max(0, fallback);
  const n = arraySize('klPolicy', klPolicy);
  if (n === 0) throw new RangeError('klPolicy must not be empty');
  checkLogProbs('klPolicy', klPolicy, n);
  checkLogProbs('klRef', klRef, n);
  let total = 0;
  for (let i = 0; i < n; i++) total += klPolicy[i] - klRef[i];
  if (!(Math.abs(total) < Infinity)) throw new RangeError('klPolicy and klRef must have a finite mean difference');
  return Math.max(0, total / n);
}
