import { expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const space = bo.searchSpace({ x: bo.real(0, 1), y: bo.real(0, 1) });
const bowl = (a: number, b: number) => (config: bo.Config) =>
  ((config.x as number) - a) ** 2 + ((config.y as number) - b) ** 2;
const rng = createRng('tasks');
const X = Array.from({ length: 20 }, () => ({ x: rng(), y: rng() }));
const search = { rawSamples: 64, restarts: 2, maxIterations: 30 };

it.each(['minimize', 'maximize'] as const)('the first search goes where a like task was best, to %s', (direction) => {
  const sign = direction === 'minimize' ? 1 : -1;
  const y = X.map((config) => 5 + sign * 100 * bowl(0.24, 0.63)(config));
  const optimizer = bo.bayesianOptimizer(space, { direction, search, nInitial: 3, priorData: [{ X, y }] });
  let state = optimizer.init();
  const told = [0.8, 0.87, 0.95].map((x) => ({ x, y: 1.1 - x }));
  state = optimizer.tell(state, told.map((config) => ({ config, value: sign * bowl(0.22, 0.65)(config) }))); // prettier-ignore
  const [[{ config }]] = optimizer.ask(state, 1, createRng(1));
  expect(bowl(0.22, 0.65)(config)).toBeLessThan(0.1 ** 2);
});

it.each([
  [{ priorData: [{ X: [], y: [] }] }, /priorData\[0\]\.X/],
  [{ priorData: [{ X, y: [1] }] }, /priorData\[0\]\.y/],
  [{ priorData: [{ X: X.slice(0, 1), y: [NaN] }] }, /priorData\[0\]\.y/],
  [{ priorData: [{ X: [{ x: 2, y: 0 }], y: [1] }] }, /x/],
  [{ priorData: [{ X: X.slice(0, 1), y: [1] }], model: {} }, /model/],
  [{ priorData: [{ X: X.slice(0, 1), y: [1] }], objectives: 2 }, /objectives/],
] as const)('refuses what it cannot use: case %#', (options, message) => {
  expect(() => bo.bayesianOptimizer(space, options)).toThrow(message);
});
