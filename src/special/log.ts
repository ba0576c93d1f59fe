// The natural logarithm with the same bits in every engine.
//
// P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point arithmetic",
// ACM Trans. Math. Software 16 (1990). With x = 2^e z, z in [0.707, 1.414), and c the centre of the bin of z,
//   log x = e ln 2 + log c + log(1 + r),   r = (z - c) / c,  |r| <= 2^-7,
// where log c comes from a table and log(1 + r) from its series. The two bins that touch 1 have c = 1: near 1 no
// table entry enters and the relative accuracy is kept.

import { LN2_HI, LN2_LO, LOG_BASE, LOG_CENTRE, LOG_HI, LOG_INVERSE, LOG_LO } from './log-table.js';
import { POWERS_OF_TWO } from './powers-of-two.js';

// Engines fold the address of a constant of this module, but not that of an import: the aliases save a load each.
const POWERS = POWERS_OF_TWO;
const CENTRE = LOG_CENTRE;
const INVERSE = LOG_INVERSE;
const LOGS = LOG_HI;
const LOG_TAILS = LOG_LO;

const word = /* @__PURE__ */ new Float64Array(1);
const words = /* @__PURE__ */ new Int32Array(word.buffer);
/** Index of the high 32 bits of a double. */
const HIGH = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ new Int32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * Natural logarithm of x, within 0.7 ulp.
 *
 * @param x any number; zero gives -Infinity, a negative number or NaN gives NaN (as `Math.log`)
 *
 * @example
 * log(Math.E); //=> 1
 */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x < Infinity)) return logEdge(x);
  return logNormal(x, 0);
}

/** log(2^shift x), x a normal number. */
function logNormal(x: number, shift: number): number {
  word[0] = x;
  const t = (words[HIGH] - LOG_BASE) | 0;
  const i = (t >> 13) & 127;
  const r = (x * POWERS[1074 - (t >> 20)] - CENTRE[i]) * INVERSE[i];
  const e = (t >> 20) + shift;
  const w = e * LN2_HI + LOGS[i]; // exact
  const high = w + r;
  const low = w - high + r + (e * LN2_LO + LOG_TAILS[i]);
  return high + (low + r * r * series(r));
}

function logEdge(x: number): number {
  if (x > 0 && x < 1) return logNormal(x * 18014398509481984, -54); // 2^54 x is normal and exact
  return x === 0 ? -Infinity : x > 0 ? Infinity : NaN;
}

/** (log(1 + r) - r) / r² to degree 6, for |r| <= 2^-7. */
function series(r: number): number {
  const s = r * r;
  return -1 / 2 + r * (1 / 3) + s * (-1 / 4 + r * (1 / 5) + s * (-1 / 6 + r * (1 / 7) - s * (1 / 8)));
}
