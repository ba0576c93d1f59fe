// Valid calls of acquisition functions, with what must be refused in them.
import {
  expectedImprovementRule,
  gpPosterior,
  logExpectedImprovementRule,
  momentAcquisition,
  expectedImprovementUtility,
  sampleOptima,
  type Acquisition,
  type SampleUtility,
} from '../../../src/bo/index.js';
import { call, made, type Call } from '../../support/refusals.js';
import { GP, POINT, rng, X } from './models.js';

const posterior = made(gpPosterior(GP.value as never));
const acquisition = made(momentAcquisition(gpPosterior(GP.value as never), logExpectedImprovementRule({ best: 0.5 })));
const BOUNDS = [[0, 1], [0, 1]]; // prettier-ignore
const optima = made(sampleOptima(GP.value as never, [[0, 1], [0, 1]], 2, rng())); // prettier-ignore
const search = { rng: rng(), rawSamples: 8, restarts: 1, maxIterations: 3 };
const searched = ['options.rawSamples'];
const restarts = ['options.restarts'];
const moments = { nonNegative: ['std'] };
const atPoint = (a: Acquisition) => a.value(Float64Array.from(POINT), new Float64Array(2));
const atPair = (a: Acquisition) => a.value(Float64Array.of(0.1, 0.2, 0.7, 0.8), new Float64Array(4));
const sampled = (utility: SampleUtility) =>
  utility(Float64Array.of(1, 2, 0, 3), Float64Array.of(0, 1), { S: 2, m: 2, batch: 1 }, new Float64Array(4));
const improvement = (extra: Record<string, unknown> = {}) =>
  call({ mean: 1, std: 0.5, options: { best: 0.8, ...extra } }, moments);
const batch = (extra: Record<string, unknown> = {}, more: { positive?: string[]; nonNegative?: string[] } = {}) =>
  call(
    { gp: GP, options: { q: 2, pending: [[0.9, 0.9]], samples: 4, rng: rng(), ...extra } },
    { use: atPair, positive: ['options.q', 'options.samples', ...(more.positive ?? [])], ...(more.nonNegative && { nonNegative: more.nonNegative }), free: ['options.pending'] },
  ); // prettier-ignore
const constraints = [{ mean: 0.1, std: 0.4, upper: 0.3 }];
const lines = { intercepts: [0, 1, 0.5], slopes: [1, -1, 0.2] };
const normal = { mean: [0.1, 0.4], covariance: [[1, 0.3], [0.3, 1]] }; // prettier-ignore

