// Alignment by optimal transport: the loss between sorted margins.

import { checkNumber, checkOption } from '../../internal/check.js';
import { log1p } from '../../special/log1p.js';
import { exp } from '../../special/exp.js';
import {
  checkBeta,
  closePairs,
  openPairs,
  undefinedPair,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface AotLossOptions extends PairLossOptions {
  /** As in `dpoLoss`. */
  labelSmoothing?: number;
  /** 'paired' sorts policy margins against reference margins; 'unpaired' chosen log-ratios against rejected ones. */
  variant?: 'paired' | 'unpaired';
}

export interface AotLossResult extends PairLossResult {
  /** The pair whose policy margin ('paired') or chosen log-ratio ('unpaired') has rank k, the loss's index. */
  order: Int32Array;
  /** The pair whose reference margin or rejected log-ratio has rank k. */
  otherOrder: Int32Array;
}

/**
 * Distributional preference alignment: the logistic loss of β (u_(k) - v_(k)), both samples sorted ascending.
 *
 * I. Melnyk et al., arXiv:2406.05882, equations 5 and 7. 'paired': u = log π_w - log π_l, v the same of the reference;
 * 'unpaired': u = ρ_w, v = ρ_l. `losses` are in sorted order; gradients are scattered back to their pairs. Ties are
 * broken by index. O(B log B). Weights belong to pairs, not to ranks, so they are refused.
 *
 * @throws RangeError if weights are given
 */
export function aotLoss(batch: PairBatch, options: AotLossOptions = {}, out?: AotLossResult): AotLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const e = checkNumber('labelSmoothing', options.labelSmoothing ?? 0, 0, 1);
  const paired = checkOption('variant', options.variant ?? 'paired', ['paired', 'unpaired']) === 'paired';
  if (batch.weights !== undefined)
    throw new RangeError('weights have no meaning for aotLoss: its losses belong to ranks');
  const result = openPairs(batch, options, out) as AotLossResult;
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  const n = losses.length;
  if (result.order?.length !== n) {
    result.order = new Int32Array(n);
    result.otherOrder = new Int32Array(n);
  }
  const { order: rankU, otherOrder: rankV } = result;
  // the two samples; the losses are the room to sort in
  const u = gradChosen;
  const v = gradRejected;
  for (let i = 0; i < n; i++) {
    u[i] = paired ? batch.policyChosen[i] - batch.policyRejected[i] : chosenRewards[i];
    v[i] = !paired
      ? rejectedRewards[i]
      : batch.refChosen === undefined || batch.refRejected === undefined
        ? 0
        : batch.refChosen[i] - batch.refRejected[i];
    if (u[i] !== u[i] || v[i] !== v[i]) throw undefinedPair(i);
  }
  sortOrder(u, losses, rankU);
  sortOrder(v, losses, rankV);
  for (let k = 0; k < n; k++) losses[k] = beta * (u[rankU[k]] - v[rankV[k]]);
  gradChosen.fill(0);
  gradRejected.fill(0);
  for (let k = 0; k < n; k++) {
    const x = losses[k];
    if (x !== x) throw undefinedPair(rankU[k]);
    const t = exp(-Math.abs(x));
    const flat = log1p(t);
    const right = (x < 0 ? t : 1) / (1 + t);
    const wrong = (x < 0 ? 1 : t) / (1 + t);
    losses[k] = (e === 1 ? 0 : (1 - e) * (flat + (x < 0 ? -x : 0))) + (e === 0 ? 0 : e * (flat + (x > 0 ? x : 0)));
    const slope = beta * (e * right - (1 - e) * wrong);
    gradChosen[rankU[k]] += slope;
    gradRejected[paired ? rankU[k] : rankV[k]] -= slope;
  }
  return closePairs(result, batch, options, beta) as AotLossResult;
}

/**
 * Indices that sort x ascending, equal values by index, into `order`. The numbers themselves are sorted, in `keys`,
 * which is several times faster than sorting indices; each index then finds its place by bisection. A run of equal
 * numbers is filled from its end; until it is full its first place counts, below zero, how many have come.
 */
function sortOrder(x: Float64Array, keys: Float64Array, order: Int32Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) keys[i] = x[i] + 0; // -0 sorts with 0
  keys.sort();
  order.fill(-1);
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i];
    let first = 0;
    let high = n;
    while (first < high) {
      const middle = (first + high) >> 1;
      if (keys[middle] < value) first = middle + 1;
      else high = middle;
    }
    if (first + 1 === n || keys[first + 1] !== value + 0) {
      order[first] = i;
      continue;
    }
    let end = first + 1;
    high = n;
    while (end < high) {
      const middle = (end + high) >> 1;
      if (keys[middle] <= value) end = middle + 1;
      else high = middle;
    }
    const come = -1 - order[first];
    order[first] -= 1;
    order[end - 1 - come] = i;
  }
}
