// Truncations that take tokens in an order until a mass is reached: nucleus and locally typical sampling.

import { checkInteger, checkNumber } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { softmax } from '../../special/softmax.js';
import { massCut } from './radix-select.js';
import type { FilterOptions } from './top-k.js';
import { probabilityScratch, receiveRow, widen } from './workspace.js';

export interface TopPOptions extends FilterOptions {
  /** Mass to reach, in [0, 1]. */
  p: number;
}

/**
 * Nucleus: in the order of decreasing probability (ties: lower index first) a token stays iff the mass before it is below p.
 *
 * p = 0 keeps one token (or `minKeep`), p = 1 every token of positive probability. A. Holtzman, J. Buys, L. Du, M. Forbes,
 * Y. Choi, arXiv:1904.09751, section 3.1. O(V): a radix selection, no sort. Masses are added in buckets of nearly equal
 * probabilities, so a token whose mass before is within rounding of p may fall on either side of it.
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if p is outside [0, 1] or logits has no softmax
 *
 * @example
 * applyTopP([2, 3, -Infinity, 0], { p: 0.7 }); //=> Float64Array.of(-Infinity, 3, -Infinity, -Infinity)
 */
export function applyTopP(logits: ArrayLike<number>, options: TopPOptions, out?: Float64Array): Float64Array {
  const p = checkNumber('p', options.p, 0, 1);
  const minKeep = checkInteger('minKeep', options.minKeep ?? 1, 1);
  const result = receiveRow(logits.length, out);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(row.length));
  // A mass of all tokens that rounds below 1 or above it must not decide p = 1.
  const cut = massCut(pr, pr, p === 1 ? Infinity : p, minKeep, true);
  for (let i = 0; i < row.length; i++) {
    const q = pr[i];
    result[i] = q > cut.key || (q === cut.key && i <= cut.index) ? row[i] : -Infinity;
  }
  return result;
}

/**
 * Locally typical: in the order of increasing |-log pr_i - H| (H the entropy in nats; ties: lower index first) a token
 * stays iff the mass before it is below p. The most probable token may go. Tokens of probability 0 never stay.
 *
 * C. Meister, T. Pimentel, G. Wiher, R. Cotterell, arXiv:2202.00666, section 4. O(V), no sort.
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if p is outside [0, 1] or logits has no softmax
 *
 * @example
 * keptIndices(applyTypicalP([3, 1, 1, 1, 1], { p: 0.2 })); //=> Int32Array.of(0)
 */
export function applyTypicalP(logits: ArrayLike<number>, options: TopPOptions, out?: Float64Array): Float64Array {
  const p = checkNumber('p', options.p, 0, 1);
  const minKeep = checkInteger('minKeep', options.minKeep ?? 1, 1);
  const n = logits.length;
  const result = receiveRow(n, out);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(n));
  const score = surpriseScratch(n);
  let entropy = 0;
  for (let i = 0; i < n; i++) {
    const q = pr[i];
    const surprise = q > 0 ? -log(q) : Infinity;
    score[i] = surprise;
    if (q > 0) entropy += q * surprise;
  }
  for (let i = 0; i < n; i++) score[i] = Math.abs(score[i] - entropy);
  const cut = massCut(score, pr, p === 1 ? Infinity : p, minKeep, false);
  for (let i = 0; i < n; i++) {
    const s = score[i];
    const stays = pr[i] > 0 && (s < cut.key || (s === cut.key && i <= cut.index));
    result[i] = stays ? row[i] : -Infinity;
  }
  return result;
}

let surprises = new Float64Array(0);

function surpriseScratch(n: number): Float64Array {
  if (surprises.length < n) surprises = new Float64Array(n);
  return surprises.length === n ? surprises : surprises.subarray(0, n);
}
