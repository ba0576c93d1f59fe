/** Gold functions of this file that the library does not have yet. */
export const pending: string[] = [
  'acceptanceHeadLoss',
  'attentiveness',
  'b4Scores',
  'choiceScores',
  'codeTScores',
  'majorityAccuracy',
  'optimalStoppingPolicy',
  'specDecStop',
  'thresholdPolicyValue',
];
