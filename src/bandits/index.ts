export {
  fixedArmRegret,
  pseudoRegret,
  simulateBandit,
  simulateContextualBandit,
  type BanditEnvironment,
  type BanditFeedback,
  type BanditGame,
  type BanditPolicy,
  type BanditStreams,
  type ContextualEnvironment,
  type ContextualPolicy,
} from './bandit.js';
export {
  mergeReplications,
  simulateReplications,
  type ReplicationOptions,
  type Replications,
} from './simulate-replications.js';
export { simulateDelayedBandit } from './simulate-delayed.js';
export { type ArmSums } from './arm-sums.js';
export { type RewardRangeOptions } from './reward-scale.js';
export { type TieOptions, type Ties } from './ties.js';
export { bernoulliArms } from './environments/bernoulli-arms.js';
export { gaussianArms } from './environments/gaussian-arms.js';
export { truncatedNormalArms, truncatedNormalMean } from './environments/truncated-normal-arms.js';
export { betaArms, exponentialArms, poissonArms, uniformArms } from './environments/parametric-arms.js';
export { heavyTailedArms, type HeavyTail, type HeavyTailedArms } from './environments/heavy-tailed-arms.js';
export { adversarialArms, type AdversarialArms } from './environments/adversarial-arms.js';
export { piecewiseStationaryArms } from './environments/piecewise-stationary-arms.js';
export { restlessArms } from './environments/restless-arms.js';
export { stochasticallyConstrainedArms } from './environments/stochastically-constrained-arms.js';
export { laiRobbinsConstant } from './environments/lai-robbins.js';
export { type LineIndexOptions, type LineIndexState } from './stochastic/line-index-policy.js';
export { ucb1, ucb1Index, ucb1RegretBound, type Ucb1Options, type Ucb1State } from './stochastic/ucb1.js';
export {
  ucbAsymptotic,
  ucbAsymptoticConstant,
  ucbAsymptoticIndex,
  type UcbAsymptoticOptions,
} from './stochastic/ucb-asymptotic.js';
export { type IndexPolicy, type IndexPolicyOptions } from './stochastic/index-policy.js';
export { ucbV, ucbVIndex, ucbVRegretBound, type UcbVOptions, type UcbVState } from './stochastic/ucb-v.js';
export {
  moss,
  mossAnytime,
  mossAnytimeIndex,
  mossIndex,
  mossRegretBound,
  type MossAnytimeOptions,
  type MossOptions,
} from './stochastic/moss.js';
export { imed, imedIndex, type ImedOptions } from './stochastic/imed.js';
export {
  exploreThenCommit,
  exploreThenCommitPlays,
  exploreThenCommitRegretBound,
  type ExploreThenCommitOptions,
  type ExploreThenCommitState,
} from './stochastic/explore-then-commit.js';
export {
  epsilonDecay,
  epsilonGreedy,
  type EpsilonDecayOptions,
  type EpsilonGreedyOptions,
  type GreedyPolicy,
} from './stochastic/epsilon-greedy.js';
export { boltzmann, type BoltzmannOptions } from './stochastic/boltzmann.js';
export { gradientBandit, type GradientBanditOptions, type GradientBanditState } from './stochastic/gradient-bandit.js';
export {
  boundedHeavyTailUcb,
  type HeavyTailState,
  type HeavyTailUcbOptions,
} from './stochastic/bounded-heavy-tail-ucb.js';
export {
  gaussianPosterior,
  thompsonGaussian,
  type GaussianPrior,
  type ThompsonGaussianOptions,
} from './stochastic/thompson-gaussian.js';
export { klUcb, klUcbPlus, type KlUcbOptions, type KlUcbState } from './stochastic/kl-ucb.js';
export { bayesUcb, bayesUcbIndex, type BayesUcbOptions } from './stochastic/bayes-ucb.js';
export { thompsonBeta, type ThompsonBetaOptions } from './stochastic/thompson-beta.js';
export { type LossOptions } from './adversarial/importance-weights.js';
export { type Exp3Policy, type ExponentialWeightsState } from './adversarial/exponential-weights.js';
export { exp3, exp3Probabilities, exp3RegretBound, type Exp3Options } from './adversarial/exp3.js';
export { tsallisInfWeights, type TsallisInfWeights } from './adversarial/tsallis-inf-weights.js';
export {
  tsallisInf,
  tsallisInfLossEstimate,
  tsallisInfRegretBound,
  tsallisInfStochasticRegretBound,
  type TsallisInfOptions,
  type TsallisInfState,
  type TsallisVariant,
} from './adversarial/tsallis-inf.js';
export { exp3P, exp3PGainEstimate, exp3PRegretBound, type Exp3POptions } from './adversarial/exp3-p.js';
export { exp3Ix, exp3IxLossEstimate, exp3IxRegretBound, type Exp3IxOptions } from './adversarial/exp3-ix.js';
export {
  discountedUcb,
  discountedUcbGamma,
  discountedUcbIndices,
  type DiscountedSums,
  type DiscountedUcbOptions,
  type PlayHistory,
} from './non-stationary/discounted-ucb.js';
export {
  slidingWindowLength,
  slidingWindowUcb,
  slidingWindowUcbIndices,
  type SlidingWindowState,
  type SlidingWindowUcbOptions,
} from './non-stationary/sliding-window-ucb.js';
export {
  glrChangeStatistic,
  glrThreshold,
  glrUcb,
  type GlrUcbOptions,
  type GlrUcbState,
} from './non-stationary/glr-ucb.js';
export { bestArmHardness, identifyBestArm, type BestArmIdentifier, type Identification } from './best-arm/best-arm.js';
export {
  eliminationRadius,
  successiveElimination,
  successiveEliminationPulls,
  type EliminationState,
  type SuccessiveEliminationOptions,
} from './best-arm/successive-elimination.js';
export {
  sequentialHalving,
  sequentialHalvingErrorBound,
  sequentialHalvingSchedule,
  type HalvingState,
  type SequentialHalvingOptions,
} from './best-arm/sequential-halving.js';
export { klLucb, lucb, type LucbOptions, type LucbState } from './best-arm/lucb.js';
export { lilUcb, type LilUcbOptions } from './best-arm/lil-ucb.js';
export { bestArmLowerBound, trackAndStopWeights, type CharacteristicTime } from './best-arm/characteristic-time.js';
export {
  glrStatistic,
  trackAndStop,
  trackAndStopThreshold,
  type TrackAndStopOptions,
} from './best-arm/track-and-stop.js';
export { topTwoThompson, type TopTwoThompsonOptions } from './best-arm/top-two-thompson.js';
export { inverseGapWeights } from './adversarial/inverse-gap-weights.js';
export { chebCb, type ChebCbOptions, type ChebCbState } from './contextual/cheb-cb.js';
export {
  armStream,
  clearCutStream,
  mixInStream,
  type ArmStream,
  type ArmStreamOptions,
} from './streaming/arm-stream.js';
export {
  armMemory,
  type ArmMemory,
  type ArmMemoryOptions,
  type ArmMeter,
  type StreamingRun,
} from './streaming/arm-memory.js';
export {
  logStar,
  streamingEpsilon,
  streamingRegretOrder,
  streamingSampleSizes,
  type StreamingSampleSizes,
} from './streaming/sample-sizes.js';
export {
  streamingConstantChampion,
  streamingNaiveElimination,
  streamingNaiveRegretBound,
  streamingUniformExploration,
  streamingUniformRegretBound,
  type ChampionOptions,
} from './streaming/champion.js';
export { streamingSingleMemoryEpsBest, type SingleMemoryOptions } from './streaming/single-memory.js';
export {
  streamingTower,
  towerLevels,
  type TowerLevels,
  type TowerOptions,
  type TowerPreset,
} from './streaming/tower.js';
export {
  assadiWangLevels,
  assadiWangRequiredPulls,
  streamingAssadiWang,
  type AssadiWangLevel,
  type AssadiWangOptions,
} from './streaming/assadi-wang.js';
export { streamingGameOfArms, type GameOfArmsOptions } from './streaming/game-of-arms.js';
export { type LoggedData } from './off-policy/logged-data.js';
export { type OpeEstimate, type OpeOptions } from './off-policy/ope-interval.js';
export {
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
} from './off-policy/estimators.js';
export { tuneOpe, type OpeCandidate, type OpeTuning, type TunableEstimator } from './off-policy/tune-ope.js';
export {
  loggedBandit,
  opeReplay,
  replayBandit,
  replayContextualBandit,
  type LoggedBandit,
  type Replay,
  type ReplayOptions,
} from './off-policy/logged-bandit.js';
export { type RidgeEngine, type RidgeOptions, type RidgeState } from './linear/ridge-model.js';
export {
  fixedLinUcb,
  linUcb,
  linUcbRadius,
  linUcbRegretBound,
  type FixedLinUcbOptions,
  type FixedLinUcbState,
  type LinUcbOptions,
  type LinUcbRadiusOptions,
} from './linear/lin-ucb.js';
export { type LinUcbState, type VariantOptions } from './linear/arm-models.js';
export {
  hybridLinUcb,
  type HybridFeatures,
  type HybridLinUcbOptions,
  type HybridLinUcbState,
} from './linear/hybrid-lin-ucb.js';
export { linTs, linTsWidth, type LinTsOptions } from './linear/lin-ts.js';
export {
  glmUcb,
  glmUcbWidth,
  logisticCurvature,
  logisticTs,
  type GlmUcbOptions,
  type LogisticBanditOptions,
  type LogisticBanditState,
} from './linear/glm-ucb.js';
export {
  glmBandit,
  linearBandit,
  type GlmBanditOptions,
  type LinearActionsOptions,
  type LinearBanditOptions,
} from './linear/linear-bandit.js';
export { gOptimalDesign, type GOptimalDesign } from './linear/g-optimal-design.js';
export {
  phasedElimination,
  phasedEliminationPulls,
  phasedEliminationRegretOrder,
  type PhasedEliminationState,
} from './misspecified/phased-elimination.js';
export { binnedContext, type BinnedContextState } from './contextual/binned-context.js';
export {
  duelingBandit,
  duelingRegret,
  simulateDueling,
  type DuelCounts,
  type DuelingEnvironment,
  type DuelingGame,
  type DuelingPolicy,
} from './dueling/duel.js';
export { rucb, rucbUpperBounds, type RucbState } from './dueling/rucb.js';
export { doubleThompson } from './dueling/double-thompson.js';
export { sparring, type SparringState } from './dueling/sparring.js';
export {
  preferenceRandomized,
  simulatePreferenceFeedback,
  type PreferenceFeedbackGame,
  type PreferenceRandomized,
  type PreferenceRandomizedOptions,
  type PreferenceRandomizedState,
} from './dueling/preference-randomized.js';
export {
  sparseMisspecifiedElimination,
  sparseNetBound,
  sparseNetSize,
  type SparseElimination,
  type SparseEliminationOptions,
} from './misspecified/sparse-elimination.js';
export {
  multiTaskBandit,
  simulateMultiTask,
  type MultiTaskEnvironment,
  type MultiTaskPolicy,
  type Representation,
} from './multi-task/multi-task-bandit.js';
export { gfucb, gfucbFits, gfucbRadius, type GfucbOptions, type GfucbState } from './multi-task/gfucb.js';
export {
  samplingFactor,
  sourceAllocation,
  sourceRelevance,
  transferRisk,
  type AllocationOptions,
  type SourceRelevance,
} from './multi-task/source-relevance.js';
export { lassoRelevance, type LassoRelevance } from './multi-task/lasso-relevance.js';
export {
  activeMultiTask,
  type ActiveMultiTask,
  type ActiveMultiTaskOptions,
  type TaskSamples,
} from './multi-task/active-multi-task.js';
