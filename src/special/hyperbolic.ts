// Hyperbolic sine, cosine and tangent with the same bits in every engine, from e^x in two parts (exp.ts).

import { exponentialParts, expParts, expSum } from './exp.js';

/**
 * sinh x = (e^x - e^-x) / 2, within 0.7 ulp.
 *
 * @param x any number; ±Infinity gives ±Infinity, NaN gives NaN
 *
 * @example
 * sinh(0); //=> 0
 */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.3) {
    const s = x * x;
    const tail = 1 / 6 + s * (1 / 120 + s * (1 / 5040 + s * (1 / 362880 + s * (1 / 39916800 + s * (1 / 6227020800)))));
    return x + x * s * tail;
  }
  if (!(size < 22)) return x < 0 ? -halfExp(size) : halfExp(size); // e^-x is below half an ulp
  expParts(size);
  const grow = exponentialParts[0];
  const growLow = exponentialParts[1];
  expParts(-size);
  const high = grow - exponentialParts[0];
  const value = high + (grow - high - exponentialParts[0] + (growLow - exponentialParts[1]));
  return x < 0 ? -value / 2 : value / 2;
}

/**
 * cosh x = (e^x + e^-x) / 2, within 0.7 ulp.
 *
 * @param x any number; ±Infinity gives Infinity, NaN gives NaN
 *
 * @example
 * cosh(0); //=> 1
 */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (!(size < 22)) return halfExp(size);
  expParts(size);
  const grow = exponentialParts[0];
  const growLow = exponentialParts[1];
  expParts(-size);
  const high = grow + exponentialParts[0];
  return (high + (grow - high + exponentialParts[0] + (growLow + exponentialParts[1]))) / 2;
}

/**
 * tanh x = (e^2x - 1) / (e^2x + 1), within 1 ulp.
 *
 * @param x any number; ±Infinity gives ±1, NaN gives NaN
 *
 * @example
 * tanh(Infinity); //=> 1
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.03) {
    const s = x * x;
    if (s === 0) return x; // keeps -0
    return x - x * s * (1 / 3 + s * (-2 / 15 + s * (17 / 315 + s * (-62 / 2835 + s * (1382 / 155925)))));
  }
  if (!(size < 22)) return Number.isNaN(x) ? NaN : Math.sign(x);
  expParts(2 * size);
  const e = exponentialParts[0];
  const low = exponentialParts[1];
  const less = e - 1;
  const more = e + 1;
  const lessLow = e > 1 ? e - less - 1 + low : low;
  const moreLow = e > 1 ? e - more + 1 + low : 1 - more + e + low;
  const top = less + lessLow;
  const bottom = more + moreLow;
  // the quotient of the rounded sums, corrected by what the sums lost
  const value = top / bottom;
  const correction = (less - top + lessLow - value * (more - bottom + moreLow)) / bottom;
  const result = value + correction;
  return x < 0 ? -result : result;
}

/** e^size / 2 without the overflow of e^size. */
function halfExp(size: number): number {
  if (size === Infinity || Number.isNaN(size)) return size;
  return size > 711 ? Infinity : expSum(size, 0, -1);
}
