// Rows of logits as Float64Array, and scratch rows that filters and verifiers share.
//
// A loop that sees Float64Array, Float32Array and plain arrays by turns is several times slower than one that sees a
// single kind. So rows of another kind are widened into a scratch row first, and every kernel reads Float64Array.
// The scratch rows hold nothing between calls.

const rows: Float64Array[] = [];

/**
 * `row` itself if it is a Float64Array, else its entries in a scratch row that the next call with this slot overwrites.
 * Two rows that are wanted at once take two slots.
 */
export function widen(row: ArrayLike<number>, slot: 0 | 1 = 0): Float64Array {
  if (row instanceof Float64Array) return row;
  const result = scratchRow(row.length, slot);
  result.set(row);
  return result;
}

/** The scratch row of this slot, with what it holds. `widen` has 0 and 1, `probabilityScratch` has 2. */
export function scratchRow(n: number, slot: 0 | 1 | 2 | 3 | 4): Float64Array {
  const row = rows[slot] as Float64Array | undefined;
  if (row === undefined || row.length < n) return (rows[slot] = new Float64Array(n));
  return row.length === n ? row : row.subarray(0, n);
}

/** A scratch row of length n for the probabilities of the row at hand; the next call hands out the same one. */
export function probabilityScratch(n: number): Float64Array {
  return scratchRow(n, 2);
}

/** `out` if it has length n, or a new row. */
export function receiveRow(n: number, out: Float64Array | undefined): Float64Array {
  if (out === undefined) return new Float64Array(n);
  if (out.length !== n) throw new RangeError(`out must have length ${n}, got ${out.length}`);
  return out;
}

/** The largest entry. @throws RangeError if the row is empty, holds NaN or +Infinity, or is all -Infinity */
export function checkLogits(logits: ArrayLike<number>): number {
  const n = logits.length;
  if (n === 0) throw new RangeError('logits must not be empty');
  let largest = -Infinity;
  for (let i = 0; i < n; i++) {
    const logit = logits[i];
    if (!(logit <= largest)) {
      if (!(logit < Infinity)) throw new RangeError(`logits[${i}] must be a number below Infinity, got ${logit}`);
      largest = logit;
    }
  }
  if (largest === -Infinity) throw new RangeError('logits must not all be -Infinity: every token is masked');
  return largest;
}
