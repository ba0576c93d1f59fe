// The largest logit of a row and the sum of the other exponentials, read once.
//
// A row goes by in pieces of 512: each is copied into a small array of doubles (so that the loop of exponentials meets one
// kind of array, whatever the logits are) while its largest number is found, then summed while it is in the cache. Where a
// piece raises the maximum, what has been summed is scaled down: M. Milakov, N. Gimelshein, arXiv:1805.02867.
//
// The largest number itself, e^0 = 1, is left out of the sum. log Σ e^x = max + log1p(rest) then keeps its digits where one
// token has nearly all the probability. All terms are positive, so the relative error of the rest is at most that of one
// term plus 2^-53 for each addition that it goes through, at most 512 + n/512: below 7e-14 for 32,000 logits.

import { expUnit } from '../../special/exp-unit.js';

const PIECE = 512;
const piece = /* @__PURE__ */ new Float64Array(PIECE);

/** Where `scanRow` leaves the largest number. */
export const rowLargest = /* @__PURE__ */ new Float64Array(1);

/**
 * Σ e^{(x_i - max) · inverse} over n numbers from `base` on, without one number that is the maximum; the maximum itself
 * into `rowLargest`. From left to right in each piece of 512, then piece by piece.
 *
 * @returns NaN if a number is NaN or Infinity, or if all are -Infinity
 */
export function scanRow(x: ArrayLike<number>, base: number, n: number, inverse: number): number {
  let largest = -Infinity;
  let rest = 0;
  for (let start = 0; start < n; start += PIECE) {
    const count = Math.min(PIECE, n - start);
    const top = takePiece(x, base + start, count);
    if (top > largest) {
      if (largest > -Infinity) rest = (rest + 1) * expUnit((largest - top) * inverse);
      largest = top;
      piece[piece.indexOf(top)] = -Infinity; // counted as the 1
    } else if (largest === -Infinity) {
      for (let i = 0; i < count; i++) if (piece[i] !== piece[i]) rest = NaN;
      continue;
    }
    rest += sumPiece(count, largest, inverse);
  }
  rowLargest[0] = largest;
  return Math.abs(largest) < Infinity ? rest : NaN;
}

/**
 * Copies `count` numbers and returns the largest; NaN is passed over here, and found by the sum. A typed array is copied by
 * the engine: a loop that has met both widths of logits takes twice as long for either.
 */
function takePiece(x: ArrayLike<number>, from: number, count: number): number {
  if (ArrayBuffer.isView(x)) piece.set((x as Float64Array).subarray(from, from + count));
  else for (let i = 0; i < count; i++) piece[i] = x[from + i];
  let top = -Infinity;
  let other = -Infinity;
  let i = 0;
  for (; i + 1 < count; i += 2) {
    if (piece[i] > top) top = piece[i];
    if (piece[i + 1] > other) other = piece[i + 1];
  }
  if (i < count && piece[i] > top) top = piece[i];
  return top > other ? top : other;
}

/** Σ e^{(x - largest) · inverse} over the piece, four at a time; the last four are filled up with zeros. */
function sumPiece(count: number, largest: number, inverse: number): number {
  let end = count;
  for (; (end & 3) !== 0; end++) piece[end] = -Infinity;
  let total = 0;
  for (let i = 0; i < end; i += 4) {
    const first = expUnit((piece[i] - largest) * inverse) + expUnit((piece[i + 1] - largest) * inverse);
    const second = expUnit((piece[i + 2] - largest) * inverse) + expUnit((piece[i + 3] - largest) * inverse);
    total += first + second;
  }
  return total;
}

/** The error of a row that `scanRow` has no sum for. */
export function badRow(logits: ArrayLike<number>, base: number, n: number, name = 'logits'): RangeError {
  for (let i = base; i < base + n; i++) {
    if (!(logits[i] < Infinity)) return new RangeError(`${name}[${i}] must be below Infinity, got ${logits[i]}`);
  }
  return new RangeError(`${name}[${base}..${base + n - 1}] are all -Infinity`);
}
