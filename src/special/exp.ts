// The exponential function with the same bits in every engine.
//
// P. T. P. Tang, "Table-driven implementation of the exponential function in IEEE floating-point arithmetic",
// ACM Trans. Math. Software 15 (1989). With k the integer nearest to 128 x / ln 2 and k = 128 m + j,
//   e^x = 2^m 2^(j/128) e^r,   r = x - k ln 2 / 128,  |r| <= ln 2 / 256,
// where 2^(j/128) comes from a table and e^r from five terms of its series.

import { EXP_STEP, EXP_STEP_TAIL, STEP_HI, STEP_LO, STEPS_PER_UNIT } from './exp-table.js';
import { POWERS_OF_TWO } from './powers-of-two.js';

// Engines fold the address of a constant of this module, but not that of an import: the aliases save a load each.
const STEPS = EXP_STEP;
const TAILS = EXP_STEP_TAIL;
const POWERS = POWERS_OF_TWO;

/** 1.5 · 2^52: adding and taking it away rounds a number below 2^51 to the nearest integer. */
const ROUND = 6755399441055744;

/**
 * e^x, within 0.51 ulp (0.76 ulp where the result is subnormal).
 *
 * @param x any number; e^-Infinity = 0, e^Infinity = Infinity, NaN gives NaN (as `Math.exp`)
 *
 * @example
 * exp(1); //=> 2.718281828459045
 */
export function exp(x: number): number {
  if (!(Math.abs(x) <= 708)) return expFar(x);
  const k = x * STEPS_PER_UNIT + ROUND - ROUND;
  const r = x - k * STEP_HI - k * STEP_LO;
  const n = k | 0;
  const step = STEPS[n & 127];
  const square = r * r;
  const tail = TAILS[n & 127] + r + (square * (0.5 + r * (1 / 6)) + square * square * (1 / 24 + r * (1 / 120)));
  return (step + step * tail) * POWERS[(n >> 7) + 1074];
}

/**
 * The exponential of an unevaluated sum, e^(high + low), times 2^exponent.
 *
 * The low part enters after the reduction, so that it costs no accuracy. For |high| <= 800 and |low| <= 1e-4.
 */
export function expSum(high: number, low: number, exponent: number): number {
  const k = high * STEPS_PER_UNIT + ROUND - ROUND;
  const r = high - k * STEP_HI - k * STEP_LO + low;
  const n = k | 0;
  const step = STEPS[n & 127];
  const square = r * r;
  const tail = TAILS[n & 127] + r + (square * (0.5 + r * (1 / 6)) + square * square * (1 / 24 + r * (1 / 120)));
  return scale(step + step * tail, (n >> 7) + exponent);
}

/** Where `expParts` leaves its result. */
export const exponentialParts = /* @__PURE__ */ new Float64Array(2);

/**
 * e^x as a sum of two doubles, exponentialParts[0] + exponentialParts[1], to about 61 bits. For |x| <= 708.
 *
 * The first part is 2^m 2^(j/128), the second 2^m 2^(j/128) (e^r - 1); subtracting 1 from the first is exact near 1.
 */
export function expParts(x: number): void {
  const k = x * STEPS_PER_UNIT + ROUND - ROUND;
  const r = x - k * STEP_HI - k * STEP_LO;
  const n = k | 0;
  const step = STEPS[n & 127] * POWERS[(n >> 7) + 1074];
  const square = r * r;
  const tail = TAILS[n & 127] + r + (square * (0.5 + r * (1 / 6)) + square * square * (1 / 24 + r * (1 / 120)));
  exponentialParts[0] = step;
  exponentialParts[1] = step * tail;
}

/** value · 2^n, rounded once, for value in [1/2, 4] and |n| <= 2000. */
function scale(value: number, n: number): number {
  if (n > 1022) return n > 1025 ? Infinity : value * POWERS[1022 + 1074] * POWERS[n - 1022 + 1074];
  if (n < -1021) return n < -1080 ? 0 : value * POWERS[n + 200 + 1074] * POWERS[1074 - 200];
  return value * POWERS[n + 1074];
}

function expFar(x: number): number {
  if (x > 709.782712893384) return Infinity; // ln of the largest double
  if (x < -745.1332191019411) return 0; // ln 2^-1075
  return expSum(x, 0, 0); // NaN stays NaN
}
