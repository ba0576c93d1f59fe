// Losses by name, and weighted mixtures. Importing this file brings in every loss; import one by its own name to get one.

import { checkNumber } from '../../internal/check.js';
import { apoDownLoss, apoZeroLoss, bcoPairLoss, sppoLoss } from './anchored.js';
import { aotLoss } from './aot.js';
import { convexPairLoss } from './convex.js';
import { discopopLoss } from './discopop.js';
import { calDpoLoss, fdpoLoss } from './divergences.js';
import { dpoLoss, dpopLoss, lengthNormalizedDpoLoss, rdpoLoss, robustDpoLoss } from './dpo.js';
import { exoPairLoss, ncaPairLoss } from './exo.js';
import { hingeLoss, ipoLoss, slicLoss } from './ipo.js';
import { orpoLoss } from './orpo.js';
import { arraySize, pairLossResult, type PairBatch, type PairLossResult } from './pair-batch.js';
import { alphaPoLoss, cpoLoss, rpoLoss, simpoLoss } from './simpo.js';

/** Every loss over pairs by its short name. */
export const pairLosses = {
  dpo: dpoLoss,
  robustDpo: robustDpoLoss,
  lengthNormalizedDpo: lengthNormalizedDpoLoss,
  rdpo: rdpoLoss,
  dpop: dpopLoss,
  simpo: simpoLoss,
  alphaPo: alphaPoLoss,
  cpo: cpoLoss,
  rpo: rpoLoss,
  fdpo: fdpoLoss,
  calDpo: calDpoLoss,
  ipo: ipoLoss,
  hinge: hingeLoss,
  slic: slicLoss,
  exoPair: exoPairLoss,
  ncaPair: ncaPairLoss,
  bcoPair: bcoPairLoss,
  apoZero: apoZeroLoss,
  apoDown: apoDownLoss,
  sppo: sppoLoss,
  discopop: discopopLoss,
  orpo: orpoLoss,
  aot: aotLoss,
  convex: convexPairLoss,
};

export type PairLossKind = keyof typeof pairLosses;

/** Options of the loss of that name. */
export type PairLossOptionsOf<Kind extends PairLossKind> = NonNullable<Parameters<(typeof pairLosses)[Kind]>[1]>;

/**
 * The loss of the given name.
 *
 * @throws RangeError for an unknown name; the message lists the known ones
 *
 * @example
 * preferenceLoss('dpo', { policyChosen: [0], policyRejected: [0] }).loss; //=> Math.LN2
 */
export function preferenceLoss<Kind extends PairLossKind>(
  kind: Kind,
  batch: PairBatch,
  options: PairLossOptionsOf<Kind> = {} as PairLossOptionsOf<Kind>,
  out?: PairLossResult,
): PairLossResult {
  if (!Object.hasOwn(pairLosses, kind)) {
    throw new RangeError(`kind must be one of ${Object.keys(pairLosses).join(', ')}, got ${String(kind)}`);
  }
  const loss = pairLosses[kind] as (batch: PairBatch, options: object, out?: PairLossResult) => PairLossResult;
  return loss(batch, options, out);
}

export interface LossTerm<Kind extends PairLossKind = PairLossKind> {
  kind: Kind;
  /** Factor of the loss and its gradients. Default 1. */
  weight?: number;
  options?: PairLossOptionsOf<Kind>;
}

/**
 * A weighted sum of losses on the same pairs, as in 0.8 DPO + 0.2 BCO. Rewards, accuracy and margin are the first term's;
 * `loss` is absent when a term has reduction 'none'. A term of weight 0 adds nothing, even where its loss is infinite.
 *
 * @throws RangeError without terms, or if an infinite loss meets one of the other sign
 */
export function multiPreferenceLoss(
  terms: readonly LossTerm[],
  batch: PairBatch,
  out?: PairLossResult,
): PairLossResult {
  if (arraySize('terms', terms) === 0) throw new RangeError('terms must not be empty');
  const n = arraySize('policyChosen', batch.policyChosen);
  const result = out?.losses.length === n ? out : pairLossResult(n);
  result.losses.fill(0);
  result.gradChosen.fill(0);
  result.gradRejected.fill(0);
  let total: number | undefined = 0;
  terms.forEach(({ kind, weight = 1, options }, index) => {
    checkNumber(`terms[${index}].weight`, weight);
    const part = preferenceLoss(kind, batch, options);
    for (let i = 0; i < n && weight !== 0; i++) {
      result.losses[i] += weight * part.losses[i];
      result.gradChosen[i] += weight * part.gradChosen[i];
      result.gradRejected[i] += weight * part.gradRejected[i];
    }
    if (part.loss === undefined || total === undefined) total = undefined;
    else if (weight !== 0) total += weight * part.loss;
    if (index === 0) {
      result.chosenRewards.set(part.chosenRewards);
      result.rejectedRewards.set(part.rejectedRewards);
      result.accuracy = part.accuracy;
      result.margin = part.margin;
    }
  });
  if (Number.isNaN(total)) throw new RangeError('terms add Infinity and -Infinity');
  if (total === undefined) delete result.loss;
  else result.loss = total;
  return result;
}
