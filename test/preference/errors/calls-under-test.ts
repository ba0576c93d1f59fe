// A good call of every public function, argument by argument, from which the bad calls of the error tests are made.
import * as games from '../../../src/games/index.js';
import * as preference from '../../../src/preference/index.js';

export interface CallUnderTest {
  fn: string;
  /** Second call of the same function, where one does not reach every argument. */
  note?: string;
  /** Arguments in order, by name; the fields of plain objects are arguments too. */
  args: Record<string, unknown>;
  /** Arguments that may be of any length. */
  free?: string[];
  /** Arrays for which one number may stand. */
  scalarToo?: string[];
  /** Arguments that are not looked at, with the reason. */
  unread?: Record<string, string>;
}

const pairs = {
  policyChosen: [-3, -5],
  policyRejected: [-4, -4.5],
  refChosen: [-3.5, -5.5],
  refRejected: [-4.5, -4],
  weights: [1, 0.5],
};
const lengths = { chosenLengths: [3, 4], rejectedLengths: [2, 5] };
const common = { beta: 0.3, reduction: 'mean' };
const referenceFree = { policyChosen: [-3, -5], policyRejected: [-4, -4.5], weights: [1, 0.5] };
const single = { policy: [-3, -5], ref: [-3.5, -5.5], desirable: [true, false], weights: [1, 0.5] };
const logits = [0.1, 0.2, 0.3, -0.1, 0, 0.4];
const P = [
  [0.5, 0.9, 0.2],
  [0.1, 0.5, 0.7],
  [0.8, 0.3, 0.5],
];
const policy = [0.2, 0.3, 0.5];
const unembedding = [
  [1, 0],
  [0, 1],
  [1, 1],
];
const tokenPair = { unembedding, hidden: [1, 2], chosen: 0, rejected: 1 };
const loss = (fn: string, options: object = {}, batch: object = pairs): CallUnderTest => ({
  fn,
  args: { batch, options: { ...common, ...options } },
});
const game = (fn: string, options?: object): CallUnderTest => ({
  fn,
  args: { preference: P, ...(options ? { options } : {}) },
});
let u = 0.3;
const rng = () => (u = (u + 0.618) % 1);

