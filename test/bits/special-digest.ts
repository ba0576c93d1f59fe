import { createRng } from '../../src/random/create-rng.js';
import * as special from '../../src/special/index.js';
import { bitsOf } from './bits-of.js';

const unary = [
  'exp',
  'expm1',
  'log',
  'log1p',
  'log2',
  'log10',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'sigmoid',
  'logSigmoid',
  'softplus',
  'erf',
  'erfc',
  'erfcx',
  'normalPdf',
  'normalCdf',
  'logNormalCdf',
  'logEiStandard',
  'logEiStandardDerivative',
  'logBesselI0',
  'logGamma',
  'digamma',
  'trigamma',
] as const;

/** 2000 seeded values of every elementary and special function, at arguments of all sizes and both signs. */
export function specialDigest(): string {
  const rng = createRng('special');
  const values = new Float64Array(2000 * (unary.length + 8));
  let n = 0;
  for (let i = 0; i < 2000; i++) {
    const size = 2 ** Math.floor(24 * rng() - 14) * (1 + rng());
    const x = rng() < 0.5 ? size : -size;
    for (const name of unary) {
      const domain = name === 'asin' || name === 'acos' ? x / 1024 : name.includes('amma') ? size : x;
      values[n++] = special[name](domain);
    }
    values[n++] = special.pow(size, 4 * rng() - 2);
    values[n++] = special.atan2(x, rng() - 0.5);
    const u = rng();
    const other = 100 * rng();
    values[n++] = special.normalQuantile(u);
    values[n++] = special.gammaP(size, size * (0.5 + u));
    values[n++] = special.gammaQ(size, size * (0.5 + u));
    values[n++] = special.logBeta(size, other);
    values[n++] = special.betaInc(u, size, other);
    values[n++] = special.betaQuantile(u, size, other);
  }
  return bitsOf(values);
}
