// log(1 + t) for t in [0, 1], in a line without a branch: the form in which losses need it, t = e^-|x|.

import { LN2_HI, LOG_CENTRE, LOG_HI, LOG_INVERSE, LOG_LO, LN2_LO } from './log-table.js';

/**
 * The bins of log-table.ts that hold 1 + t, in steps of 1/128 of t: c - 1, 1/c and log c in two parts side by side, so
 * that a bin is one line of the cache. From 1.4140625 on 1 + t falls in the bins below 1, doubled; t = 1 in that of 1.
 */
const BINS = /* @__PURE__ */ (() => {
  const bins = new Float64Array(4 * 129);
  for (let j = 0; j <= 128; j++) {
    const octave = j < 53 ? 0 : 1;
    const i = j < 53 || j === 128 ? 75 + (j & 127) : j - 53;
    bins[4 * j] = (1 + octave) * LOG_CENTRE[i] - 1;
    bins[4 * j + 1] = LOG_INVERSE[i] / (1 + octave);
    bins[4 * j + 2] = octave * LN2_HI + LOG_HI[i]; // exact
    bins[4 * j + 3] = octave * LN2_LO + LOG_LO[i];
  }
  return bins;
})();

/**
 * log(1 + t), within 0.9 ulp. `log1p` without its branches, whose outcome no processor can predict where t = e^-|x| of
 * data, and not quite its bits.
 *
 * @param t in [0, 1]; anything else gives a wrong number or NaN
 */
export function log1pUnit(t: number): number {
  const j = ((t * 128) | 0) * 4;
  const r = (t - BINS[j]) * BINS[j + 1]; // the difference is exact, |r| <= 2^-7
  const s = r * r;
  const series = -1 / 2 + r * (1 / 3) + s * (-1 / 4 + r * (1 / 5) + s * (-1 / 6 + r * (1 / 7) - s * (1 / 8)));
  return BINS[j + 2] + (r + (BINS[j + 3] + s * series));
}
