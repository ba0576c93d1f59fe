export {
  bradleyTerryMatrix,
  checkPreference,
  condorcetMatrix,
  cyclicMatrix,
  type PreferenceMatrix,
} from './preference-matrix.js';
export { matrixGame, type MatrixGame } from './matrix-game.js';
export { exploitability, type Exploitability } from './exploitability.js';
export { minimaxWinner, type MinimaxWinner, type MinimaxWinnerOptions } from './minimax-winner.js';
export {
  selfPlay,
  selfPlayExploitabilityBound,
  type SelfPlay,
  type SelfPlayAlgorithm,
  type SelfPlayOptions,
} from './self-play.js';
export { spoBandit, type SpoBandit, type SpoBanditOptions, type SpoBanditState } from './spo-bandit.js';
export { winRateQueue, winRateRewards, type WinRateQueue, type WinRateQueueState } from './win-rate.js';
export {
  ipoOptimum,
  nashMirrorDescent,
  regularizedNash,
  sppoIterate,
  type RegularizedNash,
  type RegularizedNashOptions,
} from './regularized-nash.js';
export {
  bordaScores,
  bradleyTerryMisfit,
  condorcetWinner,
  copelandScores,
  intransitivityTriples,
  isStochasticallyTransitive,
  preferenceAggregation,
  type PreferenceAggregation,
} from './aggregation.js';
