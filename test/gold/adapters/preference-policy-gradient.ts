// The functions of preference.json that live in policy-gradient.
import * as policy from '../../../src/policy-gradient/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  gae: ({ options, ...trajectory }) => policy.gae(trajectory as never, options),
  rlooAdvantages: ({ rewards, groupSize }) => ({ advantages: policy.rlooAdvantages(rewards, groupSize) }),
  grpoAdvantages: ({ rewards, groupSize, options }) => ({
    advantages: policy.grpoAdvantages(rewards, groupSize, options),
  }),
  grpoLoss: ({ options, ...batch }) => policy.grpoLoss(batch as never, options),
  ppoClipLoss: ({ options, ...batch }) => policy.ppoClipLoss(batch as never, options),
  valueClipLoss: ({ options, ...batch }) => policy.valueClipLoss(batch as never, options),
  klEstimates: (batch) => policy.klEstimates(batch as never),
  klShapedRewards: ({ options, ...input }) => ({ rewards: policy.klShapedRewards(input as never, options) }),
  xpoLoss: ({ batch, options }) => policy.xpoLoss(batch, options),
};
