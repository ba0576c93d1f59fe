// x log y with the convention of entropies.

import { log } from './log.js';

/**
 * x log y, and 0 when x = 0 whatever y (0 log 0 = 0).
 *
 * @param x any number
 * @param y at least 0
 *
 * @example
 * xlogy(0, 0); //=> 0
 */
export function xlogy(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * log(y);
}
