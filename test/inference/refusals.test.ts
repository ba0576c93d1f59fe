import { expect, it } from 'vitest';
import * as inference from '../../src/inference/index.js';
import { createRng } from '../../src/random/index.js';
import { call, complaintsOf, type Call } from '../support/refusals.js';

function density(x: Float64Array, gradient: Float64Array): number {
  gradient[0] = -x[0];
  gradient[1] = -2 * x[1];
  return -0.5 * x[0] * x[0] - x[1] * x[1];
}
const rng = createRng('refusals');
const start = [0.1, 0.2];
const hamiltonian = {
  samples: 2,
  burnIn: 2,
  stepSize: 0.1,
  targetAccept: 0.8,
  mass: [1, 2],
  massAdaptation: 'fixed',
  initialStep: 'given',
};
const positive = ['samples', 'stepSize', 'mass'].map((name) => `options.${name}`);
const rows = [
  [true, false],
  [false, true],
];
const CALLS: Record<string, Call> = {
  leapfrog: call(
    {
      logDensityGradient: density,
      start: { position: start, momentum: [1, -1] },
      options: { step: 0.1, steps: 2, mass: [1, 2] },
    },
    { positive: ['options.step', 'options.steps', 'options.mass'] },
  ),
  dualAveraging: call(
    { options: { initialStep: 0.1, targetAccept: 0.8, gamma: 0.05, t0: 10, kappa: 0.75 } },
    { positive: ['options.initialStep', 'options.targetAccept', 'options.gamma'], nonNegative: ['options.t0'] },
  ),
  hmc: call(
    { logDensityGradient: density, start, rng, options: { ...hamiltonian, pathLength: 0.3, maxLeapfrog: 5 } },
    {
      positive: [...positive, 'options.pathLength', 'options.maxLeapfrog'],
      nonNegative: ['options.burnIn'],
      free: ['start'],
      ignored: ['options.mass'],
    },
  ),
  nuts: call(
    { logDensityGradient: density, start, rng, options: { ...hamiltonian, maxDepth: 3 } },
    { positive: [...positive, 'options.maxDepth'], nonNegative: ['options.burnIn'] },
  ),
  sghmc: call(
    {
      gradientEstimate: (theta: Float64Array, _rng: unknown, out: Float64Array) => out.set(theta),
      start,
      rng,
      options: { steps: 4, burnIn: 2, keepEvery: 1, step: 0.1, friction: 0.1 },
    },
    {
      positive: ['steps', 'keepEvery', 'step', 'friction'].map((name) => `options.${name}`),
      nonNegative: ['options.burnIn'],
      free: ['start'],
    },
  ),
  sghmcStep: call(
    {
      state: { position: 1, velocity: 0.5 },
      gradient: 0.1,
      normal: 0.2,
      options: { step: 0.1, friction: 0.5, gradientSquareMean: 1 },
    },
    { positive: ['options.step'], nonNegative: ['options.friction', 'options.gradientSquareMean'] },
  ),
  sliceSample: call(
    {
      logDensity: (x: Float64Array) => -x[0] * x[0] - x[1] * x[1],
      start,
      rng,
      options: { samples: 2, burnIn: 1, width: [1, 2], maxStepsOut: 3 },
    },
    { positive: ['options.samples', 'options.width'], nonNegative: ['options.burnIn', 'options.maxStepsOut'] },
  ),
  effectiveSampleSize: call(
    {
      chains: [
        [1, 2, 3, 5],
        [2, 1, 4, 3],
      ],
    },
    { free: ['chains'] },
  ),
  mcmcDiagnostics: call(
    {
      chains: [
        [1, 2, 3, 5],
        [2, 1, 4, 3],
      ],
    },
    { free: ['chains'] },
  ),
  mcmcQuantile: call(
    {
      chains: [
        [1, 2, 3, 5],
        [2, 1, 4, 3],
      ],
      p: 0.3,
    },
    { nonNegative: ['p'], free: ['chains'] },
  ),
  trice: call(
    { options: { correct: rows, learningRate: 1, estimator: 'basic' } },
    { positive: ['options.learningRate'], ignored: ['options.correct'] },
  ),
  triceGradient: call({
    batch: {
      gradMemory: [[1], [3]],
      gradProposal: [[1], [-1]],
      memoryCorrect: [1, 1],
      proposalCorrect: [1, 0],
    },
  }),
};
const exported = Object.entries(inference).filter(([, value]) => typeof value === 'function') as [string, never][];

it('every exported function of inference has a valid call here', () => {
  expect(exported.map(([name]) => name).sort()).toEqual(Object.keys(CALLS).sort());
});

it.each(exported)('%s refuses bad arguments by name, and has no NaN in its result', async (name, f) => {
  expect(await complaintsOf(f, CALLS[name])).toEqual([]);
});
