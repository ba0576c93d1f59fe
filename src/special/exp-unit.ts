// e^x for x <= 0, in a line that calls nothing: for the loops over many logits and margins.

import { EXP_STEP, EXP_STEP_TAIL, STEP_HI, STEP_LO, STEPS_PER_UNIT } from './exp-table.js';
import { POWERS_OF_TWO } from './powers-of-two.js';

// Engines fold the address of a constant of this module, but not that of an import: the aliases save a load each.
const STEPS = EXP_STEP;
const TAILS = EXP_STEP_TAIL;
const POWERS = POWERS_OF_TWO;

/** 1.5 · 2^52: adding and taking it away rounds a number below 2^51 to the nearest integer. */
const ROUND = 6755399441055744;

/**
 * e^x for x in [-Infinity, 0]: the bits of `exp`, whose far cases are a call that costs the loop around it a quarter of
 * its speed once it has been taken.
 *
 * @param x at most 0, NaN gives NaN; up to 708 it is right too, beyond that wrong
 */
export function expUnit(x: number): number {
  if (x < -744.44) return x < -745.1332191019411 ? 0 : 5e-324; // 2^m below is a double from ln 2^-1074 on; ln 2^-1075
  const k = x * STEPS_PER_UNIT + ROUND - ROUND;
  const r = x - k * STEP_HI - k * STEP_LO;
  const n = k | 0;
  const step = STEPS[n & 127];
  const square = r * r;
  const tail = TAILS[n & 127] + r + (square * (0.5 + r * (1 / 6)) + square * square * (1 / 24 + r * (1 / 120)));
  return (step + step * tail) * POWERS[(n >> 7) + 1074];
}
