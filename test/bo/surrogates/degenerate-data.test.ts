// Data that leave a model little to learn from: every surrogate answers with finite moments, and none with NaN.
import { describe, expect, it, test } from 'vitest';
import {
  adaptiveBasisNetwork,
  deepEnsemble,
  deepKernel,
  deepKernelMachine,
  fitDkm,
  fitGp,
  gpSurrogate,
  hmcNetwork,
  infiniteWidthNetwork,
  kroneckerLaplace,
  linearizedLaplace,
  neuralProcess,
  neuralProcessInit,
  neuralProcessSurrogate,
  rgpe,
  sghmcNetwork,
  sparseGpSurrogate,
  type Surrogate,
} from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const small = { hidden: [5] };
const process = neuralProcess({ inputs: 2, embed: 8, layers: 1, heads: 2, feedForward: 8, buckets: 20 });
const earlier = fitGp(
  [
    [0, 0.2],
    [0.5, 0.9],
    [1, 0.4],
  ],
  [0, 1, -1],
  { rng: createRng('earlier'), restarts: 0 },
).gp;
const models: Record<string, Surrogate<never>> = {
  gp: gpSurrogate({ restarts: 0 }) as never,
  'sparse gp': sparseGpSurrogate({ inducing: 4 }) as never,
  'infinite width': infiniteWidthNetwork() as never,
  hmc: hmcNetwork({ ...small, hmc: { samples: 20, burnIn: 20, pathLength: 0.1 } }) as never,
  sghmc: sghmcNetwork({ ...small, sghmc: { steps: 200, burnIn: 100 } }) as never,
  ensemble: deepEnsemble({ ...small, members: 3, steps: 50 }) as never,
  'adaptive basis': adaptiveBasisNetwork({ ...small, steps: 50 }) as never,
  linearized: linearizedLaplace({ ...small, steps: 50 }) as never,
  kronecker: kroneckerLaplace({ ...small, steps: 50 }) as never,
  'deep kernel': deepKernel({ hidden: [5, 2], pretrainSteps: 20, steps: 20 }) as never,
  'deep kernel, exact': deepKernel({ hidden: [5, 2], pretrainSteps: 20, steps: 20, deterministic: true }) as never,
  'deep kernel machine': deepKernelMachine({ maxIterations: 10 }) as never,
  rgpe: rgpe([earlier], { samples: 8 }) as never,
  'neural process': neuralProcessSurrogate(process, neuralProcessInit(process, createRng('np')), {
    scale: [-3, 3],
  }) as never,
};

const data: Record<string, { X: number[][]; y: number[] }> = {
  'one point': { X: [[0.3, 0.7]], y: [0.5] },
  'one point at the origin': { X: [[0, 0]], y: [0] },
  'constant targets': {
    X: [
      [0, 0.2],
      [0.4, 0.9],
      [1, 0.5],
    ],
    y: [0, 0, 0],
  },
  'one point four times, with targets that differ': { X: new Array<number[]>(4).fill([0.5, 0.5]), y: [1, -1, 0.5, 0] },
  'an input that never changes': {
    X: [
      [0.5, 0],
      [0.5, 0.4],
      [0.5, 0.7],
      [0.5, 1],
    ],
    y: [1, -1, 0.2, 0.4],
  },
  'inputs on a line': {
    X: [
      [0, 0],
      [0.3, 0.3],
      [0.6, 0.6],
      [1, 1],
    ],
    y: [1, -1, 0.2, 0.4],
  },
};

describe.each(Object.entries(data))('%s', (name, { X, y }) => {
  it.each(Object.entries(models))('%s', (model, surrogate) => {
    const state = surrogate.fit(X, y, createRng('degenerate', name, model));
    const queries = [[0.1, 0.8], X[0], [0.9, 0.2]];
    const { mean, variance } = surrogate.predict(state, queries);
    expect(mean.every(Number.isFinite)).toBe(true);
    expect(variance.every((v) => v >= 0 && Number.isFinite(v))).toBe(true);
    const draws = surrogate.sample(state, queries, 3, createRng('draws'));
    expect(draws.length).toBe(9);
    expect(draws.every(Number.isFinite)).toBe(true);
    const at = surrogate.predictGradient?.(state, queries[0]);
    if (at !== undefined) expect([...at.dMean, ...at.dVariance].every(Number.isFinite)).toBe(true);
    expect(surrogate.predict(state, []).mean.length).toBe(0);
  });
});

test('a deep kernel machine says what it added to factor the kernel of equal points', () => {
  const X = [
    [1, 0],
    [1, 0],
    [0, 1],
  ];
  const machine = fitDkm(X, [1, -1, 0.5], { layers: 2, maxIterations: 20 });
  expect(machine.jitter[0]).toBeGreaterThan(0);
  expect(Number.isFinite(machine.value)).toBe(true);
  const distinct = fitDkm(
    [
      [1, 0.3],
      [0.2, 0.9],
      [-1, 0.4],
    ],
    [1, -1, 0.5],
    { layers: 2, maxIterations: 5 },
  );
  expect(Array.from(distinct.jitter)).toEqual([0, 0]);
});
