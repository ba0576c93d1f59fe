// The functions of beyond.json that live in special and stats.
import { logBesselI0 } from '../../../src/special/index.js';
import { klInverseLower, klInverseUpper, rocAuc } from '../../../src/stats/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  klInverseUpper: ({ q, c }) => klInverseUpper(q, c),
  klInverseLower: ({ q, c }) => klInverseLower(q, c),
  logBesselI0: ({ x }) => logBesselI0(x),
  rocAuc: ({ scores, labels }) => rocAuc(scores, labels),
};
