// Softmax and its logarithm.

import { exp } from './exp.js';
import { log } from './log.js';

export interface SoftmaxOptions {
  /** Divides the logits, in [0, Infinity); 0 is the one-hot limit at the lowest index of the maximum. Default 1. */
  temperature?: number;
}

/**
 * p_i = e^((x_i - max x) / T) / Σ_j e^((x_j - max x) / T).
 *
 * The sum runs in four lanes, i mod 4, combined as (s0 + s1) + (s2 + s3). -Infinity is probability 0.
 *
 * @param logits length n >= 1
 * @param out receives the probabilities; may be `logits` itself, and may be a Float32Array
 * @throws RangeError if logits is empty, holds NaN or +Infinity, or is all -Infinity
 *
 * @example
 * softmax([0, 0, -Infinity]); //=> Float64Array.of(0.5, 0.5, 0)
 */
export function softmax<T extends Float64Array | Float32Array = Float64Array>(
  logits: ArrayLike<number>,
  options: SoftmaxOptions = {},
  out?: T,
): T {
  const result = receive(logits.length, out);
  const total = softmaxNumerators(logits, options.temperature ?? 1, result);
  if (total !== 1) for (let i = 0; i < result.length; i++) result[i] /= total;
  return result;
}

/**
 * Fills `out` with e^((x_i - max x) / T) and returns their sum, in four lanes: `softmax` before the division, for those who want a
 * few of its entries.
 *
 * @param out length n; may be `logits` itself
 * @throws RangeError as `softmax`
 */
export function softmaxNumerators(
  logits: ArrayLike<number>,
  temperature: number,
  out: Float64Array | Float32Array,
): number {
  const best = checkLogits(logits, temperature);
  if (temperature > 0) return exponentials(logits, logits[best], temperature, out);
  out.fill(0);
  out[best] = 1;
  return 1;
}

/**
 * log p_i = (x_i - max x) / T - log Σ_j e^((x_j - max x) / T).
 *
 * Temperature 0 gives 0 at the lowest index of the maximum and -Infinity elsewhere. Sums as in `softmax`.
 *
 * @param logits length n >= 1
 * @param out receives the log-probabilities; may be `logits` itself
 * @throws RangeError if logits is empty, holds NaN or +Infinity, or is all -Infinity
 *
 * @example
 * logSoftmax([0, -Infinity]); //=> Float64Array.of(0, -Infinity)
 */
export function logSoftmax<T extends Float64Array | Float32Array = Float64Array>(
  logits: ArrayLike<number>,
  options: SoftmaxOptions = {},
  out?: T,
): T {
  const { temperature = 1 } = options;
  const best = checkLogits(logits, temperature);
  const n = logits.length;
  const result = receive(n, out);
  if (temperature === 0) {
    result.fill(-Infinity);
    result[best] = 0;
    return result;
  }
  const largest = logits[best];
  const logTotal = log(sumOfExponentials(logits, largest, temperature));
  for (let i = 0; i < n; i++) result[i] = (logits[i] - largest) / temperature - logTotal;
  return result;
}

function receive<T extends Float64Array | Float32Array>(n: number, out: T | undefined): T {
  if (out === undefined) return new Float64Array(n) as Float64Array as T;
  if (out.length !== n) throw new RangeError(`out must have length ${n}, got ${out.length}`);
  return out;
}

/** Index of the first maximum; refuses what has no softmax. */
function checkLogits(logits: ArrayLike<number>, temperature: number): number {
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new RangeError(`temperature must be a finite number in [0, Infinity), got ${temperature}`);
  }
  const n = logits.length;
  if (n === 0) throw new RangeError('logits must not be empty');
  let largest = -Infinity;
  let best = 0;
  for (let i = 0; i < n; i++) {
    const logit = logits[i];
    if (!(logit <= largest)) {
      if (!(logit < Infinity)) throw new RangeError(`logits[${i}] must be a number below Infinity, got ${logit}`);
      largest = logit;
      best = i;
    }
  }
  if (largest === -Infinity) throw new RangeError('logits must not all be -Infinity');
  return best;
}

/** Fills out with e^((x_i - largest)/T) and returns their sum in four lanes. */
function exponentials(
  logits: ArrayLike<number>,
  largest: number,
  temperature: number,
  out: Float64Array | Float32Array,
): number {
  const n = logits.length;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const e0 = exp((logits[i] - largest) / temperature);
    const e1 = exp((logits[i + 1] - largest) / temperature);
    const e2 = exp((logits[i + 2] - largest) / temperature);
    const e3 = exp((logits[i + 3] - largest) / temperature);
    s0 += e0;
    s1 += e1;
    s2 += e2;
    s3 += e3;
    out[i] = e0;
    out[i + 1] = e1;
    out[i + 2] = e2;
    out[i + 3] = e3;
  }
  if (i < n) s0 += out[i] = exp((logits[i] - largest) / temperature);
  if (i + 1 < n) s1 += out[i + 1] = exp((logits[i + 1] - largest) / temperature);
  if (i + 2 < n) s2 += out[i + 2] = exp((logits[i + 2] - largest) / temperature);
  return s0 + s1 + (s2 + s3);
}

/** Σ e^((x_i - largest)/T) in four lanes. */
function sumOfExponentials(logits: ArrayLike<number>, largest: number, temperature: number): number {
  const n = logits.length;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += exp((logits[i] - largest) / temperature);
    s1 += exp((logits[i + 1] - largest) / temperature);
    s2 += exp((logits[i + 2] - largest) / temperature);
    s3 += exp((logits[i + 3] - largest) / temperature);
  }
  if (i < n) s0 += exp((logits[i] - largest) / temperature);
  if (i + 1 < n) s1 += exp((logits[i + 1] - largest) / temperature);
  if (i + 2 < n) s2 += exp((logits[i + 2] - largest) / temperature);
  return s0 + s1 + (s2 + s3);
}
