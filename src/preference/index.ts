export { type LossReduction, type PairBatch, type PairLossOptions, type PairLossResult } from './losses/pair-batch.js';
export {
  dpoLoss,
  dpopLoss,
  lengthNormalizedDpoLoss,
  rdpoLoss,
  robustDpoLoss,
  type DpoLossOptions,
  type DpopLossOptions,
  type RdpoLossOptions,
  type RobustDpoLossOptions,
} from './losses/dpo.js';
export {
  alphaPoLoss,
  cpoLoss,
  rpoLoss,
  simpoLoss,
  type AlphaPoLossOptions,
  type CpoLossOptions,
  type RpoLossOptions,
  type SimpoLossOptions,
} from './losses/simpo.js';
export {
  calDpoLoss,
  fdpoLoss,
  type CalDpoLossOptions,
  type DpoDivergence,
  type FdpoLossOptions,
} from './losses/divergences.js';
export {
  hingeLoss,
  ipoLoss,
  slicLoss,
  type HingeLossOptions,
  type IpoLossOptions,
  type SlicLossOptions,
} from './losses/ipo.js';
export { exoPairLoss, ncaPairLoss, type ExoPairLossOptions } from './losses/exo.js';
export {
  apoDownLoss,
  apoZeroLoss,
  bcoPairLoss,
  sppoLoss,
  type BcoPairLossOptions,
  type SppoLossOptions,
} from './losses/anchored.js';
export { discopopLoss, type DiscopopLossOptions } from './losses/discopop.js';
export { orpoLoss, type OrpoLossOptions, type OrpoLossResult } from './losses/orpo.js';
export { aotLoss, type AotLossOptions, type AotLossResult } from './losses/aot.js';
export {
  convexPairLoss,
  gpoExponential,
  gpoHinge,
  gpoLogistic,
  gpoSavage,
  gpoSquared,
  gpoTruncatedQuadratic,
  type ConvexPairLossOptions,
  type MarginLoss,
} from './losses/convex.js';
export {
  multiPreferenceLoss,
  pairLosses,
  preferenceLoss,
  type LossTerm,
  type PairLossKind,
  type PairLossOptionsOf,
} from './losses/dispatch.js';
export { type UnpairedBatch, type UnpairedLossOptions, type UnpairedLossResult } from './losses/unpaired-batch.js';
export {
  apoZeroUnpairedLoss,
  ktoLoss,
  ktoMismatchedPairs,
  ktoWeightRange,
  type KtoBatch,
  type KtoLossOptions,
  type KtoLossResult,
} from './losses/kto.js';
export { bcoInit, bcoLoss, udmWeights, type BcoLossResult, type BcoState } from './losses/bco.js';
export { tdpoLoss, type TdpoBatch, type TdpoLossOptions, type TdpoLossResult } from './losses/tdpo.js';
export {
  sequenceLogProbs,
  sequenceLogProbsBackward,
  type SequenceInputs,
  type SequenceLogProbs,
  type SequenceLogProbsOptions,
} from './sequences/sequence-log-probs.js';
export {
  logSumExpInit,
  logSumExpMerge,
  logSumExpPush,
  logSumExpValue,
  type LogSumExpState,
} from './sequences/streaming-log-sum-exp.js';
export { sequentialKL, type SequentialKL, type SequentialKLInputs } from './sequences/sequential-kl.js';
export { wpoWeights, type WpoInputs, type WpoWeights } from './sequences/wpo.js';
export {
  implicitPreference,
  implicitReward,
  ldDpoLogProbs,
  tokenCredit,
  type TokenCredit,
} from './sequences/token-credit.js';
export {
  klRegularizedOptimum,
  klRegularizedValue,
  rewardFromPolicy,
  type KlRegularizedOptimum,
} from './tabular/kl-regularized-optimum.js';
export {
  categoricalDivergence,
  modeSeekingThreshold,
  type CategoricalDivergenceKind,
  type CategoricalDivergenceOptions,
} from './tabular/categorical-divergence.js';
export { expectedPolicyGradient, pairLogitGradient } from './tabular/expected-policy-gradient.js';
export { onPolicyBandit, type OnPolicyBandit } from './tabular/on-policy-bandit.js';
export { type Table, type TabularProblem } from './tabular/tabular-problem.js';
export { type TabularBatch, type TabularSampling } from './tabular/tabular-batch.js';
export { type TabularLoss, type TabularLossOptions, type TabularLossOptionsOf } from './tabular/tabular-objective.js';
export {
  tabularTrainer,
  trainTabularPolicy,
  type TabularRecord,
  type TabularState,
  type TabularTrainer,
  type TabularTrainerOptions,
  type TabularTraining,
  type TrainTabularOptions,
} from './tabular/train-tabular-policy.js';
export {
  preferenceMetrics,
  rankingAccuracyK,
  rewardMargins,
  type PreferenceMetrics,
  type RewardMargins,
} from './diagnostics/preference-metrics.js';
export {
  alignmentGap,
  idealizedRankingAccuracy,
  idealizedRankingAccuracyRange,
  type IdealizedRankingData,
  type IdealizedRankingOptions,
} from './diagnostics/idealized-ranking.js';
export {
  rankingDifficulty,
  rankingTransitions,
  type PairLogProbs,
  type RankingClass,
  type RankingDifficulty,
  type RankingDifficultyOptions,
  type RankingTransitions,
} from './diagnostics/ranking-difficulty.js';
export {
  displacementTargets,
  likelihoodDisplacement,
  type DisplacementData,
  type DisplacementTargetOptions,
  type DisplacementTargets,
  type LikelihoodDisplacement,
} from './diagnostics/likelihood-displacement.js';
export { chesFilter, chesRank, chesScore, type ChesScore } from './diagnostics/ches.js';
export {
  logProbRates,
  sequenceTangentKernel,
  simulateTwoTokenFlow,
  type HiddenSequence,
  type LogProbRates,
  type LogProbRatesOptions,
  type TokenPair,
  type TwoTokenFlow,
  type TwoTokenFlowOptions,
} from './diagnostics/log-prob-rates.js';
export {
  overOptimizationMonitor,
  topKDiagnostics,
  topKDiagnosticsRows,
  type OverOptimizationMonitor,
  type OverOptimizationState,
  type TopKDiagnostics,
  type TopKDiagnosticsOptions,
} from './diagnostics/over-optimization.js';
export { distinctNgrams, type DistinctNgrams } from './diagnostics/text-diversity.js';
export { gradientNormRatio, polyfit2, rewardKLFrontier, type ParabolaFit } from './diagnostics/training-curves.js';
export {
  bradleyTerryLoss,
  rewardBenchAccuracy,
  type BradleyTerryLossOptions,
  type BradleyTerryLossResult,
  type RewardPairs,
} from './reward-models/bradley-terry-loss.js';
export {
  eloFromBradleyTerry,
  fitBradleyTerry,
  rankingFromScores,
  winProbability,
  type BradleyTerryOptions,
  type Comparison,
  type ComparisonLink,
  type RankingFit,
} from './reward-models/bradley-terry.js';
export { type FitStatus } from './reward-models/newton-fit.js';
export {
  fitDavidson,
  matchProbabilities,
  type DavidsonFit,
  type DavidsonOptions,
  type Match,
} from './reward-models/davidson.js';
export {
  fitLuceChoice,
  fitPlackettLuce,
  plackettLuceNegLogLik,
  type LuceChoice,
  type LuceOptions,
} from './reward-models/plackett-luce.js';
export {
  fitRewardModel,
  preferenceQueryValue,
  sampleRewardPosterior,
  type QueryValue,
  type RewardModelFit,
  type RewardModelOptions,
} from './reward-models/linear-reward-model.js';
export {
  regularizedRelevanceReward,
  rlspReward,
  type ReasoningRewardInputs,
  type ReasoningRewardOptions,
  type RelevanceReward,
  type RelevanceRewardInputs,
  type RelevanceRewardOptions,
} from './reward-models/composed-rewards.js';
export {
  normalizedEditDistance,
  pairInterference,
  refinementPair,
  type EditDistance,
  type RefinementPair,
} from './reward-models/edit-distance.js';
export {
  prefixIndex,
  softTreeSolve,
  telescopedReward,
  type SoftTree,
  type TokenRewardTree,
} from './soft-q/soft-tree.js';
export {
  inverseSoftBellman,
  softValueIteration,
  type SoftMdp,
  type SoftValueOptions,
  type SoftValues,
} from './soft-q/soft-value-iteration.js';
export {
  tokenBeamSearch,
  type NextTokenLogProbs,
  type TokenBeam,
  type TokenBeamOptions,
} from './soft-q/token-beam-search.js';
export {
  inverseSoftQLoss,
  mleUtilityStep,
  type InverseSoftQOptions,
  type InverseSoftQResult,
} from './soft-q/inverse-soft-q-loss.js';
export { nceLoss, rankingNceLoss, type NceData, type NceResult } from './unnormalized/nce.js';
export {
  compositionalEstimator,
  compositionalNllLoss,
  type CompositionalData,
  type CompositionalEstimator,
  type CompositionalState,
  type CompositionalStep,
} from './unnormalized/compositional.js';
export { gaussianMeanLandscape, type LandscapePoint } from './unnormalized/gaussian-mean-landscape.js';
export {
  type PairwiseRecord,
  type PreferenceMessage,
  type PreferenceRecord,
  type PreferenceText,
  type RankedRecord,
  type StepwiseRecord,
  type UnpairedRecord,
} from './data/preference-records.js';
export { parsePreferenceJsonl, type ParsedPreferences, type PreferenceLineError } from './data/parse-jsonl.js';
export { stringifyPreferenceJsonl } from './data/stringify-jsonl.js';
export {
  extractPrompt,
  pairsFromRanked,
  toPairBatch,
  unpairPreferences,
  type PreferenceBatch,
} from './data/convert-records.js';
export { validatePreferences, type PreferenceValidation, type RecordMatch } from './data/validate-preferences.js';
export { formatPreferenceReport } from './report/format-preference-report.js';
export {
  preferenceLogReport,
  type PreferenceLogReport,
  type PreferenceLogReportOptions,
} from './report/preference-log-report.js';
export {
  preferenceReport,
  type HardPair,
  type PreferenceReport,
  type PreferenceReportOptions,
} from './report/preference-report.js';
export {
  logBilinearModel,
  type LogBilinearModel,
  type LogBilinearOptions,
  type PromptResponse,
} from './language-models/log-bilinear.js';
