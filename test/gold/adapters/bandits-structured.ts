// The functions of bandits.json for streams, linear models, duels, several tasks and logged data.
import {
  assadiWangLevels,
  type LoggedData,
  opeClippedIps,
  opeDm,
  opeDr,
  opeDrOs,
  opeEffectiveSampleSize,
  opeIps,
  opeSgIps,
  opeSnDr,
  opeSnips,
  opeSwitch,
  opeSwitchDr,
  streamingSampleSizes,
} from '../../../src/bandits/index.js';
import type { GoldAdapters, GoldInput } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  streamingSampleSizes: ({ arms, horizon }) => streamingSampleSizes(arms, horizon),
  assadiWangLevels: ({ arms, epsilon, delta }) => {
    const levels = assadiWangLevels(arms, epsilon, delta);
    return { levels: levels.length, first: levels.slice(0, 2) };
  },
  opeIps: (input) => opeIps(logOf(input)).estimate,
  opeClippedIps: (input) => opeClippedIps(logOf(input), { maxWeight: input.maxWeight }).estimate,
  opeSnips: (input) => opeSnips(logOf(input)).estimate,
  opeDm: (input) => opeDm(logOf(input)).estimate,
  opeDr: (input) => opeDr(logOf(input)).estimate,
  opeSnDr: (input) => opeSnDr(logOf(input)).estimate,
  opeSwitchDr: (input) => opeSwitchDr(logOf(input), { threshold: input.threshold }).estimate,
  opeSwitch: (input) => opeSwitch(logOf(input), { threshold: input.threshold }).estimate,
  opeDrOs: (input) => opeDrOs(logOf(input), { lambda: input.lambda_ }).estimate,
  opeSgIps: (input) => opeSgIps(logOf(input), { lambda: input.lambda_ }).estimate,
  opeEffectiveSampleSize: (input) => opeEffectiveSampleSize(logOf(input)),
};

function logOf({ actions, rewards, propensities, targetProbs, qHat, loggingProbs }: GoldInput): LoggedData {
  return {
    actions,
    rewards,
    propensities,
    target: targetProbs,
    ...(qHat === undefined ? {} : { model: qHat }),
    ...(loggingProbs === undefined ? {} : { logging: loggingProbs }),
  };
}
