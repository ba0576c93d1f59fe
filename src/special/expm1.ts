// e^x - 1 without losing the digits of a small x.

import { exp } from './exp.js';
import { EXP_STEP, EXP_STEP_TAIL, STEP_HI, STEP_LO, STEPS_PER_UNIT } from './exp-table.js';
import { POWERS_OF_TWO } from './powers-of-two.js';

// Engines fold the address of a constant of this module, but not that of an import: the aliases save a load each.
const STEPS = EXP_STEP;
const TAILS = EXP_STEP_TAIL;
const POWERS = POWERS_OF_TWO;

/** 1.5 · 2^52: adding and taking it away rounds a number below 2^51 to the nearest integer. */
const ROUND = 6755399441055744;

/**
 * e^x - 1, within 0.8 ulp.
 *
 * For |x| < 0.03 its series, of which the first term is exact; elsewhere e^x in two parts, less 1.
 *
 * @param x any number; -Infinity gives -1, NaN gives NaN (as `Math.expm1`)
 *
 * @example
 * expm1(1e-20); //=> 1e-20
 */
export function expm1(x: number): number {
  if (Math.abs(x) < 0.03) {
    const s = x * x;
    if (s === 0) return x; // keeps -0
    return (
      x + s * (1 / 2 + x * (1 / 6) + s * (1 / 24 + x * (1 / 120) + s * (1 / 720 + x * (1 / 5040) + s * (1 / 40320))))
    );
  }
  if (!(x < 50)) return exp(x); // the 1 is below half an ulp
  if (x < -45) return -1; // e^x is below a quarter of an ulp of 1
  // e^x = step 2^m (1 + tail), as in exp; step 2^m - 1 in two parts, whichever is the larger
  const k = x * STEPS_PER_UNIT + ROUND - ROUND;
  const r = x - k * STEP_HI - k * STEP_LO;
  const n = k | 0;
  const first = STEPS[n & 127] * POWERS[(n >> 7) + 1074];
  const square = r * r;
  const tail = TAILS[n & 127] + r + (square * (0.5 + r * (1 / 6)) + square * square * (1 / 24 + r * (1 / 120)));
  const high = first - 1;
  const one = high - first;
  const low = first - (high - one) - (1 + one);
  return high + (low + first * tail);
}
