import { describe, expect, it } from 'vitest';
import { logCostLearner, omegaLearner } from '../../../src/linear-solvers/index.js';
import { createRng } from '../../../src/random/index.js';
import { chebyshevFeatures } from '../../../src/special/index.js';
import { hoeffdingTolerance } from '../../support/statistics.js';
import { learnerLaws } from './learner-laws.js';

const interval = { low: 0, high: 1 };
learnerLaws('logCostLearner(ucb)', logCostLearner([1, 1.3, 1.6], { ...interval, policy: 'ucb' }), { draws: 0 });
learnerLaws('omegaLearner(lin-ts)', omegaLearner({ method: 'lin-ts', grid: [1, 1.3], context: interval }), {
  draws: NaN,
});

describe('logCostLearner', () => {
  const costs = (arm: number, c: number) => 20 * Math.exp(2 * Math.abs(c - arm / 2));

  it('ucb plays the least posterior mean minus a standard deviation, solved from the whole history', () => {
    const m = 3;
    const learner = logCostLearner([0, 1, 2], { ...interval, policy: 'ucb', features: m });
    const history: { arm: number; f: number[]; y: number }[] = [];
    const rng = createRng('ucb');
    let state = learner.init();
    for (let t = 0; t < 60; t++) {
      const c = rng();
      const f = [...chebyshevFeatures(c, { ...interval, count: m })];
      const scores = [0, 1, 2].map((arm) => {
        const P = f.map((_, i) => f.map((__, j) => (i === j ? (1 + i * i) / 4 : 0)));
        const h = f.map(() => 0);
        for (const past of history.filter((p) => p.arm === arm)) {
          past.f.forEach((a, i) => {
            h[i] += (a * past.y) / 0.02;
            past.f.forEach((b, j) => (P[i][j] += (a * b) / 0.02));
          });
        }
        const mean = dot(f, solve(P, h));
        return mean - Math.sqrt(dot(f, solve(P, f)));
      });
      const selection = learner.select(state, rng, c);
      expect(selection.index).toBe(scores.indexOf(Math.min(...scores)));
      const cost = costs(selection.index, c);
      history.push({ arm: selection.index, f, y: Math.log(cost) - 4 });
      state = learner.update(state, selection, cost, state);
    }
  });

  it('thompson plays an arm as often as its draw is the least', () => {
    // Before any cost both arms have the law N(0, f P⁻¹ f) of the log cost: each is least half of the time.
    const learner = logCostLearner([0, 1], { ...interval, policy: 'thompson' });
    const rng = createRng('thompson');
    const n = 20_000;
    let first = 0;
    for (let t = 0; t < n; t++) first += learner.select(learner.init(), rng, 0.3).index === 0 ? 1 : 0;
    expect(Math.abs(first / n - 0.5)).toBeLessThan(hoeffdingTolerance(n));
  });

  it('both find the best value of each context', () => {
    for (const policy of ['ucb', 'thompson'] as const) {
      const learner = logCostLearner([0, 1, 2], { ...interval, policy });
      const rng = createRng(policy);
      let state = learner.init();
      for (let t = 0; t < 600; t++) {
        const selection = learner.select(state, rng, rng());
        state = learner.update(state, selection, costs(selection.index, selection.context ?? 0), state);
      }
      for (const c of [0.05, 0.5, 0.95]) expect(learner.select(state, rng, c).index).toBe(Math.round(2 * c));
    }
  });

  it('checks its options', () => {
    expect(() => logCostLearner([], { ...interval, policy: 'ucb' })).toThrow(RangeError);
    expect(() => logCostLearner([1], { low: 1, high: 1, policy: 'ucb' })).toThrow(/^low must be below high/);
    expect(() => logCostLearner([1], { ...interval, policy: 'greedy' as never })).toThrow(/^policy must/);
    expect(() => logCostLearner([1], { ...interval, policy: 'ucb', noiseVariance: 0 })).toThrow(/^noiseVariance/);
    const learner = logCostLearner([1], { ...interval, policy: 'ucb' });
    expect(() => learner.select(learner.init(), Math.random)).toThrow(TypeError);
  });
});

function dot(x: number[], y: number[]): number {
  return x.reduce((s, v, i) => s + v * y[i], 0);
}

/** P⁻¹ b by Cramer's rule, order 3. */
function solve(P: number[][], b: number[]): number[] {
  const det = (A: number[][]) =>
    A[0][0] * (A[1][1] * A[2][2] - A[1][2] * A[2][1]) -
    A[0][1] * (A[1][0] * A[2][2] - A[1][2] * A[2][0]) +
    A[0][2] * (A[1][0] * A[2][1] - A[1][1] * A[2][0]);
  return b.map((_, j) => det(P.map((row, i) => row.map((v, k) => (k === j ? b[i] : v)))) / det(P));
}
