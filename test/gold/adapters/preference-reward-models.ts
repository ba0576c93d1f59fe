// Reward models and composed rewards of preference.json.
import {
  bradleyTerryLoss,
  fitBradleyTerry,
  fitPlackettLuce,
  fitRewardModel,
  normalizedEditDistance,
  plackettLuceNegLogLik,
  preferenceQueryValue,
  regularizedRelevanceReward,
  rlspReward,
} from '../../../src/preference/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  bradleyTerryLoss: ({ options, ...pairs }) => bradleyTerryLoss(pairs as never, options),
  fitBradleyTerry: ({ wins, options }) => fitBradleyTerry(wins, options),
  plackettLuceNegLogLik: ({ scores, rankings }) => plackettLuceNegLogLik(scores, rankings),
  fitPlackettLuce: ({ items, rankings }) => fitPlackettLuce(rankings, { items }),
  fitRewardModel: ({ features, pairs, options }) => fitRewardModel(features, pairs, options),
  regularizedRelevanceReward: ({ options, ...inputs }) => regularizedRelevanceReward(inputs as never, options),
  rlspReward: ({ options, ...inputs }) => rlspReward(inputs as never, options),
  normalizedEditDistance: ({ a, b }) => normalizedEditDistance(a, b),
  preferenceQueryValue: ({ precision, featuresA, featuresB, options }) =>
    preferenceQueryValue(precision, featuresA, featuresB, options),
};
