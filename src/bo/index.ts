export type { Kernel, KernelHyperparameter } from './kernels/kernel.js';
export { kernelCross, kernelDiag, kernelGradInput, kernelMatrix, kernelValue } from './kernels/kernel-matrix.js';
export {
  kernelGradContract,
  kernelGradHyper,
  kernelHyperparameters,
  withHyperparameters,
} from './kernels/kernel-hyperparameters.js';
export { rbf, type RbfKernel } from './kernels/rbf.js';
export {
  matern12,
  type Matern12Kernel,
  matern32,
  type Matern32Kernel,
  matern52,
  type Matern52Kernel,
} from './kernels/matern.js';
export { rationalQuadratic, type RationalQuadraticKernel } from './kernels/rational-quadratic.js';
export { periodicKernel, type PeriodicKernel } from './kernels/periodic.js';
export { linearKernel, type LinearKernel } from './kernels/linear.js';
export { polynomialKernel, type PolynomialKernel } from './kernels/polynomial.js';
export { constantKernel, type ConstantKernel, whiteKernel, type WhiteKernel } from './kernels/constant.js';
export { scaleKernel, type ScaleKernel } from './kernels/scale.js';
export { productKernel, type ProductKernel, sumKernel, type SumKernel } from './kernels/sum-product.js';
export { hammingKernel, type HammingKernel } from './kernels/hamming.js';
export { tanimoto, type TanimotoKernel } from './kernels/tanimoto.js';
export { ibnnDefaults, nngpErf, type NngpFields, type NngpKernel, nngpRelu } from './kernels/nngp.js';
export { warpedKernel, type WarpedKernel } from './kernels/warped.js';
export { taskNoiseKernel, type TaskNoiseKernel } from './kernels/task-noise.js';
export { indexKernel, type IndexKernel, taskCovariance } from './kernels/index-kernel.js';
export {
  exponentialDecay,
  type ExponentialDecayKernel,
  linearTruncatedFidelity,
  type LinearTruncatedFidelityKernel,
} from './kernels/fidelity.js';
export { gpCondition, type GpMean, type GpOptions, type GpState } from './gp/gp-state.js';
export {
  type GpPointPrediction,
  gpPredict,
  gpPredictGradient,
  type GpPrediction,
  type GpPredictOptions,
} from './gp/predict.js';
export {
  gpLogMarginalLikelihood,
  type LogMarginalLikelihood,
  type LogMarginalLikelihoodOptions,
} from './gp/log-marginal-likelihood.js';
export { gpLeaveOneOut, type GpLeaveOneOut } from './gp/leave-one-out.js';
export { gpAppend, gpAppendMany, type GpAppendOptions, gpDelete, gpFantasize, gpReplaceTargets } from './gp/append.js';
export { gpDiagnostics, type GpDiagnostics } from './gp/diagnostics.js';
export { standardize, type Standardization } from './gp/standardize.js';
export {
  dimensionScaledPrior,
  gammaPrior,
  halfCauchyPrior,
  logNormalPrior,
  normalPrior,
  optunaLengthscalePrior,
  type Prior,
  priorCenter,
  priorLogDensity,
  priorLogSlope,
  priorMode,
  samplePrior,
  smoothedBoxPrior,
} from './gp/priors.js';
export type { ModelPriorOptions, PriorFamily } from './gp/model-priors.js';
export type { GpModelOptions } from './gp/log-posterior.js';
export { fitGp, type FitGpOptions, type GpFit, saasMap } from './gp/fit.js';
export {
  type HyperparameterSamples,
  sampleHyperparameters,
  type SampleHyperparametersOptions,
} from './gp/sample-hyperparameters.js';
export { fitRobustGp, type FitRobustGpOptions, optimalExtraNoise, type RobustGpFit } from './gp/robust.js';
export { collapseReplicates, type CollapsedReplicates } from './gp/replicates.js';
export {
  fitHeteroskedasticGp,
  type FitHeteroskedasticGpOptions,
  type HeteroskedasticGp,
  heteroskedasticPredict,
} from './gp/heteroskedastic.js';
export {
  gpConditionWithGradients,
  gpPredictWithGradients,
  type GpWithGradients,
} from './gp/derivative-observations.js';
export {
  fitMultiTaskGp,
  type FitMultiTaskGpOptions,
  type KroneckerGp,
  kroneckerPredict,
  type MultiTaskData,
  multiTaskGp,
  multiTaskGpKronecker,
  multiTaskGpPredict,
  multiTaskKernel,
  type MultiTaskOptions,
  type TaskCovariance,
} from './gp/multi-task.js';
export {
  fitGpClassifier,
  type FitGpClassifierOptions,
  gpClassifyLaplace,
  type GpClassifier,
  type GpClassifierFit,
  gpClassPredict,
  type GpClassPrediction,
} from './gp/classify.js';
export { logisticGaussian } from './gp/logistic-gaussian.js';
export {
  fitPairwiseGp,
  type PairwiseGp,
  pairwiseGp,
  pairwiseGpPredict,
  preferenceProbability,
} from './gp/preference-pairs.js';
export {
  sparseGp,
  type SparseGp,
  type SparseGpOptions,
  sparseGpPredict,
  type SparseMethod,
  type SparsePrediction,
} from './sparse/sparse-gp.js';
export { fitSparseGp, type FitSparseGpOptions, type SparseGpFit } from './sparse/fit-sparse-gp.js';
export { greedyInducing } from './sparse/inducing-points.js';
export { boxCox, boxCoxInverse, boxCoxLambda } from './transforms/box-cox.js';
export { yeoJohnson, yeoJohnsonInverse, yeoJohnsonLambda } from './transforms/yeo-johnson.js';
export { copula } from './transforms/copula.js';
export { kumaraswamy, kumaraswamyInverse } from './transforms/kumaraswamy.js';
export {
  applyOutput,
  invertOutput,
  outputTransform,
  type OutputTransform,
  type OutputTransformKind,
} from './transforms/output-transform.js';
export { gpSample } from './gp/sample.js';
export { type GpPath, gpSamplePaths, pathValue } from './gp/paths.js';
export { fourierFeatures, randomFourierFeatures, type RandomFourierFeatures } from './gp/random-fourier-features.js';
export type { Acquisition, MomentRule, MomentValue, PointValue } from './acquisition/acquisition.js';
export { momentAcquisition } from './acquisition/acquisition.js';
export { gpPosterior, type Posterior, type PosteriorAt } from './acquisition/posterior.js';
export {
  expectedImprovement,
  expectedImprovementRule,
  type ImprovementOptions,
  logExpectedImprovement,
  logExpectedImprovementRule,
} from './acquisition/expected-improvement.js';
export {
  logProbabilityOfImprovement,
  logProbabilityOfImprovementRule,
  probabilityOfImprovement,
  probabilityOfImprovementRule,
} from './acquisition/probability-of-improvement.js';
export {
  type ConfidenceBoundOptions,
  confidenceBoundRule,
  gpUcbBeta,
  gpUcbBetaFinite,
  heboBeta,
  lowerConfidenceBound,
  upperConfidenceBound,
} from './acquisition/confidence-bound.js';
export {
  constrainedAcquisition,
  constrainedExpectedImprovement,
  type ConstrainedMomentValue,
  type ConstrainedImprovementOptions,
  type ConstraintBounds,
  type ConstraintMoments,
  logConstrainedExpectedImprovement,
  logFeasibility,
} from './acquisition/constrained-expected-improvement.js';
export {
  acquisitionPerCost,
  costCooling,
  type CostMoments,
  type CostMomentValue,
  expectedImprovementPerCost,
  logExpectedImprovementPerCost,
} from './acquisition/improvement-per-cost.js';
export {
  gibbon,
  type GibbonOptions,
  gibbonRule,
  maxValueEntropyRule,
  maxValueEntropySearch,
  type MaxValueOptions,
} from './acquisition/max-value-entropy.js';
export { type GumbelFit, gumbelFromMarginals, sampleGumbelFit } from './acquisition/gumbel.js';
export {
  optimizeAcquisition,
  type OptimizeAcquisitionOptions,
  type OptimizeAcquisitionResult,
} from './acquisition/optimize-acquisition.js';
export { type InequalityConstraint, linearConstraint } from './acquisition/inequality-constraint.js';
export type { DiscreteBlock } from './acquisition/discrete-search.js';
export {
  categorical,
  type CategoricalParameter,
  type Choice,
  type Condition,
  integer,
  type IntegerParameter,
  type Parameter,
  real,
  type RealOptions,
  type RealParameter,
} from './space/parameter.js';
export { type Config, type SearchSpace, searchSpace } from './space/search-space.js';
export { spaceFeatures, spaceKernel } from './space/space-kernel.js';
export type { TestFunction } from './test-functions/test-function.js';
export { augmentedBranin, branin, embeddedBranin } from './test-functions/branin.js';
export { augmentedHartmann, hartmann3, hartmann6 } from './test-functions/hartmann.js';
export {
  beale,
  bukin,
  dropWave,
  eggholder,
  forrester,
  gramacyLee,
  holderTable,
  sixHumpCamel,
  threeHumpCamel,
} from './test-functions/low-dimensional.js';
export {
  ackley,
  cosine8,
  griewank,
  levy,
  michalewicz,
  rastrigin,
  styblinskiTang,
} from './test-functions/many-minima.js';
export { dixonPrice, powell, rosenbrock } from './test-functions/valleys.js';
export { rover, type RoverOptions } from './test-functions/rover.js';
export { shekel } from './test-functions/shekel.js';
export { gardner, gramacyConstrained, pressureVessel, weldedBeam } from './test-functions/constrained.js';
export {
  cumulativeRegret,
  type Direction,
  evaluationsToTarget,
  inferenceRegret,
  optimizationGap,
  performanceProfile,
  simpleRegret,
} from './test-functions/metrics.js';
export { bayesianOptimizer, type BayesianOptimizer, type Suggestion } from './optimizer/bayesian-optimizer.js';
export type { BestTrial, FrontTrial } from './optimizer/best-trials.js';
export type { BayesianOptimizerOptions } from './optimizer/optimizer-options.js';
export type { BayesianOptimizerState } from './optimizer/optimizer-state.js';
export type { ConfigPrediction } from './optimizer/predict-objective.js';
export type { AcquisitionChoice, AcquisitionContext, AcquisitionName } from './optimizer/acquisition-choice.js';
export type { FittedModel, ModelOptions } from './optimizer/model.js';
export type { SearchOptions } from './optimizer/suggest.js';
export type { Trial, TrialResult, TrialStatus } from './optimizer/trial.js';
export {
  logNoisyExpectedImprovement,
  type NoisyImprovementOptions,
  pendingImprovement,
  type PendingImprovementOptions,
} from './acquisition/fantasy-improvement.js';
export {
  type BayesianProgress,
  type BayesianRun,
  type Evaluation,
  minimizeBayesian,
  minimizeBayesianAsync,
  type MinimizeBayesianAsyncOptions,
  type MinimizeBayesianOptions,
} from './optimizer/minimize-bayesian.js';
export { posteriorSlice, type PosteriorSliceOptions, type SlicePoint } from './optimizer/posterior-slice.js';
export { sobolIndices, type SobolIndices } from './optimizer/sobol-indices.js';
export {
  surrogatePosterior,
  type Surrogate,
  type SurrogateGradient,
  type SurrogatePrediction,
} from './surrogates/surrogate.js';
export { type BatchImprovementOptions, surrogateBatchImprovement } from './surrogates/batch-improvement.js';
export { gpSurrogate, type GpSurrogateOptions } from './surrogates/gp-surrogate.js';
export { infiniteWidthNetwork, type InfiniteWidthOptions } from './surrogates/infinite-width-network.js';
export {
  type Activation,
  mlp,
  type Mlp,
  mlpBackward,
  mlpFeatures,
  mlpForward,
  type MlpGradients,
  mlpInit,
  type MlpOptions,
} from './surrogates/mlp.js';
export { type MapOptions, mlpLogPosterior, mlpMap, type NetworkVariances } from './surrogates/mlp-posterior.js';
export type { NetworkEnsembleState } from './surrogates/network-ensemble.js';
export {
  hmcNetwork,
  type HmcNetworkOptions,
  type HmcNetworkState,
  type NetworkOptions,
  sghmcNetwork,
  type SghmcNetworkOptions,
  type SghmcNetworkState,
  studySettings,
} from './surrogates/network-samplers.js';
export { deepEnsemble, type DeepEnsembleOptions } from './surrogates/deep-ensemble.js';
export {
  adaptiveBasisNetwork,
  type AdaptiveBasisOptions,
  type AdaptiveBasisState,
  lastLayerLaplace,
  type LastLayerOptions,
  lastLayerPredict,
  type LastLayerState,
} from './surrogates/last-layer-laplace.js';
export {
  linearizedLaplace,
  type LinearizedLaplaceOptions,
  type LinearizedLaplaceState,
  mlpJacobian,
} from './surrogates/linearized-laplace.js';
export {
  kroneckerLaplace,
  type KroneckerLaplaceOptions,
  type KroneckerLaplaceState,
  type SymmetricFactor,
} from './surrogates/kronecker-laplace.js';
export {
  deepKernel,
  deepKernelObjective,
  type DeepKernelOptions,
  type DeepKernelState,
} from './surrogates/deep-kernel.js';
export {
  selectNetworkVariances,
  type SelectedVariances,
  type SelectVariancesOptions,
} from './surrogates/select-network-variances.js';
export { calibrationError, logPredictiveDensity, predictiveCoverage } from './surrogates/predictive-metrics.js';
export {
  networkDrawProblem,
  pestControl,
  polynomialProblem,
  type RandomProblem,
} from './surrogates/high-dimensional-problems.js';
export { type StudyProblem, studyProblems } from './surrogates/study-problems.js';
export {
  deepSeekLaw,
  fitStepLaw,
  type FitStepLawOptions,
  kaplanLaw,
  type LossSurface,
  optimalPlateau,
  stepLaw,
  type StepLawBand,
  type StepLawFit,
  type StepLawInput,
  type StepLawOptions,
  type StepLawRegret,
  stepLawRegret,
  type StepLawResult,
  stepLawUncertainty,
  type TrainingRun,
} from './step-law.js';
export { type DkmObjective, dkmObjective, type DkmOptions } from './dkm/dkm-objective.js';
export { dkmLinearFixedPoint } from './dkm/dkm-linear.js';
export { deepKernelMachine } from './dkm/dkm-surrogate.js';
export { dkmPredictGradient } from './dkm/dkm-gradient.js';
export { dkmKernel, dkmPredict, type DkmPrediction, type DkmState, fitDkm, type FitDkmOptions } from './dkm/fit-dkm.js';
export {
  fitSparseDkm,
  type SparseDkmObjective,
  sparseDkmObjective,
  sparseDkmPredict,
  type SparseDkmState,
} from './dkm/sparse-dkm.js';
export type { GramKernel } from './dkm/gram-kernel.js';
export {
  type Proposer,
  type ProposerCall,
  type ProposerContext,
  type ProposerMethod,
  type ProposerTrial,
  recordProposer,
  replayProposer,
} from './proposer/proposer.js';
export {
  discriminativeSurrogate,
  generativeSurrogate,
  type GoodLabels,
  goodLabels,
  proposerTargetValue,
  type TargetValueOptions,
} from './proposer/proposer-surrogates.js';
export {
  type ProposerOptimizer,
  proposerOptimizer,
  type ProposerOptimizerOptions,
  type ProposerOptimizerState,
  type ProposerStats,
} from './proposer/proposer-optimizer.js';
export {
  formatConfig,
  formatHistory,
  type FormatHistoryOptions,
  parseCandidate,
  parseScore,
} from './proposer/proposer-text.js';
export { candidateDiversity, generalizedVariance, normalizedRegret } from './proposer/candidate-metrics.js';
export {
  expectedMaxAffine,
  expectedMaxAffineGradient,
  logExpectedMaxAffine,
  logExpectedMaxAffineGradient,
  type MaxAffineGradient,
} from './acquisition/expected-max-affine.js';
export {
  augmentedExpectedImprovement,
  knowledgeGradientAcquisition,
  knowledgeGradientDiscrete,
  type KnowledgeGradientOptions,
  multiFidelityKnowledgeGradient,
  type MultiFidelityOptions,
  noisyExpectedImprovement,
} from './acquisition/knowledge-gradient.js';
export {
  knowledgeGradient,
  type KnowledgeGradientResult,
  type KnowledgeGradientSearchOptions,
  oneShotKnowledgeGradient,
} from './acquisition/one-shot-knowledge-gradient.js';
export { hybridKnowledgeGradient } from './acquisition/hybrid-knowledge-gradient.js';
export { knowledgeGradientSgd, type KnowledgeGradientSgdOptions } from './acquisition/knowledge-gradient-sgd.js';
export {
  qKnowledgeGradient,
  qKnowledgeGradientAcquisition,
  type QKnowledgeGradientOptions,
} from './acquisition/batch-knowledge-gradient.js';
export { type PosteriorCovariance, posteriorCovariance } from './acquisition/posterior-covariance.js';
export { fatmax, logFatplus } from './acquisition/smooth-max.js';
export {
  choleskyPullback,
  type JointMoments,
  jointMoments,
  type JointSamples,
  reparametrize,
} from './acquisition/joint-posterior.js';
export {
  confidenceBoundUtility,
  expectedImprovementUtility,
  logExpectedImprovementUtility,
  logNoisyImprovementUtility,
  noisyImprovementUtility,
  probabilityOfImprovementUtility,
  type SampleUtility,
  simpleRegretUtility,
  type UtilityShape,
} from './acquisition/sample-utilities.js';
export {
  batchAcquisition,
  type BatchOptions,
  type JointNormal,
  qExpectedImprovement,
  qExpectedImprovementAcquisition,
  qLogExpectedImprovement,
  qLogNoisyExpectedImprovement,
  qNoisyExpectedImprovement,
  qProbabilityOfImprovement,
  qSimpleRegret,
  qUpperConfidenceBound,
} from './acquisition/batch-acquisition.js';
export {
  type BatchSearchOptions,
  constantLiar,
  gibbonPending,
  krigingBeliever,
  localPenalization,
  type LocalPenalizationOptions,
  qMaxValueEntropy,
  type QMaxValueEntropyOptions,
} from './acquisition/batch-heuristics.js';
export {
  type SampledOptimum,
  sampleOptima,
  type ThompsonOptions,
  thompsonPath,
  thompsonSample,
} from './acquisition/thompson.js';
export {
  argmaxDistribution,
  type ArgmaxOptions,
  entropySearchDiscrete,
  type EntropySearchOptions,
  jointEntropySearch,
} from './acquisition/entropy-search.js';
export {
  momentsGivenOptimum,
  predictiveEntropyAcquisition,
  type PredictiveEntropyOptions,
  predictiveEntropySearch,
} from './acquisition/predictive-entropy.js';
export type { OptimumConditionOptions } from './acquisition/optimum-functionals.js';
export {
  type OneSidedCondition,
  type TruncatedNormalEp,
  truncatedNormalEp,
} from './acquisition/truncated-normal-ep.js';
export { gpHedge, type GpHedge, type GpHedgeState } from './acquisition/gp-hedge.js';
export { defaultReference, isNonDominated, paretoFront, type ParetoOptions } from './multi-objective/pareto.js';
export { hypervolume, hypervolumeContributions, hypervolumeTrace } from './multi-objective/hypervolume.js';
export { type Boxes, nonDominatedBoxes } from './multi-objective/box-decomposition.js';
export {
  expectedHypervolumeAcquisition,
  expectedHypervolumeImprovement,
  type HypervolumeImprovement,
  hypervolumeImprovement,
  type HypervolumeImprovementOptions,
  logExpectedHypervolumeImprovement,
  qExpectedHypervolumeImprovement,
} from './multi-objective/expected-hypervolume-improvement.js';
export { augmentedChebyshev, simplexWeights } from './multi-objective/scalarization.js';
export { braninCurrin, dtlz, type MultiObjectiveProblem, zdt } from './test-functions/multi-objective.js';
export {
  barBucket,
  barDistribution,
  type BarDistribution,
  barDistributionEi,
  barLogDensity,
  barMean,
  barQuantile,
  barVariance,
} from './meta/bar-distribution.js';
export { expectedImprovementCount, improvementCountDistribution } from './meta/improvement-count.js';
export {
  neuralProcess,
  type NeuralProcess,
  neuralProcessBackward,
  neuralProcessForward,
  neuralProcessInit,
  type NeuralProcessInput,
  type NeuralProcessOptions,
  type NeuralProcessOutput,
  type NeuralProcessOutputGradient,
} from './meta/transformer-neural-process.js';
export { napLoss, type NapLoss, type NapLossOptions, type NapStep } from './meta/nap-loss.js';
export {
  type NapEpisode,
  napEpisode,
  type NapEpisodeOptions,
  type NapReport,
  type NapRun,
  type NapTask,
  type NapTrainOptions,
  trainNap,
} from './meta/nap.js';
export {
  neuralProcessAcquisition,
  type NeuralProcessScale,
  type NeuralProcessState,
  neuralProcessSurrogate,
} from './meta/neural-process-surrogate.js';
export { rgpe, type RgpeOptions, type RgpeState, rgpeWeights, taskSimilarity } from './meta/rgpe.js';
export {
  failureTolerance,
  initialTrustRegion,
  isTrustRegionSuccess,
  type TrustRegion,
  trustRegionBox,
  updateTrustRegion,
} from './turbo/trust-region.js';
export {
  turbo,
  type Turbo,
  type TurboModelOptions,
  type TurboOptions,
  type TurboRegion,
  type TurboState,
} from './turbo/turbo.js';
export { sparseGpSurrogate } from './surrogates/sparse-gp-surrogate.js';
export { averagedAcquisition } from './acquisition/averaged.js';
export type { PriorTask } from './optimizer/prior-data.js';
