// Truncations that take tokens in an order until a mass is reached: nucleus and locally typical sampling.

import { checkInteger, checkNumber } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { softmax } from '../../special/softmax.js';
import { indexScratch, lightTail, massCut } from './radix-select.js';
import type { FilterOptions } from './top-k.js';
import { probabilityScratch, receiveRow, scratchRow, widen } from './workspace.js';

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
  return keepOnly(p === 1 ? positiveMass(pr, 2) : nucleus(pr, p, minKeep), row, pr, result);
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
  if (p === 1) return keepOnly(positiveMass(pr, 2), row, pr, result);
  const score = scratchRow(n, 3);
  let entropy = 0;
  for (let i = 0; i < n; i++) {
    const q = pr[i];
    const surprise = q > 0 ? -log(q) : Infinity;
    score[i] = surprise;
    if (q > 0) entropy += q * surprise;
  }
  for (let i = 0; i < n; i++) score[i] = Math.abs(score[i] - entropy);
  const size = positiveMass(pr, 1);
  const { key, index } = massCut(score, pr, size, { mass: 0, count: 0 }, p, minKeep, false);
  const candidates = indexScratch(n, 1);
  const list = indexScratch(n, 2);
  let kept = 0;
  for (let c = 0; c < size; c++) {
    const i = candidates[c];
    list[kept] = i; // overwritten by the next one unless i stays
    kept += Number(score[i] < key) + Number(score[i] === key && i <= index);
  }
  return keepOnly(kept, row, pr, result);
}

/** Puts the tokens of positive mass into `indexScratch(n, slot)`; their number. */
function positiveMass(mass: Float64Array, slot: 1 | 2): number {
  const list = indexScratch(mass.length, slot);
  let size = 0;
  for (let i = 0; i < mass.length; i++) if (mass[i] > 0) list[size++] = i;
  return size;
}

/** Shorter rows are searched whole. */
const SAMPLED = 16384;

/**
 * Puts the tokens of the nucleus into `indexScratch(n, 2)`; their number. O(n).
 *
 * A sample tells about where the last one lies: tokens above `high` are taken, those between `low` and `high` are searched. If
 * the sums say otherwise the search is over all tokens. No branch depends on a single probability, which cannot be predicted.
 */
function nucleus(pr: Float64Array, p: number, minKeep: number): number {
  const n = pr.length;
  const candidates = indexScratch(n, 1);
  const list = indexScratch(n, 2);
  let low = 0;
  let high = Infinity;
  if (n >= SAMPLED && p < 1 - 1e-9) [low, high] = lightTail(pr, 1 - p, Math.floor(n / (SAMPLED / 4)));
  let kept = 0;
  let size = 0;
  let mass = 0;
  for (;;) {
    low = Math.max(low, Number.MIN_VALUE);
    kept = size = mass = 0;
    for (let i = 0; i < n; i++) {
      const q = pr[i];
      const sure = Number(q >= high);
      list[kept] = i; // overwritten by the next one unless i is one
      candidates[size] = i;
      kept += sure;
      size += Number(q >= low) - sure;
      mass += sure * q;
    }
    let searched = 0;
    for (let c = 0; c < size; c++) searched += pr[candidates[c]];
    // By a margin: sums in other orders round otherwise.
    if (high < Infinity && !(mass < p - 1e-9)) high = Infinity;
    else if (low > Number.MIN_VALUE && !(mass + searched > p + 1e-9 && kept + size >= minKeep)) low = 0;
    else break;
  }
  const { key, index } = massCut(pr, pr, size, { mass, count: kept }, p, minKeep, true);
  for (let c = 0; c < size; c++) {
    const i = candidates[c];
    list[kept] = i;
    kept += Number(pr[i] > key) + Number(pr[i] === key && i <= index);
  }
  return kept;
}

/** The logits of the first `kept` tokens in `indexScratch(n, 2)`, the rest -Infinity; `result` may be `row`. Overwrites `scratch`. */
function keepOnly(kept: number, row: Float64Array, scratch: Float64Array, result: Float64Array): Float64Array {
  const list = indexScratch(row.length, 2);
  for (let c = 0; c < kept; c++) scratch[c] = row[list[c]];
  result.fill(-Infinity);
  for (let c = 0; c < kept; c++) result[list[c]] = scratch[c];
  return result;
}
