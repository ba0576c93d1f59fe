// The functions of bandits.json for streams, linear models, duels, several tasks and logged data.
import {
  assadiWangLevels,
  gOptimalDesign,
  lassoRelevance,
  linUcb,
  linUcbRadius,
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
  rucbUpperBounds,
  samplingFactor,
  sourceRelevance,
  sparseNetBound,
  streamingSampleSizes,
} from '../../../src/bandits/index.js';
import type { GoldAdapters, GoldInput } from '../adapter.js';
import { rowsOf } from '../agrees.js';

export const adapters: GoldAdapters['adapters'] = {
  streamingSampleSizes: ({ arms, horizon }) => streamingSampleSizes(arms, horizon),
  assadiWangLevels: ({ arms, epsilon, delta }) => {
    const levels = assadiWangLevels(arms, epsilon, delta);
    return { levels: levels.length, first: levels.slice(0, 2) };
  },
  gOptimalDesign: ({ actions }) => {
    const { maxVariance, logDet } = gOptimalDesign(actions);
    return { maxVariance, logDet };
  },
  linUcbScores: ({ history, rewards, actions, lambda_, delta, noise, normBound }) => {
    const arms = (actions as number[][]).length;
    const dimension = (actions as number[][])[0].length;
    const options = { arms, dimension, lambda: lambda_, delta, noise, normBound };
    // One arm for the history, then the actions' scores under its model, with the radius and with width 1 alone.
    const learner = linUcb({ ...options, arms: 1 });
    const state = (history as number[][]).reduce((s, x, t) => learner.update(s, x, 0, rewards[t]), learner.init());
    const features = (actions as number[][]).flat();
    return {
      theta: state.models[0].theta,
      radius: linUcbRadius(state.models[0], options),
      widths: linUcb({ ...options, alpha: 1 }).widths(state, features),
      scores: linUcb(options).scores(state, features),
    };
  },
  rucbUpperBounds: ({ wins, t, alpha }) => rowsOf(rucbUpperBounds(wins, t, { alpha }), (wins as number[][]).length),
  sparseNetBound: ({ dimension, sparsity, epsilon }) => sparseNetBound({ dimension, sparsity, epsilon }),
  samplingFactor: ({ nu, strategy, total }) => samplingFactor(nu, { strategy, total }),
  sourceRelevance: ({ sourceHeads, targetHead, norm }) => {
    const { nu, l1Norm } = sourceRelevance(sourceHeads, targetHead, { norm });
    return norm === 'l2' ? nu : { l1Norm, nu };
  },
  lassoObjective: ({ sourceHeads, targetHead, lambda_ }) => ({
    minimum: lassoRelevance(sourceHeads, targetHead, lambda_, { tolerance: 1e-12 }).objective,
  }),
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