export const ACQUISITIONS: Record<string, Call> = {
  // of one point
  expectedImprovement: improvement(),
  logExpectedImprovement: improvement(),
  probabilityOfImprovement: improvement(),
  logProbabilityOfImprovement: improvement(),
  upperConfidenceBound: call({ mean: 1, std: 0.5, options: { beta: 2 } }, { nonNegative: ['std', 'options.beta'] }),
  lowerConfidenceBound: call({ mean: 1, std: 0.5, options: { beta: 2 } }, { nonNegative: ['std', 'options.beta'] }),
  maxValueEntropySearch: call(
    { mean: 1, std: 0.5, options: { optimumSamples: [2, 3] } },
    { ...moments, free: ['options.optimumSamples'] },
  ),
  gibbon: call(
    { mean: 1, std: 0.5, options: { optimumSamples: [2, 3], rhoSquared: 0.5 } },
    { nonNegative: ['std', 'options.rhoSquared'], free: ['options.optimumSamples'] },
  ),
  expectedImprovementRule: call({ options: { best: 0.8 } }),
  logExpectedImprovementRule: call({ options: { best: 0.8 } }),
  probabilityOfImprovementRule: call({ options: { best: 0.8 } }),
  logProbabilityOfImprovementRule: call({ options: { best: 0.8 } }),
  confidenceBoundRule: call({ options: { beta: 0.8 } }, { nonNegative: ['options.beta'] }),
  maxValueEntropyRule: call({ options: { optimumSamples: [2, 3] } }, { free: ['options.optimumSamples'] }),
  gibbonRule: call(
    { options: { optimumSamples: [2, 3], rhoSquared: 0.5 } },
    { nonNegative: ['options.rhoSquared'], free: ['options.optimumSamples'] },
  ),
  gpUcbBeta: call({ t: 3, dimension: 2, delta: 0.1 }, { positive: ['t', 'dimension', 'delta'] }),
  gpUcbBetaFinite: call({ t: 3, size: 2, delta: 0.1 }, { positive: ['t', 'size', 'delta'] }),
  heboBeta: call({ t: 3, dimension: 2, delta: 0.1 }, { positive: ['t', 'dimension', 'delta'] }),
  constrainedExpectedImprovement: call(
    { mean: 1, std: 0.5, constraints, options: { best: 0.8 } },
    { nonNegative: ['std', 'constraints.0.std'] },
  ),
  logConstrainedExpectedImprovement: call(
    { mean: 1, std: 0.5, constraints, options: { best: 0.8 } },
    { nonNegative: ['std', 'constraints.0.std'] },
  ),
  logFeasibility: call({ mean: 1, std: 0.5, bounds: { lower: 0, upper: 1 } }, moments),
  constrainedAcquisition: call(
    { acquisition, constraints: made([{ posterior: posterior.value, upper: 0.3 }]) },
    { accepts: ['acquisition:null'], use: atPoint },
  ),
  expectedImprovementPerCost: improvement({ logCostMean: 0.1, logCostStd: 0.2, exponent: 1 }),
  logExpectedImprovementPerCost: improvement({ logCostMean: 0.1, logCostStd: 0.2, exponent: 1 }),
  costCooling: call({ budget: 10, spent: 3, initial: 1 }, { nonNegative: ['spent', 'initial'] }),
  acquisitionPerCost: call(
    { acquisition, logCost: posterior, exponent: 1 },
    { nonNegative: ['exponent'], use: atPoint },
  ),
  gumbelFromMarginals: call({ mean: [0, 1], std: [1, 0.5] }, { nonNegative: ['std'] }),
  sampleGumbelFit: call({ fit: { location: 0, scale: 1 }, n: 2, rng: rng() }, { nonNegative: ['fit.scale', 'n'] }),
  momentAcquisition: call({ posterior, rule: made(expectedImprovementRule({ best: 0.5 })) }, { use: atPoint }),
  gpPosterior: call({ gp: GP }),
  averagedAcquisition: call({ parts: made([acquisition.value]), options: { scale: 'log' } }),
  noisyExpectedImprovement: call({ gp: GP, x: POINT, options: { noise: 0.1 } }, { nonNegative: ['options.noise'] }),
  augmentedExpectedImprovement: call({ gp: GP, x: POINT, options: {} }),
  logNoisyExpectedImprovement: call(
    { gp: GP, options: { samples: 2, rng: rng() } },
    { positive: ['options.samples'], use: atPoint },
  ),
  pendingImprovement: call(
    { gp: GP, pending: X, options: { best: 1, samples: 4, rng: rng() } },
    { positive: ['options.samples'], free: ['pending'], use: atPoint },
  ),

  // knowledge gradient
  expectedMaxAffine: call(lines),
  logExpectedMaxAffine: call(lines),
  expectedMaxAffineGradient: call(lines),
  logExpectedMaxAffineGradient: call(lines),
  knowledgeGradientDiscrete: call(
    { gp: GP, x: POINT, options: { domain: X, noise: 0.1 } },
    { nonNegative: ['options.noise'], free: ['options.domain'] },
  ),
  knowledgeGradientAcquisition: call(
    { gp: GP, options: { domain: X, noise: 0.1 } },
    { nonNegative: ['options.noise'], free: ['options.domain'], use: atPoint },
  ),
  multiFidelityKnowledgeGradient: call(
    { gp: GP, x: POINT, options: { domain: X, noise: 0.1, cost: 2 } },
    { nonNegative: ['options.noise'], positive: ['options.cost'], free: ['options.domain'] },
  ),
  oneShotKnowledgeGradient: call(
    { gp: GP, options: { fantasies: 2, noise: 0.1, bestMean: 1 } },
    { positive: ['options.fantasies'], nonNegative: ['options.noise'] },
  ),
  knowledgeGradient: call(
    { gp: GP, bounds: BOUNDS, options: { rng: rng(), fantasies: 2, noise: 0.1, restarts: 1 } },
    { positive: ['options.fantasies', 'options.restarts'], nonNegative: ['options.noise'] },
  ),
  hybridKnowledgeGradient: call(
    { gp: GP, x: POINT, bounds: BOUNDS, options: { rng: rng(), fantasies: 2, noise: 0.1 } },
    { positive: ['options.fantasies'], nonNegative: ['options.noise'] },
  ),
  knowledgeGradientSgd: call(
    { gp: GP, bounds: BOUNDS, options: { rng: rng(), starts: 1, steps: 2, replications: 4, noise: 0.1, offset: 4 } },
    {
      positive: ['options.starts', 'options.steps', 'options.replications', 'options.offset'],
      nonNegative: ['options.noise'],
    },
  ),
  qKnowledgeGradient: call(
    { gp: GP, X, options: { domain: X, noise: 0.1, samples: 4, rng: rng() } },
    { nonNegative: ['options.noise'], positive: ['options.samples'], free: ['X', 'options.domain'] },
  ),
  qKnowledgeGradientAcquisition: call(
    { gp: GP, q: 2, options: { domain: X, noise: 0.1, samples: 4, rng: rng() } },
    { nonNegative: ['options.noise'], positive: ['q', 'options.samples'], free: ['options.domain'], use: atPair },
  ),
  posteriorCovariance: call({ gp: GP }),

  // entropy
  jointEntropySearch: call(
    { gp: GP, options: { optima, noise: 0.1 } },
    { nonNegative: ['options.noise'], use: atPoint },
  ),
  predictiveEntropyAcquisition: call(
    { gp: GP, options: { optima, noise: 0.1 } },
    { nonNegative: ['options.noise'], use: atPoint },
  ),
  momentsGivenOptimum: call({ gp: GP, x: POINT, place: [0.5, 0.5] }),
  truncatedNormalEp: call(
    { mean: [0, 1], covariance: [[1, 0.2], [0.2, 1]], conditions: [{ index: 0, side: 1, bound: 0, softness: 0.1 }] }, // prettier-ignore
    { nonNegative: ['conditions.0.index', 'conditions.0.softness'], ignored: ['conditions.0.side'] },
  ),
  predictiveEntropySearch: call(
    { gp: GP, x: POINT, options: { optima, noise: 0.1 } },
    { nonNegative: ['options.noise'] },
  ),
  argmaxDistribution: call(
    { gp: GP, candidates: X, options: { samples: 8, rng: rng() } },
    { positive: ['options.samples'], free: ['candidates'] },
  ),
  entropySearchDiscrete: call(
    { gp: GP, x: POINT, candidates: X, options: { samples: 8, rng: rng() } },
    { positive: ['options.samples'], free: ['candidates'] },
  ),

  // batches
  fatmax: call({ x: [1, 2], tau: 0.1 }, { positive: ['tau'], free: ['x'] }),
  logFatplus: call({ x: 1, tau: 0.1 }, { positive: ['tau'] }),
  choleskyPullback: call(
    { L: made(Float64Array.of(1, 0, 0.5, 2)), byL: made(Float64Array.of(1, 0, 1, 1)), m: 2 },
    { positive: ['m'] },
  ),
  jointMoments: call({ gp: GP, X: made({ data: Float64Array.of(0.1, 0.2), rows: 1, columns: 2 }) }),
  reparametrize: call({
    mean: made(Float64Array.of(0, 1)),
    covariance: made(Float64Array.of(1, 0.2, 0.2, 1)),
    z: made(Float64Array.of(0.3, -1)),
  }),
  confidenceBoundUtility: call({ beta: 2 }, { nonNegative: ['beta'], use: sampled }),
  expectedImprovementUtility: call({ best: 0 }, { use: sampled }),
  logExpectedImprovementUtility: call(
    { best: 0, options: { tauPlus: 0.1, tauMax: 0.1 } },
    { positive: ['options.tauPlus', 'options.tauMax'], use: sampled },
  ),
  probabilityOfImprovementUtility: call(
    { best: 0, options: { tau: 0.1 } },
    { positive: ['options.tau'], use: sampled },
  ),
  noisyImprovementUtility: call({}, { use: sampled }),
  logNoisyImprovementUtility: call(
    { options: { tauPlus: 0.1, tauMax: 0.1 } },
    { positive: ['options.tauPlus', 'options.tauMax'], use: sampled },
  ),
  simpleRegretUtility: call({}, { use: sampled }),
  batchAcquisition: call(
    { gp: GP, options: { q: 2, samples: 4, rng: rng() }, utilityOf: () => expectedImprovementUtility(0) },
    { positive: ['options.q', 'options.samples'], use: atPair },
  ),
  qExpectedImprovement: call({ normal, baseSamples: Float64Array.of(0.1, 0.2, -0.3, 0.4), options: { best: 0.5 } }),
  qExpectedImprovementAcquisition: batch({ best: 0.5 }),
  qLogExpectedImprovement: batch({ best: 0.5 }),
  qNoisyExpectedImprovement: batch(),
  qLogNoisyExpectedImprovement: batch(),
  qUpperConfidenceBound: batch({ beta: 2 }, { nonNegative: ['options.beta'] }),
  qProbabilityOfImprovement: batch({ best: 0.5, tau: 0.1 }, { positive: ['options.tau'] }),
  qSimpleRegret: batch(),
  constantLiar: call(
    { gp: GP, q: 1, bounds: BOUNDS, options: { best: 1, lie: 'min', ...search } },
    { positive: ['q', ...searched], nonNegative: restarts },
  ),
  krigingBeliever: call(
    { gp: GP, q: 1, bounds: BOUNDS, options: { best: 1, ...search } },
    { positive: ['q', ...searched], nonNegative: restarts },
  ),
  localPenalization: call(
    { gp: GP, acquisition, options: { pending: X, optimum: 1, lipschitz: 2, bounds: BOUNDS, rng: rng() } },
    { positive: ['options.lipschitz'], free: ['options.pending'], use: atPoint },
  ),
  gibbonPending: call(
    { gp: GP, pending: X, options: { optimumSamples: [2, 3], noise: 0.1 } },
    { nonNegative: ['options.noise'], free: ['pending', 'options.optimumSamples'], use: atPoint },
  ),
  qMaxValueEntropy: call(
    { gp: GP, q: 1, bounds: BOUNDS, options: { optima: 2, noise: 0.1, ...search } },
    { positive: ['q', 'options.optima', 'options.noise', ...searched], nonNegative: restarts },
  ),
  thompsonSample: call({ gp: GP, candidates: X, rng: rng() }, { free: ['candidates'] }),
  thompsonPath: call({ gp: GP, bounds: BOUNDS, rng: rng() }),
  sampleOptima: call({ gp: GP, bounds: BOUNDS, n: 1, rng: rng() }, { nonNegative: ['n'] }),
  gpHedge: call({ options: { members: 3, eta: 1 } }, { positive: ['options.members', 'options.eta'] }),
  optimizeAcquisition: call(
    {
      acquisition,
      bounds: BOUNDS,
      options: {
        ...search,
        evaluated: Float64Array.of(0.1, 0.2),
        candidates: Float64Array.of(0.3, 0.4),
        lengthscales: [1, 2],
        fixed: [0.1, 0.2],
        duplicateTolerance: 0.1,
      },
    },
    {
      positive: [...searched, 'options.lengthscales'],
      nonNegative: ['options.duplicateTolerance', ...restarts],
      accepts: ['options.fixed:NaN'],
    },
  ),
  linearConstraint: call({ a: [1, 2], upper: 3 }, { free: ['a'] }),
};
