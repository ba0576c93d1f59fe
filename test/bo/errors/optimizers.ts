// Valid calls of search spaces, optimizers, trust regions, multi-objective functions and test functions.
import {
  bayesianOptimizer,
  branin,
  gpCondition,
  integer,
  real,
  searchSpace,
  type MultiObjectiveProblem,
  type TestFunction,
} from '../../../src/bo/index.js';
import { call, made, type Call } from '../../support/refusals.js';
import { GP, KERNEL, rng, X, Y } from './models.js';

export const SPACE = made(searchSpace({ x: real(0, 1), depth: integer(1, 5) }));
const space = SPACE.value as ReturnType<typeof searchSpace>;
const optimizer = bayesianOptimizer(space, { nInitial: 2 });
const told = optimizer.tell(
  optimizer.init(),
  [0.1, 0.5, 0.9].map((x, i) => ({ config: { x, depth: i + 1 }, value: x * x })),
);
const values = [3, 1, 2];
const front = [[1, 3], [3, 1]]; // prettier-ignore
const problem = (args: Record<string, unknown>, positive: string[] = Object.keys(args)) =>
  call(args, {
    positive,
    use: (f: TestFunction | MultiObjectiveProblem) => f.evaluate(f.bounds.map(([low, high]) => 0.4 * low + 0.6 * high)),
  });
const hyper = { points: front, reference: [0, 0], options: { maximize: true } };

