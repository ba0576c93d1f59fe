import { expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

it('a sparse process as surrogate predicts like an exact one', () => {
  const X = Array.from({ length: 60 }, (_, i) => [i / 59]);
  const y = X.map(([x]) => Math.sin(6 * x));
  const sparse = bo.sparseGpSurrogate({ inducing: 15 });
  const state = sparse.fit(X, y, createRng(6));
  const { mean, variance } = sparse.predict(state, [[0.31]]);
  expect(mean[0]).toBeCloseTo(Math.sin(6 * 0.31), 1);
  expect(variance[0]).toBeGreaterThanOrEqual(0);
  expect(sparse.sample(state, [[0.1], [0.2]], 3, createRng(7)).length).toBe(6);
});
