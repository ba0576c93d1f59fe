/** Gold functions of this file that the library does not have yet. */
export const pending: string[] = [
  'barDistributionEi',
  'expectedHypervolumeImprovement',
  'expectedImprovementCount',
  'expectedMaxAffine',
  'fatmax',
  'hypervolume',
  'improvementCountDistribution',
  'knowledgeGradientDiscrete',
  'logExpectedMaxAffine',
  'logFatplus',
  'noisyExpectedImprovement',
  'proposerTargetValue',
  'qExpectedImprovement',
  'turboLength',
];
