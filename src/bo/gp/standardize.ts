import { checkVector } from '../../internal/check.js';

export interface Standardization {
  mean: number;
  /** Sample standard deviation (n - 1), or 1 where that is below 1e-8 or n = 1. */
  std: number;
}

/**
 * (y - mean)/std with the sample standard deviation; values that do not vary keep std 1.
 *
 * Computed relative to the largest magnitude, so that targets of size 1e300 do not overflow.
 *
 * @throws RangeError if y has an entry that is not finite
 *
 * @example
 * standardize([1, 2, 4]).mean.toFixed(4); //=> '2.3333'
 */
export function standardize(y: ArrayLike<number>): Standardization & { y: Float64Array } {
  checkVector('y', y);
  const n = y.length;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(y[i]));
  // A power of two, so that scaling is exact.
  let unit = 1;
  while (largest / unit > 1e100) unit *= 1.2676506002282294e30;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += y[i] / unit;
  mean = n > 0 ? mean / n : 0;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (y[i] / unit - mean) * (y[i] / unit - mean);
  let std = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  if (!(std * unit >= 1e-8)) std = 1 / unit;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = (y[i] / unit - mean) / std;
  return { mean: mean * unit, std: std * unit, y: out };
}