export const PREFERENCE_CALLS: CallUnderTest[] = [
  loss('dpoLoss', { labelSmoothing: 0.1, gamma: 0.5, margin: 1 }),
  loss('robustDpoLoss', { labelSmoothing: 0.1 }),
  loss('lengthNormalizedDpoLoss', {}, { ...pairs, ...lengths }),
  loss('rdpoLoss', { alpha: 0.1 }, { ...pairs, ...lengths }),
  loss('dpopLoss', { lambda: 5 }),
  loss('simpoLoss', { gammaBetaRatio: 0.2, labelSmoothing: 0.1 }, { ...referenceFree, ...lengths }),
  loss('alphaPoLoss', { gammaBetaRatio: 0.2, alpha: 0.3 }, { ...referenceFree, ...lengths }),
  loss('cpoLoss', { nllCoef: 0.5, labelSmoothing: 0.1, nllReduction: 'mean' }, { ...referenceFree, ...lengths }),
  loss('rpoLoss', { nllCoef: 0.5 }, { ...pairs, ...lengths }),
  loss('fdpoLoss', { divergence: 'alpha', alpha: 0.4 }),
  loss('calDpoLoss', { calCoef: 0.3 }),
  loss('ipoLoss', { normalize: 'mean', form: 'target' }, { ...pairs, ...lengths }),
  loss('hingeLoss', { margin: 2 }),
  loss('slicLoss', { delta: 1.5, lambda: 0.2, regularizer: 'softplus', beta: undefined }, { ...pairs }),
  loss('exoPairLoss', { labelSmoothing: 0.1 }),
  loss('ncaPairLoss'),
  loss('bcoPairLoss', { delta: 0.1 }),
  loss('apoZeroLoss'),
  loss('apoDownLoss'),
  { ...loss('sppoLoss', { chosenWinProb: [0.8, 0.9], rejectedWinProb: 0.2 }), scalarToo: ['chosenWinProb'] },
  loss('discopopLoss', { tau: 0.1 }),
  loss('orpoLoss', { lambda: 0.2, beta: undefined }, { ...referenceFree, ...lengths }),
  { ...loss('aotLoss', { labelSmoothing: 0.1, variant: 'unpaired' }, { ...pairs, weights: undefined }) },
  loss('convexPairLoss', { f: (x: number) => x * x, df: (x: number) => 2 * x }),
  loss(
    'tdpoLoss',
    { variant: 2, alpha: 0.3 },
    { ...pairs, chosenPositionKL: [0.1, 0.2], rejectedPositionKL: [0.3, 0] },
  ),
  { fn: 'preferenceLoss', args: { kind: 'dpo', batch: pairs, options: common } },
  {
    fn: 'multiPreferenceLoss',
    args: { terms: [{ kind: 'dpo', weight: 0.5, options: { beta: 0.2 } }], batch: pairs },
    free: ['weights'],
  },
  loss(
    'ktoLoss',
    { desirableWeight: 1, undesirableWeight: 2 },
    { ...single, klPolicy: [-3, -4, -5], klRef: [-3, -4.5, -5] },
  ),
  { ...loss('ktoLoss', { kl: 0.1 }, single), note: 'without mismatched responses' },
  loss('apoZeroUnpairedLoss', {}, single),
  { fn: 'ktoMismatchedPairs', args: { n: 4, shift: 1 } },
  {
    fn: 'ktoWeightRange',
    args: { desirable: 3, undesirable: 4, options: { desirableWeight: 1, undesirableWeight: 1.5 } },
  },
  { fn: 'bcoInit', args: {} },
  { fn: 'bcoLoss', args: { batch: single, state: { mean: 0.1, count: 3 }, options: common } },
  { fn: 'udmWeights', args: { probs: [0.2, 0.7], options: { min: 0.5, max: 10 } }, free: ['probs'] },
  {
    fn: 'sequenceLogProbs',
    args: {
      inputs: { logits, labels: [1, 2], shape: [1, 2, 3], mask: [1, 1] },
      options: { shift: false, temperature: 0.5, ignoreIndex: -100 },
    },
  },
  {
    fn: 'sequenceLogProbsBackward',
    args: {
      inputs: { logits, labels: [1, 2], shape: [1, 2, 3], mask: [1, 1] },
      upstream: [0.5],
      options: { shift: false, temperature: 0.5, ignoreIndex: -100 },
    },
  },
  { fn: 'logSumExpInit', args: {} },
  { fn: 'logSumExpPush', args: { state: { max: 1, scaledSum: 2 }, chunk: [0.5, 1.5] }, free: ['chunk'] },
  { fn: 'logSumExpMerge', args: { a: { max: 1, scaledSum: 2 }, b: { max: 0, scaledSum: 1 } } },
  { fn: 'logSumExpValue', args: { state: { max: 1, scaledSum: 2 } } },
  {
    fn: 'sequentialKL',
    args: { inputs: { policyLogits: logits, refLogits: logits.slice().reverse(), shape: [2, 3], mask: [1, 1] } },
  },
  { fn: 'wpoWeights', args: { inputs: { logits, labels: [1, 2], shape: [1, 2, 3] } } },
  { fn: 'implicitPreference', args: { batch: pairs, options: { beta: 0.3 } }, unread: { weights: 'no loss' } },
  { fn: 'implicitReward', args: { policyLogp: -1, refLogp: -2, beta: 0.1 } },
  {
    fn: 'ldDpoLogProbs',
    args: { chosenTokenLogps: [-1, -2], rejectedTokenLogps: [-1, -2, -3], options: { alpha: 0.5 } },
    free: ['chosenTokenLogps', 'rejectedTokenLogps'],
  },
  { fn: 'tokenCredit', args: { policyLogps: [-1, -2], refLogps: [-1.5, -1], options: { beta: 0.1 } } },
  { fn: 'klRegularizedOptimum', args: { ref: policy, rewards: [1, 0, 2], options: { beta: 0.5 } } },
  { fn: 'klRegularizedValue', args: { policy, ref: [0.3, 0.3, 0.4], rewards: [1, 0, 2], options: { beta: 0.5 } } },
  { fn: 'rewardFromPolicy', args: { policy, ref: [0.3, 0.3, 0.4], options: { beta: 0.5 } } },
  {
    fn: 'categoricalDivergence',
    args: { logits: [0, 1, 2], target: policy, options: { kind: 'alpha', alpha: 0.4 } },
  },
  { fn: 'modeSeekingThreshold', args: { q1: 0.5, q2: 0.2 } },
  {
    fn: 'expectedPolicyGradient',
    args: { logits: [0, 1, 2], rewards: [1, 0, 2], ref: policy, options: { klCoef: 0.1 } },
  },
  { fn: 'pairLogitGradient', args: { actions: 3, winner: 0, loser: 1 } },
  { fn: 'onPolicyBandit', args: { kind: 'aligned' } },
  {
    fn: 'tabularTrainer',
    args: {
      problem: { refLogits: [0, 1, 2], pairs: [[0, 1]], pairWeights: [1], rewards: [1, 0, 2], preference: P },
      options: {
        loss: 'dpo',
        optimizer: 'sgd',
        learningRate: 0.1,
        initLogits: [0, 0, 1],
        clipGradNorm: 1,
      },
    },
  },
  {
    fn: 'trainTabularPolicy',
    args: {
      problem: { refProbs: policy, rewards: [1, 0, 2] },
      options: {
        loss: 'dpo',
        lossOptions: { beta: 0.1 },
        learningRate: 0.1,
        steps: 1,
        recordEvery: 1,
        rng,
        sampling: { mode: 'onPolicy', groups: 2, groupSize: 3, innerSteps: 1, batchSize: 2, minRewardGap: 0.1 },
      },
    },
  },
  {
    fn: 'preferenceMetrics',
    args: { batch: { ...pairs, ...lengths }, options: { beta: 0.1 } },
    unread: { weights: 'plain means' },
  },
  {
    fn: 'rankingAccuracyK',
    args: {
      logProbs: [
        [-1, -3, -2],
        [-2, -1, -4],
      ],
      rankings: [
        [0, 1, 2],
        [1, 0, 2],
      ],
    },
    free: ['rankings[0]', 'rankings[1]'],
  },
  { fn: 'rewardMargins', args: { chosen: [1, 2], rejected: [0, 3] } },
  {
    fn: 'alignmentGap',
    args: {
      batch: { ...pairs, ...lengths },
      agreement: [0.9, 0.6],
      options: { beta: 0.1, eps: 0.01, lengthNormalize: true },
    },
    unread: { weights: 'plain means' },
  },
  {
    fn: 'idealizedRankingAccuracy',
    args: {
      data: { refChosen: [-3, -4], refRejected: [-3, -2], agreement: [0.9, 0.6], ...lengths },
      options: { beta: 0.1, eps: 0.01, lengthNormalize: true },
    },
  },
  {
    fn: 'idealizedRankingAccuracyRange',
    args: {
      data: { refChosen: [-3, -4], refRejected: [-3, -2], agreement: [0.9, 0.6] },
      betas: [0.1, 1],
      options: { eps: 0.01 },
    },
    free: ['betas'],
  },
  {
    fn: 'rankingDifficulty',
    args: { refChosen: [-3, -4], refRejected: [-3, -2], options: { beta: 0.1, gamma: 1, flipScale: 5 } },
  },
  {
    fn: 'rankingTransitions',
    args: { before: { chosen: [-3, -4], rejected: [-3, -2] }, after: { chosen: [-2, -4], rejected: [-3, -1] } },
  },
  {
    fn: 'displacementTargets',
    args: {
      before: policy,
      after: [0.1, 0.6, 0.3],
      tokens: { chosen: 0, rejected: 2 },
      options: { topK: 2, allowed: [1] },
    },
    free: ['allowed'],
  },
  {
    fn: 'likelihoodDisplacement',
    args: {
      data: { chosenBefore: [-3, -4], chosenAfter: [-5, -4], rejectedBefore: [-3, -2], rejectedAfter: [-9, -1] },
    },
  },
  { fn: 'chesFilter', args: { scores: [1, -2, 3], keepFraction: 0.5 }, free: ['scores'] },
  { fn: 'chesRank', args: { scores: [1, -2, 3] }, free: ['scores'] },
  {
    fn: 'chesScore',
    args: {
      preferred: [
        [1, 0],
        [2, 1],
      ],
      dispreferred: [[0, 1]],
    },
    free: ['preferred', 'dispreferred'],
  },
  {
    fn: 'logProbRates',
    args: {
      pair: tokenPair,
      options: { beta: 0.1, refLogRatio: 0.5, train: 'both' },
    },
    free: ['unembedding'],
  },
  {
    fn: 'sequenceTangentKernel',
    args: {
      unembedding,
      a: {
        hidden: [
          [1, 2],
          [0, 1],
        ],
        tokens: [0, 1],
      },
      b: { hidden: [[1, 1]], tokens: [2] },
    },
    free: ['unembedding'],
  },
  {
    fn: 'simulateTwoTokenFlow',
    args: {
      pair: tokenPair,
      options: { beta: 0.1, steps: 2, learningRate: 0.1, train: 'both' },
    },
    free: ['unembedding'],
  },
  { fn: 'overOptimizationMonitor', args: { options: { patience: 2, minDelta: 0.1 } } },
  { fn: 'topKDiagnostics', args: { logits: [0, 1, 2], options: { k: 2, base: 2 } }, free: ['logits'] },
  {
    fn: 'topKDiagnosticsRows',
    args: {
      logits: [
        [0, 1],
        [1, 2],
      ],
      options: { k: 2, base: 2, mask: [1, 1] },
    },
  },
  {
    fn: 'distinctNgrams',
    args: {
      sequences: [
        ['a', 'b'],
        ['b', 'c'],
      ],
      options: { maxN: 2, vocabSize: 5 },
    },
    free: ['sequences', 'sequences[0]', 'sequences[1]'],
  },
  {
    fn: 'gradientNormRatio',
    args: { result: { gradChosen: Float64Array.of(-1, -2), gradRejected: Float64Array.of(1, 1) } },
  },
  { fn: 'polyfit2', args: { x: [0, 1, 2, 3], y: [1, 2, 5, 9] } },
  { fn: 'rewardKLFrontier', args: { kl: [0, 1, 2], rewards: [0, 2, 1] } },
  {
    fn: 'bradleyTerryLoss',
    args: {
      pairs: { chosen: [1, 2], rejected: [0, 3], margins: [0, 1] },
      options: { centerCoef: 0.1, reduction: 'mean' },
    },
  },
  { fn: 'rewardBenchAccuracy', args: { pairs: { chosen: [1, 2], rejected: [0, 3] }, options: { ties: 0.5 } } },
  { fn: 'eloFromBradleyTerry', args: { scores: [1, -1] }, free: ['scores'] },
  {
    fn: 'fitBradleyTerry',
    args: {
      wins: [
        [0, 3],
        [1, 0],
      ],
      options: { link: 'logit', method: 'newton', l2: 0.1, tolerance: 1e-9, maxIterations: 50 },
    },
  },
  { fn: 'rankingFromScores', args: { scores: [1, -1] }, free: ['scores'] },
  { fn: 'winProbability', args: { scoreI: 1, scoreJ: 0, options: { link: 'logit' } } },
  {
    fn: 'fitDavidson',
    args: {
      matches: [
        { first: 0, second: 1, outcome: 1, weight: 1 },
        { first: 1, second: 0, outcome: 1, weight: 2 },
      ],
      options: { items: 2, l2: 0.1, tolerance: 1e-9, maxIterations: 50 },
    },
    free: ['matches'],
  },
  {
    fn: 'matchProbabilities',
    args: { fit: { scores: [1, 0], advantage: 0.1, tie: 0 }, first: 0, second: 1 },
    free: ['scores'],
  },
  {
    fn: 'fitLuceChoice',
    args: {
      choices: [
        { winner: 0, set: [0, 1], weight: 1 },
        { winner: 1, set: [0, 1], weight: 1 },
      ],
      options: { items: 2, method: 'newton', l2: 0.1, tolerance: 1e-9, maxIterations: 50 },
    },
    free: ['choices', 'set'],
  },
  {
    fn: 'fitPlackettLuce',
    args: {
      rankings: [
        [0, 1],
        [1, 0],
      ],
      options: { items: 2, method: 'newton', l2: 0.1, tolerance: 1e-9, maxIterations: 50 },
    },
    free: ['rankings', 'rankings[0]', 'rankings[1]'],
  },
  {
    fn: 'plackettLuceNegLogLik',
    args: {
      scores: [1, 0],
      rankings: [
        [0, 1],
        [1, 0],
      ],
    },
    free: ['rankings', 'rankings[0]', 'rankings[1]'],
  },
  {
    fn: 'fitRewardModel',
    args: {
      features: [
        [1, 0],
        [0, 1],
      ],
      pairs: [[0, 1]],
      options: { l2: 0.1, link: 'logit', tolerance: 1e-9, maxIterations: 50 },
    },
  },
  {
    fn: 'preferenceQueryValue',
    args: {
      precision: [
        [2, 0],
        [0, 1],
      ],
      featuresA: [1, 0],
      featuresB: [0, 1],
      options: { sigma: 1, threshold: 0.5 },
    },
  },
  {
    fn: 'sampleRewardPosterior',
    args: {
      mean: [1, 0],
      precision: [
        [2, 0],
        [0, 1],
      ],
      rng,
      options: { sigma: 1 },
    },
  },
  {
    fn: 'regularizedRelevanceReward',
    args: {
      inputs: { tokens: ['a', 'b'], relevance: 2, questionType: 'open' },
      options: { maxLength: 512, relevanceMax: 3.5, lengthUnit: 100 },
    },
    free: ['tokens'],
  },
  {
    fn: 'rlspReward',
    args: {
      inputs: { correct: true, hasFinalAnswer: true, exploration: 0.5, reasoningLength: 10 },
      options: { explorationWeight: 0.2, missingAnswerPenalty: 0.5, lengthPenalty: 0.1 },
    },
  },
  { fn: 'normalizedEditDistance', args: { a: ['x', 'y'], b: ['x'] }, free: ['a', 'b'] },
  { fn: 'pairInterference', args: { pair: { chosen: ['x', 'y'], rejected: ['x'] } }, free: ['chosen', 'rejected'] },
  {
    fn: 'refinementPair',
    args: { prompt: 'p', tree: { found: true, pair: { chosen: 'a', rejected: 'b' } } },
    unread: { prompt: 'any text', chosen: 'any response', rejected: 'any response' },
  },
  { fn: 'prefixIndex', args: { prefix: [1, 0], vocab: 2 }, free: ['prefix'] },
  {
    fn: 'softTreeSolve',
    args: { tree: { vocab: 2, depth: 1, ref: [[0.5, 0.5]], rewards: [[0, 1]] }, options: { beta: 1 } },
  },
  {
    fn: 'telescopedReward',
    args: { tree: { vocab: 2, depth: 1, ref: [[0.5, 0.5]], rewards: [[0, 1]] }, prefix: [1], options: { beta: 1 } },
    free: ['prefix'],
  },
  {
    fn: 'inverseSoftBellman',
    args: { q: [3, 2], v: [1, 0.5], options: { beta: 1, ref: [0.5, 0.5], gamma: 0.9, terminalValue: 1 } },
  },
  {
    fn: 'softValueIteration',
    args: {
      mdp: { transitions: [[0], [0]], rewards: [[1, 1]], ref: [[0.5, 0.5]] },
      options: { beta: 1, gamma: 0.9, tolerance: 1e-9, maxIterations: 100 },
    },
  },
  {
    fn: 'tokenBeamSearch',
    args: {
      logProb: () => [-1, -0.5],
      options: { vocab: 2, depth: 2, width: 2, score: 'ratio', refLogProb: () => [-0.7, -0.7] },
    },
  },
  {
    fn: 'inverseSoftQLoss',
    args: { logits: [0, 1, 2, 3], actions: [0, 1], options: { lambda: 0.1, gamma: 0.9, terminalValue: 1 } },
    free: ['actions'],
  },
  { fn: 'mleUtilityStep', args: { logits: [0, 1], label: 0, options: { learningRate: 0.1 } }, free: ['logits'] },
  {
    fn: 'nceLoss',
    args: {
      data: { dataLogModel: [0, 1], dataLogNoise: [0, 1], noiseLogModel: [0, 1], noiseLogNoise: [1, 0] },
      options: { nu: 2 },
    },
  },
  {
    fn: 'rankingNceLoss',
    args: {
      dataScores: [0, 1],
      noiseScores: [
        [0, 1],
        [1, 2],
      ],
    },
  },
  { fn: 'compositionalEstimator', args: { options: { gamma: 0.5 } } },
  {
    fn: 'compositionalNllLoss',
    args: { data: { dataLogModel: [0, 1], noiseLogModel: [0, 1], noiseLogNoise: [1, 0] } },
    free: ['dataLogModel'],
  },
  { fn: 'gaussianMeanLandscape', args: { theta: 0, thetaStar: 1, options: { noiseMean: 0 } } },
  {
    fn: 'parsePreferenceJsonl',
    args: { text: '{"chosen": "a", "rejected": "b"}', options: { mode: 'strict' } },
    unread: { text: 'below' },
  },
  {
    fn: 'stringifyPreferenceJsonl',
    args: { records: [{ type: 'pairwise', chosen: 'a', rejected: 'b' }] },
    free: ['records'],
    unread: { type: 'a TypeError, as of a wrong kind', chosen: 'typed', rejected: 'typed' },
  },
  {
    fn: 'extractPrompt',
    args: { record: { type: 'pairwise', chosen: 'ab', rejected: 'ac' } },
    unread: { type: 'typed', chosen: 'below', rejected: 'below' },
  },
  {
    fn: 'pairsFromRanked',
    args: {
      record: { type: 'ranked', prompt: 'p', completions: ['a', 'b'], scores: [1, 2] },
      options: { pairs: 'all' },
    },
    free: ['completions'],
    unread: { type: 'typed', prompt: 'typed' },
  },
  {
    fn: 'toPairBatch',
    args: {
      records: [
        { type: 'pairwise', chosen: 'a', rejected: 'b', policyChosen: -1, policyRejected: -2 },
        { type: 'pairwise', chosen: 'a', rejected: 'b', policyChosen: -1, policyRejected: -2 },
      ],
    },
    free: ['records'],
    unread: {
      type: 'typed',
      chosen: 'typed',
      rejected: 'typed',
      policyChosen: 'left to the loss',
      policyRejected: 'left to the loss',
    },
  },
  {
    fn: 'unpairPreferences',
    args: { records: [{ type: 'pairwise', prompt: 'p', chosen: 'a', rejected: 'b' }] },
    free: ['records'],
    unread: { type: 'typed', prompt: 'typed', chosen: 'typed', rejected: 'typed' },
  },
  {
    fn: 'validatePreferences',
    args: {
      records: [{ type: 'pairwise', chosen: 'a', rejected: 'b' }],
      options: { embeddings: [{ preferred: [[1]], dispreferred: [[2]] }] },
    },
    free: ['preferred', 'dispreferred'],
    unread: { type: 'typed', chosen: 'typed', rejected: 'typed' },
  },
  {
    fn: 'formatPreferenceReport',
    args: { report: preference.preferenceReport(pairs) },
    unread: { '*': 'a result of preferenceReport' },
  },
  {
    fn: 'preferenceReport',
    args: {
      data: { ...pairs, ...lengths, agreement: [0.9, 0.8] },
      options: {
        beta: 0.1,
        hardest: 3,
        patience: 2,
        history: [
          { entropy: 1, mass: 0.5 },
          { entropy: 2, mass: 0.6 },
        ],
      },
    },
    free: ['history'],
  },
  {
    fn: 'preferenceLogReport',
    args: {
      text: '{"chosen": "a", "rejected": "b", "chosen_logps": -1, "rejected_logps": -2}',
      options: { mode: 'lenient', beta: 0.1, hardest: 3 },
    },
    unread: { text: 'below' },
  },
  { fn: 'logBilinearModel', args: { options: { vocab: 4, dimension: 2, context: 3 } } },
];

