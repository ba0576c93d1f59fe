// Losses between distributions over a pair: EXO, and the pairwise noise contrast NCA.

import { positivePart, sidePicked } from '../../special/branchless.js';
import { logit } from '../../special/logistic.js';
import { expUnit } from '../../special/exp-unit.js';
import { log1p } from '../../special/log1p.js';
import { log } from '../../special/log.js';
import { log1pUnit } from '../../special/log1p-unit.js';
import {
  checkBeta,
  closePairs,
  openPairs,
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
 * H. Ji et al., arXiv:2402.00856, equation 16. ∂loss/∂x = σ(x) σ(-x) (x - logit(1-e)), which vanishes for confident
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
    const far = Math.abs(x);
    const t = expUnit(-far);
    const flat = log1pUnit(t);
    const bulk = 1 / (1 + t);
    const tail = t * bulk;
    // (σ, log σ) of the likelier and the unlikelier response; 0 log 0 = 0.
    const unlikely = tail === 0 ? 0 : tail * (-flat - far - sidePicked(x, logFlip, logKeep));
    losses[i] = Math.max(0, bulk * (-flat - sidePicked(x, logKeep, logFlip)) + unlikely);
    const slope = tail === 0 ? 0 : tail * bulk * (x - optimum) * beta;
    gradChosen[i] = slope;
    gradRejected[i] = -slope;
  }
  return closePairs(result, batch, options, beta);
}

/**
 * Noise contrastive alignment on pairs: -log σ(βρ_w) - log σ(-βρ_w)/2 - log σ(-βρ_l)/2.
 *
 * H. Chen et al., arXiv:2402.05369: NCA of K = 2 responses, the chosen one preferred for certain. It is pushed up to
 * ρ_w = ln 2/β and no further.
 */
export function ncaPairLoss(batch: PairBatch, options: PairLossOptions = {}, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const a = beta * chosenRewards[i];
    const c = beta * rejectedRewards[i];
    const s = expUnit(-Math.abs(a));
    const t = expUnit(-Math.abs(c));
    const flat = log1pUnit(s);
    losses[i] = flat + positivePart(-a) + (flat + positivePart(a)) / 2 + (log1pUnit(t) + positivePart(c)) / 2;
    gradChosen[i] = (beta * (sidePicked(a, 1, s) / 2 - sidePicked(a, s, 1))) / (1 + s);
    gradRejected[i] = (beta * sidePicked(c, 1, t)) / (2 * (1 + t));
  }
  return closePairs(result, batch, options, beta);
}
