// log(1 + x) without losing the digits of a small x.

import { LN2_HI, LN2_LO, LOG_BASE, LOG_CENTRE, LOG_HI, LOG_INVERSE, LOG_LO } from './log-table.js';
import { log } from './log.js';
import { POWERS_OF_TWO } from './powers-of-two.js';

// Engines fold the address of a constant of this module, but not that of an import: the aliases save a load each.
const POWERS = POWERS_OF_TWO;
const CENTRE = LOG_CENTRE;
const INVERSE = LOG_INVERSE;
const LOGS = LOG_HI;
const LOG_TAILS = LOG_LO;

const word = /* @__PURE__ */ new Float64Array(1);
const words = /* @__PURE__ */ new Int32Array(word.buffer);
const HIGH = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ new Int32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * log(1 + x), within 0.8 ulp.
 *
 * For |x| < 2^-8 its series; elsewhere the reduction of `log` applied to u = 1 + x rounded, with the rounding error
 * x - (u - 1) added after the reduction.
 *
 * @param x any number; -1 gives -Infinity, less than -1 or NaN gives NaN (as `Math.log1p`)
 *
 * @example
 * log1p(1e-20); //=> 1e-20
 */
export function log1p(x: number): number {
  if (Math.abs(x) < 0.00390625) {
    const s = x * x;
    return (
      x +
      s * (-1 / 2 + x * (1 / 3) + s * (-1 / 4 + x * (1 / 5) + s * (-1 / 6 + x * (1 / 7) + s * (-1 / 8 + x * (1 / 9)))))
    );
  }
  if (!(x > -1 && x < 9007199254740992)) return log(x > 1 ? x : 1 + x); // from 2^53 on, log(1 + x) rounds to log x
  const u = 1 + x;
  const error = x - (u - 1); // both differences are exact: u - 1 below 2^53, and it is within half an ulp of u of x
  word[0] = u;
  const t = (words[HIGH] - LOG_BASE) | 0;
  const e = t >> 20;
  const i = (t >> 13) & 127;
  const scale = POWERS[1074 - e];
  const inverse = INVERSE[i];
  const r = (u * scale - CENTRE[i]) * inverse;
  const w = e * LN2_HI + LOGS[i];
  const high = w + r;
  const low = w - high + r + (e * LN2_LO + LOG_TAILS[i]) + error * scale * (inverse - inverse * r); // 1/u = scale/(c (1 + r))
  const s = r * r;
  const series = -1 / 2 + r * (1 / 3) + s * (-1 / 4 + r * (1 / 5) + s * (-1 / 6 + r * (1 / 7) - s * (1 / 8)));
  return high + (low + s * series);
}
