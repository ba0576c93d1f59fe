// Tabular policies of preference.json.
import {
  categoricalDivergence,
  expectedPolicyGradient,
  klRegularizedOptimum,
  trainTabularPolicy,
} from '../../../src/preference/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  klRegularizedOptimum: ({ ref, rewards, options }) => klRegularizedOptimum(ref, rewards, options),
  categoricalDivergence: ({ logits, target, options }) => categoricalDivergence(logits, target, options),
  expectedPolicyGradient: ({ logits, rewards, ref, options }) => expectedPolicyGradient(logits, rewards, ref, options),
  trainTabularPolicy: ({ refLogits, pairs, options }) => trainTabularPolicy({ refLogits, pairs }, options),
};
