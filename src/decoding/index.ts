export { applyTopK, keptIndices, type FilterOptions, type TopKOptions } from './logits/top-k.js';
export { applyTopP, applyTypicalP, type TopPOptions } from './logits/top-p.js';
export {
  applyEpsilonCutoff,
  applyEtaCutoff,
  applyMinP,
  applyTopA,
  applyTopNSigma,
  type CutoffOptions,
  type MinPOptions,
  type TopAOptions,
  type TopNSigmaOptions,
} from './logits/cutoffs.js';
export { applyXtc, type XtcOptions } from './logits/xtc.js';
export {
  applyDynamicTemperature,
  applyTemperature,
  type DynamicTemperatureOptions,
} from './logits/dynamic-temperature.js';
export { applyAllowedMask, applyBitmask, applyLogitBias } from './logits/masks.js';
export {
  applyDry,
  applyFrequencyPresencePenalty,
  applyNoRepeatNgram,
  applyRepetitionPenalty,
  type DryOptions,
  type FrequencyPresenceOptions,
} from './logits/penalties.js';
export {
  logitsPipeline,
  logitsSteps,
  type LogitsPipeline,
  type LogitsPipelineOptions,
  type LogitsStep,
} from './logits/logits-pipeline.js';
export {
  mirostat,
  type Mirostat,
  type MirostatOptions,
  type MirostatState,
  type MirostatStep,
} from './sampling/mirostat.js';
export { gumbelMax, gumbelTopK } from './sampling/gumbel.js';
export { inclusionProbability, orderedSampleProbability } from './sampling/without-replacement.js';
export {
  sbsInclusion,
  stochasticBeamSearch,
  type StochasticBeam,
  type StochasticBeamEntry,
  type StochasticBeamOptions,
} from './sampling/stochastic-beam-search.js';
export { acceptanceRate, matchAcceptanceRate, residualDistribution } from './verify/acceptance.js';
export type { DraftedBlock, Verification } from './verify/verification.js';
export {
  verifyTokens,
  verifyTokensFromLogits,
  type VerifyLogitsOptions,
  type VerifyTokensOptions,
} from './verify/verify-tokens.js';
export { blockAcceptance, verifyBlock, type BlockAcceptance } from './verify/verify-block.js';
export { verifyGreedy, verifyMatch } from './verify/verify-greedy.js';
export {
  bestTypicalCandidate,
  typicalAcceptance,
  verifyTypical,
  type TypicalOptions,
  type VerifyTypicalOptions,
} from './verify/verify-typical.js';
export {
  multiDraftAcceptance,
  verifyMultiDraft,
  type DraftedPosition,
  type MultiDraftAcceptance,
  type MultiDraftAcceptanceOptions,
  type MultiDraftOptions,
  type PositionVerification,
} from './verify/verify-multi-draft.js';
export { kSeqBeta, kSeqPlan, verifyKSeq, type KSeqPlan } from './verify/k-seq.js';
export { otmAcceptance, otmPlan, verifyOtm, type OtmOptions, type OtmPlan } from './verify/optimal-transport.js';
export { autoregressiveJoint, type ContextRows, type JointOptions } from './exact/joint-law.js';
export {
  acceptedLengthDistribution,
  exactRound,
  type BlockMethod,
  type ExactRound,
  type ExactRoundOptions,
} from './exact/exact-round.js';
export {
  exactPosition,
  type ExactPosition,
  type ExactPositionOptions,
  type PositionMethod,
} from './exact/exact-position.js';
export { byteVocabulary, characterVocabulary, wordVocabulary, type Vocabulary } from './language-models/vocabulary.js';
export { trainNgram, type NgramModel, type NgramOptions } from './language-models/ngram.js';
export { promptLookupDraft, type PromptLookupOptions, type ProposalDraft } from './language-models/prompt-lookup.js';
export {
  flattenPaths,
  tokenTree,
  treeAttentionMask,
  treeChildren,
  treePath,
  treePositions,
  type TokenTree,
} from './tree/token-tree.js';
export {
  buildTreeIid,
  buildTreeStochasticBeam,
  buildTreeWithoutReplacement,
  type BeamTreeOptions,
  type BranchingOptions,
  type DraftRows,
} from './tree/build-tree.js';
export { verifyTree, type DraftedTree, type TreeVerification, type VerifyTreeOptions } from './tree/verify-tree.js';
export { optimalTreeShape, type TreeShape, type TreeShapeOptions } from './tree/optimal-tree-shape.js';
export { exactTreeRound, type ExactTreeOptions, type ExactTreeRound } from './exact/exact-tree-round.js';
export {
  expectedTokensFromAcceptances,
  expectedTokensPerRound,
  memoryBoundSpeedup,
  operationsFactor,
  optimalGamma,
  speculativeSpeedup,
  speculativeTime,
  type OptimalGammaOptions,
  type SpeculativeRun,
} from './generate/cost.js';
export {
  emptySpeculativeStats,
  mergeSpeculativeStats,
  summarizeSpeculativeStats,
  type SpeculativeStats,
  type SpeculativeSummary,
  type SpeculativeTimes,
} from './generate/stats.js';
export {
  fixedLength,
  heuristicLength,
  oracleLength,
  type DraftedTokenInfo,
  type FixedLengthOptions,
  type HeuristicLengthOptions,
  type HeuristicLengthState,
  type LengthPolicy,
  type OracleLengthOptions,
  type RoundOutcome,
} from './draft-length/length-policy.js';
export {
  specDecStop,
  thresholdLength,
  type StopRuleOptions,
  type ThresholdLengthOptions,
  type ThresholdLengthState,
} from './draft-length/threshold-length.js';
export {
  confidenceLength,
  rocThreshold,
  type ConfidenceLengthOptions,
  type ConfidenceLengthState,
} from './draft-length/confidence-length.js';
export { banditLength, type BanditLengthOptions, type LengthBandit } from './draft-length/bandit-length.js';
export {
  optimalStoppingPolicy,
  thresholdPolicyValue,
  type OptimalStopping,
  type StoppingProblem,
  type ThresholdValue,
} from './draft-length/optimal-stopping.js';
export {
  acceptanceDataset,
  draftStepFeatures,
  type AcceptanceDataset,
  type AcceptanceDatasetOptions,
} from './draft-length/acceptance-dataset.js';
export {
  fitResidualHead,
  predictResidualAcceptance,
  type ResidualHead,
  type ResidualHeadOptions,
} from './draft-length/residual-head.js';
export {
  acceptanceHeadLoss,
  fitAcceptanceHead,
  predictAcceptance,
  type AcceptanceHead,
  type AcceptanceHeadOptions,
  type AcceptanceLossOptions,
} from './draft-length/acceptance-head.js';
export {
  bestOfN,
  bestOfNWeighted,
  majorityAccuracy,
  majorityVote,
  rankByRewardThenVote,
  selfConsistency,
  weightedVote,
  type BestOfNChoice,
  type SelfConsistency,
  type Vote,
  type VoteOptions,
} from './selection/vote.js';
export {
  attentiveness,
  attentivenessSummary,
  choiceScores,
  type Attentiveness,
  type AttentivenessSummary,
  type ChoiceLogProbs,
  type ChoiceScores,
} from './selection/multiple-choice.js';
export {
  b4Select,
  codeTSelect,
  maxPassSelect,
  mbrExecSelect,
  simulateCodeSelection,
  type B4Options,
  type CodeSelectionModel,
  type ConsensusSet,
  type RankedSets,
  type SimulatedCodeSelection,
} from './selection/code-selection.js';
export { cachedModel, type IncrementalModel, type LogitsFn } from './generate/model.js';
export { nestedDraft, type NestedDraft } from './draft-length/nested-draft.js';
export {
  speculativeDecoder,
  type SpeculativeDecoder,
  type SpeculativeModels,
  type SpeculativeOptions,
  type SpeculativeState,
} from './generate/speculative-decoder.js';
export {
  autoregressiveGenerate,
  autoregressiveGenerateSync,
  speculativeGenerate,
  speculativeGenerateSync,
  speculativeStream,
  type AutoregressiveOptions,
  type GenerateAsyncOptions,
  type GenerateOptions,
  type Generation,
  type GenerationError,
  type SpeculativeGeneration,
  type SpeculativeRound,
  type StopOptions,
} from './generate/speculative-generate.js';
