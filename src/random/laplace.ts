/** Laplace numbers by inversion. */
import { laplaceQuantile } from '../special/laplace-quantile.js';
import type { Rng } from './create-rng.js';

/**
 * One number with density e^(-|x|/scale) / (2 scale): the quantile at one uniform, always finite.
 *
 * @throws RangeError if `scale` is negative or not finite
 *
 * @example
 * sampleLaplace(2, () => 0.5); //=> 0
 */
export function sampleLaplace(scale: number, rng: Rng): number {
  return laplaceQuantile(rng(), scale);
}
