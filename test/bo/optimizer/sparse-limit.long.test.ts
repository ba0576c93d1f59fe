import { expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

it('stands in for the exact process above 2000 results', () => {
  const line = bo.searchSpace({ x: bo.real(0, 1) });
  const optimizer = bo.bayesianOptimizer(line, { search: { rawSamples: 32, restarts: 1, maxIterations: 10 } });
  const results = Array.from({ length: 2001 }, (_, i) => ({
    config: { x: i / 2000 },
    value: Math.sin(6 * (i / 2000)),
  }));
  const state = optimizer.tell(optimizer.init(), results);
  const [[{ config }]] = optimizer.ask(state, 1, createRng(8));
  expect(line.contains(config)).toBe(true);
  expect(optimizer.predict(state, [{ x: 0.25 }])[0].mean).toBeCloseTo(Math.sin(1.5), 1);
});
