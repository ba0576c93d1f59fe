/** Gold functions of this file that the library does not have yet. */
export const pending: string[] = [
  'bradleyTerryLoss',
  'compositionalNllLoss',
  'fitBradleyTerry',
  'fitPlackettLuce',
  'fitRewardModel',
  'gaussianMeanLandscape',
  'inverseSoftQLoss',
  'mleUtilityStep',
  'nceLoss',
  'parsePreferenceJsonl',
  'plackettLuceNegLogLik',
  'preferenceQueryValue',
  'rankingNceLoss',
  'regularizedRelevanceReward',
  'rlspReward',
  'softTreeSolve',
];
