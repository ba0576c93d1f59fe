import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const grid = Array.from({ length: 12 }, (_, i) => [i / 11]);
const peak = (x: number) => Math.exp(-((x - 0.62) ** 2) / 0.02);
const like = { X: grid, y: grid.map(([x]) => 3 * peak(x) - 7) };
const unlike = { X: grid, y: grid.map(([x]) => Math.cos(9 * x)) };
const present = [[0.1], [0.4], [0.55], [0.7], [0.95]];
const values = present.map(([x]) => peak(x));

describe('a ranking-weighted ensemble', () => {
  it('trusts the task that orders the results rightly', () => {
    const { weights } = bo.rankingWeightedEnsemble([like, unlike]).fit(present, values, createRng(1));
    expect(weights[0] + weights[1] + weights[2]).toBeCloseTo(1, 12);
    expect(weights[0]).toBeGreaterThan(0.5);
    expect(weights[0]).toBeGreaterThan(weights[1]);
    expect(weights[1]).toBeLessThan(0.2);
  });

  it('is the present model alone before there are three results', () => {
    const { weights } = bo.rankingWeightedEnsemble([like]).fit(present.slice(0, 2), values.slice(0, 2), createRng(2));
    expect([...weights]).toEqual([0, 1]);
  });

  it('has moments that are weighted sums, with their gradient', () => {
    const model = bo.rankingWeightedEnsemble([like, unlike]);
    const state = model.fit(present, values, createRng(3));
    const { mean, variance } = model.predict(state, [[0.3]]);
    const parts = state.models.map((gp) => bo.gpPredict(gp, [[0.3]]));
    expect(mean[0]).toBeCloseTo(
      parts.reduce((sum, part, i) => sum + state.weights[i] * part.mean[0], 0),
      12,
    );
    expect(variance[0]).toBeCloseTo(
      parts.reduce((sum, part, i) => sum + state.weights[i] ** 2 * part.variance[0], 0),
      12,
    );
    const at = model.predictGradient!(state, [0.3]);
    const h = 1e-6;
    const moved = model.predict(state, [[0.3 + h], [0.3 - h]]);
    expect(at.dMean[0]).toBeCloseTo((moved.mean[0] - moved.mean[1]) / (2 * h), 5);
    expect(at.dVariance[0]).toBeCloseTo((moved.variance[0] - moved.variance[1]) / (2 * h), 5);
    expect(model.sample(state, [[0.3], [0.6]], 4, createRng(4)).length).toBe(8);
  });

  it('makes an optimizer find the peak of a like task at once', () => {
    const line = bo.searchSpace({ x: bo.real(0, 1) });
    const run = (model: bo.Surrogate) =>
      bo.minimizeBayesian(({ x }) => -peak(x as number), line, {
        evaluations: 6,
        nInitial: 3,
        rng: createRng(5),
        model,
        search: { rawSamples: 64, restarts: 2 },
      }).best!.value;
    expect(run(bo.rankingWeightedEnsemble([like]) as bo.Surrogate)).toBeLessThan(-0.97);
  });

  it('refuses tasks whose sizes do not agree', () => {
    expect(() => bo.rankingWeightedEnsemble([{ X: grid, y: [1] }])).toThrow(/tasks\[0\]\.y/);
    expect(() => bo.rankingWeightedEnsemble([like], { samples: 0 })).toThrow(/samples/);
  });
});

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
