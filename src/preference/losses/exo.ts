// Losses between distributions over a pair: EXO, and the pairwise noise contrast NCA.

import { logit } from '../../special/logistic.js';
import { exp } from '../../special/exp.js';
import { log1p } from '../../special/log1p.js';
import { log } from '../../special/log.js';
import {
  checkBeta,
  closePairs,
  logisticParts,
  openPairs,
  sigmoids,
  undefinedPair,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface ExoPairLossOptions extends PairLossOptions {
  /** Probability e that the target gives to the rejected response, in (0, 1). Default 1e-3. */
  labelSmoothing?: number;
}

/**
 * Efficient exact optimization on pairs: the reverse KL of (σ(x), σ(-x)), x = β h, from the target (1-e, e).
 *
 * H. Ji et al., arXiv:2402.00856, equation 17. ∂loss/∂x = σ(x) σ(-x) (x - logit(1-e)), which vanishes for confident
 * mistakes as well as for confident successes.
 *
 * @throws RangeError if labelSmoothing is not strictly between 0 and 1
 */
export function exoPairLoss(batch: PairBatch, options: ExoPairLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const e = options.labelSmoothing ?? 1e-3;
  if (!(e > 0 && e < 1)) throw new RangeError(`labelSmoothing must be in (0, 1), got ${e}`);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const optimum = -logit(e);
  const logKeep = log1p(-e);
  const logFlip = log(e);
  for (let i = 0; i < losses.length; i++) {
    const x = beta * (chosenRewards[i] - rejectedRewards[i]);
    if (x !== x) throw undefinedPair(i);
    const t = exp(x < 0 ? x : -x);
    const flat = log1p(t);
    const tail = t / (1 + t);
    const bulk = 1 / (1 + t);
    // (σ, log σ) of the likelier and the unlikelier response; 0 log 0 = 0.
    const far = Math.abs(x);
    const unlikely = tail === 0 ? 0 : tail * (-flat - far - (x < 0 ? logKeep : logFlip));
    losses[i] = Math.max(0, bulk * (-flat - (x < 0 ? logFlip : logKeep)) + unlikely);
    const slope = tail === 0 ? 0 : tail * bulk * (x - optimum) * beta;
    gradChosen[i] = slope;
    gradRejected[i] = -slope;
  }
  return closePairs(result, batch, options, beta);
}

/**
 * Noise contrastive alignment on pairs: -log σ(βρ_w) - log σ(-βρ_w)/2 - log σ(-βρ_l)/2.
 *
 * H. Chen et al., arXiv:2402.05369, equation 13 with K = 2. The chosen response is pushed up to ρ_w = ln 2/β and no further.
 */
export function ncaPairLoss(batch: PairBatch, options: PairLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const a = beta * chosenRewards[i];
    const c = beta * rejectedRewards[i];
    const flatA = logisticParts(a);
    gradChosen[i] = beta * (sigmoids[1] / 2 - sigmoids[0]);
    const flatC = logisticParts(c);
    gradRejected[i] = (beta * sigmoids[1]) / 2;
    losses[i] = flatA + (a < 0 ? -a : 0) + (flatA + (a > 0 ? a : 0)) / 2 + (flatC + (c > 0 ? c : 0)) / 2;
  }
  return closePairs(result, batch, options, beta);
}
