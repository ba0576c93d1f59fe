// Temperatures: a fixed one on logits, and one that follows the entropy.

import { checkNumber, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { softmax } from '../../special/softmax.js';
import { entropyOf } from './cutoffs.js';
import { checkLogits, probabilityScratch, receiveRow, widen } from './workspace.js';

/**
 * Divides the logits by the temperature T >= 0. T = 0 leaves the first of the largest logits and masks the rest.
 *
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if the temperature is negative or not finite, or logits has no softmax
 *
 * @example
 * applyTemperature([1, 2], 0.5); //=> Float64Array.of(2, 4)
 */
export function applyTemperature(logits: ArrayLike<number>, temperature: number, out?: Float64Array): Float64Array {
  checkNumber('temperature', temperature, 0);
  const n = logits.length;
  const result = receiveRow(n, out);
  const row = widen(logits);
  const largest = checkLogits(row);
  if (temperature === 0) {
    const best = row.indexOf(largest);
    result.fill(-Infinity);
    result[best] = largest;
    return result;
  }
  // A tiny temperature sends l / T to an infinity; differences from the maximum keep it a number.
  const shift = Math.abs(largest / temperature) < 1e300 ? 0 : largest;
  for (let i = 0; i < n; i++) result[i] = (row[i] - shift) / temperature;
  return result;
}

export interface DynamicTemperatureOptions {
  /** Temperature at entropy 0, positive. */
  min: number;
  /** Temperature at the largest entropy, at least `min`. */
  max: number;
  /** Positive. Default 1. */
  exponent?: number;
}

/**
 * Divides the logits by T = min + (max - min) (H / log V)^exponent, H the entropy in nats of the V finite logits.
 *
 * One finite logit has H = 0 and T = min.
 *
 * @param out receives the logits; may be `logits` itself
 * @throws RangeError if min or exponent is not positive, max < min, or logits has no softmax
 *
 * @example
 * applyDynamicTemperature([1, 1], { min: 0.5, max: 2 }); //=> Float64Array.of(0.5, 0.5)
 */
export function applyDynamicTemperature(
  logits: ArrayLike<number>,
  options: DynamicTemperatureOptions,
  out?: Float64Array,
): Float64Array {
  const min = checkPositive('min', options.min);
  const max = checkNumber('max', options.max, min);
  const exponent = checkPositive('exponent', options.exponent ?? 1);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(row.length));
  let finite = 0;
  for (let i = 0; i < row.length; i++) if (row[i] > -Infinity) finite += 1;
  const share = finite > 1 ? Math.min(1, entropyOf(pr) / log(finite)) : 0;
  return applyTemperature(row, min + (max - min) * (exponent === 1 ? share : pow(share, exponent)), out);
}
