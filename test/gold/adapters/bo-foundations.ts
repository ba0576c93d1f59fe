// The functions of bo.json that live in special and random.
import { sobol, sobolDirections1024 } from '../../../src/random/index.js';
import { erfcx, logNormalCdf, normalCdf, normalQuantile } from '../../../src/special/index.js';
import type { GoldAdapters } from '../adapter.js';
import { rowsOf } from '../agrees.js';

export const adapters: GoldAdapters['adapters'] = {
  normCdf: ({ z }) => normalCdf(z),
  logNormCdf: ({ z }) => logNormalCdf(z),
  normQuantile: ({ p }) => normalQuantile(p),
  erfcx: ({ x }) => erfcx(x),
  sobol: ({ n, d, start, scramble }) => rowsOf(sobol(n, d, { start, scramble, directions: sobolDirections1024 }), d),
};
