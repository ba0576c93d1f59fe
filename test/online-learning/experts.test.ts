// Hedge, AdaHedge, optimistic Hedge: laws, closed forms, the regret bounds on losses that fast-check looks for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adaHedge,
  adaHedgeGapBound,
  adaHedgeRate,
  adaHedgeRegretBound,
  hedge,
  hedgeRegretBound,
  hedgeWeights,
  optimisticHedge,
  optimisticHedgeRegretBound,
  optimisticHedgeWeights,
  simulateExperts,
} from '../../src/online-learning/index.js';
import { onlineLearnerLaws, outsideSimplex } from '../laws/online-learner-laws.js';

onlineLearnerLaws('hedge', hedge({ experts: 3, eta: 0.3 }), outsideSimplex);
onlineLearnerLaws('hedge with a prior', hedge({ experts: 3, horizon: 40, prior: [1, 2, 5] }), outsideSimplex);
onlineLearnerLaws('adaHedge', adaHedge({ experts: 3 }), outsideSimplex);
onlineLearnerLaws('optimisticHedge', optimisticHedge({ experts: 3, eta: 0.3 }), outsideSimplex);
onlineLearnerLaws('hedge of one expert', hedge({ experts: 1, horizon: 10 }), outsideSimplex);
onlineLearnerLaws('adaHedge of one expert', adaHedge({ experts: 1 }), outsideSimplex);

/** Tables of T rows of K losses; most entries at the ends, where the worst cases are. */
const tables = (range: [number, number]) =>
  fc.record({ K: fc.integer({ min: 1, max: 6 }), T: fc.integer({ min: 1, max: 60 }) }).chain(({ K, T }) =>
    fc.array(
      fc.array(fc.oneof(fc.constantFrom(...range), fc.double({ min: range[0], max: range[1], noNaN: true })), {
        minLength: K,
        maxLength: K,
      }),
      { minLength: T, maxLength: T },
    ),
  );
const numRuns = 300;

