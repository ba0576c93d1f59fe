import { checkNumber, checkVector } from '../../internal/check.js';

/** A box: low and high end of every coordinate. */
export type Bounds = readonly (readonly [low: number, high: number])[];

/**
 * @param d number of coordinates, where something else fixes it
 * @throws TypeError if bounds is not an array of pairs; RangeError if it is empty or not of length d, or an end is not finite or
 *   below its low
 */
export function checkBounds(bounds: Bounds, d?: number): Bounds {
  if (!Array.isArray(bounds)) throw new TypeError('bounds must be an array of pairs');
  if (bounds.length === 0) throw new RangeError('bounds must not be empty');
  if (d !== undefined && bounds.length !== d)
    throw new RangeError(`bounds must have length ${d}, got ${bounds.length}`);
  bounds.forEach((pair, k) => {
    const [low, high] = checkVector(`bounds[${k}]`, pair, 2) as readonly [number, number];
    checkNumber(`bounds[${k}][1]`, high, low);
  });
  return bounds;
}
