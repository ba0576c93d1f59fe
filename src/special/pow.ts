// Powers with the same bits in every engine: x^y = e^(y log x) with log x and the product in two doubles each.

import { expSum } from './exp.js';
import { logarithmParts, logParts } from './log-parts.js';
import { productLow } from './two-products.js';

/**
 * x^y, within 0.6 ulp (0.9 ulp where the result is subnormal).
 *
 * Special cases are those of `Math.pow`: x^0 = 1 for every x, 1^±Infinity is NaN, a negative base needs an integer
 * exponent (else NaN) and keeps its sign when that is odd.
 *
 * @example
 * pow(2, 0.5); //=> 1.4142135623730951
 */
export function pow(x: number, y: number): number {
  if (x > 0 && x < Infinity && Math.abs(y) <= 18446744073709552000) {
    return y === 0 || x === 1 ? 1 : y === 1 ? x : positivePower(x, y);
  }
  return powEdge(x, y);
}

/** x^y for 0 < x < Infinity, x not 1, 0 < |y| <= 2^64. */
function positivePower(x: number, y: number): number {
  logParts(x);
  const high = logarithmParts[0];
  const product = y * high;
  if (product > 709.8) return Infinity;
  if (product < -745.2) return 0;
  return expSum(product, productLow(y, high, product) + y * logarithmParts[1], 0);
}

function powEdge(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  if (Math.abs(y) === Infinity) return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0;
  const odd = Math.abs(y) % 2 === 1;
  const negative = x < 0 || Object.is(x, -0);
  if (size === 0 || size === Infinity) {
    const result = (size === 0) === y > 0 ? 0 : Infinity;
    return negative && odd ? -result : result;
  }
  if (negative && !Number.isInteger(y)) return NaN;
  if (size === 1) return negative && odd ? -1 : 1;
  if (Math.abs(y) > 18446744073709552000) return size > 1 === y > 0 ? Infinity : 0; // |log x| >= 2^-53; y is even
  const result = positivePower(size, y);
  return odd ? -result : result;
}
