// Grammar masks and logit biases.

import { receiveRow } from './workspace.js';

/**
 * Keeps the tokens with a nonzero byte; the others become -Infinity.
 *
 * @param allowed one byte a token
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if the lengths differ
 *
 * @example
 * applyAllowedMask([1, 2, 3], Uint8Array.of(1, 0, 1)); //=> Float64Array.of(1, -Infinity, 3)
 */
export function applyAllowedMask(logits: ArrayLike<number>, allowed: Uint8Array, out?: Float64Array): Float64Array {
  const n = logits.length;
  if (allowed.length !== n) throw new RangeError(`allowed must have length ${n}, got ${allowed.length}`);
  const result = receiveRow(n, out);
  for (let i = 0; i < n; i++) result[i] = allowed[i] !== 0 ? logits[i] : -Infinity;
  return result;
}

/**
 * Keeps the tokens whose bit is set: token i has bit i mod 32, from the lowest, of word floor(i / 32).
 *
 * @param bitmask ceil(V / 32) words, as grammar engines (XGrammar, llguidance) fill them
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if there are too few words
 *
 * @example
 * applyBitmask([1, 2, 3], Uint32Array.of(0b101)); //=> Float64Array.of(1, -Infinity, 3)
 */
export function applyBitmask(
  logits: ArrayLike<number>,
  bitmask: Uint32Array | Int32Array,
  out?: Float64Array,
): Float64Array {
  const n = logits.length;
  const words = Math.ceil(n / 32);
  if (bitmask.length < words) throw new RangeError(`bitmask must have at least ${words} words, got ${bitmask.length}`);
  const result = receiveRow(n, out);
  for (let i = 0; i < n; i++) result[i] = (bitmask[i >>> 5] >>> (i & 31)) & 1 ? logits[i] : -Infinity;
  return result;
}

/**
 * Adds a bias to the logits of some tokens; -Infinity bans a token.
 *
 * @param bias pairs of a token and its bias, or a Map; a token named twice gets both
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if a token is not an index of logits, or a bias is NaN or +Infinity
 *
 * @example
 * applyLogitBias([1, 2, 3], [[0, 5], [2, -Infinity]]); //=> Float64Array.of(6, 2, -Infinity)
 */
export function applyLogitBias(
  logits: ArrayLike<number>,
  bias: Iterable<readonly [number, number]>,
  out?: Float64Array,
): Float64Array {
  const n = logits.length;
  const result = receiveRow(n, out);
  const pairs = [...bias];
  for (const [token, amount] of pairs) {
    if (!(token >= 0 && token < n && Number.isInteger(token))) {
      throw new RangeError(`bias: token must be an integer in [0, ${n - 1}], got ${token}`);
    }
    if (!(amount < Infinity)) throw new RangeError(`bias of token ${token} must be below Infinity, got ${amount}`);
  }
  if ((result as ArrayLike<number>) !== logits) result.set(logits);
  for (const [token, amount] of pairs) result[token] += amount;
  return result;
}
