// Valid calls of surrogates, deep kernel machines, neural processes, proposers and scaling laws.
import {
  barDistribution,
  deepEnsemble,
  fitDkm,
  fitSparseDkm,
  gpCondition,
  gpSurrogate,
  lastLayerLaplace,
  mlp,
  ibnnDefaults,
  mlpInit,
  napEpisode,
  neuralProcess,
  neuralProcessForward,
  neuralProcessInit,
  type Surrogate,
} from '../../../src/bo/index.js';
import { call, made, type Call, type Spoilage } from '../../support/refusals.js';
import { SPACE } from './optimizers.js';
import { GP, KERNEL, POINT, rng, X, Y } from './models.js';

const NET = mlp({ inputs: 2, hidden: [3], outputs: 1 });
const PARAMETERS = mlpInit(NET, rng());
const PROCESS = neuralProcess({ inputs: 2, embed: 8, layers: 1, heads: 2, feedForward: 8, buckets: 10 });
const WEIGHTS = neuralProcessInit(PROCESS, rng());
const INPUT = { historyX: X, historyY: Y, candidates: X };
const OUTPUT = neuralProcessForward(PROCESS, WEIGHTS, INPUT);
const net = made(NET);
const process = made(PROCESS);
const weights = made(WEIGHTS);
const bars = made(barDistribution([0, 1, 3], [0, 0]));
const moments = { mean: [0, 1, 2], variance: [1, 0.5, 2] };
const ensemble = deepEnsemble({ hidden: [3], members: 2, steps: 3 });
const fitted = ensemble.fit(X, Y, rng());
/** A surrogate is made, fitted and asked. */
const surrogate = (options: Record<string, unknown>, spoilage: Spoilage) =>
  call({ options }, { ...spoilage, use: (model: Surrogate) => model.predict(model.fit(X, Y, rng()), [POINT]) });
const variances = { priorVariance: 1, noiseVariance: 0.1 };
const positive = (...names: string[]) => names.map((name) => `options.${name}`);
const squareRoot = [[1, 0.2, 0.1], [0.2, 1, 0.3], [0.1, 0.3, 1]]; // prettier-ignore
const runs = [
  { parameters: 1e8, tokens: 1e9, learningRate: 1e-3, batchTokens: 1e5, loss: 3 },
  { parameters: 1e8, tokens: 1e10, learningRate: 2e-3, batchTokens: 2e5, loss: 2.8 },
  { parameters: 1e9, tokens: 1e10, learningRate: 5e-4, batchTokens: 2e5, loss: 2.5 },
];
const size = { nonEmbeddingParams: 1e9, tokens: 2e10 };

