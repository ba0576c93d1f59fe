// The logarithm as a sum of two doubles, for functions that need more than one: pow, log2, log10.

import { LN2_HI, LN2_LO, LOG_BASE } from './log-table.js';
import { SHORT_INVERSE, SHORT_LOG_HI, SHORT_LOG_LO } from './log-parts-table.js';
import { POWERS_OF_TWO } from './powers-of-two.js';

const word = /* @__PURE__ */ new Float64Array(1);
const words = /* @__PURE__ */ new Int32Array(word.buffer);
/** Index of the high 32 bits of a double. */
const HIGH = /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ new Int32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Where `logParts` leaves its result. */
export const logarithmParts = /* @__PURE__ */ new Float64Array(2);

/**
 * log x as a sum of two doubles, logarithmParts[0] + logarithmParts[1], to about 68 bits. For x positive and finite.
 *
 * The reciprocal of the bin's centre has 9 bits here, which makes r exact, and r²/2 is carried in two parts.
 */
export function logParts(x: number): void {
  let shift = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54
    shift = -54;
  }
  word[0] = x;
  const t = (words[HIGH] - LOG_BASE) | 0;
  const e = (t >> 20) + shift;
  const i = (t >> 13) & 127;
  const z = x * POWERS_OF_TWO[1074 - (t >> 20)];
  const inverse = SHORT_INVERSE[i];
  const zHigh = z + 100663296 - 100663296; // 1.5 · 2^26: z rounded to a multiple of 2^-26
  const r = zHigh * inverse - 1 + (z - zHigh) * inverse; // every step is exact
  const w = e * LN2_HI + SHORT_LOG_HI[i]; // exact
  const first = w + r;
  const firstLow = w - first + r + (e * LN2_LO + SHORT_LOG_LO[i]);
  // r² = square + squareLow by splitting r in halves of 26 bits
  const rHigh = r * 134217729 - (r * 134217729 - r);
  const rLow = r - rHigh;
  const square = r * r;
  const squareLow = rHigh * rHigh - square + 2 * rHigh * rLow + rLow * rLow;
  const second = -0.5 * square;
  const high = first + second; // |first| > |second| always: |log x| >= |r| / 2 in every bin
  const low = first - high + second + (firstLow - 0.5 * squareLow + square * r * (1 / 3 + r * seriesFromFourth(r)));
  logarithmParts[0] = high + low;
  logarithmParts[1] = high - logarithmParts[0] + low;
}

/** (log(1 + r) - r + r²/2 - r³/3) / r⁴ to degree 6, for |r| <= 2^-7. */
function seriesFromFourth(r: number): number {
  const s = r * r;
  return -1 / 4 + r * (1 / 5) + s * (-1 / 6 + r * (1 / 7) + s * (-1 / 8 + r * (1 / 9) + s * (-1 / 10)));
}
