// The functions of bo.json that live in bo/meta and bo/proposer.
import { proposerTargetValue } from '../../../src/bo/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  proposerTargetValue: ({ y, alpha, minimize }) =>
    proposerTargetValue(y, { alpha, direction: minimize ? 'minimize' : 'maximize' }),
};
