// The functions of bandits.json for streams, linear models, duels, several tasks and logged data.
import { assadiWangLevels, streamingSampleSizes } from '../../../src/bandits/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  streamingSampleSizes: ({ arms, horizon }) => streamingSampleSizes(arms, horizon),
  assadiWangLevels: ({ arms, epsilon, delta }) => {
    const levels = assadiWangLevels(arms, epsilon, delta);
    return { levels: levels.length, first: levels.slice(0, 2) };
  },
};
