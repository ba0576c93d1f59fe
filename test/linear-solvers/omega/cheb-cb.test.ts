import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chebCb, inverseGapWeights, type ChebCbState } from '../../../src/bandits/index.js';
import { contextualLearner, omegaLearner } from '../../../src/linear-solvers/index.js';
import { createRng } from '../../../src/random/index.js';
import { chebyshevFeatures } from '../../../src/special/index.js';
import { learnerLaws } from './learner-laws.js';

const interval = { low: 0, high: 1 };

learnerLaws(
  'contextualLearner(chebCb)',
  contextualLearner(chebCb({ arms: 4, ...interval }), [1, 1.2, 1.4, 1.6], (c) => c),
);
learnerLaws('omegaLearner(cheb-cb, theory)', omegaLearner({ context: interval, schedule: 'theory', horizon: 100 }));
learnerLaws('omegaLearner(cheb-cb, observed)', omegaLearner({ context: interval, lossRange: 'observed', features: 3 }));

describe('inverse gap weights', () => {
  it('sum to 1, give the best at least 1/d and fall with the cost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 9 }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (costs, gamma) => {
          const p = inverseGapWeights(costs, gamma);
          expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          const best = costs.indexOf(Math.min(...costs));
          expect(p[best]).toBeGreaterThanOrEqual(1 / costs.length - 1e-14);
          costs.forEach((c, i) => costs.forEach((e, j) => c < e && expect(p[i]).toBeGreaterThanOrEqual(p[j] - 1e-14)));
          inverseGapWeights(costs, 0).forEach((w) => expect(w).toBeCloseTo(1 / costs.length, 12));
        },
      ),
    );
  });
});

describe('chebCb', () => {
  it('agrees with its definition replayed from the whole history', () => {
    const [d, m] = [3, 4];
    const policy = chebCb({ arms: d, features: m, ...interval });
    const rng = createRng('history');
    const played: { f: Float64Array; arm: number; y: number; predicted: number }[] = [];
    let state = policy.init();
    for (let t = 1; t <= 60; t++) {
      const c = rng();
      const arm = policy.select(state, c, rng);
      const f = chebyshevFeatures(c, { ...interval, count: m });
      const predicted = f.reduce((s, v, j) => s + v * state.theta[arm * m + j], 0);
      const y = 2 + 40 * Math.abs(c - arm / 2) + 5 * rng();
      played.push({ f, arm, y, predicted });
      state = policy.update(state, c, arm, y);
      const K = Math.max(...played.map((p) => p.y));
      const N = 2 + 4 * (1 + Math.log(m));
      expect(state.maxCost).toBe(K);
      expect(state.scale).toBeCloseTo(K * N, 9);
      const error = played.reduce((s, p) => s + (p.predicted - p.y / (K * N)) ** 2, 0);
      const alpha = ((Math.PI + (2 / Math.PI) * Math.log(2 * m + 1)) * K) / (2 * K * N * (m + 1));
      expect(state.eta / (2 * t * Math.sqrt((d * t) / (error + 2 * alpha * alpha * t)))).toBeCloseTo(1, 8);
      // Each arm's coefficients minimize the ridged squares over its plays: no coordinate can be improved inside the box.
      for (let i = 0; i < d; i++) {
        const own = played.filter((p) => p.arm === i);
        const ridge = (1e-8 * own.reduce((s, p) => s + p.f.reduce((q, v) => q + v * v, 0), 0)) / m;
        for (let j = 0; j < m; j++) {
          const theta = state.theta.subarray(i * m, i * m + m);
          const bound = j === 0 ? 1 / N : (2 * K) / (K * N * j);
          const gradient =
            ridge * theta[j] +
            own.reduce((s, p) => s + p.f[j] * (p.f.reduce((q, v, k) => q + v * theta[k], 0) - (p.y - 1) / (K * N)), 0);
          expect(Math.abs(theta[j])).toBeLessThanOrEqual(bound);
          if (theta[j] < bound) expect(gradient).toBeGreaterThan(-1e-8);
          if (theta[j] > -bound) expect(gradient).toBeLessThan(1e-8);
        }
      }
    }
  });

  it('finds the best arm as a function of the context', () => {
    const policy = chebCb({ arms: 5, ...interval });
    const rng = createRng('learn');
    let state = policy.init();
    for (let t = 0; t < 1500; t++) {
      const c = rng();
      const arm = policy.select(state, c, rng);
      state = policy.update(state, c, arm, 10 + 60 * Math.abs(c - arm / 4), state);
    }
    for (const c of [0.02, 0.26, 0.5, 0.74, 0.98]) {
      const p = policy.probabilities(state, c);
      expect(p.indexOf(Math.max(...p))).toBe(Math.round(4 * c));
      expect(Math.max(...p)).toBeGreaterThan(0.9);
    }
  });

  it('is uniform at the start and its first context does not matter', () => {
    const policy = chebCb({ arms: 4, ...interval });
    policy.probabilities(policy.init(), 0.7).forEach((p) => expect(p).toBe(0.25));
    expect(policy.scores?.(policy.init(), 0.7)).toEqual(new Float64Array(4));
  });

  it('checks its options, arms, costs and contexts', () => {
    expect(() => chebCb({ arms: 0, ...interval })).toThrow(/^arms must/);
    expect(() => chebCb({ arms: 2, features: 0, ...interval })).toThrow(/^features must/);
    expect(() => chebCb({ arms: 2, low: 1, high: 0 })).toThrow(/^low must be below high/);
    expect(() => chebCb({ arms: 2, ...interval, schedule: 'theory' })).toThrow(TypeError);
    expect(() => chebCb({ arms: 2, ...interval, lossRange: 'x' as never })).toThrow(/^lossRange must/);
    const policy = chebCb({ arms: 2, ...interval });
    const state: ChebCbState = policy.init();
    expect(() => policy.update(state, 0.5, 2, 1)).toThrow(/^arm must/);
    expect(() => policy.update(state, 0.5, 0, -1)).toThrow(/^cost must/);
    expect(() => policy.select(state, NaN, () => 0)).toThrow(/^context must/);
  });
});
