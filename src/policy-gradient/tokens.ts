// Masks over tokens, checked once for every surrogate.

import { checkVector } from '../internal/check.js';

/** 1 for a token that counts and 0 for one that does not (prompt, padding); absent counts all. */
export type TokenMask = ArrayLike<number | boolean>;

/** The mask as bytes with the number of tokens that count. @throws RangeError on a wrong length, another value, or none left */
export function openMask(mask: TokenMask | undefined, length: number): { counts: Uint8Array; n: number } {
  if (length === 0) throw new RangeError('logp must not be empty');
  const counts = new Uint8Array(length);
  if (mask === undefined) return { counts: counts.fill(1), n: length };
  if (mask.length !== length) throw new RangeError(`mask must have length ${length}, got ${mask.length}`);
  let n = 0;
  for (let i = 0; i < length; i++) {
    const value = mask[i];
    if (value !== 0 && value !== 1 && value !== true && value !== false) {
      throw new RangeError(`mask[${i}] must be 0 or 1, got ${String(value)}`);
    }
    if (value) {
      counts[i] = 1;
      n += 1;
    }
  }
  if (n === 0) throw new RangeError('mask must leave at least one token');
  return { counts, n };
}

/** Checks that the named vectors are finite and of one length, which it returns. */
export function checkTokens(vectors: Record<string, ArrayLike<number>>): number {
  let length: number | undefined;
  for (const [name, values] of Object.entries(vectors)) {
    checkVector(name, values, length);
    length ??= values.length;
  }
  return length ?? 0;
}

/** `out` if it has that length, else a new array. */
export function reuse(out: Float64Array | undefined, length: number): Float64Array {
  return out?.length === length ? out : new Float64Array(length);
}
