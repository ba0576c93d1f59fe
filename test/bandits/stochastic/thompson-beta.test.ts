// Thompson sampling: the law of its draws, the law of its arms, counting of rewards between 0 and 1.
import { describe, expect, it } from 'vitest';
import { bernoulliArms, simulateBandit, thompsonBeta } from '../../../src/bandits/index.js';
import { posteriorDraw } from '../../../src/bandits/stochastic/thompson-beta.js';
import { createRng } from '../../../src/random/index.js';
import { betaInc } from '../../../src/special/index.js';
import { expectFit } from '../../support/fit.js';
import { hoeffdingTolerance } from '../../support/statistics.js';

describe('posteriorDraw', () => {
  it.each([
    [1, 1],
    [1, 4],
    [1, 300],
    [7, 1],
    [0.3, 1],
    [1, 0.2],
    [2, 3],
  ])('draws from Beta(%d, %d)', (a, b) => {
    const rng = createRng('posterior', a, b);
    const mean = a / (a + b);
    const edges = [0.2, 0.5, 0.8, 1.2, 1.6]
      .map((f) => Math.min(0.99, f * mean))
      .filter((x, i, all) => i === 0 || x > all[i - 1]);
    expectFit(
      () => posteriorDraw(a, b, rng),
      20_000,
      edges,
      (x) => betaInc(x, a, b),
    );
  });

  it('is in [0, 1] at the ends of the uniform', () => {
    for (const u of [0, 1 - 2 ** -53]) {
      for (const [a, b] of [
        [1, 1],
        [1, 1e-3],
        [1e-3, 1],
        [1, 1e9],
      ]) {
        const x = posteriorDraw(a, b, () => u);
        expect(x >= 0 && x <= 1).toBe(true);
      }
    }
  });
});

describe('thompsonBeta', () => {
  it('plays each arm with the probability that its posterior is the largest', () => {
    // Beta(3, 2) against Beta(1, 2): P(first larger) = ∫ 12 x² (1-x) (1 - (1-x)²) dx = 12 (2/4 - 3/5 + 1/6) = 4/5.
    const policy = thompsonBeta({ arms: 2 });
    let state = policy.init();
    for (const [arm, reward] of [
      [0, 1],
      [0, 1],
      [0, 0],
      [1, 0],
    ])
      state = policy.update(state, arm, reward, state);
    const rng = createRng('thompson law');
    const n = 20_000;
    let first = 0;
    for (let i = 0; i < n; i++) if (policy.select(state, rng) === 0) first += 1;
    expect(Math.abs(first / n - 0.8)).toBeLessThan(hoeffdingTolerance(n));
  });

  it('counts a reward between 0 and 1 in parts, or as a success by chance', () => {
    const parts = thompsonBeta({ arms: 1 });
    expect(parts.update(parts.init(), 0, 0.25).sums[0]).toBe(0.25);
    const binary = thompsonBeta({ arms: 1, binarize: true });
    expect(binary.update(binary.init(), 0, 0.25, undefined, { rng: () => 0.2 }).sums[0]).toBe(1);
    expect(binary.update(binary.init(), 0, 0.25, undefined, { rng: () => 0.3 }).sums[0]).toBe(0);
    expect(binary.update(binary.init(), 0, 1).sums[0]).toBe(1);
    expect(() => binary.update(binary.init(), 0, 0.25)).toThrow(TypeError);
  });

  it('with sure arms finds the one that pays', () => {
    const { counts } = simulateBandit(thompsonBeta({ arms: 3 }), bernoulliArms([0, 1, 0]), 500, {
      policy: createRng('sure', 'policy'),
      environment: createRng('sure', 'environment'),
    }).state;
    // A losing arm with n failures is drawn above Beta(m + 1, 1) with probability of order 1/(n + m): few plays.
    expect(counts[1]).toBeGreaterThan(470);
  });
});
