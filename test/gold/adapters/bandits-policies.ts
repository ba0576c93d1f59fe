// The functions of bandits.json that are policies of K arms, their indices and estimates.
import {
  bayesUcbIndex,
  discountedUcbIndices,
  exp3IxLossEstimate,
  exp3PGainEstimate,
  exp3Probabilities,
  gaussianPosterior,
  glrStatistic,
  imedIndex,
  inverseGapWeights,
  laiRobbinsConstant,
  mossAnytimeIndex,
  mossIndex,
  sequentialHalvingSchedule,
  slidingWindowUcbIndices,
  trackAndStopWeights,
  tsallisInfLossEstimate,
  tsallisInfWeights,
  ucb1Index,
  ucbVIndex,
} from '../../../src/bandits/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  ucb1Index: ({ mean, count, t, alpha }) => ucb1Index(mean, count, t, alpha),
  ucbVIndex: ({ mean, variance, count, t, zeta, c, range }) =>
    ucbVIndex(mean, variance, count, t, { zeta, c, rangeWidth: range }),
  mossIndex: ({ mean, count, horizon, arms }) => mossIndex(mean, count, { arms, horizon }),
  mossAnytimeIndex: ({ mean, count, t, arms, alpha }) => mossAnytimeIndex(mean, count, { arms, t, alpha }),
  imedIndex: ({ mean, bestMean, count, family }) => imedIndex(mean, bestMean, count, { family }),
  gaussianPosterior: ({ count, sum, priorMean, priorVariance, noiseVariance }) =>
    gaussianPosterior(count, sum, { priorMean, priorVariance, noiseVariance }),
  laiRobbinsConstant: ({ means, family }) => laiRobbinsConstant(means, { family }),
  exp3Probs: ({ gainEstimates, eta, gamma }) => exp3Probabilities(gainEstimates, { eta, gamma }),
  tsallisInfWeights: ({ lossEstimates, eta }) => tsallisInfWeights(lossEstimates, eta),
  tsallisInfLossEstimate: ({ probs, arm, loss, eta, variant }) =>
    tsallisInfLossEstimate(probs, { arm, loss, eta, variant }),
  bayesUcbIndex: ({ successes, failures, t, priorA, priorB, c }) =>
    bayesUcbIndex(successes, failures, t, { priorA, priorB, c }),
  exp3PGainEstimate: ({ probs, arm, gain, beta }) => exp3PGainEstimate(probs, { arm, gain, beta }),
  exp3IxLossEstimate: ({ probs, arm, loss, gamma }) => exp3IxLossEstimate(probs, { arm, loss, gamma }),
  discountedUcbIndices: ({ arms, actions, rewards, gamma, xi, bound }) =>
    discountedUcbIndices({ arms, actions, rewards }, { gamma, xi, bound }),
  slidingWindowUcbIndices: ({ arms, actions, rewards, window, xi, bound }) =>
    slidingWindowUcbIndices({ arms, actions, rewards }, { window, xi, bound }),
  sequentialHalvingSchedule: ({ arms, budget }) => sequentialHalvingSchedule({ arms, budget }),
  trackAndStopWeights: ({ means, family }) => trackAndStopWeights(means, { family }),
  glrStatistic: ({ means, counts, family }) => glrStatistic(means, counts, { family }),
  inverseGapWeighting: ({ predictedCosts, gamma }) => inverseGapWeights(predictedCosts, gamma),
};
