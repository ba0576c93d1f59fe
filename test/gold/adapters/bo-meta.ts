// The functions of bo.json that live in bo/meta and bo/proposer.
import {
  barDistributionEi,
  expectedImprovementCount,
  improvementCountDistribution,
  proposerTargetValue,
} from '../../../src/bo/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  barDistributionEi: ({ borders, probabilities, best, maximize }) =>
    barDistributionEi({ borders, probabilities }, { best, maximize }),
  expectedImprovementCount: ({ steps }) => expectedImprovementCount(steps),
  improvementCountDistribution: ({ steps }) => improvementCountDistribution(steps),
  proposerTargetValue: ({ y, alpha, minimize }) =>
    proposerTargetValue(y, { alpha, direction: minimize ? 'minimize' : 'maximize' }),
};