export const GAME_CALLS: CallUnderTest[] = [
  game('condorcetWinner'),
  game('copelandScores'),
  game('bordaScores'),
  game('preferenceAggregation'),
  game('intransitivityTriples'),
  game('isStochasticallyTransitive', { kind: 'weak', tolerance: 1e-9 }),
  game('bradleyTerryMisfit'),
  game('checkPreference'),
  game('minimaxWinner', { method: 'simplex' }),
  game('selfPlay', { steps: 3, learningRate: 0.1, algorithm: 'hedge', initial: policy, recordEvery: 1 }),
  { fn: 'exploitability', args: { preference: P, policy } },
  {
    fn: 'matrixGame',
    args: {
      payoffs: [
        [3, 0],
        [1, 2],
      ],
    },
    free: ['payoffs'],
  },
  { fn: 'bradleyTerryMatrix', args: { utilities: [1, 0] }, free: ['utilities'] },
  { fn: 'condorcetMatrix', args: { n: 3, margin: 0.2 } },
  { fn: 'cyclicMatrix', args: { x: 0.1, y: 0.2, z: 0.3 } },
  {
    fn: 'regularizedNash',
    args: { preference: P, reference: policy, options: { tau: 1, tolerance: 1e-9, maxIterations: 100 } },
  },
  {
    fn: 'nashMirrorDescent',
    args: { preference: P, reference: policy, options: { tau: 1, learningRate: 0.1, steps: 3 } },
  },
  { fn: 'sppoIterate', args: { preference: P, policy, options: { beta: 1 } } },
  { fn: 'ipoOptimum', args: { reference: policy, preference: P, options: { beta: 1 } } },
  {
    fn: 'selfPlayExploitabilityBound',
    args: { n: 3, steps: 10, options: { learningRate: 0.1, algorithm: 'hedge' } },
  },
  { fn: 'spoBandit', args: { options: { arms: 3, samples: 2, learningRate: 0.1 } } },
  {
    fn: 'winRateRewards',
    args: {
      comparisons: [
        [0, 1],
        [0, 0],
      ],
    },
  },
  { fn: 'winRateQueue', args: { options: { capacity: 2 } } },
];

export const MODULES: [string, Record<string, unknown>, CallUnderTest[]][] = [
  ['preference', preference, PREFERENCE_CALLS],
  ['games', games, GAME_CALLS],
];
