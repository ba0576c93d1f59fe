// Elimination of sparse hypotheses: guarantee and query counts, its net, errors.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparseMisspecifiedElimination, sparseNetBound, sparseNetSize } from '../../src/bandits/index.js';
import { createRng, sampleNormal, sampleWithoutReplacement } from '../../src/random/index.js';

/** Unit actions, a sparse θ* of norm 1 at most, and rewards that are wrong by ε in the signs given by `sign`. */
function problem(d: number, s: number, K: number, epsilon: number, seed: string, sign: 'random' | 'against') {
  const rng = createRng(seed);
  const actions = Array.from({ length: K }, () => {
    const x = Array.from({ length: d }, () => sampleNormal(rng));
    const norm = Math.sqrt(x.reduce((a, v) => a + v * v, 0));
    return x.map((v) => v / norm);
  });
  const theta = new Float64Array(d);
  const support = sampleWithoutReplacement(d, s, rng);
  const z = Array.from(support, () => sampleNormal(rng));
  const length = Math.sqrt(z.reduce((a, v) => a + v * v, 0)) / (0.3 + 0.7 * rng());
  support.forEach((j, i) => (theta[j] = z[i] / length));
  const exact = actions.map((x) => x.reduce((a, v, j) => a + v * theta[j], 0));
  // 'against': good actions look bad and bad ones good, which hurts most.
  const middle = [...exact].sort((a, b) => a - b)[K >> 1];
  const rewards = exact.map((r) => r + epsilon * (sign === 'random' ? 2 * rng() - 1 : r > middle ? -1 : 1));
  return { actions, rewards, best: Math.max(...rewards) };
}

describe('sparseMisspecifiedElimination', () => {
  it('returns an action within 4ε of the best after at most |C| queries', () => {
    const cases = fc.record({
      d: fc.integer({ min: 1, max: 8 }),
      s: fc.integer({ min: 1, max: 2 }),
      epsilon: fc.double({ min: 0.15, max: 0.5, noNaN: true }),
      sign: fc.constantFrom('random' as const, 'against' as const),
      seed: fc.string(),
    });
    fc.assert(
      fc.property(cases, ({ d, s, epsilon, sign, seed }) => {
        const sparsity = Math.min(s, d);
        const { actions, rewards, best } = problem(d, sparsity, 40, epsilon, seed, sign);
        let asked = 0;
        const query = (a: number, n: number) => {
          expect(n).toBe(1);
          asked += 1;
          return rewards[a];
        };
        const result = sparseMisspecifiedElimination(actions, query, { sparsity, epsilon });
        expect(best - rewards[result.action]).toBeLessThanOrEqual(4 * epsilon + 1e-12);
        expect(result.reward).toBe(rewards[result.action]);
        expect(result.queries).toBe(asked);
        expect(result.queries).toBeLessThanOrEqual(result.candidates);
        expect(result.theta.filter((v) => v !== 0).length).toBeLessThanOrEqual(sparsity);
      }),
      { numRuns: 60 },
    );
  });

  it('with noise returns an action within 6ε, with probability 1 - δ', () => {
    // At δ = 1e-6 no failure may be seen in 20 runs. Noise is that of a mean of n rewards in {-1, 1} about the truth, 1-subgaussian.
    for (let run = 0; run < 20; run++) {
      const { actions, rewards, best } = problem(5, 1, 30, 0.2, `noisy ${run}`, 'against');
      const rng = createRng(run, 'noise');
      const query = (a: number, n: number) => rewards[a] + sampleNormal(rng) / Math.sqrt(n);
      const { action, pulls, candidates } = sparseMisspecifiedElimination(actions, query, {
        sparsity: 1,
        epsilon: 0.2,
        delta: 1e-6,
      });
      expect(pulls).toBe(Math.ceil(50 * Math.log((2 * candidates) / 1e-6)));
      expect(best - rewards[action]).toBeLessThanOrEqual(6 * 0.2);
    }
  });

  it('d = 6, s = 2, ε = 0.2, 300 actions: 915 hypotheses, a few queries', () => {
    for (let run = 0; run < 5; run++) {
      const { actions, rewards, best } = problem(6, 2, 300, 0.2, `figure ${run}`, 'random');
      const result = sparseMisspecifiedElimination(actions, (a) => rewards[a], { sparsity: 2, epsilon: 0.2 });
      expect(result.candidates).toBe(915);
      expect(result.queries).toBeLessThan(15);
      expect(best - rewards[result.action]).toBeLessThanOrEqual(0.8);
    }
  });

  it('says that the model is wrong when no hypothesis is left', () => {
    const actions = [
      [1, 0],
      [0, 1],
    ];
    expect(() => sparseMisspecifiedElimination(actions, () => 5, { sparsity: 1, epsilon: 0.1 })).toThrow(/^model/);
  });

  it('the net covers the ball: for a unit θ the best point predicts at least 1 - ε on the action θ', () => {
    // The nearest point θ' has <θ, θ'> >= |θ|² - |θ - θ'| >= 1 - ε, so a reward of 1 is within 2ε of the first prediction.
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0.2, max: 0.6, noNaN: true }),
        fc.string(),
        (s, epsilon, seed) => {
          const rng = createRng(seed);
          const z = Array.from({ length: s }, () => sampleNormal(rng));
          const norm = Math.sqrt(z.reduce((a, v) => a + v * v, 0));
          const theta = z.map((v) => v / norm);
          const result = sparseMisspecifiedElimination([theta], () => 1, { sparsity: s, epsilon });
          expect(result.queries).toBe(1);
          expect(result.theta.reduce((a, v, j) => a + v * theta[j], 0)).toBeGreaterThanOrEqual(1 - epsilon - 1e-12);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('the grid has fewer points than the textbook cover for s <= 5 and ε <= 1/2', () => {
    for (let s = 1; s <= 4; s++) {
      for (const epsilon of [0.1, 0.25, 0.5]) {
        if (s === 4 && epsilon < 0.2) continue; // more than 10^7 in dimension 5
        const options = { dimension: 5, sparsity: s, epsilon };
        expect(sparseNetSize(options)).toBeLessThanOrEqual(sparseNetBound(options));
      }
    }
  });

  it.each([
    [() => sparseMisspecifiedElimination([], () => 0, { sparsity: 1, epsilon: 0.1 }), /^actions/],
    [() => sparseMisspecifiedElimination([[2]], () => 0, { sparsity: 1, epsilon: 0.1 }), /^actions\[0\]/],
    [() => sparseMisspecifiedElimination([[NaN]], () => 0, { sparsity: 1, epsilon: 0.1 }), /^actions/],
    [() => sparseMisspecifiedElimination([[1]], () => 0, { sparsity: 2, epsilon: 0.1 }), /^sparsity/],
    [() => sparseMisspecifiedElimination([[1]], () => 0, { sparsity: 1, epsilon: 0 }), /^epsilon/],
    [() => sparseMisspecifiedElimination([[1]], () => 0, { sparsity: 1, epsilon: 0.1, delta: 0 }), /^delta/],
    [() => sparseMisspecifiedElimination([[1]], () => NaN, { sparsity: 1, epsilon: 0.1 }), /^query/],
    [() => sparseNetSize({ dimension: 20, sparsity: 6, epsilon: 0.05 }), /^epsilon/],
    [() => sparseNetBound({ dimension: 2, sparsity: 3, epsilon: 0.1 }), /^sparsity/],
  ])('names the argument it refuses %#', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
