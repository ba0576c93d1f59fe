// Alignment by optimal transport: the loss between sorted margins.

import { checkNumber, checkOption } from '../../internal/check.js';
import { positivePart, sidePicked } from '../../special/branchless.js';
import { expUnit } from '../../special/exp-unit.js';
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
 * I. Melnyk et al., arXiv:2406.05882. 'paired': u = log π_w - log π_l, v the same of the reference;
 * 'unpaired': u = ρ_w, v = ρ_l. `losses` are in sorted order; gradients are scattered back to their pairs. Ties are
 * broken by index. O(B): the sort is by radix. Weights belong to pairs, not to ranks, so they are refused.
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
    const t = expUnit(-Math.abs(x));
    const flat = log1pUnit(t);
    losses[k] = (e === 1 ? 0 : (1 - e) * (flat + positivePart(-x))) + (e === 0 ? 0 : e * (flat + positivePart(x)));
    const slope = (beta * (e * sidePicked(x, 1, t) - (1 - e) * sidePicked(x, t, 1))) / (1 + t);
    gradChosen[rankU[k]] += slope;
    gradRejected[paired ? rankU[k] : rankV[k]] -= slope;
  }
  return closePairs(result, batch, options, beta) as AotLossResult;
}

/**
 * Indices that sort x ascending, equal values by index, into `order`: a radix sort of the bytes of the numbers, least
 * significant first, each pass stable. O(B) with at most eight passes; a byte that all numbers share costs none.
 *
 * @param room B numbers to write over; x is transformed meanwhile and restored
 */
function sortOrder(x: Float64Array, room: Float64Array, order: Int32Array): void {
  const n = x.length;
  const words = new Int32Array(x.buffer, x.byteOffset, 2 * n);
  let from = order;
  let to = new Int32Array(room.buffer, room.byteOffset, n);
  for (let i = 0; i < n; i++) {
    x[i] += 0; // -0 sorts with 0
    order[i] = i;
  }
  // negative numbers with all bits flipped, others with the sign flipped, are in the order of their bits
  for (let i = 0; i < 2 * n; i += 2) {
    const high = words[i + HIGH];
    const flip = high >> 31;
    words[i + 1 - HIGH] ^= flip;
    words[i + HIGH] = high ^ (flip | -2147483648);
  }
  for (let byte = 0; byte < 8; byte++) {
    const word = byte < 4 ? 1 - HIGH : HIGH;
    const shift = 8 * (byte & 3);
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(words[2 * i + word] >>> shift) & 255] += 1;
    if (counts[(words[word] >>> shift) & 255] === n) continue;
    let start = 0;
    for (let digit = 0; digit < 256; digit++) {
      const count = counts[digit];
      counts[digit] = start;
      start += count;
    }
    for (let k = 0; k < n; k++) {
      const i = from[k];
      to[counts[(words[2 * i + word] >>> shift) & 255]++] = i;
    }
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
  for (let i = 0; i < 2 * n; i += 2) {
    const high = words[i + HIGH];
    const flip = ~(high >> 31);
    words[i + 1 - HIGH] ^= flip;
    words[i + HIGH] = high ^ (flip | -2147483648);
  }
}

const counts = /* @__PURE__ */ new Int32Array(256);
/** Index of the high 32 bits of a double. */
const HIGH = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ new Int32Array([1]).buffer)[0] === 1 ? 1 : 0;
