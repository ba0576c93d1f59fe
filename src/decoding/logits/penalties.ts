// Penalties on tokens that the context already holds.

import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { pow } from '../../special/pow.js';
import { receiveRow } from './workspace.js';

/**
 * Repetition penalty: the logit of every token of the context becomes l / penalty if l > 0, else l · penalty.
 *
 * Each distinct token is penalised once. N. S. Keskar, B. McCann, L. R. Varshney, C. Xiong, R. Socher, arXiv:1909.05858,
 * section 4.1, with the change of sign that is customary for negative logits.
 *
 * @param tokens the context
 * @param penalty positive; above 1 discourages
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if the penalty is not positive or a token is not an index of logits
 *
 * @example
 * applyRepetitionPenalty([3, -1, 2], [0, 1, 0], 2); //=> Float64Array.of(1.5, -2, 2)
 */
export function applyRepetitionPenalty(
  logits: ArrayLike<number>,
  tokens: ArrayLike<number>,
  penalty: number,
  out?: Float64Array,
): Float64Array {
  checkPositive('penalty', penalty);
  const result = copyRow(logits, tokens, out);
  for (const token of new Set(Array.from(tokens))) {
    const logit = result[token];
    result[token] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return result;
}

export interface FrequencyPresenceOptions {
  /** Taken off once for every occurrence. Default 0. */
  frequency?: number;
  /** Taken off once if the token occurs. Default 0. */
  presence?: number;
}

/**
 * Takes frequency · count + presence off the logit of every token that occurs in the context.
 *
 * @param tokens the context
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if a penalty is not finite or a token is not an index of logits
 *
 * @example
 * applyFrequencyPresencePenalty([3, 1], [0, 0], { frequency: 0.5, presence: 1 }); //=> Float64Array.of(1, 1)
 */
export function applyFrequencyPresencePenalty(
  logits: ArrayLike<number>,
  tokens: ArrayLike<number>,
  options: FrequencyPresenceOptions,
  out?: Float64Array,
): Float64Array {
  const frequency = checkNumber('frequency', options.frequency ?? 0);
  const presence = checkNumber('presence', options.presence ?? 0);
  const result = copyRow(logits, tokens, out);
  const counts = new Map<number, number>();
  for (let i = 0; i < tokens.length; i++) counts.set(tokens[i], (counts.get(tokens[i]) ?? 0) + 1);
  for (const [token, count] of counts) result[token] -= frequency * count + presence;
  return result;
}

/**
 * Bans every token that would complete an n-gram which the context already holds.
 *
 * @param tokens the context
 * @param n length of the n-grams, at least 1; 1 bans every token of the context
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if n is not an integer >= 1 or a token is not an index of logits
 *
 * @example
 * applyNoRepeatNgram([1, 1, 1], [0, 2, 1, 0], 2); //=> Float64Array.of(1, 1, -Infinity)
 */
export function applyNoRepeatNgram(
  logits: ArrayLike<number>,
  tokens: ArrayLike<number>,
  n: number,
  out?: Float64Array,
): Float64Array {
  checkInteger('n', n, 1);
  const result = copyRow(logits, tokens, out);
  const prefix = tokens.length - (n - 1);
  for (let start = 0; start < prefix; start++) {
    let same = 0;
    while (same < n - 1 && tokens[start + same] === tokens[prefix + same]) same += 1;
    if (same === n - 1) result[tokens[start + n - 1]] = -Infinity;
  }
  return result;
}

export interface DryOptions {
  /** Penalty of the shortest repetition that counts, at least 0. */
  multiplier: number;
  /** Growth for each further token, at least 1. Default 1.75. */
  base?: number;
  /** The shortest repetition that counts, at least 1. Default 2. */
  allowedLength?: number;
  /** Tokens that end a repetition. Default none. */
  breakers?: Iterable<number>;
  /** How many of the last tokens are looked at; -1 (default) is all. */
  lastN?: number;
}

/**
 * DRY ("don't repeat yourself"): takes multiplier · base^(m - allowedLength) off the token that would prolong a repetition
 * of length m >= allowedLength.
 *
 * With the context t_0..t_{n-1}, m of token t_i is the largest length of a common suffix of t_0..t_{i-1} and t_0..t_{n-1}
 * without a breaker, over all places 1 <= i < n with that token. O(n), by the Z-function of the reversed context. A penalty
 * too large for a double is the largest double. Defaults of P. E. Weidmann's sampler (text-generation-webui, pull request 5677).
 *
 * @param tokens the context
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if an option is out of range or a token is not an index of logits
 *
 * @example
 * applyDry([0, 0, 0], [0, 1, 2, 0, 1], { multiplier: 1 }); //=> Float64Array.of(0, 0, -1)
 */
export function applyDry(
  logits: ArrayLike<number>,
  tokens: ArrayLike<number>,
  options: DryOptions,
  out?: Float64Array,
): Float64Array {
  const multiplier = checkNumber('multiplier', options.multiplier, 0);
  const base = checkNumber('base', options.base ?? 1.75, 1);
  const allowedLength = checkInteger('allowedLength', options.allowedLength ?? 2, 1);
  const lastN = checkInteger('lastN', options.lastN ?? -1, -1);
  const breakers = new Set(options.breakers ?? []);
  const result = copyRow(logits, tokens, out);
  const n = lastN === -1 ? tokens.length : Math.min(lastN, tokens.length);
  if (n < 2 || multiplier === 0) return result;

  const reversed = new Int32Array(n);
  for (let i = 0; i < n; i++) reversed[i] = tokens[tokens.length - 1 - i];
  let limit = 0;
  while (limit < n && !breakers.has(reversed[limit])) limit += 1;
  const z = zFunction(reversed);
  const longest = new Map<number, number>();
  for (let shift = 1; shift < n; shift++) {
    const length = Math.min(z[shift], limit);
    const next = reversed[shift - 1];
    if (length >= allowedLength && length > (longest.get(next) ?? 0)) longest.set(next, length);
  }
  for (const [token, length] of longest) {
    result[token] -= Math.min(Number.MAX_VALUE, multiplier * pow(base, length - allowedLength));
  }
  return result;
}

/** z[s] = length of the longest common prefix of x and x_s, x_{s+1}, ...; O(n). */
function zFunction(x: Int32Array): Int32Array {
  const n = x.length;
  const z = new Int32Array(n);
  z[0] = n;
  let left = 0;
  let right = 0;
  for (let s = 1; s < n; s++) {
    let length = s < right ? Math.min(right - s, z[s - left]) : 0;
    while (s + length < n && x[length] === x[s + length]) length += 1;
    z[s] = length;
    if (s + length > right) {
      left = s;
      right = s + length;
    }
  }
  return z;
}

function copyRow(logits: ArrayLike<number>, tokens: ArrayLike<number>, out: Float64Array | undefined): Float64Array {
  const n = logits.length;
  for (let i = 0; i < tokens.length; i++) {
    if (!(tokens[i] >= 0 && tokens[i] < n && Number.isInteger(tokens[i]))) {
      throw new RangeError(`tokens[${i}] must be an integer in [0, ${n - 1}], got ${tokens[i]}`);
    }
  }
  const result = receiveRow(n, out);
  if ((result as ArrayLike<number>) !== logits) result.set(logits);
  return result;
}
