// The functions of bo.json that live in bo/surrogates.
import { lastLayerLaplace, lastLayerPredict } from '../../../src/bo/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  lastLayerLaplace: ({ features, y, priorVariance, noise, featuresStar }) => {
    const state = lastLayerLaplace(features, y, { priorVariance, noise });
    return { ...lastLayerPredict(state, featuresStar), logEvidence: state.logEvidence };
  },
};