export const OPTIMIZERS: Record<string, Call> = {
  // spaces
  real: call({ low: 1, high: 2, options: { scale: 'log', default: 1.5 } }),
  integer: call({ low: 1, high: 4, options: { scale: 'log', default: 2 } }),
  categorical: call({ choices: made(['a', 'b']), options: { encoding: 'onehot', default: 'a' } }),
  searchSpace: call({ parameters: { x: made(real(0, 1)) } }),
  spaceFeatures: call({ space: SPACE, x: [0.2, 0.4] }),
  spaceKernel: call({ space: SPACE, base: 'rbf' }),

  // optimizers
  bayesianOptimizer: call(
    {
      space: SPACE,
      options: { direction: 'minimize', nInitial: 3, initialDesign: 'sobol', objectives: 1, constraints: 0 },
    },
    { nonNegative: ['options.constraints', 'options.nInitial'], positive: ['options.objectives'] },
  ),
  minimizeBayesian: call(
    { objective: ({ x }: { x: number }) => x, space: SPACE, options: { evaluations: 2, rng: rng() } },
    { positive: ['options.evaluations'] },
  ),
  minimizeBayesianAsync: call(
    {
      objective: async ({ x }: { x: number }) => x,
      space: SPACE,
      options: { evaluations: 2, parallel: 1, rng: rng() },
    },
    { positive: ['options.evaluations', 'options.parallel'] },
  ),
  posteriorSlice: call(
    { optimizer: made(optimizer), state: made(told), names: ['x'], options: { points: 3, objective: 0 } },
    { positive: ['options.points'], nonNegative: ['options.objective'] },
  ),
  sobolIndices: call(
    {
      f: (P: Float64Array, rows: number) => Float64Array.from({ length: rows }, (_, i) => P[2 * i]),
      dimension: 2,
      groups: [[0], [1]],
      options: { samples: 8 },
    },
    {
      positive: ['dimension', 'options.samples'],
      nonNegative: ['groups'],
      free: ['groups'],
      accepts: ['groups:ragged'],
    },
  ),
  failureTolerance: call({ dimension: 10, batch: 5 }, { positive: ['dimension', 'batch'] }),
  initialTrustRegion: call({}),
  isTrustRegionSuccess: call({ value: 0.2, best: 0.5 }),
  updateTrustRegion: call(
    { region: { length: 0.8, successes: 0, failures: 0 }, improved: true, tolerance: 4 },
    { positive: ['tolerance', 'region.length'], nonNegative: ['region.successes', 'region.failures'] },
  ),
  trustRegionBox: call(
    { center: [0.5, 0.5], lengthscales: [1, 2], length: 0.5 },
    { positive: ['lengthscales', 'length'] },
  ),
  turbo: call(
    { options: { bounds: [[0, 1], [0, 1]], batch: 2, regions: 1, nInitial: 4, direction: 'minimize', candidates: 10 } }, // prettier-ignore
    {
      positive: ['options.batch', 'options.regions', 'options.nInitial', 'options.candidates'],
      free: ['options.bounds'],
    },
  ),

  // several objectives
  isNonDominated: call({ points: front }, { free: ['points'] }),
  paretoFront: call({ points: front }, { free: ['points'] }),
  defaultReference: call({ points: front }, { free: ['points'] }),
  hypervolume: call(hyper, { free: ['points'] }),
  hypervolumeContributions: call(hyper, { free: ['points'] }),
  hypervolumeTrace: call(hyper, { free: ['points'] }),
  hypervolumeImprovement: call({ points: [[2, 2]], options: { front, reference: [0, 0] } }, { free: ['points', 'options.front'] }), // prettier-ignore
  nonDominatedBoxes: call({ front, reference: [0, 0] }, { free: ['front'] }),
  expectedHypervolumeImprovement: call(
    { mean: [2, 2], std: [0.5, 0.5], options: { front, reference: [0, 0] } },
    { nonNegative: ['std'], free: ['options.front'] },
  ),
  logExpectedHypervolumeImprovement: call(
    { mean: [2, 2], std: [0.5, 0.5], options: { front, reference: [0, 0] } },
    { nonNegative: ['std'], free: ['options.front'] },
  ),
  expectedHypervolumeAcquisition: call(
    { processes: made([GP.value, gpCondition(KERNEL, X, Y)]), options: { front, reference: [0, 0] } },
    { free: ['options.front'] },
  ),
  qExpectedHypervolumeImprovement: call(
    { samples: [2, 1, 1, 2], q: 2, options: { front, reference: [0, 0] } },
    { positive: ['q'], free: ['options.front'] },
  ),
  augmentedChebyshev: call(
    { points: front, weights: [0.5, 0.5], options: { rho: 0.1 } },
    { nonNegative: ['weights', 'options.rho'], free: ['points'] },
  ),
  simplexWeights: call({ objectives: 2, rng: rng() }, { positive: ['objectives'] }),

  // metrics and test functions
  simpleRegret: call({ values, optimum: 0, direction: 'minimize' }, { free: ['values'] }),
  cumulativeRegret: call({ values, optimum: 0, direction: 'minimize' }, { free: ['values'] }),
  optimizationGap: call({ values, optimum: 0, direction: 'minimize' }, { free: ['values'] }),
  evaluationsToTarget: call({ values, target: 1.5, direction: 'minimize' }, { free: ['values'] }),
  inferenceRegret: call({ problem: made(branin), recommended: [1, 2] }),
  performanceProfile: call({ costs: [[1, 4], [2, 2]], factors: [1, 2] }, { positive: ['costs'], free: ['costs', 'factors'] }), // prettier-ignore
  ackley: problem({ dim: 2 }),
  dixonPrice: problem({ dim: 2 }),
  embeddedBranin: problem({ dim: 4 }),
  griewank: problem({ dim: 2 }),
  levy: problem({ dim: 2 }),
  michalewicz: problem({ dim: 2 }),
  powell: problem({ dim: 4 }),
  rastrigin: problem({ dim: 2 }),
  rosenbrock: problem({ dim: 2 }),
  styblinskiTang: problem({ dim: 2 }),
  shekel: problem({ m: 5 }),
  rover: call(
    { options: { points: 6, obstacles: [[0.1, 0.2]], side: 0.1 } },
    { positive: ['options.points', 'options.side'], free: ['options.obstacles'] },
  ),
  dtlz: problem({ variant: 2, dim: 4, objectives: 2 }),
  zdt: problem({ variant: 1, dim: 4 }),
};
