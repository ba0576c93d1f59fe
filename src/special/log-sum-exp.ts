// The logarithm of a sum of exponentials.

import { exp } from './exp.js';
import { log } from './log.js';
import { log1p } from './log1p.js';

/**
 * log Σ_i e^(x_i), with the largest x_i taken out first. Relative error of the sum: (n/4 + 3) ulp.
 *
 * The sum runs in four lanes, i mod 4, combined as (s0 + s1) + (s2 + s3).
 *
 * @param values at least one number; all -Infinity give -Infinity, any +Infinity gives Infinity
 * @throws RangeError if values is empty or holds NaN
 *
 * @example
 * logSumExp([1000, 1000]); //=> 1000.6931471805599
 */
export function logSumExp(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) throw new RangeError('values must not be empty');
  let largest = -Infinity;
  for (let i = 0; i < n; i++) {
    const value = values[i];
    if (value > largest) largest = value;
    else if (Number.isNaN(value)) throw new RangeError(`values[${i}] must not be NaN`);
  }
  if (largest === -Infinity || largest === Infinity) return largest;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += exp(values[i] - largest);
    s1 += exp(values[i + 1] - largest);
    s2 += exp(values[i + 2] - largest);
    s3 += exp(values[i + 3] - largest);
  }
  if (i < n) s0 += exp(values[i] - largest);
  if (i + 1 < n) s1 += exp(values[i + 1] - largest);
  if (i + 2 < n) s2 += exp(values[i + 2] - largest);
  return largest + log(s0 + s1 + (s2 + s3));
}

/**
 * log(e^a + e^b).
 *
 * @example
 * logAddExp(-Infinity, 2); //=> 2
 */
export function logAddExp(a: number, b: number): number {
  const high = a > b ? a : b;
  const low = a > b ? b : a;
  if (low === -Infinity || high === Infinity) return Number.isNaN(low) || Number.isNaN(high) ? NaN : high;
  return high + log1p(exp(low - high));
}
