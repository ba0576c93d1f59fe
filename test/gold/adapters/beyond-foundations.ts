// The functions of beyond.json that live in stats.
import { klInverseLower, klInverseUpper, rocAuc } from '../../../src/stats/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  klInverseUpper: ({ q, c }) => klInverseUpper(q, c),
  klInverseLower: ({ q, c }) => klInverseLower(q, c),
  rocAuc: ({ scores, labels }) => rocAuc(scores, labels),
};
