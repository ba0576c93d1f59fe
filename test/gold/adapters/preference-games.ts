// The functions of preference.json that live in special, stats and games.
import {
  exploitability,
  intransitivityTriples,
  ipoOptimum,
  minimaxWinner,
  nashMirrorDescent,
  preferenceAggregation,
  regularizedNash,
  selfPlay,
  sppoIterate,
  winRateRewards,
} from '../../../src/games/index.js';
import { log1mExp, logSigmoid, logSumExp, sigmoid } from '../../../src/special/index.js';
import { bestOfNDistribution, correlations } from '../../../src/stats/index.js';
import type { GoldAdapters, GoldInput } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  sigmoid: (input) => ({ y: numbers(input).map((x) => sigmoid(x)) }),
  logSigmoid: (input) => ({ y: numbers(input).map((x) => logSigmoid(x)) }),
  log1mExp: (input) => ({ y: numbers(input).map((x) => log1mExp(x)) }),
  logSumExp: (input) => ({ y: logSumExp(numbers(input)) }),
  correlations: ({ x, y }) => correlations(x, y),
  bestOfNPolicy: ({ policy, rewards, n }) => {
    const { distribution, expectedValue, kl, klBound } = bestOfNDistribution(policy, rewards, n);
    return { policy: distribution, expectedReward: expectedValue, kl, klBound };
  },
  minimaxWinner: ({ preference }) => minimaxWinner(preference),
  exploitability: ({ preference, policy }) => exploitability(preference, policy),
  selfPlayPreference: ({ preference, initial, options }) =>
    selfPlay(preference, { ...(options as object), initial } as never),
  regularizedNash: ({ preference, ref, options }) => regularizedNash(preference, ref, options),
  nashMirrorDescent: ({ preference, ref, options }) => nashMirrorDescent(preference, ref, options),
  sppoIterate: ({ preference, policy, options }) => ({ policy: sppoIterate(preference, policy, options) }),
  ipoOptimum: ({ preference, ref, options }) => ({ policy: ipoOptimum(ref, preference, options) }),
  winRateRewards: ({ comparisons }) => ({ rewards: winRateRewards(comparisons) }),
  intransitivityTriples: ({ preference }) => intransitivityTriples(preference),
  preferenceAggregation: ({ preference }) => preferenceAggregation(preference),
};

function numbers({ x }: GoldInput): number[] {
  return (x as (number | string)[]).map(Number);
}