export const NETWORKS: Record<string, Call> = {
  // networks
  mlp: call(
    { options: { inputs: 2, hidden: [3], outputs: 1, activation: 'tanh' } },
    { positive: positive('inputs', 'hidden', 'outputs'), free: ['options.hidden'] },
  ),
  mlpInit: call({ net, rng: rng() }),
  mlpForward: call({ net, parameters: PARAMETERS, X }, { free: ['X'] }),
  mlpFeatures: call({ net, parameters: PARAMETERS, X }, { free: ['X'] }),
  mlpBackward: call({ net, parameters: PARAMETERS, X, outputGradient: [1, 2, 3] }),
  mlpJacobian: call({ net, parameters: PARAMETERS, X }, { free: ['X'] }),
  mlpLogPosterior: call({ net, X, y: Y, options: variances }, { positive: positive('priorVariance', 'noiseVariance') }),
  mlpMap: call(
    { net, X, y: Y, start: PARAMETERS, options: { ...variances, steps: 2 } },
    { positive: positive('priorVariance', 'noiseVariance'), nonNegative: ['options.steps'] },
  ),
  lastLayerLaplace: call(
    { features: X, y: Y, options: { priorVariance: 1, noise: 0.1, evidenceRounds: 1 } },
    { positive: positive('priorVariance', 'noise'), nonNegative: ['options.evidenceRounds'] },
  ),
  lastLayerPredict: call({ state: made(lastLayerLaplace(X, Y)), features: X }, { free: ['features'] }),
  deepEnsemble: surrogate(
    { hidden: [3], members: 2, subset: 0.8, steps: 2, ...variances },
    {
      positive: positive('hidden', 'members', 'subset', 'priorVariance', 'noiseVariance'),
      nonNegative: ['options.steps'],
      free: ['options.hidden'],
    },
  ),
  deepKernel: surrogate(
    { hidden: [3, 2], pretrainSteps: 2, steps: 2 },
    { positive: positive('hidden'), nonNegative: ['options.steps', 'options.pretrainSteps'], free: ['options.hidden'] },
  ),
  deepKernelObjective: call({ net, X, y: Y, theta: new Float64Array(NET.parameterCount + 5).fill(0.1) }),
  deepKernelMachine: surrogate(
    { noise: 0.1, nu: 0.3, maxIterations: 3 },
    { positive: positive('noise'), nonNegative: positive('nu') },
  ),
  hmcNetwork: surrogate(
    { hidden: [3], ...variances, chains: 1, mapSteps: 2, hmc: { samples: 3, burnIn: 2 } },
    { positive: positive('hidden', 'priorVariance', 'noiseVariance', 'chains'), free: ['options.hidden'] },
  ),
  sghmcNetwork: surrogate(
    { hidden: [3], ...variances, batchSize: 2, sghmc: { steps: 4, burnIn: 2, keepEvery: 1, step: 1e-3 } },
    { positive: positive('hidden', 'priorVariance', 'noiseVariance', 'batchSize'), free: ['options.hidden'] },
  ),
  infiniteWidthNetwork: surrogate({ kernel: made(ibnnDefaults(2)), deterministic: true }, {}),
  gpSurrogate: surrogate({ restarts: 0 }, { nonNegative: ['options.restarts'] }),
  sparseGpSurrogate: surrogate({ inducing: 2, maxIterations: 2 }, { positive: positive('inducing') }),
  adaptiveBasisNetwork: surrogate(
    { hidden: [3], steps: 2, evidenceRounds: 1, ...variances },
    {
      positive: positive('hidden', 'priorVariance', 'noiseVariance'),
      nonNegative: ['options.steps', 'options.evidenceRounds'],
      free: ['options.hidden'],
    },
  ),
  linearizedLaplace: surrogate(
    { hidden: [3], steps: 2, ...variances },
    {
      positive: positive('hidden', 'priorVariance', 'noiseVariance'),
      nonNegative: ['options.steps'],
      free: ['options.hidden'],
    },
  ),
  kroneckerLaplace: surrogate(
    { hidden: [3], steps: 2, ...variances },
    {
      positive: positive('hidden', 'priorVariance', 'noiseVariance'),
      nonNegative: ['options.steps'],
      free: ['options.hidden'],
    },
  ),
  selectNetworkVariances: call(
    {
      surrogate: () => gpSurrogate({ restarts: 0 }),
      X,
      y: Y,
      rng: rng(),
      options: { heldOut: 0.4, priorVariances: [1], noiseVariances: [0.1] },
    },
    {
      positive: positive('priorVariances', 'noiseVariances'),
      nonNegative: positive('heldOut'),
      free: positive('priorVariances', 'noiseVariances'),
    },
  ),
  surrogatePosterior: call(
    { surrogate: made(ensemble), state: made(fitted), dimension: 2, options: { floor: 1e-6 } },
    { positive: ['dimension', 'options.floor'], ignored: ['state'] },
  ),
  surrogateBatchImprovement: call(
    { surrogate: made(ensemble), state: made(fitted), dimension: 2, options: { best: 0, samples: 4, rng: rng() } },
    { positive: ['dimension', 'options.samples'], ignored: ['state'] },
  ),
  calibrationError: call(
    { prediction: moments, y: Y, options: { levels: 3, noise: 0.1 } },
    { nonNegative: ['prediction.variance', 'options.noise'], positive: ['options.levels'] },
  ),
  predictiveCoverage: call(
    { prediction: moments, y: Y, level: 0.9, noise: 0.1 },
    { nonNegative: ['prediction.variance', 'noise', 'level'] },
  ),
  logPredictiveDensity: call(
    { prediction: moments, y: Y, noise: 0.1 },
    { nonNegative: ['prediction.variance', 'noise'] },
  ),
  polynomialProblem: call({ dimension: 4, rng: rng() }, { positive: ['dimension'] }),
  networkDrawProblem: call({ dimension: 3, rng: rng() }, { positive: ['dimension'] }),
  studyProblems: call({}),
  pestControl: call({ choices: [4, 0, 4], rng: rng() }, { nonNegative: ['choices'], free: ['choices'] }),

  // deep kernel machines
  dkmObjective: call(
    { G0: squareRoot, grams: [squareRoot], y: Y, options: { kernel: 'linear', nu: 0.5, noise: 0.1 } },
    { positive: positive('noise'), nonNegative: positive('nu'), ignored: ['grams'], accepts: ['y:null'] },
  ),
  dkmLinearFixedPoint: call({ G0: squareRoot, top: squareRoot, hiddenLayers: 1 }, { nonNegative: ['hiddenLayers'] }),
  fitDkm: call(
    { X, y: Y, options: { kernel: 'relu', layers: 1, nu: 0.5, noise: 0.1, maxIterations: 2 } },
    { positive: positive('noise', 'layers'), nonNegative: positive('nu') },
  ),
  dkmPredict: call({ state: made(fitDkm(X, Y, { maxIterations: 2 })), Xs: X }, { free: ['Xs'] }),
  dkmPredictGradient: call({ state: made(fitDkm(X, Y, { maxIterations: 2 })), x: POINT }),
  dkmKernel: call({ state: made(fitDkm(X, Y, { maxIterations: 2 })) }),
  fitSparseDkm: call(
    { X, y: Y, Z: X.slice(0, 2), options: { layers: 1, nu: 0.5, noise: 0.1, maxIterations: 2 } },
    { positive: positive('noise', 'layers'), nonNegative: positive('nu'), free: ['Z'] },
  ),
  sparseDkmObjective: call(
    { X, y: Y, Z: X, grams: [squareRoot], options: { nu: 0.5, noise: 0.1 } },
    { positive: positive('noise'), nonNegative: positive('nu'), ignored: ['grams'] },
  ),
  sparseDkmPredict: call(
    { state: made(fitSparseDkm(X, Y, X.slice(0, 2), { maxIterations: 2 })), Xs: X },
    { free: ['Xs'] },
  ),

  // learning across tasks
  barDistribution: call({ borders: [0, 1, 3], logits: [0, 1] }),
  barBucket: call({ borders: [0, 1, 3], y: 0.5 }, { free: ['borders'] }),
  barMean: call({ distribution: bars }),
  barVariance: call({ distribution: bars }),
  barQuantile: call({ distribution: bars, p: 0.4 }, { nonNegative: ['p'] }),
  barLogDensity: call({ distribution: bars, y: 0.4 }),
  barDistributionEi: call(
    { distribution: { borders: [0, 1, 3], probabilities: [0.5, 0.5] }, options: { best: 1 } },
    { nonNegative: ['distribution.probabilities'] },
  ),
  expectedImprovementCount: call({ steps: 3 }, { nonNegative: ['steps'] }),
  improvementCountDistribution: call({ steps: 3 }, { nonNegative: ['steps'] }),
  neuralProcess: call(
    {
      options: {
        inputs: 2,
        embed: 8,
        layers: 1,
        heads: 2,
        feedForward: 8,
        buckets: 10,
        range: [-1, 1],
        temperature: 1,
      },
    },
    {
      positive: positive('inputs', 'embed', 'heads', 'feedForward', 'buckets', 'temperature'),
      nonNegative: positive('layers'),
    },
  ),
  neuralProcessInit: call({ process, rng: rng() }),
  neuralProcessForward: call({ process, parameters: WEIGHTS, input: INPUT }, { free: ['input.candidates'] }),
  neuralProcessBackward: call(
    {
      process,
      parameters: WEIGHTS,
      input: INPUT,
      by: made({
        bucketLogits: OUTPUT.bucketLogits,
        acquisitionLogits: OUTPUT.acquisitionLogits,
        value: 1,
      }),
    },
    { free: ['input.candidates'] },
  ),
  neuralProcessSurrogate: call({ process, parameters: WEIGHTS }),
  neuralProcessAcquisition: call(
    { process, parameters: WEIGHTS, X, y: Y, options: { time: 0.5 } },
    { nonNegative: positive('time') },
  ),
  napEpisode: call(
    {
      process,
      parameters: weights,
      task: { X, y: Y },
      rng: rng(),
      options: { horizon: 2, gamma: 0.9, lambda: 0.9, heldOut: 1 },
    },
    { positive: positive('horizon'), nonNegative: positive('gamma', 'lambda', 'heldOut') },
  ),
  napLoss: call(
    {
      process,
      parameters: weights,
      steps: made(napEpisode(PROCESS, WEIGHTS, { X, y: Y }, rng(), { horizon: 2, heldOut: 1 }).steps),
      options: { epsilon: 0.2, valueCoefficient: 1, auxiliaryCoefficient: 1 },
    },
    { nonNegative: positive('epsilon', 'valueCoefficient', 'auxiliaryCoefficient') },
  ),
  trainNap: call(
    {
      process,
      start: WEIGHTS,
      task: () => ({ X, y: Y }),
      rng: rng(),
      options: { iterations: 1, episodes: 1, epochs: 1, horizon: 2, heldOut: 1 },
    },
    { nonNegative: positive('iterations'), positive: positive('episodes', 'epochs', 'horizon') },
  ),
  rgpe: call({ base: made([GP.value]), options: { samples: 8 } }, { positive: positive('samples') }),
  rgpeWeights: call(
    { base: made([GP.value]), target: made(gpCondition(KERNEL, X, Y)), rng: rng(), options: { samples: 8 } },
    { positive: positive('samples') },
  ),
  taskSimilarity: call({ earlier: GP, X, y: Y }),

  // proposers
  proposerOptimizer: call(
    {
      space: SPACE,
      proposer: made({ propose: async () => [] }),
      options: {
        direction: 'minimize',
        timeoutMs: 100,
        nCandidates: 2,
        maxRetries: 1,
        alpha: 0.1,
        scoring: 'prediction',
      },
    },
    { positive: positive('timeoutMs', 'nCandidates'), nonNegative: positive('maxRetries') },
  ),
  recordProposer: call({ proposer: made({ propose: async () => [] }) }),
  replayProposer: call({ calls: made([]) }),
  proposerTargetValue: call({ y: Y, options: { alpha: 0.1, direction: 'minimize' } }, { free: ['y'] }),
  discriminativeSurrogate: call({ predictions: [[1, 3], [2, 5]] }, { free: ['predictions'], accepts: ['predictions:NaN', 'predictions:ragged'] }), // prettier-ignore
  generativeSurrogate: call({ probabilities: [[0.2, 0.4], [0.1, 0.9]] }, { free: ['probabilities'], accepts: ['probabilities:NaN', 'probabilities:ragged'] }), // prettier-ignore
  goodLabels: call(
    { y: Y, options: { fraction: 0.5, direction: 'minimize' } },
    { free: ['y'], positive: positive('fraction') },
  ),
  formatConfig: call({ space: SPACE, config: made({ x: 0.5, depth: 2 }), precision: 3 }, { positive: ['precision'] }),
  formatHistory: call(
    {
      space: SPACE,
      history: made([{ config: { x: 0.5, depth: 2 }, value: 1 }]),
      options: { order: 'ascending', precision: 3 },
    },
    { positive: positive('precision') },
  ),
  parseCandidate: call({ text: made('x: 0.5, depth: 2'), space: SPACE }),
  parseScore: call({ text: made('## 0.5 ##') }),
  candidateDiversity: call({ candidates: X }, { free: ['candidates'] }),
  generalizedVariance: call({ candidates: X }, { free: ['candidates'] }),
  normalizedRegret: call({ best: 0.3, range: [0.2, 0.6], direction: 'minimize' }),

  // scaling laws
  stepLaw: call(
    { size, options: { constants: 'published', sequenceLength: 2048 } },
    { positive: ['size.nonEmbeddingParams', 'size.tokens', 'options.sequenceLength'] },
  ),
  stepLawUncertainty: call(
    { size, options: { z: 2 } },
    { positive: ['size.nonEmbeddingParams', 'size.tokens'], nonNegative: ['options.z'] },
  ),
  stepLawRegret: call(
    { runs },
    { positive: ['parameters', 'tokens', 'learningRate', 'batchTokens'].map((name) => `runs.0.${name}`) },
  ),
  fitStepLaw: call(
    { runs, options: { threshold: 0.1, bootstrap: 2, rng: rng() } },
    {
      positive: ['parameters', 'tokens', 'learningRate', 'batchTokens'].map((name) => `runs.0.${name}`),
      nonNegative: ['options.bootstrap'],
    },
  ),
  kaplanLaw: call({ size: { nonEmbeddingParams: 1e9 }, loss: 3 }, { positive: ['size.nonEmbeddingParams', 'loss'] }),
  deepSeekLaw: call({ size }, { positive: ['size.nonEmbeddingParams', 'size.tokens'] }),
  optimalPlateau: call({ surface: { learningRates: [1, 2, 4], batchSizes: [8, 16], losses: [[3, 2], [2, 1], [3, 4]] } }, { positive: ['surface.learningRates', 'surface.batchSizes'], accepts: ['surface.losses:NaN'] }), // prettier-ignore
};
