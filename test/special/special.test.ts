import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as special from '../../src/special/index.js';

// Values at 50 digits, each as high + low (make-special.py).
const table = JSON.parse(readFileSync(new URL('special.json', import.meta.url), 'utf8')) as Record<string, number[][]>;
const functions: Record<string, (...x: number[]) => number> = {
  ...(special as unknown as Record<string, (...x: number[]) => number>),
  normalQuantileLog: (l) => special.normalQuantile(l, { logP: true }),
};

/** Errors of the docstrings: relative, what each nat of |log value| adds to it in a tail, and absolute where a value passes 0. */
const promised: Record<string, { relative: number; perNat?: number; absolute?: number }> = {
  erf: { relative: 4.4e-16 },
  erfc: { relative: 7e-16 },
  erfcx: { relative: 6e-16 },
  normalPdf: { relative: 4.4e-16 },
  normalCdf: { relative: 6.7e-16 },
  logNormalCdf: { relative: 1e-15 },
  normalQuantile: { relative: 1e-15 },
  normalQuantileLog: { relative: 1e-15 },
  logEiStandard: { relative: 1e-15, absolute: 1e-15 },
  logEiStandardDerivative: { relative: 1e-14 },
  logGamma: { relative: 5e-16 },
  digamma: { relative: 4e-15 },
  trigamma: { relative: 1e-15 },
  gammaP: { relative: 2e-14, perNat: 1e-15 },
  gammaQ: { relative: 2e-14, perNat: 1e-15 },
  logBeta: { relative: 2e-15, absolute: 2e-15 },
  betaInc: { relative: 5e-14, perNat: 1e-15 },
  betaQuantile: { relative: 1e-13 },
  logBesselI0: { relative: 1e-15 },
};

describe('special functions agree with values of 50 digits', () => {
  test.each(Object.entries(table))('%s', (name, rows) => {
    const { relative, perNat = 0, absolute = 0 } = promised[name];
    for (const row of rows) {
      const [high, low] = row.slice(-2);
      const x = row.slice(0, -2);
      const error = Math.abs(functions[name](...x) - high - low);
      // a subnormal value is known to half its last place
      const allowed =
        (relative + (perNat > 0 ? perNat * Math.abs(Math.log(high)) : 0)) * Math.abs(high) +
        absolute +
        (Math.abs(high) < 2.2250738585072014e-308 ? 5e-324 : 0);
      if (!(error <= allowed))
        expect.fail(`${name}(${x.join(', ')}) = ${high} is off by ${error}, ${error / Math.abs(high)} of it`);
    }
  });
});
