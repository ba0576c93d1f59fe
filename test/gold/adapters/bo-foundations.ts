// The functions of bo.json that live in special, random, linalg and optimize.
import { cholesky, choleskyAppend, choleskyRankOne, toRowMajor } from '../../../src/linalg/index.js';
import { type LbfgsbOptions, minimizeLbfgsb, type ValueAndGradient } from '../../../src/optimize/index.js';
import { sobol, sobolDirections1024 } from '../../../src/random/index.js';
import {
  erfcx,
  logEiStandard,
  logEiStandardDerivative,
  logNormalCdf,
  normalCdf,
  normalQuantile,
} from '../../../src/special/index.js';
import type { GoldAdapters } from '../adapter.js';
import { rowsOf } from '../agrees.js';

export const adapters: GoldAdapters['adapters'] = {
  normCdf: ({ z }) => normalCdf(z),
  logNormCdf: ({ z }) => logNormalCdf(z),
  normQuantile: ({ p }) => normalQuantile(p),
  erfcx: ({ x }) => erfcx(x),
  logEiStandard: ({ z }) => logEiStandard(z),
  logEiStandardDerivative: ({ z }) => logEiStandardDerivative(z),
  choleskyRankOne: ({ A, v, sign }) => {
    const { data, rows: n } = toRowMajor(A);
    cholesky(data, n);
    choleskyRankOne(data, Float64Array.from(v), n, sign);
    return rowsOf(data, n);
  },
  augmentedCholesky: ({ L, column, diagonal }) => {
    const { data, rows: n } = toRowMajor(L);
    return rowsOf(choleskyAppend(data, column, diagonal, n) ?? [], n + 1);
  },
  minimizeLbfgsb: ({ objective, x0, lower, upper, options }) => {
    const { x, value } = minimizeLbfgsb(objectives[objective], x0, { lower, upper, ...(options as LbfgsbOptions) });
    return { x, value };
  },
  sobol: ({ n, d, start, scramble }) => rowsOf(sobol(n, d, { start, scramble, directions: sobolDirections1024 }), d),
};

/** The objectives that the file names. */
const objectives: Record<string, ValueAndGradient> = {
  rosenbrock2: (x, g) => {
    const a = x[1] - x[0] * x[0];
    const b = 1 - x[0];
    g[0] = -400 * a * x[0] - 2 * b;
    g[1] = 200 * a;
    return 100 * a * a + b * b;
  },
};