describe('regret', () => {
  it('of hedge is at most ln K / η + η T / 8, with the default rate sqrt(T ln K / 2)', () => {
    fc.assert(
      fc.property(tables([0, 1]), fc.double({ min: 0.01, max: 5, noNaN: true }), (losses, eta) => {
        const [T, K] = [losses.length, losses[0].length];
        expect(simulateExperts(hedge({ experts: K, eta }), losses).regret).toBeLessThanOrEqual(
          hedgeRegretBound(K, T, eta) + 1e-9,
        );
        expect(simulateExperts(hedge({ experts: K, horizon: T }), losses).regret).toBeLessThanOrEqual(
          hedgeRegretBound(K, T) + 1e-9,
        );
      }),
      { numRuns },
    );
  });

  it('of hedge against expert i is at most ln(1 / prior_i) / η + η T / 8', () => {
    fc.assert(
      fc.property(tables([0, 1]), fc.double({ min: 0.05, max: 2, noNaN: true }), (losses, eta) => {
        const [T, K] = [losses.length, losses[0].length];
        const prior = Array.from({ length: K }, (_, i) => i + 1);
        const total = prior.reduce((a, b) => a + b, 0);
        const { learnerLoss, expertLosses } = simulateExperts(hedge({ experts: K, eta, prior }), losses);
        expertLosses.forEach((loss, i) => {
          expect(learnerLoss - loss).toBeLessThanOrEqual(Math.log(total / prior[i]) / eta + (eta * T) / 8 + 1e-9);
        });
      }),
      { numRuns },
    );
  });

  it('of adaHedge is at most twice the gap, and the bound of Theorem 8, at every range of losses', () => {
    for (const range of [
      [0, 1],
      [-50, 1000],
      [0, 1e-6],
    ] as [number, number][]) {
      fc.assert(
        fc.property(tables(range), (losses) => {
          const [T, K] = [losses.length, losses[0].length];
          const { regret, finalState } = simulateExperts(adaHedge({ experts: K }), losses);
          const scale = range[1] - range[0];
          expect(regret).toBeLessThanOrEqual(adaHedgeGapBound(finalState) + 1e-9 * Math.max(1, scale));
          expect(regret).toBeLessThanOrEqual(adaHedgeRegretBound(K, finalState) + 1e-9 * Math.max(1, scale));
          expect(finalState.variance).toBeLessThanOrEqual((T * finalState.range ** 2) / 4 + 1e-9 * scale * scale);
        }),
        { numRuns: 100 },
      );
    }
  });

  it('of adaHedge keeps its bound when a leader without a rival falls behind in one round (found by fast-check)', () => {
    // The first losses are so small that the gap underflows to 0 while the leader is alone.
    const losses = [[0, 5e-324], [-50, 0], [1000, 0], ...Array.from({ length: 10 }, () => [0, -50])];
    for (const first of [5e-324, 1e-300, 1e-12]) {
      const rows = [[0, first], ...losses.slice(1)];
      const { regret, finalState } = simulateExperts(adaHedge({ experts: 2 }), rows);
      expect(regret).toBeLessThanOrEqual(adaHedgeGapBound(finalState) + 1e-9);
    }
  });

  it('of optimistic hedge is at most ln K / η + η Σ||l - M||² - Σ||Δp||² / (4η)', () => {
    fc.assert(
      fc.property(tables([-1, 1]), fc.double({ min: 0.05, max: 2, noNaN: true }), (losses, eta) => {
        const [T, K] = [losses.length, losses[0].length];
        const { regret, weights } = simulateExperts(optimisticHedge({ experts: K, eta }), losses);
        let variation = 0;
        let movement = 0;
        for (let t = 0; t < T; t++) {
          variation += Math.max(...losses[t].map((l, i) => Math.abs(l - (t === 0 ? 0 : losses[t - 1][i])))) ** 2;
          let l1 = 0;
          for (let i = 0; t > 0 && i < K; i++) l1 += Math.abs(weights[t * K + i] - weights[(t - 1) * K + i]);
          movement += l1 * l1;
        }
        expect(regret).toBeLessThanOrEqual(optimisticHedgeRegretBound(K, { eta, variation, movement }) + 1e-9);
      }),
      { numRuns },
    );
  });

  it('of hedge comes near its bound on random signs: the constant cannot be halved', () => {
    // Two experts with losses (x, 1-x), x fair bits: E regret = E|S_T|/2 ~ sqrt(T / (2π)) = 0.40 sqrt(T), the bound 0.59 sqrt(T).
    let state = 12345;
    const bit = () => (state = (state * 1103515245 + 12345) % 2 ** 31) > 2 ** 30;
    const T = 200;
    let total = 0;
    for (let run = 0; run < 200; run++) {
      const losses = Array.from({ length: T }, () => (bit() ? [1, 0] : [0, 1]));
      total += simulateExperts(hedge({ experts: 2, horizon: T }), losses).regret / 200;
    }
    expect(total / hedgeRegretBound(2, T)).toBeGreaterThan(0.5);
  });

  it('with a perfect hint optimistic hedge has regret at most ln K / η', () => {
    fc.assert(
      fc.property(tables([-1, 1]), (losses) => {
        const K = losses[0].length;
        const learner = optimisticHedge({ experts: K, eta: 0.7 });
        let state = learner.init();
        let loss = 0;
        const totals = new Float64Array(K);
        for (const row of losses) {
          state = learner.hint(state, row, state);
          const p = learner.predict(state);
          row.forEach((l, i) => {
            loss += p[i] * l;
            totals[i] += l;
          });
          state = learner.update(state, row, state);
        }
        expect(loss - Math.min(...totals)).toBeLessThanOrEqual(Math.log(K) / 0.7 + 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('weights', () => {
  const losses = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 });

  it('do not change when a constant of size <= 1 is added to all losses, nor become NaN for huge ones', () => {
    fc.assert(
      fc.property(
        losses,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (L, c, eta) => {
          const moved = L.map((l) => l + c);
          hedgeWeights(L, eta).forEach((p, i) => expect(Math.abs(p - hedgeWeights(moved, eta)[i])).toBeLessThan(1e-12));
          const M = L.map((l) => l / 100);
          const p = optimisticHedgeWeights(L, M, eta);
          optimisticHedgeWeights(moved, M, eta).forEach((q, i) => expect(Math.abs(p[i] - q)).toBeLessThan(1e-12));
        },
      ),
    );
    for (const L of [
      [0, 1e300],
      [-1e308, 1e308],
      [1e300, 1e300],
    ]) {
      for (const eta of [0, 1e-300, 1, 1e6]) {
        const p = hedgeWeights(L, eta);
        expect(p.every((v) => v >= 0 && v <= 1)).toBe(true);
        expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      }
    }
  });

  it('of adaHedge do not change by a bit when losses are scaled by a power of two', () => {
    fc.assert(
      fc.property(tables([0, 1]), fc.integer({ min: -30, max: 30 }), (rows, k) => {
        const learner = adaHedge({ experts: rows[0].length });
        // Multiples of 2^-20, so that nothing is subnormal.
        const play = (scale: number) =>
          simulateExperts(
            learner,
            rows.map((row) => row.map((l) => (Math.round(l * 2 ** 20) / 2 ** 20) * scale)),
          ).weights;
        expect(play(2 ** k)).toEqual(play(1));
      }),
      { numRuns: 60 },
    );
  });

  it('adaHedge follows the leaders while the gap is 0', () => {
    const learner = adaHedge({ experts: 3 });
    expect(learner.predict(learner.init())).toEqual(new Float64Array(3).fill(1 / 3));
    const state = learner.update(learner.init(), [5, 5, 5]);
    expect(state.gap).toBe(0);
    expect(adaHedgeRate(3, 0)).toBe(Infinity);
    expect(learner.predict(state)).toEqual(new Float64Array(3).fill(1 / 3));
  });
});

it.each([
  [() => hedge({ experts: 0, eta: 1 }), RangeError, /^experts/],
  [() => hedge({ experts: 2 }), TypeError, /^horizon/],
  [() => hedge({ experts: 2, horizon: 0 }), RangeError, /^horizon/],
  [() => hedge({ experts: 2, eta: 0 }), RangeError, /^eta/],
  [() => hedge({ experts: 2, eta: 1, prior: [1, 0] }), RangeError, /^prior/],
  [() => hedge({ experts: 2, eta: 1, prior: [1] }), RangeError, /^prior/],
  [() => optimisticHedge({ experts: 2, eta: NaN }), RangeError, /^eta/],
  [() => adaHedge({ experts: 1.5 }), RangeError, /^experts/],
  [() => hedgeWeights([], 1), RangeError, /^losses/],
  [() => hedgeWeights([NaN], 1), RangeError, /^losses/],
  [() => hedgeWeights([1], -1), RangeError, /^eta/],
  [() => optimisticHedgeWeights([1], [1, 2], 1), RangeError, /^prediction/],
  [() => hedgeRegretBound(0, 1), RangeError, /^experts/],
  [() => adaHedgeRegretBound(2, { variance: -1, range: 1 }), RangeError, /^variance/],
  [() => optimisticHedgeRegretBound(2, { eta: 0, variation: 1 }), RangeError, /^eta/],
  [() => simulateExperts(hedge({ experts: 2, eta: 1 }), [[1]]), RangeError, /^losses\[0\]/],
])('names the argument it refuses %#', (call, kind, message) => {
  expect(call).toThrow(kind);
  expect(call).toThrow(message);
});
